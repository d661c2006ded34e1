"""Indicators against TA-Lib, and against plain loops over rows with gaps."""

from __future__ import annotations

import itertools
import math
import statistics
from typing import TYPE_CHECKING

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import indicators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.series import FloatArray

NAN = math.nan


def walk(n: int = 30_000, start: float = 100.0) -> FloatArray:
    """Return prices long enough to span several of the blocks in which indicators are computed."""
    return start + np.random.default_rng(7).normal(size=n).cumsum() / 20


def assert_agrees(found: FloatArray, expected: FloatArray, *, scale: float = 100.0) -> None:
    known = ~np.isnan(expected)
    assert known.any()
    assert np.max(np.abs(found[known] - expected[known])) < 1e-9 * scale


@pytest.mark.parametrize("period", [1, 2, 3, 14, 20, 50, 200, 4999])
def test_that_the_averages_agree_with_talib(period: int) -> None:
    v = walk()
    if period > 1:  # TA-Lib knows none of one
        assert_agrees(indicators.sma(v, period), talib.SMA(v, period))
        assert_agrees(indicators.ema(v, period), talib.EMA(v, period))
    assert np.flatnonzero(~np.isnan(indicators.sma(v, period)))[0] == period - 1
    assert np.flatnonzero(~np.isnan(indicators.ema(v, period)))[0] == period - 1


@pytest.mark.parametrize(("period", "width"), [(20, 2.0), (5, 1.5), (200, 3.0)])
def test_that_bollinger_bands_agree_with_talib(period: int, width: float) -> None:
    v = walk()
    low, middle, high = indicators.bollinger(v, period, width)
    upper, mean, lower = talib.BBANDS(v, period, width, width)
    for found, expected in ((low, lower), (middle, mean), (high, upper)):
        assert_agrees(found, expected)
        assert (np.isnan(found) == np.isnan(expected)).all()


def test_that_bollinger_bands_of_a_large_flat_price_have_no_width() -> None:
    low, _, high = indicators.bollinger(np.full(5000, 1e9 + 0.1), 20, 2.0)
    assert (high[19:] == low[19:]).all()


@pytest.mark.parametrize("period", [2, 14, 100])
def test_that_rsi_and_atr_agree_with_talib(period: int) -> None:
    v = walk()
    random = np.random.default_rng(3)
    high, low = v + random.random(len(v)), v - random.random(len(v))
    for found, expected in (
        (indicators.rsi(v, period), talib.RSI(v, period)),
        (indicators.atr(high, low, v, period), talib.ATR(high, low, v, period)),
    ):
        assert_agrees(found, expected)
        assert (np.isnan(found) == np.isnan(expected)).all()


@pytest.mark.parametrize(("fast", "slow", "signal"), [(12, 26, 9), (5, 35, 5), (3, 200, 60)])
def test_that_macd_agrees_with_talib(fast: int, slow: int, signal: int) -> None:
    v = walk()
    for found, expected in zip(indicators.macd(v, fast, slow, signal), talib.MACD(v, fast, slow, signal), strict=True):
        assert_agrees(found, expected)
    main, smooth, _ = indicators.macd(v, fast, slow, signal)
    assert np.flatnonzero(~np.isnan(main))[0] == slow - 1
    assert np.flatnonzero(~np.isnan(smooth))[0] == slow + signal - 2


def test_that_a_price_which_never_moved_has_no_strength() -> None:
    found = indicators.rsi(np.array([5.0] * 9 + [6.0, 5.5]), 3)
    assert np.isnan(found[:9]).all()
    assert found[9] == 100
    assert 0 < found[10] < 100


rows = st.lists(st.floats(0.01, 1e6) | st.just(NAN), max_size=80)


def spread_out(values: Sequence[float], twin: Callable[[list[float]], list[float]]) -> list[float]:
    """Run a twin on the rows that are there, and put its results back into their places."""
    found = iter(twin([v for v in values if not math.isnan(v)]))
    return [NAN if math.isnan(v) else next(found) for v in values]


def slow_sma(v: list[float], period: int) -> list[float]:
    return [statistics.fmean(v[i - period + 1 : i + 1]) if i >= period - 1 else NAN for i in range(len(v))]


def slow_average(v: list[float], period: int, weight: float) -> list[float]:
    result: list[float] = []
    for i, value in enumerate(v):
        if i < period - 1:
            result.append(NAN)
        elif i == period - 1:
            result.append(statistics.fmean(v[:period]))
        else:
            result.append(result[-1] + weight * (value - result[-1]))
    return result


def slow_rsi(v: list[float], period: int) -> list[float]:
    changes = [b - a for a, b in itertools.pairwise(v)]
    gains = slow_average([max(c, 0.0) for c in changes], period, 1 / period)
    losses = slow_average([max(-c, 0.0) for c in changes], period, 1 / period)
    shares = [100 * g / (g + s) if g + s > 0 else NAN for g, s in zip(gains, losses, strict=True)]
    return [NAN, *shares] if v else []


@settings(deadline=None)
@given(rows, st.integers(1, 30))
def test_that_rows_without_a_bar_are_passed_over(values: list[float], period: int) -> None:
    v = np.array(values)
    pairs = [
        (indicators.sma(v, period), spread_out(values, lambda x: slow_sma(x, period))),
        (indicators.ema(v, period), spread_out(values, lambda x: slow_average(x, period, 2 / (period + 1)))),
        (indicators.rsi(v, period), spread_out(values, lambda x: slow_rsi(x, period))),
    ]
    for found, expected in pairs:
        assert found.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


@settings(deadline=None)
@given(rows, st.integers(1, 30))
def test_that_bollinger_bands_are_the_deviations_of_each_window(values: list[float], period: int) -> None:
    low, middle, high = indicators.bollinger(np.array(values), period, 2.0)

    def deviation(x: list[float]) -> list[float]:
        return [statistics.pstdev(x[i - period + 1 : i + 1]) if i >= period - 1 else NAN for i in range(len(x))]

    assert middle.tolist() == pytest.approx(spread_out(values, lambda x: slow_sma(x, period)), rel=1e-9, nan_ok=True)
    half = spread_out(values, deviation)
    assert ((high - low) / 4).tolist() == pytest.approx(half, rel=1e-6, abs=1e-6, nan_ok=True)


bars = st.lists(st.tuples(st.floats(1, 100), st.floats(0, 5), st.floats(0, 5)) | st.none(), max_size=60)


@settings(deadline=None)
@given(bars, st.integers(1, 20))
def test_that_the_true_range_holds_the_gap_from_the_close_before(
    found: list[tuple[float, float, float] | None], period: int
) -> None:
    close = [NAN if b is None else b[0] for b in found]
    high = [NAN if b is None else b[0] + b[1] for b in found]
    low = [NAN if b is None else b[0] - b[2] for b in found]
    there = [(h, lo, c) for h, lo, c in zip(high, low, close, strict=True) if not math.isnan(c)]
    ranges = [
        max(h - lo, abs(h - before), abs(lo - before))
        for (h, lo, _), (_, _, before) in zip(there[1:], there, strict=False)
    ]
    expected = [NAN, *slow_average(ranges, period, 1 / period)] if there else []
    whole = spread_out(close, lambda _: expected)
    assert indicators.atr(np.array(high), np.array(low), np.array(close), period).tolist() == pytest.approx(
        whole, rel=1e-9, abs=1e-9, nan_ok=True
    )


trades = st.lists(
    st.tuples(
        st.integers(0, 2), st.floats(0.01, 1000) | st.just(NAN), st.floats(1e-6, 1e6) | st.just(0.0) | st.just(NAN)
    ),
    max_size=60,
)


@settings(deadline=None)
@given(trades)
def test_that_vwap_begins_anew_with_each_session(found: list[tuple[int, float, float]]) -> None:
    session, expected = 0, list[float]()
    sessions: list[int] = []
    money = shares = 0.0
    for step, price, volume in found:
        if step:
            session, money, shares = session + step, 0.0, 0.0
        sessions.append(session)
        if math.isnan(price) or math.isnan(volume):
            expected.append(NAN)
            continue
        money, shares = money + price * volume, shares + volume
        expected.append(money / shares if shares else NAN)
    prices, volumes = (np.array([row[k] for row in found], np.float64) for k in (1, 2))
    result = indicators.vwap(prices, volumes, np.array(sessions, np.int64))
    assert result.tolist() == pytest.approx(expected, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_that_too_few_rows_give_gaps_and_no_error(count: int) -> None:
    v = np.arange(float(count))
    found = [
        indicators.sma(v, 20),
        indicators.ema(v, 20),
        *indicators.bollinger(v, 20, 2.0),
        indicators.rsi(v, 14),
        *indicators.macd(v, 12, 26, 9),
        indicators.atr(v, v, v, 14),
    ]
    assert all(len(f) == count and np.isnan(f).all() for f in found)
