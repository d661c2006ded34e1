"""What counting needs to know of a post beside its score, worked out once when it arrives, by whoever reads it.

One record a post: the language and the signature of its text, who wrote it, how far it went.
"""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.echo import SIGNATURE_BYTES, signatures
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
        ("signature", "u1", SIGNATURE_BYTES),
    ]
)
Facts: TypeAlias = NDArray[np.void]
Counts: TypeAlias = "tuple[int | None, int | None, int | None, int | None, int | None]"


def facts_of(posts: Sequence[tuple[str, str, str, Counts]], *, signed: bool = True) -> Facts:
    """Return the facts of posts, each given as source, text, author and counts (followers, likes … views).

    Without `signed` the signatures, which take longest, are left to whoever needs them first.
    """
    from core.sentiment.language import language  # noqa: PLC0415 - scorers load slowly; a reader needs none of them

    facts = np.zeros(len(posts), FACT)
    if not len(posts):
        return facts
    facts["language"] = [language(text).encode() for _, text, _, _ in posts]
    facts["author"] = np.array([author_mark(source, author) for source, _, author, _ in posts], np.uint64)
    counts = np.array([counts_of(*given) for _, _, _, given in posts], np.int64)
    facts["followers"], facts["engagement"], facts["views"] = counts.T
    if signed:
        flat = b"".join(signatures([text for _, text, _, _ in posts]))
        facts["signature"] = np.frombuffer(flat, np.uint8).reshape(-1, SIGNATURE_BYTES)
    return facts


def put(
    sql: sqlite3.Connection, numbers: IntArray, sources: Sequence[int], facts: Facts, *, signed: bool = True
) -> None:
    """Put the facts of new posts, in order of their numbers, into the columns."""
    names, place = np.unique(facts["language"], return_inverse=True)
    known = np.array([_language_number(sql, name.decode()) for name in names.tolist()])
    columns.put(sql, columns.SOURCE, numbers, np.array(sources))
    columns.put(sql, columns.LANGUAGE, numbers, known[place] if len(known) else place)
    columns.put(sql, columns.AUTHOR, numbers, facts["author"])
    for column in _COUNTS:
        columns.put(sql, column, numbers, facts[column.name])
    if signed:
        columns.put(sql, columns.SIGNATURE, numbers, facts["signature"])


_COUNTS: Final = (columns.FOLLOWERS, columns.ENGAGEMENT, columns.VIEWS)


def put_counts(sql: sqlite3.Connection, counts: Sequence[tuple[int, tuple[int, int, int]]]) -> None:
    """Replace counts of posts, given by number as `counts_of` returns them."""
    ordered = sorted(counts)
    numbers = np.array([n for n, _ in ordered], np.int64)
    table: NDArray[Any] = np.array([c for _, c in ordered], np.int64).reshape(-1, len(_COUNTS))
    for column, values in zip(_COUNTS, table.T, strict=True):
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


def counts_of(
    followers: int | None, likes: int | None, comments: int | None, shares: int | None, views: int | None
) -> tuple[int, int, int]:
    """Return followers, engagement (likes, comments and shares as far as known) and views as columns keep them.

    What was not given is `UNKNOWN`; beyond 32 bits a count is cut off.
    """
    known = [n for n in (likes, comments, shares) if n is not None]
    return _count(followers), _count(sum(known) if known else None), _count(views)


def _count(count: int | None) -> int:
    return UNKNOWN if count is None else min(max(count, 0), UNKNOWN - 1)


def _language_number(sql: sqlite3.Connection, name: str) -> int:
    sql.execute("INSERT OR IGNORE INTO language(name) VALUES(?)", (name,))
    return int(sql.execute("SELECT id FROM language WHERE name = ?", (name,)).fetchone()[0])
