from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.layout import DEFAULT_LAYOUT, Layouts
from ui.panes.layouts import LayoutsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def layouts(tmp_path: Path) -> Layouts:
    made = Layouts(tmp_path / "layouts.json")
    made.save("day", DEFAULT_LAYOUT)
    made.save("night", DEFAULT_LAYOUT.removed("volume"))
    return made


@pytest.fixture
def dialog(layouts: Layouts, qtbot: QtBot) -> LayoutsDialog:
    made = LayoutsDialog(layouts)
    qtbot.addWidget(made)
    return made


def test_that_a_layout_is_renamed_in_the_list(dialog: LayoutsDialog, layouts: Layouts) -> None:
    assert dialog.chosen == "day"
    dialog.list.item(0).setText("Day trading")
    assert layouts.names() == ["Day trading", "night"]
    assert dialog.chosen == "Day trading"


def test_that_a_name_that_is_taken_is_refused_with_a_sentence(dialog: LayoutsDialog, layouts: Layouts) -> None:
    dialog.list.item(0).setText("Night")
    assert layouts.names() == ["day", "night"]
    assert [dialog.list.item(i).text() for i in range(2)] == ["day", "night"]
    assert "already" in dialog.problem


def test_that_a_deleted_layout_is_gone(dialog: LayoutsDialog, layouts: Layouts) -> None:
    dialog.delete()
    assert layouts.names() == ["night"]
    assert dialog.chosen == "night"
