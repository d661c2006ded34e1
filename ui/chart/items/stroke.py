"""Smooth lines that cost microseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainterPath


STEEP_FROM = 150


def stroke(painter: QPainter, path: QPainterPath, colour: QColor, width: float, ratio: float) -> None:
    """Draw a smooth line, `width` pixels thick; `ratio` device pixels make one of them.

    An antialiased line of one device pixel is drawn by Qt segment by segment. Of any thicker one it makes an outline
    and fills that, which takes a hundred times as long: 13 ms instead of 0.13 for 300 points up and down. On a screen
    a thicker line is therefore made of thin ones, moved by half of what is missing to all four sides; one of very many
    points is steep nearly everywhere, so that to the left and right will do. That holds only for opaque colours, for
    where the thin lines overlap, others would come out darker: such a line stays thin. A file of curves (SVG, PDF) is
    not drawn pixel by pixel, so it gets the line as it is meant.
    """
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    moves = [QPointF(0.0, 0.0)]
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        pen.setWidthF(1.0)
        pen.setCosmetic(True)  # one pixel of the device
        lack = (width * ratio - 1.0) / 2 / ratio
        if lack > 0.0 and colour.alpha() == 255:
            sides = [QPointF(lack, 0.0), QPointF(-lack, 0.0), QPointF(0.0, lack), QPointF(0.0, -lack)]
            if path.elementCount() > STEEP_FROM:
                moves = sides[:2]
            else:
                moves = sides if lack * ratio <= 0.5 else [*moves, *sides]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for move in moves:
        painter.translate(move)
        painter.drawPath(path)
        painter.translate(-move)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
