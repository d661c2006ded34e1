"""Counting a subject's posts anew from its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.store import roll

if TYPE_CHECKING:
    import sqlite3


def recount(sql: sqlite3.Connection, subject: int) -> None:
    """Bring the subject's roll and tally in line with its links."""
    roll.rebuild(sql, subject)
    sql.execute("DELETE FROM tally WHERE subject = ?", (subject,))
    sql.execute(
        "INSERT INTO tally SELECT l.subject, p.source, count(*), max(p.collected)"
        " FROM link l CROSS JOIN post p ON p.id = l.post WHERE l.subject = ? GROUP BY p.source",
        (subject,),
    )
