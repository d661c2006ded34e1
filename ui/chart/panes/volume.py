"""The volume pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.chart.items.candles import direction
from ui.chart.items.histogram import HistogramItem
from ui.chart.panes.base import Pane, Segment, spread
from ui.chart.scale import YScale, short
from ui.i18n import later

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.timeline import Reading, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink


class VolumePane(Pane):
    """Bars of volume in the paler colours of their candles."""

    kind = "volume"
    title = later("Volume")
    share = 1.2

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._bars = HistogramItem()

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return 0 and the largest volume in range."""
        c = cut.frame.candles
        trend = np.nan_to_num(direction(c.open, c.close, cut.before))
        self._bars.set_data(cut.left, cut.frame.right, c.volume, kind=trend)
        bounds = spread(c.volume, cut.seen)
        return (0.0, bounds[1] or 1.0) if bounds else None

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return a scale that stands on 0 at the very bottom."""
        del low
        return YScale(0.0, high, top, bottom)

    bottom = 0.0

    def label(self, value: float, step: float, language: str) -> str:
        """Return a short figure."""
        del step
        return short(value, language)

    def empty_text(self, subject: str) -> str:
        """Say nothing: the price pane has said it."""
        del subject
        return ""

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw the bars."""
        assert self.y is not None  # noqa: S101  paint has looked
        colours = {sign: ink.solid(name, 0.55) for sign, name in ((1, "rise"), (-1, "fall"), (0, "flat"))}
        self._bars.paint(painter, cut.x, self.y, colours)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the volume at the reading."""
        del view, ink
        return [[Segment(self.name(), "muted"), Segment(short(reading.volume, language))]]
