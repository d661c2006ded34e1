"""Metrics over time (ranks, heat, counters) and events: what is neither price nor post."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.errors import UsageError
from core.model import Event, Metric, MetricKind
from core.series import MetricSeries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def put(
    sql: sqlite3.Connection, subject: int, metric: Metric, times: Iterable[int], values: Iterable[float],
    items: Sequence[str] | None,
) -> int:  # fmt: skip
    """Add values of a metric; returns how many instants and items were new. See `Store.put_metric`."""
    row = sql.execute("SELECT id, kind FROM metric WHERE subject = ? AND name = ?", (subject, metric.name)).fetchone()
    if row is None:
        sql.execute(
            "INSERT INTO metric(subject, name, kind, unit, source) VALUES(?, ?, ?, ?, ?)",
            (subject, metric.name, metric.kind.value, metric.unit, metric.source),
        )
        number = int(sql.execute("SELECT last_insert_rowid()").fetchone()[0])
    elif row[1] != metric.kind.value:
        raise UsageError(
            f"The metric {metric.name!r} is kept as {row[1]}, not as {metric.kind.value}; give it another name."
        )
    else:
        number = int(row[0])
        sql.execute(
            "UPDATE metric SET unit = coalesce(nullif(?, ''), unit), source = coalesce(nullif(?, ''), source)"
            " WHERE id = ?",
            (metric.unit, metric.source, number),
        )
    names = itertools.repeat("") if items is None else items
    rows = [(number, int(t), i, float(v)) for t, v, i in zip(times, values, names) if math.isfinite(v)]  # noqa: B905 - names may be endless
    count = "SELECT count(*) FROM metric_value WHERE metric = ?"
    before = sql.execute(count, (number,)).fetchone()[0]
    sql.executemany(
        "INSERT INTO metric_value VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        " WHERE value <> excluded.value",
        rows,
    )
    return int(sql.execute(count, (number,)).fetchone()[0] - before)


def read(sql: sqlite3.Connection, subject: int) -> list[MetricSeries]:
    """Return the subject's metrics in order of their arrival; items at one instant merged as the kind says."""
    rows = sql.execute("SELECT id, name, kind, unit, source FROM metric WHERE subject = ? ORDER BY id", (subject,))
    series: list[MetricSeries] = []
    for number, name, kind, unit, source in rows.fetchall():
        metric = Metric(name, MetricKind(kind), unit, source)
        merge = "min" if metric.kind is MetricKind.RANK else "total"
        values = sql.execute(
            f"SELECT time, {merge}(value) FROM metric_value WHERE metric = ? GROUP BY time ORDER BY time",  # noqa: S608 - two words of our own
            (number,),
        ).fetchall()
        time = np.array([v[0] for v in values], np.int64)
        series.append(MetricSeries(metric, time, np.array([v[1] for v in values], np.float64)))
    return series


class Dropped(NamedTuple):
    """A metric that was removed, as `put` takes it: instants (ms UTC), values, and what each belongs to."""

    metric: Metric
    times: tuple[int, ...]
    values: tuple[float, ...]
    items: tuple[str, ...]


def drop(sql: sqlite3.Connection, subject: int, name: str) -> Dropped | None:
    """Remove a metric and return it with its values; None where there is none of that name."""
    row = sql.execute(
        "SELECT id, kind, unit, source FROM metric WHERE subject = ? AND name = ?", (subject, name)
    ).fetchone()
    if row is None:
        return None
    number, kind, unit, source = row
    found = sql.execute("SELECT time, value, item FROM metric_value WHERE metric = ?", (number,)).fetchall()
    sql.execute("DELETE FROM metric WHERE id = ?", (number,))
    times, values, items = zip(*found, strict=True) if found else ((), (), ())
    return Dropped(Metric(name, MetricKind(kind), unit, source), times, values, items)


def put_event(sql: sqlite3.Connection, subject: int, event: Event) -> bool:
    """Add an event, or replace note and link of the one of the same time and title; return whether it was new."""
    key = (subject, event.time, event.title)
    known = sql.execute("SELECT 1 FROM event WHERE subject = ? AND time = ? AND title = ?", key).fetchone()
    sql.execute("INSERT OR REPLACE INTO event VALUES(?, ?, ?, ?, ?, ?)", (*key, event.note, event.url, event.origin))
    return known is None


def remove_event(sql: sqlite3.Connection, subject: int, event: Event) -> None:
    """Remove the event of this time and title."""
    sql.execute("DELETE FROM event WHERE subject = ? AND time = ? AND title = ?", (subject, event.time, event.title))


def events(sql: sqlite3.Connection, subject: int) -> list[Event]:
    """Return the subject's events in order of time."""
    query = "SELECT time, title, note, url, origin FROM event WHERE subject = ? ORDER BY time, title"
    return [Event(*row) for row in sql.execute(query, (subject,))]
