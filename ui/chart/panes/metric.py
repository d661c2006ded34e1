"""A pane for one metric: ranks with the best on top, levels, and counters as they stand or as they grow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.growth import growth, rate
from core.clock import format_time
from core.layout import METRIC, Option
from core.model import Metric, MetricKind
from core.quantiles import median
from core.timeline.mood import spans_of
from ui.chart.items.histogram import HistogramItem
from ui.chart.items.line import LineItem
from ui.chart.panes.base import Pane, Segment
from ui.chart.scale import YScale, short
from ui.i18n import later, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.series import FloatArray, IntArray
    from core.timeline import Reading, Tape, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink

LEVEL, GROWTH, RATE = "level", "growth", "rate"
_SHOWN = ((LEVEL, later("Level")), (GROWTH, later("Growth")), (RATE, later("Growth a day")))
AUTO, YES, NO = "auto", "yes", "no"
_AUTO = ((AUTO, later("as its kind has it")), (YES, later("yes")), (NO, later("no")))

# A silence this many times the usual spacing is a gap: nobody knows what the rank was meanwhile.
GAP_TIMES = 8.0


class MetricPane(Pane):
    """One metric of the subject, by its name."""

    kind = METRIC
    title = later("Metric")
    share = 1.1
    options = (
        Option(
            "show", later("Show"), LEVEL, _SHOWN, tip=later("Growth in each bar; after a reset it counts from nothing")
        ),
        Option("log", later("Logarithmic"), AUTO, _AUTO),
        Option("inverted", later("Smallest on top"), AUTO, _AUTO),
    )

    def __init__(self, spec: PaneSpec) -> None:
        """Show the metric that the spec names, once a tape has it."""
        super().__init__(spec)
        self.metric = Metric(str(spec.options.get(METRIC, "")), MetricKind.LEVEL)
        self.index = -1
        self._line = LineItem()
        self._bars = HistogramItem()
        self._spacing: tuple[object, float] = (None, 0.0)

    def turn_to(self, tape: Tape) -> None:
        """Find the metric among those of a tape."""
        names = [m.metric.name for m in tape.metrics]
        self.index = names.index(self.metric.name) if self.metric.name in names else -1
        if self.index >= 0:
            self.metric = tape.metrics[self.index].metric

    def name(self) -> str:
        """Return the metric's name."""
        return self.metric.name

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return the range of the values in range; a line that runs in from outside counts by its end points."""
        view = cut.view
        if not 0 <= self.index < len(view.tape.metrics):
            return None
        if self._grows:
            return self._take_growth(cut)
        x, y = view.metric(self.index, cut.x.x0, cut.x.x1, max(int(cut.x.width), 1))
        if not len(x):
            return None
        counter = self.metric.kind is MetricKind.COUNTER
        time = view.clock.to_ms(x)
        apart = np.diff(time, append=time[-1:]) > GAP_TIMES * self._usual(view)
        self._line.set_data(x, y, np.ones(len(x), np.bool_) if counter else ~apart, step=False)
        seen = (x >= cut.x.x0) & (x <= cut.x.x1)
        values = y[seen] if seen.any() else y
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else None

    @property
    def _grows(self) -> bool:
        """Whether growth is shown instead of the value itself; the growth of a rank means nothing."""
        return self.option("show") != LEVEL and self.metric.kind is not MetricKind.RANK

    def _take_growth(self, cut: Cut) -> tuple[float, float] | None:
        """Take the growth of each column, which adds up at any zoom, or that per day of it."""
        frame = cut.frame
        before, end = spans_of(cut.view.tape, frame)
        grown = self._growth(cut.view, before, end)
        self._bars.set_data(cut.left, frame.right, grown)
        seen = grown[cut.seen]
        seen = seen[np.isfinite(seen)]
        return (0.0, float(seen.max())) if len(seen) else None

    def _growth(self, view: View, before: IntArray, end: IntArray) -> FloatArray:
        return (rate if self.option("show") == RATE else growth)(view.tape.metrics[self.index], before, end)

    def _usual(self, view: View) -> float:
        """Return the usual time between two values (ms), once a tape."""
        series = view.tape.metrics[self.index]
        if self._spacing[0] is not series:
            usual = median(np.diff(series.time)) if len(series.time) > 2 else math.inf
            self._spacing = (series, usual)
        return self._spacing[1]

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale as chosen; by default a rank's has the best on top and is logarithmic once it spans much."""
        rank = self.metric.kind is MetricKind.RANK
        if self._grows:
            return YScale(0.0, high or 1.0, top, bottom)
        inverted = {YES: True, NO: False}.get(self.option("inverted"), rank)
        if rank:
            low, high = max(low, 1e-9), max(high, low * 1.2, low + 1)
        log = low > 0 and {YES: True, NO: False}.get(self.option("log"), rank and high / low > 8)
        if not high > low:
            pad = abs(high) * 0.02 or 1.0
            low, high = low - (0.0 if log else pad), high + pad
        if not log and not inverted and self.metric.kind is MetricKind.COUNTER and low < 0.5 * high:
            low = min(low, 0.0)
        return YScale(low, high, top, bottom - 4, log=log, inverted=inverted)

    def label(self, value: float, step: float, language: str) -> str:
        """Return a short figure; a rank as a whole number."""
        del step
        return f"{value:,.0f}" if self.metric.kind is MetricKind.RANK else short(value, language)

    def prepare(self, cut: Cut, height: float) -> None:
        """Show the best rank at the axis always: whether it was the first is the question."""
        super().prepare(cut, height)
        if self.y is None or self.metric.kind is not MetricKind.RANK:
            return
        ticks = [t for t in self.ticks if t == round(t)]
        best = round(self.y.low)
        if best not in ticks:
            ticks = [best, *(t for t in ticks if abs(self.y.at(t) - self.y.at(best)) > 20)]
        self.ticks = ticks
        self.labels = [self.label(t, 1, cut.language) for t in ticks]

    def empty_text(self, subject: str) -> str:
        """Say that the metric is silent here."""
        del subject
        return tr("No values in this range")

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw the line, or a bar for each growth."""
        assert self.y is not None  # noqa: S101  paint has looked
        if self._grows:
            self._bars.paint(painter, cut.x, self.y, ink[ink.metric(self.index)])
            return
        self._line.paint(painter, cut.x, self.y, ink[ink.metric(self.index)], 1.4)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the value at or before the reading, and its time where it is older than the bar."""
        line = [Segment(self.name(), "muted")]
        if self._grows and 0 <= self.index < len(reading.metrics):
            grown = float(self._growth(view, np.array([reading.span.start]), np.array([reading.span.end]))[0])
            figure = tr("not read in this bar") if math.isnan(grown) else f"+{short(grown, language)}"
            line.append(Segment(tr(dict(_SHOWN)[self.option("show")]), "text"))
            line.append(Segment(figure, "muted" if math.isnan(grown) else ink.metric(self.index), bold=True))
        elif 0 <= self.index < len(reading.metrics):
            _, value, when = reading.metrics[self.index]
            figure = (
                f"#{value:,.0f}" if self.metric.kind is MetricKind.RANK and when is not None else short(value, language)
            )
            line.append(Segment(f"{figure} {self.metric.unit}".strip(), ink.metric(self.index), bold=True))
            if when is not None and when <= reading.span.start:
                line.append(Segment(format_time(when, self.zone or view.tape.calendar.zone), "muted"))
        if self.metric.source:
            line.append(Segment(self.metric.source, "muted"))
        return [line]
