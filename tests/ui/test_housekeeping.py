"""Tidying up once nobody waits for it."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

import ui.housekeeping
from core.memory import give_back
from ui.housekeeping import Housekeeping, forget_sources
from ui.tasks import Tasks

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot


def test_that_memory_is_given_back_once_after_several_charts_were_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[bool] = []
    monkeypatch.setattr(ui.housekeeping, "PAUSE_MS", 20)
    monkeypatch.setattr(ui.housekeeping, "give_back", lambda: done.append(True))
    parent = QObject()
    tasks = Tasks(parent)
    keeping = Housekeeping(tasks, parent)
    for _ in range(3):
        keeping.soon()
    qtbot.waitUntil(lambda: bool(done) and tasks.idle)
    qtbot.wait(60)
    assert done == [True]
    tasks.close()


def test_that_giving_memory_back_takes_none_that_is_in_use() -> None:
    kept = [bytes([k % 256]) * 50_000 for k in range(200)]
    del kept[::2]
    give_back()
    assert all(block == bytes([(2 * k + 1) % 256]) * 50_000 for k, block in enumerate(kept))


def test_that_sources_that_were_forgotten_are_read_again_for_a_traceback() -> None:
    linecache.getlines(__file__)
    forget_sources()
    assert __file__ not in linecache.cache
    assert linecache.getline(__file__, 1) == '"""Tidying up once nobody waits for it."""\n'
