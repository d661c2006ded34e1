"""Bars in chunks of packed records: an append rewrites one chunk, a million come back at once.

A chunk covers a fixed span of time, so that where a bar belongs never depends on what else is stored.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import UsageError
from core.model import Basis, Instrument, Interval
from core.series import Bars
from core.store import catalogue
from core.store.types import BarSeriesInfo, PutResult

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from core.series import IntArray

_PRICES: Final = ("open", "high", "low", "close", "volume")
# `time` counts from the chunk's first millisecond, `length` from the bar's.
_BAR: Final = np.dtype([(name, "<f8") for name in _PRICES] + [("time", "<u4"), ("length", "<u4")])
_LONGEST: Final = 2**32 - 1
_MOST_SOURCES: Final = 5
_BETWEEN: Final = " + "
# Half of what the second cache of a processor holds, as a rule.
_PART_BYTES: Final = 1 << 20


def _span(interval: Interval) -> int:
    """Return the span of a chunk (ms): a week of minutes up to seven weeks of days."""
    return min(8192 * interval.ms, 1 << 32)


def put(
    sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis, bars: Bars, *, source: str, fetched: int,
    simulated: bool,
) -> PutResult:  # fmt: skip
    """Merge bars into the series by their time. See `Store.put_bars`."""
    series = _series_for(sql, symbol, interval, basis, source=source, fetched=fetched, simulated=simulated)
    if not len(bars):
        return PutResult(0, 0)
    records = _records(bars)
    span = _span(interval)
    touched = np.unique(bars.time // span).tolist()
    old_time, old = _read(sql, series, span, touched)
    time = np.concatenate((old_time, bars.time))
    both = np.concatenate((old, records))
    # Of equal times the last one stays: among the new bars too, the later row corrects the earlier one.
    order = np.argsort(time, kind="stable")
    time, both = time[order], both[order]
    kept = np.append(time[1:] != time[:-1], True)
    time, both = time[kept], both[kept]
    was_there = np.searchsorted(time, old_time)
    replaced = int(np.count_nonzero(_differ(both[was_there], old)))
    _write(sql, series, span, time, both)
    return PutResult(len(time) - len(old_time), replaced)


def read(
    sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis, start: int | None, end: int | None
) -> Bars:
    """Return the bars whose time lies in [start, end); none where there is no such series."""
    return Bars.join(list(parts(sql, symbol, interval, basis, start, end)))


def parts(
    sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis, start: int | None, end: int | None
) -> Iterator[Bars]:
    """Give the bars that `read` returns in parts that the processor's cache holds, in order of time; none is empty."""
    series, span = _find(sql, symbol, interval, basis), _span(interval)
    query = "SELECT chunk, data FROM bar WHERE series = ?"
    values = [series]
    if start is not None:
        query, values = f"{query} AND chunk >= ?", [*values, start // span]
    if end is not None:
        query, values = f"{query} AND chunk <= ?", [*values, end // span]
    rows: list[tuple[int, bytes]] = []
    size = 0
    for row in sql.execute(f"{query} ORDER BY chunk", values):
        rows.append(row)
        size += len(row[1])
        if size >= _PART_BYTES:
            yield from _cut(_bars(*_unpack(rows, span)), start, end)
            rows, size = [], 0
    yield from _cut(_bars(*_unpack(rows, span)), start, end)


def _bars(time: IntArray, records: NDArray[np.void]) -> Bars:
    return Bars(time, time + records["length"], *(records[name] for name in _PRICES))


def _cut(bars: Bars, start: int | None, end: int | None) -> Iterator[Bars]:
    low = 0 if start is None else int(np.searchsorted(bars.time, start))
    high = len(bars) if end is None else int(np.searchsorted(bars.time, end))
    if low < high:
        yield bars if high - low == len(bars) else bars.take(slice(low, high))


def info(sql: sqlite3.Connection, symbol: str) -> list[BarSeriesInfo]:
    """Return what series of bars a symbol has; those without a bar are left out."""
    entry = catalogue.find(sql, symbol)
    rows = sql.execute(
        "SELECT s.interval, s.basis, s.source, s.fetched, sum(b.n), min(b.first), max(b.last), s.simulated"
        " FROM bar_series s JOIN bar b ON b.series = s.id WHERE s.subject = ? GROUP BY s.id ORDER BY s.id",
        (entry.id if entry else None,),
    )
    return [BarSeriesInfo(Interval(r[0]), Basis(r[1]), r[2], r[3], r[4], r[5], r[6], bool(r[7])) for r in rows]


def intervals(sql: sqlite3.Connection, symbol: str) -> frozenset[Interval]:
    """Return the intervals that a symbol has bars of; unlike `info` this reads no chunk."""
    entry = catalogue.find(sql, symbol)
    rows = sql.execute(
        "SELECT DISTINCT interval FROM bar_series s"
        " WHERE subject = ? AND EXISTS(SELECT 1 FROM bar WHERE series = s.id)",
        (entry.id if entry else None,),
    )
    return frozenset(Interval(r[0]) for r in rows)


def drop(sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis) -> None:
    """Remove a series; one that is not there is no error."""
    series = _find(sql, symbol, interval, basis)
    if series is not None:
        sql.execute("DELETE FROM bar_series WHERE id = ?", (series,))


def _find(sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis) -> int | None:
    entry = catalogue.find(sql, symbol)
    if entry is None:
        return None
    query = "SELECT id FROM bar_series WHERE subject = ? AND interval = ? AND basis = ?"
    row = sql.execute(query, (entry.id, interval.value, basis.value)).fetchone()
    return int(row[0]) if row else None


def _series_for(
    sql: sqlite3.Connection, symbol: str, interval: Interval, basis: Basis, *, source: str, fetched: int,
    simulated: bool,
) -> int:  # fmt: skip
    """Return the series, made or brought up to date; real bars take the place of simulated ones, never the reverse."""
    entry = catalogue.put_instrument(sql, Instrument(symbol))
    key = (entry.id, interval.value, basis.value)
    row = sql.execute(
        "SELECT id, source, fetched, simulated FROM bar_series WHERE subject = ? AND interval = ? AND basis = ?", key
    ).fetchone()
    if row and row[3] and not simulated:
        sql.execute("DELETE FROM bar_series WHERE id = ?", (row[0],))
        row = None
    if row is None:
        cursor = sql.execute(
            "INSERT INTO bar_series(subject, interval, basis, source, fetched, simulated) VALUES(?, ?, ?, ?, ?, ?)",
            (*key, source, fetched, simulated),
        )
        return int(cursor.lastrowid or 0)
    if simulated and not row[3]:
        raise UsageError(f"{entry.key} has real {interval.value} prices; simulated ones are not mixed into them.")
    sources = [*(s for s in row[1].split(_BETWEEN) if s != source), source]
    text = _BETWEEN.join(s for s in sources[-_MOST_SOURCES:] if s)
    sql.execute("UPDATE bar_series SET source = ?, fetched = ? WHERE id = ?", (text, max(int(row[2]), fetched), row[0]))
    return int(row[0])


def _records(bars: Bars) -> NDArray[np.void]:
    length = bars.end - bars.time
    if (length < 0).any() or (length > _LONGEST).any():
        raise ValueError("a bar ends before it begins, or is longer than seven weeks")
    records = np.empty(len(bars), _BAR)
    for name in _PRICES:
        records[name] = getattr(bars, name)
    records["time"] = 0
    records["length"] = length
    return records


def _differ(a: NDArray[np.void], b: NDArray[np.void]) -> NDArray[np.bool_]:
    """Return which records differ in any figure; a gap (NaN) equals a gap."""
    differ = a["length"] != b["length"]
    for name in _PRICES:
        differ |= (a[name] != b[name]) & ~(np.isnan(a[name]) & np.isnan(b[name]))
    return differ


def _read(sql: sqlite3.Connection, series: int, span: int, touched: Sequence[int]) -> tuple[IntArray, NDArray[np.void]]:
    query = "SELECT chunk, data FROM bar WHERE series = ? AND chunk = ?"
    rows = [row for c in touched if (row := sql.execute(query, (series, c)).fetchone())]
    return _unpack(rows, span)


def _unpack(rows: Sequence[tuple[int, bytes]], span: int) -> tuple[IntArray, NDArray[np.void]]:
    records = np.frombuffer(b"".join(data for _, data in rows), _BAR)
    size = np.array([len(data) // _BAR.itemsize for _, data in rows], np.int64)
    return np.repeat(np.array([c for c, _ in rows], np.int64) * span, size) + records["time"], records


def _write(sql: sqlite3.Connection, series: int, span: int, time: IntArray, records: NDArray[np.void]) -> None:
    chunk = time // span
    records["time"] = time - chunk * span
    bounds = [*np.flatnonzero(np.diff(chunk, prepend=chunk[0] - 1)).tolist(), len(chunk)]
    rows = [
        (series, int(chunk[a]), b - a, int(time[a]), int(time[b - 1]), records[a:b].tobytes())
        for a, b in itertools.pairwise(bounds)
    ]
    sql.executemany("INSERT OR REPLACE INTO bar(series, chunk, n, first, last, data) VALUES(?, ?, ?, ?, ?, ?)", rows)
