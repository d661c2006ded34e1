"""The sentiment pane: the mean score of each bar's posts with its 95 % interval, and gaps where nobody spoke."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF

from ui.chart.items.band import BandItem
from ui.chart.items.line import LineItem
from ui.chart.panes.base import Pane, Segment, crowd_name, spread
from ui.chart.scale import YScale, fixed
from ui.i18n import later, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.timeline import Reading, View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink

# The scale never narrows below this: a hundredth of the score's range must not look like a storm.
LEAST_RANGE = 0.3
# An interval wider than half of the scale says next to nothing, so it must not catch the eye.
VAGUE = 1.0


class SentimentPane(Pane):
    """Mean and band, blue above zero and orange below."""

    kind = "sentiment"
    title = later("Sentiment")
    several = True
    share = 2.0

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._mean = LineItem()
        self._band = BandItem()
        self._vague = BandItem()

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return the range of the means and of those intervals that say something, zero included, within [-1, 1].

        The interval of very few posts is nearly the whole scale; it is drawn, but the pane does not zoom out for it.
        """
        frame = cut.frame
        mean = frame.crowd.mean
        low, high = frame.crowd.interval()
        several, vague = frame.crowd.scored > 1, high - low > VAGUE
        for band, shown in ((self._band, several & ~vague), (self._vague, several & vague)):
            band.set_data(frame.left, frame.right, np.where(shown, low, np.nan), np.where(shown, high, np.nan))
        middle = (frame.left + frame.right) / 2
        self._mean.set_data(middle, mean, np.ones(len(mean), np.bool_))
        bounds = spread(mean, cut.seen)
        if bounds is None:
            return None
        firm = cut.seen & (high - low <= 0.7)
        band = spread(np.concatenate((low, high)), np.concatenate((firm, firm))) or bounds
        return min(bounds[0], band[0], 0.0), max(bounds[1], band[1], 0.0)

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return the scale with some air, no narrower than needed to be read and never beyond [-1, 1]."""
        air = max((high - low) * 0.08, (LEAST_RANGE - (high - low)) / 2, 0.0)
        return YScale(max(low - air, -1.0), min(high + air, 1.0), top, bottom)

    def label(self, value: float, step: float, language: str) -> str:
        """Return a signed score."""
        del step, language
        return fixed(value, 2, sign=value > 0)

    def empty_text(self, subject: str) -> str:
        """Say what is missing."""
        return tr("No scored posts about {subject} in this range").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw zero, the band and the mean."""
        assert self.y is not None  # noqa: S101  paint has looked
        zero = self.y.at(0.0)
        at = math.floor(zero) + 0.5
        painter.setPen(ink.pen("zero"))
        painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))
        self._vague.paint(painter, cut.x, self.y, ink.faint("positive", 0.07), ink.faint("negative", 0.07))
        self._band.paint(painter, cut.x, self.y, ink.faint("positive", 0.2), ink.faint("negative", 0.2))
        self._mean.paint(painter, cut.x, self.y, ink["positive"], 1.6, (0.0, ink["negative"]))

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return mean, interval, number of scored posts and the shares of bulls and bears."""
        del ink, language
        scorer = view.tape.provenance.scorer
        line = [Segment(self.name(), "muted"), *crowd_name(view)]
        if scorer is not None:
            line.append(Segment(str(scorer), "muted"))
        if not reading.scored:
            return [[*line, Segment(tr("nobody spoke") if not reading.posts else tr("no scored post"), "muted")]]
        colour = "positive" if reading.mean > 0 else "negative" if reading.mean < 0 else "text"
        line.append(Segment(fixed(reading.mean, 3, sign=True), colour, bold=True))
        if reading.scored > 1:
            low, high = fixed(reading.mean_low, 2, sign=True), fixed(reading.mean_high, 2, sign=True)
            line.append(Segment(f"[{low} … {high}]", colour))
        line += [
            Segment(tr("n {count}").format(count=f"{reading.scored:,}"), "text"),
            Segment(tr("bull {share} %").format(share=round(100 * reading.bull)), "positive"),
            Segment(tr("bear {share} %").format(share=round(100 * reading.bear)), "negative"),
        ]
        return [line]
