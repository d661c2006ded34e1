"""Rolls and columns: what is derived from posts, links and scores so that counting is quick, and how it is made anew.

They are kept up to date by whatever changes what they are derived from. A store of an older program, or one whose
columns meant something else, gets them anew when it is opened for writing; nothing is lost by that but time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import StoreError
from core.store import columns, facts, roll

if TYPE_CHECKING:
    import sqlite3

    from core.store.database import Database

# Raised whenever a column comes to mean something else, for example when a language is told in another way.
VERSION: Final = 2

_KEY: Final = "derived"
_CHUNK: Final = 8192


def bring_up_to_date(database: Database) -> None:
    """Derive everything anew if the store's rolls and columns are of another version than this program's."""
    with database.read() as sql:
        if _version(sql) == VERSION:
            return
    if database.read_only:
        raise StoreError(f"The store {database.path} is of an older version; open it once for writing.")
    with database.write() as sql:
        if _version(sql) != VERSION:
            rebuild(sql)
            sql.execute("INSERT OR REPLACE INTO setting VALUES(?, ?)", (_KEY, json.dumps(VERSION)))


def _version(sql: sqlite3.Connection) -> int | None:
    row = sql.execute("SELECT value FROM setting WHERE key = ?", (_KEY,)).fetchone()
    return json.loads(row[0]) if row else None


def rebuild(sql: sqlite3.Connection) -> None:
    """Make all columns and rolls anew; signatures and echoes are left to `core.store.echoes`, as they take long."""
    sql.execute("DELETE FROM post_column")
    query = (
        "SELECT p.id, p.source, o.name, p.text, p.author, p.followers, p.likes, p.comments, p.shares, p.views"
        " FROM post p JOIN source o ON o.id = p.source WHERE p.id > ? ORDER BY p.id LIMIT ?"
    )
    last = 0
    while rows := sql.execute(query, (last, _CHUNK)).fetchall():
        last = rows[-1][0]
        number, source, name, text, author, *counts = zip(*rows, strict=True)
        facts.put(sql, np.array(number, np.int64), source, facts.facts_of(name, text, author, counts))
    for (scorer,) in sql.execute("SELECT id FROM scorer").fetchall():
        scores = sql.execute("SELECT post, value FROM score WHERE scorer = ? ORDER BY post", (scorer,)).fetchall()
        table = np.array(scores, np.float64).reshape(-1, 2)
        columns.put_scores(sql, scorer, table[:, 0].astype(np.int64), table[:, 1])
    sql.execute("DELETE FROM roll")
    for (subject,) in sql.execute("SELECT id FROM subject").fetchall():
        roll.rebuild(sql, subject)


def problems(sql: sqlite3.Connection) -> list[str]:
    """Compare the lengths of rolls and columns with what they are derived from; return what is wrong."""
    posts = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    kept = (columns.SOURCE, columns.LANGUAGE, columns.AUTHOR, columns.VIEWS)
    short = [c.name for c in kept if posts and columns.length(sql, c) <= posts]
    found = [f"the column {name} does not cover all posts" for name in short]
    links = int(sql.execute("SELECT count(*) FROM link").fetchone()[0])
    rolled = int(sql.execute("SELECT coalesce(sum(length(data)), 0) / 8 FROM roll").fetchone()[0])
    return [*found, "the rolls do not hold all links"] if links != rolled else found
