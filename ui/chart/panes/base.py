"""What every pane does alike: options, scale, grid, axis labels, legend. A pane paints; it knows no widget."""

from __future__ import annotations

import dataclasses
import functools
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPen

from core.analysis.study_panes import OWN_SOURCE
from core.layout import PaneSpec
from core.model import subject_key
from core.timeline.request import CrowdKey, Needs
from ui.chart.arrays import draw_rects
from ui.chart.closures import paint_labels
from ui.chart.knowledge import paint_edges
from ui.chart.legend import LEFT, LINE, TOP, Segment
from ui.chart.scale import YScale, decimals_of, fixed
from ui.chart.studies import PaneStudies, joined
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from core.layout import Option, Value
    from core.series import FloatArray
    from core.timeline import Reading, Tape, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink

AXIS_PAD = 8.0
LEGEND_PX = 24.0  # kept free at the top of every pane
BOTTOM_PX = 6.0
TICK_GAPS_PX = (26.0, 18.0, 12.0)  # a nearer one where the one before leaves less than two labels
LABEL_PX = 13.0


class Pane:
    """One pane of the stack, as its spec in the layout has it.

    A kind of pane is a class: `kind` is its name in layouts, `title` that for people (English, translated where shown),
    `options` what can be chosen of it, and `several` whether a chart may have more than one. `share` is its part of the
    height, `least` its smallest height in pixels.
    """

    kind = ""
    title = ""
    options: tuple[Option, ...] = ()
    several = False
    crowd_key = CrowdKey()  # which posts it counts
    listed = True  # among the panes that can be added by their name
    share = 1.0
    least = 56
    top = LEGEND_PX
    bottom = BOTTOM_PX

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing to show; without a spec with every option at its default."""
        self.spec = spec or PaneSpec(self.kind, self.kind)
        self._chosen = {o.name: o.clean(self.spec.options.get(o.name, o.default)) for o in self.options}
        self.topmost = False  # the one that bears the mark of simulated data
        self.y: YScale | None = None
        self.ticks: list[float] = []
        self.labels: list[str] = []
        self.height = 0.0
        self.zone = ""  # in which times are shown
        # Values at the bottom and the top while the user has chosen them on the axis.
        self.manual: tuple[float, float] | None = None
        self._subject = ""

    @property
    def own_source(self) -> str:
        """What studies over the pane are made of unless they name a source; "" where none can lie over it."""
        return OWN_SOURCE.get(self.kind, "")

    @functools.cached_property
    def studies(self) -> PaneStudies:
        """The studies that lie over the pane."""
        return PaneStudies(self.spec.studies, self.own_source, self.crowd_key)

    @property
    def key(self) -> str:
        """The pane's own name within its layout."""
        return self.spec.key

    def option(self, name: str) -> Any:
        """Return what an option is chosen to be, of the type of its default."""
        return self._chosen[name]

    def choices(self, option: Option, view: View) -> Sequence[tuple[Value, str]]:
        """Return what an option may be for the data at hand; texts are translated already."""
        del view
        return [(value, tr(text)) for value, text in option.choices]

    @classmethod
    def needs(cls, spec: PaneSpec) -> Needs:
        """Return what a pane of this spec wants of the tape beside the price and the chart's own crowd."""
        del spec
        return Needs()

    def turn_to(self, tape: Tape) -> None:
        """Take note of the tape that is shown from now on."""
        subject = subject_key(tape.subject)
        if subject != self._subject:
            self._subject, self.manual = subject, None

    # What a kind of pane must say.

    def name(self) -> str:
        """Return the pane's name for people."""
        return tr(self.title)

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Take the columns in range and return their smallest and largest value, or None where there is nothing."""
        raise NotImplementedError

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw what the pane is for, on `self.y`."""
        raise NotImplementedError

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the lines at the top left: what the pane shows and its figures at the reading."""
        raise NotImplementedError

    def label(self, value: float, step: float, language: str) -> str:
        """Return the text of a value at the axis."""
        del language
        return fixed(value, decimals_of(step))

    def difference(self, change: float) -> str:
        """Return the text of a difference of two values, with its sign."""
        step = self.fineness()
        return fixed(change, decimals_of(step) if step > 0 else 2, sign=True)

    def empty_text(self, subject: str) -> str:
        """Return what to say where there is nothing to draw."""
        return tr("Nothing here for {subject} yet").format(subject=subject)

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale over the range; a flat range is widened."""
        if not high > low:
            pad = abs(high) * 0.02 or 1.0
            low, high = low - pad, high + pad
        return YScale(low, high, top, bottom)

    # What all do alike.

    def prepare(self, cut: Cut, height: float) -> None:
        """Fit the scale to what is in range and choose the axis labels, for a pane of this height in pixels."""
        self.height, self.zone = height, cut.zone
        own = self.range(cut)
        over = self.studies.set_data(cut)
        bounds = joined(own, over)
        if bounds is None or not all(map(math.isfinite, bounds)):
            self.y, self.ticks, self.labels = None, [], []
            return
        bottom = max(height - self.bottom, self.top + 1.0)
        self.y = self.scale_of(*bounds, self.top, bottom)
        if self.manual is not None:
            self.y = dataclasses.replace(self.y, low=self.manual[0], high=self.manual[1])
        for gap in TICK_GAPS_PX:
            marks = self.marks_of(self.y, gap)
            self.ticks = thinned(self.y, [t for t in marks if self.y.top - 1 <= self.y.at(t) <= self.y.bottom + 1])
            if sum(LABEL_PX / 2 <= self.y.at(t) <= height - LABEL_PX / 2 for t in self.ticks) > 1:
                break  # two labels have room; one at the very edge has none
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 0.0
        self.labels = [self.label(t, step, cut.language) for t in self.ticks]

    def marks_of(self, y: YScale, gap: float) -> list[float]:
        """Return the values to mark at the axis, at least about `gap` pixels apart."""
        return y.ticks(gap)

    def stretch(self, factor: float) -> None:
        """Show `factor` times the range of values about the same middle, until `fit` is called."""
        if self.y is not None:
            half = (self.y.bottom - self.y.top) / 2 * factor
            middle = (self.y.bottom + self.y.top) / 2
            self._choose(self.y, middle + half, middle - half)

    def shift(self, by: float) -> None:
        """Move a range of values that the user has chosen up or down by pixels."""
        if self.y is not None and self.manual is not None:
            self._choose(self.y, self.y.bottom - by, self.y.top - by)

    def _choose(self, y: YScale, bottom: float, top: float) -> None:
        ends = sorted((y.value(bottom), y.value(top)))
        if all(map(math.isfinite, ends)) and ends[1] - ends[0] > 1e-9 * max(abs(ends[0]), abs(ends[1]), 1e-9):
            self.manual = ends[0], ends[1]
            self.y = dataclasses.replace(y, low=ends[0], high=ends[1])

    def take_over(self, before: Pane) -> None:
        """Keep what the user chose on the axis of the pane in whose place this one comes."""
        self.manual, self._subject = before.manual, before._subject

    def fit(self) -> None:
        """Let the range of values follow what is in sight again."""
        self.manual = None

    def tip(self, x: float, y: float) -> str:
        """Return the text for the pointer at a pixel, as rich text with what comes from files escaped; "" for none."""
        del x, y
        return ""

    def lines(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the whole legend: the pane's own lines, and one for each study over it."""

        def figure(value: float) -> str:
            return self.label(value, self.fineness(), language)

        return [*self.legend(view, reading, ink, language), *self.studies.legend(view, reading, ink, figure)]

    def fineness(self) -> float:
        """Return the step in which the crosshair tells values: a tenth of that of the axis."""
        return abs(self.ticks[1] - self.ticks[0]) / 10 if len(self.ticks) > 1 else 0.0

    def axis_width(self, ink: Ink) -> float:
        """Return the width that the axis labels need."""
        widest = max((ink.text_width(text, "axis") for text in self.labels), default=0.0)
        return widest + 2 * AXIS_PAD

    def paint(self, painter: QPainter, cut: Cut, ink: Ink, axis_width: float) -> None:
        """Draw the whole pane at (0, 0): plot of the cut's width, then the axis; without its legend."""
        width = cut.x.width
        cut.shade.paint(painter, self.height, ink)
        if self.topmost and cut.view.tape.provenance.simulated:
            self._watermark(painter, width, ink)
        if self.y is None:
            self._paint_closures(painter, cut, ink)
            self._paint_empty(painter, cut, ink)
        else:
            self._paint_grid(painter, cut, ink)
            self._paint_closures(painter, cut, ink)
            self.draw(painter, cut, ink)
            self.studies.paint(painter, cut, self.y, ink)
            self._paint_axis(painter, width, axis_width, ink)
        paint_edges(painter, cut, self.height, ink, named=self.topmost)
        painter.setPen(ink.pen("border"))
        painter.drawLine(QPointF(width + 0.5, 0), QPointF(width + 0.5, self.height))

    def _paint_closures(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        if self.topmost:
            paint_labels(painter, cut.closures, self.height, ink)

    def _watermark(self, painter: QPainter, width: float, ink: Ink) -> None:
        font = QFont(ink.bold)
        font.setPixelSize(max(min(int(width / 9), int(self.height / 3)), 12))
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 110)
        painter.setFont(font)
        painter.setPen(ink.faint("muted", 0.14))
        painter.drawText(QRectF(0, 0, width, self.height), Qt.AlignmentFlag.AlignCenter, tr("SIMULATED"))

    def _paint_grid(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        assert self.y is not None  # noqa: S101  paint has looked
        ratio = cut.x.ratio
        right, line = round(cut.x.width * ratio) - 1, max(round(ratio), 1)
        tops = [math.floor(self.y.at(tick) * ratio) for tick in self.ticks]
        rects = np.array([(0, top, right, top + line - 1) for top in tops], np.int32).reshape(-1, 4)
        draw_rects(painter, rects, ink["grid"], ratio)

    def covers(self, y: float, height: float) -> bool:
        """Whether something of the pane's own stands on the axis where a label of this height would stand."""
        del y, height
        return False

    def _paint_axis(self, painter: QPainter, left: float, width: float, ink: Ink) -> None:
        assert self.y is not None  # noqa: S101  paint has looked
        painter.setFont(ink.axis_font)
        painter.setPen(ink["muted"])
        half = ink.axis_metrics.height() / 2
        for tick, text in zip(self.ticks, self.labels, strict=True):
            middle = self.y.at(tick)
            if half <= middle <= self.height - half and not self.covers(middle, 2 * half):
                baseline = middle + ink.axis_metrics.ascent() - half
                painter.drawText(QPointF(left + AXIS_PAD, baseline), text)
        del width

    def _paint_empty(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        painter.setFont(ink.font)
        painter.setPen(QPen(ink["muted"]))
        below = TOP + LINE  # the legend
        rect = QRectF(LEFT, below, cut.x.width - 2 * LEFT, max(self.height - below, LINE))
        text = self.empty_text(subject_key(cut.view.tape.subject))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def thinned(scale: YScale, ticks: list[float]) -> list[float]:
    """Return every second tick, or fourth and so on, so that their labels do not touch."""
    while len(ticks) > 1 and min(abs(scale.at(a) - scale.at(b)) for a, b in pairwise(ticks)) < LABEL_PX:
        ticks = ticks[::2]
    return ticks


def crowd_name(view: View) -> list[Segment]:
    """Return whose posts are shown, where it is not the subject's own name: those of a concept it belongs to."""
    crowd = view.tape.provenance.crowd
    return [Segment(crowd, "muted")] if crowd and crowd != subject_key(view.tape.subject) else []


def spread(values: FloatArray, seen: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the smallest and largest finite value among those seen, or None."""
    chosen = values[seen]
    chosen = chosen[np.isfinite(chosen)]
    return (float(chosen.min()), float(chosen.max())) if len(chosen) else None


def default_heights(panes: Sequence[Pane], height: float) -> list[float]:
    """Share `height` pixels out among the panes by their shares, none below its least (that may need more)."""
    free = list(panes)
    rest = height
    while True:
        unit = max(rest, 0.0) / (sum(p.share for p in free) or 1.0)
        short = [p for p in free if p.share * unit < p.least]
        if not short:
            return [p.share * unit if p in free else float(p.least) for p in panes]
        free = [p for p in free if p not in short]
        rest -= sum(p.least for p in short)
