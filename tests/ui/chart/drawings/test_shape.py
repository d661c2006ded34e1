"""Drawings in pixels: anchors hold at every zoom, on both clocks and every axis; what the pointer meets."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.clock import make_clock
from core.drawings import Anchor, Drawing, DrawingKind
from core.model import ClockMode
from tests.ui.chart.conftest import MONDAY, market  # pyright: ignore[reportMissingImports]
from ui.chart.drawings.plane import Plane
from ui.chart.drawings.shape import BODY, MARGIN, clipped, distance, dragged, place, put
from ui.chart.scale import XScale, YScale

if TYPE_CHECKING:
    from core.clock import Clock

DAY = 86_400_000
CLOCKS = {mode: make_clock(mode, market()) for mode in ClockMode}
instants = st.integers(MONDAY - 30 * DAY, MONDAY + 200 * DAY)
prices = st.floats(0.5, 500)


def plane_of(clock: Clock, start: int, end: int, *, log: bool = False, inverted: bool = False) -> Plane:
    x = XScale(float(clock.to_x(start)), float(clock.to_x(end)), 1200.0)
    return Plane(clock, x, YScale(1.0, 300.0, 30.0, 400.0, log=log, inverted=inverted), 420.0)


@st.composite
def planes(draw: st.DrawFn) -> Plane:
    start = draw(instants)
    span = draw(st.integers(DAY, 150 * DAY))
    clock = CLOCKS[draw(st.sampled_from(list(ClockMode)))]
    return plane_of(clock, start, start + span, log=draw(st.booleans()), inverted=draw(st.booleans()))


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    kind = draw(st.sampled_from(list(DrawingKind)))
    anchors = tuple(Anchor(draw(instants), draw(prices)) for _ in range(kind.anchors))
    return Drawing("a", kind, "price", anchors, width=draw(st.floats(1, 4)))


@given(planes(), instants, prices)
def test_that_an_anchor_comes_back_from_its_pixel(plane: Plane, time: int, value: float) -> None:
    back = plane.anchor(*plane.point(Anchor(time, value)))
    # A pixel far out of sight has fewer digits left for the millisecond.
    assert abs(back.time - time) <= max(1, abs(plane.px(time)) * 1e-3)
    assert back.value == pytest.approx(value, rel=1e-6)


@given(drawings(), planes(), planes())
def test_that_pixels_after_a_change_of_zoom_clock_or_axis_are_those_computed_anew(
    drawing: Drawing, first: Plane, second: Plane
) -> None:
    there = place(drawing, first)
    moved_there = dragged(drawing, BODY, first, 0.0, 0.0)
    assert moved_there == drawing
    for (x, y), anchor in zip(place(there.drawing, second).points, drawing.anchors, strict=True):
        assert x == second.x.at(float(second.clock.to_x(anchor.time)))
        assert y == second.y.at(anchor.value)


@given(drawings(), planes(), st.floats(-300, 300), st.floats(-300, 300))
def test_that_all_of_a_drawing_moves_by_the_pixels_of_the_pointer(
    drawing: Drawing, plane: Plane, dx: float, dy: float
) -> None:
    before = place(drawing, plane)
    assume(all(abs(c) < 5000 for point in before.points for c in point))
    after = place(dragged(drawing, BODY, plane, dx, dy), plane)
    far_x = 0.0 if drawing.kind is DrawingKind.HORIZONTAL else dx
    far_y = 0.0 if drawing.kind is DrawingKind.VERTICAL else dy
    for (x, y), (u, v) in zip(before.points, after.points, strict=True):
        # Instants are whole milliseconds, which may be wider than a pixel's fraction.
        assert abs(u - x - far_x) <= max(0.02, 2 * plane.x.factor)
        assert v - y == pytest.approx(far_y, abs=1e-3)


@given(drawings(), planes(), st.floats(-200, 200), st.floats(-200, 200), st.data())
def test_that_a_grip_takes_only_what_it_holds(
    drawing: Drawing, plane: Plane, dx: float, dy: float, data: st.DataObject
) -> None:
    before = place(drawing, plane)
    grip = data.draw(st.integers(0, len(before.grips()) - 1))
    after = dragged(drawing, grip, plane, dx, dy)
    if drawing.kind is DrawingKind.RECTANGLE:
        # The corner across stays where it is, to the last digit.
        across = {0: 1, 1: 0, 2: 3, 3: 2}[grip]
        assert place(after, plane).grips()[across] == before.grips()[across]
    elif drawing.kind.anchors == 2:
        assert after.anchors[1 - grip] == drawing.anchors[1 - grip]


@given(drawings(), planes(), instants, prices, st.data())
def test_that_a_grip_that_is_put_stands_at_its_anchor(
    drawing: Drawing, plane: Plane, time: int, value: float, data: st.DataObject
) -> None:
    grip = data.draw(st.integers(0, len(place(drawing, plane).grips()) - 1))
    after = place(put(drawing, grip, Anchor(time, value)), plane)
    if drawing.kind not in {DrawingKind.HORIZONTAL, DrawingKind.VERTICAL}:
        assert after.grips()[grip] == plane.point(Anchor(time, value))


@given(drawings(), planes(), st.floats(0, 1))
def test_that_the_pointer_meets_what_is_painted(drawing: Drawing, plane: Plane, share: float) -> None:
    shape = place(drawing, plane, (40.0, 16.0) if drawing.kind is DrawingKind.TEXT else (0.0, 0.0))
    ends = shape.line()
    if ends is not None:
        (x, y), (u, v) = ends
        at = x + share * (u - x), y + share * (v - y)
        assert shape.hit(*at) == BODY
    left, top, right, bottom = shape.box
    assert shape.hit(left - 60, top - 60) is None or drawing.kind is DrawingKind.TREND
    assert shape.hit(right + 60, bottom + 60) is None or drawing.kind is DrawingKind.TREND
    for index, grip in enumerate(shape.grips()):
        met = shape.hit(*grip, grips=True)
        assert met is not None
        assert met == index or math.dist(grip, shape.grips()[met]) < 20


coordinates = st.floats(-1e7, 1e7)
points = st.tuples(coordinates, coordinates)


@given(points, points, st.floats(0, 1))
def test_that_a_line_is_cut_to_the_pane_and_nothing_of_it_in_sight_is_lost(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> None:
    width, height = 1200.0, 400.0
    part = clipped(start, end, width, height)
    x, y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
    if part is None:
        assert not (0 <= x <= width and 0 <= y <= height)
        return
    for px, py in part:
        assert -MARGIN - 1 <= px <= width + MARGIN + 1
        assert -MARGIN - 1 <= py <= height + MARGIN + 1
    if 0 <= x <= width and 0 <= y <= height:
        assert distance((x, y), *part) <= 0.01


def test_that_what_lies_beyond_the_pane_is_not_visible() -> None:
    plane = plane_of(CLOCKS[ClockMode.WALL], MONDAY, MONDAY + 10 * DAY)
    line = Drawing("a", DrawingKind.TREND, "price", (Anchor(MONDAY + DAY, 10.0), Anchor(MONDAY + 2 * DAY, 20.0)))
    assert place(line, plane).visible
    later = replace(line, anchors=tuple(Anchor(a.time + 40 * DAY, a.value) for a in line.anchors))
    assert not place(later, plane).visible
    above = replace(line, anchors=tuple(Anchor(a.time, a.value + 1000) for a in line.anchors))
    assert not place(above, plane).visible
    level = Drawing("b", DrawingKind.HORIZONTAL, "price", (Anchor(MONDAY + 400 * DAY, 20.0),))
    assert place(level, plane).visible
