"""The studies of one pane: their lines cut to a frame, drawn, and told in the legend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.studies import EVERYONE, STUDIES, find_study_lines, study_of, study_source, study_title
from ui.chart.items.band import BandItem
from ui.chart.items.curve import CurveItem, extremes
from ui.chart.items.histogram import HistogramItem
from ui.chart.legend import Segment
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter

    from core.analysis.studies import Output, Study
    from core.layout import StudySpec
    from core.timeline import Reading, View
    from core.timeline.lines import Line
    from core.timeline.request import CrowdKey
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.scale import YScale

FILL = 0.08
# What a click on a study's line in the legend means, before its place among the pane's studies.
TARGET = "study:"


class StudyItem:
    """One study: a curve, bars or band for each of its outputs, in the colour of its place."""

    def __init__(self, spec: StudySpec, own: str, place: int, crowd: CrowdKey = EVERYONE) -> None:
        """Draw `spec`, made of the pane's `own` source unless it names one, counting the posts of `crowd`."""
        self.spec, self.own, self.place, self._crowd = spec, own, place, crowd
        self.study: Study = study_of(spec.kind)
        self._curves = [CurveItem(dots=False) for o in self.study.outputs if o.style != "histogram"]
        self._band = BandItem()
        self._bars = {"positive": HistogramItem(), "negative": HistogramItem()}
        self._lines: tuple[Line, ...] | None = ()

    @property
    def waits(self) -> bool:
        """Whether its lines are being made."""
        return self._lines is None

    def set_data(self, cut: Cut) -> tuple[float, float] | None:
        """Take the lines of the frame; return their smallest and largest value in sight, or None."""
        frame = cut.frame
        self._lines = find_study_lines(cut.view.tape, self.spec, self.own, self._crowd)
        if self._lines is None:
            return None
        steady = study_source(self.spec, self.own).steady
        columns = [line.columns(frame) for line in self._lines]
        curves = iter(self._curves)
        for output, found in zip(self.study.outputs, columns, strict=True):
            if output.style == "histogram":
                # The one of the two ends that is further from zero.
                value = np.where(np.abs(found.low) > np.abs(found.high), found.low, found.high)
                self._bars["positive"].set_data(cut.left, frame.right, value)
                self._bars["negative"].set_data(cut.left, frame.right, -value, value)
            else:
                next(curves).set_data(frame.left, frame.right, found, bridged=steady)
        if self.study.filled:
            self._band.set_data(frame.left, frame.right, columns[0].low, columns[-1].high)
        bounds = [b for found in columns if (b := extremes(found, cut.seen)) is not None]
        return (min(b[0] for b in bounds), max(b[1] for b in bounds)) if bounds else None

    def paint(self, painter: QPainter, cut: Cut, y: YScale, ink: Ink) -> None:
        """Draw the band, the bars and the lines."""
        if self._lines is None:
            return
        if self.study.filled:
            fill = ink.faint(ink.metric(self.place), FILL)
            self._band.paint(painter, cut.x, y, fill, fill)
        if any(o.style == "histogram" for o in self.study.outputs):
            self._bars["positive"].paint(painter, cut.x, y, ink.solid("positive", 0.55))
            self._bars["negative"].paint(painter, cut.x, y, ink.solid("negative", 0.55))
        names = self.colours(ink)
        for curve, output, name in zip(self._curves, self._drawn(), names, strict=True):
            curve.paint(painter, cut.x, y, ink[name], 1.5 if output.style == "line" else 1.0)

    def _drawn(self) -> list[Output]:
        return [o for o in self.study.outputs if o.style != "histogram"]

    def colours(self, ink: Ink) -> list[str]:
        """Return the name of the colour of each line; the signal of a MACD stands out from it."""
        one, other = ink.metric(self.place), ink.metric(self.place + 1)
        return [one if self.study.filled or i == 0 else other for i in range(len(self._curves))]

    def legend(self, reading: Reading, ink: Ink, figure: Callable[[float], str]) -> list[Segment]:
        """Return title and figures at the reading."""
        target = f"{TARGET}{self.place}"
        line = [Segment(study_title(self.spec, self.own), "muted", target=target)]
        if self._lines is None:
            return [*line, Segment(tr("Computing …"), "disabled", target=target)]
        names = iter(self.colours(ink))
        for output, found in zip(self.study.outputs, self._lines, strict=False):
            value = found.value_at(*reading.last_slots)
            if output.style == "histogram":
                name = "positive" if value > 0 else "negative" if value < 0 else "muted"
            else:
                name = next(names)
            line.append(Segment(figure(value), name, target=target))
        return line


class PaneStudies:
    """The studies that lie over a pane. Those of a kind that this program does not know are left out."""

    def __init__(self, specs: Sequence[StudySpec], own: str, crowd: CrowdKey = EVERYONE) -> None:
        """Take the specs of a pane that shows the source `own` of the posts of `crowd`."""
        known = [(place, spec) for place, spec in enumerate(specs) if own and spec.kind in STUDIES]
        self.items = [StudyItem(spec, own, place, crowd) for place, spec in known]

    def set_data(self, cut: Cut) -> tuple[float, float] | None:
        """Take the lines of a frame; return their smallest and largest value in sight, or None."""
        bounds = [b for item in self.items if (b := item.set_data(cut)) is not None]
        return (min(b[0] for b in bounds), max(b[1] for b in bounds)) if bounds else None

    def paint(self, painter: QPainter, cut: Cut, y: YScale, ink: Ink) -> None:
        """Draw all of them."""
        for item in self.items:
            item.paint(painter, cut, y, ink)

    def legend(self, view: View, reading: Reading, ink: Ink, figure: Callable[[float], str]) -> list[list[Segment]]:
        """Return a line for each."""
        del view
        return [item.legend(reading, ink, figure) for item in self.items]


def joined(a: tuple[float, float] | None, b: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the range that holds both."""
    if a is None or not all(map(math.isfinite, a)):
        return b
    return a if b is None else (min(a[0], b[0]), max(a[1], b[1]))
