"""Frames and read-outs of a view against brute force over the slots."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import HOUR_MS, MINUTE_MS, Instrument, Interval, Metric, MetricKind
from core.rollup import Rollup
from core.series import Bars, Candles, FloatArray, MetricSeries
from core.timeline.placing import place
from core.timeline.slots import Slots
from core.timeline.tape import Tape
from core.timeline.view import Span, View

BASE = 1_700_000_040_000 // HOUR_MS * HOUR_MS


class PlainClock:
    """Chart position is the millisecond itself."""

    mode: Any = None
    calendar: Any = None

    def to_x(self, t: Any) -> FloatArray:
        return np.asarray(t, np.float64)

    def to_ms(self, x: Any) -> Any:
        return np.rint(x).astype(np.int64)


def view_of(closes: list[float], said: list[tuple[int, float]] | None = None, gap: int = 0) -> View:
    """Lay one-hour slots, `gap` ms apart, under the given closes; posts are (ms after the first slot, score)."""
    n = len(closes)
    start = BASE + np.arange(n, dtype=np.int64) * (HOUR_MS + gap)
    close = np.array(closes, np.float64)
    candles = Candles(close, close + 1, close - 1, close, np.ones(n))
    said = said or []
    crowd = Rollup.of(np.array([BASE + t for t, _ in said], np.int64), np.array([s for _, s in said], np.float64))
    tape = Tape(Instrument("X"), Interval.H1, PlainClock.calendar, Slots(start, start + HOUR_MS), candles, crowd)
    return View(tape, PlainClock())  # type: ignore[arg-type]


def posts_in(view: View, span: Span) -> int:
    return int(view.tape.crowd.posts_within(np.array([span.start]), np.array([span.end]))[0])


@given(
    st.lists(st.floats(10, 1000), min_size=1, max_size=400),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(2, 120),
)
def test_that_extremes_and_the_newest_bar_survive_any_zoom(
    closes: list[float], low: float, high: float, width: int
) -> None:
    view = view_of(closes)
    x0, x1 = (BASE + min(low, high) * len(closes) * HOUR_MS, BASE + max(low, high) * len(closes) * HOUR_MS + 1)
    frame = view.frame(x0, x1, width)
    seen = view.visible(x0, x1)
    if seen.start == seen.stop:  # the range lies beyond the last slot
        return
    assert frame.candles.high.max() >= max(closes[seen]) + 1
    assert frame.candles.low.min() <= min(closes[seen]) - 1
    assert (seen.stop - seen.start) / frame.size <= max(width // 2, 1)
    if seen.stop == len(closes):
        assert frame.candles.close[-1] == closes[-1]
        assert frame.end[-1] == view.tape.slots.end[-1]


@given(st.lists(st.floats(10, 1000), min_size=1, max_size=300), st.integers(2, 40), st.integers(0, 300))
def test_that_columns_stay_put_while_the_chart_pans(closes: list[float], width: int, shift: int) -> None:
    view = view_of(closes)
    span = len(closes) * HOUR_MS / 3
    a = view.frame(BASE, BASE + span, width)
    b = view.frame(BASE + shift * MINUTE_MS, BASE + shift * MINUTE_MS + span, width)
    if a.size == b.size:
        shared = set(a.start.tolist()) & set(b.start.tolist())
        by_start = [dict(zip(f.start.tolist(), f.candles.high.tolist(), strict=True)) for f in (a, b)]
        assert all(by_start[0][s] == by_start[1][s] for s in shared)


posts = st.lists(st.tuples(st.integers(0, 40 * HOUR_MS), st.floats(-1, 1)), max_size=50)


@given(posts, st.integers(1, 60), st.integers(0, 3))
def test_that_every_post_on_the_tape_is_in_exactly_one_column(
    said: list[tuple[int, float]], width: int, gap_hours: int
) -> None:
    view = view_of([1.0] * 20, said, gap_hours * HOUR_MS)
    assert view.extent is not None
    frame = view.frame(*view.extent, width)
    last = int(view.tape.slots.end[-1])
    on_tape = sum(BASE < BASE + t <= last for t, _ in said)
    assert frame.crowd.posts.sum() == on_tape


def test_that_a_closure_holds_the_posts_said_while_the_market_was_shut() -> None:
    night = 15 * HOUR_MS
    said = [
        (HOUR_MS, 0.5),
        (HOUR_MS + 1, 0.5),
        (10 * HOUR_MS, -0.5),
        (HOUR_MS + night, 0.1),
        (HOUR_MS + night + 1, 0.9),
    ]
    view = view_of([1.0, 2.0], said, night)
    frame = view.frame(BASE, BASE + night + 2 * HOUR_MS, 500)
    assert frame.closed is not None
    assert frame.crowd.posts.tolist() == [1, 4]
    assert frame.closed.posts.tolist() == [0, 3]
    shut = view.reading(BASE + 5 * HOUR_MS)
    assert shut is not None
    assert shut.span == Span(BASE + HOUR_MS, BASE + HOUR_MS + night, closed=True)
    assert posts_in(view, shut.span) == 3
    bar = view.reading(BASE + HOUR_MS + night + 60_000)
    assert bar is not None
    assert not bar.span.closed
    assert posts_in(view, bar.span) == 4


def test_that_the_reading_tells_the_bar_the_change_and_the_metric_known_by_then() -> None:
    view = view_of([10.0, math.nan, 12.0])
    rank = MetricSeries(
        Metric("rank", MetricKind.RANK), np.array([BASE + 10, BASE + 3 * HOUR_MS + 1]), np.array([209.0, 1.0])
    )
    tape = view.tape
    tape = Tape(tape.subject, tape.interval, tape.calendar, tape.slots, tape.candles, tape.crowd, (rank,))
    reading = View(tape, PlainClock()).reading(BASE + 2.5 * HOUR_MS)  # type: ignore[arg-type]
    assert reading is not None
    assert (reading.close, reading.previous_close) == (12.0, 10.0)
    assert reading.metrics[0][1:] == (209.0, BASE + 10)


def test_that_there_is_no_reading_beyond_the_tape() -> None:
    view = view_of([1.0, 2.0])
    assert view.reading(BASE - 1) is None
    assert view.reading(BASE + 2 * HOUR_MS + 1) is None
    assert view_of([]).reading(BASE) is None
    assert view_of([]).extent is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=500), st.integers(5, 50))
def test_that_a_thinned_metric_keeps_its_extremes_and_its_newest_value(values: list[float], width: int) -> None:
    view = view_of([1.0])
    time = BASE + np.arange(len(values), dtype=np.int64) * 1000
    series = MetricSeries(Metric("m", MetricKind.LEVEL), time, np.array(values))
    tape = Tape(
        view.tape.subject, view.tape.interval, view.tape.calendar, view.tape.slots, view.tape.candles, view.tape.crowd,
        (series,),
    )  # fmt: skip
    x, y = View(tape, PlainClock()).metric(0, BASE, float(time[-1]) + 1, width)  # type: ignore[arg-type]
    assert y.max() == max(values)
    assert y.min() == min(values)
    assert (x[-1], y[-1]) == (time[-1], values[-1])
    assert (np.diff(x) > 0).all()
    assert len(x) <= max(2 * width + 3, 1)


def test_that_bars_sharing_a_slot_merge_and_others_stay_out() -> None:
    slots = Slots(np.array([0, 100]), np.array([100, 200]))
    bars = Bars(
        np.array([10, 50, 120, 300]), np.array([50, 100, 200, 400]),
        *(np.array(c, np.float64) for c in ([1, 2, 5, 9], [4, 3, 6, 9], [0.5, 2, 4, 9], [2, 3, 5, 9], [10, 20, 5, 9])),
    )  # fmt: skip
    candles = place(bars, slots)
    assert candles.open.tolist() == [1, 5]
    assert candles.high.tolist() == [4, 6]
    assert candles.low.tolist() == [0.5, 4]
    assert candles.close.tolist() == [3, 5]
    assert candles.volume.tolist() == [30, 5]
    assert np.isnan(place(bars.take(slice(3, None)), slots).close).all()
    with pytest.raises(AttributeError):
        bars.time = slots.start  # type: ignore[misc]


def test_that_the_newest_bar_is_known_however_many_empty_slots_follow() -> None:
    assert view_of([1.0, 2.0, math.nan, math.nan]).newest == 1
    assert view_of([math.nan]).newest is None
