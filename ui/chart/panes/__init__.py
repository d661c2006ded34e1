"""The kinds of pane, and which of them a tape gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.chart.panes.base import Pane, Segment
from ui.chart.panes.metric import MetricPane
from ui.chart.panes.posts import PostsPane
from ui.chart.panes.price import PricePane
from ui.chart.panes.sentiment import SentimentPane
from ui.chart.panes.volume import VolumePane

if TYPE_CHECKING:
    from core.timeline import Tape

__all__ = ["MetricPane", "Pane", "PostsPane", "PricePane", "Segment", "SentimentPane", "VolumePane", "panes_for"]


def panes_for(tape: Tape | None) -> list[Pane]:
    """Return the panes of a tape from the top: price, volume, sentiment, posts, and one a metric."""
    panes: list[Pane] = [PricePane(), VolumePane(), SentimentPane(), PostsPane()]
    if tape is not None:
        panes += [MetricPane(i, m.metric) for i, m in enumerate(tape.metrics)]
    return panes
