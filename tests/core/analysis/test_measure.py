"""Measuring between two points against a count by hand over the slots and posts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.measure import measure
from core.drawings import Anchor
from core.model import HOUR_MS, MINUTE_MS, Instrument, Interval
from core.rollup import Rollup
from core.series import Candles
from core.timeline.slots import Slots
from core.timeline.tape import Tape
from core.timeline.view import View

BASE = 1_700_000_000_000 // HOUR_MS * HOUR_MS
GAP = HOUR_MS // 2


class PlainClock:
    mode: Any = None
    calendar: Any = None

    def to_x(self, t: Any) -> Any:
        return np.asarray(t, np.float64)


def view_of(closes: list[float], said: list[tuple[int, float]]) -> View:
    start = BASE + np.arange(len(closes), dtype=np.int64) * (HOUR_MS + GAP)
    close = np.array(closes, np.float64)
    candles = Candles(close, close, close, close, np.ones(len(closes)))
    crowd = Rollup.of(np.array([BASE + t for t, _ in said], np.int64), np.array([s for _, s in said], np.float64))
    tape = Tape(Instrument("X"), Interval.H1, PlainClock.calendar, Slots(start, start + HOUR_MS), candles, crowd)
    return View(tape, PlainClock())  # type: ignore[arg-type]


def mean_by_hand(view: View, said: list[tuple[int, float]], time: int) -> float:
    ends = view.tape.slots.end.tolist()
    home = next((k for k, end in enumerate(ends) if time <= end), None)
    if home is None:
        return math.nan
    after = ends[home - 1] if home else int(view.tape.slots.start[0])
    scores = [round(s * 10_000) for t, s in said if after < BASE + t <= ends[home]]
    return sum(scores) / len(scores) / 10_000 if scores else math.nan


minutes = st.integers(-120, 40 * 90).map(lambda m: m * MINUTE_MS)
closes = st.lists(st.one_of(st.floats(1, 1000), st.just(math.nan)), min_size=1, max_size=30)
posts = st.lists(st.tuples(minutes, st.floats(-1, 1)), max_size=60)


@given(closes, posts, minutes, minutes, st.floats(-100, 100), st.floats(-100, 100))
def test_that_every_figure_is_that_of_a_count_by_hand(
    prices: list[float], said: list[tuple[int, float]], t1: int, t2: int, v1: float, v2: float
) -> None:
    view = view_of(prices, said)
    first, second = Anchor(BASE + t1, v1), Anchor(BASE + t2, v2)
    found = measure(view, first, second)
    low, high = sorted((first.time, second.time))
    way = 1 if second.time >= first.time else -1
    ends = view.tape.slots.end.tolist()
    belongs = [sum(end < t for end in ends) for t in (low, high)]
    assert found.change == v2 - v1
    assert found.duration == t2 - t1
    assert found.bars == way * sum(not math.isnan(p) for k, p in enumerate(prices) if belongs[0] < k <= belongs[1])
    assert found.posts == sum(low < BASE + t <= high for t, _ in said)
    expected = mean_by_hand(view, said, second.time) - mean_by_hand(view, said, first.time)
    assert found.sentiment == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(closes, posts, minutes, minutes, st.floats(1, 100), st.floats(1, 100))
def test_that_the_way_back_is_the_way_there_with_the_other_sign(
    prices: list[float], said: list[tuple[int, float]], t1: int, t2: int, v1: float, v2: float
) -> None:
    view, first, second = view_of(prices, said), Anchor(BASE + t1, v1), Anchor(BASE + t2, v2)
    there, back = measure(view, first, second), measure(view, second, first)
    assert (back.change, back.bars, back.duration, back.posts) == (
        -there.change, -there.bars, -there.duration, there.posts,
    )  # fmt: skip
    assert back.sentiment == pytest.approx(-there.sentiment, nan_ok=True)
    assert (1 + there.percent / 100) * (1 + back.percent / 100) == pytest.approx(1)


def test_that_there_is_no_percentage_of_nothing() -> None:
    view = view_of([1.0, 2.0], [])
    assert math.isnan(measure(view, Anchor(BASE, 0.0), Anchor(BASE + 1, 1.0)).percent)
    assert math.isnan(measure(view, Anchor(BASE, -0.5), Anchor(BASE + 1, 0.5)).percent)
    assert measure(view, Anchor(BASE, 8.0), Anchor(BASE + 1, 10.0)).percent == 25.0
