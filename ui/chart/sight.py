"""The view that is shown and the part of it in sight: where zooming, panning and walking lead, and what stays put.

Knows nothing of widgets; the chart asks where to go and goes there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.model import subject_key
from ui.chart.viewport import Limits, Viewport, fitted, limits_of

if TYPE_CHECKING:
    from core.timeline import View


class Sight:
    """A view with its limits and the range in sight. The ranges it returns are allowed ones, or None without data."""

    def __init__(self) -> None:
        """Begin with nothing in sight."""
        self.view: View | None = None
        self.limits: Limits | None = None
        self.viewport: Viewport | None = None

    def is_of(self, view: View | None) -> bool:
        """Whether a view is of the subject that is shown."""
        return self.view is not None and view is not None and key_of(self.view) == key_of(view)

    def show(self, view: View | None, crosshair: float | None, *, fit: bool) -> float | None:
        """Turn to a view; return where the crosshair (a position in the view before) stands now.

        The range in time stays, unless the subject is another, there was none, or `fit` asks; on another clock the
        instant under the crosshair, or the centre, stays where it is.
        """
        before, same = self.view, self.is_of(view)
        kept, anchor = self.visible_range(), self._anchor(crosshair)
        self.view = view
        self.limits = limits_of(view) if view is not None else None
        if view is None or self.limits is None:
            self.viewport = None
        elif fit or not same or kept is None or anchor is None:
            self.viewport = fitted(view)
        elif before is not None and before.clock is not view.clock:
            self.viewport = _moved(view, self.limits, kept, anchor)
        else:
            self.viewport = Viewport(*positions(view, kept)).within(self.limits)
        if view is None or not same or anchor is None or crosshair is None:
            return None
        return float(view.clock.to_x(anchor[0]))

    def _anchor(self, crosshair: float | None) -> tuple[int, float] | None:
        """Return the instant that stays put, and where it stands as a share of the width."""
        if self.view is None or self.viewport is None:
            return None
        x = crosshair if crosshair is not None else self.viewport.middle
        return int(self.view.clock.to_ms(x)), (x - self.viewport.x0) / self.viewport.span

    def visible_range(self) -> tuple[int, int] | None:
        """Return the first and last visible instant (ms UTC), or None while there is nothing to see."""
        if self.view is None or self.viewport is None:
            return None
        low, high = self.view.clock.to_ms(np.array([self.viewport.x0, self.viewport.x1])).tolist()
        return low, high

    def between(self, start: int, end: int) -> Viewport | None:
        """Return the range from one instant to another (ms UTC), as near as the data allows."""
        if self.view is None or self.limits is None or end <= start:
            return None
        return Viewport(*positions(self.view, (start, end))).within(self.limits)

    def across(self, x0: float, x1: float) -> Viewport | None:
        """Return the range from one chart position to another, as near as the data allows."""
        return Viewport(x0, x1).within(self.limits) if self.limits is not None and x1 > x0 else None

    def whole(self) -> Viewport | None:
        """Return the range that shows everything."""
        return fitted(self.view) if self.view is not None else None

    def zoomed(self, at: float, factor: float) -> Viewport | None:
        """Return the range zoomed by a factor with the chart position `at` left under the same pixel."""
        if self.viewport is None or self.limits is None:
            return None
        return self.viewport.zoomed(at, factor, self.limits)

    def panned(self, by: float) -> Viewport | None:
        """Return the range moved by a distance in chart positions."""
        if self.viewport is None or self.limits is None:
            return None
        return self.viewport.panned(by, self.limits)

    def at_end(self, *, newest: bool) -> Viewport | None:
        """Return the range with the newest or the first bar at its edge."""
        if self.viewport is None or self.limits is None:
            return None
        span = self.viewport.span
        edge = self.limits.last + 0.02 * span - span if newest else self.limits.first - 0.02 * span
        return Viewport(edge, edge + span).within(self.limits)

    def with_in_sight(self, x: float) -> Viewport | None:
        """Return the range moved no further than it takes to see a position; None if it is seen already."""
        if self.viewport is None:
            return None
        edge = 0.05 * self.viewport.span
        if x > self.viewport.x1 - edge:
            return self.panned(x + edge - self.viewport.x1)
        if x < self.viewport.x0 + edge:
            return self.panned(x - edge - self.viewport.x0)
        return None


def key_of(view: View) -> str:
    """Return the key of a view's subject."""
    return subject_key(view.tape.subject)


def positions(view: View, span: tuple[int, int]) -> tuple[float, float]:
    """Return the chart positions of two instants (ms UTC)."""
    low, high = view.clock.to_x(np.array(span, np.int64)).tolist()
    return low, high


def _moved(view: View, limits: Limits, kept: tuple[int, int], anchor: tuple[int, float]) -> Viewport:
    low, high = positions(view, kept)
    at, share = float(view.clock.to_x(anchor[0])), anchor[1]
    span = min(max(high - low, limits.least), limits.most)
    return Viewport(at - share * span, at + (1 - share) * span)
