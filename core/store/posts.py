"""Posts on their way in: what is new, what repeats, and whom they speak of. A batch is one transaction.

A batch goes through as columns, not post by post: this is what the speed of every import hangs on.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np

from core.linking import fold
from core.model import Instrument
from core.store import catalogue, corrections, facts, roll, scores
from core.store.arrivals import pack, unpack
from core.store.counts import COUNTS, completed
from core.store.types import AddResult, NewPost

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from core.store.arrivals import Batch, Columns
    from core.store.catalogue import Entry

_LARGEST: Final = 2**63 - 1
# Merging counts and symbols of posts that are known already.
_KNOWN: Final = f"""
    SELECT p.native, p.id, p.published, p.collected, p.symbols, p.at_least, {", ".join("p." + c for c in COUNTS)}
    FROM json_each(?) j CROSS JOIN post p ON p.source = ? AND p.native = j.value"""  # noqa: S608 - names of our own columns

_Key: TypeAlias = tuple[str, str]
# Whom a post speaks of: the subject's number, and whether the source or the user said so.
_Spoken: TypeAlias = tuple[tuple[int, bool], ...]


def add(sql: sqlite3.Connection, batch: Batch, now: int) -> AddResult:
    """Add the batch. See `Store.add_posts`."""
    subjects = _Subjects(sql)
    spoken = subjects.of_all(batch)
    sources = {name: _source(sql, name) for name in dict.fromkeys(batch.posts.source)}
    fresh, repeats = _divide(sql, batch.posts, sources)
    new = batch.pick(fresh) if repeats else batch
    first = int(sql.execute("SELECT coalesce(max(id), 0) + 1 FROM post").fetchone()[0])
    versions = {scorer: scores.place_of(sql, scorer) for scorer in batch.scores}
    links = _insert(sql, new, [spoken[place] for place in fresh], first, sources, now)
    if repeats:
        # A repetition within the batch finds its first occurrence stored just now.
        links.extend(_merge(sql, _drafts(batch.posts, repeats, spoken), sources))
    if versions:
        scored = {versions[scorer]: column for scorer, column in new.scores.items()}
        scores.insert(sql, range(first, first + len(fresh)), scored, now)
    linked = _count(sql, links)
    return AddResult(len(fresh), len(repeats), {subjects.key(s): n for s, n in linked.items()})


class _Subjects:
    """The catalogue as one batch sees it; stated symbols that it lacks are added."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._all: dict[str, Entry] = catalogue.entries(sql)
        self._by_text: dict[str, Entry | None] = {}
        self._by_id = {e.id: e.key for e in self._all.values()}
        self._known: dict[tuple[Any, ...], _Spoken] = {}

    def key(self, subject: int) -> str:
        return self._by_id[subject]

    def of_all(self, batch: Batch) -> list[_Spoken]:
        """Return whom each post speaks of; posts of one file name the same few over and over."""
        known = self._known
        keys = zip(batch.posts.symbols, batch.subjects, batch.stated, strict=True)
        return [known[key] if key in known else self._of(key) for key in keys]

    def _of(self, key: tuple[Any, tuple[str, ...], tuple[str, ...]]) -> _Spoken:
        symbols, found, stated = key
        spoken = self._look_up(unpack(symbols), found, stated)
        self._known[key] = spoken
        return spoken

    def _look_up(self, symbols: tuple[str, ...], found: tuple[str, ...], stated: tuple[str, ...]) -> _Spoken:
        merged: dict[int, bool] = {e.id: False for key in found if (e := self._find(key))}
        merged |= {e.id: True for symbol in symbols if (e := self._find(symbol)) and not e.concept}
        merged |= {(self._find(key) or self._add(key)).id: True for key in stated if key.strip()}
        return tuple(merged.items())

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
        self._known.clear()
        self._by_id[entry.id] = entry.key
        return entry


def _source(sql: sqlite3.Connection, name: str) -> int:
    sql.execute("INSERT OR IGNORE INTO source(name) VALUES(?)", (name,))
    return int(sql.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()[0])


def _ids(keys: Iterable[_Key], source: str) -> str:
    return json.dumps([key[1] for key in keys if key[0] == source], ensure_ascii=False)


def _divide(sql: sqlite3.Connection, posts: Columns, sources: dict[str, int]) -> tuple[list[int], list[int]]:
    """Return which of the posts are new, each once, and which repeat one that is stored or stands before."""
    keys = list(zip(posts.source, posts.native, strict=True))
    query = "SELECT p.native FROM json_each(?) j CROSS JOIN post p ON p.source = ? AND p.native = j.value"
    seen = {(name, row[0]) for name, n in sources.items() for row in sql.execute(query, (_ids(keys, name), n))}
    if not seen and len(set(keys)) == len(keys):
        return list(range(len(keys))), []
    fresh: list[int] = []
    repeats: list[int] = []
    for place, key in enumerate(keys):
        if key in seen:
            repeats.append(place)
        else:
            seen.add(key)
            fresh.append(place)
    return fresh, repeats


class _Link(NamedTuple):
    """A link on its way in; the last two are for the tally."""

    subject: int
    published: int
    post: int
    stated: bool
    loud: int
    views: int
    source: int
    collected: int


def _insert(
    sql: sqlite3.Connection, batch: Batch, spoken: Sequence[_Spoken], first: int, sources: dict[str, int], now: int
) -> list[tuple[int, ...]]:
    """Store new posts and return their links."""
    posts = batch.posts
    numbers = range(first, first + len(spoken))
    source = [sources[name] for name in posts.source]
    collected = [now if instant is None else instant for instant in batch.collected]
    facts.put(sql, np.array(numbers), source, batch.facts)
    _, native, published, *rest = posts
    _insert_posts(sql, numbers, (source, native, published, collected, *rest))
    words = [
        (n, text if indexed is None else indexed)
        for n, text, indexed in zip(numbers, posts.text, batch.words, strict=True)
        if text
    ]
    sql.executemany("INSERT INTO post_text(rowid, text) VALUES(?, ?)", words)
    counts = (posts.likes, posts.comments, posts.shares, posts.views)
    links = [
        (subject, instant, n, stated, (likes or 0) + (comments or 0) + (shares or 0), views or 0, name, arrived)
        for n, of_post, instant, likes, comments, shares, views, name, arrived in zip(
            numbers, spoken, published, *counts, source, collected, strict=True
        )
        for subject, stated in of_post
    ]
    _insert_links(sql, links)
    return links


def _insert_posts(sql: sqlite3.Connection, numbers: Sequence[int], columns: Sequence[Sequence[Any]]) -> None:
    """Add rows of the table of posts, given as columns.

    A number, or nothing, that all rows share stands in the statement itself: to bind it for each takes longer than to
    store it.
    """
    values: list[str] = ["?"]
    bound: list[Sequence[Any]] = [numbers]
    for column in columns:
        literal = _literal(column[0]) if column and column.count(column[0]) == len(column) else None
        values.append(literal or "?")
        if literal is None:
            bound.append(column)
    sql.executemany(f"INSERT INTO post VALUES({', '.join(values)})", zip(*bound, strict=True))


def _literal(value: Any) -> str | None:
    """Return a value as SQL writes it, where it is a number or nothing."""
    if value is None:
        return "NULL"
    if value == "":
        return "''"
    return f"{value:d}" if isinstance(value, int) and abs(value) <= _LARGEST else None


def _insert_links(sql: sqlite3.Connection, links: Iterable[tuple[int, ...]]) -> None:
    # In the order of the table's key: neighbours share a page.
    sql.executemany("INSERT INTO link VALUES(?, ?, ?, ?, ?, ?)", sorted([link[:6] for link in links]))


@dataclass(slots=True)
class _Draft:
    """What the repetitions of one post bring to it."""

    symbols: tuple[str, ...]
    counts: list[int | None]
    at_least: int
    links: dict[int, bool]

    def absorb(self, symbols: str, counts: Sequence[int | None], at_least: int, spoken: _Spoken) -> None:
        """Merge symbols, counts and links."""
        self.symbols = tuple(dict.fromkeys(self.symbols + unpack(symbols)))
        self.counts, self.at_least = completed(self.counts, self.at_least, counts, at_least)
        for subject, stated in spoken:
            self.links[subject] = self.links.get(subject, False) or stated


def _drafts(posts: Columns, repeats: Sequence[int], spoken: Sequence[_Spoken]) -> dict[_Key, _Draft]:
    drafts: dict[_Key, _Draft] = {}
    for place in repeats:
        key = posts.source[place], posts.native[place]
        draft = drafts.setdefault(key, _Draft((), [None] * len(COUNTS), 0, {}))
        counts = [column[place] for column in posts.counts]
        draft.absorb(posts.symbols[place], counts, posts.at_least[place], spoken[place])
    return drafts


def _merge(sql: sqlite3.Connection, drafts: dict[_Key, _Draft], sources: dict[str, int]) -> list[_Link]:
    """Bring what repeated posts add to the stored ones; return the new links."""
    links: list[_Link] = []
    restated: list[tuple[int, int, int]] = []
    recounted: list[tuple[int, facts.Counts]] = []
    stored: list[tuple[Any, ...]] = [
        (drafts[name, row[0]], source, *row[1:])
        for name, source in sources.items()
        for row in sql.execute(_KNOWN, (_ids(drafts, name), source)).fetchall()
    ]
    aside = corrections.off_topic(sql, [row[2] for row in stored])
    for draft, source, number, published, collected, symbols, bound, *counts in stored:
        had = unpack(symbols)
        merged = tuple(dict.fromkeys(had + draft.symbols))
        filled, at_least = completed(counts, bound, draft.counts, draft.at_least)
        if merged != had or filled != counts or at_least != bound:
            sql.execute(
                f"UPDATE post SET symbols = ?, at_least = ?, {', '.join(c + ' = ?' for c in COUNTS)} WHERE id = ?",  # noqa: S608 - names of our own columns
                (pack(merged), at_least, *filled, number),
            )
        loud, views = sum(n or 0 for n in filled[1:4]), filled[4] or 0
        if filled != counts:
            recounted.append((number, filled))
            sql.execute(
                "UPDATE link SET loud = ?, views = ?"
                " WHERE subject IN (SELECT id FROM subject) AND published = ? AND post = ?",
                (loud, views, published, number),
            )
        for subject, stated in draft.links.items():
            if (number, subject) in aside:
                continue
            place = (subject, published, number)
            row = sql.execute("SELECT stated FROM link WHERE subject = ? AND published = ? AND post = ?", place)
            was = row.fetchone()
            if was is None:
                links.append(_Link(*place, stated, loud, views, source, collected))
            elif stated and not was[0]:
                restated.append(place)
    sql.executemany("UPDATE link SET stated = 1 WHERE subject = ? AND published = ? AND post = ?", restated)
    _insert_links(sql, links)
    facts.put_counts(sql, recounted)
    return links


def _count(sql: sqlite3.Connection, links: Sequence[tuple[int, ...]]) -> Counter[int]:
    """Add new links to rolls and tallies; return how many each subject got."""
    linked: Counter[int] = Counter()
    if not links:
        return linked
    subject, published, post, _, _, _, source, collected = (np.array(c, np.int64) for c in zip(*links, strict=True))
    roll.add(sql, subject, published, post)
    pairs, pair = np.unique(np.column_stack((subject, source)), axis=0, return_inverse=True)
    count = np.bincount(pair.ravel())
    latest = np.full(len(pairs), np.iinfo(np.int64).min)
    np.maximum.at(latest, pair.ravel(), collected)
    rows = [(*p, n, c) for p, n, c in zip(pairs.tolist(), count.tolist(), latest.tolist(), strict=True)]
    for s, _, n, _ in rows:
        linked[s] += n
    sql.executemany(
        "INSERT INTO tally VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " posts = posts + excluded.posts, collected = max(collected, excluded.collected)",
        rows,
    )
    return linked


def storable(new: NewPost) -> NewPost:
    """Return the post as SQLite can hold it: halves of surrogate pairs replaced, counts beyond 64 bits left out."""
    p = new.post
    counts = {c: None for c in COUNTS if (getattr(p, c) or 0) > _LARGEST}
    texts = {c: _whole(getattr(p, c)) for c in ("source", "id", "text", "author", "lang", "url", "stance")}
    tags, symbols = tuple(map(_whole, p.tags)), tuple(map(_whole, p.symbols))
    post = replace(p, **texts, **counts, tags=tags, symbols=symbols)
    return replace(new, post=post, stated=frozenset(map(_whole, new.stated)))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
