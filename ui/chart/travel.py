"""Moving the range in sight: in and out, to either side, to an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.chart.stack import ChartStack
    from ui.chart.viewport import Viewport


class Travel:
    """Moves the range of one chart, as far as its sight allows."""

    def __init__(self, chart: ChartStack) -> None:
        """Begin where the chart is."""
        self._chart = chart
        self._by_hand = False

    def set_range(self, start: int, end: int) -> None:
        """Show the instants from `start` to `end` (ms UTC), as near as the data allows."""
        self.go(self._chart.sight.between(start, end), by_hand=False)

    def fit(self) -> None:
        """Show everything."""
        self.go(self._chart.sight.whole())

    def zoom(self, at: float, factor: float) -> None:
        """Zoom by a factor with the chart position `at` left under the same pixel."""
        self.go(self._chart.sight.zoomed(at, factor))

    def zoom_here(self, factor: float) -> None:
        """Zoom at the crosshair, or at the centre."""
        sight, x = self._chart.sight, self._chart.overlay.x
        if sight.viewport is not None:
            self.zoom(x if x is not None else sight.viewport.middle, factor)

    def pan(self, by: float) -> None:
        """Move by a distance in chart positions."""
        self.go(self._chart.sight.panned(by))

    def go_to_end(self, *, newest: bool) -> None:
        """Move to the newest or the first bar, with the crosshair on it."""
        view = self._chart.sight.view
        if view is not None:
            self.go(self._chart.sight.at_end(newest=newest))
            last = len(view.left) - 1 if view.newest is None else view.newest
            self._chart.pointer.walk_to(last if newest else 0)

    def bring_in_sight(self, time: int) -> None:
        """Move no further than it takes to see an instant (ms UTC)."""
        sight = self._chart.sight
        if sight.view is not None:
            self.go(sight.with_in_sight(float(sight.view.clock.to_x(time))))

    def go(self, viewport: Viewport | None, *, by_hand: bool = True) -> None:
        """Show a range that the sight allows; None leaves it as it is."""
        sight = self._chart.sight
        if viewport is not None and viewport != sight.viewport:
            sight.go(viewport)
            self._chart.pointer.stay_in_sight()
            self._by_hand |= by_hand
            self._chart.invalidate()

    def arrive(self) -> bool:
        """Return whether the user has moved the range since this was last asked."""
        moved, self._by_hand = self._by_hand, False
        return moved
