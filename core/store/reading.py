"""Posts on their way out: newest or loudest of a subject's, and those that hold the words searched for."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from core.linking import fold
from core.model import Post, Score, ScorerId
from core.store import columns, corrections, echoes, roll
from core.store.arrivals import unpack
from core.store.counts import bounded
from core.store.types import StoredPost
from core.store.words import has_words, match_query

if TYPE_CHECKING:
    import sqlite3

Order: TypeAlias = Literal["newest", "loudest"]

_ORDERS: Final[dict[Order, str]] = {
    "newest": "l.published DESC, l.post DESC",
    "loudest": "l.loud DESC, l.views DESC, l.published DESC, l.post DESC",
}
_POST: Final = """p.id, o.name, p.native, p.published, p.text, p.author, p.followers, p.likes, p.comments, p.shares,
    p.views, p.lang, p.tags, p.symbols, p.url, p.repost, p.stance, p.at_least, p.collected"""
_SCORE: Final = "s.value, s.pos, s.neu, s.neg, n.name, v.version, s.scored"
_WIDE: Final = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}


def posts(
    sql: sqlite3.Connection, subject: int, span: tuple[int, int], order: Order, page: tuple[int, int], search: str,
    scorer: str, *, aside: bool = False,
) -> list[StoredPost]:  # fmt: skip
    """Return one page (limit, offset) of the subject's posts within the span (start, end].

    With `aside`, those that the user marked as off topic as well.
    """
    condition, values = _condition(subject, span, search)
    # The page is found first, by the links alone where nothing is searched for; then only its posts are read.
    query = f"""
        WITH page AS MATERIALIZED (
            SELECT l.post, l.published, l.loud, l.views FROM {_links(sql, subject, aside=aside)} l WHERE {condition}
            ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?)
        SELECT {_POST}, {_SCORE} FROM page l CROSS JOIN post p ON p.id = l.post JOIN source o ON o.id = p.source
            LEFT JOIN scorer n ON n.name = ? LEFT JOIN score s ON s.post = p.id AND s.scorer = n.id
            LEFT JOIN scorer_version v ON v.id = s.version
        ORDER BY {_ORDERS[order]}"""  # noqa: S608 - conditions and orders are our own texts, values are bound
    found = [_stored(row) for row in sql.execute(query, (*values, *page, scorer))]
    found = _with_copies(sql, subject, found)
    marked = corrections.verdicts(sql, [stored.number for stored in found], subject)
    return [replace(s, verdict=marked[s.number]) if s.number in marked else s for s in found] if marked else found


def _with_copies(sql: sqlite3.Connection, subject: int, found: list[StoredPost]) -> list[StoredPost]:
    """Say of each post how often its text stands in the store, and whether it repeats an earlier one of the subject."""
    numbers = np.array([s.number for s in found], np.int64)
    groups = columns.take(sql, columns.ECHO, numbers).tolist()
    sizes = echoes.group_sizes(sql, groups)
    if not sizes:
        return found
    said = roll.read(sql, subject)
    repeating = set(said.post[roll.echoes(sql, said)].tolist())
    return [
        replace(s, copies=sizes[g], echo=s.number in repeating) if g else s
        for s, g in zip(found, groups, strict=True)
    ]  # fmt: skip


def count(
    sql: sqlite3.Connection, subject: int, span: tuple[int, int], search: str, *, aside: bool = False
) -> int:  # fmt: skip
    """Return how many of the subject's posts lie within the span (start, end] and hold the searched words."""
    condition, values = _condition(subject, span, search)
    query = f"SELECT count(*) FROM {_links(sql, subject, aside=aside)} l WHERE {condition}"  # noqa: S608 - as above
    return int(sql.execute(query, values).fetchone()[0])


def _links(sql: sqlite3.Connection, subject: int, *, aside: bool) -> str:
    """Return what stands for the table of links; with what is laid aside only where there is any."""
    query = "SELECT EXISTS(SELECT 1 FROM off_topic WHERE subject = ?)"
    if aside and sql.execute(query, (subject,)).fetchone()[0]:
        return "(SELECT * FROM link UNION ALL SELECT * FROM off_topic)"
    return "link"


def _condition(subject: int, span: tuple[int, int], search: str) -> tuple[str, list[Any]]:
    """Return the condition on a link `l`: all words of `search` must stand somewhere in the text."""
    parts = ["l.subject = ? AND l.published > ? AND l.published <= ?"]
    values: list[Any] = [subject, *span]
    terms = list(dict.fromkeys(fold(search).split()))
    words = [t for t in terms if has_words(t)]
    if words:
        parts.append("l.post IN (SELECT rowid FROM post_text WHERE post_text MATCH ?)")
        values.append(match_query(words))
    for term in terms:
        if term not in words:
            forms = _forms(term)
            like = " OR ".join(["p.text LIKE ? ESCAPE '\\'"] * len(forms))
            parts.append(f"EXISTS(SELECT 1 FROM post p WHERE p.id = l.post AND ({like}))")  # noqa: S608 - as above
            values += [f"%{_literal(f)}%" for f in forms]
    return " AND ".join(parts), values


def _forms(term: str) -> list[str]:
    """Return all ways to write a short folded term in upper and lower case and in full width; a Chinese one has one."""
    ways = [sorted({c, c.upper(), c.translate(_WIDE), c.upper().translate(_WIDE)}) for c in term]
    return ["".join(form) for form in itertools.product(*ways)]


def _literal(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _stored(row: tuple[Any, ...]) -> StoredPost:
    (number, source, native, published, text, author, followers, likes, comments, shares, views, lang, tags, symbols,
     url, repost, stance, at_least, collected, value, pos, neu, neg, name, version, scored) = row  # fmt: skip
    post = Post(
        source, native, published, text, author, followers, likes, comments, shares, views, lang, unpack(tags),
        unpack(symbols), url, bool(repost), stance, bounded(at_least) if at_least else frozenset(),
    )  # fmt: skip
    if value is None:
        return StoredPost(number, post, collected)
    return StoredPost(number, post, collected, Score(value, pos, neu, neg), ScorerId(name, version), scored)


def sources(sql: sqlite3.Connection, subject: int) -> dict[str, int]:
    """Return how many posts of the subject each source gave, the largest first."""
    query = (
        "SELECT o.name, t.posts FROM tally t JOIN source o ON o.id = t.source WHERE t.subject = ?"
        " ORDER BY t.posts DESC, o.name"
    )
    return dict(sql.execute(query, (subject,)).fetchall())


def last_collected(sql: sqlite3.Connection, subject: int) -> int | None:
    """Return when the subject's newest arrival was collected (ms UTC)."""
    return sql.execute("SELECT max(collected) FROM tally WHERE subject = ?", (subject,)).fetchone()[0]


def scorer_number(sql: sqlite3.Connection, name: str) -> int | None:
    """Return the store's number of a scorer, None where it made no score."""
    row = sql.execute("SELECT id FROM scorer WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def scorers(sql: sqlite3.Connection) -> list[ScorerId]:
    """Return the scorers and versions that made stored scores, the newest version of each first."""
    query = (
        "SELECT n.name, v.version FROM scorer_version v JOIN scorer n ON n.id = v.scorer"
        " WHERE n.staged = '' ORDER BY n.id, v.id DESC"
    )
    return [ScorerId(*row) for row in sql.execute(query)]
