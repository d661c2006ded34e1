"""The price pane: bars or a line, their limits, splits and dividends, the last price, and other symbols beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from core.analysis.limits import session_limits
from core.clock import parse_when
from core.errors import UsageError
from core.layout import Option
from core.timeline.comparison import base_value, closes
from core.timeline.request import Needs
from ui.chart.items.actions import ActionItem
from ui.chart.items.area import AreaItem
from ui.chart.items.candles import CandleItem
from ui.chart.items.compared import ComparedItem
from ui.chart.items.curve import CurveItem, extremes
from ui.chart.items.limits import LimitItem
from ui.chart.items.ohlc import OhlcItem
from ui.chart.panes.base import AXIS_PAD, Pane
from ui.chart.panes.price_legend import action_text, compared_lines, head_line, notes_line, shares_line
from ui.chart.panes.price_tags import Tag, apart, paint_tags, tag_height
from ui.chart.scale import YScale, decimals_of, fixed, price_decimals, round_ticks
from ui.chart.studies import joined
from ui.i18n import later, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec, Value
    from core.timeline import Reading, Tape, View
    from core.timeline.lines import LineColumns
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.legend import Segment

LEFT_EDGE, DATE = "left", "date"


class PricePane(Pane):
    """The subject's price on the right-hand axis."""

    kind = "price"
    title = later("Price")
    share = 6.0
    least = 120
    top = 64.0
    options = (
        Option(
            "style",
            later("Style"),
            "candles",
            (
                ("candles", later("Candles")),
                ("hollow", later("Hollow candles")),
                ("bars", later("Bars")),
                ("line", later("Line")),
                ("area", later("Area")),
            ),
        ),
        Option(
            "axis",
            later("Axis"),
            "linear",
            (("linear", later("Linear")), ("log", later("Logarithmic")), ("percent", later("Percent"))),
        ),
        Option(
            "base", later("Percent since"), LEFT_EDGE, ((LEFT_EDGE, later("The left edge")), (DATE, later("A date")))
        ),
        Option("base_date", later("Date"), "", tip=later("As 2025-01-13; used where percent counts since a date")),
        Option("weights", later("Basket"), "own", (("own", later("Own weights")), ("equal", later("Equal weights")))),
        Option("last", later("Last price"), True),
        Option("previous", later("Previous close"), False),
        Option(
            "limits",
            later("Price limits of A-shares"),
            True,
            tip=later("By today's name and board; what held in the first days after a listing is not known"),
        ),
        Option("actions", later("Splits and dividends"), True),
        Option("compared", later("Compared with"), ()),
    )

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._style: str = self.option("style")
        self._bars = OhlcItem() if self._style == "bars" else CandleItem(hollow=self._style == "hollow")
        self._line, self._area = CurveItem(dots=False), AreaItem()
        self._columns: LineColumns | None = None
        self._limits = LimitItem()
        self._actions = ActionItem()
        self._compared = ComparedItem(len(self.spec.studies))
        self._view: View | None = None
        self._last = (math.nan, 0)
        self._previous = self._base = math.nan
        self._decimals = 2
        self._tags: list[Tag] = []  # as they were painted

    @classmethod
    def needs(cls, spec: PaneSpec) -> Needs:
        """Return the symbols to compare with, and how members weigh."""
        compared = spec.options.get("compared", ())
        symbols = compared if isinstance(compared, tuple) else ()
        return Needs(compared=symbols, equal_weights=spec.options.get("weights") == "equal")

    def choices(self, option: Option, view: View) -> Sequence[tuple[Value, str]]:
        """Return the compared symbols that the tape knows, and the usual choices."""
        if option.name == "compared":
            return [(c.instrument.symbol, c.instrument.symbol) for c in view.tape.compared]
        return super().choices(option, view)

    @property
    def percent(self) -> bool:
        """Whether the axis counts percent: as chosen, and always beside other symbols."""
        return self.option("axis") == "percent" or bool(self._view is not None and self._shown(self._view.tape))

    def _shown(self, tape: Tape) -> list[str]:
        return [c.instrument.symbol for c in tape.compared if c.instrument.symbol in self.option("compared")]

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return the lowest and the highest price in range, other symbols' as they stand on this axis included."""
        view, c = cut.view, cut.frame.candles
        self._view = view
        self._last = last_close(view, cut.x.x1)
        self._previous = view.close_before(view.newest) if view.newest is not None else math.nan
        if self._style in {"line", "area"}:
            self._columns = closes(view.tape).columns(cut.frame)
            self._line.set_data(cut.frame.left, cut.frame.right, self._columns, bridged=True)
            bounds = extremes(self._columns, cut.seen)
        else:
            self._bars.set_data(cut.left, cut.frame.right, c, cut.before)
            bounds = _spread(c.low[cut.seen], c.high[cut.seen])
        self._set_marks(cut)
        self._base = math.nan
        if self.percent:
            index = self._base_slot(cut)
            self._base = base_value(closes(view.tape), index)
            shown = self._shown(view.tape)
            others = [o for o in view.tape.compared if o.instrument.symbol in shown]
            bounds = joined(bounds, self._compared.set_data(cut, others, index, self._base))
        if bounds is not None:
            self._decimals = price_decimals(bounds[0])
        return bounds

    def _base_slot(self, cut: Cut) -> int:
        """Return the slot whose close is 0 %: the first in sight, or the last one before the end of a chosen date."""
        view = cut.view
        if self.option("base") == DATE:
            try:
                end = parse_when(str(self.option("base_date")), view.tape.calendar.zone)[1]
            except UsageError:
                end = None
            if end is not None:
                return max(int(np.searchsorted(view.tape.slots.end, end, side="right")) - 1, 0)
        return view.visible(cut.x.x0, cut.x.x1).start

    def _set_marks(self, cut: Cut) -> None:
        view, frame = cut.view, cut.frame
        sessions = session_limits(view.tape) if self.option("limits") and frame.size == 1 else None
        if sessions is None:
            nothing = np.empty(0)
            self._limits.set_data(nothing, nothing, nothing, nothing, nothing)
        else:
            found = sessions.of(frame.candles, frame.first + np.arange(len(frame.left), dtype=np.int64))
            has = ~np.isnan(frame.candles.close)
            self._limits.set_data(
                cut.left[has], frame.right[has], found.up[has], found.down[has], found.locked[has].astype(np.float64)
            )
        actions = view.tape.actions if self.option("actions") else ()
        opens = view.clock.to_x(np.array([a.time for a in actions], np.int64))
        # In the middle of a daily bar; on the first bar of the session otherwise.
        half = 0.0 if view.tape.interval.intraday or not len(opens) else view.tape.calendar.session_ms / 2
        self._actions.set_data(opens + half, actions)

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale, logarithmic where that is chosen and every price is above zero."""
        scale = super().scale_of(low, high, top, bottom)
        if self.option("axis") == "log" and scale.low > 0 and not self.percent:
            return YScale(scale.low, scale.high, top, bottom, log=True)
        return scale

    def marks_of(self, y: YScale, gap: float) -> list[float]:
        """Return round prices, or the prices of round percents."""
        if not (self.percent and self._base > 0):
            return super().marks_of(y, gap)
        low, high = (100 * (v / self._base - 1) for v in (y.low, y.high))
        count = max(int((y.bottom - y.top) / gap), 2)
        return [self._base * (1 + percent / 100) for percent in round_ticks(low, high, count)]

    def label(self, value: float, step: float, language: str) -> str:
        """Return a price with the decimals it is quoted in, or its distance from the base in percent."""
        del language
        if self.percent and self._base > 0:
            percent, apart = 100 * (value / self._base - 1), 100 * step / self._base
            return f"{fixed(percent, min(max(decimals_of(round(apart, 9)), 0), 2), sign=True)} %"
        return fixed(value, max(decimals_of(step), self._decimals))

    def difference(self, change: float) -> str:
        """Return a change of price with the decimals it is quoted in."""
        return fixed(change, max(decimals_of(self.fineness()), self._decimals), sign=True)

    def empty_text(self, subject: str) -> str:
        """Say what is missing and where it comes from."""
        return tr("No prices for {subject} in this range — import a file or fetch them").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw limits, price, other symbols, and the last price as a dotted line."""
        assert self.y is not None  # noqa: S101  paint has looked
        if self._columns is not None:
            self._draw_line(painter, cut, ink, self._columns)
        else:
            self._bars.paint(painter, cut.x, self.y, ink)
        self._limits.paint(painter, cut.x, self.y, ink)
        if self.percent:
            self._compared.paint(painter, cut, self.y, ink)
        self._actions.paint(painter, cut.x, self.height - 3, ink)
        if self.option("previous"):
            self._draw_level(painter, cut, ink, self._previous, "muted")
        if self.option("last"):
            self._draw_level(painter, cut, ink, self._last[0], self._last_colour)

    def _draw_line(self, painter: QPainter, cut: Cut, ink: Ink, columns: LineColumns) -> None:
        assert self.y is not None  # noqa: S101  paint has looked
        if self._style == "area":
            self._area.set_data(cut.frame.left, cut.frame.right, columns.high)
            self._area.paint(painter, cut.x, self.y, ink.faint("accent", 0.14))
        self._line.paint(painter, cut.x, self.y, ink["accent"], 1.6)

    def _draw_level(self, painter: QPainter, cut: Cut, ink: Ink, price: float, name: str) -> None:
        assert self.y is not None  # noqa: S101  paint has looked
        if math.isfinite(price) and self.y.low <= price <= self.y.high:
            at = math.floor(self.y.at(price)) + 0.5
            painter.setPen(ink.pen(name, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))

    @property
    def _last_colour(self) -> str:
        """The colour of the last price: that of the line, or of bars by the way it went."""
        return "accent" if self._columns is not None else {1: "rise", -1: "fall"}.get(self._last[1], "flat")

    def _newest(self, ink: Ink) -> list[Tag]:
        """Return the tags of the newest figures that are in sight and on the scale."""
        price = self._last[0]
        if self.y is None or not self.option("last") or math.isnan(price):
            return []
        figures = [(price, self._last_colour)]
        if self.percent:
            figures += [(value, ink.metric(place)) for value, place in self._compared.newest()]
        return [Tag(self.y.at(v), self._tag_text(v), name) for v, name in figures if self.y.low <= v <= self.y.high]

    def covers(self, y: float, height: float) -> bool:
        """Whether a tag stands there."""
        return any(abs(y - tag.at) < height + 1 for tag in self._tags)

    def _paint_axis(self, painter: QPainter, left: float, width: float, ink: Ink) -> None:
        self._tags = apart(self._newest(ink), tag_height(ink), self.height)
        super()._paint_axis(painter, left, width, ink)
        paint_tags(painter, self._tags, left, width, ink)

    def _tag_text(self, value: float) -> str:
        # Two decimals of a percent, whatever the axis has.
        return self.label(value, self._base / 10_000 if self.percent and self._base > 0 else 0.0, "")

    def axis_width(self, ink: Ink) -> float:
        """Return the width that labels and tags need."""
        tags = [ink.text_width(tag.text, "axis") + 2 * AXIS_PAD for tag in self._newest(ink)]
        return max([super().axis_width(ink), *tags])

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the subject with its prices, the notes, a basket's members, and the symbols it is compared with."""
        del language
        shares = shares_line(view, reading)
        compared = compared_lines(self._compared, reading, ink) if self.percent else []
        return [
            head_line(view, reading, self._base, self.zone or view.tape.calendar.zone),
            notes_line(view),
            *([shares] if shares else []),
            *compared,
        ]

    def tip(self, x: float, y: float) -> str:
        """Tell of the split or dividend under the pointer."""
        actions = self._actions.at(x, y)
        return action_text(actions, self._view) if actions and self._view is not None else ""


def _spread(low: np.ndarray, high: np.ndarray) -> tuple[float, float] | None:
    has = np.isfinite(low) & np.isfinite(high)
    return (float(low[has].min()), float(high[has].max())) if has.any() else None


def last_close(view: View, x1: float) -> tuple[float, int]:
    """Return the newest close and whether it rose (1) or fell (-1) against the one before; NaN if it is after `x1`.

    A price from beyond the right edge would stand in a picture of the past as if it belonged there.
    """
    if view.newest is None or view.left[view.newest] >= x1:
        return math.nan, 0
    price, before = float(view.tape.candles.close[view.newest]), view.close_before(view.newest)
    return price, (price > before) - (price < before)
