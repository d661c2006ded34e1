"""Slots and bars against brute force."""

from __future__ import annotations

import gc
import math
import weakref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.clock.build import always_open
from core.model import Instrument, Interval
from core.series import Bars, Bins, Rollup
from core.timeline.tape import Slots, Tape, place

# Sessions as gaps before a slot: mostly none, now and then a night; the length of a slot is mostly the usual one.
slot = st.tuples(st.sampled_from([0, 0, 0, 0, 5, 40]), st.sampled_from([10, 10, 10, 10, 3, 25]))


def slots_of(rows: list[tuple[int, int]]) -> Slots:
    start: list[int] = []
    end: list[int] = []
    now = 1000
    for gap, length in rows:
        start.append(now + gap)
        end.append(now + gap + length)
        now = end[-1]
    return Slots(np.array(start, np.int64), np.array(end, np.int64))


def home_of(slots: Slots, time: int) -> int:
    pairs = zip(slots.start.tolist(), slots.end.tolist(), strict=True)
    return next((i for i, (a, b) in enumerate(pairs) if a <= time < b), -1)


@given(st.lists(slot, max_size=60), st.lists(st.integers(950, 2000), max_size=60))
def test_that_an_instant_is_found_in_the_slot_that_holds_it(rows: list[tuple[int, int]], times: list[int]) -> None:
    slots = slots_of(rows)
    times.sort()
    assert slots.find(np.array(times, np.int64)).tolist() == [home_of(slots, t) for t in times]


bar = st.tuples(
    st.floats(1, 100), st.floats(0, 5), st.floats(0, 5), st.floats(1, 100), st.floats(0, 9) | st.just(math.nan)
)


@given(st.lists(slot, max_size=30), st.dictionaries(st.integers(950, 1600), bar, max_size=60))
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


def test_that_bars_which_fill_all_slots_are_not_copied() -> None:
    slots = slots_of([(0, 10)] * 20)
    price = np.arange(20, dtype=np.float64)
    assert place(Bars(slots.start, slots.end, price, price, price, price, price), slots).close is price


def test_that_a_tape_is_gone_as_soon_as_nobody_holds_it() -> None:
    slots = slots_of([(0, 10)] * 20)
    price = np.arange(20, dtype=np.float64)
    candles = place(Bars(slots.start, slots.end, price, price, price, price, price), slots)
    tape = Tape(Instrument("X"), Interval.M1, always_open(), slots, candles, Rollup(Bins.empty()))
    tape.lines.get("twice", lambda t: (t.candles.close * 2,))
    held = weakref.ref(tape)
    gc.disable()
    del tape
    gc.enable()
    assert held() is None
