"""A line that never runs over a gap, with points where it is sparse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.quantiles import median
from ui.chart.arrays import fill_rects, make_path
from ui.chart.items.geometry import clipped
from ui.chart.items.stroke import stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from core.series import FloatArray
    from ui.chart.scale import XScale, YScale

# Among points nearer than these nobody sees how thick a line is, only how dense.
THICK_GAP_PX = 2.5
POINT_GAP_PX = 7.0


class LineItem:
    """Points joined by a line or by steps, except where `joined` says that nothing lies between."""

    def __init__(self, *, dots: bool = True) -> None:
        """Begin with nothing; without `dots` only values that stand alone get a point."""
        self._x = self._y = np.empty(0)
        self._joined = np.empty(0, np.bool_)
        self._step = False
        self._dots = dots

    def set_data(self, x: FloatArray, y: FloatArray, joined: NDArray[np.bool_], *, step: bool = False) -> None:
        """Take n points; `joined[i]` tells whether point i and the next one (its value finite too) are connected."""
        has = ~np.isnan(y)
        joined = joined & has & np.append(has[1:], False)
        self._x, self._y, self._joined = x[has], y[has], joined[has]
        self._step = step

    def paint(
        self,
        painter: QPainter,
        x: XScale,
        y: YScale,
        colour: QColor,
        width: float = 1.0,
        below: tuple[float, QColor] | None = None,
    ) -> None:
        """Draw the line, and points where they stand at least some pixels apart or alone.

        `below` is a value and the colour of all that lies under it.
        """
        if not len(self._x):
            return
        px, py, joined = x.px(self._x), y.px(self._y), self._joined
        alone = ~joined & ~np.concatenate(([False], joined[:-1]))
        sparse = self._dots and _stand_apart(px, POINT_GAP_PX)
        dots = np.full(len(px), True) if sparse else alone
        dots &= (px >= 0) & (px <= x.width)
        line_x, line_y, line_joined = cut_line(px, py, joined, x.width)
        if self._step:
            line_x, line_y, line_joined = make_steps(line_x, line_y, line_joined)
        if len(line_x) > x.width / THICK_GAP_PX:
            width = 1.0 / x.ratio
        if below is None:
            _stroke(painter, line_x, line_y, line_joined, colour, width, x.ratio)
        else:
            level = y.at(below[0])
            line_x, line_y, line_joined = split_line(line_x, line_y, line_joined, level)
            middle = (line_y + np.append(line_y[1:], line_y[-1:])) / 2
            over = middle < level if y.at(below[0] + 1) < level else middle > level
            _stroke(painter, line_x, line_y, line_joined & over, colour, width, x.ratio)
            _stroke(painter, line_x, line_y, line_joined & ~over, below[1], width, x.ratio)
        if not dots.any():
            return
        size = 4.0 if sparse else 2.0
        dot_left = clipped(x.snap(px[dots] - size / 2), 0.0, x.width - size)
        dot_top = x.snap(py[dots] - size / 2)
        if below is None:
            fill_rects(painter, dot_left, dot_top, size, size, colour, x.ratio)
        else:
            under = self._y[dots] < below[0]
            fill_rects(painter, dot_left[~under], dot_top[~under], size, size, colour, x.ratio)
            fill_rects(painter, dot_left[under], dot_top[under], size, size, below[1], x.ratio)


def _stand_apart(px: FloatArray, gap: float) -> bool:
    """Say whether half of the points or more stand at least `gap` pixels from the next."""
    if len(px) < 2:
        return True
    # So many points that half of the gaps would be longer than the whole line need no look.
    if (len(px) - 1) / 2 * gap > px[-1] - px[0]:
        return False
    return median(np.diff(px)) >= gap


def _stroke(
    painter: QPainter,
    x: FloatArray,
    y: FloatArray,
    joined: NDArray[np.bool_],
    colour: QColor,
    width: float,
    ratio: float,
) -> None:
    if joined.any():
        stroke(painter, make_path(x, y, joined), colour, width, ratio)


def split_line(
    x: FloatArray, y: FloatArray, joined: NDArray[np.bool_], level: float
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Add a point wherever the line crosses a level, so that each piece lies on one side of it."""
    cross = np.flatnonzero(joined[:-1] & ((y[:-1] - level) * (y[1:] - level) < 0))
    if not len(cross):
        return x, y, joined
    share = (level - y[cross]) / (y[cross + 1] - y[cross])
    at = x[cross] + share * (x[cross + 1] - x[cross])
    return (
        np.insert(x, cross + 1, at),
        np.insert(y, cross + 1, np.full(len(cross), level)),
        np.insert(joined, cross + 1, np.full(len(cross), fill_value=True)),
    )


def cut_line(
    px: FloatArray, py: FloatArray, joined: NDArray[np.bool_], width: float
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Cut a line off at the pixels 0 and `width`: the piece that crosses an edge ends on it."""
    inside = np.flatnonzero((px >= 0) & (px <= width))
    if not len(inside):
        over = np.flatnonzero(joined & (px < 0) & (np.append(px[1:], np.inf) > width))
        if not len(over):
            return px[:0], py[:0], joined[:0]
        i = int(over[0])
        ends = np.interp((0.0, width), px[i : i + 2], py[i : i + 2])
        return np.array([0.0, width]), ends, np.array([True, False])
    first, last = int(inside[0]), int(inside[-1])
    x, y, j = px[first : last + 1], py[first : last + 1], joined[first : last + 1]
    if first > 0 and joined[first - 1]:
        y = np.concatenate(([np.interp(0.0, px[first - 1 : first + 1], py[first - 1 : first + 1])], y))
        x, j = np.concatenate(([0.0], x)), np.concatenate(([True], j))
    if last + 1 < len(px) and joined[last]:
        y = np.append(y, np.interp(width, px[last : last + 2], py[last : last + 2]))
        x, j = np.append(x, width), np.append(j, False)
    return x, y, j


def make_steps(
    x: FloatArray, y: FloatArray, joined: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Turn a line into steps: a value holds until the next one."""
    if len(x) < 2:
        return x, y, joined
    n = len(x)
    step_x, step_y = np.empty(2 * n - 1), np.empty(2 * n - 1)
    step_x[::2], step_y[::2] = x, y
    step_x[1::2], step_y[1::2] = x[1:], y[:-1]
    step_joined = np.empty(2 * n - 1, np.bool_)
    step_joined[::2] = joined
    step_joined[1::2] = joined[:-1]
    return step_x, step_y, step_joined
