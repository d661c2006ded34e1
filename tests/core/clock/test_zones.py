from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import day_bounds, format_span, format_time, parse_when
from core.clock.zones import offsets
from core.errors import UsageError
from core.model import HOUR_MS

ZONES = ["America/New_York", "Asia/Shanghai", "Africa/Casablanca", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"]
zones = st.sampled_from(ZONES)
moments = st.integers(0, 129 * 365 * 86_400).map(
    lambda s: dt.datetime(1970, 1, 2, tzinfo=dt.UTC) + dt.timedelta(seconds=s)
)


def stamp(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)


@given(zones, moments)
def test_that_offsets_agree_with_zoneinfo(zone: str, moment: dt.datetime) -> None:
    local = moment.replace(tzinfo=ZoneInfo(zone))
    naive = stamp(moment)
    table = offsets(zone)
    assert table.to_utc(naive) == stamp(local)
    assert table.to_utc_array(np.array([naive])).tolist() == [stamp(local)]
    seen = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert seen is not None
    assert table.at(naive) == seen / dt.timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025-01-13", "2025-01-12T16:00Z", "2025-01-13T16:00Z"),
        ("20250113", "2025-01-12T16:00Z", "2025-01-13T16:00Z"),
        (" 2025-01 ", "2024-12-31T16:00Z", "2025-01-31T16:00Z"),
        ("2024-12", "2024-11-30T16:00Z", "2024-12-31T16:00Z"),
        ("2025", "2024-12-31T16:00Z", "2025-12-31T16:00Z"),
        ("2025-01-13T15:00", "2025-01-13T07:00Z", "2025-01-13T07:00Z"),
        ("2025-01-13 15:00:30", "2025-01-13T07:00:30Z", "2025-01-13T07:00:30Z"),
        ("2025-01-13T15:00Z", "2025-01-13T15:00Z", "2025-01-13T15:00Z"),
        ("2025-01-13T15:00-05:00", "2025-01-13T20:00Z", "2025-01-13T20:00Z"),
    ],
)
def test_that_a_date_is_its_whole_span_and_a_time_an_instant(text: str, start: str, end: str) -> None:
    expected = tuple(stamp(dt.datetime.fromisoformat(t)) for t in (start, end))
    assert parse_when(text, "Asia/Shanghai") == expected


def test_that_the_days_of_a_clock_change_have_23_and_25_hours() -> None:
    for date, hours in ((dt.date(2025, 3, 9), 23), (dt.date(2025, 11, 2), 25)):
        start, end = day_bounds(date, "America/New_York")
        assert end - start == hours * HOUR_MS


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13", "2025-02-30", "2025-1-1x", "13.01.2025", "²025", "12:00"])
def test_that_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="is no date or time; write it as 2025-01-13"):
        parse_when(text, "UTC")


@pytest.mark.parametrize("text", ["0000", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "1899-12", "2200"])
def test_that_dates_far_from_any_market_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"outside the years 1900 to 2199|no date or time"):
        parse_when(text, "UTC")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Asia"])
def test_that_an_unknown_zone_is_refused_with_a_sentence(zone: str) -> None:
    with pytest.raises(UsageError, match="There is no time zone"):
        parse_when("2025-01-13", zone)


@given(st.text())
def test_that_any_text_is_read_or_refused(text: str) -> None:
    try:
        start, end = parse_when(text, "Asia/Shanghai")
    except UsageError:
        return
    assert start <= end


def test_that_times_and_spans_are_shown_in_the_zone() -> None:
    start, end = parse_when("2025-01-13T15:00", "Asia/Shanghai")[0], parse_when("2025-01-14T09:30", "Asia/Shanghai")[0]
    assert format_time(start, "Asia/Shanghai") == "2025-01-13 15:00"
    assert format_time(start, "UTC", seconds=True) == "2025-01-13 07:00:00"
    assert format_span(start, end, "Asia/Shanghai") == "2025-01-13 15:00 – 2025-01-14 09:30"
    assert format_span(start, start + HOUR_MS, "Asia/Shanghai") == "2025-01-13 15:00–16:00"
    assert format_span(start, start, "Asia/Shanghai") == "2025-01-13 15:00"
    assert format_span(*parse_when("2025-01-13", "UTC"), "UTC") == "2025-01-13"
    assert format_span(*parse_when("2025-01", "UTC"), "UTC") == "2025-01-01 – 2025-01-31"
