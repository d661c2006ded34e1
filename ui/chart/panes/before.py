"""Beside a curve that the user's own layer corrected: the curve as it was before, so that nothing moves unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.timeline.mood import crowd_in
from core.timeline.request import before_of
from ui.chart.items.line import LineItem
from ui.chart.panes.base import Segment, spread
from ui.chart.scale import fixed
from ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.timeline import Reading, Tape, View
    from core.timeline.request import CrowdKey
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.scale import YScale


class BeforeLine:
    """The mean by the scorer that was corrected; nothing where no layer is shown."""

    def __init__(self) -> None:
        self._line = LineItem(dots=False)

    def range(self, cut: Cut, mean: tuple[float, float], *, shown: bool) -> tuple[float, float]:
        """Take the columns in range; return the range of both curves, given that of the corrected one."""
        frame, key = cut.frame, _key(cut.view.tape) if shown else None
        crowd = crowd_in(cut.view.tape, frame, key) if key is not None else None
        if crowd is None:
            self._line.set_data(np.empty(0), np.empty(0), np.empty(0, np.bool_))
            return mean
        before = crowd.mean
        self._line.set_data((frame.left + frame.right) / 2, before, np.ones(len(before), np.bool_))
        bounds = spread(before, cut.seen)
        return mean if bounds is None else (min(mean[0], bounds[0]), max(mean[1], bounds[1]))

    def paint(self, painter: QPainter, cut: Cut, y: YScale, ink: Ink) -> None:
        """Draw the line."""
        self._line.paint(painter, cut.x, y, ink["muted"], 1.0)

    def segments(self, view: View, reading: Reading) -> list[Segment]:
        """Return what the legend says of it."""
        key = _key(view.tape)
        said = view.tape.crowds.get(key) if key is not None else None
        if key is None or said is None:
            return []
        mean = float(said.within(np.array([reading.span.start]), np.array([reading.span.end])).mean[0])
        return [Segment(tr("{scorer} alone {mean}").format(scorer=key.scorer, mean=fixed(mean, 3, sign=True)), "muted")]


def _key(tape: Tape) -> CrowdKey | None:
    scorer = tape.provenance.scorer
    return before_of(scorer.name) if scorer is not None else None
