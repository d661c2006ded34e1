"""The sentiment pane: what the crowd thinks, bar by bar or fading over time, with gaps where nobody spoke."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from core.layout import Option
from core.timeline.mood import crowd_in, faded, mood_score, spans_of
from core.timeline.request import CrowdKey
from core.voices import REACHES as KINDS_OF_REACH
from ui.chart.items.band import BandItem
from ui.chart.items.curve import CurveItem, extremes
from ui.chart.items.line import LineItem
from ui.chart.panes.base import Segment, spread
from ui.chart.panes.before import BeforeLine
from ui.chart.panes.crowd import FILTERS, REACHES, SCORER, CrowdPane, computing
from ui.chart.scale import YScale, fixed
from ui.i18n import later, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.series import Crowd, FloatArray
    from core.timeline import Reading, View
    from core.timeline.lines import Line
    from core.timeline.mood import FadedLines
    from core.voices import Reach
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink

# The scale never narrows below this: a hundredth of the score's range must not look like a storm.
LEAST_RANGE = 0.3
# An interval wider than half of the scale says next to nothing, so it must not catch the eye.
VAGUE = 1.0
# Beyond these a score stands out from its past: one in twenty does by chance.
UNUSUAL = 2.0

MEAN, BALANCE, DISPERSION, REACH, UNUSUALNESS = "mean", "balance", "dispersion", "reach", "zscore"
_MEASURES = (
    (MEAN, later("Mean score")),
    (BALANCE, later("Bulls minus bears")),
    (DISPERSION, later("Dispersion")),
    (REACH, later("Mean weighted by reach")),
    (UNUSUALNESS, later("Against its own past")),
)
_HALF_LIVES = (
    (0.0, later("none")),
    (1.0, later("1 hour")),
    (4.0, later("4 hours")),
    (12.0, later("12 hours")),
    (24.0, later("1 day")),
    (72.0, later("3 days")),
    (168.0, later("7 days")),
    (720.0, later("30 days")),
)
_WINDOWS = ((30, later("30 days")), (90, later("90 days")), (365, later("1 year")))


class SentimentPane(CrowdPane):
    """A measure of the mood: blue above zero and orange below."""

    kind = "sentiment"
    title = later("Sentiment")
    share = 2.0
    options = (
        Option("measure", later("Show"), MEAN, _MEASURES),
        Option(
            "half_life",
            later("Smooth over"),
            0.0,
            _HALF_LIVES,
            tip=later("Half-life: a post counts half as much after that time; time runs on while the market is shut"),
        ),
        Option("band", later("Band of 95 % around a mean"), default=True),
        Option(
            "least",
            later("Draw faintly below"),
            3,
            low=1,
            high=1000,
            unit=later("posts"),
            tip=later("A mean of very few posts says little"),
        ),
        Option("window", later("Past to compare with"), 90, _WINDOWS),
        Option("reach", later("Weigh by"), "", (("", later("what is known best")), *REACHES.items())),
        SCORER,
        *FILTERS,
    )

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._line = LineItem()
        self._faint = LineItem()
        self._band = BandItem()
        self._vague = BandItem()
        self._curve = CurveItem(dots=False)
        self._pale = CurveItem(dots=False)
        self._before = BeforeLine()
        self._smooth = False

    @property
    def own_source(self) -> str:
        """What the measure is called as a source of studies."""
        return {MEAN: "sentiment", BALANCE: "balance", DISPERSION: "dispersion"}.get(self.option("measure"), "")

    @property
    def wants_audience(self) -> bool:
        """Whether the mean is weighted by reach."""
        return self.option("measure") == REACH

    @property
    def hours(self) -> float:
        """The half-life in hours, 0 where nothing is smoothed."""
        return 0.0 if self.wants_audience else self.option("half_life")

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Take the measure's columns and return its range, zero included.

        The interval of very few posts is nearly the whole scale; it is drawn, but the pane does not zoom out for it.
        """
        read = self.is_read(cut.view)
        self._waiting = "" if read else tr("Reading …")
        crowd = crowd_in(cut.view.tape, cut.frame, self.crowd_key) if read else None
        if crowd is None:
            return None
        self._smooth = self.option("measure") == UNUSUALNESS or self.hours > 0
        if self.option("measure") == UNUSUALNESS:
            return self._take_score(cut)
        values = self._values(cut, crowd)
        self._take_values(cut, values, crowd.scored >= self.option("least"))
        return self._take_smooth(cut, values) if self._smooth else self._take_band(cut, crowd, values)

    @property
    def _corrected(self) -> bool:
        """Whether the curve, where the user's own layer made it, has the one that it corrects beside it."""
        return self.option("measure") == MEAN and not self.hours and self.crowd_key == CrowdKey()

    def _values(self, cut: Cut, crowd: Crowd) -> FloatArray:
        """Return the measure within each column, exact at any zoom."""
        measure = self.option("measure")
        if measure == BALANCE:
            return crowd.balance
        if measure == DISPERSION:
            return crowd.deviation
        if measure == REACH:
            return cut.view.tape.audiences[self.crowd_key].weighted_mean(
                self._reach(cut.view), *spans_of(cut.view.tape, cut.frame)
            )
        return crowd.mean

    def _reach(self, view: View) -> Reach:
        chosen = self.option("reach")
        known: dict[str, Reach] = {kind: kind for kind in KINDS_OF_REACH}
        return known[chosen] if chosen in known else view.tape.audiences[self.crowd_key].known_best()

    def _take_values(self, cut: Cut, values: FloatArray, firm: NDArray[np.bool_]) -> None:
        """Take the columns as two lines: a firm one, and a faint one through all that too few posts made."""
        middle = (cut.frame.left + cut.frame.right) / 2
        follows = firm & np.append(firm[1:], False)
        within = follows & np.append(False, follows[:-1])
        self._line.set_data(middle, np.where(firm, values, np.nan), np.ones(len(values), np.bool_))
        self._faint.set_data(middle, np.where(firm & within, np.nan, values), ~follows)

    def _take_band(self, cut: Cut, crowd: Crowd, values: FloatArray) -> tuple[float, float] | None:
        frame = cut.frame
        none = np.full(len(values), np.nan)
        low, high = crowd.interval() if self.option("measure") == MEAN and self.option("band") else (none, none)
        several, vague = crowd.scored > 1, high - low > VAGUE
        for band, shown in ((self._band, several & ~vague), (self._vague, several & vague)):
            band.set_data(frame.left, frame.right, np.where(shown, low, np.nan), np.where(shown, high, np.nan))
        bounds = spread(values, cut.seen)
        if bounds is None:
            return None
        bounds = self._before.range(cut, bounds, shown=self._corrected)
        firm = cut.seen & (high - low <= 0.7)
        band = spread(np.concatenate((low, high)), np.concatenate((firm, firm))) or bounds
        return min(bounds[0], band[0], 0.0), max(bounds[1], band[1], 0.0)

    def _take_smooth(self, cut: Cut, values: FloatArray) -> tuple[float, float] | None:
        frame, lines = cut.frame, self.wait_for_lines(faded(cut.view.tape, self.crowd_key, self.hours))
        if lines is None:
            return None
        line = self._smooth_line(lines)
        columns = line.columns(frame)
        firm = lines.weight.columns(frame).last >= self.option("least")
        self._curve.set_data(frame.left, frame.right, columns.only(firm))
        # A column further on either side, so that the pieces meet.
        beside = np.concatenate((~firm[1:], [False])) | np.concatenate(([False], ~firm[:-1]))
        self._pale.set_data(frame.left, frame.right, columns.only(~firm | beside))
        none = np.full(len(values), np.nan)
        low = high = none
        if self.option("measure") == MEAN and self.option("band"):
            low, high = lines.low.columns(frame).last, lines.high.columns(frame).last
        vague = high - low > VAGUE
        for band, shown in ((self._band, ~vague), (self._vague, vague)):
            band.set_data(frame.left, frame.right, np.where(shown, low, np.nan), np.where(shown, high, np.nan))
        bounds = extremes(columns, cut.seen)
        if bounds is None:
            return None
        firm = cut.seen & (high - low <= 0.7)
        band = spread(np.concatenate((low, high)), np.concatenate((firm, firm))) or bounds
        return min(bounds[0], band[0], 0.0), max(bounds[1], band[1], 0.0)

    def _smooth_line(self, lines: FadedLines) -> Line:
        return {BALANCE: lines.balance, DISPERSION: lines.deviation}.get(self.option("measure"), lines.mean)

    def _take_score(self, cut: Cut) -> tuple[float, float] | None:
        found = self.wait_for_lines(self._score(cut.view))
        if found is None:
            return None
        columns = found[0].columns(cut.frame)
        self._curve.set_data(cut.frame.left, cut.frame.right, columns)
        bounds = extremes(columns, cut.seen)
        return bounds and (min(bounds[0], -UNUSUAL), max(bounds[1], UNUSUAL))

    def _score(self, view: View) -> tuple[Line, Line] | None:
        return mood_score(
            view.tape, self.crowd_key, self.option("window"), self.option("least"), self.option("half_life")
        )

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale with some air, no narrower than needed to be read and never beyond what a score can be."""
        air = max((high - low) * 0.08, (LEAST_RANGE - (high - low)) / 2, 0.0)
        if self.option("measure") == UNUSUALNESS:
            return YScale(low - air, high + air, top, bottom)
        if self.option("measure") == DISPERSION:
            return YScale(0.0, high + 2 * air, top, bottom)
        return YScale(max(low - air, -1.0), min(high + air, 1.0), top, bottom)

    def label(self, value: float, step: float, language: str) -> str:
        """Return a figure, with its sign where it may have one."""
        del step, language
        measure = self.option("measure")
        return fixed(value, 1 if measure == UNUSUALNESS else 2, sign=value > 0 and measure != DISPERSION)

    def empty_text(self, subject: str) -> str:
        """Say what is missing, or that it is being read."""
        if self._waiting:
            return self._waiting
        if self.option("measure") == UNUSUALNESS:
            return tr("Too short a past to compare with in this range")
        return tr("No scored posts about {subject} in this range").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw zero, the band and the measure."""
        assert self.y is not None  # noqa: S101  paint has looked
        self._level(painter, cut, ink, 0.0)
        up, down = ink["positive"], ink["negative"]
        pale, pale_down = ink.solid("positive", 0.4), ink.solid("negative", 0.4)
        if self.option("measure") == DISPERSION:
            up, pale = ink["text"], ink.solid("text", 0.4)
            down, pale_down = up, pale
        if self.option("measure") == UNUSUALNESS:
            for level in (UNUSUAL, -UNUSUAL):
                self._level(painter, cut, ink, level, Qt.PenStyle.DotLine)
            self._curve.paint(painter, cut.x, self.y, up, 1.4, (0.0, down))
            return
        self._vague.paint(painter, cut.x, self.y, ink.faint("positive", 0.07), ink.faint("negative", 0.07))
        self._band.paint(painter, cut.x, self.y, ink.faint("positive", 0.2), ink.faint("negative", 0.2))
        if self._smooth:
            self._pale.paint(painter, cut.x, self.y, pale, 1.0, (0.0, pale_down))
            self._curve.paint(painter, cut.x, self.y, up, 1.8, (0.0, down))
            return
        self._faint.paint(painter, cut.x, self.y, pale, 1.0, (0.0, pale_down))
        self._before.paint(painter, cut, self.y, ink)
        self._line.paint(painter, cut.x, self.y, up, 1.6, (0.0, down))

    def _level(
        self, painter: QPainter, cut: Cut, ink: Ink, value: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> None:
        assert self.y is not None  # noqa: S101  draw has looked
        at = math.floor(self.y.at(value)) + 0.5
        if self.y.top <= at <= self.y.bottom:
            painter.setPen(ink.pen("zero", 1.0, style))
            painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return what is shown of whose posts, and its figures at the reading."""
        del ink, language
        line = [Segment(self.name(), "muted"), *self._titles(view), *self.filters(view)]
        if not self.is_read(view):
            return [[*line, Segment(tr("Reading …"), "muted")]]
        crowd = self.figures(view, reading)
        measure = self.option("measure")
        if measure == UNUSUALNESS:
            return [[*line, *self._score_figures(view, reading)]]
        if self.hours:
            return [[*line, *self._smooth_figures(view, reading)]]
        if not crowd.scored[0]:
            return [[*line, Segment(tr("nobody spoke") if not crowd.posts[0] else tr("no scored post"), "muted")]]
        return [[*line, *self._figures(view, reading, crowd)]]

    def _titles(self, view: View) -> list[Segment]:
        """Return the measure, where it is not the mean, how it is smoothed, and whose scores these are."""
        measure = self.option("measure")
        titles = [] if measure == MEAN else [Segment(tr(dict(_MEASURES)[measure]), "text")]
        if measure == REACH and self.is_read(view):
            titles.append(Segment(tr(REACHES[self._reach(view)]), "muted"))
        if measure == UNUSUALNESS:
            titles.append(Segment(tr(dict(_WINDOWS)[self.option("window")]), "muted"))
        if not self.wants_audience and self.option("half_life"):
            over = tr(dict(_HALF_LIVES)[self.option("half_life")])
            titles.append(Segment(tr("half-life {time}").format(time=over), "muted"))
        scorer = self.option("scorer") or view.tape.provenance.scorer
        return [*titles, Segment(str(scorer), "muted", rank=1)] if scorer else titles

    def _figures(self, view: View, reading: Reading, crowd: Crowd) -> list[Segment]:
        measure, few = self.option("measure"), int(crowd.scored[0]) < self.option("least")
        values = {
            MEAN: float(crowd.mean[0]),
            BALANCE: float(crowd.balance[0]),
            DISPERSION: float(crowd.deviation[0]),
        }
        if measure == REACH:
            start, end = np.array([reading.span.start]), np.array([reading.span.end])
            values[REACH] = float(view.tape.audiences[self.crowd_key].weighted_mean(self._reach(view), start, end)[0])
        line = [_figure(values[measure], signed=measure != DISPERSION, faint=few)]
        if measure == MEAN and crowd.scored[0] > 1:
            low, high = (fixed(float(v[0]), 2, sign=True) for v in crowd.interval())
            line.append(Segment(f"[{low} … {high}]", line[0].colour, rank=3))
        return [
            *line,
            *(self._before.segments(view, reading) if self._corrected else ()),
            Segment(tr("n {count}").format(count=f"{crowd.scored[0]:,}"), "muted" if few else "text"),
            Segment(tr("bull {share} %").format(share=round(100 * crowd.bull[0])), "positive", rank=4),
            Segment(tr("bear {share} %").format(share=round(100 * crowd.bear[0])), "negative", rank=4),
        ]

    def _smooth_figures(self, view: View, reading: Reading) -> list[Segment]:
        lines = faded(view.tape, self.crowd_key, self.hours)
        if lines is None:
            return computing()
        at, size = reading.last_slots
        value = self._smooth_line(lines).value_at(at, size)
        if math.isnan(value):
            return [Segment(tr("nobody spoke for long"), "muted")]
        line = [_figure(value, signed=self.option("measure") != DISPERSION)]
        if self.option("measure") == MEAN:
            low, high = (fixed(v.value_at(at, size), 2, sign=True) for v in (lines.low, lines.high))
            line.append(Segment(f"[{low} … {high}]", line[0].colour, rank=3))
        weight = lines.weight.value_at(at, size)
        return [*line, Segment(tr("weight {count} posts").format(count=f"{weight:,.1f}"), "text", rank=3)]

    def _score_figures(self, view: View, reading: Reading) -> list[Segment]:
        found = self._score(view)
        if found is None:
            return computing()
        z, past = (line.value_at(*reading.last_slots) for line in found)
        n = Segment(tr("against {count} bars").format(count=f"{0 if math.isnan(past) else past:,.0f}"), "muted", rank=1)
        if math.isnan(z):
            return [Segment(tr("no figure"), "muted"), n]
        return [_figure(z, digits=1), n]


def _figure(value: float, *, signed: bool = True, digits: int = 3, faint: bool = False) -> Segment:
    colour = ("positive" if value > 0 else "negative" if value < 0 else "text") if signed else "text"
    return Segment(fixed(value, digits, sign=signed), "muted" if faint else colour, bold=True)
