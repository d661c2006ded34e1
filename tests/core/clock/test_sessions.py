from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import load_calendar, parse_when, session_index, sessions, slots
from core.model import DAY_MS, MINUTE_MS, Interval

YEAR = parse_when("2024", "UTC")
instants = st.integers(YEAR[0], YEAR[1])


@given(st.sampled_from(["XNYS", "XSHG", "24/7"]), instants, st.integers(0, 9 * DAY_MS))
def test_that_sessions_are_those_that_overlap(code: str, start: int, length: int) -> None:
    c = load_calendar(code)
    end = start + max(length, 1)
    part = sessions(c, start, start + length)
    assert np.array_equal(np.arange(part.start, part.stop), np.flatnonzero((c.open < end) & (c.close > start)))


def test_that_a_session_which_only_touches_the_range_is_left_out() -> None:
    c = load_calendar("24/7")
    start, end = parse_when("2025-01-14", "UTC")
    assert c.label[sessions(c, start, end)].tolist() == [start // DAY_MS]


def test_that_a_post_belongs_to_the_first_session_that_closes_at_or_after_it() -> None:
    c = load_calendar("XSHG")
    close = parse_when("2025-01-13T15:00", c.zone)[0]
    found = c.label[session_index(c, np.array([close - 1, close, close + 1]))]
    assert (found - found[0]).tolist() == [0, 0, 1]


def naive_slots(code: str, interval: Interval, start: int, end: int) -> list[tuple[int, int]]:
    c = load_calendar(code)
    found: list[tuple[int, int]] = []
    for i in range(*sessions(c, start, end).indices(len(c))):
        opened, pause, resumed, closed = (int(a[i]) for a in (c.open, c.break_start, c.break_end, c.close))
        if interval is Interval.D1:
            found.append((opened, closed))
            continue
        pieces = [(opened, closed)] if pause == resumed else [(opened, pause), (resumed, closed)]
        for first, last in pieces:
            found += [(t, min(t + interval.ms, last)) for t in range(first, last, interval.ms)]
    return found


@given(
    st.sampled_from(["XNYS", "XSHG", "XHKG", "24/7"]), st.sampled_from(Interval), instants, st.integers(0, 9 * DAY_MS)
)
def test_that_slots_are_cut_from_the_open_and_after_lunch(
    code: str, interval: Interval, start: int, length: int
) -> None:
    first, last = slots(load_calendar(code), interval, start, start + length)
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == naive_slots(code, interval, start, start + length)


def test_that_an_hour_is_short_at_the_close_of_new_york_and_before_the_lunch_of_hong_kong() -> None:
    for code, short in (("XNYS", [6]), ("XHKG", [2])):
        c = load_calendar(code)
        first, last = slots(c, Interval.H1, *parse_when("2025-01-14", c.zone))
        assert np.flatnonzero(last - first < Interval.H1.ms).tolist() == short


def test_that_there_may_be_no_session_at_all() -> None:
    c = load_calendar("XNYS")
    for interval in Interval:
        first, last = slots(c, interval, *parse_when("2025-01-09", c.zone))
        assert (len(first), len(last)) == (0, 0)


@pytest.mark.parametrize("code", ["XSHG", "24/7"])
def test_that_a_million_minutes_are_cut_at_once(code: str) -> None:
    c = load_calendar(code)
    start = parse_when("2005", "UTC")[0]
    end = start + (18 * 365 * DAY_MS if code == "XSHG" else 10**6 * MINUTE_MS)
    first, _ = slots(c, Interval.M1, start, end)
    assert len(first) > 990_000
