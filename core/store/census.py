"""Counts of posts that a reader should know before believing a mean: how many repeat others, how many were judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.series import NO_SCORE
from core.store import columns, roll

if TYPE_CHECKING:
    import sqlite3

    from core.store.roll import Roll


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many posts there are of a language, and how many of these have a score."""

    language: str  # as `core.sentiment.language` tells it; "" where there is nothing to read
    posts: int
    scored: int


@dataclass(frozen=True, slots=True)
class Census:
    """What a number of posts is made of. `languages` begins with the one that most posts are in."""

    posts: int
    scored: int
    echoes: int
    languages: tuple[Coverage, ...]


def take(sql: sqlite3.Connection, said: Roll, scorer: int | None) -> Census:
    """Count the posts of a roll."""
    scored = roll.units(sql, said, scorer) != NO_SCORE
    posts = languages(sql, said)
    judged = languages(sql, said.pick(scored))
    found = tuple(Coverage(name, n, judged.get(name, 0)) for name, n in posts.items())
    return Census(len(said), int(scored.sum()), int(roll.echoes(sql, said).sum()), found)


def languages(sql: sqlite3.Connection, said: Roll) -> dict[str, int]:
    """Return how many posts of a roll are in each language, the one with most of them first."""
    counts = np.bincount(columns.take(sql, columns.LANGUAGE, said.post))
    names: dict[int, str] = dict(sql.execute("SELECT id, name FROM language").fetchall())
    order = np.argsort(-counts, kind="stable").tolist()
    return {names.get(k, ""): int(counts[k]) for k in order if counts[k]}
