"""Derived lines: the pyramid against brute force, and each line made once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.clock import load_calendar, make_clock
from core.model import MINUTE_MS, ClockMode, Instrument, Interval
from core.rollup import Rollup
from core.series import Candles
from core.timeline.lines import MOST_KEPT, Line, Lines
from core.timeline.slots import Slots
from core.timeline.tape import Tape
from core.timeline.view import View

values = st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=300)


@given(values, st.integers(0, 9), st.integers(0, 40))
def test_that_columns_of_any_size_keep_the_extremes_and_both_ends(found: list[float], power: int, start: int) -> None:
    size = 2**power
    first = min(start * size, (len(found) - 1) // size * size)
    columns = Line(np.array(found)).groups(first, len(found), size)
    assert len(columns.low) == -(-(len(found) - first) // size)
    for row in range(len(columns.low)):
        part = found[first + row * size : first + (row + 1) * size]
        real = [v for v in part if not math.isnan(v)]
        ends = columns.first[row], columns.last[row]
        if not real:
            assert all(map(math.isnan, (columns.low[row], columns.high[row], *ends)))
            continue
        assert (columns.low[row], columns.high[row]) == (min(real), max(real))
        for end, value in zip(ends, (part[0], part[-1]), strict=True):
            assert end == value or (math.isnan(value) and end in {min(real), max(real)})


@given(values, st.integers(0, 320), st.integers(0, 5))
def test_that_the_figure_of_a_column_is_its_last_value(found: list[float], index: int, power: int) -> None:
    real = [v for v in found[index : index + 2**power] if not math.isnan(v)]
    figure = Line(np.array(found)).value_at(index, 2**power)
    assert figure == real[-1] if real else math.isnan(figure)


class Whole:
    """What stands for a tape; a plain object cannot be referred to weakly."""


def counting(asked: list[int]) -> Any:
    """Return what makes a line of how often it was made."""

    def make(_tape: object) -> list[np.ndarray[Any, Any]]:
        asked.append(len(asked) + 1)
        return [np.array([float(len(asked))])]

    return make


def value_of(lines: tuple[Line, ...] | None) -> float | None:
    return None if lines is None else float(lines[0].value[0])


def test_that_a_line_that_was_put_off_is_there_once_it_was_made() -> None:
    tape: Any = Whole()
    lines, told = Lines(tape), []
    lines.put_off(told.append)
    make = counting([])
    assert lines.find("a", make) is None
    assert told == [lines]
    assert len(list(lines.make_wanted())) == 1
    assert value_of(lines.find("a", make)) == 1.0
    assert told == [lines]
    assert not list(lines.make_wanted())


def test_that_the_old_line_is_shown_until_bars_that_moved_are_reckoned_with() -> None:
    tape: Any = Whole()
    lines, make = Lines(tape), counting([])
    lines.put_off(lambda _: None)
    lines.get("a", make)
    lines.forget()
    assert value_of(lines.find("a", make)) == 1.0
    assert len(list(lines.make_wanted())) == 1
    assert value_of(lines.find("a", make)) == 2.0


def test_that_lines_of_posts_stay_when_bars_move() -> None:
    tape: Any = Whole()
    lines, make = Lines(tape), counting([])
    lines.get("posts", make, priced=False)
    lines.forget()
    assert value_of(lines.get("posts", make, priced=False)) == 1.0


def test_that_a_line_which_bars_outran_while_it_was_made_is_made_again() -> None:
    tape: Any = Whole()
    lines, asked = Lines(tape), []
    make = counting(asked)

    def overtaken(given: Any) -> Any:
        lines.forget()
        return make(given)

    lines.get("a", overtaken)
    assert value_of(lines.get("a", make)) == 2.0


def test_that_a_picture_does_not_wait_for_anybody() -> None:
    tape: Any = Whole()
    lines, told = Lines(tape), []
    lines.put_off(told.append)
    with lines.at_once():
        assert value_of(lines.find("a", counting([]))) == 1.0
    assert not told
    assert lines.find("b", counting([])) is None


def test_that_only_lines_in_use_follow_to_the_next_tape() -> None:
    one, other = Whole(), Whole()
    old, new = (Lines(tape) for tape in (one, other))  # type: ignore[arg-type]
    asked: list[int] = []
    old.get("tried out", counting(asked))
    old.start_frame()
    old.get("shown", counting(asked))
    new.follow(old)
    assert len(asked) == 3
    new.put_off(lambda _: None)
    assert value_of(new.find("shown", counting([]))) == 3.0
    assert new.find("tried out", counting([])) is None


def test_that_a_copy_shows_what_the_original_had_and_makes_prices_anew() -> None:
    one, other = Whole(), Whole()
    old, copy = (Lines(tape) for tape in (one, other))  # type: ignore[arg-type]
    priced, spoken = counting([]), counting([])
    old.get("priced", priced)
    old.get("spoken", spoken, priced=False)
    copy.take_over(old)
    copy.put_off(lambda _: None)
    assert value_of(copy.find("priced", priced)) == 1.0
    assert value_of(copy.find("spoken", spoken, priced=False)) == 1.0
    assert len(list(copy.make_wanted())) == 1
    assert value_of(copy.find("priced", priced)) == 2.0


def test_that_nothing_is_made_for_a_tape_that_is_gone() -> None:
    tape: Any = Whole()
    lines = Lines(tape)
    lines.put_off(lambda _: None)
    lines.find("a", counting([]))
    del tape
    assert not list(lines.make_wanted())


def test_that_a_line_is_made_once_and_the_ones_not_used_are_forgotten() -> None:
    tape: Any = Whole()
    lines = Lines(tape)
    asked: list[object] = []

    def make(key: int) -> float:
        def values_of(given_tape: object) -> list[np.ndarray[Any, Any]]:
            assert given_tape is tape
            asked.append(key)
            return [np.array([float(key)])]

        (line,) = lines.get(key, values_of)
        return float(line.value[0])

    assert [make(0), make(1), make(0)] == [0, 1, 0]
    assert asked == [0, 1]
    for key in range(2, MOST_KEPT + 1):
        make(0)
        make(key)
    asked.clear()
    make(0)
    make(1)
    assert asked == [1]


def test_that_views_on_both_clocks_share_their_lines() -> None:
    start = np.arange(3, dtype=np.int64) * MINUTE_MS
    close = np.array([1.0, math.nan, 2.0])
    calendar = load_calendar("24/7")
    candles = Candles(close, close, close, close, close)
    slots = Slots(start, start + MINUTE_MS)
    tape = Tape(Instrument("X"), Interval.M1, calendar, slots, candles, Rollup.empty())
    one, other = (View(tape, make_clock(mode, calendar)) for mode in ClockMode)
    assert one.lines.get("close", lambda t: (t.candles.close,)) is other.lines.get("close", lambda _: ())
