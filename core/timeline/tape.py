"""The tape: everything known of one subject, on the slots of one bar interval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.series import Candles, Pyramid
from core.timeline.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.clock import Calendar
    from core.model import Basis, Event, Interval, ScorerId, Subject
    from core.series import Bars, IntArray, MetricSeries, Rollup


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """The spans that bars may stand in; `start` and `end` (ms UTC, ascending, not overlapping) have shape (n,)."""

    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a tape come from, as snapshots and the status bar show it."""

    price_source: str = ""
    price_fetched: int | None = None  # ms UTC
    basis: Basis | None = None
    crowd: str = ""  # whose posts, metrics and events these are: the subject itself or a concept it belongs to
    post_sources: Mapping[str, int] = field(default_factory=dict[str, int])
    collected: int | None = None  # ms UTC of the newest collected post
    scorer: ScorerId | None = None
    simulated: bool = False
    notes: tuple[str, ...] = ()


class Tape:
    """One subject's prices, posts, metrics and events on common slots. Never changed once made (`lines` remembers)."""

    __slots__ = (
        "calendar",
        "candles",
        "crowd",
        "events",
        "interval",
        "lines",
        "metrics",
        "priced",
        "provenance",
        "pyramid",
        "slots",
        "subject",
    )

    def __init__(
        self,
        subject: Subject,
        interval: Interval,
        calendar: Calendar,
        slots: Slots,
        candles: Candles,
        crowd: Rollup,
        metrics: tuple[MetricSeries, ...] = (),
        events: tuple[Event, ...] = (),
        provenance: Provenance | None = None,
    ) -> None:
        """Put the parts together; `candles` has one row a slot, NaN where no bar stands."""
        self.subject = subject
        self.interval = interval
        self.calendar = calendar
        self.slots = slots
        self.candles = candles
        self.crowd = crowd
        self.metrics = metrics
        self.events = events
        self.provenance = provenance or Provenance()
        self.pyramid = Pyramid(candles)
        # Indicators and other derived lines, made on first need.
        self.lines = Lines(self)
        # Whether any slot holds a bar.
        self.priced = not bool(np.isnan(candles.close).all())

    @property
    def spoken(self) -> bool:
        """Whether any post is on the tape."""
        return len(self.crowd) > 0

    @property
    def extent(self) -> tuple[int, int] | None:
        """First and last instant of the slots (ms UTC), or None for an empty tape."""
        if not len(self.slots):
            return None
        return int(self.slots.start[0]), int(self.slots.end[-1])

    def preceding(self, index: IntArray) -> IntArray:
        """Return the end of the slot before each slot: where the posts that belong to a slot begin (ms UTC)."""
        slots = self.slots
        return np.where(index > 0, slots.end[np.maximum(index, 1) - 1], slots.start[0]) if len(slots) else slots.end[:0]


def place(bars: Bars, slots: Slots) -> Candles:
    """Put each bar into the slot that holds its first instant and merge those that share one; NaN elsewhere.

    Bars outside every slot (pre-market, say) are left out.
    """
    n = len(slots)
    columns = [np.full(n, np.nan) for _ in range(5)]
    home = np.searchsorted(slots.start, bars.time, side="right") - 1
    inside = (home >= 0) & (bars.time < slots.end[np.maximum(home, 0)]) if n else np.zeros(len(bars), np.bool_)
    if not inside.any():
        return Candles(*columns)
    bars, home = bars.take(inside), home[inside]
    first = np.flatnonzero(np.diff(home, prepend=-1))
    last = np.append(first[1:], len(home)) - 1
    at = home[first]
    columns[0][at] = bars.open[first]
    columns[1][at] = np.fmax.reduceat(bars.high, first)
    columns[2][at] = np.fmin.reduceat(bars.low, first)
    columns[3][at] = bars.close[last]
    columns[4][at] = np.add.reduceat(np.nan_to_num(bars.volume), first)
    return Candles(*columns)
