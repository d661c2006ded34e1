from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.ingest import values
from core.ingest.values import Count, DateOrder, NoZoneError, RowError

CHINA = values.zone_named("Asia/Shanghai")


def ms(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7.6万", Count(76_000)), ("1千+", Count(1_000, at_least=True)), ("10+", Count(10, at_least=True)),
        ("1.2K", Count(1_200)), ("3,456", Count(3_456)), ("1.5亿", Count(150_000_000)), ("2w", Count(20_000)),
        ("58.0", Count(58)), (58.0, Count(58)), (12, Count(12)), ("-3", Count(-3)), ("１２", Count(12)),
        ("", None), (None, None), ("many", None), (float("nan"), None), (True, None), ("9" * 39, None), (10**30, None),
    ],
)  # fmt: skip
def test_that_counts_are_read_as_exports_write_them(text: object, expected: Count | None) -> None:
    assert values.parse_count(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        1736827680, 1736827680000, 1736827680000000, 1736827680000000000, "1736827680", "1736827680000", 1736827680.0,
        "2025-01-14T04:08:00Z", "2025-01-14 12:08:00+08:00", "2025-01-14T04:08:00.000+0000", "1/14/2025 12:08",
        "2025/1/14 12:08", "2025年1月14日 12:08", "2025-1-14 12:08:00", "1/14/2025 12:08 PM", "14.1.2025 12:08",
        "Tue, 14 Jan 2025 04:08:00 +0000", "Tue Jan 14 04:08:00 +0000 2025", "2025-01-14 04:08:00 UTC",
        "2025年1月14日 下午12时08分", "1/14/25 12:08",
    ],
)  # fmt: skip
def test_that_one_instant_is_read_in_all_its_spellings(value: object) -> None:
    assert values.parse_time(value, CHINA) == ms("2025-01-14T04:08:00+00:00")


def test_that_the_order_of_day_and_month_is_obeyed() -> None:
    assert values.parse_time("1/2/2025 0:00", dt.UTC, DateOrder.DAY_FIRST) == ms("2025-02-01T00:00:00+00:00")
    assert values.parse_time("1/2/2025 0:00", dt.UTC, DateOrder.MONTH_FIRST) == ms("2025-01-02T00:00:00+00:00")
    with pytest.raises(RowError, match="day first"):
        values.parse_time("1/14/2025", dt.UTC, DateOrder.DAY_FIRST)


@pytest.mark.parametrize(
    "value",
    [
        None, "", "yesterday", "3天前", 0, "0", -5, "0000-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00", "1989-12-31T23:59:59Z", "2100-01-01T00:00:00Z", 10**30, float("inf"), float("nan"),
        "2025-13-45", "2025-01-14 25:00", True, [1], "1" * 5000, "31/31/2025", "２", "1736827680e5", "12:08",
    ],
)  # fmt: skip
def test_that_what_is_no_time_of_our_days_is_refused_with_a_reason(value: object) -> None:
    with pytest.raises(RowError) as told:
        values.parse_time(value, CHINA)
    assert 3 < len(str(told.value)) < 200


def test_that_a_local_time_needs_its_zone() -> None:
    with pytest.raises(NoZoneError):
        values.parse_time("2025-01-14 12:08")


def test_that_the_first_of_a_repeated_hour_is_meant() -> None:
    zone = values.zone_named("America/New_York")
    assert values.parse_time("2024-11-03 01:30", zone) == ms("2024-11-03T01:30:00-04:00")


@given(
    st.integers(values.EARLIEST, values.LATEST - 1).map(
        lambda instant: dt.datetime.fromtimestamp(instant // 1000, dt.UTC).replace(microsecond=instant % 1000 * 1000)
    )
)
def test_that_iso_times_come_back_to_the_millisecond(when: dt.datetime) -> None:
    when = when.replace(microsecond=when.microsecond // 1000 * 1000)
    instant = values.parse_time(when.isoformat())
    assert dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(milliseconds=instant) == when
    assert values.parse_time(instant) == instant or instant < 10**11
    assert values.parse_time(f"{when.month}/{when.day}/{when.year} {when:%H:%M:%S}", dt.UTC) == instant // 1000 * 1000


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.binary(max_size=4)))
def test_that_nothing_breaks_the_readers_of_values(value: object) -> None:
    with contextlib.suppress(RowError):
        assert values.EARLIEST <= values.parse_time(value, dt.UTC) < values.LATEST
    values.parse_count(value)
    values.clean_text(value).encode()
    values.identifier(value).encode()
    values.words(value)
    values.symbols(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q&amp;A &lt;b&gt; &#39;x&#39;", "Q&A <b> 'x'"),
        ("a &amp;gt; b &amp;amp; c", "a > b & c"),
        ("http://x.y/?a=1&copy=2&lt=3", "http://x.y/?a=1&copy=2&lt=3"),
        ("a\0b", "ab"),
        ("half \ud83d pair", "half \ufffd pair"),
        (None, ""),
        (5, "5"),
    ],
)
def test_that_text_is_unescaped_and_can_be_stored(text: object, expected: str) -> None:
    assert values.clean_text(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (646146893, "646146893"), ("677fbce2000000001703d472", "677fbce2000000001703d472"), (123.0, "123"),
        ("123.0", "123"), ("9007199254740993", "9007199254740993"), (9007199254740993, "9007199254740993"),
        ("4.18157E+17", ""), (float("nan"), ""), (None, ""), ("123e4567", "123e4567"),
    ],
)  # fmt: skip
def test_that_ids_are_text_and_mangled_ones_are_none(value: object, expected: str) -> None:
    assert values.identifier(value) == expected


def test_that_tags_and_tickers_are_read_from_lists_and_text() -> None:
    assert values.words("Tiktok#indie#music") == ("Tiktok", "indie", "music")
    assert values.words(["#a", "a", "", None, "b"]) == ("a", "b")
    assert values.words('["a", "b"]') == ("a", "b")
    assert values.words("['a', 'b']") == ("a", "b")
    assert values.words([{"name": "a"}, {"symbol": "B"}]) == ("a", "B")
    assert values.symbols("$AAPL, $goog SZ300792") == ("AAPL", "GOOG", "300792.SZ")
    assert values.symbols(["BRK.B", "BTC.X", "not a ticker at all"]) == ("BRK-B", "BTC-USD")


def test_that_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="Asia/Shanghai"):
        values.zone_named("Beijing")
    with pytest.raises(UsageError):
        values.zone_named("../../etc/passwd")
