from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import DEFAULT_SCORER, ClockMode, Interval
from core.timeline import Span
from ui.charts.state import ChartState
from ui.state import AppState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_that_a_setter_that_changes_nothing_says_nothing(qtbot: QtBot) -> None:
    state = AppState()
    state.set_subject("AAPL")
    for signal, call in (
        (state.subject_changed, lambda: state.set_subject("AAPL")),
        (state.interval_changed, lambda: state.set_interval(Interval.D1)),
        (state.mode_changed, lambda: state.set_mode(ClockMode.TRADING)),
        (state.hover_changed, lambda: state.set_hover(None)),
    ):
        with qtbot.assertNotEmitted(signal):
            call()


def test_that_another_subject_lets_go_of_what_was_selected() -> None:
    state = AppState()
    state.set_subject("AAPL")
    state.set_selection(Span(1, 2))
    state.set_subject("META")
    assert state.selection is None


def test_that_a_selection_is_sticky_while_the_pointer_moves() -> None:
    state = AppState()
    state.set_selection(Span(1, 2))
    state.set_hover(Span(5, 6))
    assert state.focus == Span(1, 2)
    state.set_selection(None)
    assert state.focus == Span(5, 6)


def test_that_options_change_one_at_a_time() -> None:
    state = AppState()
    state.set_interval(Interval.M5)
    state.set_mode(ClockMode.WALL)
    assert (state.interval, state.mode, state.scorer) == (Interval.M5, ClockMode.WALL, DEFAULT_SCORER)


def _heard(state: AppState) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    for name in ("subject", "interval", "mode", "scorer", "basis", "crowd", "hover", "selection", "view"):
        getattr(state, f"{name}_changed").connect(lambda value, name=name: heard.append((name, value)))
    state.range_changed.connect(lambda start, end: heard.append(("span", (start, end))))
    state.range_named.connect(lambda name: heard.append(("range", name)))
    return heard


def test_that_another_active_chart_is_told_by_what_is_different_there() -> None:
    state, other = AppState(), ChartState()
    state.set_subject("AAPL")
    other.set_subject("META")
    other.set_interval(Interval.M5)
    other.set_span(1, 2)
    other.set_range_name("5D")
    heard = _heard(state)
    state.follow(other)
    assert sorted(heard, key=str) == sorted(
        [("subject", "META"), ("interval", Interval.M5), ("span", (1, 2)), ("range", "5D")], key=str
    )
    heard.clear()
    state.follow(other)
    assert not heard


def test_that_only_the_active_chart_is_heard_and_changed() -> None:
    state, other = AppState(), ChartState()
    first = state.chart
    state.follow(other)
    heard = _heard(state)
    first.set_subject("AAPL")
    assert not heard
    state.set_subject("META")
    state.set_hover(Span(1, 2))
    assert heard == [("subject", "META"), ("hover", Span(1, 2))]
    assert (first.subject, other.subject, state.subject) == ("AAPL", "META", "META")
    assert first.hover is None
