"""The tape: everything known of one subject, on the slots of one bar interval."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.marks import Marks
from core.model import subject_key
from core.pyramid import Pyramid
from core.timeline.lines import Lines
from core.timeline.request import CrowdKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.analysis.basket import Basket
    from core.clock import Calendar
    from core.model import Action, Basis, Event, Interval, ScorerId, Subject
    from core.rollup import Rollup
    from core.series import Candles, IntArray, MetricSeries
    from core.timeline.audience import Audience
    from core.timeline.comparison import Compared
    from core.timeline.slots import Slots


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
        other.lines.take_over(self.lines)
        return other

    def preceding(self, index: IntArray) -> IntArray:
        """Return the end of the slot before each slot: where the posts that belong to a slot begin (ms UTC)."""
        slots = self.slots
        return np.where(index > 0, slots.end[np.maximum(index, 1) - 1], slots.start[0]) if len(slots) else slots.end[:0]
