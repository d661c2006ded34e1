"""Scales, ticks and figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ui.chart.scale import XScale, YScale, decimals_of, fixed, log_ticks, price_decimals, round_ticks, short

finite = st.floats(-1e9, 1e9, allow_nan=False)


@given(finite, st.floats(1e-3, 1e9), st.floats(0, 1), st.booleans())
def test_that_a_pixel_comes_back_to_its_value(low: float, span: float, share: float, inverted: bool) -> None:  # noqa: FBT001  drawn by hypothesis
    assume(low + span > low)
    scale = YScale(low, low + span, 24, 300, inverted=inverted)
    value = low + share * span
    assert scale.value(scale.at(value)) == pytest.approx(value, abs=span * 1e-6 + abs(low) * 1e-9)


@given(st.floats(1, 1e4), st.floats(1.01, 1e4), st.floats(0, 1))
def test_that_a_logarithmic_pixel_comes_back(low: float, times: float, share: float) -> None:
    scale = YScale(low, low * times, 24, 300, log=True, inverted=True)
    value = low * times**share
    assert scale.value(scale.at(value)) == pytest.approx(value, rel=1e-6)


def test_that_the_best_rank_is_on_top() -> None:
    scale = YScale(1, 200, 24, 300, log=True, inverted=True)
    assert scale.at(1) == pytest.approx(24)
    assert scale.at(200) == pytest.approx(300)


@given(finite, st.floats(1e-3, 1e9), st.integers(1, 30))
def test_that_round_ticks_lie_in_range_and_are_few(low: float, span: float, count: int) -> None:
    assume(low + span > low + span / 1e6 and span > abs(low) * 1e-6)
    found = round_ticks(low, low + span, count)
    assert len(found) <= count + 1
    assert all(low - span * 1e-6 <= t <= low + span * (1 + 1e-6) for t in found)
    assert found == sorted(set(found))


@given(st.floats(1, 1e5), st.floats(5, 1e6), st.integers(2, 12))
def test_that_log_ticks_lie_in_range_and_are_few(low: float, times: float, count: int) -> None:
    found = log_ticks(low, low * times, count)
    assert len(found) <= count
    assert all(low * 0.999 <= t <= low * times * 1.001 for t in found)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (1_250_000, "en", "1.25 M"),
        (76_000, "en", "76 K"),
        (999_999, "en", "1 M"),
        (12, "en", "12"),
        (0, "en", "0"),
        (-2_500, "en", "−2.5 K"),
        (76_000, "zh", "7.6万"),
        (400_000_000, "zh", "4亿"),
        (math.nan, "en", "–"),
    ],
)
def test_that_large_figures_are_short(value: float, language: str, text: str) -> None:
    assert short(value, language) == text


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "text"),
    [(1234.5, 2, False, "1,234.50"), (-0.001, 2, True, "0.00"), (-1.5, 1, True, "−1.5"), (math.inf, 2, False, "–")],
)
def test_that_figures_have_a_true_minus(value: float, decimals: int, sign: bool, text: str) -> None:  # noqa: FBT001  a parameter of the test
    assert fixed(value, decimals, sign=sign) == text


@pytest.mark.parametrize(("step", "places"), [(0.25, 2), (0.5, 1), (1, 0), (2.5, 1), (0.001, 3), (100, 0)])
def test_that_steps_tell_how_many_decimals(step: float, places: int) -> None:
    assert decimals_of(step) == places


def test_that_small_prices_get_more_decimals() -> None:
    assert [price_decimals(p) for p in (26.0, 0.5, 0.001)] == [2, 4, 6]


@given(st.floats(-1e12, 1e12), st.floats(1, 1e12), st.floats(0, 1600))
def test_that_a_position_comes_back_to_its_pixel(x0: float, span: float, px: float) -> None:
    scale = XScale(x0, x0 + span, 1600)
    assume(span > abs(x0) * 1e-9)
    assert scale.at(scale.position(px)) == pytest.approx(px, abs=1e-3)


def test_that_snapping_reaches_whole_device_pixels() -> None:
    assert XScale(0, 1, 100, 2.0).snap(np.array([0.3, 0.6])).tolist() == [0.5, 0.5]
