"""The newest figures as tags on the axis: of the price, and of the symbols it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ui.chart.panes.base import AXIS_PAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QPainter

    from ui.chart.ink import Ink


@dataclass(frozen=True, slots=True)
class Tag:
    """A figure on the axis: the pixel of its middle, its text, and the name of its colour."""

    at: float
    text: str
    colour: str


def tag_height(ink: Ink) -> float:
    """Return the height of a tag in pixels."""
    return ink.axis_metrics.height() + 4


def apart(tags: Iterable[Tag], height: float, bottom: float) -> list[Tag]:
    """Return the tags from the top, moved no further than it takes that none of this height covers another.

    They go down, and up again from the pixel `bottom`.
    """
    found: list[Tag] = []
    for tag in sorted(tags, key=lambda t: t.at):
        least = found[-1].at + height if found else tag.at
        found.append(replace(tag, at=max(tag.at, least)))
    most = bottom - height / 2
    for place in range(len(found) - 1, -1, -1):
        found[place] = replace(found[place], at=min(found[place].at, most))
        most = found[place].at - height
    return found


def paint_tags(painter: QPainter, tags: Sequence[Tag], left: float, width: float, ink: Ink) -> None:
    """Draw the tags on the axis that begins at the pixel `left`."""
    height = tag_height(ink)
    painter.setFont(ink.axis_font)
    for tag in tags:
        rect = QRectF(left + 1, round(tag.at - height / 2), width - 1, height)
        painter.fillRect(rect, ink[tag.colour])
        painter.setPen(ink["background"])
        painter.drawText(QPointF(rect.left() + AXIS_PAD - 1, rect.top() + 2 + ink.axis_metrics.ascent()), tag.text)
