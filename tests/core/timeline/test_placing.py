"""Bars put into slots, against a loop."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.series import Bars
from core.timeline.placing import Placing, place
from tests.core.timeline.test_slots import home_of, rows_of_slots, slots_of

bar = st.tuples(
    st.floats(1, 100), st.floats(0, 5), st.floats(0, 5), st.floats(1, 100), st.floats(0, 9) | st.just(math.nan)
)


@given(rows_of_slots, st.dictionaries(st.integers(950, 1600), bar, max_size=60))
def test_that_placed_bars_are_those_of_a_loop(
    rows: list[tuple[int, int]], bars: dict[int, tuple[float, float, float, float, float]]
) -> None:
    slots = slots_of(rows)
    times = sorted(bars)
    columns = np.array([bars[t] for t in times], np.float64).reshape(-1, 5).T
    opened, up, down, close, volume = columns
    time = np.array(times, np.int64)
    high, low = np.maximum(opened, close) + up, np.minimum(opened, close) - down
    candles = place(Bars(time, time + 1, opened, high, low, close, volume), slots)
    for i in range(len(slots)):
        mine = [k for k, t in enumerate(times) if home_of(slots, t) == i]
        if not mine:
            assert math.isnan(candles.close[i])
            continue
        assert candles.open[i] == opened[mine[0]]
        assert candles.high[i] == high[mine].max()
        assert candles.low[i] == low[mine].min()
        assert candles.close[i] == close[mine[-1]]
        assert candles.volume[i] == np.add.reduce(np.nan_to_num(volume[mine]))


@given(rows_of_slots, st.dictionaries(st.integers(950, 1600), bar, max_size=60), st.sets(st.integers(0, 60)))
def test_that_bars_may_come_in_any_parts(
    rows: list[tuple[int, int]], bars: dict[int, tuple[float, float, float, float, float]], cuts: set[int]
) -> None:
    slots, time = slots_of(rows), np.array(sorted(bars), np.int64)
    columns = np.array([bars[t] for t in sorted(bars)], np.float64).reshape(-1, 5).T
    whole = Bars(time, time + 1, *columns)
    placing = Placing(slots)
    edges = [0, *sorted(c for c in cuts if c < len(whole)), len(whole)]
    for low, high in itertools.pairwise(edges):
        part = whole.take(slice(low, high))
        placing.put(part, slots.find(part.time))
    made, expected = placing.candles(), place(whole, slots)
    for name in ("open", "high", "low", "close"):
        assert np.array_equal(getattr(made, name), getattr(expected, name), equal_nan=True)
    assert np.allclose(made.volume, expected.volume, equal_nan=True)
