"""Which stored posts repeat others: the grouping that compares new posts with all before them.

A group is led by the post that arrived first. A new post goes with the first post of its very signature, if that has
the same text; or it joins the first of the leaders whose text it repeats; or it leads. So the groups are the same
however the posts were split into batches. Which post of a group is the echo is
decided where posts are counted: the one that was published later.
"""

from __future__ import annotations

import itertools
import json
import operator
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.echo import BAND_BYTES, SAME, SIGNATURE_BYTES, plain_text, signatures, similarity
from core.store import columns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from core.series import BoolArray, IntArray

Bytes: TypeAlias = NDArray[np.uint8]

SLICE: Final = 50_000  # posts a transaction
_BANDS: Final = SIGNATURE_BYTES // BAND_BYTES
# Of 32 bytes a pair with similarity 0.8 shares 26, hardly ever fewer than 18.
_LEAST_SHARED: Final = 18
# A robot's template that differs in its numbers has many leaders; only the closest are compared.
_MOST_COMPARED: Final = 16
_TABLE_BITS: Final = 20
_FEW: Final = 4


def progress(sql: sqlite3.Connection) -> tuple[int, int]:
    """Return how many posts have been compared with those before them, and how many there are."""
    total = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    return min(max(columns.length(sql, columns.ECHO) - 1, 0), total), total


def group_slice(sql: sqlite3.Connection, most: int = SLICE) -> None:
    """Compare the next posts, at most so many, with all before them and with each other, and keep what repeats."""
    done, total = progress(sql)
    first, end = done + 1, min(done + most, total) + 1
    if first >= end:
        return
    texts = _Texts(sql)
    _complete_signatures(sql, end, texts)
    marks = columns.span(sql, columns.SIGNATURE, 0, end)
    groups = np.zeros(end, np.int64)
    groups[:first] = columns.span(sql, columns.ECHO, 0, first)
    groups[0] = 0
    changed = _group(marks, groups, first, texts)
    fresh = np.arange(first, end)
    columns.put(sql, columns.ECHO, fresh, groups[first:])
    old = np.array(sorted(n for n in changed if n < first), np.int64)
    columns.put(sql, columns.ECHO, old, groups[old])


def _complete_signatures(sql: sqlite3.Connection, end: int, texts: _Texts) -> None:
    """Make the signatures of posts that have none yet, and keep their texts at hand: they are compared next."""
    first = max(columns.length(sql, columns.SIGNATURE), 1)
    for start in range(first, end, 2000):
        numbers = range(start, min(start + 2000, end))
        values = np.frombuffer(b"".join(signatures(texts.between(numbers))), np.uint8).reshape(-1, SIGNATURE_BYTES)
        columns.put(sql, columns.SIGNATURE, np.array(numbers), values)


def _group(marks: Bytes, groups: IntArray, first: int, texts: _Texts) -> set[int]:
    """Set the groups of the posts from `first` on, and return the leaders that got followers."""
    has = np.asarray(marks.any(axis=1), np.bool_)
    leads = has & ((groups == 0) | (groups == np.arange(len(groups))))
    bands = np.ascontiguousarray(marks.view(np.uint32).T)
    index: dict[int, list[int]] = {}  # by the number of the band above its key
    maybe = np.zeros(len(groups) - first, np.bool_)
    for band, keys in enumerate(bands):
        old, shared = _meeting(keys, leads, has, first)
        maybe |= shared
        for number, key in zip(old.tolist(), keys[old].tolist(), strict=True):
            index.setdefault(band << 32 | key, []).append(number)
    whole = np.bitwise_xor.reduce(bands * np.arange(1, 2 * _BANDS, 2, dtype=np.uint32)[:, None])
    same: dict[bytes, int] = {}  # the first post of a signature
    for number in _meeting(whole, has, has, first)[0].tolist():
        same.setdefault(marks[number].tobytes(), number)
    changed: set[int] = set()
    chosen = np.flatnonzero(maybe) + first
    texts.fetch(chosen.tolist())
    places = np.arange(_BANDS, dtype=np.int64) << 32
    rows: list[list[int]] = (bands[:, chosen].T | places).tolist()
    for number, keys in zip(chosen.tolist(), rows, strict=True):
        twin = same.setdefault(marks[number].tobytes(), number)
        if twin != number and texts[twin] == texts[number]:
            leader = int(groups[twin]) or twin
        else:
            met = set(itertools.chain.from_iterable([found for key in keys if (found := index.get(key))]))
            leader = _leader(marks, number, sorted(met), texts) if met else None
        if leader is None:
            for key in keys:
                index.setdefault(key, []).append(number)
        else:
            groups[number] = groups[leader] = leader
            changed.add(leader)
    return changed


def _meeting(keys: NDArray[np.uint32], leads: BoolArray, has: BoolArray, first: int) -> tuple[IntArray, BoolArray]:
    """Return the old posts that lead and share a key with a new one, and which new ones share it with any of these."""
    fresh = np.flatnonzero(has[first:])
    new = keys[first:][fresh]
    distinct, inverse, count = np.unique(new, return_inverse=True, return_counts=True)
    # Most old posts share nothing; a table of bits tells so ten times as fast as a search.
    low = np.uint32((1 << _TABLE_BITS) - 1)
    table = np.zeros(1 << _TABLE_BITS, np.bool_)
    table[distinct & low] = True
    old = np.flatnonzero(leads[:first] & table[keys[:first] & low])
    place = np.minimum(np.searchsorted(distinct, keys[old]), max(len(distinct) - 1, 0))
    hit = distinct[place] == keys[old] if len(distinct) else np.zeros(0, np.bool_)
    old, place = old[hit], place[hit]
    count[place] += 1
    shared = np.zeros(len(keys) - first, np.bool_)
    shared[fresh] = count[inverse] > 1
    return old, shared


def _leader(marks: Bytes, number: int, met: list[int], texts: _Texts) -> int | None:
    """Return the first of the leaders whose text the post repeats, or None."""
    if len(met) <= _FEW:
        # Most posts meet one or two, and numpy takes longer to begin than to count.
        own = marks[number].tobytes()
        close_ones = [n for n in met if sum(map(operator.eq, marks[n].tobytes(), own)) >= _LEAST_SHARED]
        return next((n for n in close_ones if similarity(texts[n], texts[number]) >= SAME), None)
    leaders = np.array(met)
    shared = (marks[leaders] == marks[number]).sum(axis=1)
    close = np.flatnonzero(shared >= _LEAST_SHARED)
    if len(close) > _MOST_COMPARED:
        close = np.sort(close[np.argsort(-shared[close], kind="stable")[:_MOST_COMPARED]])
    return next((n for n in leaders[close].tolist() if similarity(texts[n], texts[number]) >= SAME), None)


class _Texts:
    """Stored texts as they are compared, read when they are first asked for."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._kept: dict[int, str] = {}

    def between(self, numbers: range) -> list[str]:
        """Read the texts of posts in a row, and return them."""
        query = "SELECT text FROM post WHERE id >= ? AND id < ? ORDER BY id"
        found = [plain_text(row[0]) for row in self._sql.execute(query, (numbers.start, numbers.stop))]
        self._kept.update(zip(numbers, found, strict=True))
        return found

    def fetch(self, numbers: list[int]) -> None:
        """Read the texts of posts at once."""
        missing = json.dumps([n for n in numbers if n not in self._kept])
        query = "SELECT p.id, p.text FROM json_each(?) j CROSS JOIN post p ON p.id = j.value"
        self._kept.update((n, plain_text(text)) for n, text in self._sql.execute(query, (missing,)))

    def __getitem__(self, number: int) -> str:
        if number not in self._kept:
            row = self._sql.execute("SELECT text FROM post WHERE id = ?", (number,)).fetchone()
            self._kept[number] = plain_text(row[0])
        return self._kept[number]


def group_sizes(sql: sqlite3.Connection, groups: Iterable[int]) -> dict[int, int]:
    """Return how many posts each group holds."""
    wanted = sorted(set(groups) - {0})
    if not wanted:
        return {}
    total = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    counts = np.bincount(columns.span(sql, columns.ECHO, 0, total + 1))
    return {g: int(counts[g]) for g in wanted if g < len(counts)}
