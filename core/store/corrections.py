"""What the user says of posts, kept with them: a stance, or that a post is off a subject's topic.

The link of a post that is off topic is laid aside, so that whatever counts links need not know of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.store import catalogue, roll

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

Verdict: TypeAlias = Literal["bullish", "neutral", "bearish", "off-topic"]
OFF_TOPIC: Final = "off-topic"
VERDICTS: Final[tuple[Verdict, ...]] = ("bullish", "neutral", "bearish", "off-topic")
_EVERY: Final = 0  # the subject of a stance: it holds wherever the post is shown
_COLUMNS: Final = "subject, published, post, stated, loud, views"


@dataclass(frozen=True, slots=True)
class Correction:
    """One mark. `subject` is "" but for `off-topic`; `marked` is ms UTC; the text is there to be read and exported."""

    source: str
    id: str
    verdict: Verdict
    subject: str
    marked: int
    published: int = 0
    text: str = ""


# A mark that cannot be taken over, and what of it the store does not know.
LeftOut: TypeAlias = tuple[Correction, Literal["post", "subject"]]


def mark(sql: sqlite3.Connection, post: int, subject: int, verdict: Verdict | None, now: int) -> None:
    """Mark a post, as the user sees it in a subject's list; None takes away what stands there."""
    _unmark(sql, post, subject, stance=verdict != OFF_TOPIC)
    if verdict is None:
        return
    place = subject if verdict == OFF_TOPIC else _EVERY
    sql.execute("INSERT OR REPLACE INTO correction VALUES(?, ?, ?, ?)", (post, place, verdict, now))
    if verdict == OFF_TOPIC:
        _move(sql, post, subject, aside=True)


def _unmark(sql: sqlite3.Connection, post: int, subject: int, *, stance: bool) -> None:
    gone = sql.execute("DELETE FROM correction WHERE post = ? AND subject = ?", (post, subject)).rowcount
    if gone:
        _move(sql, post, subject, aside=False)
    if stance and not gone:
        # A stance below the mark of being off topic is seen again when that mark goes.
        sql.execute("DELETE FROM correction WHERE post = ? AND subject = ?", (post, _EVERY))


def _move(sql: sqlite3.Connection, post: int, subject: int, *, aside: bool) -> None:
    """Lay a link aside or back, and count the post no more or again: one of a million, so nothing is counted anew."""
    origin, target = ("link", "off_topic") if aside else ("off_topic", "link")
    source, published = sql.execute("SELECT source, published FROM post WHERE id = ?", (post,)).fetchone()
    place = "subject = ? AND published = ? AND post = ?"
    values = (subject, published, post)
    query = f"INSERT OR REPLACE INTO {target} SELECT {_COLUMNS} FROM {origin} WHERE {place}"  # noqa: S608 - our own texts
    if not sql.execute(query, values).rowcount:
        return
    sql.execute(f"DELETE FROM {origin} WHERE {place}", values)  # noqa: S608 - as above
    if aside:
        roll.remove(sql, subject, published, post)
    else:
        roll.add(sql, np.array([subject]), np.array([published]), np.array([post]))
    sql.execute(
        "INSERT INTO tally SELECT ?, ?, ?, collected FROM post WHERE id = ? ON CONFLICT DO UPDATE SET"
        " posts = posts + excluded.posts, collected = max(collected, excluded.collected)",
        (subject, source, -1 if aside else 1, post),
    )
    sql.execute("DELETE FROM tally WHERE subject = ? AND source = ? AND posts <= 0", (subject, source))


def set_aside(sql: sqlite3.Connection, subject: int) -> None:
    """Lay aside what linking anew has linked although the user says that it is off topic; counting anew is due."""
    marked = "SELECT post FROM correction WHERE subject = ?"
    where = f"subject = ? AND post IN ({marked})"
    sql.execute(f"INSERT OR REPLACE INTO off_topic SELECT {_COLUMNS} FROM link WHERE {where}", (subject, subject))  # noqa: S608 - our own texts
    sql.execute(f"DELETE FROM link WHERE {where}", (subject, subject))  # noqa: S608 - as above


def off_topic(sql: sqlite3.Connection, posts: Sequence[int]) -> set[tuple[int, int]]:
    """Return which (post, subject) of these posts the user says are off topic."""
    if not posts or sql.execute("SELECT NOT EXISTS(SELECT 1 FROM correction)").fetchone()[0]:
        return set()
    query = (
        "SELECT c.post, c.subject FROM json_each(?) j CROSS JOIN correction c ON c.post = j.value WHERE c.subject > 0"
    )
    return set(sql.execute(query, (json.dumps(posts),)).fetchall())


def verdicts(sql: sqlite3.Connection, posts: Sequence[int], subject: int) -> dict[int, Verdict]:
    """Return how these posts are marked in a subject's list; being off topic hides a stance."""
    query = (
        "SELECT c.post, c.verdict FROM json_each(?) j CROSS JOIN correction c ON c.post = j.value"
        " WHERE c.subject IN (0, ?) ORDER BY c.subject"
    )
    return dict(sql.execute(query, (json.dumps(list(posts)), subject)).fetchall())


def every(sql: sqlite3.Connection) -> list[Correction]:
    """Return all marks, the latest first."""
    query = """
        SELECT o.name, p.native, c.verdict, coalesce(s.name, ''), c.marked, p.published, p.text
        FROM correction c JOIN post p ON p.id = c.post JOIN source o ON o.id = p.source
        LEFT JOIN subject s ON s.id = c.subject ORDER BY c.marked DESC, c.post DESC, c.subject DESC"""
    return [Correction(*row) for row in sql.execute(query)]


def put(sql: sqlite3.Connection, corrections: Iterable[Correction]) -> tuple[int, list[LeftOut]]:
    """Mark posts as given; return how many were marked, and the marks that were left out, with what is not known."""
    done = 0
    left: list[LeftOut] = []
    query = "SELECT p.id FROM post p JOIN source o ON o.id = p.source WHERE o.name = ? AND p.native = ?"
    for correction in corrections:
        row = sql.execute(query, (correction.source, correction.id)).fetchone()
        subject = catalogue.find(sql, correction.subject) if correction.subject else None
        if row is None:
            left.append((correction, "post"))
        elif subject is None and correction.verdict == OFF_TOPIC:
            left.append((correction, "subject"))
        else:
            mark(sql, int(row[0]), subject.id if subject else _EVERY, correction.verdict, correction.marked)
            done += 1
    return done, left


def remove(sql: sqlite3.Connection, corrections: Iterable[Correction]) -> None:
    """Take marks away."""
    query = "SELECT p.id FROM post p JOIN source o ON o.id = p.source WHERE o.name = ? AND p.native = ?"
    for correction in corrections:
        row = sql.execute(query, (correction.source, correction.id)).fetchone()
        subject = catalogue.find(sql, correction.subject) if correction.subject else None
        if row is not None:
            mark(sql, int(row[0]), subject.id if subject else _EVERY, None, 0)


def tagged(sql: sqlite3.Connection, most: int) -> list[tuple[str, str]]:
    """Return text and tag of the newest posts whose authors tagged them bullish or bearish themselves."""
    query = (
        "SELECT text, stance FROM post WHERE stance IN ('bullish', 'bearish') AND text <> '' ORDER BY id DESC LIMIT ?"
    )
    return sql.execute(query, (most,)).fetchall()
