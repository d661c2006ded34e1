"""The counts that platforms give with a post, some of them as lower bounds only: an export's `10+`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

COUNTS: Final = ("followers", "likes", "comments", "shares", "views")


def bounds(names: Container[str]) -> int:
    """Return as one number which counts are lower bounds only: bit k for the kth of `COUNTS`."""
    return sum(1 << k for k, name in enumerate(COUNTS) if name in names)


def bounded(number: int) -> frozenset[str]:
    """Return the names of the counts that `bounds` made the number of."""
    return frozenset(name for k, name in enumerate(COUNTS) if number >> k & 1)


def completed(
    counts: Sequence[int | None], at_least: int, more: Sequence[int | None], more_at_least: int
) -> tuple[list[int | None], int]:  # fmt: skip
    """Return counts and their bounds, with what a repetition of the post knows better.

    What is there stays, but a lower bound gives way to a number, and to a higher bound.
    """
    found = list(counts)
    for k, (old, new) in enumerate(zip(counts, more, strict=True)):
        old_bound, new_bound = at_least >> k & 1, more_at_least >> k & 1
        if new is not None and (old is None or (old_bound and (not new_bound or new > old))):
            found[k] = new
            at_least ^= (old_bound ^ new_bound) << k
    return found, at_least
