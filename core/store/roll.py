"""Whose posts are which, in order of time: the posts of a subject as packed numbers, a million at once.

A chunk covers 8192 minutes of one subject. It holds one 64-bit number a post, in ascending order: the milliseconds
since the chunk's beginning in the upper half, the post's number in the lower. Everything that is counted, over time
and by any filter, is counted from here and from `core.store.columns`; the roll itself is derived from the links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.model import MINUTE_MS
from core.rollup import Rollup
from core.series import NO_SCORE, Bins, minute_of
from core.store import columns
from core.voices import Voices

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.series import IntArray, UnitArray

_CHUNK_MS: Final = 8192 * MINUTE_MS
_CALENDAR_MS: Final = 1 << 55
_AT_ONCE: Final = 64  # chunks
# A number of 64 bits by its halves.
_PACKED: Final = np.dtype([("post", "<u4"), ("offset", "<u4")])


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which of a subject's posts count: those of some sources and languages (() is all), each text only once or not."""

    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    once: bool = False


EVERY: Final = PostFilter()


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """A subject's posts in order of time (then of arrival), shape (n,): instants (ms UTC) and numbers of the posts."""

    published: IntArray
    post: IntArray

    def __len__(self) -> int:
        return len(self.post)

    def pick(self, chosen: NDArray[np.bool_]) -> Roll:
        """Return the posts that are chosen."""
        return self if chosen.all() else Roll(self.published[chosen], self.post[chosen])


def add(sql: sqlite3.Connection, subject: IntArray, published: IntArray, post: IntArray) -> None:
    """Put posts on the rolls of their subjects; all arguments have shape (n,), in any order."""
    if not len(subject):
        return
    if published.min() < -_CALENDAR_MS or published.max() >= _CALENDAR_MS:
        raise ValueError("an instant beyond any calendar")
    chunk = published // _CHUNK_MS
    packed = _pack(published - chunk * _CHUNK_MS, post)
    order = np.lexsort((packed, chunk, subject))
    subject, chunk, packed = subject[order], chunk[order], packed[order]
    begins = (np.diff(subject, prepend=subject[0] - 1) != 0) | (np.diff(chunk, prepend=chunk[0] - 1) != 0)
    bounds = [*np.flatnonzero(begins).tolist(), len(packed)]
    heads = zip(subject[begins].tolist(), chunk[begins].tolist(), strict=True)
    rows: list[tuple[int, int, bytes]] = []
    for (s, c), a, b in zip(heads, bounds, bounds[1:], strict=False):
        old = sql.execute("SELECT data FROM roll WHERE subject = ? AND chunk = ?", (s, c)).fetchone()
        part = packed[a:b]
        if old:
            before = np.frombuffer(old[0], np.uint64)
            later = part[0] > before[-1]
            part = np.concatenate((before, part))
            if not later:
                part = np.sort(part)
        rows.append((s, c, part.tobytes()))
    sql.executemany("INSERT OR REPLACE INTO roll(subject, chunk, data) VALUES(?, ?, ?)", rows)


def remove(sql: sqlite3.Connection, subject: int, published: int, post: int) -> None:
    """Take one post off the roll of a subject; one that is not on it is no error."""
    chunk = published // _CHUNK_MS
    row = sql.execute("SELECT data FROM roll WHERE subject = ? AND chunk = ?", (subject, chunk)).fetchone()
    if row is None:
        return
    packed = np.frombuffer(row[0], np.uint64)
    left = packed[packed != _pack(np.array([published - chunk * _CHUNK_MS]), np.array([post]))[0]]
    if len(left):
        values = (left.tobytes(), subject, chunk)
        sql.execute("UPDATE roll SET data = ? WHERE subject = ? AND chunk = ?", values)
    else:
        sql.execute("DELETE FROM roll WHERE subject = ? AND chunk = ?", (subject, chunk))


def rebuild(sql: sqlite3.Connection, subject: int) -> None:
    """Write the subject's roll anew from its links."""
    sql.execute("DELETE FROM roll WHERE subject = ?", (subject,))
    rows = sql.execute("SELECT published, post FROM link WHERE subject = ?", (subject,)).fetchall()
    published, post = np.array(rows, np.int64).reshape(-1, 2).T
    add(sql, np.full(len(post), subject), published, post)


def read(
    sql: sqlite3.Connection,
    subject: int,
    after: int | None = None,
    until: int | None = None,
    chosen: PostFilter = EVERY,
) -> Roll:
    """Return the subject's posts published in (after, until] (ms UTC, None being no bound) that the filter lets pass.

    Of each text only its first post in that span passes a filter of `once`.
    """
    conditions, bounds = ["subject = ?"], [subject]
    if after is not None:
        conditions.append("chunk >= ?")
        bounds.append(after // _CHUNK_MS)
    if until is not None:
        conditions.append("chunk <= ?")
        bounds.append(until // _CHUNK_MS)
    source = f"roll WHERE {' AND '.join(conditions)}"
    n = sql.execute(f"SELECT coalesce(sum(length(data)), 0) FROM {source}", bounds).fetchone()[0] // 8  # noqa: S608 - our own texts
    published, post = np.empty(n, np.int64), np.empty(n, np.int64)
    found = sql.execute(f"SELECT chunk, data FROM {source} ORDER BY chunk", bounds)  # noqa: S608 - as above
    first = 0
    while rows := found.fetchmany(_AT_ONCE):
        packed = np.frombuffer(b"".join(data for _, data in rows), _PACKED)
        part = slice(first, first + len(packed))
        size = [len(data) // 8 for _, data in rows]
        np.add(np.repeat(np.array([c for c, _ in rows]) * _CHUNK_MS, size), packed["offset"], out=published[part])
        post[part] = packed["post"]
        first = part.stop
    low = 0 if after is None else int(np.searchsorted(published, after, side="right"))
    high = n if until is None else int(np.searchsorted(published, until, side="right"))
    return _filtered(sql, Roll(published[low:high], post[low:high]), chosen)


def _filtered(sql: sqlite3.Connection, roll: Roll, chosen: PostFilter) -> Roll:
    for column, table, names in (
        (columns.SOURCE, "source", chosen.sources),
        (columns.LANGUAGE, "language", chosen.languages),
    ):
        if names:
            numbers = _numbers(sql, table, names)
            roll = roll.pick(np.isin(columns.take(sql, column, roll.post), np.array(numbers, np.uint16)))
    return roll.pick(~echoes(sql, roll)) if chosen.once else roll


def _numbers(sql: sqlite3.Connection, table: str, names: Sequence[str]) -> list[int]:
    known: dict[str, int] = dict(sql.execute(f"SELECT name, id FROM {table}").fetchall())  # noqa: S608 - two tables of our own
    return [known[n] for n in names if n in known]


def echoes(sql: sqlite3.Connection, roll: Roll) -> NDArray[np.bool_]:
    """Return which posts of a roll repeat an earlier one of it."""
    group = columns.take(sql, columns.ECHO, roll.post)
    at = np.flatnonzero(group)
    repeated = np.zeros(len(roll), np.bool_)
    if len(at):
        group = group[at]
        first = np.zeros(int(group.max()) + 1, np.int64)
        first[group[::-1]] = at[::-1]  # of several values for one place the last is kept: the earliest post
        repeated[at] = first[group] != at
    return repeated


def bins(
    sql: sqlite3.Connection, subject: int, scorer: int | None, since: int | None = None, chosen: PostFilter = EVERY
) -> Bins:
    """Return the subject's posts counted by the minute, those after the instant `since` (to the whole minute)."""
    roll = read(sql, subject, None if since is None else since // MINUTE_MS * MINUTE_MS, None, chosen)
    repeated = np.zeros(len(roll), np.bool_) if chosen.once else echoes(sql, roll)
    return Bins.of_units(minute_of(roll.published), units(sql, roll, scorer), repeated)


def voices(sql: sqlite3.Connection, subject: int, scorer: int | None, chosen: PostFilter = EVERY) -> Voices:
    """Return the subject's posts that the filter lets pass, with their authors, reach and scores."""
    roll = read(sql, subject, None, None, chosen)

    def count(column: columns.Column) -> IntArray:
        found = columns.take(sql, column, roll.post).astype(np.int64)
        found[found == columns.UNKNOWN] = -1
        return found

    scores = units(sql, roll, scorer)
    return Voices(
        roll.published, columns.take(sql, columns.AUTHOR, roll.post), count(columns.VIEWS), count(columns.FOLLOWERS),
        count(columns.ENGAGEMENT), scores, scores != NO_SCORE,
    )  # fmt: skip


def extent(sql: sqlite3.Connection, subject: int) -> tuple[int, int] | None:
    """Return the first and last instant of the subject's posts, to the minute (ms UTC); None where there are none."""
    query = "SELECT min(chunk), max(chunk) FROM roll WHERE subject = ?"
    first, last = sql.execute(query, (subject,)).fetchone()
    if first is None:
        return None
    begin, end = read(sql, subject, None, (first + 1) * _CHUNK_MS - 1), read(sql, subject, last * _CHUNK_MS - 1)
    if not len(begin) or not len(end):  # what the user set aside does not count
        begin = end = read(sql, subject)
        if not len(begin):
            return None
    minute = minute_of(np.array([begin.published[0], end.published[-1]]))
    return (int(minute[0]) - 1) * MINUTE_MS, int(minute[1]) * MINUTE_MS


def rollup(sql: sqlite3.Connection, roll: Roll, scorer: int | None, chosen: PostFilter = EVERY) -> Rollup:
    """Return the sums of a roll's posts over time."""
    repeated = np.zeros(len(roll), np.bool_) if chosen.once else echoes(sql, roll)
    return Rollup(roll.published, units(sql, roll, scorer), repeated)


def units(sql: sqlite3.Connection, roll: Roll, scorer: int | None) -> UnitArray:
    """Return the scores of a roll; without a scorer there is none."""
    if scorer is None:
        return np.full(len(roll), NO_SCORE, np.int16)
    return columns.take(sql, columns.score_column(scorer), roll.post)


def _pack(offset: IntArray, post: IntArray) -> NDArray[np.uint64]:
    return (offset.astype(np.uint64) << np.uint64(32)) | post.astype(np.uint64)
