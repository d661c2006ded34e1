"""Painting of legends and tags: pieces of text in a row, each in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from ui.chart.ink import Ink
    from ui.chart.panes.base import Segment

LEFT, TOP, LINE = 8.0, 4.0, 18.0


def paint_legend(painter: QPainter, lines: Sequence[Sequence[Segment]], width: float, ink: Ink) -> None:
    """Write the lines from the top left corner; what has no room to `width` is left out, the last piece cut short."""
    for row, segments in enumerate(lines):
        x = LEFT
        baseline = TOP + row * LINE + ink.metrics.ascent() + (LINE - ink.metrics.height()) / 2
        for segment in segments:
            metrics, font = (ink.bold_metrics, ink.bold) if segment.bold else (ink.metrics, ink.font)
            if x > LEFT:
                x += segment.gap
            room = width - LEFT - x
            if room < 16:
                break
            text, wide = segment.text, ink.text_width(segment.text, "bold" if segment.bold else "plain")
            if wide > room:
                text, wide = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), room
            painter.setFont(font)
            painter.setPen(ink[segment.colour])
            painter.drawText(QPointF(x, baseline), text)
            x += wide


def paint_tag(painter: QPainter, rect: QRectF, text: str, ink: Ink, colour: str = "tag") -> None:
    """Write a short text on a filled box."""
    painter.fillRect(rect, ink[colour])
    painter.setFont(ink.axis_font)
    painter.setPen(ink["on_tag"])
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
