from __future__ import annotations

import re

import numpy as np
import pytest

from core.clock import (
    Closure,
    ClosureKind,
    closure_table,
    closures,
    format_span,
    load_calendar,
    merge,
    parse_when,
    shown_name,
)

CHINESE = re.compile("[\u4e00-\u9fff]")


def within(code: str, start: str, end: str) -> list[Closure]:
    c = load_calendar(code)
    return closures(c, parse_when(start, c.zone)[0], parse_when(end, c.zone)[1])


def test_that_the_night_before_the_limit_up_lies_between_close_and_open() -> None:
    nights = [k for k in within("XSHG", "2025-01-13", "2025-01-14") if k.kind == "night"]
    assert format_span(nights[0].start, nights[0].end, "UTC") == "2025-01-13 07:00 – 2025-01-14 01:30"


def test_that_a_day_has_its_closures_in_order() -> None:
    kinds = [k.kind for k in within("XSHG", "2025-01-13", "2025-01-13")]
    assert kinds == ["weekend", "lunch", "night"]


@pytest.mark.parametrize(
    ("code", "date", "kind", "name"),
    [
        ("XNYS", "2025-01-09", "holiday", "Mourning for Jimmy Carter"),
        ("XNYS", "2025-01-20", "holiday", "Dr. Martin Luther King Jr. Day"),  # touches a weekend
        ("XNYS", "2025-01-25", "weekend", ""),
        ("XSHG", "2025-02-01", "holiday", "Spring Festival"),
        ("XSHG", "2025-04-04", "holiday", "Qingming"),
        ("XSHG", "2025-05-02", "holiday", "Labour Day"),
        ("XSHG", "2025-06-02", "holiday", "Dragon Boat Festival"),  # the feast itself was a Saturday
        ("XSHG", "2024-09-17", "holiday", "Mid-Autumn Festival"),
        ("XSHG", "2025-10-07", "holiday", "National Day / Mid-Autumn Festival"),
        ("XHKG", "2024-12-25", "holiday", "Christmas / Boxing Day"),
        ("XHKG", "2025-10-29", "holiday", "Chung Yeung"),
        ("XHKG", "2023-09-01", "holiday", "Typhoon Saola"),
        ("XHKG", "2001-07-25", "holiday", ""),  # a typhoon that nothing names
    ],
)
def test_that_a_closure_has_its_kind_and_name(code: str, date: str, kind: ClosureKind, name: str) -> None:
    c = load_calendar(code)
    noon = parse_when(f"{date}T12:00", c.zone)[0]
    assert [(k.kind, k.name) for k in closures(c, noon, noon)] == [(kind, name)]


def test_that_a_range_within_a_session_has_no_closure() -> None:
    assert within("XNYS", "2025-01-13T10:00", "2025-01-13T15:00") == []


def test_that_what_never_closes_has_no_closures() -> None:
    assert within("24/7", "1990", "2040") == []


def test_that_sessions_which_touch_have_no_closure_between_them() -> None:
    assert [k.kind for k in within("us_futures", "2025-01-06", "2025-01-12")] == ["weekend"]


@pytest.mark.parametrize("code", ["XNYS", "XSHG", "XHKG", "24/5"])
def test_that_closures_and_sessions_tile_all_time(code: str) -> None:
    c = load_calendar(code)
    table = closure_table(c)
    lunch = c.break_end - c.break_start
    opened = int((c.close - c.open - lunch).sum())
    closed = int((table.end - table.start).sum())
    assert opened + closed == c.close[-1] - c.open[0]
    assert np.all(table.end[:-1] <= table.start[1:])


def test_that_the_hours_between_two_exchanges_are_neither_lunch_nor_night() -> None:
    both = merge((load_calendar("XSHG"), load_calendar("XNYS")))
    start, end = parse_when("2025-01-14", both.zone)
    inside = [k for k in closures(both, start, end) if start <= k.start]
    assert [(k.kind, format_span(k.start, k.end, "UTC").rpartition("01-14 ")[2]) for k in inside] == [
        ("night", "01:30"),
        ("lunch", "03:30–05:00"),
        ("between", "07:00–14:30"),
    ]


@pytest.mark.parametrize("code", ["XNYS", "XSHG", "XHKG", "XLON", "XTKS", "XTAI"])
def test_that_a_trader_reads_every_holiday_in_chinese(code: str) -> None:
    names = {part for name in load_calendar(code).holiday_name.tolist() for part in name.split(" / ") if part}
    assert all(CHINESE.search(shown_name(n, "zh")) for n in names)
    assert all(shown_name(n, "en") == n for n in names)


def test_that_what_the_library_notes_for_itself_is_no_name() -> None:
    names = {n for code in ("XHKG", "XTKS", "XKRX", "XLON") for n in load_calendar(code).holiday_name.tolist()}
    assert not [n for n in names if "(" in n or "tell me" in n or n.startswith("Weekend")]


def test_that_joined_names_are_told_once_in_either_language() -> None:
    assert shown_name("Tuen Ng / Dragon Boat Festival", "zh") == "端午节"
    assert shown_name("Battle of Angamos", "zh") == "Battle of Angamos"
    assert shown_name("", "zh") == ""
