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
    line, most = ink.axis_metrics.height(), height / 2
    for label in labels:
        wide = ink.text_width(label.text, "axis")
        room = label.right - label.left
        if wide + 2 * PAD <= room:
            left = (label.left + label.right - wide) / 2
            painter.drawText(QPointF(left, height - FOOT - ink.axis_metrics.descent()), label.text)
        elif room >= LABEL_PX:
            text = ink.axis_metrics.elidedText(label.text, Qt.TextElideMode.ElideRight, most)
            painter.save()
            painter.translate((label.left + label.right) / 2, height - FOOT)
            painter.rotate(-90)
            painter.drawText(QPointF(0, line / 2 - ink.axis_metrics.descent()), text)
            painter.restore()
