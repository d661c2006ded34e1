"""Linking stored posts anew when a rule or a subject is new.

Reading and matching, which take long, hold no lock; what was found is then put in place at once, together with the
posts that arrived meanwhile.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Final

from core.linking import fold
from core.model import Instrument
from core.store import catalogue, corrections, roll
from core.store.arrivals import unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from core.model import Subject
    from core.store.database import Database
    from core.store.types import RelinkProgress, RuleMatcher

_CHUNK: Final = 5_000
_PUT: Final = """
    INSERT INTO link SELECT ?, published, id, ?, coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0),
    coalesce(views, 0) FROM post WHERE id = ? ON CONFLICT DO UPDATE SET stated = max(stated, excluded.stated)"""


class _Found:
    """Posts by number that speak of one subject: by its rule, and because their source says so."""

    __slots__ = ("ruled", "stated")

    def __init__(self) -> None:
        self.ruled = array("q")
        self.stated = array("q")


def relink(
    database: Database, subjects: Sequence[Subject], matcher: RuleMatcher, progress: RelinkProgress | None
) -> dict[str, int]:
    """Replace the subjects' rule links by what `matcher` finds and rebuild their rolls; stated links stay.

    Returns each subject's number of posts. An exception from `progress` stops it with nothing changed.
    """
    with database.read() as sql:
        known = {fold(e.key): e for e in (catalogue.need(sql, _key(s)) for s in subjects)}
        rules = _rules(sql, [e.id for e in known.values()])
        total = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    found = {f: _Found() for f in known}
    symbols = {f for f, e in known.items() if not e.concept}
    seen = 0
    while seen < total:
        with database.read() as sql:
            seen = _look(sql, seen, matcher, found, symbols)
        if progress:
            progress(min(seen, total), total)
    with database.write() as sql:
        while True:
            last = _look(sql, seen, matcher, found, symbols)
            if last == seen:
                break
            seen = last
        unchanged = _rules(sql, list(rules))
        for f, entry in known.items():
            if entry.id not in unchanged:  # removed meanwhile
                continue
            _put(sql, entry.id, found[f])
            if unchanged.get(entry.id) == rules[entry.id]:
                sql.execute("UPDATE subject SET stale = 0 WHERE id = ?", (entry.id,))
        count = "SELECT coalesce(sum(posts), 0) FROM tally WHERE subject = ?"
        return {e.key: int(sql.execute(count, (e.id,)).fetchone()[0]) for e in known.values()}


def _key(subject: Subject) -> str:
    return subject.symbol if isinstance(subject, Instrument) else subject.name


def _rules(sql: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    query = "SELECT id, rule FROM subject WHERE id IN (SELECT value FROM json_each(?))"
    return dict(sql.execute(query, (json.dumps(ids),)).fetchall())


def _look(
    sql: sqlite3.Connection, after: int, matcher: RuleMatcher, found: Mapping[str, _Found], symbols: set[str]
) -> int:
    """Match the next posts and return the number of the last one, or `after` where there are no more."""
    rows = sql.execute(
        "SELECT id, text, tags, symbols FROM post WHERE id > ? ORDER BY id LIMIT ?", (after, _CHUNK)
    ).fetchall()
    posts = [(text, unpack(tags), unpack(said)) for _, text, tags, said in rows]
    for (number, *_), (_, _, named), keys in zip(rows, posts, matcher.match_many(posts), strict=True):
        for key in keys:
            if (f := found.get(fold(key))) is not None:
                f.ruled.append(number)
        for symbol in named:
            if (key := fold(symbol.strip())) in symbols:
                found[key].stated.append(number)
    return int(rows[-1][0]) if rows else after


def _put(sql: sqlite3.Connection, subject: int, found: _Found) -> None:
    for table in ("link", "off_topic"):
        sql.execute(f"DELETE FROM {table} WHERE subject = ? AND stated = 0", (subject,))  # noqa: S608 - two tables of our own
    sql.executemany(_PUT, ((subject, 0, number) for number in found.ruled))
    sql.executemany(_PUT, ((subject, 1, number) for number in found.stated))
    corrections.set_aside(sql, subject)
    roll.rebuild(sql, subject)
    sql.execute("DELETE FROM tally WHERE subject = ?", (subject,))
    sql.execute(
        "INSERT INTO tally SELECT l.subject, p.source, count(*), max(p.collected)"
        " FROM link l CROSS JOIN post p ON p.id = l.post WHERE l.subject = ? GROUP BY p.source",
        (subject,),
    )
