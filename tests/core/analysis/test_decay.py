"""Averages that fade over time, against plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.decay import LEAST_WEIGHT, Faded, decayed
from core.model import HOUR_MS, MINUTE_MS
from core.series import Bins

BASE = 1_700_000_040_000  # a whole minute
posts = st.lists(
    st.tuples(st.integers(0, 5_000_000), st.integers(-10_000, 10_000).map(lambda u: u / 10_000)),
    min_size=1,
    max_size=40,
)


def bins_of(said: list[tuple[int, float]]) -> Bins:
    minutes = np.array([BASE + m * MINUTE_MS for m, _ in said], np.int64)
    return Bins.of(minutes, np.array([s for _, s in said]))


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.floats(-5, 5)), min_size=1, max_size=40),
    st.sampled_from([0.5, 10.0, 1e4, 1e9]),
)
def test_that_decayed_sums_equal_a_loop_over_any_span(steps: list[tuple[int, float]], half_life: float) -> None:
    time = np.cumsum([d for d, _ in steps])
    values = np.array([v for _, v in steps])
    (found,) = decayed(time, [values], half_life)
    expected, last = 0.0, 0
    for t, v, f in zip(time.tolist(), values.tolist(), found.tolist(), strict=True):
        expected = expected * 2 ** (-(t - last) / half_life) + v
        last = t
        assert f == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(posts, st.sampled_from([0.5, 24.0, 720.0]), st.integers(-10, 5_100_000))
def test_that_an_average_weighs_each_post_by_its_age_and_knows_no_later_one(
    said: list[tuple[int, float]], hours: float, at: int
) -> None:
    now = BASE + at * MINUTE_MS
    faded = Faded(bins_of(said), np.array([now]), hours * HOUR_MS)
    weights = [(2 ** (-(at - m) / 60 / hours), s) for m, s in said if m <= at]
    total = sum(w for w, _ in weights)
    assert faded.weight[0] == pytest.approx(total, rel=1e-6, abs=1e-12)
    if total >= LEAST_WEIGHT * 1.001:
        mean = sum(w * s for w, s in weights) / total
        spread = sum(w * s * s for w, s in weights) / total - mean**2
        balance = sum(w * ((s >= 0.05) - (s <= -0.05)) for w, s in weights) / total
        assert faded.mean[0] == pytest.approx(mean, rel=1e-6, abs=1e-9)
        assert faded.deviation[0] ** 2 == pytest.approx(max(spread, 0), rel=1e-6, abs=1e-9)
        assert faded.balance[0] == pytest.approx(balance, rel=1e-6, abs=1e-9)
        silence = 2 ** (-(at - max(m for m, _ in said if m <= at)) / 60 / hours)
        effective = total**2 / sum(w * w for w, _ in weights) * silence
        assert faded.effective[0] == pytest.approx(effective, rel=1e-6)
    elif total < LEAST_WEIGHT * 0.999:
        assert math.isnan(faded.mean[0])


def test_that_an_average_does_not_depend_on_the_length_of_bars() -> None:
    random = np.random.default_rng(3)
    bins = Bins.of(BASE + np.sort(random.integers(0, 30 * 24 * HOUR_MS, 500)), random.uniform(-1, 1, 500))
    days = BASE + np.arange(1, 30) * 24 * HOUR_MS
    hours = BASE + np.arange(1, 30 * 24) * HOUR_MS
    by_day, by_hour = Faded(bins, days, 12 * HOUR_MS).mean, Faded(bins, hours, 12 * HOUR_MS).mean
    np.testing.assert_allclose(by_day, by_hour[23::24], rtol=1e-12)


def test_that_equal_weights_have_students_interval_nearly() -> None:
    scores = np.tile([-0.5, 0.5], 200)
    faded = Faded(Bins.of(np.full(400, BASE), scores), np.array([BASE]), HOUR_MS)
    low, high = faded.interval()
    assert faded.effective[0] == pytest.approx(400)
    assert high[0] == pytest.approx(1.96 * np.std(scores) / math.sqrt(399), rel=1e-4)
    assert low[0] == -high[0]


def test_that_without_posts_there_is_no_average() -> None:
    faded = Faded(Bins.empty(), np.array([BASE, BASE + 1]), HOUR_MS)
    assert np.isnan(faded.mean).all()
    assert faded.weight.tolist() == [0, 0]
