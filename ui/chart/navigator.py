"""What the mouse does to the chart: zoom at the pointer, pan, select. For keys see `ui.chart.keyboard`."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QToolTip

from core.clock import format_time
from ui.chart.drawings.mouse import MarkMouse
from ui.chart.value_axis import AxisDrag

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QMouseEvent, QWheelEvent

    from core.marks import Flag
    from core.timeline import Span
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.panes import Pane
    from ui.chart.stack import ChartStack

# One notch of a wheel (120 eighths of a degree) zooms by this factor.
NOTCH = 1.2
KEY_ZOOM = 1.4


@dataclass(frozen=True, slots=True)
class MenuPlace:
    """Where a menu is wanted: a pane, a point of the screen, a chart position, and pixels from the top.

    `target` is the piece of the legend that was clicked, "" for none.
    """

    pane: Pane
    point: QPoint
    x: float
    y: float
    target: str = ""


class Navigator:
    """Turns events into calls of the chart. Holds only what a drag needs."""

    def __init__(self, chart: ChartStack) -> None:
        """Steer `chart`."""
        self._chart = chart
        self._marks = MarkMouse(chart.marker, chart)
        self._axis = AxisDrag(chart)
        self._pressed: QPointF | None = None
        self._last_px = self._last_py = 0.0
        self._from_x = 0.0
        self._selecting = False
        self._dragging = False
        self._doubled = False
        self._before_click: tuple[Span | None] | None = None  # what a click changed, for a second one to take back

    def press(self, pane: PaneWidget, event: QMouseEvent) -> None:
        """Begin a drag: plain to pan; with shift, control or the right button to select."""
        cut = self._chart.settle()
        self._chart.keyboard.hide_ring()
        if cut is None or event.button() not in {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}:
            return
        if self._axis.press(pane, event):
            return
        if self._marks.press(pane, event, cut):
            self._pressed = None
            return
        held = event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        self._selecting = event.button() == Qt.MouseButton.RightButton or bool(held)
        self._pressed, self._last_px, self._last_py = event.position(), event.position().x(), event.position().y()
        self._from_x = cut.x.position(self._last_px)
        self._dragging = self._doubled = False

    def move(self, pane: PaneWidget, event: QMouseEvent) -> None:
        """Move crosshair, range or selection."""
        cut = self._chart.settle()
        if cut is None:
            return
        at = event.position()
        if self._pressed is None and (self._axis.move(pane, event) or self._marks.move(pane, event, cut)):
            return
        if self._pressed is not None and not self._dragging:
            far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            self._dragging = far and not self._doubled
            if self._dragging and not self._selecting:
                pane.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging and self._selecting:
            self._chart.pointer.sweep(self._from_x, cut.x.position(at.x()))
        elif self._dragging:
            self._chart.travel.pan((self._last_px - at.x()) / cut.x.factor)
            pane.pane.shift(at.y() - self._last_py)
            self._last_px, self._last_py = at.x(), at.y()
            self._chart.pointer.point(self._from_x, pane.pane.key, at.y())
            return
        inside = 0 <= at.x() <= cut.x.width
        self._chart.pointer.point(cut.x.position(at.x()) if inside else None, pane.pane.key, at.y())
        if inside and self._pressed is None and pane.target_at(at):
            pane.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tip(pane, event)

    def release(self, pane: PaneWidget, event: QMouseEvent) -> None:
        """End a drag; without one, a plain click chooses the bar or lets it go."""
        cut = self._chart.settle()
        if cut is not None and self._pressed is None and self._marks.release(pane, event, cut):
            return
        pane.setCursor(Qt.CursorShape.CrossCursor)
        if self._axis.release() or cut is None or self._pressed is None:
            return
        x, dragged = cut.x.position(event.position().x()), self._dragging
        # A menu has an event loop of its own: the drag must be over before it opens.
        self._pressed, self._dragging = None, False
        if dragged and self._selecting:
            self._chart.pointer.choose(self._from_x, x)
        elif not dragged and (event.button() == Qt.MouseButton.RightButton or pane.target_at(event.position())):
            point, target = event.globalPosition().toPoint(), pane.target_at(event.position())
            self._chart.menu_wanted.emit(MenuPlace(pane.pane, point, x, event.position().y(), target))
        elif not dragged and not self._selecting and event.position().x() <= cut.x.width and not self._doubled:
            self._before_click = (self._chart.pointer.selection,)
            self._chart.pointer.toggle(x)

    def double(self, pane: PaneWidget, event: QMouseEvent) -> None:
        """Show everything, and take back what the first click chose; on the axis, fit the values."""
        if event.button() == Qt.MouseButton.LeftButton and not self._axis.double(pane, event):
            if self._marks.double(pane, event):
                return
            if self._before_click is not None:
                self._chart.pointer.select(self._before_click[0])
            self._before_click = None
            self._doubled = True
            self._chart.travel.fit()

    def wheel(self, pane: PaneWidget, event: QWheelEvent) -> None:
        """Zoom at the pointer; sideways or with shift, pan. Over the axis the wheel scrolls the panes."""
        del pane
        cut = self._chart.settle()
        if cut is None or event.position().x() > cut.x.width:
            event.ignore()
            return
        turn = event.angleDelta()
        sideways = turn.x() if abs(turn.x()) > abs(turn.y()) else 0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sideways = sideways or turn.y()
        if sideways:
            self._chart.travel.pan(-sideways / 120 * 0.08 * (cut.x.x1 - cut.x.x0))
        elif turn.y():
            self._chart.travel.zoom(cut.x.position(event.position().x()), NOTCH ** (turn.y() / 120))
        event.accept()

    def leave(self) -> None:
        """Take the crosshair away."""
        if not self._dragging:
            self._chart.pointer.point(None)

    def _tip(self, pane: PaneWidget, event: QMouseEvent) -> None:
        at = event.position()
        flags = pane.layer.flags_at(at.x(), at.y())
        text = flag_text(flags, self._chart.zone) if flags else pane.pane.tip(at.x(), at.y())
        if text:
            QToolTip.showText(event.globalPosition().toPoint(), text, pane)
        elif QToolTip.isVisible():
            QToolTip.hideText()


def flag_text(flags: list[Flag], zone: str) -> str:
    """Return a tooltip for events, with their times in a zone. What comes from files is escaped: it is never markup."""
    parts: list[str] = []
    for flag in flags:
        event = flag.event
        lines = [f"<b>{html.escape(event.title)}</b>", html.escape(format_time(event.time, zone))]
        lines += [html.escape(text).replace("\n", "<br/>") for text in (event.note, event.url) if text]
        parts.append("<br/>".join(lines))
    return "<qt>" + "<hr/>".join(parts) + "</qt>"
