from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import ClockMode, Interval
from core.timeline import Span
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
    assert (state.interval, state.mode, state.scorer) == (Interval.M5, ClockMode.WALL, "vader")
