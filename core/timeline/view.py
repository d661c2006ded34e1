"""A tape laid on a clock: chart positions, frames cut to the pixels at hand, and read-outs under the pointer."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.timeline.positions import Positions

if TYPE_CHECKING:
    from core.clock import Clock
    from core.series import Candles, Crowd, FloatArray, IntArray, MetricSeries
    from core.timeline.lines import Lines
    from core.timeline.tape import Tape


@dataclass(frozen=True, slots=True)
class Span:
    """Posts published in (start, end] (ms UTC). `closed` says that the market was shut all the while."""

    start: int
    end: int
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What one picture of a range needs, in m columns of `size` slots each.

    `left` and `right` are chart positions. `crowd` counts for each column the posts that belong to its bars: from the
    end of the column before to its own end. `closed` counts of these the ones before the column's first instant, said
    while the market was shut, and is None where columns are too coarse for that to be one closure (size > 1).
    """

    size: int
    first: int
    start: IntArray
    end: IntArray
    left: FloatArray
    right: FloatArray
    candles: Candles
    crowd: Crowd
    closed: Crowd | None
    closed_left: FloatArray  # where the closure before each column begins; it ends at `left`


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures under the pointer; NaN where there is none. `index` is the slot, or the slot after a closure."""

    index: int
    span: Span
    start: int  # of the slot (ms UTC)
    end: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    previous_close: float
    metrics: tuple[tuple[MetricSeries, float, int | None], ...]  # series, value at or before `end`, and when
    size: int = 1  # how many slots the column has

    @property
    def last_slots(self) -> tuple[int, int]:
        """The slots that a line's value at the reading is taken from: the first, and how many.

        In a closure what comes after it is not known yet, so it is the slot before.
        """
        return (max(self.index - 1, 0), 1) if self.span.closed else (self.index, self.size)


class View:
    """A tape on a clock. Immutable, and made in no time: the chart positions `left` and `right` are no arrays."""

    __slots__ = ("_metric_x", "clock", "left", "newest", "right", "tape")

    def __init__(self, tape: Tape, clock: Clock) -> None:
        """Lay the tape on the clock."""
        self.tape = tape
        self.clock = clock
        self.left = Positions(clock, tape.slots.start)
        self.right = Positions(clock, tape.slots.end)
        self._metric_x = [clock.to_x(m.time) for m in tape.metrics]
        # The slot of the newest bar, or None where there is no price.
        self.newest = _traded_before(tape, len(tape.slots))

    def with_tape(self, tape: Tape) -> View:
        """Return a tape of the same slots and metrics on the same clock; nothing but the newest bar is looked up."""
        other = copy.copy(self)
        other.tape = tape
        other.newest = _traded_before(tape, len(tape.slots))
        return other

    @property
    def extent(self) -> tuple[float, float] | None:
        """Chart positions of the first and last slot's edges, or None for an empty tape."""
        return (self.left[0], self.right[-1]) if len(self.left) else None

    @property
    def lines(self) -> Lines:
        """The lines derived from the tape, shared by all its views."""
        return self.tape.lines

    def visible(self, x0: float, x1: float) -> slice:
        """Return the slots that the range touches."""
        first = self.right.count_below(x0, equal=True)
        return slice(first, max(first, self.left.count_below(x1)))

    def frame(self, x0: float, x1: float, width: int) -> Frame:
        """Cut the columns of the range [x0, x1] for `width` pixels: at most one column for two pixels.

        Columns are groups of slots counted from the first slot of the tape, so they stay put while the chart pans.
        """
        seen = self.visible(x0, x1)
        size = 1
        while (seen.stop - seen.start) > size * max(width // 2, 1):
            size *= 2
        first = max(seen.start - 1, 0) // size * size
        last = min(-(-(seen.stop + 1) // size) * size, len(self.left))
        head: IntArray = np.arange(first, max(last, first), size, dtype=np.int64)
        tail = np.minimum(head + size, len(self.left)) - 1
        slots, before = self.tape.slots, self.tape.preceding(head)
        start, end = slots.start[head], slots.end[tail]
        return Frame(
            size=size,
            first=first,
            start=start,
            end=end,
            left=self.left[head],
            right=self.right[tail],
            candles=self.tape.pyramid.groups(first, last, size),
            crowd=self.tape.crowd.within(before, end),
            closed=self.tape.crowd.within(before, start) if size == 1 else None,
            closed_left=self.clock.to_x(before),
        )

    def metric(self, index: int, x0: float, x1: float, width: int) -> tuple[FloatArray, FloatArray]:
        """Return positions and values of a metric over the range and one point beyond each edge.

        Above two points a pixel only each pixel's smallest and largest value is kept, in order of time.
        """
        x, y = self._metric_x[index], self.tape.metrics[index].value
        low = max(int(np.searchsorted(x, x0)) - 1, 0)
        high = min(int(np.searchsorted(x, x1, side="right")) + 1, len(x))
        x, y = x[low:high], y[low:high]
        if len(x) <= 2 * width or x1 <= x0:
            return x, y
        pixel = np.floor((x - x0) * (width / (x1 - x0))).astype(np.int64)
        first = np.flatnonzero(np.diff(pixel, prepend=pixel[0] - 1))
        order = np.lexsort((y, pixel))
        last = np.append(first[1:], len(x)) - 1
        keep = np.sort(np.concatenate((order[first], order[last], [len(x) - 1])))
        keep = keep[np.diff(keep, prepend=-1) > 0]
        return x[keep], y[keep]

    def slot_at(self, x: float) -> tuple[int, bool] | None:
        """Return the slot under `x` and whether `x` is in the closure before it; None beyond the tape."""
        if not len(self.left):
            return None
        index = self.right.count_below(x)
        if index >= len(self.right) or (index == 0 and x < self.left[0]):
            return None
        return index, bool(x < self.left[index])

    def reading(self, x: float, *, size: int = 1) -> Reading | None:
        """Return the figures under `x` for columns of `size` slots, or None beyond the tape."""
        found = self.slot_at(x)
        if found is None:
            return None
        index, closed = found
        if size > 1:
            index, closed = index // size * size, False
        return self.reading_of(index, closed=closed, size=size)

    def reading_of(self, index: int, *, closed: bool = False, size: int = 1) -> Reading:
        """Return the figures of the column of `size` slots from `index`, or with `closed` of the closure before it."""
        tape = self.tape
        tail = min(index + size, len(self.left)) - 1
        start, end = int(tape.slots.start[index]), int(tape.slots.end[tail])
        before = int(tape.preceding(np.array([index]))[0])
        until = start if closed else end
        candle = tape.pyramid.groups(index, index + size, size)
        return Reading(
            index=index,
            span=Span(before, until, closed),
            start=start,
            end=end,
            open=float(candle.open[0]),
            high=float(candle.high[0]),
            low=float(candle.low[0]),
            close=float(candle.close[0]),
            volume=float(candle.volume[0]),
            previous_close=self.close_before(index),
            metrics=tuple(_latest(m, until) for m in tape.metrics),
            size=size,
        )

    def close_before(self, index: int) -> float:
        """Return the last close before a slot, or NaN."""
        traded = _traded_before(self.tape, index)
        return float("nan") if traded is None else float(self.tape.candles.close[traded])


def _traded_before(tape: Tape, index: int) -> int | None:
    """Return the last slot before `index` that has a price, or None."""
    close = tape.candles.close
    # A suspension may last for weeks; look back in growing steps rather than through all history.
    step, high = 8, index
    while high > 0:
        low = max(high - step, 0)
        valid = np.flatnonzero(~np.isnan(close[low:high]))
        if len(valid):
            return low + int(valid[-1])
        high, step = low, step * 4
    return None


def _latest(series: MetricSeries, until: int) -> tuple[MetricSeries, float, int | None]:
    at = int(np.searchsorted(series.time, until, side="right")) - 1
    if at < 0:
        return series, float("nan"), None
    return series, float(series.value[at]), int(series.time[at])
