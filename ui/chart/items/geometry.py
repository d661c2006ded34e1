"""Pixels of columns, shared by the items that draw bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.series import FloatArray
    from ui.chart.scale import XScale, YScale

BODY = 0.75  # of a slot's width


def bar_px(x: XScale, left: FloatArray, right: FloatArray, share: float = BODY) -> tuple[FloatArray, FloatArray]:
    """Return the left edge and width in pixels of bars over columns, on whole device pixels and at least one wide."""
    low, high = x.px(left), x.px(right)
    middle = np.floor((low + high) * (0.5 * x.ratio))
    line = line_px(x)
    half = np.maximum(np.floor(((high - low) * share * x.ratio - line) / 2), 0.0)
    return clip_px(x, (middle - half) / x.ratio, (2 * half + line) / x.ratio)


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
