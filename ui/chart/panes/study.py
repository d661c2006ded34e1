"""A pane for one study: an oscillator such as RSI, or any study of something that the other panes' axes do not show."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from core.analysis.sources import SOURCES
from core.analysis.studies import STUDIES, study_title
from core.analysis.study_panes import SOURCE, STUDY, study_in, study_pane
from core.layout import Option, StudySpec
from ui.chart.panes.base import Pane
from ui.chart.scale import YScale, decimals_of, fixed, round_step, short
from ui.chart.studies import StudyItem
from ui.i18n import later, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.timeline import Reading, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.legend import Segment


class StudyPane(Pane):
    """Shows the study that its options name, on a scale of its own."""

    kind = STUDY
    title = later("Study")
    several = True
    listed = False
    share = 1.4

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Take the study of the spec; one that this program does not know shows as RSI."""
        spec = spec or study_pane(StudySpec("rsi"), STUDY)
        found = study_in(spec)
        self.study = STUDIES.get(found.kind, STUDIES["rsi"])
        self._item = StudyItem(found if found.kind in STUDIES else StudySpec("rsi"), "close", 0)
        source = Option(SOURCE, later("Source"), "close", tuple((s.name, s.label) for s in SOURCES.values()))
        self.options = (*self.study.params, *((source,) if self.study.sourced else ()))
        super().__init__(spec)

    def name(self) -> str:
        """Return the study's title."""
        return study_title(self._item.spec, "close")

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return the range of the lines in sight, the whole scale where there is one, zero where bars stand on it."""
        bounds = self._item.set_data(cut)
        if bounds is None or self.study.bounds is not None:
            return self.study.bounds if bounds is not None else None
        if any(o.style == "histogram" for o in self.study.outputs):
            return min(bounds[0], 0.0), max(bounds[1], 0.0)
        return bounds

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale with a little air."""
        if self.study.bounds is None and high > low:
            air = 0.06 * (high - low)
            low, high = low - air, high + air
        return super().scale_of(low, high, top, bottom)

    def marks_of(self, y: YScale, gap: float) -> list[float]:
        """Return the levels of the study where it has some."""
        levels = self._levels()
        return sorted({*levels, 50.0}) if levels and self.study.bounds == (0.0, 100.0) else super().marks_of(y, gap)

    def _levels(self) -> Sequence[float]:
        return [float(self.option(name)) for name in self.study.levels]

    def label(self, value: float, step: float, language: str) -> str:
        """Return a figure, a short one where it is large."""
        return short(value, language) if abs(value) >= 1e5 else fixed(value, max(decimals_of(step), 0) if step else 2)

    def fineness(self) -> float:
        """Return a hundredth where the scale is fixed, else a step of which the scale has some hundreds."""
        if self.study.bounds is not None or self.y is None:
            return 0.01
        return round_step((self.y.high - self.y.low) / 500)

    def empty_text(self, subject: str) -> str:
        """Say that it has not seen enough, or that it is being computed."""
        del subject
        if self._item.waits:
            return tr("Computing …")
        return tr("{study} needs more bars than there are here").format(study=self.name())

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw the levels, zero, and the study."""
        assert self.y is not None  # noqa: S101  paint has looked
        zero = [0.0] if any(o.style == "histogram" for o in self.study.outputs) else []
        for level in (*self._levels(), *zero):
            if self.y.low <= level <= self.y.high:
                at = math.floor(self.y.at(level)) + 0.5
                painter.setPen(ink.pen("zero", 1.0, Qt.PenStyle.DashLine if level else Qt.PenStyle.SolidLine))
                painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))
        self._item.paint(painter, cut, self.y, ink)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return title and figures."""
        del view
        return [self._item.legend(reading, ink, lambda v: self.label(v, self.fineness(), language))]
