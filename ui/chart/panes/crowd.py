"""What panes of the crowd have in common: whose posts they count, and how they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from core.layout import Option
from core.timeline.request import CrowdKey, Needs
from ui.chart.panes.base import Pane, Segment, crowd_name
from ui.i18n import later, tr
from ui.languages import language_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.layout import PaneSpec, Value
    from core.series import Crowd
    from core.timeline import Reading, View
    from core.timeline.lines import Line

REACHES = {
    "views": later("Views"),
    "followers": later("Followers"),
    "engagement": later("Likes, comments and shares"),
}
_MOST_NAMED = 3
Lines = TypeVar("Lines", bound="tuple[Line, ...]")

SCORER = Option("scorer", later("Scores of"), "")
FILTERS = (
    Option("sources", later("Only from"), (), tip=later("None chosen: from every source")),
    Option("languages", later("Only in"), (), tip=later("None chosen: in every language")),
    Option(
        "once",
        later("Count each text once"),
        default=False,
        tip=later("Copies, retweets and near copies of a text that stood before are left out"),
    ),
)


class CrowdPane(Pane):
    """A pane of some of the subject's posts: by scorer, source and language, each text once or each post."""

    several = True

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Settle once which posts count: a frame asks for it again and again."""
        super().__init__(spec)
        scorer = self.option("scorer") if any(o.name == "scorer" for o in self.options) else ""
        self.crowd_key = CrowdKey(scorer, self.option("sources"), self.option("languages"), self.option("once"))
        self._waiting = ""  # what is said while there is nothing to draw yet

    @property
    def wants_audience(self) -> bool:
        """Whether authors or reach are shown."""
        return False

    @classmethod
    def needs(cls, spec: PaneSpec) -> Needs:
        """Return which posts are to be counted, and whether authors and reach are wanted."""
        pane = cls(spec)
        key = frozenset({pane.crowd_key})
        return Needs(crowds=key - {CrowdKey()}, audiences=key if pane.wants_audience else frozenset())

    def choices(self, option: Option, view: View) -> Sequence[tuple[Value, str]]:
        """Return the scorers, sources and languages that the tape knows of."""
        provenance = view.tape.provenance
        if option.name == "scorer":
            return [("", tr("the chart's scorer")), *((name, name) for name in provenance.scorers)]
        if option.name == "sources":
            return [(name, f"{name} ({n:,})") for name, n in provenance.post_sources.items()]
        if option.name == "languages":
            return [(code, f"{language_name(code)} ({n:,})") for code, n in provenance.languages.items()]
        return super().choices(option, view)

    def is_read(self, view: View) -> bool:
        """Whether the tape was read with the posts of this pane."""
        tape, key = view.tape, self.crowd_key
        return key in tape.crowds and (not self.wants_audience or key in tape.audiences)

    def wait_for_lines(self, lines: Lines | None) -> Lines | None:
        """Return lines as they are; where they are being made, an empty pane says so."""
        self._waiting = tr("Computing …") if lines is None else ""
        return lines

    def filters(self, view: View) -> list[Segment]:
        """Return whose posts are counted, as far as not all of them are."""
        key = self.crowd_key
        segments = crowd_name(view)
        if key.sources:
            segments.append(Segment(_listed(key.sources), "muted", rank=2))
        if key.languages:
            segments.append(Segment(_listed([language_name(code) for code in key.languages]), "muted", rank=2))
        if key.once:
            segments.append(Segment(tr("each text once"), "muted", rank=2))
        return segments

    def figures(self, view: View, reading: Reading) -> Crowd:
        """Return what the posts of the pane said in the span of a reading, of shape (1,)."""
        return view.tape.crowds[self.crowd_key].within(np.array([reading.span.start]), np.array([reading.span.end]))


def computing() -> list[Segment]:
    """Return what a legend says in place of figures that are being computed."""
    return [Segment(tr("Computing …"), "muted")]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return f"{shown} +{len(names) - _MOST_NAMED}" if len(names) > _MOST_NAMED else shown
