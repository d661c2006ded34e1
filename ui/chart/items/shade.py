"""What lies behind every pane: closures shaded, light lines at the ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.arrays import draw_rects, make_rects

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.series import FloatArray
    from ui.chart.arrays import Rects
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale


class Shade:
    """Closures and vertical grid lines from pixel to pixel. Made once a frame: panes differ in their height alone."""

    def __init__(self, x: XScale, left: FloatArray, right: FloatArray, minor: FloatArray, major: FloatArray) -> None:
        """Take the pixels of k closures and of the ticks."""
        self._ratio = x.ratio
        left = x.snap(left)
        self._closures = make_rects(left, 0.0, x.snap(right) - left, 1.0, x.ratio)
        self._minor, self._major = _lines(x, minor), _lines(x, major)

    def paint(self, painter: QPainter, height: float, ink: Ink) -> None:
        """Draw them over the full height of a pane."""
        bottom = round(height * self._ratio) - 1
        for rects, fill in (
            (self._closures, ink.solid("closure")),
            (self._minor, ink["grid"]),
            (self._major, ink["border"]),
        ):
            rects[:, 3] = bottom
            draw_rects(painter, rects, fill, self._ratio)


def _lines(x: XScale, px: FloatArray) -> Rects:
    line = max(round(x.ratio), 1) / x.ratio
    inside = px[(px >= 0) & (px <= x.width - line)]
    return make_rects(np.floor(inside * x.ratio) / x.ratio, 0.0, line, 1.0, x.ratio)
