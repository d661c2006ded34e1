"""Facts of single exchanges, as published by them, that the calendars must show."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from core.clock import Calendar, calendar_for, load_calendar, local_time
from core.model import DAY_MS, HOUR_MS


def day(date: str) -> int:
    return int(np.datetime64(date, "D").astype(np.int64))


def utc(text: str) -> int:
    return int(dt.datetime.fromisoformat(text + "Z").timestamp()) * 1000


def at(calendar: Calendar, date: str) -> int | None:
    index = int(np.searchsorted(calendar.label, day(date)))
    return index if calendar.label[index] == day(date) else None


def hours(code: str, date: str) -> list[str]:
    """Return open, lunch and close of a session in local time."""
    c = load_calendar(code)
    index = at(c, date)
    assert index is not None
    times = [c.open[index], c.break_start[index], c.break_end[index], c.close[index]]
    if times[1] == times[2]:
        times = [times[0], times[3]]
    return [f"{local_time(int(t), c.zone):%H:%M}" for t in times]


def test_that_new_york_mourned_on_2025_01_09() -> None:
    c = load_calendar("XNYS")
    assert at(c, "2025-01-08") is not None
    assert at(c, "2025-01-09") is None
    assert at(c, "2025-01-10") is not None
    assert c.holiday_name[np.searchsorted(c.holiday, day("2025-01-09"))] == "Mourning for Jimmy Carter"


def test_that_new_york_opens_at_half_past_nine_on_both_sides_of_daylight_saving() -> None:
    c = load_calendar("XNYS")
    for date, opens in (
        ("2025-03-07", "14:30"),
        ("2025-03-10", "13:30"),
        ("2025-10-31", "13:30"),
        ("2025-11-03", "14:30"),
    ):
        index = at(c, date)
        assert index is not None
        assert c.open[index] == utc(f"{date}T{opens}")
        assert c.close[index] - c.open[index] == 6.5 * HOUR_MS


def test_that_new_york_closed_early_before_independence_day_of_2014() -> None:
    c = load_calendar("XNYS")
    index = at(c, "2014-07-03")
    assert index is not None
    assert c.close[index] == utc("2014-07-03T17:00")


def test_that_shanghai_has_its_hours_and_lunch() -> None:
    c = load_calendar("XSHG")
    index = at(c, "2025-01-14")
    assert index is not None
    assert c.open[index] == utc("2025-01-14T01:30")
    assert c.break_start[index] == utc("2025-01-14T03:30")
    assert c.break_end[index] == utc("2025-01-14T05:00")
    assert c.close[index] == utc("2025-01-14T07:00")


def test_that_shanghai_rested_over_spring_festival_of_2025() -> None:
    c = load_calendar("XSHG")
    closed = [f"2025-01-{d}" for d in range(28, 32)] + [f"2025-02-0{d}" for d in range(1, 5)]
    assert [at(c, d) for d in closed] == [None] * 8
    assert at(c, "2025-01-27") is not None
    assert at(c, "2025-02-05") is not None


@pytest.mark.parametrize(
    ("code", "date", "expected"),
    [
        ("XHKG", "2025-01-14", ["09:30", "12:00", "13:00", "16:00"]),
        ("XHKG", "2024-12-24", ["09:30", "12:00"]),  # half day
        ("XHKG", "2011-12-01", ["09:30", "12:00", "13:30", "16:00"]),
        ("XHKG", "2010-12-01", ["10:00", "12:30", "14:30", "16:00"]),
        ("XTKS", "2024-11-05", ["09:00", "11:30", "12:30", "15:30"]),
        ("XTKS", "2010-12-01", ["09:00", "11:00", "12:30", "15:00"]),
        ("XLON", "2024-12-24", ["08:00", "12:30"]),
        ("XNYS", "2024-11-29", ["09:30", "13:00"]),
        ("XTAI", "2025-01-14", ["09:00", "13:30"]),
        ("us_futures", "2025-01-14", ["18:00", "18:00"]),
        ("24/5", "2025-07-01", ["00:00", "00:00"]),
    ],
)
def test_that_hours_are_those_of_the_date(code: str, date: str, expected: list[str]) -> None:
    assert hours(code, date) == expected


def test_that_beyond_the_known_years_weekdays_are_assumed_at_regular_hours() -> None:
    c = load_calendar("XSHG")
    assert local_time(c.known_until, c.zone).replace(tzinfo=None) == dt.datetime(2027, 1, 1)  # noqa: DTZ001 - compared
    later = c.label[c.open >= c.known_until]
    weekdays = np.arange(day("2027-01-01"), day("2051-01-01"))
    assert np.array_equal(later, weekdays[(weekdays + 3) % 7 < 5])
    assert hours("XSHG", "2030-06-03") == ["09:30", "11:30", "13:00", "15:00"]


def test_that_assumed_hours_follow_daylight_saving() -> None:
    # Athens is not available with the pandas of today, so all of it is assumed.
    c = load_calendar("ASEX")
    assert c.known_from == c.known_until
    assert "ASEX" in c.note
    assert hours("ASEX", "2025-01-14") == hours("ASEX", "2025-07-14")
    winter, summer = at(c, "2025-01-14"), at(c, "2025-07-14")
    assert winter is not None
    assert summer is not None
    assert c.open[winter] % DAY_MS - c.open[summer] % DAY_MS == HOUR_MS


def test_that_tel_aviv_traded_on_sundays_until_2026() -> None:
    c = load_calendar("XTAE")
    assert at(c, "2025-01-12") is not None
    assert at(c, "2025-01-10") is None
    assert at(c, "2026-01-09") is not None
    assert at(c, "2026-01-11") is None


def test_that_what_never_closes_has_utc_days() -> None:
    c = load_calendar("24/7")
    index = at(c, "2025-01-11")
    assert index is not None
    assert (c.open[index], c.close[index]) == (utc("2025-01-11T00:00"), utc("2025-01-12T00:00"))
    assert np.array_equal(c.close[:-1], c.open[1:])


@pytest.mark.parametrize(
    ("symbol", "date", "hours"),
    [
        ("COMI.CA", "2025-01-12", "10:00-14:30"),  # a Sunday
        ("QNBK.QA", "2025-01-12", "09:30-13:15"),
        ("NBK.KW", "2025-01-12", "09:00-12:45"),
        ("EMAAR.AE", "2021-12-26", "10:00-15:00"),  # a Sunday of the former week
        ("EMAAR.AE", "2025-01-10", "10:00-15:00"),  # a Friday of the new one
        ("VNM.VN", "2025-01-13", "09:00-15:00"),
        ("BNC.CR", "2025-01-13", "09:00-13:00"),
    ],
)
def test_that_an_exchange_without_known_holidays_has_its_regular_week_and_says_so(
    symbol: str, date: str, hours: str
) -> None:
    calendar = calendar_for(symbol)
    day = int(np.datetime64(date).astype(np.int64))
    (row,) = np.flatnonzero(calendar.label == day).tolist()
    times = (local_time(int(c[row]), calendar.zone) for c in (calendar.open, calendar.close))
    assert "-".join(f"{t:%H:%M}" for t in times) == hours
    assert calendar.known_from == calendar.known_until
    assert "weekdays are assumed" in calendar.note
