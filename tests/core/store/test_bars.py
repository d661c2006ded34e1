"""Bars: merged by time, against a dictionary as twin; where they come from is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.model import Basis, Interval
from core.series import Bars
from core.store import PutResult, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

RAW, ADJUSTED = Basis.RAW, Basis.ADJUSTED


def bars_of(rows: Sequence[tuple[int, float]], length: int = 60_000) -> Bars:
    """Make bars from time and close."""
    time = np.array([r[0] for r in rows], np.int64)
    close = np.array([r[1] for r in rows], np.float64)
    return Bars(time, time + length, close - 1, close + 2, close - 2, close, close * 100)


def rows_of(bars: Bars) -> list[tuple[int, float]]:
    return list(zip(bars.time.tolist(), bars.close.tolist(), strict=True))


def put(store: Store, rows: Sequence[tuple[int, float]], basis: Basis = RAW, source: str = "file") -> PutResult:
    return store.put_bars("AAPL", Interval.M1, basis, bars_of(rows), source=source, fetched=5)


def test_that_bars_come_back_as_they_went_in(store: Store) -> None:
    rng = np.random.default_rng(1)
    time = np.sort(rng.choice(10**9, 3000, replace=False)) * 1000 - 10**11
    columns = [rng.normal(size=3000) for _ in range(5)]
    columns[4][7] = np.nan
    bars = Bars(time, time + rng.integers(1, 10**8, 3000), *columns)
    assert store.put_bars("aapl", Interval.D1, RAW, bars, source="file", fetched=5) == PutResult(3000, 0)
    for name in ("time", "end", "open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(store.bars("AAPL", Interval.D1, RAW), name), getattr(bars, name))
    assert store.put_bars("AAPL", Interval.D1, RAW, bars, source="file", fetched=5) == PutResult(0, 0)


def test_that_new_figures_replace_old_ones_of_the_same_time(store: Store) -> None:
    put(store, [(60_000, 1.0), (120_000, 2.0)])
    assert put(store, [(180_000, 3.0), (120_000, 2.5), (60_000, 1.0)]) == PutResult(added=1, replaced=1)
    assert rows_of(store.bars("AAPL", Interval.M1, RAW)) == [(60_000, 1.0), (120_000, 2.5), (180_000, 3.0)]


def test_that_series_of_different_basis_or_interval_are_never_mixed(store: Store) -> None:
    put(store, [(0, 1.0)])
    put(store, [(0, 9.0)], ADJUSTED)
    store.put_bars("AAPL", Interval.M5, RAW, bars_of([(0, 5.0)]), source="file", fetched=5)
    assert rows_of(store.bars("AAPL", Interval.M1, RAW)) == [(0, 1.0)]
    assert rows_of(store.bars("AAPL", Interval.M1, ADJUSTED)) == [(0, 9.0)]
    store.drop_bars("AAPL", Interval.M1, RAW)
    store.drop_bars("AAPL", Interval.M1, RAW)
    assert [(s.interval, s.basis) for s in store.bar_series("AAPL")] == [
        (Interval.M1, ADJUSTED),
        (Interval.M5, RAW),
    ]
    assert len(store.bars("AAPL", Interval.M1, RAW)) == 0


def test_that_an_unknown_symbol_has_no_bars(store: Store) -> None:
    assert len(store.bars("NONE", Interval.D1, RAW)) == 0
    assert store.bar_series("NONE") == []
    assert store.instruments() == []


def test_that_a_series_knows_its_sources_age_and_extent(store: Store) -> None:
    put(store, [(0, 1.0)], source="AAPL.csv")
    store.put_bars("AAPL", Interval.M1, RAW, bars_of([(10**10, 1.0)]), source="Yahoo", fetched=9)
    put(store, [(0, 1.0)], source="AAPL.csv")
    (info,) = store.bar_series("aapl")
    assert (info.source, info.fetched, info.n, info.first, info.last) == ("Yahoo + AAPL.csv", 9, 2, 0, 10**10)
    assert store.bar_intervals("aapl") == {info.interval}
    assert store.bar_intervals("MSFT") == frozenset()
    assert not info.simulated
    put(store, [], ADJUSTED)
    assert len(store.bar_series("AAPL")) == 1


def test_that_real_bars_take_the_place_of_simulated_ones_and_never_the_reverse(store: Store) -> None:
    def simulate(rows: Sequence[tuple[int, float]]) -> PutResult:
        return store.put_bars("AAPL", Interval.M1, RAW, bars_of(rows), source="simulated", fetched=1, simulated=True)

    simulate([(0, 1.0), (60_000, 1.0)])
    simulate([(120_000, 1.0)])
    assert [(s.simulated, s.n) for s in store.bar_series("AAPL")] == [(True, 3)]
    put(store, [(0, 7.0)], source="Yahoo")
    assert rows_of(store.bars("AAPL", Interval.M1, RAW)) == [(0, 7.0)]
    assert [(s.simulated, s.source) for s in store.bar_series("AAPL")] == [(False, "Yahoo")]
    with pytest.raises(UsageError, match="simulated ones are not mixed"):
        simulate([(0, 1.0)])


def test_that_a_bar_that_ends_before_it_begins_is_a_fault_of_the_caller(store: Store) -> None:
    with pytest.raises(ValueError, match="ends before"):
        store.put_bars("AAPL", Interval.M1, RAW, bars_of([(0, 1.0)], length=-1), source="", fetched=0)
    assert store.instruments() == []


times = st.one_of(
    st.integers(-5, 5).map(lambda k: k * 60_000),
    st.builds(lambda k, d: k * 8192 * 60_000 + d, st.integers(-2, 40), st.integers(-2, 2)),
)
batches = st.lists(st.lists(st.tuples(times, st.integers(0, 3).map(float)), max_size=8), max_size=6)


@settings(max_examples=80, deadline=None)
@given(batches, times, times)
def test_that_merging_equals_a_dictionary_by_time(history: list[list[tuple[int, float]]], start: int, end: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.sqlite") as store:
        twin: dict[int, float] = {}
        for batch in history:
            before = dict(twin)
            twin.update(batch)
            result = put(store, batch)
            assert result.added == len(twin) - len(before)
            assert result.replaced == sum(twin[t] != c for t, c in before.items())
        expected = sorted(twin.items())
        assert rows_of(store.bars("AAPL", Interval.M1, RAW)) == expected
        cut = store.bars("AAPL", Interval.M1, RAW, start, end)
        assert rows_of(cut) == [(t, c) for t, c in expected if start <= t < end]
        assert sum(s.n for s in store.bar_series("AAPL")) == len(twin)
