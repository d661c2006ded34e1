"""A concept whose members trade in different places: every bar stands where it was made, and none is told too early."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import calendar_for, parse_when, session_date, slots
from core.model import MINUTE_MS, Basis, Concept, Interval, Member
from core.series import Bars
from core.store import Store
from core.timeline import load_tape, range_span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.timeline import Tape

SHANGHAI, YORK, LONDON, HONG_KONG = "600519.SS", "AAPL", "BP.L", "0700.HK"
FIRST, LAST = parse_when("2025-01-06", "UTC")[0], parse_when("2025-02-14", "UTC")[1]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calendars")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def bars_of(cache: Path, symbol: str, interval: Interval, level: float = 10.0) -> Bars:
    """Return a bar in every slot of the symbol's own exchange; each closes at a price of its own."""
    start, end = slots(calendar_for(symbol, cache_dir=cache), interval, FIRST, LAST)
    close = level + np.arange(len(start)) / 100
    return Bars(start, end, close, close, close, close, np.ones(len(start)))


def load(store: Store, cache: Path, interval: Interval, *symbols: str) -> Tape:
    for symbol in symbols:
        bars = bars_of(cache, symbol, interval)
        store.put_bars(symbol, interval, Basis.ADJUSTED, bars, source="test", fetched=1)
    concept = Concept("Both", tuple(Member(s, 1 + 1 / k) for k, s in enumerate(symbols, 1)))
    store.put_concept(concept)
    return load_tape(store, concept, interval, cache_dir=cache)


def test_that_daily_bars_of_shanghai_and_new_york_stand_in_their_own_sessions(store: Store, cache: Path) -> None:
    tape = load(store, cache, Interval.D1, SHANGHAI, YORK)
    assert tape.calendar.zone == "Asia/Shanghai"
    day = [
        (f"{local:%H:%M}", str(session_date(tape.calendar, start, end)))
        for start, end in zip(tape.slots.start.tolist(), tape.slots.end.tolist(), strict=True)
        if (local := dt.datetime.fromtimestamp(start / 1000, dt.UTC)).date() == dt.date(2025, 1, 14)
    ]
    assert day == [("01:30", "2025-01-14"), ("14:30", "2025-01-14")]


def test_that_the_basket_moves_when_each_member_trades(store: Store, cache: Path) -> None:
    tape = load(store, cache, Interval.D1, SHANGHAI, YORK)
    spring_festival = parse_when("2025-01-29", "Asia/Shanghai")
    start = tape.slots.start[:]
    inside = (start >= spring_festival[0]) & (start < spring_festival[1])
    assert inside.sum() == 1  # New York trades, Shanghai does not
    assert not np.isnan(tape.candles.close[inside]).any()


def test_that_a_day_is_all_sessions_of_its_date(store: Store, cache: Path) -> None:
    tape = load(store, cache, Interval.D1, SHANGHAI, YORK)
    span = range_span(tape, "1D")
    assert span is not None
    chosen = (tape.slots.start[:] >= span[0]) & (tape.slots.end[:] <= span[1])
    assert chosen.sum() == 2


pairs = st.sampled_from([
    (SHANGHAI, YORK),
    (HONG_KONG, SHANGHAI),
    (LONDON, HONG_KONG),
    (YORK, LONDON, SHANGHAI),
])  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pairs, st.sampled_from([Interval.D1, Interval.H1, Interval.M30]))
def test_that_no_bar_is_told_before_it_closed_and_none_is_lost(
    store: Store, cache: Path, symbols: tuple[str, ...], interval: Interval
) -> None:
    tape = load(store, cache, interval, *symbols)
    volume = np.nan_to_num(tape.candles.volume)
    # Brute force: a bar counts in the first slot that has ended when the bar has.
    expected = np.zeros(len(tape.slots))
    for symbol in symbols:
        for closed in bars_of(cache, symbol, interval).end.tolist():
            first = next(k for k, end in enumerate(tape.slots.end.tolist()) if end >= closed)
            assert tape.slots.start[first] < closed
            expected[first] += 1
    assert volume.tolist() == expected.tolist()


def test_that_minutes_stand_in_their_own_minute(store: Store, cache: Path) -> None:
    tape = load(store, cache, Interval.M1, SHANGHAI, YORK)
    has = ~np.isnan(tape.candles.close)
    own = np.concatenate([bars_of(cache, s, Interval.M1).time for s in (SHANGHAI, YORK)])
    assert np.array_equal(tape.slots.start[has], np.sort(own))
    assert np.all(tape.slots.end[has] - tape.slots.start[has] == MINUTE_MS)
