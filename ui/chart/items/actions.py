"""Splits and dividends: a letter in a small box at the foot of the pane, on the bar that first trades without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from core.model import ActionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from core.model import Action
    from core.series import FloatArray
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale

SIDE = 14.0


class ActionItem:
    """Actions at chart positions; those that would overlap share a box, a split's letter before a dividend's."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._x = np.empty(0)
        self._actions: Sequence[Action] = ()
        self._placed: list[tuple[QRectF, list[Action]]] = []

    def set_data(self, x: FloatArray, actions: Sequence[Action]) -> None:
        """Take k chart positions in order, and their actions."""
        self._x, self._actions = x, actions

    def paint(self, painter: QPainter, x: XScale, bottom: float, ink: Ink) -> None:
        """Draw the boxes with their lower edge at a pixel."""
        self._placed = self._gather(x, bottom)
        painter.setFont(ink.axis_font)
        for box, actions in self._placed:
            split = any(a.kind is ActionKind.SPLIT for a in actions)
            painter.setPen(ink.pen("flag"))
            painter.setBrush(ink["flag"] if split else ink["background"])
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(ink["background"] if split else ink["flag"])
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "S" if split else "D")

    def _gather(self, x: XScale, bottom: float) -> list[tuple[QRectF, list[Action]]]:
        low, high = np.searchsorted(self._x, (x.x0, x.x1))
        found: list[tuple[QRectF, list[Action]]] = []
        for px, action in zip(x.px(self._x[low:high]).tolist(), self._actions[low:high], strict=True):
            left = np.floor(min(max(px - SIDE / 2, 0.0), x.width - SIDE)) + 0.5
            if found and left - found[-1][0].left() < SIDE + 1:
                found[-1][1].append(action)
            else:
                found.append((QRectF(left, np.floor(bottom - SIDE) - 0.5, SIDE, SIDE), [action]))
        return found

    def at(self, px: float, py: float) -> list[Action]:
        """Return the actions of the box under a pixel."""
        return next((actions for box, actions in self._placed if box.adjusted(-2, -2, 2, 2).contains(px, py)), [])
