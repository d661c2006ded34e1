from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.model import ClockMode, Interval
from tests.ui.conftest import CLOSE, DAY, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow

    Make = Callable[..., tuple[MainWindow, list[ChartCell]]]

ONECHANCE, INLY, CONCEPT = "300792.SZ", "603598.SS", "Xiaohongshu"
HOUR = 3_600_000


def _range(cell: ChartCell) -> tuple[int, int]:
    shown = cell.chart.visible_range()
    assert shown is not None
    return shown


def test_that_charts_are_strangers_unless_they_are_linked(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    before = _range(second)
    first.state.set_subject(INLY)
    first.chart.travel.zoom_here(2.0)
    first.chart.pointer.point(first.chart.sight.viewport.middle)
    settle(window, qtbot)
    assert second.state.subject == ONECHANCE
    assert _range(second) == before
    assert second.chart.overlay.x is None


def test_that_a_linked_subject_is_that_of_every_chart_whichever_changes_it(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY)
    cells[1].state.set_interval(Interval.H1)
    window.actions_["link.symbol"].trigger()
    settle(window, qtbot)
    assert {c.state.subject for c in cells} == {CONCEPT}
    cells[2].state.set_subject(ONECHANCE)
    settle(window, qtbot)
    assert {c.title for c in cells} == {"300792.SZ · Onechance"}
    assert [c.state.options.interval for c in cells] == [Interval.D1, Interval.H1, Interval.D1]
    window.actions_["link.symbol"].trigger()
    cells[0].state.set_subject(INLY)
    assert cells[1].state.subject == ONECHANCE


def test_that_a_linked_range_is_the_same_time_on_either_clock(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    second.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    window.actions_["link.range"].trigger()
    for mover, follower in ((first, second), (second, first)):
        mover.chart.travel.zoom_here(0.9)
        settle(window, qtbot)
        assert _range(follower) == pytest.approx(_range(mover), abs=60_000)


def test_that_a_named_range_is_that_of_the_chart_where_it_was_chosen(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.range"].trigger()
    window.actions_["range.5D"].trigger()
    settle(window, qtbot)
    assert (first.state.range, second.state.range) == ("5D", "5D")
    assert _range(second) == pytest.approx(_range(first), abs=60_000)


def test_that_a_chart_that_cannot_follow_all_the_way_leads_nobody(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.range"].trigger()
    settle(window, qtbot)
    first.framing.follow(CLOSE - 4 * DAY, CLOSE - 2 * DAY, "")
    leading = _range(first)
    moves: list[object] = []
    first.state.range_changed.connect(lambda *span: moves.append(span))
    second.state.set_interval(Interval.H1)
    settle(window, qtbot)
    assert not moves
    assert _range(first) == leading
    assert _range(second) != pytest.approx(leading, abs=60_000)  # its data begin later


def test_that_another_subject_comes_up_at_the_linked_range(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.range"].trigger()
    first.chart.travel.zoom_here(1.8)
    settle(window, qtbot)
    shown = _range(first)
    second.state.set_subject(INLY)
    settle(window, qtbot)
    assert _range(second) == pytest.approx(shown, abs=60_000)
    assert _range(first) == shown


def test_that_a_range_goes_round_once(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY, CONCEPT)
    window.actions_["link.range"].trigger()
    settle(window, qtbot)
    said: list[int] = []
    for number, cell in enumerate(cells):
        cell.state.range_changed.connect(lambda _a, _b, number=number: said.append(number))
    cuts = [cell.chart.cuts for cell in cells]
    cells[2].chart.travel.zoom_here(1.4)
    settle(window, qtbot)
    assert sorted(said) == [0, 1, 2, 3]
    assert [cell.chart.cuts - before for cell, before in zip(cells, cuts, strict=True)] == [1, 1, 1, 1]


def test_that_the_instant_under_the_pointer_is_shown_in_every_chart(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    second.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    window.actions_["link.crosshair"].trigger()
    view, other = first.state.view, second.state.view
    assert view is not None
    assert other is not None
    instant = CLOSE - 2 * HOUR
    first.chart.pointer.point(float(view.clock.to_x(instant)), "price", 20.0)
    qtbot.waitUntil(lambda: second.chart.overlay.x is not None)
    assert second.chart.overlay.x == pytest.approx(float(other.clock.to_x(instant)), abs=1.0)
    assert second.chart.overlay.pane == ""
    assert second.chart.overlay.reading.index == first.chart.overlay.reading.index
    qtbot.waitUntil(lambda: second.state.hover is not None)
    first.chart.pointer.point(None)
    qtbot.waitUntil(lambda: second.chart.overlay.x is None)


def test_that_a_linked_crosshair_draws_no_pane_anew(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY, CONCEPT)
    window.actions_["link.crosshair"].trigger()
    settle(window, qtbot)
    before = [[w.drawings for w in cell.chart._column.widgets] for cell in cells]
    view = cells[0].state.view
    assert view is not None
    for hour in range(6):
        cells[0].chart.pointer.point(float(view.clock.to_x(CLOSE - hour * HOUR)), "price", 20.0)
        qtbot.wait(20)
    assert cells[3].chart.overlay.x is not None
    assert [[w.drawings for w in cell.chart._column.widgets] for cell in cells] == before


def test_that_a_pointer_that_goes_over_to_the_next_chart_is_not_lost(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.crosshair"].trigger()
    view = second.state.view
    assert view is not None
    first.chart.pointer.point(first.chart.sight.viewport.middle, "price", 20.0)
    qtbot.waitUntil(lambda: second.chart.overlay.x is not None)
    x = float(view.clock.to_x(CLOSE - 3 * HOUR))
    first.chart.pointer.point(None)  # what leaving one chart and entering the next comes to, within one turn
    second.chart.pointer.point(x, "price", 20.0)
    settle(window, qtbot)
    assert second.chart.overlay.x == x
    assert first.chart.overlay.x is not None


def test_that_letting_go_of_the_crosshair_takes_it_from_the_other_charts(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.crosshair"].trigger()
    first.chart.pointer.point(first.chart.sight.viewport.middle, "price", 20.0)
    qtbot.waitUntil(lambda: second.chart.overlay.x is not None)
    window.actions_["link.crosshair"].trigger()
    assert second.chart.overlay.x is None


def test_that_a_chart_comes_back_into_line_when_it_is_seen_again(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.range"].trigger()
    window.actions_["charts.maximise"].trigger()
    first.chart.travel.zoom_here(1.7)
    settle(window, qtbot)
    window.actions_["charts.maximise"].trigger()
    assert _range(second) == pytest.approx(_range(first), abs=60_000)
