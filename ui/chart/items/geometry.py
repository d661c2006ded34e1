"""Pixels of columns, shared by the items that draw bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.series import FloatArray
    from ui.chart.scale import XScale, YScale

BODY = 0.75  # of a slot's width
NARROW_PX = 4.0


def bar_px(x: XScale, left: FloatArray, right: FloatArray, share: float = BODY) -> tuple[FloatArray, FloatArray]:
    """Return the left edge and width in pixels of bars over columns, on whole device pixels and at least one wide."""
    line = line_px(x)
    half = np.maximum(np.rint(((right - left) * (x.factor * share * x.ratio) - line) / 2), 0.0)
    return clip_px(x, middle_px(x, left, right) - half / x.ratio, (2 * half + line) / x.ratio)


def middle_px(x: XScale, left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the left edge in pixels of a thin line in the middle of columns.

    From afar a column may be in the picture by less than its middle. It holds bars that are to be seen all the same,
    the highest of all perhaps, so that its line is moved inside by the pixel or two that it takes.
    """
    low, high = x.px(left) * x.ratio, x.px(right) * x.ratio
    middle = np.floor((low + high) / 2)
    edge = np.flatnonzero((high > 0) & (low < x.width * x.ratio) & (high - low < NARROW_PX * x.ratio))
    middle[edge] = clipped(middle[edge], 0.0, np.floor(x.width * x.ratio) - line_px(x))
    return middle / x.ratio


def clip_px(x: XScale, left: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cut bars off at the edges of the picture; those outside get no width."""
    right = clipped(left + width, 0.0, x.width)
    left = clipped(left, 0.0, x.width)
    return left, right - left


def clipped(values: FloatArray, low: float, high: float) -> FloatArray:
    """Return the values cut off at two bounds: np.clip in half the time, which is what matters for some hundred."""
    return np.minimum(np.maximum(values, low), high)


def line_px(x: XScale) -> float:
    """Return the width of a thin line in device pixels."""
    return max(round(x.ratio), 1.0)


def span_px(x: XScale, y: YScale, a: FloatArray, b: FloatArray, least: float) -> tuple[FloatArray, FloatArray]:
    """Return top edge and height of bars from value `a` to value `b`, at least `least` pixels high, about their middle.

    Everything is cut off at the scale's pixels.
    """
    one, other = y.px(a), y.px(b)
    top, bottom = x.snap(np.minimum(one, other)), x.snap(np.maximum(one, other))
    lack = np.maximum(least - (bottom - top), 0.0)
    top = x.snap(top - lack / 2)
    bottom = np.maximum(bottom, top + least)
    top, bottom = (clipped(edge, y.top - least, y.bottom + least) for edge in (top, bottom))
    return top, bottom - top
