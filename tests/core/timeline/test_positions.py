"""Chart positions that are computed on demand, against the array of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import load_calendar, make_clock, slots
from core.model import ClockMode, Interval
from core.timeline.positions import Positions

if TYPE_CHECKING:
    from core.clock import Clock
    from core.series import IntArray

FIRST, LAST = 1_736_000_000_000, 1_738_800_000_000  # January 2025 in Shanghai: lunch, nights and a long holiday


@pytest.fixture(scope="module", params=list(ClockMode))
def laid(request: pytest.FixtureRequest) -> tuple[Clock, IntArray]:
    calendar = load_calendar("XSHG")
    start, _ = slots(calendar, Interval.M1, FIRST, LAST)
    return make_clock(request.param, calendar), start


def test_that_they_are_indexed_like_the_array_they_stand_for(laid: tuple[Clock, IntArray]) -> None:
    clock, time = laid
    every, positions = clock.to_x(time), Positions(clock, time)
    assert len(positions) == len(every)
    assert (positions[0], positions[-1], positions[np.int64(7)]) == (every[0], every[-1], every[7])
    assert (positions[3:90:2] == every[3:90:2]).all()
    assert (positions[np.array([5, 1, 1])] == every[[5, 1, 1]]).all()


@given(st.integers(0, 10**6), st.floats(-2e5, 2e5) | st.just(0.0))
def test_that_counting_below_is_a_search_in_all_of_them(laid: tuple[Clock, IntArray], pick: int, beside: float) -> None:
    clock, time = laid
    every, positions = clock.to_x(time), Positions(clock, time)
    x = float(every[pick % len(every)]) + beside
    assert positions.count_below(x) == np.searchsorted(every, x, side="left")
    assert positions.count_below(x, equal=True) == np.searchsorted(every, x, side="right")


def test_that_nothing_takes_all_of_them_unasked(laid: tuple[Clock, IntArray]) -> None:
    with pytest.raises(TypeError, match="slice"):
        np.searchsorted(Positions(*laid), 0.0)  # pyright: ignore[reportArgumentType, reportCallIssue]
