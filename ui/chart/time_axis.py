"""The one time axis, at the bottom of the stack."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.clock import format_span, format_time, local_time
from ui.chart.legend import paint_tag
from ui.chart.overlay import paint_overlay
from ui.chart.scale import MINUS
from ui.i18n import tr

if TYPE_CHECKING:
    from core.timeline import Reading
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.stack import ChartStack

HEIGHT = 24
_log = logging.getLogger(__name__)


def paint_axis(painter: QPainter, cut: Cut, axis_width: float, ink: Ink) -> None:
    """Draw the axis at (0, 0): labels under their ticks, and the zone in the corner."""
    width = cut.x.width
    painter.setPen(ink.pen("border"))
    painter.drawLine(QPointF(0, 0.5), QPointF(width + axis_width, 0.5))
    painter.setFont(ink.axis_font)
    baseline = (HEIGHT - ink.axis_metrics.height()) / 2 + ink.axis_metrics.ascent()
    end = -8.0
    for tick in cut.ticks:
        wide = ink.text_width(tick.text, "axis")
        left = max(cut.x.at(tick.x) - wide / 2, 2.0)
        if left < end + 8 or left + wide > width:
            continue
        painter.setPen(ink["text" if tick.major else "muted"])
        painter.drawText(QPointF(left, baseline), tick.text)
        end = left + wide
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


def when_text(cut: Cut, reading: Reading | None, x: float) -> str:
    """Return what time a position is: a bar's date or span, or the closure with its name."""
    if reading is None:
        return format_time(int(cut.view.clock.to_ms(x)), cut.zone)
    if reading.span.closed:
        named = cut.view.clock.closures(reading.span.start, reading.span.end)
        name = next((c.name for c in named if c.name), "")
        shut = tr("closed")
        return " · ".join(t for t in (format_span(reading.span.start, reading.span.end, cut.zone), name or shut) if t)
    if cut.view.tape.interval.intraday:
        return format_span(reading.start, reading.end, cut.zone)
    first, last = (local_time(t, cut.view.tape.calendar.zone).date() for t in (reading.start, reading.end - 1))
    if first == last:
        return f"{_weekday(first.weekday())} {first}"
    return f"{first} – {last}"


def _weekday(day: int) -> str:
    names = tr("Mon Tue Wed Thu Fri Sat Sun").split()
    return names[day % len(names)]


class TimeAxis(QWidget):
    """Paints the axis and the time under the crosshair."""

    def __init__(self, host: ChartStack) -> None:
        """Belong to the stack `host`."""
        super().__init__()
        self._host = host
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Time axis"))

    def sizeHint(self) -> QSize:
        """Return the fixed height."""
        return QSize(640, HEIGHT)

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
                paint_tag(painter, QRectF(left, 2, wide, HEIGHT - 4), text, ink)
