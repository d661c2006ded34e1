"""The one time axis, at the bottom of the stack."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.clock import format_span, format_time, local_time, session_date
from ui.chart.closures import name_of_span
from ui.chart.knowledge import axis_tip, is_known, paint_band
from ui.chart.legend import paint_tag
from ui.chart.overlay import paint_overlay
from ui.chart.scale import MINUS
from ui.i18n import tr
from ui.plain import tip

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from core.clock import Calendar, Tick
    from core.timeline import Reading
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.stack import ChartStack

HEIGHT = 24
_log = logging.getLogger(__name__)


# Labels keep this distance; a label at the edge is pushed in by at most its half.
GAP = 8.0


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A tick's text and the pixel at which it begins."""

    left: float
    width: float
    tick: Tick


def axis_labels(cut: Cut, ink: Ink) -> list[AxisLabel]:
    """Return the labels under the ticks that have room between the edges, each clear of its neighbours.

    Where two would touch, the one at which a date or year begins stays; one that was moved in from the edge goes first.
    """
    found: list[AxisLabel] = []
    for tick in cut.ticks:
        wide = ink.text_width(tick.text, "axis")
        left = max(cut.x.at(tick.x) - wide / 2, 2.0)
        if left + wide > cut.x.width:
            continue
        while found and left < found[-1].left + found[-1].width + GAP and tick.major:
            last = found[-1]
            if last.tick.major and cut.x.at(last.tick.x) >= last.left + last.width / 2:
                break
            found.pop()
        if not found or left >= found[-1].left + found[-1].width + GAP:
            found.append(AxisLabel(left, wide, tick))
    return found


def paint_axis(painter: QPainter, cut: Cut, axis_width: float, ink: Ink) -> None:
    """Draw the axis at (0, 0): labels under their ticks, and the zone in the corner."""
    width = cut.x.width
    painter.setPen(ink.pen("border"))
    painter.drawLine(QPointF(0, 0.5), QPointF(width + axis_width, 0.5))
    paint_band(painter, cut, ink)
    painter.setFont(ink.axis_font)
    baseline = (HEIGHT - ink.axis_metrics.height()) / 2 + ink.axis_metrics.ascent()
    for label in axis_labels(cut, ink):
        painter.setPen(ink["text" if label.tick.major else "muted"])
        painter.drawText(QPointF(label.left, baseline), label.tick.text)
    painter.setPen(ink["muted"])
    painter.drawText(QRectF(width, 0, axis_width, HEIGHT), Qt.AlignmentFlag.AlignCenter, _zone_at_end(cut))


def corner_width(cut: Cut, ink: Ink) -> float:
    """Return the width in pixels that the zone in the corner needs."""
    return ink.text_width(_zone_at_end(cut), "axis") + 8


def _zone_at_end(cut: Cut) -> str:
    return zone_text(int(cut.view.clock.to_ms(cut.x.x1)), cut.zone)


def zone_text(ms: int, zone: str) -> str:
    """Return the zone's offset at an instant, such as UTC+8 or UTC-3:30."""
    offset = local_time(ms, zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else MINUS
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def zone_tip(cut: Cut) -> str:
    """Return the name of the zone in which times are shown, and whose it is."""
    own = cut.zone == cut.view.tape.calendar.zone
    whose = tr("{zone}, the exchange's time") if own else tr("{zone}; the exchange's time is {own}")
    return whose.format(zone=cut.zone, own=cut.view.tape.calendar.zone) + "\n" + tr("Click to choose another time zone")


def when_text(cut: Cut, reading: Reading | None, x: float) -> str:
    """Return what time a position is: a bar's date or span, or the closure with its name."""
    calendar = cut.view.tape.calendar
    if reading is None:
        time = int(cut.view.clock.to_ms(x))
        return _assumed(calendar, time, format_time(time, cut.zone))
    if reading.span.closed:
        name = name_of_span(calendar, reading.span, cut.language)
        text = f"{name} · {format_span(reading.span.start, reading.span.end, cut.zone)}"
    elif cut.view.tape.interval.intraday:
        text = format_span(reading.start, reading.end, cut.zone)
    else:
        text = _dates(cut, reading)
    return _assumed(calendar, reading.end - 1, text)


def _assumed(calendar: Calendar, time: int, text: str) -> str:
    return text if is_known(calendar, time) else tr("{when} (assumed)").format(when=text)


def _dates(cut: Cut, reading: Reading) -> str:
    """Return the date of a session, or from which to which a column of several goes: those of their exchange."""
    slots, calendar = cut.view.tape.slots, cut.view.tape.calendar
    end = int(slots.end[reading.index])
    first = session_date(calendar, reading.start, end)
    if end == reading.end:
        return f"{_weekday(first.weekday())} {first}"
    last = session_date(calendar, reading.end - 1, reading.end)
    return f"{first} – {last}"


def _weekday(day: int) -> str:
    names = tr("Mon Tue Wed Thu Fri Sat Sun").split()
    return names[day % len(names)]


class TimeAxis(QWidget):
    """Paints the axis and the time under the crosshair; a click on the zone in the corner asks for another."""

    def __init__(self, host: ChartStack) -> None:
        """Belong to the stack `host`."""
        super().__init__()
        self._host = host
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Time axis"))

        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Return the fixed height."""
        return QSize(640, HEIGHT)

    def _in_corner(self, x: float) -> bool:
        cut = self._host.settle()
        return cut is not None and x > cut.x.width

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that the zone can be clicked."""
        corner = self._in_corner(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor if corner else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for another zone."""
        if event.button() == Qt.MouseButton.LeftButton and self._in_corner(event.position().x()):
            self._host.zone_wanted.emit(event.globalPosition().toPoint())

    def event(self, event: QEvent) -> bool:
        """Say in full what the corner or a marked part of the axis means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cut = self._host.cut
            if cut is None:
                return True
            text = zone_tip(cut) if self._in_corner(event.pos().x()) else axis_tip(cut)
            QToolTip.showText(event.globalPos(), tip(text), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axis; it is cheap enough to be drawn with the crosshair."""
        try:
            self._paint(event)
        except Exception:  # noqa: BLE001
            _log.exception("the time axis could not be painted")  # as in PaneWidget

    def _paint(self, event: QPaintEvent) -> None:
        self._host.settle()
        cut, ink, over = self._host.cut, self._host.ink, self._host.overlay
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), ink["background"])
            if cut is None:
                return
            paint_axis(painter, cut, self._host.axis_width, ink)
            paint_overlay(painter, over, cut, 4, ink)
            if over.x is not None and 0 <= cut.x.at(over.x) <= cut.x.width:
                text = when_text(cut, over.reading, over.x)
                wide = ink.axis_metrics.horizontalAdvance(text) + 16
                left = min(max(cut.x.at(over.x) - wide / 2, 0), max(cut.x.width - wide, 0))
                if wide > cut.x.width:  # it takes the zone's corner as well, rather than half of it
                    wide = cut.x.width + self._host.axis_width
                    text = ink.axis_metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide - 8)
                paint_tag(painter, QRectF(left, 2, wide, HEIGHT - 4), text, ink)
