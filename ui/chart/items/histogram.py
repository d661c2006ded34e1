"""Bars that stand on a base line: volume and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QColor

from ui.chart.arrays import fill_rects
from ui.chart.items.geometry import BODY, bar_px, span_px

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from core.series import FloatArray
    from ui.chart.scale import XScale, YScale


class HistogramItem:
    """Bars from `base` to `base + value`; a value of 0 or NaN draws nothing, any other at least 1 px."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._left = self._right = self._base = self._value = np.empty(0)
        self._kind: NDArray[Any] | None = None

    def set_data(
        self,
        left: FloatArray,
        right: FloatArray,
        value: FloatArray,
        base: FloatArray | None = None,
        kind: NDArray[Any] | None = None,
    ) -> None:
        """Take m columns: chart positions, lengths, where each begins (0 unless given), and of what kind each is."""
        has = value > 0
        self._left, self._right, self._value = left[has], right[has], value[has]
        self._base = np.zeros(len(self._value)) if base is None else base[has]
        self._kind = None if kind is None else kind[has]

    def paint(
        self, painter: QPainter, x: XScale, y: YScale, colour: QColor | Mapping[int, QColor], share: float = BODY
    ) -> None:
        """Draw all bars, each over `share` of its column, in one colour or in that of its kind."""
        if not len(self._value):
            return
        left, width = bar_px(x, self._left, self._right, share)
        top, height = span_px(x, y, self._base + self._value, self._base, 1.0)
        # A bar that was made higher to be seen must not hang below its base.
        bottom = np.minimum(top + height, x.snap(y.px(self._base)))
        top = np.minimum(top, bottom - 1.0)
        if isinstance(colour, QColor):
            fill_rects(painter, left, top, width, bottom - top, colour, x.ratio)
            return
        assert self._kind is not None  # noqa: S101  colours by kind are of columns with kinds
        for kind, fill in colour.items():
            of = self._kind == kind
            fill_rects(painter, left[of], top[of], width[of], (bottom - top)[of], fill, x.ratio)
