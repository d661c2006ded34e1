"""Closures that can be read: what each is called, and the small label that it carries where it is wide enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from core.clock import shown_name
from core.clock.closures import LUNCH, closure_table
from ui.i18n import later, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.clock import Calendar, ClosureKind, Language
    from core.series import FloatArray
    from core.timeline import Span, View
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale

# Below this many pixels a closure cannot be told from a line and would only make the picture grey.
CLOSURE_PX = 3.0
# From this width on a label stands upright in the slot, at the edge below it.
LABEL_PX = 15.0
PAD = 4.0
FOOT = 6.0

_NAMES: dict[ClosureKind, str] = {
    "lunch": later("Lunch"),
    "night": later("Night"),
    "weekend": later("Weekend"),
    "holiday": later("Holiday"),
    "between": later("Between sessions"),
}


@dataclass(frozen=True, slots=True)
class ClosureLabel:
    """What a closure between two pixels is called."""

    left: float
    right: float
    text: str


def closure_name(kind: ClosureKind, name: str, language: Language) -> str:
    """Return what a closure is called: its holiday where that is known, else its kind."""
    return shown_name(name, language) or tr(_NAMES[kind])


def name_of_span(calendar: Calendar, span: Span, language: Language) -> str:
    """Return what the closure is called in which most of a span lies."""
    table = closure_table(calendar)
    part = table.overlapping(span.start, span.end)
    if part.start == part.stop:
        return tr("closed")
    shared = np.minimum(table.end[part], span.end) - np.maximum(table.start[part], span.start)
    found = table.at(part.start + int(np.argmax(shared)))
    return closure_name(found.kind, found.name, language)


def closures_in(view: View, scale: XScale, language: Language) -> tuple[FloatArray, FloatArray, list[ClosureLabel]]:
    """Return left and right pixel of the closures that can be seen, and the labels of those that can be read.

    Lunch is shown where bars are cut by it: in intraday charts.
    """
    start, end = (int(t) for t in view.clock.to_ms(np.array([scale.x0, scale.x1])))
    table = closure_table(view.tape.calendar)
    part = table.overlapping(start, end)
    if (part.stop - part.start) * CLOSURE_PX > 2 * scale.width:
        return np.empty(0), np.empty(0), []
    left = scale.px(view.clock.to_x(table.start[part]))
    right = scale.px(view.clock.to_x(table.end[part]))
    wide = right - left >= CLOSURE_PX
    if not view.tape.interval.intraday:
        wide &= table.kind[part] != LUNCH
    index = np.flatnonzero(wide)
    left, right = np.clip(left[wide], 0, scale.width), np.clip(right[wide], 0, scale.width)
    labels: list[ClosureLabel] = []
    for k in np.flatnonzero(right - left >= LABEL_PX).tolist():
        found = table.at(part.start + int(index[k]))
        text = closure_name(found.kind, found.name, language)
        labels.append(ClosureLabel(float(left[k]), float(right[k]), text))
    return left, right, labels


def paint_labels(painter: QPainter, labels: list[ClosureLabel], height: float, ink: Ink) -> None:
    """Write the labels at the foot of a pane: level where the slot has room for it, else upright, else not at all."""
    painter.setFont(ink.axis_font)
    painter.setPen(ink["muted"])
    foot = height - FOOT - ink.axis_metrics.descent()
    for label in labels:
        wide = ink.text_width(label.text, "axis")
        middle = (label.left + label.right) / 2
        if wide + 2 * PAD <= label.right - label.left:
            painter.drawText(QPointF(middle - wide / 2, foot), label.text)
        elif label.right - label.left >= LABEL_PX and any(map(_stands, label.text)):
            _paint_column(painter, label.text, middle, foot, height / 2, ink)
        elif label.right - label.left >= LABEL_PX:
            _paint_turned(painter, label.text, middle, height, ink)


def _stands(character: str) -> bool:
    """Say whether a character is written upright in a column, as Chinese is."""
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


def _paint_column(painter: QPainter, text: str, middle: float, foot: float, most: float, ink: Ink) -> None:
    step = ink.axis_metrics.height()
    shown = [c for c in text if not c.isspace()][: max(int(most / step), 1)]
    for place, character in enumerate(reversed(shown)):
        left = middle - ink.text_width(character, "axis") / 2
        painter.drawText(QPointF(left, foot - place * step), character)


def _paint_turned(painter: QPainter, text: str, middle: float, height: float, ink: Ink) -> None:
    metrics = ink.axis_metrics
    painter.save()
    painter.translate(middle, height - FOOT)
    painter.rotate(-90)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, height / 2)
    painter.drawText(QPointF(0, metrics.height() / 2 - metrics.descent()), shown)
    painter.restore()
