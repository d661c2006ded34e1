"""The visible range as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.chart.viewport import Limits, Viewport, fitted, limits_of

if TYPE_CHECKING:
    from core.timeline import View

LIMITS = Limits(0.0, 1000.0, 10.0, 2000.0)


@given(st.floats(0, 900), st.floats(20, 1000), st.floats(0, 1), st.floats(0.2, 5))
def test_that_zooming_leaves_the_pointer_where_it_is(x0: float, span: float, share: float, factor: float) -> None:
    before = Viewport(x0, x0 + span)
    at = x0 + share * span
    after = before.zoomed(at, factor, LIMITS)
    kept = (at - after.x0) / after.span
    middle = (after.x0 + after.x1) / 2
    if LIMITS.first < middle < LIMITS.last:
        assert kept == pytest.approx(share, abs=1e-6)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_that_a_range_stays_within_reach_of_the_data(x0: float, span: float) -> None:
    found = Viewport(x0, x0 + span).within(LIMITS)
    assert LIMITS.least - 1e-6 <= found.span <= LIMITS.most + 1e-6
    assert LIMITS.first - 1e-6 <= found.middle <= LIMITS.last + 1e-6
    assert found.within(LIMITS).span == pytest.approx(found.span)


def test_that_five_slots_are_the_least(view: View) -> None:
    limits = limits_of(view)
    assert limits is not None
    pitch = view.left[1] - view.left[0]
    assert limits.least == pytest.approx(5 * pitch)


def test_that_fitting_shows_every_slot(view: View) -> None:
    found = fitted(view)
    assert found is not None
    assert view.extent is not None
    assert found.x0 < view.extent[0]
    assert found.x1 > view.extent[1]
