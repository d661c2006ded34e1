"""Scores against the past, and that nothing later is ever known."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import unusual
from core.analysis.unusual import LEAST_PAST, LEAST_WEEKS, WEEKS, against_past, surprise
from core.model import DAY_MS, HOUR_MS
from core.rollup import Rollup

BASE = 1_735_689_600_000  # 2025-01-01 00:00 UTC
values = st.lists(st.none() | st.floats(-1, 1).map(lambda x: round(x, 3)), max_size=70)


@given(values, st.integers(1, 80))
def test_that_a_z_score_takes_its_mean_and_spread_from_the_window_before(said: list[float | None], window: int) -> None:
    end = BASE + np.arange(1, len(said) + 1, dtype=np.int64) * DAY_MS
    value = np.array([math.nan if s is None else s for s in said], np.float64)
    z, n = against_past(end, value, window * DAY_MS)
    for k, now in enumerate(said):
        past = [s for s in said[max(k - window, 0) : k] if s is not None]
        assert n[k] == len(past)
        if now is None or len(past) < LEAST_PAST or statistics.stdev(past) < 1e-6:
            assert math.isnan(z[k]) or abs(z[k]) > 1e3 or (len(past) >= LEAST_PAST and now is not None)
        else:
            expected = (now - statistics.fmean(past)) / statistics.stdev(past)
            assert z[k] == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(-1, 1), min_size=30, max_size=60), st.integers(0, 29))
def test_that_later_values_change_no_earlier_score(said: list[float], cut: int) -> None:
    end = BASE + np.arange(len(said), dtype=np.int64) * DAY_MS
    whole, _ = against_past(end, np.array(said), 30 * DAY_MS)
    part, _ = against_past(end[: cut + 1], np.array(said[: cut + 1]), 30 * DAY_MS)
    np.testing.assert_allclose(part, whole[: cut + 1], rtol=1e-5, atol=1e-6)


def plain_surprise(times: list[int], end: int, zone: str) -> tuple[float, int]:
    info = ZoneInfo(zone)
    local = dt.datetime.fromtimestamp(end / 1000, info).replace(tzinfo=None)
    counts: list[int] = []
    for week in range(1, WEEKS + 1):
        then = round((local - dt.timedelta(weeks=week)).replace(tzinfo=info).timestamp() * 1000)
        if then - HOUR_MS < (min(times) - 1) // 60_000 * 60_000:
            continue
        counts.append(sum(then - HOUR_MS < t <= then for t in times))
    now = math.log1p(sum(end - HOUR_MS < t <= end for t in times))
    if len(counts) < LEAST_WEEKS:
        return math.nan, len(counts)
    logs = [math.log1p(c) for c in counts]
    least = 1 / math.sqrt(1 + statistics.fmean(counts))
    return (now - statistics.fmean(logs)) / max(statistics.stdev(logs), least), len(counts)


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 110 * 24 * 60), min_size=1, max_size=300),
    st.integers(0, 110 * 24),
    st.sampled_from(["America/New_York", "Asia/Shanghai"]),
)
def test_that_surprise_compares_with_the_same_hour_of_the_week_by_local_clocks(
    minutes: list[int], hour: int, zone: str
) -> None:
    times = [BASE + m * 60_000 for m in minutes]
    end = BASE + hour * HOUR_MS
    crowd = Rollup.of(np.array(times, np.int64), np.full(len(times), np.nan))
    z, weeks = surprise(crowd, np.array([end]), HOUR_MS, zone)
    expected, n = plain_surprise(times, end, zone)
    assert weeks[0] == n
    assert z[0] == pytest.approx(expected, rel=1e-6, abs=1e-6, nan_ok=True)


def test_that_a_steady_past_makes_no_surprise_of_one_post_more() -> None:
    steady = [BASE + w * 7 * DAY_MS + k * 60_000 for w in range(12) for k in range(1, 5)]
    crowd = Rollup.of(np.array([*steady, BASE + 11 * 7 * DAY_MS + 600_000]), np.full(len(steady) + 1, np.nan))
    (z,), (weeks,) = surprise(crowd, np.array([BASE + 11 * 7 * DAY_MS + HOUR_MS]), HOUR_MS, "UTC")
    assert weeks == 11
    assert 0 < z < 0.6


def test_that_without_posts_nothing_is_surprising() -> None:
    z, weeks = surprise(Rollup.empty(), np.array([BASE]), HOUR_MS, "UTC")
    assert math.isnan(z[0])
    assert weeks[0] == 0


def test_that_many_instants_have_the_surprise_that_each_has_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unusual, "_BLOCK", 3)
    times = [BASE + k * 5 * HOUR_MS for k in range(500)]
    crowd = Rollup.of(np.array(times), np.zeros(len(times)))
    end = BASE + 9 * 7 * DAY_MS + np.arange(8, dtype=np.int64) * HOUR_MS
    together = surprise(crowd, end, HOUR_MS, "UTC")
    alone = [surprise(crowd, end[k : k + 1], HOUR_MS, "UTC") for k in range(8)]
    assert np.array_equal(together[0], np.concatenate([z for z, _ in alone]), equal_nan=True)
    assert together[1].tolist() == [int(weeks[0]) for _, weeks in alone]
