"""The tape: everything known of one subject, on the slots of one bar interval."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.marks import Marks
from core.model import subject_key
from core.pyramid import Pyramid
from core.quantiles import median
from core.series import Candles
from core.timeline.lines import Lines
from core.timeline.request import CrowdKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.analysis.basket import Basket
    from core.clock import Calendar
    from core.model import Action, Basis, Event, Interval, ScorerId, Subject
    from core.series import Bars, IntArray, MetricSeries, Rollup
    from core.timeline.audience import Audience
    from core.timeline.comparison import Compared


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """The spans that bars may stand in; `start` and `end` (ms UTC, ascending, not overlapping) have shape (n,)."""

    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.start)

    def find(self, time: IntArray) -> IntArray:
        """Return the slot that holds each of m ascending instants (ms UTC), -1 where none does.

        Within a session slots begin at one distance, so a division finds them; only runs of such slots are searched
        for. For a million bars that takes a fifth of the time of a search for each.
        """
        if not len(self.start):
            return np.full(len(time), -1)
        apart = np.diff(self.start)
        step = int(median(apart[:999])) if len(apart) else 1  # any would do, the usual one makes the longest runs
        first = np.concatenate(([0], np.flatnonzero(apart != step) + 1))  # slot of each run
        begin = np.searchsorted(time, self.start[first])
        count = np.diff(begin, append=len(time))
        after = time[begin[0] :]
        place = after - np.repeat(self.start[first] - first * step, count)
        place //= step
        # Instants after a run's last slot has begun, however long it is, may only lie in that one.
        np.minimum(place, np.repeat(np.append(first[1:], len(self)) - 1, count), out=place)
        place[after >= self.end[place]] = -1
        return np.concatenate((np.full(begin[0], -1), place)) if begin[0] else place

    def closing(self, time: IntArray) -> IntArray:
        """Return the slot whose span (start, end] holds each of m instants (ms UTC), -1 where none does."""
        if not len(self.start):
            return np.full(len(time), -1)
        place = np.searchsorted(self.end, time, side="left")
        inside = np.minimum(place, len(self) - 1)
        return np.where((place < len(self)) & (time > self.start[inside]), inside, -1)


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
    scorers: tuple[str, ...] = ()  # names of all that made scores
    languages: Mapping[str, int] = field(default_factory=dict[str, int])  # posts in each, as told from their texts
    simulated: bool = False
    notes: tuple[str, ...] = ()


class Tape:
    """One subject's prices, posts, metrics and events on common slots. Never changed once made (`lines` remembers)."""

    __slots__ = (
        "__weakref__",
        "actions",
        "audiences",
        "basket",
        "calendar",
        "candles",
        "compared",
        "crowd",
        "crowds",
        "events",
        "interval",
        "lines",
        "marks",
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
        actions: tuple[Action, ...] = (),
        marks: Mapping[str, Marks] | None = None,
        compared: tuple[Compared, ...] = (),
        basket: Basket | None = None,
        crowds: Mapping[CrowdKey, Rollup] | None = None,
        audiences: Mapping[CrowdKey, Audience] | None = None,
    ) -> None:
        """Put the parts together; `candles` has one row a slot, NaN where no bar stands.

        `marks` are those of the subject and of the one whose posts are shown, by their keys; `events` are theirs.
        `basket` tells what each member of a concept did to its line, None for an instrument.
        `crowds` and `audiences` are what the request named beside `crowd`.
        """
        self.subject = subject
        self.interval = interval
        self.calendar = calendar
        self.slots = slots
        self.candles = candles
        self.crowd = crowd
        self.crowds: Mapping[CrowdKey, Rollup] = {**(crowds or {}), CrowdKey(): crowd}
        self.audiences: Mapping[CrowdKey, Audience] = audiences or {}
        self.metrics = metrics
        self.events = events
        self.actions = actions
        self.compared = compared
        self.basket = basket
        self.provenance = provenance or Provenance()
        self.marks = marks if marks is not None else {subject_key(subject): Marks(tuple(events))}
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

    def with_own_candles(self) -> Tape:
        """Return the same tape on candles of its own, which `core.timeline.live` may then move by ticks."""
        other = copy.copy(self)
        other.candles = self.candles.copy()
        other.basket = self.basket.with_own_candles() if self.basket is not None else None
        other.pyramid, other.lines = Pyramid(other.candles), Lines(other)
        return other

    def preceding(self, index: IntArray) -> IntArray:
        """Return the end of the slot before each slot: where the posts that belong to a slot begin (ms UTC)."""
        slots = self.slots
        return np.where(index > 0, slots.end[np.maximum(index, 1) - 1], slots.start[0]) if len(slots) else slots.end[:0]


def place(bars: Bars, slots: Slots, home: IntArray | None = None) -> Candles:
    """Put each bar into the slot with the number `home` (ascending), and merge those that share one; NaN elsewhere.

    By default that is the slot that holds the bar's first instant (`slots.find`). Where the slots are those of several
    exchanges, it is the first that ends no earlier than the bar closed on its own (`slots.closing`), as for a post.
    Bars outside every slot (-1: pre-market, say) are left out. Bars that fill all slots are taken over as they are.
    """
    if home is None:
        home = slots.find(bars.time)
    inside = home >= 0
    if not inside.all():
        bars, home = bars.take(inside), home[inside]
    volume = bars.volume
    if np.isnan(volume).any():
        volume = np.nan_to_num(volume)
    merged = [bars.open, bars.high, bars.low, bars.close, volume]
    if (home[1:] == home[:-1]).any():
        first = np.flatnonzero(np.diff(home, prepend=-1))
        last = np.append(first[1:], len(home)) - 1
        home = home[first]
        merged = [
            bars.open[first],
            np.fmax.reduceat(bars.high, first),
            np.fmin.reduceat(bars.low, first),
            bars.close[last],
            np.add.reduceat(volume, first),
        ]
    if len(home) == len(slots):
        return Candles(*merged)
    empty = np.ones(len(slots), np.bool_)
    empty[home] = False
    gaps = np.flatnonzero(empty)  # few as a rule: filled alone
    columns = [np.empty(len(slots)) for _ in merged]
    for column, values in zip(columns, merged, strict=True):
        column[home] = values
        column[gaps] = np.nan
    return Candles(*columns)
