"""Scores on their way in, and the rows of `scorer` they belong to: one shown a scorer, and one a version to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.store import columns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from core.model import ScorerId
    from core.store.arrivals import Figures


def place_of(sql: sqlite3.Connection, scorer: ScorerId) -> tuple[int, int]:
    """Return the numbers of the scorer's row and version for new scores, made where there are none yet.

    Scores of another version than the one that is shown wait in a row of their own, and a row that lacks the scores of
    posts that were there before it is to be completed (`core.store.rescoring`): versions never mix in one curve.
    """
    shown = sql.execute("SELECT id FROM scorer WHERE name = ? AND staged = ''", (scorer.name,)).fetchone()
    if shown is None:
        number = _add(sql, scorer.name, "")
    elif version_of(sql, shown[0]) == scorer.version:
        number = int(shown[0])
    else:
        row = sql.execute("SELECT id FROM scorer WHERE name = ? AND staged = ?", (str(scorer), scorer.name)).fetchone()
        number = int(row[0]) if row else _add(sql, str(scorer), scorer.name)
        sql.execute("INSERT OR IGNORE INTO rescoring VALUES(?, 0, 0, '')", (number,))
    sql.execute("INSERT OR IGNORE INTO scorer_version(scorer, version) VALUES(?, ?)", (number, scorer.version))
    query = "SELECT id FROM scorer_version WHERE scorer = ? AND version = ?"
    return number, int(sql.execute(query, (number, scorer.version)).fetchone()[0])


def version_of(sql: sqlite3.Connection, number: int) -> str:
    """Return the version whose scores a row of `scorer` holds, the newest where an older program mixed them."""
    query = "SELECT version FROM scorer_version WHERE scorer = ? ORDER BY id DESC LIMIT 1"
    row = sql.execute(query, (number,)).fetchone()
    return str(row[0]) if row else ""


def _add(sql: sqlite3.Connection, name: str, staged: str) -> int:
    sql.execute("INSERT INTO scorer(name, staged) VALUES(?, ?)", (name, staged))
    number = int(sql.execute("SELECT id FROM scorer WHERE name = ?", (name,)).fetchone()[0])
    if sql.execute("SELECT EXISTS(SELECT 1 FROM post)").fetchone()[0]:
        sql.execute("INSERT INTO rescoring VALUES(?, 0, 0, '')", (number,))
    return number


def insert(
    sql: sqlite3.Connection,
    numbers: Sequence[int],
    scored: Mapping[tuple[int, int], Sequence[Figures | None]],
    now: int,
) -> None:
    """Store scores of posts, given by their ascending numbers: for each scorer's row and version a list as long."""
    places = sorted(scored)
    # In the order of the table's key: a row is then mostly added to the page that was written last.
    rows = [
        (number, *place, *figures)
        for number, of_post in zip(numbers, zip(*(scored[p] for p in places), strict=True), strict=True)
        for place, figures in zip(places, of_post, strict=True)
        if figures is not None
    ]
    sql.executemany(f"INSERT INTO score VALUES(?, ?, ?, ?, ?, ?, ?, {now})", rows)
    posts = np.array(numbers, np.int64)
    for scorer, version in places:
        given = [np.nan if figures is None else figures[0] for figures in scored[scorer, version]]
        values = np.array(given, np.float64)
        known = ~np.isnan(values)
        columns.put_scores(sql, scorer, posts[known], values[known])


def forget(sql: sqlite3.Connection, scorer: int) -> None:
    """Drop the column of a scorer's row."""
    sql.execute("DELETE FROM post_column WHERE name = ?", (columns.score_column(scorer).name,))
