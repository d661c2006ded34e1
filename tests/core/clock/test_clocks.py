from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import CODES, KINDS, TradingClock, WallClock, closure_table, load_calendar, make_clock, parse_when
from core.clock.holidays import NO_SESSION
from core.model import HOUR_MS, MINUTE_MS, ClockMode

EXCHANGES = ["XNYS", "XSHG", "XHKG", "XLON", "XTKS"]
FIRST_MS = parse_when("1962", "UTC")[0]
LAST_MS = parse_when("2050", "UTC")[1]

codes = st.sampled_from([*EXCHANGES, "24/7", "24/5", "us_futures"])
modes = st.sampled_from(ClockMode)
# Everywhere in the calendar, and far beyond both of its ends.
instants = st.integers(FIRST_MS, LAST_MS) | st.integers(-60_000_000_000_000, 250_000_000_000_000)


@given(codes, modes, st.lists(instants, min_size=1))
def test_that_every_millisecond_comes_back(code: str, mode: ClockMode, times: list[int]) -> None:
    clock = make_clock(mode, load_calendar(code))
    t = np.array(times, np.int64)
    assert np.array_equal(clock.to_ms(clock.to_x(t)), t)
    assert clock.to_ms(clock.to_x(times[0])) == times[0]
    assert clock.to_x(times[0]) == clock.to_x(t)[0]


@pytest.mark.parametrize("code", EXCHANGES)
def test_that_milliseconds_come_back_throughout_the_narrowest_closures(code: str) -> None:
    clock = TradingClock(load_calendar(code))
    table = closure_table(clock.calendar)
    slope = (clock.to_x(table.end) - clock.to_x(table.start)) / (table.end - table.start)
    random = np.random.default_rng(1)
    for index in [*np.argsort(slope)[:20].tolist(), len(table) - 1]:
        start, end = int(table.start[index]), int(table.end[index])
        t = np.concatenate(
            (np.arange(start - 9, start + 999), random.integers(start, end, 9999), np.arange(end - 999, end + 9))
        )
        assert np.array_equal(clock.to_ms(clock.to_x(t)), t)
        assert np.all(np.diff(clock.to_x(np.unique(t))) > 0)


@pytest.mark.parametrize("code", sorted(CODES))
def test_that_a_millisecond_is_many_steps_of_float64_in_every_calendar(code: str) -> None:
    clock = TradingClock(load_calendar(code))
    t = np.unique(np.concatenate((clock.calendar.open, clock.calendar.close)))
    x = clock.to_x(t)
    slope = (np.diff(x) / np.diff(t)).min()
    assert slope > 25 * np.spacing(np.abs(x).max())


@given(codes, modes, instants, st.integers(1, 10**11))
def test_that_later_is_further_right(code: str, mode: ClockMode, start: int, later: int) -> None:
    clock = make_clock(mode, load_calendar(code))
    assert clock.to_x(start + later) > clock.to_x(start)
    assert clock.to_x(start + 1) > clock.to_x(start)


@given(codes, modes, st.tuples(instants, instants, instants).map(sorted))
def test_that_widths_add_up(code: str, mode: ClockMode, times: list[int]) -> None:
    clock = make_clock(mode, load_calendar(code))
    a, b, c = (clock.to_x(t) for t in times)
    assert (b - a) + (c - b) == pytest.approx(c - a, abs=0.1)


# Hours of a regular session, lunch excluded, as each exchange states them; Tokyo's as it was until 2024.
SESSION_HOURS = {"XNYS": 6.5, "XSHG": 4.0, "XHKG": 5.5, "XLON": 8.5, "XTKS": 5.0}


@pytest.mark.parametrize("code", EXCHANGES)
def test_that_the_clock_equals_one_that_counts_minute_by_minute_over_ten_years(code: str) -> None:
    # Independent of core.clock: sessions straight from the library, one weight a minute, summed up.
    import warnings  # noqa: PLC0415

    import exchange_calendars  # noqa: PLC0415 - seconds

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = exchange_calendars.get_calendar(code, start="2015-12-01", end="2026-01-31").schedule
        table = table.drop(labels=[d for d in NO_SESSION.get(code, ()) if d in table.index])
        columns = {c: table[c].dt.tz_localize(None).to_numpy().astype("datetime64[m]") for c in table.columns}
    first = columns["open"][0]
    minutes = int((columns["close"][-1] - first).astype(int))
    is_open = np.zeros(minutes, np.bool_)
    lunch = np.zeros(minutes, np.bool_)
    for opened, pause, resumed, closed in zip(
        *(columns[c] for c in ("open", "break_start", "break_end", "close")), strict=True
    ):
        is_open[int((opened - first).astype(int)) : int((closed - first).astype(int))] = True
        if not np.isnat(pause):
            span = slice(int((pause - first).astype(int)), int((resumed - first).astype(int)))
            is_open[span], lunch[span] = False, True

    weight = np.ones(minutes)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], is_open.astype(int), [1]))))
    for start, end in edges.reshape(-1, 2).tolist():
        share = 1 / 20 if lunch[start] else 1 / 5
        weight[start:end] = SESSION_HOURS[code] * 60 * share / (end - start)

    t = int(first.astype("datetime64[ms]").astype(np.int64)) + np.arange(minutes + 1) * MINUTE_MS
    x = TradingClock(load_calendar(code)).to_x(t)
    brute = np.concatenate(([0.0], np.cumsum(weight))) * MINUTE_MS
    assert np.abs(np.diff(x) - weight * MINUTE_MS).max() < 1e-3
    assert np.abs(x - x[0] - brute).max() < 10  # of 1e11: the error of summing five million floats
    assert minutes > 10 * 365 * 24 * 60


def test_that_the_market_runs_at_full_rate_while_it_is_open() -> None:
    clock = TradingClock(load_calendar("XNYS"))
    opened, _ = parse_when("2025-01-14T09:30", "America/New_York")
    t = opened + np.arange(0, int(6.5 * HOUR_MS) + 1, 1000)
    assert np.array_equal(clock.to_x(t) - clock.to_x(opened), (t - opened).astype(np.float64))


@pytest.mark.parametrize("code", ["XNYS", "XSHG", "XHKG"])
def test_that_each_closure_has_a_slot_of_fixed_width(code: str) -> None:
    clock = TradingClock(load_calendar(code))
    table = closure_table(clock.calendar)
    width = clock.to_x(table.end) - clock.to_x(table.start)
    lunch = table.kind == KINDS.index("lunch")
    assert np.unique(width[~lunch]).tolist() == [SESSION_HOURS[code] * HOUR_MS / 5]
    assert np.unique(width[lunch]).tolist() == ([] if code == "XNYS" else [SESSION_HOURS[code] * HOUR_MS / 20])


def test_that_a_closure_is_never_stretched() -> None:
    for code in CODES:
        clock = TradingClock(load_calendar(code))
        table = closure_table(clock.calendar)
        assert np.all(clock.to_x(table.end) - clock.to_x(table.start) <= table.end - table.start)


def test_that_the_wall_clock_is_plain_time() -> None:
    clock = WallClock(load_calendar("XNYS"))
    assert clock.to_x(1_736_800_000_123) == 1_736_800_000_123.0
    assert clock.to_ms(1_736_800_000_123.4) == 1_736_800_000_123


def test_that_what_never_closes_runs_at_full_rate_in_trading_mode_too() -> None:
    clock = make_clock(ClockMode.TRADING, load_calendar("24/7"))
    t = np.array(parse_when("2025", "UTC"))
    assert np.diff(clock.to_x(t))[0] == np.diff(t)[0]


def test_that_both_modes_tell_the_same_closures() -> None:
    calendar = load_calendar("XSHG")
    start, end = parse_when("2025-01", calendar.zone)
    wall, trading = (make_clock(m, calendar).closures(start, end) for m in (ClockMode.WALL, ClockMode.TRADING))
    assert wall == trading
    assert len(wall) == 37


@settings(max_examples=30)
@given(st.dates(dt.date(1970, 1, 1), dt.date(2049, 12, 31)))
def test_that_beyond_the_calendar_time_goes_on_at_full_rate(date: dt.date) -> None:
    clock = TradingClock(load_calendar("XNYS"))
    for edge, sign in ((LAST_MS + 86_400_000, 1), (FIRST_MS, -1)):
        span = (date - dt.date(1969, 1, 1)).days * 86_400_000
        assert abs(clock.to_x(edge + sign * span) - clock.to_x(edge)) == span
