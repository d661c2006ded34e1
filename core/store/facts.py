"""What counting needs to know of a post beside its score, worked out once when it arrives, by whoever reads it.

One record a post: the language of its text, who wrote it, how far it went.
"""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.store import columns
from core.store.columns import UNKNOWN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from core.series import IntArray

FACT: Final = np.dtype(
    [
        ("language", "S8"),  # as core.sentiment.language tells it
        ("author", "<u8"),
        ("followers", "<u4"),
        ("engagement", "<u4"),
        ("views", "<u4"),
    ]
)
Facts: TypeAlias = NDArray[np.void]
# Followers, likes, comments, shares and views, as far as the platform gives them.
Counts: TypeAlias = "Sequence[int | None]"


def facts_of(sources: Sequence[str], texts: Sequence[str], authors: Sequence[str], counts: Sequence[Counts]) -> Facts:
    """Return the facts of posts, given as columns; `counts` are five columns of one length."""
    from core.sentiment.language import language  # noqa: PLC0415 - scorers load slowly; a reader needs none of them

    facts = np.zeros(len(texts), FACT)
    facts["language"] = list(map(language, texts))
    facts["author"] = np.fromiter(map(author_mark, sources, authors), np.uint64, len(texts))
    facts["followers"], facts["engagement"], facts["views"] = counted(counts)
    return facts


def put(sql: sqlite3.Connection, numbers: IntArray, sources: Sequence[int], facts: Facts) -> None:
    """Put the facts of new posts, in order of their numbers, into the columns."""
    names, place = np.unique(facts["language"], return_inverse=True)
    known = np.array([_language_number(sql, name.decode()) for name in names.tolist()])
    columns.put(sql, columns.SOURCE, numbers, np.array(sources))
    columns.put(sql, columns.LANGUAGE, numbers, known[place] if len(known) else place)
    columns.put(sql, columns.AUTHOR, numbers, facts["author"])
    for column in _COUNTS:
        columns.put(sql, column, numbers, facts[column.name])


_COUNTS: Final = (columns.FOLLOWERS, columns.ENGAGEMENT, columns.VIEWS)


def put_counts(sql: sqlite3.Connection, counts: Sequence[tuple[int, Counts]]) -> None:
    """Replace counts of posts, given by number."""
    ordered = sorted(counts, key=lambda pair: pair[0])
    numbers = np.array([n for n, _ in ordered], np.int64)
    table = counted(list(zip(*(c for _, c in ordered), strict=True)))
    for column, values in zip(_COUNTS, table, strict=True):
        columns.put(sql, column, numbers, values)


@functools.lru_cache(maxsize=1 << 14)
def author_mark(source: str, author: str) -> int:
    """Return 64 bits that stand for an author of a source, 0 for an unnamed one.

    Among a million authors two share a mark with a probability of 3 in 100 million.
    """
    if not author:
        return 0
    digest = hashlib.blake2b(f"{source}\0{author}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def counted(counts: Sequence[Counts]) -> NDArray[np.uint32]:
    """Return followers, engagement (likes, comments and shares as far as known) and views as columns keep them.

    Shape (3, n) of five columns of n. What was not given is `UNKNOWN`; beyond 32 bits a count is cut off.
    """
    known = [column if column.count(None) < len(column) else [np.nan] * len(column) for column in counts]
    given: NDArray[Any] = np.array(known, np.float64).reshape(5, -1)  # None becomes NaN, which takes long
    loud = given[1:4]
    engagement = np.where(np.isnan(loud).all(axis=0), np.nan, np.nansum(loud, axis=0))
    found = np.stack((given[0], engagement, given[4]))
    return np.where(np.isnan(found), UNKNOWN, np.clip(found, 0, UNKNOWN - 1)).astype(np.uint32)


def _language_number(sql: sqlite3.Connection, name: str) -> int:
    sql.execute("INSERT OR IGNORE INTO language(name) VALUES(?)", (name,))
    return int(sql.execute("SELECT id FROM language WHERE name = ?", (name,)).fetchone()[0])
