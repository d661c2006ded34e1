"""What the mouse does to marks: draw with a tool, choose, take hold of a drawing, click a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from ui.chart.drawings.shape import BODY
from ui.chart.drawings.tools import EVENT, POINTER

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from ui.chart.cut import Cut
    from ui.chart.drawings.marker import Marker
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.stack import ChartStack


class MarkMouse:
    """Turns events into calls of the marker. Each method returns whether the event was meant for the marks."""

    def __init__(self, marker: Marker, chart: ChartStack) -> None:
        """Begin with no button down."""
        self._marker, self._chart = marker, chart
        self._pressed: tuple[str, QPointF] | None = None  # key of the pane, and where
        self._moved = False
        self._carrying = False
        self._held = BODY
        self._on_flags = False

    def press(self, widget: PaneWidget, event: QMouseEvent, cut: Cut) -> bool:
        """Begin to draw, or take hold of a drawing."""
        marker, at = self._marker, event.position()
        self._pressed, self._carrying = None, False
        if event.button() == Qt.MouseButton.RightButton and marker.tool != POINTER:
            marker.set_tool(POINTER)
            return True
        if event.button() != Qt.MouseButton.LeftButton or at.x() > cut.x.width:
            return False
        if marker.tool != POINTER:
            self._pressed, self._moved = (widget.pane.key, at), False
            if marker.tool != EVENT and marker.live is None:
                marker.begin(widget.pane, cut, at.x(), at.y(), free=_free(event))
            return True
        self._on_flags = bool(widget.layer.flags_at(at.x(), at.y()))
        if self._on_flags:
            return True
        found = marker.find(widget, at)
        if found is None:
            marker.choose("")
            return False
        drawing, self._held = found
        marker.choose(drawing.id)
        self._pressed, self._moved = (widget.pane.key, at), False
        return True

    def move(self, widget: PaneWidget, event: QMouseEvent, cut: Cut) -> bool:
        """Stretch what is in the making or move what is held; the crosshair goes along."""
        marker, at = self._marker, event.position()
        if self._pressed is not None and not self._moved:
            far = (at - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
            self._moved = far and self._pressed[0] == widget.pane.key
        if marker.sketching:
            marker.stretch(widget.pane, cut, at.x(), at.y(), free=_free(event))
        elif self._pressed is not None and self._moved and marker.tool == POINTER and marker.chosen:
            if self._carrying and marker.live is None:
                return True  # let go of by Esc: the rest of the drag means nothing
            marker.carry(widget.pane, cut, self._held, self._pressed[1], at, free=_free(event))
            self._carrying = marker.live is not None
        elif self._pressed is None and not event.buttons():
            self._hover(widget, at)
            return False
        elif self._pressed is None and not self._on_flags:
            return False
        inside = 0 <= at.x() <= cut.x.width
        self._chart.pointer.point(cut.x.position(at.x()) if inside else None, widget.pane.key, at.y())
        return True

    def release(self, widget: PaneWidget, event: QMouseEvent, cut: Cut) -> bool:
        """End a drag, or place a point."""
        marker, at = self._marker, event.position()
        if self._on_flags:
            self._on_flags = False
            flags = widget.layer.flags_at(at.x(), at.y())
            if flags:
                marker.flags_wanted.emit(flags, event.globalPosition().toPoint())
            return True
        if self._pressed is None:
            return False
        self._pressed = None
        if marker.tool == EVENT:
            marker.set_tool(POINTER)
            marker.event_wanted.emit(int(cut.view.clock.to_ms(cut.x.position(at.x()))))
        elif marker.tool != POINTER:
            marker.stretch(widget.pane, cut, at.x(), at.y(), free=_free(event))
            self._place()
        else:
            marker.put_down()
        return True

    def double(self, widget: PaneWidget, event: QMouseEvent) -> bool:
        """Edit what is under the pointer."""
        marker, at = self._marker, event.position()
        if marker.tool != POINTER or widget.layer.flags_at(at.x(), at.y()):
            return True
        if marker.find(widget, at) is None:
            return False
        self._pressed = None
        marker.edit()
        return True

    def _place(self) -> None:
        """End a click or a drag of a tool: a first click alone leaves the second point to come."""
        live = self._marker.live
        if live is None:
            return
        begun = live.kind.anchors == 2 and live.anchors[0] == live.anchors[1]
        if self._moved or not begun:
            self._marker.finish()

    def _hover(self, widget: PaneWidget, at: QPointF) -> None:
        """Show by the pointer what a press would do."""
        shape = Qt.CursorShape.CrossCursor
        if self._marker.tool == POINTER:
            if widget.layer.flags_at(at.x(), at.y()):
                shape = Qt.CursorShape.PointingHandCursor
            elif (found := self._marker.find(widget, at)) is not None:
                shape = Qt.CursorShape.SizeAllCursor if found[1] != BODY else Qt.CursorShape.PointingHandCursor
        if widget.cursor().shape() != shape:
            widget.setCursor(shape)


def _free(event: QMouseEvent) -> bool:
    """Whether the magnet is turned round for this once."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
