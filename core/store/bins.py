"""Posts counted by the minute, in chunks of records: an append rewrites one chunk, a million come back at once.

A chunk covers 8192 minutes of one subject and one scorer (its number is minute >> 13) and holds packed records.
Scorer 0 counts the posts themselves, so that the counts are right whichever scorer is asked for. All sums are whole
numbers: bins kept up to date batch by batch equal bins counted at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.model import MINUTE_MS
from core.series import Bins, minute_of, score_units
from core.store import chunks

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

    from core.series import IntArray

_CHUNK_BITS: Final = 13
_IN_CHUNK: Final = (1 << _CHUNK_BITS) - 1

# A slot is a subject and a minute in one number, so that a batch of many subjects is one numpy operation.
_MINUTE_BITS: Final = 40
_MINUTE_ZERO: Final = 1 << (_MINUTE_BITS - 1)
_MINUTES: Final = (1 << _MINUTE_BITS) - 1

# Records of one chunk, a power of two long. `posts` are those that have a score, in records of a scorer.
_COUNT: Final = np.dtype([("posts", "<u4"), ("minute", "<u2")], align=True)
_SCORE: Final = np.dtype(
    [("total", "<i8"), ("squares", "<i8"), ("posts", "<u4"), ("bull", "<u4"), ("bear", "<u4"), ("minute", "<u2")],
    align=True,
)

POSTS: Final = 0  # the scorer that counts posts


def slots_of(subject: int | IntArray, published: IntArray) -> IntArray:
    """Return the slot of each post: its subject and the minute its instant (ms UTC) falls in."""
    minute = minute_of(published)
    if len(minute) and (minute.min() < -_MINUTE_ZERO or minute.max() >= _MINUTE_ZERO):
        raise ValueError("an instant beyond any calendar")
    return (np.asarray(subject, np.int64) << _MINUTE_BITS) | (minute + _MINUTE_ZERO)


def add(sql: sqlite3.Connection, scorer: int, slots: IntArray, units: IntArray) -> None:
    """Add posts to the bins; `units` are their scores in whole ten-thousandths (of no meaning for `POSTS`)."""
    if not len(slots):
        return
    new = Bins.of_units(slots, units, np.full(len(slots), scorer != POSTS))
    touched = np.unique(new.minute >> _CHUNK_BITS)
    old = _chunks(sql, scorer, touched)
    _write(sql, scorer, Bins.merge([old, new]) if len(old) else new)


def rebuild(sql: sqlite3.Connection, subject: int) -> None:
    """Count all posts linked to the subject anew."""
    sql.execute("DELETE FROM bin WHERE subject = ?", (subject,))
    published = _column(sql, "SELECT published FROM link WHERE subject = ?", (subject,), np.int64)
    add(sql, POSTS, slots_of(subject, published), np.zeros_like(published))
    of_link = "FROM link l CROSS JOIN score s ON s.post = l.post AND s.scorer = ? WHERE l.subject = ?"
    for (scorer,) in sql.execute("SELECT id FROM scorer").fetchall():
        published = _column(sql, f"SELECT l.published {of_link}", (scorer, subject), np.int64)
        values = _column(sql, f"SELECT s.value {of_link}", (scorer, subject), np.float64)
        add(sql, scorer, slots_of(subject, published), score_units(values))


def read(sql: sqlite3.Connection, subject: int, scorer: int | None, since: int | None = None) -> Bins:
    """Return the subject's bins, those after the instant `since` (to the whole minute) if it is given.

    Without a scorer, or where it gave no score, only posts are counted.
    """
    first = None if since is None else since // MINUTE_MS + 1
    counts = _columns(sql, subject, POSTS, _COUNT, first)
    minute, posts = counts["minute"], counts["posts"]
    if scorer is None:
        nothing = np.zeros_like(posts)
        return Bins(minute, posts, nothing, nothing, nothing, nothing, nothing)
    scores = _columns(sql, subject, scorer, _SCORE, first)
    columns = [scores[name] for name in ("posts", "total", "squares", "bull", "bear")]
    if len(scores["minute"]) != len(minute):  # scored minutes are some of all minutes: put them in their places
        at = np.searchsorted(minute, scores["minute"])
        columns = [_spread(c, at, len(minute)) for c in columns]
    return Bins(minute, posts, *columns)


def _spread(column: IntArray, at: NDArray[np.intp], n: int) -> IntArray:
    full = np.zeros(n, np.int64)
    full[at] = column
    return full


def _column(sql: sqlite3.Connection, query: str, values: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    return np.fromiter((r[0] for r in sql.execute(query, values)), kind)


def _columns(
    sql: sqlite3.Connection, subject: int, scorer: int, kind: np.dtype[np.void], first: int | None
) -> dict[str, NDArray[np.int64]]:
    """Return the columns of one subject and scorer in order of time, from the minute `first` on."""
    source = "bin WHERE subject = ? AND scorer = ? AND chunk >= coalesce(?, chunk)"
    values = (subject, scorer, None if first is None else first >> _CHUNK_BITS)
    columns = chunks.gather(sql, source, values, kind, "minute", 1 << _CHUNK_BITS)
    if first is None:
        return columns
    skipped = int(np.searchsorted(columns["minute"], first))
    return {name: column[skipped:] for name, column in columns.items()}


def _chunks(sql: sqlite3.Connection, scorer: int, touched: IntArray) -> Bins:
    """Read the chunks of many subjects; `touched` and the minutes of the result are slots."""
    shift = _MINUTE_BITS - _CHUNK_BITS
    subject = touched >> shift
    chunk = (touched & ((1 << shift) - 1)) - (_MINUTE_ZERO >> _CHUNK_BITS)
    query = "SELECT data FROM bin WHERE subject = ? AND scorer = ? AND chunk = ?"
    kind = _COUNT if scorer == POSTS else _SCORE
    first: list[int] = []
    blobs: list[bytes] = []
    for slot, s, c in zip(touched.tolist(), subject.tolist(), chunk.tolist(), strict=True):
        row = sql.execute(query, (s, scorer, c)).fetchone()
        if row:
            first.append(slot << _CHUNK_BITS)
            blobs.append(row[0])
    records = np.frombuffer(b"".join(blobs), kind)
    size = np.array([len(b) // kind.itemsize for b in blobs], np.int64)
    slots = np.repeat(np.array(first, np.int64), size) + records["minute"]
    posts = records["posts"].astype(np.int64)
    if scorer == POSTS:
        nothing = np.zeros_like(posts)
        return Bins(slots, posts, nothing, nothing, nothing, nothing, nothing)
    total, squares, bull, bear = (records[name].astype(np.int64) for name in ("total", "squares", "bull", "bear"))
    return Bins(slots, posts, posts, total, squares, bull, bear)


def _write(sql: sqlite3.Connection, scorer: int, bins: Bins) -> None:
    """Write whole chunks; the minutes of `bins` are slots."""
    records = np.zeros(len(bins), _COUNT if scorer == POSTS else _SCORE)
    for name in records.dtype.names or ():
        records[name] = bins.minute & _IN_CHUNK if name == "minute" else getattr(bins, name)
    chunk = bins.minute >> _CHUNK_BITS
    bounds = [*np.flatnonzero(np.diff(chunk, prepend=chunk[0] - 1)).tolist(), len(chunk)]
    shift = _MINUTE_BITS - _CHUNK_BITS
    rows = [
        (c >> shift, scorer, (c & ((1 << shift) - 1)) - (_MINUTE_ZERO >> _CHUNK_BITS), records[a:b].tobytes())
        for a, b, c in zip(bounds, bounds[1:], chunk[bounds[:-1]].tolist(), strict=False)
    ]
    sql.executemany("INSERT OR REPLACE INTO bin(subject, scorer, chunk, data) VALUES(?, ?, ?, ?)", rows)
