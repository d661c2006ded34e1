"""The kinds of pane, and which panes a layout gives a tape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.timeline.request import Needs
from ui.chart.panes.base import Pane, Segment
from ui.chart.panes.metric import MetricPane
from ui.chart.panes.posts import PostsPane
from ui.chart.panes.price import PricePane
from ui.chart.panes.sentiment import SentimentPane
from ui.chart.panes.study import StudyPane
from ui.chart.panes.volume import VolumePane

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.layout import Layout, PaneSpec
    from core.timeline import Tape

__all__ = [
    "KINDS",
    "MetricPane",
    "Pane",
    "PostsPane",
    "PricePane",
    "Segment",
    "SentimentPane",
    "StudyPane",
    "VolumePane",
    "needs_of",
    "panes_of",
]

# A new kind of pane is a class in a file of its own here, and a name in this row: menus and dialogs follow.
KINDS: Mapping[str, type[Pane]] = {
    kind.kind: kind for kind in (PricePane, VolumePane, SentimentPane, PostsPane, MetricPane, StudyPane)
}


def panes_of(layout: Layout, tape: Tape, before: Iterable[Pane] = ()) -> list[Pane]:
    """Return the panes of a layout for a tape, from the top.

    A pane `before` whose spec is the same is kept with what it holds. Kinds that this program does not know are left
    out; a layout of nothing else shows the price.
    """
    kept = {pane.key: pane for pane in before}
    panes = [_pane(spec, kept) for spec in layout.shown(m.metric.name for m in tape.metrics) if spec.kind in KINDS]
    panes = panes or [PricePane()]
    for place, pane in enumerate(panes):
        pane.topmost = place == 0
        pane.turn_to(tape)
    return panes


def _pane(spec: PaneSpec, kept: Mapping[str, Pane]) -> Pane:
    pane = kept.get(spec.key)
    if pane is not None and pane.spec == spec:
        return pane
    made = KINDS[spec.kind](spec)
    if pane is not None and pane.kind == made.kind:
        made.take_over(pane)
    return made


def needs_of(layout: Layout) -> Needs:
    """Return what all panes of a layout want of the tape."""
    needs = [KINDS[spec.kind].needs(spec) for spec in layout.panes if spec.kind in KINDS]
    return Needs(
        frozenset(key for n in needs for key in n.crowds),
        tuple(dict.fromkeys(symbol for n in needs for symbol in n.compared)),
        any(n.equal_weights for n in needs),
        frozenset(key for n in needs for key in n.audiences),
    )
