"""A derived line: point by point while its slots can be told apart, by first, lowest, highest and last from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.items.line import LineItem

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from core.series import FloatArray
    from core.timeline.lines import LineColumns
    from ui.chart.scale import XScale, YScale


class CurveItem:
    """The columns of a `core.timeline.lines.Line`, drawn through the middle of each."""

    def __init__(self, *, dots: bool = True) -> None:
        """Begin with nothing; `dots` marks the values where they stand some pixels apart."""
        self._line = LineItem(dots=dots)

    def set_data(self, left: FloatArray, right: FloatArray, columns: LineColumns, *, bridged: bool = False) -> None:
        """Take m columns: chart positions and the line in them. With `bridged` it runs on over columns without a value.

        Sentiment has gaps where nobody spoke; a price that was not traded for a minute still stood where it was.
        """
        x, y = _points(left, right, columns)
        if bridged:
            has = ~np.isnan(y)
            x, y = x[has], y[has]
        self._line.set_data(x, y, np.ones(len(x), np.bool_))

    def paint(
        self,
        painter: QPainter,
        x: XScale,
        y: YScale,
        colour: QColor,
        width: float = 1.0,
        below: tuple[float, QColor] | None = None,
    ) -> None:
        """Draw the line; `below` is a value and the colour of all that lies under it."""
        self._line.paint(painter, x, y, colour, width, below)


def extremes(columns: LineColumns, seen: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the smallest and largest value among the columns that are seen, or None where there is none."""
    low, high = columns.low[seen], columns.high[seen]
    has = np.isfinite(low) & np.isfinite(high)
    return (float(low[has].min()), float(high[has].max())) if has.any() else None


def _points(left: FloatArray, right: FloatArray, c: LineColumns) -> tuple[FloatArray, FloatArray]:
    """Return the points of the line: one a column, or four where a column has extremes of its own."""
    middle = (left + right) / 2
    if c.low is c.high:
        return middle, c.last
    # A column that rises goes by way of its lowest value first: no stroke is drawn twice.
    rising = ~(c.first > c.last)
    y = np.column_stack((c.first, np.where(rising, c.low, c.high), np.where(rising, c.high, c.low), c.last))
    # Points that would fall together are one: a column that stands alone must come out as a point.
    apart = np.column_stack((np.ones(len(y), np.bool_), np.diff(y, axis=1) != 0))
    apart[:, 1:] &= ~np.isnan(c.first)[:, None]
    return np.repeat(middle, apart.sum(axis=1)), y[apart]
