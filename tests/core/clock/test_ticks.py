from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import Calendar, load_calendar, make_clock, merge, parse_when, ticks
from core.errors import UsageError
from core.model import ClockMode

codes = st.sampled_from(["XNYS", "XSHG", "XHKG", "24/7", "24/5", "us_futures", "XTKS", "XSHG+XNYS", "XLON+XHKG"])
modes = st.sampled_from(ClockMode)
# From a minute to a lifetime, as many of each size.
spans = st.floats(4.0, 12.2).map(lambda e: 10.0**e)
counts = st.integers(1, 30)
zones = st.sampled_from([None, "UTC", "Asia/Shanghai", "America/New_York"])
languages: st.SearchStrategy[Literal["en", "zh"]] = st.sampled_from(["en", "zh"])
centres = st.integers(parse_when("1975", "UTC")[0], parse_when("2040", "UTC")[0])


def calendar_named(code: str) -> Calendar:
    """Return the calendar of a code, or that of several joined by +."""
    return merge(tuple(load_calendar(c) for c in code.split("+")))


def texts(
    code: str,
    start: str,
    end: str,
    count: int = 12,
    mode: ClockMode = ClockMode.TRADING,
    zone: str | None = None,
    language: Literal["en", "zh"] = "en",
) -> str:
    c = calendar_named(code)
    clock = make_clock(mode, c)
    x0, x1 = (clock.to_x(t) for t in (parse_when(start, c.zone)[0], parse_when(end, c.zone)[1]))
    return " ".join(
        ("*" if t.major else "") + t.text.replace(" ", "_") for t in ticks(clock, x0, x1, count, zone, language)
    )


def test_that_days_have_numbers_and_months_and_years_their_names() -> None:
    assert texts("XSHG", "2024-12-26", "2025-01-10") == "26 27 30 31 *2025 3 6 7 8 9 10"
    assert texts("XSHG", "2025-04-25", "2025-05-10") == "25 28 29 30 *May 7 8 9"


def test_that_a_range_between_the_ticks_of_its_zoom_says_when_it_is() -> None:
    assert texts("XSHG", "2025-01-06", "2025-01-27", 3) == "*13_Jan"
    assert texts("XSHG", "2025-01-03", "2025-01-27", 1) == "*16_Jan"
    assert texts("XSHG", "2024-02-10", "2025-12-20", 1) == "*2025"
    assert texts("XNYS", "2025-02-10", "2025-05-20", 1) == "*Apr_2025"


@given(codes, centres, st.floats(6.0, 12.2).map(lambda e: 10.0**e), counts)
def test_that_whole_sessions_never_lack_a_tick(code: str, centre: int, span: float, count: int) -> None:
    clock = make_clock(ClockMode.TRADING, calendar_named(code))
    x = clock.to_x(centre)
    x0, x1 = x - span / 2, x + span / 2
    opens = clock.to_x(clock.calendar.open)
    if ((opens >= x0) & (opens < x1)).sum() > 1:
        assert ticks(clock, x0, x1, count)


def test_that_a_session_begins_with_its_date() -> None:
    assert (
        texts("XSHG", "2025-01-14T09:30", "2025-01-15T15:00") == "*14_Jan 10:30 13:00 14:00 *15_Jan 10:30 13:00 14:00"
    )
    assert texts("XNYS", "2025-01-14T09:30", "2025-01-14T16:00", 9) == "*14_Jan 11:00 12:00 13:00 14:00 15:00"


def test_that_several_exchanges_on_one_axis_have_each_date_once() -> None:
    assert texts("XSHG+XNYS", "2025-01-14", "2025-01-15", 10) == "*14_Jan 09:30 22:30 *15_Jan 09:30 22:30"
    assert texts("XSHG+XNYS", "2025-02-06", "2025-02-14", 20) == "*6_Feb 7 10 11 12 13 14"


def test_that_chinese_dates_are_chinese() -> None:
    assert texts("XSHG", "2024-12-30", "2025-01-06", 6, language="zh") == "30日 31日 *2025年 3日 6日"
    assert texts("XSHG", "2025-01-14T09:30", "2025-01-14T15:00", 5, language="zh") == "*1月14日 10:30 13:00 14:00"
    assert texts("XSHG", "2024-11", "2025-02", 5, language="zh") == "11月 12月 *2025年 2月"


def test_that_a_month_or_day_without_its_year_or_month_in_sight_names_it_once() -> None:
    assert texts("XNYS", "2025-02", "2025-05", 5) == "*Feb_2025 Mar Apr May"
    assert texts("XNYS", "2025-01-13", "2025-01-16", 4) == "*13_Jan 14 15 16"
    assert texts("XNYS", "2025-01-14T10:05", "2025-01-14T10:35", 4) == "*14_Jan 10:20 10:30"


def test_that_in_another_zone_the_date_shows_where_it_changes_there() -> None:
    shown = texts("XNYS", "2025-01-14T09:30", "2025-01-14T16:00", 8, zone="Asia/Shanghai")
    assert shown == "*14_Jan *15_Jan 01:00 02:00 03:00 04:00"


def test_that_an_hour_told_twice_has_one_tick() -> None:
    # New York's clocks showed 01:00 twice on 2025-11-02, and never 02:00 on 2025-03-09.
    wall, zone = ClockMode.WALL, "America/New_York"
    assert texts("24/7", "2025-11-02T04:00", "2025-11-02T08:00", 5, wall, zone) == "*2_Nov 01:00 02:00"
    assert texts("24/7", "2025-03-09T05:00", "2025-03-09T09:00", 4, wall, zone) == "*9_Mar 01:00 03:00 04:00"


def test_that_a_closure_that_fills_the_screen_has_times_of_its_own() -> None:
    c = load_calendar("XSHG")
    clock = make_clock(ClockMode.TRADING, c)
    x0, x1 = (
        clock.to_x(parse_when("2025-01-13T15:00", c.zone)[0]),
        clock.to_x(parse_when("2025-01-14T09:30", c.zone)[0]),
    )
    found = ticks(clock, x0 + 1, x1, 10)
    assert [t.text for t in found] == ["16:00", "18:00", "20:00", "22:00", "14 Jan", "02:00", "04:00", "06:00"]
    assert [t.text for t in found if t.major] == ["14 Jan"]


@given(codes, modes, centres, spans, counts, zones, languages)
def test_that_ticks_keep_their_distance_and_never_repeat(
    code: str, mode: ClockMode, centre: int, span: float, count: int, zone: str | None, language: Literal["en", "zh"]
) -> None:
    clock = make_clock(mode, calendar_named(code))
    x0 = clock.to_x(centre) - span / 2
    x1 = x0 + span
    found = ticks(clock, x0, x1, count, zone, language)
    assert len(found) <= count
    assert all(x0 <= t.x < x1 for t in found)
    assert all(b.x - a.x >= (x1 - x0) / count * (1 - 1e-6) for a, b in pairwise(found))
    assert all(t.x == clock.to_x(t.ms) for t in found)
    assert all(t.text for t in found)
    # Between two dates every time is told once; neighbours always differ.
    seen: set[str] = set()
    for t in found:
        if t.major:
            seen.clear()
        assert t.text not in seen
        seen.add(t.text)
    assert all(a.text != b.text for a, b in pairwise(found))


@given(st.sampled_from(["XNYS", "XSHG", "XHKG"]), centres, st.floats(8.5, 12.0).map(lambda e: 10.0**e), counts)
def test_that_days_months_and_years_stand_at_the_open_of_a_session(
    code: str, centre: int, span: float, count: int
) -> None:
    clock = make_clock(ClockMode.TRADING, load_calendar(code))
    x = clock.to_x(centre)
    for t in ticks(clock, x, x + span, count):
        if re.fullmatch(r"\d{1,2}|[A-Z][a-z]{2}|\d{4}", t.text):
            assert t.ms in clock.calendar.open


@given(codes, modes, centres, spans, st.floats(0.0, 0.5))
def test_that_ticks_stay_put_while_the_chart_pans(
    code: str, mode: ClockMode, centre: int, span: float, by: float
) -> None:
    clock = make_clock(mode, calendar_named(code))
    x0 = clock.to_x(centre)
    # The same zoom to the last bit, as a chart keeps it.
    before = ticks(clock, x0, x0 + span, 10)
    after = ticks(clock, x0 + by * span, x0 + by * span + span, 10)
    inside = (x0 + (by + 0.25) * span, x0 + 0.75 * span)
    pick = [[t.ms for t in found if inside[0] < t.x < inside[1]] for found in (before, after)]
    assert pick[0] == pick[1]


def test_that_nothing_is_shown_of_an_empty_range() -> None:
    clock = make_clock(ClockMode.TRADING, load_calendar("XNYS"))
    assert ticks(clock, 5.0, 5.0, 10) == []
    assert ticks(clock, 5.0, 4.0, 10) == []
    assert ticks(clock, 0.0, 1e9, 0) == []


def test_that_an_unknown_zone_is_a_wrong_use() -> None:
    clock = make_clock(ClockMode.WALL, load_calendar("XNYS"))
    with pytest.raises(UsageError, match="no time zone"):
        ticks(clock, 0.0, 1e9, 10, "Mars/Olympus")
