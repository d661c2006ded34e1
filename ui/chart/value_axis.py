"""What the mouse does on the axis of values: stretch it by dragging, let it follow the data by a double click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from ui.chart.pane_widget import PaneWidget
    from ui.chart.stack import ChartStack

# Dragging by this many pixels shows e times the range.
_PX_PER_E = 200.0
_E = 2.718281828459045


class AxisDrag:
    """Holds a drag on the axis of one pane. Each method returns whether the event was its own."""

    def __init__(self, chart: ChartStack) -> None:
        """Serve the panes of `chart`."""
        self._chart = chart
        self._last: float | None = None

    def press(self, pane: PaneWidget, event: QMouseEvent) -> bool:
        """Begin, where the left button goes down on an axis."""
        if event.button() != Qt.MouseButton.LeftButton or not self._over(pane, event):
            return False
        self._last = event.position().y()
        return True

    def move(self, pane: PaneWidget, event: QMouseEvent) -> bool:
        """Stretch the range while dragging, and show what the axis is good for while over it."""
        if self._last is None:
            pane.setCursor(Qt.CursorShape.SizeVerCursor if self._over(pane, event) else Qt.CursorShape.CrossCursor)
            return False
        by, self._last = event.position().y() - self._last, event.position().y()
        if by:
            pane.pane.stretch(_E ** (by / _PX_PER_E))
            self._chart.invalidate()
        return True

    def release(self) -> bool:
        """End."""
        ended, self._last = self._last is not None, None
        return ended

    def double(self, pane: PaneWidget, event: QMouseEvent) -> bool:
        """Let the range follow what is in sight again."""
        if not self._over(pane, event):
            return False
        self._last = None
        pane.pane.fit()
        self._chart.invalidate()
        return True

    def _over(self, pane: PaneWidget, event: QMouseEvent) -> bool:
        cut = self._chart.cut
        return cut is not None and event.position().x() > cut.x.width and pane.pane.y is not None
