"""Counts of which some are lower bounds: nothing that is known is lost, and no bound passes for a number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.store.counts import COUNTS, bounded, bounds, completed

known = st.none() | st.tuples(st.integers(0, 3), st.booleans())  # a count, and whether it is a lower bound
several = st.lists(known, min_size=len(COUNTS), max_size=len(COUNTS))


def parted(counts: list[tuple[int, bool] | None]) -> tuple[list[int | None], int]:
    values = [None if count is None else count[0] for count in counts]
    return values, sum(1 << k for k, count in enumerate(counts) if count is not None and count[1])


def better(old: tuple[int, bool] | None, new: tuple[int, bool] | None) -> tuple[int, bool] | None:
    if old is None or new is None:
        return old or new
    if not old[1]:
        return old
    return max(old, new) if new[1] else new


@given(st.frozensets(st.sampled_from(COUNTS)))
def test_that_names_survive_as_a_number(names: frozenset[str]) -> None:
    assert bounded(bounds(names)) == names


@given(several, several)
def test_that_a_number_beats_a_bound_and_a_bound_a_lower_one(
    old: list[tuple[int, bool] | None], new: list[tuple[int, bool] | None]
) -> None:
    assert completed(*parted(old), *parted(new)) == parted([better(a, b) for a, b in zip(old, new, strict=True)])
