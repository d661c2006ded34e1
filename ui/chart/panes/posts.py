"""The posts pane: how many posts, drawn where they fell; those of a closure stand in the closure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.clock.closures import LUNCH, closure_table
from ui.chart.items.histogram import HistogramItem
from ui.chart.panes.base import Pane, Segment, crowd_name, thinned
from ui.chart.scale import YScale, round_ticks, short
from ui.i18n import later, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from core.layout import PaneSpec
    from core.series import FloatArray
    from core.timeline import Reading, View
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


def _closures_before(cut: Cut) -> _Slots:
    """Return the closures before columns of one slot each."""
    frame = cut.frame
    assert frame.closed is not None  # noqa: S101  the caller has looked
    at = np.flatnonzero(frame.closed.posts)
    return _Slots(frame.closed_left[at], frame.left[at], frame.closed.posts[at].astype(np.float64), at)


def _closures(cut: Cut) -> _Slots:
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
    posts = view.tape.crowd.within(start, end).posts.astype(np.float64)
    column = np.searchsorted(frame.end, end, side="right")
    has = (posts > 0) & (column < len(frame.end))
    start, end = start[has], end[has]
    return _Slots(view.clock.to_x(start), view.clock.to_x(end), posts[has], column[has])


class PostsPane(Pane):
    """Counts of posts, while the market was open and while it was shut in two shades."""

    kind = "posts"
    title = later("Posts")
    share = 1.6
    bottom = 0.0

    def __init__(self, spec: PaneSpec | None = None) -> None:
        """Begin with nothing."""
        super().__init__(spec)
        self._open = HistogramItem()
        self._closed = HistogramItem()
        self._stacked = HistogramItem()

    def range(self, cut: Cut) -> tuple[float, float] | None:
        """Return 0 and the longest bar in range; None where there is no post at all on the tape."""
        if not cut.view.tape.spoken:
            return None
        frame = cut.frame
        total = frame.crowd.posts.astype(np.float64)
        slots = _closures(cut) if frame.closed is None else _closures_before(cut)
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

    def prepare(self, cut: Cut, height: float) -> None:
        """Keep to whole numbers: half a post is nothing."""
        super().prepare(cut, height)
        if self.y is not None and self.y.high < 10:
            self.ticks = [t for t in round_ticks(0, self.y.high, max(int(height / 36), 1)) if t == int(t)]
            self.ticks = thinned(self.y, self.ticks)
            self.labels = [self.label(t, 1, cut.language) for t in self.ticks]

    def scale_of(self, low: float, high: float, top: float, bottom: float) -> YScale:
        """Return a scale that stands on 0 at the very bottom."""
        del low
        return YScale(0.0, max(high, 1.0), top, bottom)

    def label(self, value: float, step: float, language: str) -> str:
        """Return a short figure."""
        del step
        return short(value, language)

    def empty_text(self, subject: str) -> str:
        """Say what is missing and where it comes from."""
        return tr("No posts about {subject} yet — import a file").format(subject=subject)

    def draw(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        """Draw the bars."""
        assert self.y is not None  # noqa: S101  paint has looked
        self._open.paint(painter, cut.x, self.y, ink["posts"])
        self._stacked.paint(painter, cut.x, self.y, ink["posts_closed"])
        self._closed.paint(painter, cut.x, self.y, ink["posts_closed"], 1.0)

    def legend(self, view: View, reading: Reading, ink: Ink, language: str) -> list[list[Segment]]:
        """Return the count at the reading, and how many of these fell into the closure before."""
        del ink, language
        line = [Segment(self.name(), "muted"), *crowd_name(view), Segment(f"{reading.posts:,}", "text", bold=True)]
        if reading.closed_posts and reading.span.closed:
            line.append(Segment(tr("while closed"), "posts_closed"))
        elif reading.closed_posts:
            line += [
                Segment(tr("open {count}").format(count=f"{reading.posts - reading.closed_posts:,}"), "posts"),
                Segment(tr("before the open {count}").format(count=f"{reading.closed_posts:,}"), "posts_closed"),
            ]
        return [line]


def _largest(values: FloatArray) -> float:
    return float(values.max()) if len(values) else 0.0
