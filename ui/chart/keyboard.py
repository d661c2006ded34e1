"""What keys do to the chart. Tab goes from pane to pane, arrows move the crosshair, digits choose the range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from core.timeline.ranges import RANGES
from ui.chart.navigator import KEY_ZOOM, MenuPlace
from ui.chart.time_axis import when_text
from ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.chart.pane_widget import PaneWidget
    from ui.chart.stack import ChartStack

_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UPRIGHT = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -0.9, Qt.Key.Key_PageDown: 0.9}
_ZOOMS = {
    Qt.Key.Key_Plus: KEY_ZOOM,
    Qt.Key.Key_Equal: KEY_ZOOM,
    Qt.Key.Key_Minus: 1 / KEY_ZOOM,
    Qt.Key.Key_Underscore: 1 / KEY_ZOOM,
}
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
# Pixels that the horizontal line moves by, alone and with Shift.
LINE_STEP, LINE_STRIDE = 2.0, 20.0


class Keyboard:
    """Turns keys into calls of the chart, and tells a screen reader what the keyboard's cursor is on."""

    def __init__(self, chart: ChartStack) -> None:
        """Steer `chart`."""
        self._chart = chart
        self.ring = False  # whether the focused pane is marked: from the first key on, until the mouse is used

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; return whether it meant anything."""
        chart, cut = self._chart, self._chart.settle()
        if cut is None:
            return False
        key, held = Qt.Key(event.key()), event.modifiers()
        if key in _SIDEWAYS:
            self._sideways(_SIDEWAYS[key], held, cut.x.x1 - cut.x.x0)
        elif key in _UPRIGHT:
            self._upright(_UPRIGHT[key], held)
        elif key in _ZOOMS:
            chart.travel.zoom_here(_ZOOMS[key])
        elif key in _PAGES:
            chart.travel.pan(_PAGES[key] * (cut.x.x1 - cut.x.x0))
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            chart.travel.go_to_end(newest=key == Qt.Key.Key_End)
            self.announce()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            chart.pointer.toggle(None)
        elif key == Qt.Key.Key_Escape:
            chart.escape()
        elif not held & ~Qt.KeyboardModifier.KeypadModifier and Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(RANGES):
            chart.range_wanted.emit(RANGES[key - Qt.Key.Key_1])
        else:
            return False
        self.show_ring()
        return True

    def _sideways(self, way: int, held: Qt.KeyboardModifier, span: float) -> None:
        if held & _SHIFT:
            self._chart.travel.pan(0.1 * way * span)
        else:
            self._chart.pointer.step(10 * way if held & _CONTROL else way)
            self.announce()

    def _upright(self, way: int, held: Qt.KeyboardModifier) -> None:
        if held & _CONTROL:
            self._chart.travel.zoom_here(KEY_ZOOM if way < 0 else 1 / KEY_ZOOM)
        else:
            self._chart.pointer.move_line(way * (LINE_STRIDE if held & _SHIFT else LINE_STEP))
            self.announce()

    # Panes.

    def next_pane(self, step: int) -> bool:
        """Focus the next pane or the one before; return False beyond the last and the first."""
        keys = [p.key for p in self._chart.panes]
        if self._chart.settle() is None or not keys:
            return False
        at = keys.index(self._chart.current) + step
        if not self.ring:  # the first Tab shows where the keyboard is
            at -= step
        if not 0 <= at < len(keys):
            return False
        self._chart.set_current(keys[at])
        self.show_ring()
        self.announce()
        return True

    def enter(self, *, forward: bool) -> None:
        """Take the keyboard from outside: at the first pane, or at the last where it came backward."""
        panes = self._chart.panes
        if panes and self._chart.cut is not None:
            self._chart.set_current(panes[0 if forward else -1].key)
            self.show_ring()
            self.announce()

    def show_ring(self) -> None:
        """Mark the focused pane."""
        self.ring = True
        self._chart.refresh_ring()

    def hide_ring(self) -> None:
        """Mark none: the mouse shows where it is."""
        if self.ring:
            self.ring = False
            self._chart.refresh_ring()

    # Reading out.

    def words(self) -> str:
        """Return the time, the focused pane with its figures, and the value at the horizontal line."""
        chart = self._chart
        cut, reading = chart.settle(), chart.overlay.reading
        widget = chart.focused_widget
        if cut is None or reading is None or widget is None:
            return ""
        lines = widget.pane.lines(cut.view, reading, chart.ink, cut.language)
        figures = " ".join(s.text for line in lines for s in line)
        parts = [widget.pane.name(), when_text(cut, reading, chart.overlay.x or 0.0), figures, self._line(widget)]
        return "; ".join(p for p in parts if p)

    def _line(self, widget: PaneWidget) -> str:
        over, cut, pane = self._chart.overlay, self._chart.cut, widget.pane
        if cut is None or over.x is None or over.pane != pane.key or pane.y is None:
            return ""
        value = pane.label(pane.y.value(over.y), pane.fineness(), cut.language)
        return tr("line at {value}").format(value=value)

    def announce(self) -> None:
        """Let a screen reader say what the keyboard's cursor is on."""
        words = self.words()
        if not words:
            return
        chart = self._chart
        chart.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(chart, QAccessible.Event.DescriptionChanged))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(chart, words))

    # The menu.

    def menu_place(self) -> MenuPlace | None:
        """Return where the context menu opens for the keyboard: at the crosshair in the focused pane, or its middle."""
        chart, widget = self._chart, self._chart.focused_widget
        cut = chart.settle()
        if cut is None or widget is None:
            return None
        over = chart.overlay
        x = over.x if over.x is not None else (cut.x.x0 + cut.x.x1) / 2
        y = over.y if over.x is not None and over.pane == widget.pane.key else widget.height() / 2
        px = min(max(cut.x.at(x), 0.0), cut.x.width)
        return MenuPlace(widget.pane, widget.mapToGlobal(QPoint(round(px), round(y))), x, y)
