"""Splits and dividends of an instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Action, ActionKind, Instrument
from core.store import catalogue

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def put(sql: sqlite3.Connection, symbol: str, actions: Iterable[Action]) -> int:
    """Add actions, in place of those of the same kind and time; return how many were new. See `Store.put_actions`."""
    rows = list(actions)
    if not rows:
        return 0
    subject = catalogue.put_instrument(sql, Instrument(symbol)).id
    count = "SELECT count(*) FROM action WHERE subject = ?"
    before = sql.execute(count, (subject,)).fetchone()[0]
    sql.executemany(
        "INSERT INTO action VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value,"
        " source = excluded.source",
        [(subject, a.time, a.kind.value, a.value, a.source) for a in rows],
    )
    return int(sql.execute(count, (subject,)).fetchone()[0] - before)


def read(sql: sqlite3.Connection, symbol: str) -> list[Action]:
    """Return the actions of a symbol in order of time; none where it is not known."""
    entry = catalogue.find(sql, symbol)
    query = "SELECT time, kind, value, source FROM action WHERE subject = ? ORDER BY time, kind"
    rows = sql.execute(query, (entry.id if entry else None,))
    return [Action(time, ActionKind(kind), value, source) for time, kind, value, source in rows]


def remove(sql: sqlite3.Connection, symbol: str, action: Action) -> bool:
    """Remove the action of this kind and time; return whether there was one."""
    entry = catalogue.find(sql, symbol)
    key = (entry.id if entry else None, action.time, action.kind.value)
    return sql.execute("DELETE FROM action WHERE subject = ? AND time = ? AND kind = ?", key).rowcount > 0
