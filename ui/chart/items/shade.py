"""What lies behind every pane: closures shaded, light lines at the ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.arrays import fill_rects

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.series import FloatArray
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale


class ShadeItem:
    """Closures and vertical grid lines, from pixel to pixel."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._left = self._right = self._minor = self._major = np.empty(0)

    def set_data(self, left: FloatArray, right: FloatArray, minor: FloatArray, major: FloatArray) -> None:
        """Take the pixels of k closures and of the ticks."""
        self._left, self._right, self._minor, self._major = left, right, minor, major

    def paint(self, painter: QPainter, x: XScale, height: float, ink: Ink) -> None:
        """Draw them over the full height."""
        left, right = x.snap(self._left), x.snap(self._right)
        fill_rects(painter, left, 0.0, right - left, height, ink.solid("closure"), x.ratio)
        line = max(round(x.ratio), 1) / x.ratio
        for px, name in ((self._minor, "grid"), (self._major, "border")):
            inside = px[(px >= 0) & (px <= x.width - line)]
            fill_rects(painter, np.floor(inside * x.ratio) / x.ratio, 0.0, line, height, ink[name], x.ratio)
