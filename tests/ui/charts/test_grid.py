from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from ui.charts.arrangement import Arrangement
from ui.charts.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from ui.charts.grid import Shares


@pytest.fixture
def grid(qtbot: QtBot) -> Iterator[Grid]:
    host = QWidget()
    qtbot.addWidget(host)
    made = Grid(host)
    made.resize(1000, 800)
    host.resize(1000, 800)
    host.show()
    yield made
    host.close()


def _widgets(grid: Grid, count: int) -> list[QWidget]:
    return [QWidget(grid) for _ in range(count)]


@pytest.mark.parametrize("arrangement", list(Arrangement))
def test_that_widgets_share_the_room_equally_at_first(grid: Grid, arrangement: Arrangement, qtbot: QtBot) -> None:
    widgets = _widgets(grid, arrangement.charts)
    grid.arrange(arrangement, widgets)
    groups = arrangement.groups
    qtbot.waitUntil(lambda: grid.shares[0] == pytest.approx([1 / len(groups)] * len(groups), abs=0.01))
    for group, shares in zip(groups, grid.shares[1:], strict=True):
        assert shares == pytest.approx([1 / len(group)] * len(group), abs=0.01)
    assert all(w.isVisible() for w in widgets)


def test_that_shares_come_back_as_they_were(grid: Grid, qtbot: QtBot) -> None:
    widgets = _widgets(grid, 4)
    wanted: Shares = ((0.3, 0.7), (0.25, 0.75), (0.6, 0.4))
    grid.arrange(Arrangement.FOUR, widgets, wanted)
    qtbot.waitUntil(lambda: grid.shares[0] == pytest.approx(wanted[0], abs=0.01))
    for found, share in zip(grid.shares, wanted, strict=True):
        assert found == pytest.approx(share, abs=0.01)
    grid.show_only(widgets[2])
    assert grid.shares[0] == pytest.approx(wanted[0], abs=0.01)
    grid.show_all()
    qtbot.waitUntil(lambda: grid.shares[1] == pytest.approx(wanted[1], abs=0.01))


@pytest.mark.parametrize("shares", [((math.nan, 1.0),), ((math.inf, 1.0),), ((0.0, 1.0),), ((1.0,),), ((-1.0, 2.0),)])
def test_that_shares_that_make_no_sense_are_equal_ones(grid: Grid, shares: Shares, qtbot: QtBot) -> None:
    grid.arrange(Arrangement.BESIDE, _widgets(grid, 2), shares)
    qtbot.waitUntil(lambda: grid.shares[0] == pytest.approx((0.5, 0.5), abs=0.01))
