"""Painting of drawings on any device: a pane of the window, a PNG, SVG or PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from core.drawings import DrawingKind
from ui.chart.drawings.shape import GRIP, TEXT_PAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.chart.drawings.shape import Point, Shape
    from ui.chart.ink import Ink

FILL = 0.14
ARROW = 5.0
HEAD = 76.0  # legend and flags of a high pane


def label_size(lines: Sequence[str], ink: Ink) -> Point:
    """Return the width and height that some lines of text need in pixels, (0, 0) for none."""
    if not lines:
        return 0.0, 0.0
    metrics: QFontMetricsF = ink.metrics
    return max(metrics.horizontalAdvance(line) for line in lines), metrics.height() * len(lines)


def colour_of(shape: Shape, ink: Ink) -> QColor:
    """Return the colour of a drawing: its own, or that of the theme."""
    if shape.drawing.colour:
        return QColor(shape.drawing.colour)
    if shape.kind is DrawingKind.MEASURE:
        return ink["rise" if shape.drawing.anchors[1].value >= shape.drawing.anchors[0].value else "fall"]
    return ink["text" if shape.kind is DrawingKind.TEXT else "accent"]


def paint_shape(painter: QPainter, shape: Shape, lines: Sequence[str], ink: Ink, *, faint: bool = False) -> None:
    """Draw a drawing with its text. A `faint` one is not decided yet."""
    colour = colour_of(shape, ink)
    pen = QPen(colour, shape.drawing.width, Qt.PenStyle.DashLine if faint else Qt.PenStyle.SolidLine)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.save()
    painter.setClipRect(QRectF(0, 0, shape.width, shape.height), Qt.ClipOperation.IntersectClip)
    if shape.kind in {DrawingKind.RECTANGLE, DrawingKind.MEASURE}:
        _paint_box(painter, shape, colour, pen)
    slanted = shape.kind is DrawingKind.TREND
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, slanted or shape.kind is DrawingKind.MEASURE)
    ends = shape.line()
    if ends is not None and shape.kind is not DrawingKind.MEASURE:
        painter.setPen(pen)
        painter.drawLine(_sharp(*ends) if not slanted else QLineF(QPointF(*ends[0]), QPointF(*ends[1])))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if lines:
        _paint_label(painter, shape, lines, colour, ink)
    painter.restore()


def paint_grips(painter: QPainter, shape: Shape, ink: Ink, active: int | None = None) -> None:
    """Draw the grips of the chosen drawing; the one that the keys move is filled."""
    painter.save()
    painter.setClipRect(QRectF(0, 0, shape.width, shape.height), Qt.ClipOperation.IntersectClip)
    painter.setPen(ink.pen("accent", 1.0))
    for index, (x, y) in enumerate(shape.grips()):
        if -GRIP <= x <= shape.width + GRIP and -GRIP <= y <= shape.height + GRIP:
            painter.setBrush(ink["accent"] if index == active else ink["background"])
            painter.drawRect(QRectF(int(x) - GRIP + 0.5, int(y) - GRIP + 0.5, 2 * GRIP, 2 * GRIP))
    if shape.kind is DrawingKind.TEXT:
        left, top, right, bottom = shape.box
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen("accent", 1.0, Qt.PenStyle.DotLine))
        painter.drawRect(QRectF(left - 3.5, top - 1.5, right - left + 7, bottom - top + 3))
    painter.restore()


def _paint_box(painter: QPainter, shape: Shape, colour: QColor, pen: QPen) -> None:
    (x, y), (u, v) = shape.points
    rect = QRectF(QPointF(min(x, u), min(y, v)), QPointF(max(x, u), max(y, v)))
    room = QRectF(-8, -8, shape.width + 16, shape.height + 16)
    fill = QColor(colour)
    fill.setAlphaF(FILL)
    painter.fillRect(rect.intersected(room), fill)
    if shape.kind is DrawingKind.RECTANGLE:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawRect(rect.intersected(room))
        return
    # A measure is a cross of two arrows: how far, and how long.
    painter.setPen(pen)
    middle = rect.center()
    for start, end in (
        (QPointF(x, middle.y()), QPointF(u, middle.y())),
        (QPointF(middle.x(), y), QPointF(middle.x(), v)),
    ):
        _paint_arrow(painter, start, end, room)


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, room: QRectF) -> None:
    shaft = QLineF(_within(start, room), _within(end, room))
    painter.drawLine(shaft)
    if shaft.length() < 2 * ARROW or not room.contains(end):
        return
    along = QPointF(shaft.dx(), shaft.dy()) / shaft.length()
    across = QPointF(-along.y(), along.x())
    for side in (1, -1):
        painter.drawLine(end, end - along * ARROW + across * (ARROW * 0.7 * side))


def _within(point: QPointF, room: QRectF) -> QPointF:
    return QPointF(min(max(point.x(), room.left()), room.right()), min(max(point.y(), room.top()), room.bottom()))


def _sharp(start: Point, end: Point) -> QLineF:
    return QLineF(int(start[0]) + 0.5, int(start[1]) + 0.5, int(end[0]) + 0.5, int(end[1]) + 0.5)


def label_at(shape: Shape) -> Point:
    """Return the upper left corner of a drawing's text."""
    x, y = shape.points[0]
    wide, tall = shape.label
    match shape.kind:
        case DrawingKind.TEXT:
            return x, y - tall
        case DrawingKind.HORIZONTAL:
            return max(shape.width - wide - 2 * TEXT_PAD, TEXT_PAD), y - tall - TEXT_PAD
        case DrawingKind.VERTICAL:
            return x + 2 * TEXT_PAD, shape.height - tall - TEXT_PAD
        case DrawingKind.RECTANGLE:
            u, v = shape.points[1]
            return max(min(x, u), 0.0) + 2 * TEXT_PAD, min(y, v) + TEXT_PAD
        case DrawingKind.MEASURE:
            return _beside(shape)
        case _:
            u, v = shape.points[1]
            return (x + u - wide) / 2, (y + v) / 2 - tall - 2 * TEXT_PAD


def _beside(shape: Shape) -> Point:
    """Return where a measure's figures stand: beyond its second point, within the pane as far as it goes."""
    (x, y), (u, v) = shape.points
    wide, tall = shape.label
    left = (x + u - wide) / 2
    top = v + 3 * TEXT_PAD if v >= y else v - tall - 3 * TEXT_PAD
    if min(x, u) <= shape.width and max(x, u) >= 0:
        left = min(max(left, 2 * TEXT_PAD), max(shape.width - wide - 2 * TEXT_PAD, 2 * TEXT_PAD))
    if min(y, v) <= shape.height and max(y, v) >= 0:
        # Below legend and flags where the pane is high enough, or else wherever there is room.
        least = HEAD if shape.height > 2 * HEAD + tall else TEXT_PAD
        top = min(max(top, least), max(shape.height - tall - TEXT_PAD, TEXT_PAD))
    return left, top


def _paint_label(painter: QPainter, shape: Shape, lines: Sequence[str], colour: QColor, ink: Ink) -> None:
    left, top = label_at(shape)
    wide, tall = shape.label
    painter.setFont(ink.font)
    if shape.kind is DrawingKind.MEASURE:
        back = QRectF(left - 2 * TEXT_PAD, top - TEXT_PAD, wide + 4 * TEXT_PAD, tall + 2 * TEXT_PAD)
        painter.fillRect(back, ink["tag"])
        painter.fillRect(QRectF(back.left(), back.top(), 2, back.height()), colour)
        painter.setPen(ink["on_tag"])
    else:
        painter.setPen(colour)
    for row, line in enumerate(lines):
        painter.drawText(QPointF(left, top + row * ink.metrics.height() + ink.metrics.ascent()), line)
