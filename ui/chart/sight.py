"""The view that is shown and the part of it in sight: where zooming, panning and walking lead, and what stays put.

Knows nothing of widgets; the chart asks where to go and goes there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.model import ClockMode, subject_key
from ui.chart.viewport import Limits, Viewport, fitted, limits_of

if TYPE_CHECKING:
    from core.timeline import View


# What is kept free beside the newest or first bar, as a share of the width.
EDGE_AIR = 0.06


class Sight:
    """A view with its limits and the range in sight. The ranges it returns are allowed ones, or None without data.

    While the newest bar's edge is in sight, the range follows it; who moves away from it stays where he is.
    """

    def __init__(self) -> None:
        """Begin with nothing in sight."""
        self.view: View | None = None
        self.limits: Limits | None = None
        self.viewport: Viewport | None = None
        self.following = True

    def is_of(self, view: View | None) -> bool:
        """Whether a view is of the subject that is shown."""
        return self.view is not None and view is not None and key_of(self.view) == key_of(view)

    def go(self, viewport: Viewport) -> None:
        """Move to a range. If it shows the edge of the newest bar, that is followed from now on, else no more."""
        self.viewport = viewport
        self.following = self.edge is None or viewport.x0 <= self.edge <= viewport.x1

    @property
    def edge(self) -> float | None:
        """Chart position at which the newest bar ends, or the last slot where there is no bar; None without data."""
        view = self.view
        if view is None or not len(view.right):
            return None
        return float(view.right[len(view.right) - 1 if view.newest is None else view.newest])

    def show(self, view: View | None, crosshair: float | None, *, fit: bool) -> float | None:
        """Turn to a view; return where the crosshair (a position in the view before) stands now.

        The range in time stays to the last bit, unless the subject is another, there was none, or `fit` asks; where
        the newest bar is followed it moves on by as much as that one did. On another clock the instant under the
        crosshair, or the centre, stays where it is.
        """
        before, same, edge = self.view, self.is_of(view), self.edge
        kept, anchor = self.visible_range(), self._anchor(crosshair)
        self.view = view
        self.limits = limits_of(view) if view is not None else None
        if view is None or self.limits is None:
            self.viewport = None
            return None
        if fit or not same or kept is None or anchor is None or self.viewport is None:
            fresh = fitted(view)
            if fresh is not None:
                self.go(fresh)
        elif before is not None and _on_one_axis(before, view):
            by = self.edge - edge if self.following and edge is not None and self.edge is not None else 0.0
            self.viewport = self.viewport.panned(max(by, 0.0), self.limits)
            return crosshair
        else:
            self.viewport = _moved(view, self.limits, kept, anchor)
        if not same or anchor is None or crosshair is None:
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
        last = self.limits.last if self.edge is None else self.edge
        left = last + EDGE_AIR * span - span if newest else self.limits.first - EDGE_AIR * span
        return Viewport(left, left + span).within(self.limits)

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


def _on_one_axis(a: View, b: View) -> bool:
    """Say whether an instant has the same chart position in two views."""
    return a.clock.mode is b.clock.mode and (a.clock.mode is ClockMode.WALL or a.tape.calendar is b.tape.calendar)


def _moved(view: View, limits: Limits, kept: tuple[int, int], anchor: tuple[int, float]) -> Viewport:
    low, high = positions(view, kept)
    at, share = float(view.clock.to_x(anchor[0])), anchor[1]
    span = min(max(high - low, limits.least), limits.most)
    return Viewport(at - share * span, at + (1 - share) * span)
