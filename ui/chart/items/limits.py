"""Price limits: a small tick where a bar could not have gone further, and a mark on bars that were locked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from core.quantiles import median
from ui.chart.arrays import fill_rects
from ui.chart.items.geometry import bar_px, line_px

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.series import FloatArray
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale, YScale

# Narrower bars have no room for ticks, and still narrower ones none for marks.
TICK_PX, MARK_PX = 5.0, 3.0
_WIDE, _HIGH, _GAP = 11.0, 7.0, 4.0


class LimitItem:
    """Limits of m bars, and 1 or -1 where a bar was locked at the upper or lower one."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._left = self._right = self._up = self._down = self._locked = np.empty(0)

    def set_data(
        self, left: FloatArray, right: FloatArray, up: FloatArray, down: FloatArray, locked: FloatArray
    ) -> None:
        """Take m columns: chart positions, upper and lower limit (NaN: unknown), and where the bar was locked."""
        self._left, self._right, self._up, self._down, self._locked = left, right, up, down, locked

    def paint(self, painter: QPainter, x: XScale, y: YScale, ink: Ink) -> None:
        """Draw ticks and marks of those within the scale."""
        if not len(self._left):
            return
        left, width = bar_px(x, self._left, self._right)
        if median(width) >= TICK_PX:
            line = line_px(x) / x.ratio
            for price, name in ((self._up, "rise"), (self._down, "fall")):
                has = (price >= y.low) & (price <= y.high)
                top = x.snap(y.px(price[has])) - line / 2
                fill_rects(painter, left[has], top, width[has], line, ink.solid(name, 0.6), x.ratio)
        if median(width) >= MARK_PX:
            self._paint_marks(painter, x, y, left + width / 2, ink)

    def _paint_marks(self, painter: QPainter, x: XScale, y: YScale, middle: FloatArray, ink: Ink) -> None:
        """Draw a triangle that points where the price wanted to go, beyond the bar."""
        painter.setPen(Qt.PenStyle.NoPen)
        for i in np.flatnonzero(self._locked).tolist():
            rising = self._locked[i] > 0
            at, px = y.at(float(self._up[i] if rising else self._down[i])), float(middle[i])
            if not (y.top <= at <= y.bottom and 0 <= px <= x.width):
                continue
            way = -1.0 if rising else 1.0
            base = at + way * _GAP
            painter.setBrush(ink["rise" if rising else "fall"])
            corners = (
                QPointF(px - _WIDE / 2, base),
                QPointF(px + _WIDE / 2, base),
                QPointF(px, base + way * _HIGH),
            )
            painter.drawPolygon(QPolygonF(corners))
