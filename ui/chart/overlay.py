"""What lies over the drawn panes and moves without redrawing them: crosshair, hovered bar, selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt

from ui.chart.legend import paint_tag

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.timeline import Reading, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink


@dataclass(slots=True)
class Overlay:
    """State of the crosshair in chart positions; `y` is in pixels of the pane with the key `pane`."""

    x: float | None = None
    pane: str = ""
    y: float = 0.0
    reading: Reading | None = None  # under the crosshair, or of the newest bar where there is none
    band: tuple[float, float] | None = None  # the bar or closure under the crosshair
    selection: tuple[float, float] | None = None


def band_of(view: View, cut: Cut, reading: Reading) -> tuple[float, float]:
    """Return the chart positions that a reading covers."""
    if reading.span.closed:
        ends = view.clock.to_x(reading.span.start), view.clock.to_x(reading.span.end)
        return float(ends[0]), float(ends[1])
    last = min(reading.index + cut.frame.size, len(view.left)) - 1
    return float(view.left[reading.index]), float(view.right[last])


def paint_overlay(painter: QPainter, over: Overlay, cut: Cut, height: float, ink: Ink) -> None:
    """Draw selection, hovered bar and vertical line over a pane or axis of this height."""
    if over.selection is not None:
        left, right = (min(max(cut.x.at(x), 0.0), cut.x.width) for x in over.selection)
        painter.fillRect(QRectF(left, 0, right - left, height), ink["selection"])
        painter.setPen(ink.pen("accent"))
        for edge in (left, right):
            if 0 < edge < cut.x.width:
                painter.drawLine(QLineF(int(edge) + 0.5, 0, int(edge) + 0.5, height))
    if over.band is not None:
        left, right = (min(max(cut.x.at(x), 0.0), cut.x.width) for x in over.band)
        painter.fillRect(QRectF(left, 0, right - left, height), ink.faint("crosshair", 0.1))
    if over.x is not None:
        px = cut.x.at(over.x)
        if 0 <= px <= cut.x.width:
            painter.setPen(ink.pen("crosshair", 1.0, Qt.PenStyle.DashLine))
            at = int(px + 0.01) + 0.5  # a pixel that came back from its position is not to fall one short
            painter.drawLine(QLineF(at, 0, at, height))


def paint_value(painter: QPainter, y: float, text: str, cut: Cut, axis_width: float, ink: Ink) -> None:
    """Draw the horizontal line of the crosshair with the value at the axis."""
    painter.setPen(ink.pen("crosshair", 1.0, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(0, int(y) + 0.5, cut.x.width, int(y) + 0.5))
    height = ink.axis_metrics.height() + 4
    paint_tag(painter, QRectF(cut.x.width + 1, y - height / 2, axis_width - 1, height), text, ink)
