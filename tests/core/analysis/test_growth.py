"""Growth of counters, across resets and at any zoom."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.growth import growth, increases, rate
from core.model import DAY_MS, Metric, MetricKind
from core.series import MetricSeries

readings = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 1000)), min_size=1, max_size=30
).map(lambda rows: (np.cumsum([d for d, _ in rows]), [float(v) for _, v in rows]))  # fmt: skip


def series(time: list[int] | np.ndarray, value: list[float]) -> MetricSeries:
    return MetricSeries(Metric("reads", MetricKind.COUNTER), np.array(time, np.int64), np.array(value, np.float64))


def grown(of: MetricSeries, *spans: tuple[int, int]) -> list[float]:
    return growth(of, np.array([s for s, _ in spans]), np.array([e for _, e in spans])).tolist()


def test_that_a_reset_counts_from_nothing() -> None:
    assert increases(np.array([5.0, 8.0, 2.0, 4.0])).tolist() == [0, 3, 5, 7]


def test_that_growth_is_that_of_the_readings_within_the_span() -> None:
    reads = series([10, 20, 40], [100.0, 150.0, 400.0])
    assert grown(reads, (10, 20), (20, 40), (10, 40)) == [50, 250, 300]


def test_that_a_rate_is_by_the_day_between_readings() -> None:
    reads = series([0, 2 * DAY_MS, 3 * DAY_MS], [0.0, 100.0, 400.0])
    spans = np.array([DAY_MS, 2 * DAY_MS]), np.array([2 * DAY_MS, 3 * DAY_MS])
    assert rate(reads, *spans).tolist() == [50, 300]


def test_that_a_span_without_a_reading_has_no_growth_to_tell() -> None:
    reads = series([10, 20, 40], [100.0, 150.0, 400.0])
    assert math.isnan(grown(reads, (20, 39))[0])
    assert math.isnan(grown(reads, (0, 10))[0])  # nobody knows what stood there before the first reading
    assert math.isnan(grown(series([], []), (0, 10))[0])


@given(readings, st.lists(st.integers(0, 1500), min_size=3, max_size=3).map(sorted))
def test_that_growths_of_neighbouring_spans_add_up(rows: tuple[np.ndarray, list[float]], cuts: list[int]) -> None:
    a, b, c = cuts
    parts = grown(series(*rows), (a, b), (b, c), (a, c))
    assert np.nansum(parts[:2]) == pytest.approx(np.nansum(parts[2:]))
