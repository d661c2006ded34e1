"""Counts of posts that a reader should know before believing a mean: how many repeat others, how many were judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
    _, scored = roll.units(sql, said, scorer)
    language = columns.take(sql, columns.LANGUAGE, said.post)
    names: dict[int, str] = dict(sql.execute("SELECT id, name FROM language").fetchall())
    posts = np.bincount(language)
    judged = np.bincount(language[scored], minlength=len(posts))
    order = np.argsort(-posts, kind="stable").tolist()
    found = tuple(Coverage(names.get(k, ""), int(posts[k]), int(judged[k])) for k in order if posts[k])
    return Census(len(said), int(scored.sum()), int(roll.echoes(sql, said).sum()), found)
