"""Small flags for events: a pennant on a faint line; those that would overlap share one with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from ui.chart.arrays import fill_rects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from core.marks import Flag
    from core.series import FloatArray
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale

FLAG_W, FLAG_H = 9.0, 8.0
NEAR_PX = 12.0
COUNTED_PX = 22.0  # where the number of those that share a flag stands beside it


class FlagItem:
    """Events at chart positions."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._x = np.empty(0)
        self._events: Sequence[Flag] = ()
        self._placed: list[tuple[float, list[Flag]]] = []
        self._top = 0.0

    def set_data(self, x: FloatArray, events: Sequence[Flag]) -> None:
        """Take k chart positions and their flags."""
        order = np.argsort(x, kind="stable")
        self._x, self._events = x[order], [events[i] for i in order]

    def paint(self, painter: QPainter, x: XScale, top: float, height: float, ink: Ink) -> None:
        """Draw the flags with their upper edge at `top`, their lines down to `height`."""
        self._top = top
        self._placed = self._gather(x)
        # One call for all lines, in one colour without transparency: dotted lines would cost ten times as much.
        lines = np.floor(np.array([px for px, _ in self._placed]))
        fill_rects(painter, lines, top, 1.0, height - top, ink.solid("flag", 0.3), x.ratio)
        for px, events in self._placed:
            at = np.floor(px) + 0.5
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink["flag"])
            # Beyond the right edge a flag waves to the left.
            way = -1 if at + FLAG_W > x.width else 1
            corners = (
                QPointF(at - 0.5 * way, top),
                QPointF(at + FLAG_W * way, top + FLAG_H / 2),
                QPointF(at - 0.5 * way, top + FLAG_H),
            )
            painter.drawPolygon(QPolygonF(corners))
            if len(events) > 1:
                painter.setFont(ink.axis_font)
                painter.setPen(ink["flag"])
                wide = ink.axis_metrics.horizontalAdvance(str(len(events)))
                left = at + FLAG_W + 1 if way > 0 else at - FLAG_W - 1 - wide
                painter.drawText(QPointF(left, top + FLAG_H), str(len(events)))

    def _gather(self, x: XScale) -> list[tuple[float, list[Flag]]]:
        low, high = np.searchsorted(self._x, (x.x0, x.x1))
        found: list[tuple[float, list[Flag]]] = []
        for px, event in zip(x.px(self._x[low:high]).tolist(), self._events[low:high], strict=True):
            if found and px - found[-1][0] < (COUNTED_PX if len(found[-1][1]) > 1 else NEAR_PX):
                found[-1][1].append(event)
            else:
                found.append((px, [event]))
        return found

    def at(self, px: float, py: float) -> list[Flag]:
        """Return the flags under a pixel."""
        if not self._top - 3 <= py <= self._top + FLAG_H + 3:
            return []
        return next((events for at, events in self._placed if at - 4 <= px <= at + FLAG_W + 4), [])
