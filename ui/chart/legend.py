"""Painting of legends and tags: pieces of text in a row, each in its colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from ui.chart.ink import Ink

LEFT, TOP, LINE = 8.0, 4.0, 18.0
LEAST_ROOM = 16.0  # for a piece that is cut short


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a legend: text, the name of its colour, whether it is bold, and the pixels before it.

    Where a line has no room for all, those of the highest rank above 0 are left out first. A piece with a `target` can
    be clicked: it says of what the menu is.
    """

    text: str
    colour: str = "text"
    bold: bool = False
    gap: float = 9.0
    rank: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Where a legend stands: the pieces with a target, and the pixel at which each line ends."""

    targets: list[tuple[QRectF, str]] = field(default_factory=list[tuple[QRectF, str]])
    ends: list[float] = field(default_factory=list[float])


def paint_legend(painter: QPainter, lines: Sequence[Sequence[Segment]], width: float, ink: Ink) -> Written:
    """Write the lines from the top left corner; what has no room to `width` is left out, the last piece cut short."""
    written = Written()
    for row, segments in enumerate(lines):
        x = LEFT
        baseline = TOP + row * LINE + ink.metrics.ascent() + (LINE - ink.metrics.height()) / 2
        for segment in fitting(segments, width - 2 * LEFT, ink):
            metrics, font = (ink.bold_metrics, ink.bold) if segment.bold else (ink.metrics, ink.font)
            if x > LEFT:
                x += segment.gap
            room = width - LEFT - x
            if room < LEAST_ROOM:
                break
            text, wide = segment.text, _wide(segment, ink)
            if wide > room:
                text, wide = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), room
            painter.setFont(font)
            painter.setPen(ink[segment.colour])
            painter.drawText(QPointF(x, baseline), text)
            if segment.target:
                left = x if segment is segments[0] else x - segment.gap
                written.targets.append((QRectF(left, TOP + row * LINE, x + wide - left, LINE), segment.target))
            x += wide
        written.ends.append(x)
    return written


def fitting(segments: Sequence[Segment], room: float, ink: Ink) -> list[Segment]:
    """Return the pieces of a line that are written where it has `room` pixels: by rank, until the rest fits."""
    kept = list(segments)
    while kept and sum(_wide(s, ink) + s.gap for s in kept) - kept[0].gap > room:
        last = max(s.rank for s in kept)
        if last <= 0:
            break
        kept = [s for s in kept if s.rank < last]
    return kept


def _wide(segment: Segment, ink: Ink) -> float:
    return ink.text_width(segment.text, "bold" if segment.bold else "plain")


def paint_tag(painter: QPainter, rect: QRectF, text: str, ink: Ink, colour: str = "tag") -> None:
    """Write a short text on a filled box."""
    painter.fillRect(rect, ink[colour])
    painter.setFont(ink.axis_font)
    painter.setPen(ink["on_tag"])
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
