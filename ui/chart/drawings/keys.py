"""Drawing without a mouse: a tool at the crosshair, anchors moved by arrows, the chosen drawing nudged and edited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from core.drawings import Anchor, Drawing, DrawingKind
from ui.chart.drawings.scene import plane_of
from ui.chart.drawings.shape import BODY, dragged
from ui.chart.drawings.tools import EVENT, POINTER
from ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.chart.cut import Cut
    from ui.chart.drawings.marker import Marker
    from ui.chart.panes import Pane
    from ui.chart.stack import ChartStack

_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_REMOVE = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
PIXELS = 2  # up and down; ten times as far with Shift


def press_key(marker: Marker, chart: ChartStack, event: QKeyEvent) -> bool:
    """Do what a key means to the marks; return whether it meant anything to them."""
    cut = chart.settle()
    if cut is None:
        return False
    key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    if marker.tool != POINTER:
        return _with_tool(marker, chart, key, cut, 10 if shift else 1)
    drawing = marker.drawing
    if drawing is None:
        return False
    if key in _WAYS:
        _nudge(marker, chart, drawing, _WAYS[key], cut, 10 if shift else 1)
    elif key in _REMOVE:
        marker.remove()
    elif key in _ENTER:
        marker.edit()
    elif key == Qt.Key.Key_Space:
        many = drawing.kind.anchors if drawing.kind is not DrawingKind.RECTANGLE else 4
        marker.grip = BODY if marker.grip + 1 >= many else marker.grip + 1
        chart.refresh_marks()
    else:
        return False
    return True


def _with_tool(marker: Marker, chart: ChartStack, key: Qt.Key, cut: Cut, far: int) -> bool:
    if key not in _WAYS and key not in _ENTER:
        return False
    nowhere = chart.overlay.x is None
    pane = _stand(chart, cut)
    if pane is None or (nowhere and key in _WAYS):
        return True  # the first arrow only shows where the cursor is
    if key in _WAYS:
        dx, dy = _WAYS[key]
        if dx:
            _step(chart, dx * far)
        cut = chart.settle() or cut
        y = min(max(chart.overlay.y + dy * far * PIXELS, 0.0), pane.height)
        chart.pointer.point(chart.overlay.x, pane.key, y)
        if marker.sketching and chart.overlay.x is not None:
            marker.stretch(pane, cut, cut.x.at(chart.overlay.x), y)
    elif marker.tool == EVENT:
        at = chart.overlay.x or 0.0
        marker.set_tool(POINTER)
        marker.event_wanted.emit(int(cut.view.clock.to_ms(at)))
    else:
        px = cut.x.at(chart.overlay.x or 0.0)
        if not marker.sketching:
            marker.begin(pane, cut, px, chart.overlay.y)
            if marker.sketching and _points_of(marker) > 1:
                return True
        else:
            marker.stretch(pane, cut, px, chart.overlay.y)
        marker.finish()
    return True


def _points_of(marker: Marker) -> int:
    live = marker.live
    return live.kind.anchors if live is not None else 0


def _step(chart: ChartStack, by: int) -> None:
    pane, y = chart.overlay.pane, chart.overlay.y
    chart.pointer.step(by)
    chart.pointer.point(chart.overlay.x, pane, y)


def _stand(chart: ChartStack, cut: Cut) -> Pane | None:
    """Return the pane in which the crosshair stands; put it on the newest bar in sight where it stands nowhere."""
    over = chart.overlay
    if over.x is None:
        chart.pointer.step(0)
    key = chart.current if chart.keyboard.ring else over.pane or chart.current
    pane = next((p for p in chart.panes if p.key == key and p.y is not None), None)
    pane = pane or next((p for p in chart.panes if p.y is not None), None)
    if pane is None or pane.y is None or over.x is None:
        return None
    if over.pane != pane.key:
        reading = cut.view.reading(over.x, size=cut.frame.size)
        close = reading.close if reading is not None and pane.kind == "price" else float("nan")
        y = pane.y.at(close) if close == close else (pane.y.top + pane.y.bottom) / 2  # noqa: PLR0124  NaN
        chart.pointer.point(over.x, pane.key, y)
    return pane


def _nudge(marker: Marker, chart: ChartStack, drawing: Drawing, way: tuple[int, int], cut: Cut, far: int) -> None:
    """Move the drawing, or its filled grip, by bars to the side and by pixels up and down."""
    pane = next((p for p in chart.panes if p.key == drawing.pane), None)
    plane = plane_of(cut, pane) if pane is not None else None
    if plane is None or not marker.may_move(drawing):
        return
    grip = marker.grip
    if way[1]:
        moved = dragged(drawing, grip, plane, 0.0, way[1] * far * PIXELS)
    elif drawing.kind is DrawingKind.HORIZONTAL:
        return
    else:
        # By whole bars each anchor keeps its place within its bar, on the trading clock over nights and weekends too.
        stepped = tuple(_stepped(a, way[0] * far, cut) for a in drawing.anchors)
        if grip == BODY or drawing.kind.anchors == 1:
            moved = replace(drawing, anchors=stepped)
        else:
            index = grip if grip < 2 else grip - 2
            moved = drawing.with_anchor(index, stepped[index])
    if moved != drawing:
        marker.want(tr("move {what}"), drawing, moved)


def _stepped(anchor: Anchor, by: int, cut: Cut) -> Anchor:
    """Return an anchor moved by columns of the frame, to the same share of the bar there."""
    slots = cut.view.tape.slots
    by *= cut.frame.size
    index = int(slots.end.searchsorted(anchor.time, side="left"))
    target = index + by
    if not (0 <= index < len(slots) and 0 <= target < len(slots)):
        x = float(cut.view.clock.to_x(anchor.time))
        pitch = cut.x.width / max(len(cut.frame.left), 1) / cut.x.factor
        return Anchor(int(cut.view.clock.to_ms(x + pitch * by / cut.frame.size)), anchor.value)
    start, end = int(slots.start[index]), int(slots.end[index])
    share = (anchor.time - start) / (end - start)
    if share < 0:  # in the closure before the bar: as far before the other one
        return Anchor(int(slots.start[target]) + anchor.time - start, anchor.value)
    return Anchor(round(int(slots.start[target]) + share * int(slots.end[target] - slots.start[target])), anchor.value)
