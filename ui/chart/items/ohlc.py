"""Price bars as American charts draw them: a line from low to high, the open on its left, the close on its right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.arrays import fill_rects
from ui.chart.items.candles import BarItem, direction
from ui.chart.items.geometry import bar_px, clip_px, line_px, middle_px, span_px

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.chart.ink import Ink
    from ui.chart.scale import XScale, YScale


class OhlcItem(BarItem):
    """Bars coloured as candles are."""

    def paint(self, painter: QPainter, x: XScale, y: YScale, ink: Ink) -> None:
        """Draw all bars."""
        if not len(self._close):
            return
        left, width = bar_px(x, self._left, self._right)
        line = line_px(x) / x.ratio
        stem = line if width.max() < 7 else 2 * line
        middle = middle_px(x, self._left, self._right)
        stem_left, stem_width = clip_px(x, middle, np.full(len(middle), stem))
        top, height = span_px(x, y, self._high, self._low, line)
        trend = direction(self._open, self._close, self._before)
        opened, opened_height = span_px(x, y, self._open, self._open, stem)
        closed, closed_height = span_px(x, y, self._close, self._close, stem)
        for sign, name in ((1, "rise"), (-1, "fall"), (0, "flat")):
            of = trend == sign
            if not of.any():
                continue
            fill_rects(painter, stem_left[of], top[of], stem_width[of], height[of], ink[name], x.ratio)
            if width.max() > line:
                to_middle = np.maximum(stem_left - left, 0.0)[of]
                fill_rects(painter, left[of], opened[of], to_middle, opened_height[of], ink[name], x.ratio)
                from_middle = np.maximum(left + width - stem_left, 0.0)[of]
                fill_rects(painter, stem_left[of], closed[of], from_middle, closed_height[of], ink[name], x.ratio)
