"""Tests of several charts: a window upon the small store, with as many charts as a test wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import settle
from ui.charts.arrangement import Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow


@pytest.fixture
def make_charts(
    store_path: Path, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> Callable[..., tuple[MainWindow, list[ChartCell]]]:
    """Give what makes a window with charts of the named subjects side by side, the first of them active."""
    assert store_path.exists()

    def make(*subjects: str) -> tuple[MainWindow, list[ChartCell]]:
        window = make_window()
        area = window.charts
        area.arrange([Arrangement.ONE, Arrangement.BESIDE, Arrangement.THREE, Arrangement.FOUR][len(subjects) - 1])
        for cell, subject in zip(area.cells, subjects, strict=True):
            cell.state.set_subject(subject)
        settle(window, qtbot)
        return window, area.cells

    return make
