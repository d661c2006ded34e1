from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.feeds.splice import join, overlap, rescale
from core.series import Bars


def _bars(times: list[int], close: list[float], volume: float = 100.0) -> Bars:
    time, price = np.array(times, np.int64), np.array(close, np.float64)
    return Bars(time, time + 1, price, price + 1, price - 1, price, np.full(len(times), volume))


def test_that_rounding_is_no_disagreement_and_a_small_dividend_is() -> None:
    stored = _bars([1, 2, 3], [10.0, 20.0, 30.0])
    assert overlap(stored, _bars([2, 3, 4], [20.000001, 30.0, 1.0])).agrees
    assert not overlap(stored, _bars([2, 3, 4], [20.0, 30.0 * 0.9995, 1.0])).agrees
    assert overlap(stored, _bars([7], [1.0])).agrees  # nothing in common


def test_that_only_one_ratio_for_all_is_steady() -> None:
    stored = _bars([1, 2, 3], [10.0, 20.0, 30.0])
    assert overlap(stored, _bars([1, 2, 3], [5.0, 10.0, 15.0])).steady == 0.5
    assert overlap(stored, _bars([1, 2, 3], [5.0, 10.0, 30.0])).steady is None
    assert overlap(stored, _bars([9], [5.0])).steady is None


def test_that_a_split_scales_prices_and_volume_in_opposite_ways() -> None:
    halved = rescale(_bars([1], [10.0]), 0.5, 0.5)
    assert (halved.close[0], halved.high[0], halved.volume[0]) == (5.0, 5.5, 200.0)


@given(st.lists(st.dictionaries(st.integers(0, 9), st.floats(1, 9))))
def test_that_joined_bars_are_those_of_the_last_part_that_has_them(parts: list[dict[int, float]]) -> None:
    expected: dict[int, float] = {}
    for part in parts:
        expected |= part
    whole = join([_bars(sorted(p), [p[t] for t in sorted(p)]) for p in parts])
    assert whole.time.tolist() == sorted(expected)
    assert whole.close.tolist() == [expected[t] for t in sorted(expected)]
