"""The crosshair and the selection of a chart: where they are, what they stand on, where mouse and keys lead them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.timeline import Span
from ui.chart.overlay import Overlay, band_of
from ui.chart.sight import positions

if TYPE_CHECKING:
    from core.timeline import Reading
    from ui.chart.stack import ChartStack


class Pointer:
    """Moves the overlay of one chart. What it does is painted by the panes and told by the chart, once a turn."""

    def __init__(self, chart: ChartStack) -> None:
        """Begin with neither."""
        self._chart = chart
        self.overlay = Overlay()
        self._selection: Span | None = None
        self._hover: Span | None = None  # as it was last told
        self._moved = False  # by the user's own hand, since it was last told
        self._held = False  # whether the crosshair is where the user's own hand put it

    # The crosshair.

    @property
    def instant(self) -> int | None:
        """The instant under the crosshair (ms UTC), or None where there is none."""
        view, x = self._chart.sight.view, self.overlay.x
        return None if view is None or x is None else int(view.clock.to_ms(x))

    def point(self, x: float | None, pane: str = "", y: float = 0.0) -> None:
        """Put the crosshair at a chart position, with its horizontal line at `y` pixels in a pane, or take it away."""
        if x is None and self.overlay.x is None:
            return
        self._moved, self._held = True, x is not None
        self._put(x, pane if x is not None else "", y)

    def point_at(self, instant: int | None) -> None:
        """Put the crosshair at an instant (ms UTC) that another chart points at, or take it away; nothing is told.

        What the user points at in this chart is not taken away.
        """
        view = self._chart.sight.view
        if view is None or (instant is None and (self._held or self.overlay.x is None)):
            return
        self._moved = self._held = False
        self._put(None if instant is None else float(view.clock.to_x(instant)))

    def _put(self, x: float | None, pane: str = "", y: float = 0.0) -> None:
        self.overlay.x, self.overlay.pane, self.overlay.y = x, pane, y
        self.read()
        self._chart.refresh_overlay()

    def step(self, by: int) -> None:
        """Move the crosshair by columns, beginning at the newest bar, and keep it in sight."""
        newest, cut = self._chart.newest, self._chart.cut
        if self._chart.sight.view is None or cut is None or newest is None:
            return
        if self.overlay.x is None or self.overlay.reading is None:
            self.walk_to(newest.index)
        else:
            self.walk_to(self.overlay.reading.index + by * cut.frame.size)

    def walk_to(self, index: int) -> None:
        """Put the crosshair on the column of a slot, and move the chart no further than it takes to see it."""
        view = self._chart.sight.view
        if view is None or self._chart.sight.viewport is None:
            return
        size = self._size
        index = min(max(index, 0), len(view.left) - 1) // size * size
        last = min(index + size, len(view.left)) - 1
        x = float(view.left[index] + view.right[last]) / 2
        self._chart.travel.go(self._chart.sight.with_in_sight(x))
        self.point(x, self.overlay.pane, self.overlay.y)

    def move_line(self, by: float) -> None:
        """Move the horizontal line of the crosshair by pixels in the current pane, beginning at its middle."""
        widget = self._chart.focused_widget
        if widget is None or widget.pane.y is None:
            return
        if self.overlay.x is None:
            self.step(0)
        top, bottom = widget.pane.y.top, widget.pane.y.bottom
        y = self.overlay.y + by if self.overlay.pane == widget.pane.key else (top + bottom) / 2
        self.point(self.overlay.x, widget.pane.key, min(max(y, 0.0), float(widget.height())))

    def stay_in_sight(self) -> None:
        """Take the crosshair away where the range has left it behind: figures are to be of what is seen.

        One that another chart leads stays: it tells where that instant is.
        """
        viewport, x = self._chart.sight.viewport, self.overlay.x
        if self._held and viewport is not None and x is not None and not viewport.x0 <= x <= viewport.x1:
            self.point(None)

    def read(self) -> None:
        """Read the figures under the crosshair, or those of the newest bar where there is none."""
        view, cut, over = self._chart.sight.view, self._chart.cut, self.overlay
        if view is None or cut is None:
            return
        reading: Reading | None = view.reading(over.x, size=cut.frame.size) if over.x is not None else None
        over.band = band_of(view, cut, reading) if reading is not None else None
        over.reading = reading if reading is not None else self._chart.newest

    def tell(self) -> None:
        """Tell by the chart's signals where the crosshair is and what is under it, where that has changed."""
        over = self.overlay
        if self._moved:
            self._moved = False
            self._chart.pointed.emit(self.instant)
        hover = over.reading.span if over.x is not None and over.band is not None and over.reading else None
        if hover != self._hover:
            self._hover = hover
            self._chart.hovered.emit(hover)

    # The selection.

    @property
    def selection(self) -> Span | None:
        """The selected span."""
        return self._selection

    def sweep(self, a: float, b: float) -> None:
        """Show a selection in the making, from one chart position to another."""
        self.overlay.selection = (min(a, b), max(a, b))
        self._chart.refresh_overlay()

    def choose(self, a: float, b: float) -> None:
        """Select the bars and closures from one chart position to another, and tell."""
        view = self._chart.sight.view
        if view is None:
            return
        a, b = min(a, b), max(a, b)
        first, last = view.reading(a, size=self._size), view.reading(b, size=self._size)
        start = first.span.start if first else int(view.clock.to_ms(a))
        end = last.span.end if last else int(view.clock.to_ms(b))
        self.select(Span(start, end) if end > start else None)

    def toggle(self, x: float | None) -> None:
        """Select the bar or closure at a chart position (None: at the crosshair), or let it go if it is selected."""
        x = self.overlay.x if x is None else x
        view = self._chart.sight.view
        if view is None or x is None:
            return
        reading = view.reading(x, size=self._size)
        span = reading.span if reading is not None else None
        self.select(None if span == self._selection else span)

    def let_go(self) -> None:
        """Let the selection go, or else the crosshair."""
        if self._selection is not None:
            self.select(None)
        else:
            self.point(None)

    def show_selection(self, span: Span | None) -> None:
        """Show a selection that was made elsewhere; nothing is told."""
        self._selection = span
        self.place_selection()
        self._chart.refresh_overlay()

    def select(self, span: Span | None) -> None:
        """Select a span, or nothing, and tell."""
        changed = span != self._selection
        self.show_selection(span)
        if changed:
            self._chart.selected.emit(span)

    def place_selection(self) -> None:
        """Lay the selection on the clock of the view in sight."""
        span, view = self._selection, self._chart.sight.view
        self.overlay.selection = None if span is None or view is None else positions(view, (span.start, span.end))

    @property
    def _size(self) -> int:
        return self._chart.cut.frame.size if self._chart.cut is not None else 1
