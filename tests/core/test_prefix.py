"""Sums over ranges against plain sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.prefix import PrefixSums

numbers = st.sampled_from([1, 300, 70_000, 2**40]).flatmap(lambda most: st.lists(st.integers(-most, most), max_size=80))


@given(numbers, st.data())
def test_that_every_range_has_its_sum(column: list[int], data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(column)))
    high = data.draw(st.integers(low, len(column)))
    found = PrefixSums(np.array(column, np.int64)).between(np.array([low]), np.array([high]))
    assert found.tolist() == [sum(column[low:high])]


def test_that_booleans_are_counted() -> None:
    found = PrefixSums(np.array([True, False, True])).between(np.array([0, 1]), np.array([3, 2]))
    assert found.tolist() == [2, 0]


@pytest.mark.parametrize(("most", "bytes_each"), [(1, 1), (1000, 2), (100_000_000, 4)])
def test_that_small_numbers_take_little_memory(most: int, bytes_each: int) -> None:
    sums = PrefixSums(np.full(16_000, most))
    assert sums.nbytes <= 16_001 * (bytes_each + 0.6)
