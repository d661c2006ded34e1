"""The visible range of the chart as a value: zoomed, panned, and kept within reach of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.quantiles import median

if TYPE_CHECKING:
    from core.timeline import View

LEAST_SLOTS = 5
FIT_AIR = 0.02


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the range may go: data from `first` to `last`, spans from `least` to `most` (chart positions)."""

    first: float
    last: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Viewport:
    """The range [x0, x1] of chart positions."""

    x0: float
    x1: float

    @property
    def span(self) -> float:
        """Length of the range."""
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        """Centre of the range."""
        return (self.x0 + self.x1) / 2

    def zoomed(self, at: float, factor: float, limits: Limits) -> Viewport:
        """Return the range made shorter by `factor` with the position `at` left where it is, within the limits."""
        span = min(max(self.span / factor, limits.least), limits.most)
        share = (at - self.x0) / self.span
        return Viewport(at - share * span, at + (1 - share) * span).within(limits)

    def panned(self, by: float, limits: Limits) -> Viewport:
        """Return the range moved by a distance, within the limits."""
        return Viewport(self.x0 + by, self.x1 + by).within(limits)

    def within(self, limits: Limits) -> Viewport:
        """Return the nearest range of allowed length whose centre lies over the data."""
        span = min(max(self.span, limits.least), limits.most)
        middle = min(max(self.middle, limits.first), limits.last)
        if span == self.span and middle == self.middle:
            return self
        return Viewport(middle - span / 2, middle + span / 2)


def limits_of(view: View) -> Limits | None:
    """Return the limits of a view: at least five slots, at most half a screen beyond the data; None without data."""
    if view.extent is None:
        return None
    first, last = view.extent
    # Slots are alike: the newest thousand tell how far apart all are.
    pitch = median(np.diff(view.left[-1000:])) if len(view.left) > 1 else last - first
    least = LEAST_SLOTS * max(pitch, 1.0)
    return Limits(first, last, least, max(2 * (last - first), 2 * least))


def fitted(view: View) -> Viewport | None:
    """Return the range that shows all of a view with a little air, or None without data."""
    limits = limits_of(view)
    if limits is None:
        return None
    air = max((limits.last - limits.first) * FIT_AIR, limits.least / LEAST_SLOTS / 2)
    return Viewport(limits.first - air, limits.last + air).within(limits)
