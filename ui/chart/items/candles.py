"""Candles: wicks and bodies, one call a colour each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.arrays import fill_rects
from ui.chart.items.geometry import bar_px, clip_px, line_px, middle_px, span_px

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.series import Candles, FloatArray
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale, YScale

# A bar locked at one price has no body and no wicks, yet it is the strongest bar there is.
LOCKED_PX = 3.0


class BarItem:
    """What candles and bars have alike: the columns that hold a bar."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._left = self._right = self._before = np.empty(0)
        self._open = self._high = self._low = self._close = np.empty(0)

    def set_data(self, left: FloatArray, right: FloatArray, candles: Candles, before: FloatArray) -> None:
        """Take m columns: chart positions, prices (NaN where there is no bar), and the close before each."""
        has = ~np.isnan(candles.close)
        self._left, self._right, self._before = left[has], right[has], before[has]
        self._open, self._high = candles.open[has], candles.high[has]
        self._low, self._close = candles.low[has], candles.close[has]


class CandleItem(BarItem):
    """Price bars. Rising and falling go by open and close; where these are equal, by the close before.

    Hollow ones go by the close before, and are hollow where they closed above their open.
    """

    def __init__(self, *, hollow: bool = False) -> None:
        """Begin with nothing."""
        super().__init__()
        self._hollow = hollow

    def paint(self, painter: QPainter, x: XScale, y: YScale, ink: Ink) -> None:
        """Draw all bars."""
        if not len(self._close):
            return
        left, width = bar_px(x, self._left, self._right)
        line = line_px(x) / x.ratio
        middle = middle_px(x, self._left, self._right)
        wick_left, wick_width = clip_px(x, middle, np.full(len(middle), line))
        wick_top, wick_height = span_px(x, y, self._high, self._low, 0.0)
        locked = self._high == self._low
        top, height = span_px(x, y, self._open, self._close, line)
        thick_top, thick = span_px(x, y, self._open, self._close, LOCKED_PX)
        top, height = np.where(locked, thick_top, top), np.where(locked, thick, height)
        if width.max() <= line:
            # From afar a body is no wider than its wick and lies within it: one rectangle a bar does for both.
            bottom = np.maximum(top + height, wick_top + wick_height)
            top = np.minimum(top, wick_top)
            height = bottom - top
            wick_left = wick_left[:0]
        opened = np.where(np.isnan(self._before), self._open, self._before) if self._hollow else self._open
        trend = direction(opened, self._close, self._before)
        for sign, name in ((1, "rise"), (-1, "fall"), (0, "flat")):
            of = trend == sign
            if of.any():
                if len(wick_left):
                    wicks = (wick_left[of], wick_top[of], wick_width[of], wick_height[of])
                    fill_rects(painter, *wicks, ink[name], x.ratio)
                fill_rects(painter, left[of], top[of], width[of], height[of], ink[name], x.ratio)
        if self._hollow:
            of = (self._close > self._open) & ~locked
            inner = (left[of] + line, top[of] + line, width[of] - 2 * line, height[of] - 2 * line)
            fill_rects(painter, *inner, ink["background"], x.ratio)


def direction(opened: FloatArray, closed: FloatArray, before: FloatArray) -> FloatArray:
    """Return 1 for a rise, -1 for a fall, 0 for neither: by open and close, or by the close before if these agree."""
    sign = np.sign(closed - opened)
    equal = np.flatnonzero(sign == 0)
    sign[equal] = (closed[equal] > before[equal]).astype(np.float64) - (closed[equal] < before[equal])
    return sign
