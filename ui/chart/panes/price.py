"""The price pane: candles, last price, event flags, and the subject's legend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from core.clock import local_time
from core.model import Basis, Concept, Instrument
from ui.chart.items.candles import CandleItem
from ui.chart.items.flags import FlagItem
from ui.chart.knowledge import calendar_notes
from ui.chart.panes.base import AXIS_PAD, Pane, Segment
from ui.chart.scale import decimals_of, fixed, price_decimals
from ui.i18n import later, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.timeline import Reading, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink


class PricePane(Pane):
    """Candles on the right-hand price axis."""

    kind = "price"
    title = later("Price")
    share = 6.0
    least = 120
    top = 64.0

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._candles = CandleItem()
        self.flags = FlagItem()
        self._last = (math.nan, 0)
        self._decimals = 2

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return the lowest low and the highest high in range."""
        view, c = cut.view, cut.frame.candles
        self._candles.set_data(cut.left, cut.frame.right, c, cut.before)
        times = np.array([e.time for e in view.tape.events], np.int64)
        self.flags.set_data(view.clock.to_x(times), view.tape.events)
        self._last = last_close(view, cut.x.x1)
        low, high = c.low[cut.seen], c.high[cut.seen]
        has = np.isfinite(low) & np.isfinite(high)
        if not has.any():
            return None
        bounds = float(low[has].min()), float(high[has].max())
        self._decimals = price_decimals(bounds[0])
        return bounds

    def label(self, value: float, step: float, language: str) -> str:
        """Return a price with the decimals it is quoted in."""
        del language
        return fixed(value, max(decimals_of(step), self._decimals))

    def empty_text(self, subject: str) -> str:
        """Say what is missing and where it comes from."""
        return tr("No prices for {subject} in this range — import a file or fetch them").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw flags, candles, and the last price as a dotted line."""
        assert self.y is not None  # noqa: S101  paint has looked
        self.flags.paint(painter, cut.x, self.top - 18, self.height, ink)
        self._candles.paint(painter, cut.x, self.y, ink)
        price, trend = self._last
        if math.isfinite(price) and self.y.low <= price <= self.y.high:
            name = {1: "rise", -1: "fall"}.get(trend, "flat")
            at = math.floor(self.y.at(price)) + 0.5
            painter.setPen(ink.pen(name, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))

    def _paint_axis(self, painter: QPainter, left: float, width: float, ink: Ink) -> None:
        super()._paint_axis(painter, left, width, ink)
        assert self.y is not None  # noqa: S101  paint has looked
        price, trend = self._last
        if not (math.isfinite(price) and self.y.low <= price <= self.y.high):
            return
        height = ink.axis_metrics.height() + 4
        rect = QRectF(left + 1, round(self.y.at(price) - height / 2), width - 1, height)
        painter.fillRect(rect, ink[{1: "rise", -1: "fall"}.get(trend, "flat")])
        painter.setPen(ink["background"])
        painter.drawText(
            QPointF(rect.left() + AXIS_PAD - 1, rect.top() + 2 + ink.axis_metrics.ascent()),
            fixed(price, self._decimals),
        )

    def axis_width(self, ink: Ink) -> float:
        """Return the width that labels and the last price need."""
        if math.isnan(self._last[0]):
            return super().axis_width(ink)
        last = ink.text_width(fixed(self._last[0], self._decimals), "axis") + 2 * AXIS_PAD
        return max(super().axis_width(ink), last)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the subject with its four prices and the change against the close before; below it the notes."""
        del ink, language
        tape = view.tape
        day = local_time(reading.end, tape.calendar.zone)
        subject = tape.subject
        title = subject.symbol if isinstance(subject, Instrument) else subject.name
        head = [Segment(title, "text", bold=True)]
        if isinstance(subject, Instrument) and subject.name:
            head.append(Segment(subject.name, "text", rank=2))
        head.append(Segment(str(tape.interval), "muted", rank=3))
        when = str(day.date()) if not tape.interval.intraday else f"{day:%Y-%m-%d %H:%M}"
        head.append(Segment(when, "muted", rank=1))
        if math.isfinite(reading.close) or tape.priced:
            head += _prices(reading, price_decimals(reading.close))
        return [head, _notes(view)]


def _prices(reading: Reading, decimals: int) -> list[Segment]:
    change = reading.close - reading.previous_close
    compared = change if math.isfinite(change) else reading.close - reading.open
    colour = "rise" if compared > 0 else "fall" if compared < 0 else "flat"
    found: list[Segment] = []
    for letter, value, rank in (
        (tr("O"), reading.open, 4),
        (tr("H"), reading.high, 4),
        (tr("L"), reading.low, 4),
        (tr("C"), reading.close, 0),
    ):
        found += [
            Segment(letter, "muted", rank=rank),
            Segment(fixed(value, decimals), colour, gap=3.0, rank=rank),
        ]
    if math.isfinite(change) and reading.previous_close:
        share = fixed(100 * change / reading.previous_close, 2, sign=True)
        found.append(Segment(f"{fixed(change, decimals, sign=True)} ({share} %)", colour))
    return found


def _notes(view: View) -> list[Segment]:
    tape, notes = view.tape, list[Segment]()
    origin = tape.provenance
    if origin.simulated:
        notes.append(Segment(tr("SIMULATED"), "warning", bold=True))
    texts: list[str] = []
    if isinstance(tape.subject, Concept):
        texts.append(tr("basket of {members}").format(members=", ".join(m.symbol for m in tape.subject.members)))
    if tape.subject and isinstance(tape.subject, Instrument) and tape.subject.currency:
        texts.append(tape.subject.currency)
    if origin.basis is not None:
        adjusted = origin.basis is Basis.ADJUSTED
        texts.append(tr("adjusted for splits and dividends") if adjusted else tr("adjusted for splits"))
    texts += calendar_notes(tape)
    texts += origin.notes
    if texts:
        notes.append(Segment(" · ".join(texts), "muted"))
    return notes


def last_close(view: View, x1: float) -> tuple[float, int]:
    """Return the newest close and whether it rose (1) or fell (-1) against the one before; NaN if it is after `x1`.

    A price from beyond the right edge would stand in a picture of the past as if it belonged there.
    """
    if view.newest is None or view.left[view.newest] >= x1:
        return math.nan, 0
    price, before = float(view.tape.candles.close[view.newest]), view.close_before(view.newest)
    return price, (price > before) - (price < before)
