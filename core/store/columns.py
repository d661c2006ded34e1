"""Facts about posts as columns by the post's number, in chunks: one fact of a million posts comes back in milliseconds.

A column is derived: everything in it can be read from the tables again (`core.store.derived`). It is dense, so that
the number of a post is its place, and where nothing was put yet it holds its filling.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.echo import SIGNATURE_BYTES
from core.series import NO_SCORE, score_units

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

    from core.series import FloatArray, IntArray

_CHUNK_BITS: Final = 13
# Posts looked up at once: where they stand is told in memory that is used again for the next.
_AT_ONCE: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name in the store, the type of a value, and what stands where nothing was put."""

    name: str
    kind: np.dtype[Any]
    filling: int = 0


UNKNOWN: Final = 2**32 - 1  # a count that the platform did not give

SOURCE: Final = Column("source", np.dtype("<u2"))  # number in the table `source`
LANGUAGE: Final = Column("language", np.dtype("<u2"))  # number in the table `language`
AUTHOR: Final = Column("author", np.dtype("<u8"))  # see core.store.facts
VIEWS: Final = Column("views", np.dtype("<u4"), UNKNOWN)
FOLLOWERS: Final = Column("followers", np.dtype("<u4"), UNKNOWN)
ENGAGEMENT: Final = Column("engagement", np.dtype("<u4"), UNKNOWN)  # likes, comments and shares, as far as known
SIGNATURE: Final = Column("signature", np.dtype(("u1", SIGNATURE_BYTES)))  # see core.echo; zeros: too short for one
ECHO: Final = Column("echo", np.dtype("<u4"))  # number of the post that this one repeats, its own where others do; 0


def score_column(scorer: int) -> Column:
    """Return the column of a scorer's scores, in whole ten-thousandths."""
    return Column(f"score {scorer}", np.dtype("<i2"), NO_SCORE)


def put(sql: sqlite3.Connection, column: Column, numbers: IntArray, values: NDArray[Any]) -> None:
    """Set the values of posts; `numbers` ascend."""
    if not len(numbers):
        return
    chunk = numbers >> _CHUNK_BITS
    bounds = [*np.flatnonzero(np.diff(chunk, prepend=-1)).tolist(), len(chunk)]
    for a, b in itertools.pairwise(bounds):
        key = (column.name, int(chunk[a]))
        place = numbers[a:b] - (int(chunk[a]) << _CHUNK_BITS)
        row = sql.execute("SELECT data FROM post_column WHERE name = ? AND chunk = ?", key).fetchone()
        old = _decoded(row[0], column) if row else _filled(0, column)
        new = _filled(max(len(old), int(place[-1]) + 1), column)
        new[: len(old)] = old
        new[place] = values[a:b]
        if len(new) == len(old) and np.array_equal(new, old):
            continue
        sql.execute("INSERT OR REPLACE INTO post_column(name, chunk, data) VALUES(?, ?, ?)", (*key, new.tobytes()))


def take(sql: sqlite3.Connection, column: Column, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the values of posts, shape (n,) as `numbers` (a signature: (n, SIGNATURE_BYTES))."""
    if not len(numbers):
        return _filled(0, column)
    first = int(numbers.min()) >> _CHUNK_BITS << _CHUNK_BITS
    values = span(sql, column, first, int(numbers.max()) + 1)
    taken = np.empty((len(numbers), *values.shape[1:]), values.dtype)
    for begin in range(0, len(numbers), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        taken[part] = values[numbers[part] - first]
    return taken


def span(sql: sqlite3.Connection, column: Column, first: int, end: int) -> NDArray[Any]:
    """Return the values of the posts numbered first … end - 1."""
    chunks = (first >> _CHUNK_BITS, max(end - 1, first) >> _CHUNK_BITS)
    base = chunks[0] << _CHUNK_BITS
    values = _filled(max(end, first) - base, column)
    query = "SELECT chunk, data FROM post_column WHERE name = ? AND chunk BETWEEN ? AND ?"
    for chunk, data in sql.execute(query, (column.name, *chunks)):
        start = (chunk << _CHUNK_BITS) - base
        part = _decoded(data, column)[: len(values) - start]
        values[start : start + len(part)] = part
    return values[first - base :]


def length(sql: sqlite3.Connection, column: Column) -> int:
    """Return the number after that of the last post of which something was put, 0 for an empty column."""
    query = "SELECT chunk, length(data) FROM post_column WHERE name = ? ORDER BY chunk DESC LIMIT 1"
    row = sql.execute(query, (column.name,)).fetchone()
    return (row[0] << _CHUNK_BITS) + row[1] // column.kind.itemsize if row else 0


def put_scores(sql: sqlite3.Connection, scorer: int, numbers: IntArray, scores: FloatArray) -> None:
    """Set the scores in [-1, 1] that a scorer gave to posts, NaN where it gives none; `numbers` ascend."""
    put(sql, score_column(scorer), numbers, score_units(scores))


def _decoded(data: bytes, column: Column) -> NDArray[Any]:
    return np.frombuffer(data, column.kind.base).reshape(-1, *column.kind.shape)


def _filled(n: int, column: Column) -> NDArray[Any]:
    return np.full((n, *column.kind.shape), column.filling, column.kind.base)
