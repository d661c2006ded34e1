"""Brings the posts of what is under the pointer, selected or visible into the panel."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.model import subject_key
from core.timeline import Span
from ui import formats
from ui.i18n import shown_language, tr
from ui.languages import language_name
from ui.posts.delegate import OFF_TOPIC
from ui.posts.jobs import PostQuery, load_posts, mark_post

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.store import Census
    from core.store.corrections import Verdict
    from ui.jobs import Place
    from ui.posts.jobs import PostPage, PostRow
    from ui.posts.model import PostsModel
    from ui.posts.panel import PostsPanel
    from ui.state import AppState
    from ui.tasks import Tasks

HOVER_PAUSE_MS = 80
RANGE_PAUSE_MS = 250
# A view that has just come is painted first: reading posts would take turns with it.
A_FRAME_MS = 30
KEY = "posts"


class PostsFeed(QObject):
    """Follows the state; asks workers for pages."""

    failed = Signal(object)  # Exception
    marked = Signal()  # the user's marks are others now

    def __init__(
        self,
        state: AppState,
        tasks: Tasks,
        model: PostsModel,
        panel: PostsPanel,
        place: Callable[[], Place],
    ) -> None:
        super().__init__(panel)
        self._state, self._tasks, self._model, self._panel, self._place = state, tasks, model, panel, place
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._apply)
        state.hover_changed.connect(lambda _span: self._wait(HOVER_PAUSE_MS))
        state.selection_changed.connect(lambda _span: self._wait(0))
        state.range_changed.connect(lambda _start, _end: self._wait(RANGE_PAUSE_MS))
        state.view_changed.connect(self._on_view)
        state.zone_changed.connect(self._on_view)
        panel.order_changed.connect(lambda _order: self._wait(0))
        panel.search_changed.connect(lambda _text: self._wait(0))
        panel.verdict_wanted.connect(self._mark)
        state.sample_changed.connect(lambda sample: panel.set_may_mark(may=not sample))
        panel.set_may_mark(may=not state.sample)
        model.page_wanted.connect(self._fetch)
        model.total_changed.connect(self._show_heading)

    @property
    def span(self) -> Span | None:
        """The span whose posts are wanted: the selection, what is under the pointer, or the visible range."""
        if self._state.focus is not None:
            return self._state.focus
        return Span(*self._state.span) if self._state.span is not None else None

    def _wait(self, pause: int) -> None:
        # A pause that is already under way may be shortened but never drawn out by what matters less.
        if not self._pause.isActive() or self._pause.remainingTime() > pause or pause == HOVER_PAUSE_MS:
            self._pause.start(pause)

    def _on_view(self, *_: object) -> None:
        view = self._state.view
        if view is None:
            self._model.start(None)
            return
        self._panel.set_zone(self._state.zone or view.tape.calendar.zone)
        if self._model.query is not None and self._model.query == self._query():
            self._model.refresh()
        else:
            self._wait(A_FRAME_MS)

    def _query(self) -> PostQuery | None:
        span, view = self.span, self._state.view
        if span is None or view is None:
            return None
        # An instrument of which nobody speaks by name shows what is said of its concept.
        key = view.tape.provenance.crowd or subject_key(view.tape.subject)
        return PostQuery(
            key, span.start, span.end, self._panel.order, self._panel.search, self._state.scorer, span.closed
        )

    def _apply(self) -> None:
        self._model.start(self._query())
        self._show_heading()

    def _fetch(self, query: PostQuery, offset: int) -> None:
        job = functools.partial(load_posts, place=self._place(), query=query, offset=offset)
        self._tasks.submit(KEY, job, self._take, self._on_failed)

    def _take(self, page: PostPage) -> None:
        self._model.take(page)

    def _on_failed(self, error: Exception) -> None:
        self._model.fail()
        self.failed.emit(error)

    def _mark(self, row: PostRow, verdict: Verdict | None) -> None:
        if self._model.query is None:
            return
        number, key = row.stored.number, self._model.query.subject
        job = functools.partial(mark_post, place=self._place(), number=number, key=key, verdict=verdict)
        self._tasks.submit(f"mark {number}", job, lambda now: self._on_marked(row, now), self.failed.emit)

    def _on_marked(self, row: PostRow, now: str) -> None:
        self._model.set_verdict(row.stored.number, now)
        if OFF_TOPIC in {row.stored.verdict, now}:
            self._state.touch_data()  # the subject's counts are others now
        self.marked.emit()

    def _show_heading(self) -> None:
        span, view = self.span, self._state.view
        if span is None or view is None:
            self._panel.set_heading(tr("No posts"), "")
            return
        zone = self._state.zone or view.tape.calendar.zone
        crowd = view.tape.crowd.within(np.array([span.start]), np.array([span.end]))
        posts, scored = int(crowd.posts[0]), int(crowd.scored[0])
        facts = [formats.posts(posts)]
        if echoes := int(crowd.echo_posts[0]):
            facts.append(tr("{share} % echo").format(share=max(round(100 * echoes / posts), 1)))
        if self._panel.search:
            facts.append(tr("{n} found").format(n=f"{self._model.total:,}"))
        if posts:
            facts.append(tr("{scored} scored").format(scored=f"{scored:,}"))
        if scored:
            facts.append(tr("mean {score}").format(score=formats.score(float(crowd.mean[0]))))
        if span.closed:
            from ui.chart.closures import name_of_span  # noqa: PLC0415  loaded long since by the chart

            name = name_of_span(view.tape.calendar, span, shown_language())
            facts.append(tr("market closed: {name}").format(name=name))
        # A fact is not torn apart where the line ends.
        told = " · ".join(fact.replace(" ", "\u00a0") for fact in facts)
        self._panel.set_heading(heading(span, zone), told, coverage_text(self._model.census))


def coverage_text(census: Census | None) -> str:
    """Return how many posts of each language were scored, a line each; nothing while that is not known."""
    if census is None or not census.posts:
        return ""
    lines = [tr("Scored by language:")]
    for c in census.languages:
        told = tr("{language}: {scored} of {posts}")
        lines.append(told.format(language=language_name(c.language), scored=f"{c.scored:,}", posts=f"{c.posts:,}"))
    if census.echoes:
        echo = tr("{n} posts are echoes: they say what an earlier post said, word for word or nearly so.")
        lines.append(echo.format(n=f"{census.echoes:,}"))
    return "\n".join(lines)


def heading(span: Span, zone: str) -> str:
    """Return a span as the panel's title: `13 Jan 15:00 → 14 Jan 09:30`, with the year where it is not one."""
    from core.clock import local_time  # noqa: PLC0415  loaded long since by whoever made the view

    first, last = local_time(span.start, zone), local_time(span.end, zone)

    def day(when: object, *, year: bool) -> str:
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        y, m, d = when.year, when.month, when.day  # pyright: ignore[reportAttributeAccessIssue]
        text = tr("{day} {month}").format(day=d, month=months[m - 1], number=m)
        return f"{text} {y}" if year else text

    if (last - first).days > 20:
        return f"{first:%Y-%m-%d} → {last:%Y-%m-%d}"
    both = first.year != last.year
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{day(last, year=both)} {last:%H:%M}"
    return f"{day(first, year=both)} {first:%H:%M} → {end}"
