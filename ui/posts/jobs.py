"""Reading and marking posts, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model import DEFAULT_SCORER
from ui.jobs import find_subject, now_ms

if TYPE_CHECKING:
    from core.sentiment import Contribution
    from core.store import Census, StoredPost
    from core.store.corrections import Verdict
    from core.store.reading import Order
    from ui.jobs import Place
    from ui.tasks import JobContext

PAGE = 100
# An explanation costs as much as a score; beyond this length nobody reads on, and the list shows no more either.
LONGEST_EXPLAINED = 4000


@dataclass(frozen=True, slots=True)
class PostQuery:
    """Which posts the panel wants: those published in (start, end] (ms UTC)."""

    subject: str
    start: int
    end: int
    order: Order = "newest"
    search: str = ""
    scorer: str = DEFAULT_SCORER
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post and the parts of its text that made its score."""

    stored: StoredPost
    parts: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class PostPage:
    """A stretch of the wanted posts; `total` counts all of them. `census` comes with the first."""

    query: PostQuery
    offset: int
    rows: tuple[PostRow, ...]
    total: int
    census: Census | None = None


def load_posts(context: JobContext, place: Place, query: PostQuery, offset: int) -> PostPage:
    """Read one page of posts and explain their scores."""
    from core.corrections import scorer_named  # noqa: PLC0415  heavy

    with place.open() as store:
        scorer = scorer_named(store, query.scorer)
        subject = find_subject(store, query.subject)
        found = store.posts(
            subject,
            query.start,
            query.end,
            order=query.order,
            limit=PAGE,
            offset=offset,
            search=query.search,
            scorer=query.scorer,
            off_topic=True,
        )
        total = store.count_posts(subject, query.start, query.end, search=query.search, off_topic=True)
        census = None if offset else store.census(subject, query.start, query.end, query.scorer)
    context.check()
    rows: list[PostRow] = []
    for post in found:
        context.check()
        text = post.post.text
        # An explanation by another version than the one that made the score would not sum to it.
        explained = post.score is not None and post.scorer == scorer.id and len(text) <= LONGEST_EXPLAINED
        rows.append(PostRow(post, tuple(scorer.explain(text)) if explained else ()))
    return PostPage(query, offset, tuple(rows), total, census)


def mark_post(_context: JobContext, place: Place, number: int, key: str, verdict: Verdict | None) -> str:
    """Mark a post as it is listed for a subject, or take its mark away; return how it is marked now."""
    with place.open() as store:
        return store.mark_post(number, key, verdict, now=now_ms()) or ""
