"""Slots in runs against the columns that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import load_calendar, parse_when, pieces
from core.clock import slots as columns_of
from core.model import Interval
from core.timeline.slots import Instants, Side, Slots

# Sessions as gaps before a slot: mostly none, now and then a night; the length of a slot is mostly the usual one.
row = st.tuples(st.sampled_from([0, 0, 0, 0, 5, 40]), st.sampled_from([10, 10, 10, 10, 3, 25]))
rows_of_slots = st.lists(row, max_size=60)
instants = st.lists(st.integers(950, 2500), max_size=60)
sides: st.SearchStrategy[Side] = st.sampled_from(["left", "right"])


def columns(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    start: list[int] = []
    end: list[int] = []
    now = 1000
    for gap, length in rows:
        start.append(now + gap)
        end.append(now + gap + length)
        now = end[-1]
    return np.array(start, np.int64), np.array(end, np.int64)


def slots_of(rows: list[tuple[int, int]]) -> Slots:
    return Slots(*columns(rows))


def home_of(slots: Slots, time: int) -> int:
    pairs = zip(slots.start.tolist(), slots.end.tolist(), strict=True)
    return next((i for i, (a, b) in enumerate(pairs) if a <= time < b), -1)


def pairs_of(rows: list[tuple[int, int]]) -> list[tuple[Instants, np.ndarray]]:
    slots, (start, end) = slots_of(rows), columns(rows)
    return [(slots.start, start), (slots.end, end)]


@given(rows_of_slots, st.integers(-70, 70), st.integers(-70, 70), st.sampled_from([1, 2, 3, -1, -2]))
def test_that_a_slice_of_instants_is_that_of_their_column(
    rows: list[tuple[int, int]], low: int, high: int, step: int
) -> None:
    for made, column in pairs_of(rows):
        assert made.tolist() == column.tolist()
        assert made[low:high:step].tolist() == column[low:high:step].tolist()


@given(rows_of_slots.filter(bool), st.lists(st.integers(0, 10_000)))
def test_that_chosen_instants_are_those_of_their_column(rows: list[tuple[int, int]], numbers: list[int]) -> None:
    index = np.array(numbers, np.int64) % len(rows)
    chosen = np.zeros(len(rows), np.bool_)
    chosen[index] = True
    for made, column in pairs_of(rows):
        assert made[index].tolist() == column[index].tolist()
        assert made[-1 - index].tolist() == column[-1 - index].tolist()
        assert made[chosen].tolist() == column[chosen].tolist()
        assert [made[k] for k in (0, -1)] == [column[0], column[-1]]


@given(rows_of_slots, instants, sides)
def test_that_instants_are_searched_like_their_column(
    rows: list[tuple[int, int]], times: list[int], side: Side
) -> None:
    for made, column in pairs_of(rows):
        assert np.searchsorted(made, times, side=side).tolist() == np.searchsorted(column, times, side=side).tolist()
        for time in times[:2]:
            assert made.searchsorted(time, side) == np.searchsorted(column, time, side)


def test_that_there_is_no_slot_beyond_the_last() -> None:
    slots = slots_of([(0, 10)] * 3)
    for index in (3, -4, np.array([0, 3]), np.array([-4])):
        with pytest.raises(IndexError):
            slots.start[index]


@given(rows_of_slots, instants)
def test_that_an_instant_is_found_in_the_slot_that_holds_it(rows: list[tuple[int, int]], times: list[int]) -> None:
    slots = slots_of(rows)
    times.sort()
    assert slots.find(np.array(times, np.int64)).tolist() == [home_of(slots, t) for t in times]


@given(rows_of_slots, instants)
def test_that_the_closing_slot_is_the_one_whose_span_ends_at_or_after_an_instant(
    rows: list[tuple[int, int]], times: list[int]
) -> None:
    slots = slots_of(rows)
    pairs = list(zip(slots.start.tolist(), slots.end.tolist(), strict=True))
    expected = [next((i for i, (a, b) in enumerate(pairs) if a < t <= b), -1) for t in times]
    assert slots.closing(np.array(times, np.int64)).tolist() == expected


@given(rows_of_slots, st.lists(st.tuples(st.integers(950, 2500), st.integers(1, 20)), max_size=20))
def test_that_joined_slots_leave_no_span_outside_and_overlap_nowhere(
    rows: list[tuple[int, int]], spans: list[tuple[int, int]]
) -> None:
    slots, time = slots_of(rows), np.array(sorted(t for t, _ in spans), np.int64)
    joined = slots.joined(time, time + np.array([n for _, n in spans], np.int64))
    start, end = joined.start[:], joined.end[:]
    assert (joined.find(time) >= 0).all()
    assert set(slots.start.tolist()) <= set(start.tolist()) <= {*slots.start.tolist(), *time.tolist()}
    assert (end[:-1] <= start[1:]).all()
    assert (start < end).all()


@pytest.mark.parametrize("code", ["XSHG", "XNYS", "24/7"])
@pytest.mark.parametrize("interval", [Interval.M1, Interval.M30, Interval.H1])
def test_that_sessions_are_cut_as_the_clock_cuts_them(code: str, interval: Interval) -> None:
    calendar = load_calendar(code)
    first, last = parse_when("2024-12-20", calendar.zone)[0], parse_when("2025-02-10", calendar.zone)[0]
    slots = Slots(*pieces(calendar, interval, first, last), interval.ms)
    start, end = columns_of(calendar, interval, first, last)
    assert slots.start.tolist() == start.tolist()
    assert slots.end.tolist() == end.tolist()
