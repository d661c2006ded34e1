"""The attention pane: how many posts, authors or readers, and how unusual that is; posts stand where they fell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, Qt

from core.analysis.unusual import LEAST_WEEKS
from core.clock.closures import LUNCH, closure_table
from core.layout import Option
from core.timeline.mood import attention_score, crowd_in, spans_of
from core.timeline.request import CrowdKey
from core.voices import REACHES as KINDS_OF_REACH
from ui.chart.items.curve import CurveItem, extremes
from ui.chart.items.histogram import HistogramItem
from ui.chart.panes.base import BOTTOM_PX, Segment, thinned
from ui.chart.panes.crowd import FILTERS, REACHES, CrowdPane, computing
from ui.chart.scale import YScale, decimals_of, fixed, round_ticks, short
from ui.i18n import later, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.rollup import Rollup
    from core.series import FloatArray
    from core.timeline import Reading, View
    from core.voices import Reach
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink

# Closures narrower than this hold no bar of their own: their posts are stacked on those of the bar that follows.
SLOT_PX = 2.0


class _Slots(NamedTuple):
    """Closures that hold posts, all of shape (k,): chart positions, counts, and the column that each belongs to."""

    left: FloatArray
    right: FloatArray
    posts: FloatArray
    column: NDArray[np.intp]


def _closures_before(cut: Cut, crowd: Rollup) -> _Slots:
    """Return the closures before columns of one slot each."""
    frame = cut.frame
    before, _ = spans_of(cut.view.tape, frame)
    posts = crowd.posts_within(before, frame.start)
    at = np.flatnonzero(posts)
    return _Slots(frame.closed_left[at], frame.left[at], posts[at].astype(np.float64), at)


def _closures(cut: Cut, crowd: Rollup) -> _Slots:
    """Return the market's closures within and before columns of several slots."""
    frame, view = cut.frame, cut.view
    table = closure_table(view.tape.calendar)
    part = table.overlapping(int(frame.start[0]), int(frame.end[-1])) if len(frame.start) else slice(0, 0)
    if part.stop - part.start > cut.x.width:
        # More closures than pixels: which posts fell into them cannot be seen, and the cost must follow the pixels.
        part = slice(0, 0)
    start, end = table.start[part], table.end[part]
    if not view.tape.interval.intraday:
        whole = table.kind[part] != LUNCH
        start, end = start[whole], end[whole]
    posts = crowd.posts_within(start, end).astype(np.float64)
    column = np.searchsorted(frame.end, end, side="right")
    has = (posts > 0) & (column < len(frame.end))
    start, end = start[has], end[has]
    return _Slots(view.clock.to_x(start), view.clock.to_x(end), posts[has], column[has])


POSTS, AUTHORS, SURPRISE = "posts", "authors", "surprise"
_MEASURES = ((POSTS, later("Posts")), (AUTHORS, later("Authors")), *REACHES.items(), (SURPRISE, later("Surprise")))
# Beyond this the hour is busier than the same hour of the week was: one in forty is by chance.
UNUSUAL = 2.0


class PostsPane(CrowdPane):
    """Counts of posts, while the market was open and while it was shut in two shades; or another measure of attention.

    Authors and reach are counted whole for each bar, with the closure before it.
    """

    kind = "posts"
    title = later("Posts")
    share = 1.6
    options = (Option("measure", later("Show"), POSTS, _MEASURES), *FILTERS)

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._open = HistogramItem()
        self._closed = HistogramItem()
        self._stacked = HistogramItem()
        self._curve = CurveItem(dots=False)
        self.bottom = BOTTOM_PX if self.measure == SURPRISE else 0.0

    @property
    def own_source(self) -> str:
        """Return the count of posts as the source of studies; other measures have none."""
        return "posts" if self.measure == POSTS else ""

    @property
    def measure(self) -> str:
        """What is shown of the posts."""
        return self.option("measure")

    @property
    def wants_audience(self) -> bool:
        """Whether authors or reach are shown."""
        return self.measure not in {POSTS, SURPRISE}

    def name(self) -> str:
        """Return what the pane shows."""
        return tr(dict(_MEASURES)[self.measure])

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return 0 and the longest bar in range; None where there is no post at all on the tape."""
        view = cut.view
        read = self.is_read(view)
        self._waiting = "" if read else tr("Reading …")
        if not read or not len(view.tape.crowds[self.crowd_key]):
            return None
        if self.measure == POSTS:
            return self._take_posts(cut)
        return self._take_surprise(cut) if self.measure == SURPRISE else self._take_audience(cut)

    def _take_posts(self, cut: Cut) -> tuple[float, float]:
        frame, crowd = cut.frame, crowd_in(cut.view.tape, cut.frame, self.crowd_key)
        assert crowd is not None  # noqa: S101  range has looked
        total = crowd.posts.astype(np.float64)
        rollup = cut.view.tape.crowds[self.crowd_key]
        slots = _closures(cut, rollup) if frame.closed is None else _closures_before(cut, rollup)
        within = np.zeros(len(total))
        np.add.at(within, slots.column, slots.posts)
        opened = np.maximum(total - within, 0.0)
        wide = (slots.right - slots.left) * cut.x.factor >= SLOT_PX
        stacked = np.zeros(len(total))
        np.add.at(stacked, slots.column[~wide], slots.posts[~wide])
        self._open.set_data(cut.left, frame.right, opened)
        self._stacked.set_data(cut.left, frame.right, stacked, opened)
        self._closed.set_data(slots.left[wide], slots.right[wide], slots.posts[wide])
        shut = wide & (slots.right > cut.x.x0) & (slots.left < cut.x.x1)
        return 0.0, max(_largest((opened + stacked)[cut.seen]), _largest(slots.posts[shut]))

    def _take_audience(self, cut: Cut) -> tuple[float, float]:
        frame, audience = cut.frame, cut.view.tape.audiences[self.crowd_key]
        if self.measure == AUTHORS:
            amount = audience.authors(frame.first, frame.first + frame.size * len(frame.left), frame.size)
        else:
            amount, _ = audience.reach(_reach(self.measure), *spans_of(cut.view.tape, frame))
        none = np.empty(0)
        self._open.set_data(cut.left, frame.right, amount.astype(np.float64))
        self._stacked.set_data(none, none, none, none)
        self._closed.set_data(none, none, none)
        return 0.0, _largest(amount[cut.seen].astype(np.float64))

    def _take_surprise(self, cut: Cut) -> tuple[float, float] | None:
        found = self.wait_for_lines(attention_score(cut.view.tape, self.crowd_key))
        if found is None:
            return None
        columns = found[0].columns(cut.frame)
        self._curve.set_data(cut.frame.left, cut.frame.right, columns)
        bounds = extremes(columns, cut.seen)
        return bounds and (min(bounds[0], -1.0), max(bounds[1], UNUSUAL))

    def prepare(self, cut: Cut, height: float) -> None:
        """Keep to whole numbers: half a post is nothing."""
        super().prepare(cut, height)
        if self.y is not None and self.y.high < 10 and self.measure != SURPRISE:
            self.ticks = [t for t in round_ticks(0, self.y.high, max(int(height / 36), 1)) if t == int(t)]
            self.ticks = thinned(self.y, self.ticks)
            self.labels = [self.label(t, 1, cut.language) for t in self.ticks]

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return a scale that stands on 0 at the very bottom, but for a surprise, which may be one of silence."""
        if self.measure == SURPRISE:
            return YScale(low, high + 0.1 * (high - low), top, bottom)
        return YScale(0.0, max(high, 1.0), top, bottom)

    def label(self, value: float, step: float, language: str) -> str:
        """Return a short figure."""
        if self.measure == SURPRISE:
            return fixed(value, decimals_of(step), sign=value > 0)
        return short(value, language)

    def empty_text(self, subject: str) -> str:
        """Say what is missing and where it comes from."""
        if self._waiting:
            return self._waiting
        if self.measure == SURPRISE:
            return tr("Surprise needs {n} weeks of posts before").format(n=LEAST_WEEKS)
        if self.crowd_key != CrowdKey():
            return tr("No such posts about {subject}").format(subject=subject)
        return tr("No posts about {subject} yet — import a file").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw the bars, or the line of surprise."""
        assert self.y is not None  # noqa: S101  paint has looked
        if self.measure == SURPRISE:
            for level, style in ((0.0, Qt.PenStyle.SolidLine), (UNUSUAL, Qt.PenStyle.DotLine)):
                at = math.floor(self.y.at(level)) + 0.5
                painter.setPen(ink.pen("zero", 1.0, style))
                painter.drawLine(QPointF(0, at), QPointF(cut.x.width, at))
            self._curve.paint(painter, cut.x, self.y, ink["posts"], 1.4)
            return
        self._open.paint(painter, cut.x, self.y, ink["posts"])
        self._stacked.paint(painter, cut.x, self.y, ink["posts_closed"])
        self._closed.paint(painter, cut.x, self.y, ink["posts_closed"], 1.0)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the measure at the reading, and what is to be known of it."""
        del ink
        line = [Segment(self.name(), "muted"), *self.filters(view)]
        if not self.is_read(view):
            return [[*line, Segment(tr("Reading …"), "muted")]]
        if self.measure == POSTS:
            return [[*line, *self._post_figures(view, reading)]]
        if self.measure == SURPRISE:
            return [[*line, *self._surprise_figures(view, reading)]]
        return [[*line, *self._audience_figures(view, reading, language)]]

    def _post_figures(self, view: View, reading: Reading) -> list[Segment]:
        crowd, span = self.figures(view, reading), reading.span
        posts, echoes = int(crowd.posts[0]), int(crowd.echo_posts[0])
        line = [Segment(f"{posts:,}", "text", bold=True)]
        if echoes:
            line.append(Segment(tr("{share} % echo").format(share=_percent(echoes, posts)), "muted", rank=1))
        closed = posts
        if not span.closed:
            crowd_before = view.tape.crowds[self.crowd_key]
            shut = crowd_before.posts_within(np.array([span.start]), np.array([reading.start]))
            closed = int(shut[0]) if reading.size == 1 else 0
        if closed and span.closed:
            line.append(Segment(tr("while closed"), "posts_closed", rank=2))
        elif closed:
            line += [
                Segment(tr("open {count}").format(count=f"{posts - closed:,}"), "posts", rank=2),
                Segment(tr("before the open {count}").format(count=f"{closed:,}"), "posts_closed", rank=2),
            ]
        return line

    def _audience_figures(self, view: View, reading: Reading, language: str) -> list[Segment]:
        audience, span = view.tape.audiences[self.crowd_key], reading.span
        posts = int(self.figures(view, reading).posts[0])
        if self.measure == AUTHORS:
            found = audience.authors_within(np.array([span.start]), np.array([span.end]))
            authors, nameless = (int(n[0]) for n in found)
            line = [Segment(f"{authors:,}", "text", bold=True)]
            if nameless:
                line.append(Segment(tr("{n} posts without a name").format(n=f"{nameless:,}"), "muted", rank=1))
            return [*line, Segment(tr("of {n} posts").format(n=f"{posts:,}"), "muted", rank=2)]
        amount, known = audience.reach(_reach(self.measure), np.array([span.start]), np.array([span.end]))
        line = [Segment(short(float(amount[0]), language) if known[0] or not posts else "–", "text", bold=True)]
        if not posts:
            return line
        told = tr("known of {known} of {n} posts").format(known=f"{known[0]:,}", n=f"{posts:,}")
        return [*line, Segment(told, "muted", rank=1)]

    def _surprise_figures(self, view: View, reading: Reading) -> list[Segment]:
        found = attention_score(view.tape, self.crowd_key)
        if found is None:
            return computing()
        z, weeks = (line.value_at(*reading.last_slots) for line in found)
        n = 0 if math.isnan(weeks) else int(weeks)
        told = Segment(tr("against {n} weeks, same hour").format(n=n), "muted", rank=1)
        if math.isnan(z):
            return [Segment(tr("no figure"), "muted"), told]
        return [Segment(fixed(z, 1, sign=True), "text", bold=True), told]


def _reach(measure: str) -> Reach:
    known: dict[str, Reach] = {kind: kind for kind in KINDS_OF_REACH}
    return known[measure]


def _percent(part: int, whole: int) -> str:
    """Return a share in whole percent; what is not nothing is at least 1."""
    return str(max(round(100 * part / whole), 1))


def _largest(values: FloatArray) -> float:
    return float(values.max()) if len(values) else 0.0
