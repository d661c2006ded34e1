"""Quantiles, against numpy's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quantiles import median, quantile

VALUES = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=50).map(np.array)


@given(VALUES, st.floats(0, 1))
def test_that_a_quantile_is_numpys(value: np.ndarray, share: float) -> None:
    assert quantile(value, share) == pytest.approx(float(np.quantile(value, share)), rel=1e-9, abs=1e-3)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=50).map(np.array))
def test_that_the_median_is_numpys(value: np.ndarray) -> None:
    assert median(value) == float(np.median(value))
