"""Derived lines: the pyramid against brute force, and each line made once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.clock import load_calendar, make_clock
from core.model import MINUTE_MS, ClockMode, Instrument, Interval
from core.series import Bins, Candles, Rollup
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


def test_that_a_line_is_made_once_and_the_ones_not_used_are_forgotten() -> None:
    class Whole:
        pass

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
    tape = Tape(Instrument("X"), Interval.M1, calendar, slots, candles, Rollup(Bins.empty()))
    one, other = (View(tape, make_clock(mode, calendar)) for mode in ClockMode)
    assert one.lines.get("close", lambda t: (t.candles.close,)) is other.lines.get("close", lambda _: ())
