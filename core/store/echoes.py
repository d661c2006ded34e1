"""Which stored posts repeat others: the grouping that compares new posts with all before them.

A group is led by the post that arrived first. A new post goes with the first post of its very signature, if that has
the same text; or it joins the first of the leaders whose text it repeats; or it leads. So the groups are the same
however the posts were split into batches. Which post of a group is the echo is
decided where posts are counted: the one that was published later.
"""

from __future__ import annotations

import json
import operator
from typing import TYPE_CHECKING, Final

import numpy as np

from core.echo import SAME, SIGNATURE_BYTES, plain_text, signatures, similarity
from core.store import columns
from core.store.echo_window import Window

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from core.store.database import Database

SLICE: Final = 50_000  # posts a transaction
# New posts for which those before them are looked through at once, and whose texts are kept meanwhile.
_WINDOW: Final = 1 << 17
_AT_ONCE: Final = 2000
# Of 32 bytes a pair with similarity 0.8 shares 26, hardly ever fewer than 18.
_LEAST_SHARED: Final = 18
# A robot's template that differs in its numbers has many leaders; only the closest are compared.
_MOST_COMPARED: Final = 16
_FEW: Final = 4


def progress(sql: sqlite3.Connection) -> tuple[int, int]:
    """Return how many posts have been compared with those before them, and how many there are."""
    total = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    return min(max(columns.length(sql, columns.ECHO) - 1, 0), total), total


def group(database: Database, most: int = SLICE) -> Iterator[tuple[int, int]]:
    """Compare the posts that were not compared yet with all before them and with each other, and keep what repeats.

    At most so many posts make a transaction. After each this yields what `progress` says, and can be left; others may
    write between them.
    """
    while True:
        with database.read() as sql:
            done, total = progress(sql)
        yield done, total
        if done >= total:
            return
        new = range(done + 1, min(done + _WINDOW, total) + 1)
        for compared in _group_window(database, new, most):
            yield compared, total


def _group_window(database: Database, new: range, most: int) -> Iterator[int]:
    """Compare new posts with all before them; yield after each transaction how many posts are compared."""
    texts = _Texts(database.sql)
    for part in _parts(new, most):
        with database.write() as sql:
            _sign(sql, part, texts)
        yield new.start - 1
    with database.read() as sql:
        window = Window(sql, new)
    for part in _parts(new, most):
        with database.write() as sql:
            if progress(sql)[0] != part.start - 1:
                return  # another process does the same; begin again where it has got to
            _put(sql, part, _group(window, part, texts))
        yield part.stop - 1


def _parts(numbers: range, most: int) -> Iterator[range]:
    return (numbers[k : k + most] for k in range(0, len(numbers), most))


def _sign(sql: sqlite3.Connection, numbers: range, texts: _Texts) -> None:
    """Make the signatures of posts that have none yet, and keep their texts at hand: they are compared next."""
    first = max(columns.length(sql, columns.SIGNATURE), numbers.start)
    for start in range(first, numbers.stop, _AT_ONCE):
        part = range(start, min(start + _AT_ONCE, numbers.stop))
        values = np.frombuffer(b"".join(signatures(texts.between(part))), np.uint8).reshape(-1, SIGNATURE_BYTES)
        columns.put(sql, columns.SIGNATURE, np.array(part), values)


def _group(window: Window, numbers: range, texts: _Texts) -> dict[int, int]:
    """Return the groups of those among new posts that repeat others, and of the leaders that they follow."""
    groups: dict[int, int] = {}
    meeting = window.meeting(numbers)
    texts.fetch([number for number, _, _ in meeting])
    for number, place, bands in meeting:
        twin, group = window.twin(number)
        if twin and texts[twin] == texts[number]:
            leader = group or twin
        else:
            leader = _leader(window, place, window.leaders(bands), texts)
        if not twin:
            window.set_twin(number, leader or 0)
        if leader is None:
            window.lead(place, bands)
        else:
            groups[number] = groups[leader] = leader
    return groups


def _leader(window: Window, place: int, met: list[int], texts: _Texts) -> int | None:
    """Return the first of the leaders at some places whose text the post at a place repeats, or None."""
    marks = window.marks
    if len(met) <= _FEW:
        # Most posts meet one or two, and numpy takes longer to begin than to count.
        own = marks[place].tobytes()
        close = [p for p in met if sum(map(operator.eq, marks[p].tobytes(), own)) >= _LEAST_SHARED]
    else:
        leaders = np.array(met)
        shared = (marks[leaders] == marks[place]).sum(axis=1)
        at = np.flatnonzero(shared >= _LEAST_SHARED)
        if len(at) > _MOST_COMPARED:
            at = np.sort(at[np.argsort(-shared[at], kind="stable")[:_MOST_COMPARED]])
        close = leaders[at].tolist()
    own_text = texts[int(window.numbers[place])] if close else ""
    numbers = map(int, window.numbers[close])
    return next((n for n in numbers if similarity(texts[n], own_text) >= SAME), None)


def _put(sql: sqlite3.Connection, numbers: range, groups: dict[int, int]) -> None:
    """Keep the groups of new posts, and of those before them that have become leaders."""
    columns.put(sql, columns.ECHO, np.array(numbers), np.array([groups.get(n, 0) for n in numbers]))
    old = np.array(sorted(n for n in groups if n < numbers.start), np.int64)
    columns.put(sql, columns.ECHO, old, old)


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
    # Who follows arrived later.
    found = columns.span(sql, columns.ECHO, wanted[0], total + 1)
    counts = np.bincount(found[found >= wanted[0]] - wanted[0])
    return {g: int(counts[g - wanted[0]]) for g in wanted}
