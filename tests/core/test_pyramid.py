"""Groups of bars against brute force."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.pyramid import Pyramid, merge
from core.series import Candles

price = st.floats(0.01, 1e6) | st.just(math.nan)


def candles_of(prices: list[float]) -> Candles:
    close = np.array(prices, np.float64)
    return Candles(close * 1.0, close * 1.5, close * 0.5, close, np.where(np.isnan(close), np.nan, 1.0))


def assert_groups(groups: Candles, prices: list[float], size: int) -> None:
    assert len(groups.close) == -(-len(prices) // size)
    for row in range(len(groups.close)):
        part = [p for p in prices[row * size : (row + 1) * size] if not math.isnan(p)]
        if not part:
            columns = (groups.open, groups.high, groups.low, groups.close, groups.volume)
            assert all(math.isnan(c[row]) for c in columns)
            continue
        assert groups.high[row] == max(part) * 1.5
        assert groups.low[row] == min(part) * 0.5
        assert groups.open[row] == part[0]
        assert groups.close[row] == part[-1]
        assert groups.volume[row] == len(part)


@given(st.lists(price, min_size=1, max_size=700), st.integers(0, 11), st.integers(0, 40))
def test_that_groups_of_any_size_keep_extremes_first_and_last(prices: list[float], power: int, start: int) -> None:
    size = 2**power
    first = min(start * size, (len(prices) - 1) // size * size)
    assert_groups(Pyramid(candles_of(prices)).groups(first, len(prices), size), prices[first:], size)


@given(st.lists(price, max_size=100), st.integers(0, 7))
def test_that_the_last_group_takes_what_is_left(prices: list[float], power: int) -> None:
    assert_groups(merge(candles_of(prices), 2**power), prices, 2**power)


def test_that_building_a_pyramid_leaves_the_bars_as_they_are() -> None:
    bars = candles_of([1.0, math.nan, 3.0] * 50)
    before = bars.close.copy()
    pyramid = Pyramid(bars)
    assert np.array_equal(bars.close, before, equal_nan=True)
    assert pyramid.groups(0, 150, 1).close.base is bars.close
