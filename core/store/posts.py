"""Posts on their way in: what is new, what repeats, and whom they speak of. A batch is one transaction.

A batch goes through as columns, not post by post: this is what the speed of every import hangs on.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from core.linking import fold
from core.model import Instrument, Post
from core.series import score_units
from core.store import bins, catalogue
from core.store.types import AddResult, NewPost
from core.store.words import index_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from core.model import Score, ScorerId
    from core.store.catalogue import Entry

_INSERT_POST: Final = f"INSERT INTO post VALUES({', '.join('?' * 18)})"
_COUNTS: Final = ("followers", "likes", "comments", "shares", "views")
_LARGEST: Final = 2**63 - 1
# Merging counts and symbols of posts that are known already.
_KNOWN: Final = f"""
    SELECT p.native, p.id, p.published, p.collected, p.symbols, {", ".join("p." + c for c in _COUNTS)}
    FROM json_each(?) j CROSS JOIN post p ON p.source = ? AND p.native = j.value"""  # noqa: S608 - names of our own columns

_Key: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Draft:
    """A post of this batch with all that the batch's repetitions of it bring."""

    new: NewPost
    symbols: tuple[str, ...]
    counts: list[int | None]
    links: dict[int, bool] = field(default_factory=dict[int, bool])  # subject's number: whether it was stated

    def absorb(self, post: Post, links: Iterable[tuple[int, bool]]) -> None:
        """Merge symbols and links, and fill counts that are missing."""
        if post.symbols != self.symbols:
            self.symbols = tuple(dict.fromkeys(self.symbols + post.symbols))
        for k, name in enumerate(_COUNTS):
            if self.counts[k] is None:
                self.counts[k] = getattr(post, name)
        for subject, stated in links:
            self.links[subject] = self.links.get(subject, False) or stated


def add(sql: sqlite3.Connection, batch: Sequence[NewPost], now: int) -> AddResult:
    """Add the batch. See `Store.add_posts`."""
    subjects = _Subjects(sql)
    drafts: dict[_Key, _Draft] = {}
    for new in batch:
        post = new.post
        links = subjects.links_of(new)
        draft = drafts.get((post.source, post.id))
        if draft is None:
            counts = [post.followers, post.likes, post.comments, post.shares, post.views]
            drafts[post.source, post.id] = _Draft(new, post.symbols, counts, dict(links))
        else:
            draft.absorb(post, links)
    sources = {name: _source(sql, name) for name in {source for source, _ in drafts}}
    known = _known(sql, drafts, sources)
    fresh = [d for key, d in drafts.items() if key not in known]
    first = int(sql.execute("SELECT coalesce(max(id), 0) + 1 FROM post").fetchone()[0])
    links = _insert(sql, fresh, first, sources, now)
    links += _merge(sql, drafts, known, sources)
    scores = _insert_scores(sql, fresh, first, now)
    _count(sql, links, scores, range(first, first + len(fresh)))
    linked = Counter(link[0] for link in links)
    return AddResult(len(fresh), len(batch) - len(fresh), {subjects.key(s): n for s, n in linked.items()})


class _Subjects:
    """The catalogue as one batch sees it; stated symbols that it lacks are added."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._all: dict[str, Entry] = catalogue.entries(sql)
        self._by_text: dict[str, Entry | None] = {}
        self._by_id = {e.id: e.key for e in self._all.values()}

    def key(self, subject: int) -> str:
        return self._by_id[subject]

    def links_of(self, new: NewPost) -> list[tuple[int, bool]]:
        """Return whom the post speaks of, each with whether the source or the user said so."""
        found = [(e.id, False) for key in new.subjects if (e := self._find(key))]
        found += [(e.id, True) for symbol in new.post.symbols if (e := self._find(symbol)) and not e.concept]
        found += [((self._find(key) or self._add(key)).id, True) for key in new.stated if key.strip()]
        if len(found) < 2:
            return found
        merged: dict[int, bool] = {}
        for subject, stated in found:
            merged[subject] = merged.get(subject, False) or stated
        return list(merged.items())

    def _find(self, key: str) -> Entry | None:
        try:
            return self._by_text[key]
        except KeyError:
            return self._by_text.setdefault(key, self._all.get(fold(key.strip())))

    def _add(self, symbol: str) -> Entry:
        entry = catalogue.put_instrument(self._sql, Instrument(symbol))
        # Earlier posts of this very batch may name the new instrument, so that linking anew is due in any case.
        self._sql.execute("UPDATE subject SET stale = 1 WHERE id = ?", (entry.id,))
        self._all[fold(entry.key)] = entry
        self._by_text.clear()
        self._by_id[entry.id] = entry.key
        return entry


def _source(sql: sqlite3.Connection, name: str) -> int:
    sql.execute("INSERT OR IGNORE INTO source(name) VALUES(?)", (name,))
    return int(sql.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()[0])


def _known(sql: sqlite3.Connection, drafts: dict[_Key, _Draft], sources: dict[str, int]) -> dict[_Key, tuple[Any, ...]]:
    """Return the stored rows of those posts that are known already."""
    known: dict[_Key, tuple[Any, ...]] = {}
    for name, source in sources.items():
        ids = json.dumps([key[1] for key in drafts if key[0] == name], ensure_ascii=False)
        known.update({(name, row[0]): row[1:] for row in sql.execute(_KNOWN, (ids, source))})
    return known


# A link on its way in: subject, published, post, stated, loud, views, and source and collected for the tally.
_Link: TypeAlias = tuple[int, int, int, bool, int, int, int, int]


def _insert(
    sql: sqlite3.Connection, fresh: Sequence[_Draft], first: int, sources: dict[str, int], now: int
) -> list[_Link]:
    posts: list[tuple[Any, ...]] = []
    links: list[_Link] = []
    for number, draft in enumerate(fresh, first):
        p = draft.new.post
        followers, likes, comments, shares, views = draft.counts
        source = sources[p.source]
        collected = now if draft.new.collected is None else draft.new.collected
        posts.append(
            (number, source, p.id, p.published, collected, p.text, p.author, followers, likes, comments, shares, views,
             p.lang, _pack(p.tags), _pack(draft.symbols), p.url, p.repost, p.stance)
        )  # fmt: skip
        if draft.links:
            loud, seen = (likes or 0) + (comments or 0) + (shares or 0), views or 0
            for subject, stated in draft.links.items():
                links.append((subject, p.published, number, stated, loud, seen, source, collected))
    sql.executemany(_INSERT_POST, posts)
    sql.executemany(
        "INSERT INTO post_text(rowid, text) VALUES(?, ?)", [(row[0], index_text(row[5])) for row in posts if row[5]]
    )
    _insert_links(sql, links)
    return links


def _insert_links(sql: sqlite3.Connection, links: Sequence[_Link]) -> None:
    sql.executemany("INSERT INTO link VALUES(?, ?, ?, ?, ?, ?)", [link[:6] for link in links])


def _merge(
    sql: sqlite3.Connection, drafts: dict[_Key, _Draft], known: dict[_Key, tuple[Any, ...]], sources: dict[str, int]
) -> list[_Link]:
    """Bring what repeated posts add to the stored ones; return the new links."""
    links: list[_Link] = []
    restated: list[tuple[int, int, int]] = []
    for key, (number, published, collected, symbols, *counts) in known.items():
        draft = drafts[key]
        had = unpack(symbols)
        merged = tuple(dict.fromkeys(had + draft.symbols))
        filled = [new if old is None else old for old, new in zip(counts, draft.counts, strict=True)]
        if merged != had or filled != counts:
            sql.execute(
                f"UPDATE post SET symbols = ?, {', '.join(c + ' = ?' for c in _COUNTS)} WHERE id = ?",  # noqa: S608 - names of our own columns
                (_pack(merged), *filled, number),
            )
        loud, views = sum(n or 0 for n in filled[1:4]), filled[4] or 0
        if filled != counts:
            sql.execute(
                "UPDATE link SET loud = ?, views = ?"
                " WHERE subject IN (SELECT id FROM subject) AND published = ? AND post = ?",
                (loud, views, published, number),
            )
        for subject, stated in draft.links.items():
            place = (subject, published, number)
            row = sql.execute("SELECT stated FROM link WHERE subject = ? AND published = ? AND post = ?", place)
            was = row.fetchone()
            if was is None:
                links.append((*place, stated, loud, views, sources[key[0]], collected))
            elif stated and not was[0]:
                restated.append(place)
    sql.executemany("UPDATE link SET stated = 1 WHERE subject = ? AND published = ? AND post = ?", restated)
    _insert_links(sql, links)
    return links


def _insert_scores(
    sql: sqlite3.Connection, fresh: Sequence[_Draft], first: int, now: int
) -> dict[int, dict[int, float]]:
    """Store the new posts' scores and return their values by scorer and post."""
    versions: dict[ScorerId, tuple[int, int]] = {}
    rows: dict[tuple[int, int], tuple[Any, ...]] = {}
    values: dict[int, dict[int, float]] = {}
    for number, draft in enumerate(fresh, first):
        for scorer_id, s in draft.new.scores:
            if scorer_id not in versions:
                versions[scorer_id] = _version(sql, scorer_id)
            scorer, version = versions[scorer_id]
            rows[number, scorer] = (number, scorer, version, *_score_row(s), now)
            values.setdefault(scorer, {})[number] = s.value
    sql.executemany("INSERT INTO score VALUES(?, ?, ?, ?, ?, ?, ?, ?)", rows.values())
    return values


def _score_row(s: Score) -> tuple[float, float, float, float]:
    return s.value, s.pos, s.neu, s.neg


def _version(sql: sqlite3.Connection, scorer: ScorerId) -> tuple[int, int]:
    """Return the numbers of a scorer and its version, adding what is new."""
    sql.execute("INSERT OR IGNORE INTO scorer(name) VALUES(?)", (scorer.name,))
    number = int(sql.execute("SELECT id FROM scorer WHERE name = ?", (scorer.name,)).fetchone()[0])
    sql.execute("INSERT OR IGNORE INTO scorer_version(scorer, version) VALUES(?, ?)", (number, scorer.version))
    query = "SELECT id FROM scorer_version WHERE scorer = ? AND version = ?"
    return number, int(sql.execute(query, (number, scorer.version)).fetchone()[0])


def _count(sql: sqlite3.Connection, links: Sequence[_Link], scores: dict[int, dict[int, float]], fresh: range) -> None:
    """Add new links to bins and tallies; scores of posts that were known before are read from the store."""
    if not links:
        return
    for number in {link[2] for link in links if link[2] not in fresh}:
        for scorer, value in sql.execute("SELECT scorer, value FROM score WHERE post = ?", (number,)):
            scores.setdefault(scorer, {})[number] = value
    subject, published, post = (np.array([link[k] for link in links], np.int64) for k in range(3))
    slots = bins.slots_of(subject, published)
    bins.add(sql, bins.POSTS, slots, np.zeros_like(slots))
    numbers = post.tolist()
    for scorer, values in scores.items():
        score = np.array([values.get(n, np.nan) for n in numbers])
        has = ~np.isnan(score)
        bins.add(sql, scorer, slots[has], score_units(score[has]))
    tally = Counter((link[0], link[6]) for link in links)
    latest: dict[tuple[int, int], int] = {}
    for link in links:
        pair = link[0], link[6]
        latest[pair] = max(link[7], latest.get(pair, link[7]))
    sql.executemany(
        "INSERT INTO tally VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " posts = posts + excluded.posts, collected = max(collected, excluded.collected)",
        [(*pair, n, latest[pair]) for pair, n in tally.items()],
    )


def _pack(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False) if texts else ""


def unpack(text: str) -> tuple[str, ...]:
    """Read a list of texts as posts keep it."""
    return tuple(json.loads(text)) if text else ()


def storable(new: NewPost) -> NewPost:
    """Return the post as SQLite can hold it: halves of surrogate pairs replaced, counts beyond 64 bits left out."""
    p = new.post
    counts = {c: None for c in _COUNTS if (getattr(p, c) or 0) > _LARGEST}
    texts = {c: _whole(getattr(p, c)) for c in ("source", "id", "text", "author", "lang", "url", "stance")}
    tags, symbols = tuple(map(_whole, p.tags)), tuple(map(_whole, p.symbols))
    post = replace(p, **texts, **counts, tags=tags, symbols=symbols)
    return replace(new, post=post, stated=frozenset(map(_whole, new.stated)))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
