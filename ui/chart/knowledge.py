"""Where a calendar's knowledge ends: the words about it, and its mark on axis and panes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt

from core.clock import local_time
from ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.clock import Calendar
    from core.timeline import Tape, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.scale import XScale

BAND = 3.0
_PLAIN_TIME = re.compile(r"No calendar for '(?P<suffix>.+)': plain time\.")
_WEEKDAYS = re.compile(r"The calendar of (?P<code>.+) is not available: weekdays are assumed to be sessions\.")


def calendar_notes(tape: Tape) -> list[str]:
    """Return what a trader must know of the calendar that a tape stands on; nothing where it knows all of it."""
    calendar, notes = tape.calendar, []
    for note in filter(None, re.split(r"(?<=\.) ", calendar.note)):
        if found := _PLAIN_TIME.fullmatch(note):
            notes.append(tr("no calendar for '{suffix}': plain time").format(suffix=found["suffix"]))
        elif found := _WEEKDAYS.fullmatch(note):
            notes.append(tr("no calendar of {code}: weekdays are assumed").format(code=found["code"]))
        else:
            notes.append(note)
    if tape.extent and not calendar.always_open and not calendar.note and tape.extent[1] > calendar.known_until:
        notes.append(tr("holidays after {date} are not known").format(date=_last_day(calendar)))
    return notes


def is_known(calendar: Calendar, time: int) -> bool:
    """Say whether the sessions at an instant (ms UTC) are the exchange's own and not assumed."""
    return calendar.always_open or calendar.known_from <= time < calendar.known_until


def unknown_parts(view: View, x: XScale) -> list[tuple[float, float]]:
    """Return the parts of the plot, from pixel to pixel, in which sessions are assumed."""
    calendar, to_x = view.tape.calendar, view.clock.to_x
    if calendar.always_open:
        return []
    first, last = (min(max(x.at(float(to_x(t))), 0.0), x.width) for t in (calendar.known_from, calendar.known_until))
    parts = ((0.0, first), (max(last, first), x.width))
    return [(left, right) for left, right in parts if right - left >= 1]


def paint_edges(painter: QPainter, cut: Cut, height: float, ink: Ink, *, named: bool) -> None:
    """Draw a dashed line in a pane where knowledge begins or ends, with `named` with words beside it."""
    for left, right in cut.unknown:
        edge = right if left <= 0 else left
        if not 0 < edge < cut.x.width:
            continue
        painter.setPen(ink.pen("warning", 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(edge, 0, edge, height))
        if named:
            text = tr("weekdays assumed")
            wide = ink.text_width(text, "axis")
            at = edge + 6 if left > 0 else edge - 6 - wide
            if left <= at and at + wide <= right:
                painter.setFont(ink.axis_font)
                painter.drawText(QPointF(at, height - 22 - ink.axis_metrics.descent()), text)


def paint_band(painter: QPainter, cut: Cut, ink: Ink) -> None:
    """Mark the parts of the time axis in which sessions are assumed."""
    for left, right in cut.unknown:
        painter.fillRect(QRectF(left, 1, right - left, BAND), ink["warning"])


def axis_tip(cut: Cut) -> str:
    """Return what to say about the marked parts of the axis, "" where there are none."""
    calendar = cut.view.tape.calendar
    if not cut.unknown:
        return ""
    if calendar.known_until <= calendar.known_from:
        return tr("The calendar of this exchange is not known: plain weekdays are assumed to be sessions.")
    if calendar.known_from > int(cut.view.clock.to_ms(cut.x.x0)):
        day = local_time(calendar.known_from, calendar.zone).date()
        return tr("Before {date} this exchange's holidays are not known: plain weekdays are assumed.").format(date=day)
    return tr("After {date} this exchange's holidays are not known: plain weekdays are assumed.").format(
        date=_last_day(calendar)
    )


def _last_day(calendar: Calendar) -> object:
    return local_time(calendar.known_until - 1, calendar.zone).date()
