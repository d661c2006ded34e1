from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.feeds import Found, OfflineError
from core.model import Instrument
from ui.instruments.add_dialog import AddSymbolDialog
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class _Feed:
    def __init__(self, found: list[Found] | None) -> None:
        self._found = found

    def search(self, _context: object, text: str) -> list[Found]:
        assert text
        if self._found is None:
            raise OfflineError("Yahoo cannot be reached.")
        return self._found


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()
    del qtbot


def _dialog(tasks: Tasks, qtbot: QtBot, feed: Any, text: str) -> AddSymbolDialog:
    dialog = AddSymbolDialog(tasks, feed.search, text)
    qtbot.addWidget(dialog)
    return dialog


def test_that_a_company_is_found_by_name(tasks: Tasks, qtbot: QtBot) -> None:
    feed = _Feed([Found("BABA", "Alibaba Group", "NYSE", "equity"), Found("9988.HK", "Alibaba", "HKEX", "equity")])
    dialog = _dialog(tasks, qtbot, feed, "ali baba")
    qtbot.waitUntil(lambda: dialog.results.rowCount() == 2)
    dialog.results.selectRow(1)
    dialog.accept()
    assert dialog.chosen == Instrument("9988.HK", "Alibaba")


def test_that_a_symbol_can_be_added_offline(tasks: Tasks, qtbot: QtBot) -> None:
    dialog = _dialog(tasks, qtbot, _Feed(None), "sz300792")
    qtbot.waitUntil(lambda: "Yahoo cannot be reached." in dialog.note.text())
    dialog.accept()
    assert dialog.chosen == Instrument("300792.SZ")


def test_that_a_name_that_nobody_knows_cannot_be_added(tasks: Tasks, qtbot: QtBot) -> None:
    dialog = _dialog(tasks, qtbot, _Feed([]), "no such company")
    qtbot.waitUntil(lambda: dialog.note.text() == "Nothing found by this name.")
    dialog.accept()
    assert dialog.chosen is None
