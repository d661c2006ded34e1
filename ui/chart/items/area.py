"""The area under a line, down to the foot of its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from ui.chart.arrays import make_path
from ui.chart.items.line import cut_line

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from core.series import FloatArray
    from ui.chart.scale import XScale, YScale


class AreaItem:
    """One outline for all columns: a transparent rectangle for each would take ten times as long."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._x = self._y = np.empty(0)

    def set_data(self, left: FloatArray, right: FloatArray, value: FloatArray) -> None:
        """Take m columns: chart positions and values; columns without one (NaN) are bridged."""
        has = ~np.isnan(value)
        self._x, self._y = (left[has] + right[has]) / 2, value[has]

    def paint(self, painter: QPainter, x: XScale, y: YScale, colour: QColor) -> None:
        """Fill the area."""
        joined = np.ones(len(self._x), np.bool_)
        joined[-1:] = False
        px, py, _ = cut_line(x.px(self._x), np.clip(y.px(self._y), y.top, y.bottom), joined, x.width)
        if len(px) < 2:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        ends = np.array([px[-1], px[0]])
        outline = np.concatenate((px, ends)), np.concatenate((py, np.full(2, y.bottom)))
        painter.drawPath(make_path(*outline))
