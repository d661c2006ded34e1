"""Drawings in the store, and changes of drawings and events as one step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.drawings import Drawing
from core.errors import InputError
from core.model import Event
from core.store import metrics

if TYPE_CHECKING:
    import sqlite3

    from core.marks import Change


def put_drawing(sql: sqlite3.Connection, subject: int, drawing: Drawing) -> bool:
    """Add a drawing, or replace the one with its id; return whether it was new."""
    known = sql.execute("SELECT 1 FROM drawing WHERE id = ?", (drawing.id,)).fetchone()
    data = json.dumps(drawing.to_json(), ensure_ascii=False)
    sql.execute("INSERT OR REPLACE INTO drawing VALUES(?, ?, ?)", (drawing.id, subject, data))
    return known is None


def remove_drawing(sql: sqlite3.Connection, subject: int, number: str) -> bool:
    """Remove the subject's drawing with this id; return whether it was there."""
    return sql.execute("DELETE FROM drawing WHERE subject = ? AND id = ?", (subject, number)).rowcount > 0


def drawings(sql: sqlite3.Connection, subject: int) -> list[Drawing]:
    """Return the subject's drawings, the upper ones last; what a newer program drew is left out."""
    found: list[Drawing] = []
    for (data,) in sql.execute("SELECT data FROM drawing WHERE subject = ?", (subject,)):
        try:
            found.append(Drawing.from_json(json.loads(data)))
        except InputError:
            continue
    return sorted(found, key=lambda d: (d.made, d.id))


def change(sql: sqlite3.Connection, subject: int, step: Change) -> None:
    """Take away what was before and put what is after."""
    if isinstance(step.before, Event):
        metrics.remove_event(sql, subject, step.before)
    elif step.before is not None and step.after is None:
        remove_drawing(sql, subject, step.before.id)
    if isinstance(step.after, Event):
        metrics.put_event(sql, subject, step.after)
    elif step.after is not None:
        put_drawing(sql, subject, step.after)
