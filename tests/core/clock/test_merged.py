"""One calendar for several exchanges, held against brute force and against what each exchange says itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import (
    Calendar,
    TradingClock,
    calendar_for,
    calendar_of,
    closure_table,
    load_calendar,
    make_clock,
    merge,
    own_ends,
    parse_when,
    session_index,
    slots,
    ticks,
)
from core.model import MINUTE_MS, ClockMode, Interval
from core.series import Bars, IntArray

GROUPS = [
    ("XSHG", "XNYS"),
    ("XNYS", "XSHG", "XHKG"),
    ("XHKG", "XSHG"),
    ("XNYS", "XLON"),
    ("XLON", "XHKG", "XTKS"),
    ("us_futures", "XNYS", "24/5"),
    ("XNYS", "24/7"),
]
groups = st.sampled_from(GROUPS)
instants = st.integers(parse_when("1975", "UTC")[0], parse_when("2045", "UTC")[0])


def merged(codes: tuple[str, ...]) -> Calendar:
    return merge(tuple(load_calendar(c) for c in codes))


@pytest.fixture(scope="module", autouse=True)
def merged_in_memory() -> None:
    for codes in GROUPS:  # before a property's deadline runs
        make_clock(ClockMode.TRADING, merged(codes))


def open_minutes(calendar: Calendar, first: int, minutes: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark each minute from `first` (ms UTC) in which the calendar is open, session by session."""
    marks = np.zeros(minutes, np.bool_)
    columns = (calendar.open, calendar.break_start, calendar.break_end, calendar.close)
    table = np.clip((np.column_stack(columns) - first) // MINUTE_MS, 0, minutes)
    for opened, pause, resumed, closed in table.tolist():
        marks[opened:closed] = True
        marks[pause:resumed] = False
    return marks


@pytest.mark.parametrize("codes", GROUPS, ids="+".join)
def test_that_it_is_open_in_each_minute_of_ten_years_when_any_exchange_is(codes: tuple[str, ...]) -> None:
    first, last = parse_when("2015", "UTC")[0], parse_when("2024", "UTC")[1]
    minutes = (last - first) // MINUTE_MS
    any_open = np.zeros(minutes, np.bool_)
    for code in codes:
        any_open |= open_minutes(load_calendar(code), first, minutes)
    assert np.array_equal(open_minutes(merged(codes), first, minutes), any_open)


@pytest.mark.parametrize("codes", GROUPS, ids="+".join)
def test_that_its_closures_are_the_minutes_in_which_all_are_closed(codes: tuple[str, ...]) -> None:
    first, last = parse_when("2015", "UTC")[0], parse_when("2024", "UTC")[1]
    calendar = merged(codes)
    table = closure_table(calendar)
    seen = table.overlapping(first, last)
    closed = np.zeros((last - first) // MINUTE_MS, np.bool_)
    edges = np.clip(np.column_stack((table.start[seen], table.end[seen])), first, last)
    for start, end in ((edges - first) // MINUTE_MS).tolist():
        closed[start:end] = True
    assert np.array_equal(closed, ~open_minutes(calendar, first, len(closed)))


@pytest.mark.parametrize("codes", GROUPS, ids="+".join)
def test_that_every_session_closes_in_one_of_the_same_date(codes: tuple[str, ...]) -> None:
    calendar = merged(codes)
    for code in codes:
        own = load_calendar(code)
        home = session_index(calendar, own.close)
        assert np.array_equal(calendar.label[home], own.label)
        assert np.all(calendar.open[home] < own.close)


@pytest.mark.parametrize("codes", GROUPS, ids="+".join)
def test_that_sessions_are_in_order_and_never_overlap(codes: tuple[str, ...]) -> None:
    calendar = merged(codes)
    assert np.all(calendar.open < calendar.close)
    assert np.all(calendar.open[1:] >= calendar.close[:-1])
    assert np.all(np.diff(calendar.label) >= 0)
    assert np.all((calendar.open <= calendar.break_start) & (calendar.break_start <= calendar.break_end))
    assert np.all(calendar.break_end < calendar.close)


def test_that_sessions_far_apart_stay_apart_and_those_that_overlap_join() -> None:
    def day(*symbols: str) -> list[str]:
        calendar = calendar_of(symbols)
        rows = np.flatnonzero(calendar.label == (dt.date(2025, 1, 14) - dt.date(1970, 1, 1)).days)
        stamps = np.column_stack((calendar.open[rows], calendar.close[rows])).astype("datetime64[ms]")
        return [f"{a:%H:%M}-{b:%H:%M}" for a, b in stamps.astype(object).tolist()]

    assert day("600519.SS", "AAPL") == ["01:30-07:00", "14:30-21:00"]
    assert day("600519.SS", "0700.HK") == ["01:30-08:00"]
    assert day("AAPL", "BP.L") == ["08:00-21:00"]
    assert day("BP.L", "0700.HK") == ["01:30-08:00", "08:00-16:30"]


def test_that_an_hour_of_summer_does_not_make_one_day_of_hong_kong_and_london() -> None:
    calendar = calendar_of(["0700.HK", "BP.L"])
    year = calendar.label[(calendar.label >= 20_089) & (calendar.label < 20_454)]  # 2025
    two = np.unique(year, return_counts=True)[1] == 2
    assert two.sum() > 235


def test_that_a_lunch_break_remains_only_where_all_are_closed() -> None:
    both = calendar_of(["0700.HK", "600519.SS"])
    row = int(session_index(both, np.array([parse_when("2025-01-14T12:30", "Asia/Hong_Kong")[0]]))[0])
    lunch = both.break_start[row], both.break_end[row]
    assert lunch == tuple(parse_when(f"2025-01-14T{t}", "Asia/Hong_Kong")[0] for t in ("12:00", "13:00"))
    tokyo = calendar_of(["0700.HK", "7203.T"])
    row = int(session_index(tokyo, np.array([lunch[0]]))[0])
    assert tokyo.break_start[row] == tokyo.break_end[row]


def test_that_a_holiday_is_a_day_on_which_none_trades() -> None:
    calendar = calendar_of(["600519.SS", "AAPL"])
    named = {
        str(np.datetime64(d, "D")): n
        for d, n in zip(calendar.holiday.tolist(), calendar.holiday_name.tolist(), strict=True)
    }
    assert "2025-01-28" not in named  # Spring Festival: New York trades
    assert "2025-01-20" not in named  # Martin Luther King Day: Shanghai trades
    assert named["2025-01-01"].startswith("New Year's Day")


def test_that_one_exchange_is_itself_and_the_first_leads() -> None:
    assert calendar_of(["600519.SS", "300792.SZ"]) is calendar_for("300792.SZ")
    assert calendar_of(["AAPL", "600519.SS"]).zone == "America/New_York"
    assert calendar_of(["600519.SS", "AAPL"]).zone == "Asia/Shanghai"


def test_that_it_knows_what_all_of_its_exchanges_know() -> None:
    shanghai, york = load_calendar("XSHG"), load_calendar("XNYS")
    both = merge((york, shanghai))
    assert both.known_from == max(shanghai.known_from, york.known_from)
    assert both.known_until == min(shanghai.known_until, york.known_until)
    assert merge((york, calendar_for("ABC.QQ"))).note == calendar_for("ABC.QQ").note


def test_that_with_what_never_closes_sessions_are_its_days() -> None:
    calendar = calendar_of(["AAPL", "BTC-USD"])
    assert calendar.always_open
    assert calendar.zone == "America/New_York"
    assert np.array_equal(calendar.close, load_calendar("24/7").close)


@given(groups, st.sampled_from(ClockMode), st.lists(instants, min_size=1))
def test_that_every_millisecond_comes_back_and_later_is_further_right(
    codes: tuple[str, ...], mode: ClockMode, times: list[int]
) -> None:
    clock = make_clock(mode, merged(codes))
    t = np.unique(np.array(times, np.int64))
    t = np.unique(np.concatenate((t, t + 1)))
    assert np.array_equal(clock.to_ms(clock.to_x(t)), t)
    assert np.all(np.diff(clock.to_x(t)) > 0)


@pytest.mark.parametrize("codes", GROUPS, ids="+".join)
def test_that_the_clock_runs_at_full_rate_while_any_exchange_is_open(codes: tuple[str, ...]) -> None:
    clock = TradingClock(merged(codes))
    for code in codes:
        own = load_calendar(code)
        late = slice(-9000, None)
        morning = own.open[late], np.where(own.break_end > own.break_start, own.break_start, own.close)[late]
        assert np.array_equal(clock.to_x(morning[1]) - clock.to_x(morning[0]), (morning[1] - morning[0]).astype(float))


def own_bars(code: str, interval: Interval, first: int, last: int) -> Bars:
    start, end = slots(load_calendar(code), interval, first, last)
    price = np.ones(len(start))
    return Bars(start, end, price, price, price, price, price)


@given(groups, st.sampled_from(Interval), st.integers(0, 3000))
def test_that_a_bar_stands_in_the_first_slot_that_ends_when_it_has_closed(
    codes: tuple[str, ...], interval: Interval, day: int
) -> None:
    calendar = merged(codes)
    first = parse_when("2016", "UTC")[0] + day * 86_400_000
    last = first + 6 * 86_400_000
    start, end = slots(calendar, interval, first - 86_400_000, last + 3 * 86_400_000)
    for code in codes:
        bars = own_bars(code, interval, first, last)
        closed = own_ends(load_calendar(code), interval, bars)
        assert np.array_equal(closed, bars.end)
        home = np.searchsorted(end, closed)
        assert np.all(end[home] >= closed)
        assert np.all(start[home] < closed)


def test_that_a_bar_that_says_too_late_an_end_closes_with_its_session() -> None:
    york = load_calendar("XNYS")
    opened, closed = (parse_when(f"2024-11-29T{t}", york.zone)[0] for t in ("09:30", "13:00"))  # a half day
    price = np.ones(1)

    def at(time: int) -> IntArray:
        return np.array([time], np.int64)

    daily = Bars(at(opened), at(opened + 23_400_000), price, price, price, price, price)
    assert own_ends(york, Interval.D1, daily).tolist() == [closed]
    early = Bars(at(opened - 3_600_000), at(opened - 3_540_000), price, price, price, price, price)
    assert own_ends(york, Interval.M1, early).tolist() == early.end.tolist()  # before the open: as it says itself


def test_that_the_axis_shows_each_date_once() -> None:
    calendar = calendar_of(["600519.SS", "AAPL"])
    clock = make_clock(ClockMode.TRADING, calendar)
    x0, x1 = (clock.to_x(parse_when(d, calendar.zone)[0]) for d in ("2025-01-13", "2025-01-18"))
    assert [t.text for t in ticks(clock, x0, x1, 8)] == ["13 Jan", "14", "15", "16", "17"]
