"""Lines of other instruments, rebased so that they begin where the pane's own price begins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.timeline.comparison import base_value
from ui.chart.items.curve import CurveItem, extremes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from core.timeline import Reading
    from core.timeline.comparison import Compared
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.scale import YScale


@dataclass(slots=True)
class _Curve:
    compared: Compared
    curve: CurveItem
    base: float = math.nan


class ComparedItem:
    """The compared instruments of a tape, from the colour at `first` on."""

    def __init__(self, first: int) -> None:
        """Begin with none; `first` is the place of the first one's colour."""
        self._first = first
        self._curves: list[_Curve] = []
        self._price = math.nan  # to which they are rebased

    def set_data(self, cut: Cut, compared: Sequence[Compared], index: int, base: float) -> tuple[float, float] | None:
        """Take the instruments, rebased at slot `index` to the price `base`; return the range in sight, or None."""
        if [c.compared for c in self._curves] != list(compared):
            self._curves = [_Curve(c, CurveItem(dots=False)) for c in compared]
        self._price = base
        bounds: list[tuple[float, float]] = []
        for c in self._curves:
            c.base = base_value(c.compared.close, index)
            columns = c.compared.close.columns(cut.frame).scaled(base / c.base if c.base else math.nan)
            c.curve.set_data(cut.frame.left, cut.frame.right, columns, bridged=True)
            found = extremes(columns, cut.seen)
            if found is not None:
                bounds.append(found)
        return (min(b[0] for b in bounds), max(b[1] for b in bounds)) if bounds else None

    def paint(self, painter: QPainter, cut: Cut, y: YScale, ink: Ink) -> None:
        """Draw the lines."""
        for place, c in enumerate(self._curves):
            c.curve.paint(painter, cut.x, y, ink[ink.metric(self._first + place)], 1.5)

    def newest(self) -> list[tuple[float, int]]:
        """Return where the newest close of each stands on the axis, and the place of its colour."""
        closes = [c.compared.last_before(len(c.compared.close)) for c in self._curves]
        return [
            (self._price * close / c.base if c.base else math.nan, self._first + place)
            for place, (c, close) in enumerate(zip(self._curves, closes, strict=True))
        ]

    def figures(self, reading: Reading) -> list[tuple[Compared, int, float, float]]:
        """Return each instrument with the place of its colour, its last close at the reading, and that in percent."""
        found: list[tuple[Compared, int, float, float]] = []
        for place, c in enumerate(self._curves):
            first, count = reading.last_slots
            close = c.compared.last_before(first + count)
            found.append((c.compared, self._first + place, close, 100 * (close / c.base - 1) if c.base else math.nan))
        return found
