"""Posts on their way in, as the rows that SQLite takes: made by whoever read them, in another process if need be.

Columns and plain tuples, for what crosses from one process to another is pickled, and dataclasses cost many times more.
"""

from __future__ import annotations

import functools
import json
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np

from core.store.counts import bounds
from core.store.facts import facts_of
from core.store.words import index_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.model import ScorerId
    from core.store.facts import Counts, Facts
    from core.store.types import NewPost

V = TypeVar("V")
Figures: TypeAlias = tuple[float, float, float, float]  # value, pos, neu, neg of a score


class Columns(NamedTuple):
    """Posts a column at a time, all of one length, in the order of the table; `source` has names."""

    source: Sequence[str]
    native: Sequence[str]
    published: Sequence[int]
    text: Sequence[str]
    author: Sequence[str]
    followers: Sequence[int | None]
    likes: Sequence[int | None]
    comments: Sequence[int | None]
    shares: Sequence[int | None]
    views: Sequence[int | None]
    lang: Sequence[str]
    tags: Sequence[str]  # packed, as symbols are
    symbols: Sequence[str]
    url: Sequence[str]
    repost: Sequence[bool]
    stance: Sequence[str]
    at_least: Sequence[int]  # see core.store.counts

    @property
    def counts(self) -> tuple[Counts, ...]:
        """Followers, likes, comments, shares and views."""
        return (self.followers, self.likes, self.comments, self.shares, self.views)

    def pick(self, places: Sequence[int]) -> Columns:
        """Return the posts at these places."""
        return Columns(*([column[place] for place in places] for column in cast("tuple[Sequence[Any], ...]", self)))

    def facts(self) -> Facts:
        """Return what counting needs to know of the posts."""
        return facts_of(self.source, self.text, self.author, self.counts)


class Batch(NamedTuple):
    """Posts and what belongs to each, all of one length.

    `words` is the text as the index takes it, None where that is the text itself. `subjects` were found by rules,
    `stated` by the file or the user; both are keys. `scores` has one list a scorer, None where a post has no score.
    `collected` (ms UTC) is None for now. `facts` is what counting needs to know.
    """

    posts: Columns
    words: Sequence[str | None]
    subjects: Sequence[tuple[str, ...]]
    stated: Sequence[tuple[str, ...]]
    scores: dict[ScorerId, Sequence[Figures | None]]
    collected: Sequence[int | None]
    facts: Facts

    def pick(self, places: Sequence[int]) -> Batch:
        """Return the posts at these places."""

        def of(column: Sequence[V]) -> list[V]:
            return [column[place] for place in places]

        return Batch(
            self.posts.pick(places),
            of(self.words),
            of(self.subjects),
            of(self.stated),
            {scorer: of(column) for scorer, column in self.scores.items()},
            of(self.collected),
            self.facts[list(places)],
        )


@functools.lru_cache(maxsize=1 << 14)
def pack(texts: tuple[str, ...]) -> str:
    """Return a list of texts as posts keep it; files repeat their tags and symbols, so that most are known."""
    return json.dumps(texts, ensure_ascii=False) if texts else ""


@functools.lru_cache(maxsize=1 << 14)
def unpack(text: str) -> tuple[str, ...]:
    """Read a list of texts as posts keep it."""
    return tuple(json.loads(text)) if text else ()


def words_of(text: str) -> str | None:
    """Return what the index takes for a text; None where it is the text itself, whose ASCII case the index ignores."""
    return None if "#" not in text and text.isascii() else index_text(text)


def batch_of(posts: Sequence[NewPost]) -> Batch:
    """Return the posts as a batch."""
    scores: dict[ScorerId, list[Figures | None]] = {}
    for number, new in enumerate(posts):
        for scorer, s in new.scores:
            scores.setdefault(scorer, [None] * len(posts))[number] = (s.value, s.pos, s.neu, s.neg)
    rows = [
        (
            p.source, p.id, p.published, p.text, p.author, p.followers, p.likes, p.comments, p.shares, p.views, p.lang,
            pack(p.tags), pack(p.symbols), p.url, p.repost, p.stance, bounds(p.at_least),
        )
        for p in (new.post for new in posts)
    ]  # fmt: skip
    columns = Columns(*zip(*rows, strict=True))
    return Batch(
        columns,
        list(map(words_of, columns.text)),
        [tuple(new.subjects) for new in posts],
        [tuple(new.stated) for new in posts],
        dict(scores),
        [new.collected for new in posts],
        columns.facts(),
    )


def joined(batches: Iterable[Batch]) -> Batch:
    """Return several batches that the same scorers judged as one."""
    parts = list(batches)
    if len(parts) == 1:
        return parts[0]
    return Batch(
        Columns(*(list(chain.from_iterable(column)) for column in zip(*(b.posts for b in parts), strict=True))),
        [w for b in parts for w in b.words],
        [s for b in parts for s in b.subjects],
        [s for b in parts for s in b.stated],
        {scorer: [f for b in parts for f in b.scores[scorer]] for scorer in parts[0].scores},
        [c for b in parts for c in b.collected],
        np.concatenate([b.facts for b in parts]),
    )
