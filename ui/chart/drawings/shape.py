"""A drawing in the pixels of a pane: what is to be painted, where its grips are, and what the pointer meets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.drawings import Anchor, Drawing, DrawingKind

if TYPE_CHECKING:
    from ui.chart.drawings.plane import Plane

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

BODY = -1  # the grip of the whole
NEAR = 6.0  # pixels within which the pointer meets a line
GRIP = 4.0  # half the width of a grip
# Lines are cut to the pane and so much around it: far beyond, a painter's own numbers run out.
MARGIN = 64.0
TEXT_PAD = 3.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawing placed on a pane of `width` × `height` pixels; `label` is the size of its text, (0, 0) without one."""

    drawing: Drawing
    points: tuple[Point, ...]
    width: float
    height: float
    label: Point = (0.0, 0.0)

    @property
    def kind(self) -> DrawingKind:
        """What is drawn."""
        return self.drawing.kind

    @property
    def box(self) -> Box:
        """The smallest box around all of the drawing, its text included."""
        (x, y), (label_w, label_h) = self.points[0], self.label
        match self.kind:
            case DrawingKind.HORIZONTAL:
                return 0.0, y - label_h - TEXT_PAD, self.width, y
            case DrawingKind.VERTICAL:
                return x, 0.0, x + label_w + 2 * TEXT_PAD, self.height
            case DrawingKind.TEXT:
                return x, y - label_h, x + label_w, y
            case _:
                (u, v) = self.points[1]
                left, top = min(x, u), min(y, v)
                tall = label_h + TEXT_PAD if self.kind is not DrawingKind.RECTANGLE else 0.0
                return left, top - tall, max(x, u, left + label_w), max(y, v)

    @property
    def visible(self) -> bool:
        """Whether any of it lies on the pane."""
        left, top, right, bottom = self.box
        air = self.drawing.width + 1
        return left <= self.width + air and right >= -air and top <= self.height + air and bottom >= -air

    def line(self) -> tuple[Point, Point] | None:
        """Return the ends of the drawing's line, cut to the pane; None where it has none or none can be seen."""
        x, y = self.points[0]
        match self.kind:
            case DrawingKind.HORIZONTAL:
                return (0.0, y), (self.width, y)
            case DrawingKind.VERTICAL:
                return (x, 0.0), (x, self.height)
            case DrawingKind.TREND | DrawingKind.MEASURE:
                return clipped(self.points[0], self.points[1], self.width, self.height)
            case _:
                return None

    def grips(self) -> list[Point]:
        """Return the points by which the drawing is taken; those of a rectangle are its corners, the anchors first."""
        x, y = self.points[0]
        match self.kind:
            case DrawingKind.HORIZONTAL:
                return [(x if 0 <= x <= self.width else self.width / 2, y)]
            case DrawingKind.VERTICAL:
                return [(x, self.height / 2)]
            case DrawingKind.RECTANGLE:
                u, v = self.points[1]
                return [(x, y), (u, v), (x, v), (u, y)]
            case _:
                return list(self.points)

    def hit(self, px: float, py: float, *, grips: bool = False) -> int | None:
        """Return the grip under a pixel, BODY for the rest of the drawing, None for nothing of it."""
        if grips:
            for index, (x, y) in enumerate(self.grips()):
                if max(abs(px - x), abs(py - y)) <= GRIP + 3:
                    return index
        near = NEAR + self.drawing.width / 2
        if self.kind is DrawingKind.TEXT:
            left, top, right, bottom = self.box
            return BODY if left - 3 <= px <= right + 3 and top - 3 <= py <= bottom + 3 else None
        if self.kind in {DrawingKind.RECTANGLE, DrawingKind.MEASURE}:
            (x, y), (u, v) = self.points
            left, top, right, bottom = min(x, u), min(y, v), max(x, u), max(y, v)
            # The inside is taken too: a box is met where it is seen.
            return BODY if left - near <= px <= right + near and top - near <= py <= bottom + near else None
        ends = self.line()
        return BODY if ends is not None and distance((px, py), *ends) <= near else None


def place(drawing: Drawing, plane: Plane, label: Point = (0.0, 0.0)) -> Shape:
    """Return the drawing on a pane."""
    return Shape(drawing, tuple(plane.point(a) for a in drawing.anchors), plane.x.width, plane.height, label)


def dragged(drawing: Drawing, grip: int, plane: Plane, dx: float, dy: float) -> Drawing:
    """Return the drawing with a grip, or all of it, moved by pixels."""
    if drawing.kind is DrawingKind.HORIZONTAL:
        dx = 0.0
    elif drawing.kind is DrawingKind.VERTICAL:
        dy = 0.0
    if grip == BODY or drawing.kind.anchors == 1:
        return replace(drawing, anchors=tuple(plane.moved(a, dx, dy) for a in drawing.anchors))
    if grip < len(drawing.anchors):
        return drawing.with_anchor(grip, plane.moved(drawing.anchors[grip], dx, dy))
    # The corners of a rectangle that are no anchors share the time of one and the value of the other.
    across, along = drawing.anchors if grip == 2 else drawing.anchors[::-1]
    moved = plane.moved(Anchor(across.time, along.value), dx, dy)
    across, along = replace(across, time=moved.time), replace(along, value=moved.value)
    return replace(drawing, anchors=(across, along) if grip == 2 else (along, across))


def put(drawing: Drawing, grip: int, anchor: Anchor) -> Drawing:
    """Return the drawing with a grip exactly at an anchor."""
    if drawing.kind.anchors == 1 or grip == BODY:
        return drawing.with_anchor(0, anchor)
    if grip < 2:
        return drawing.with_anchor(grip, anchor)
    first, second = drawing.anchors
    if grip == 2:
        return replace(drawing, anchors=(replace(first, time=anchor.time), replace(second, value=anchor.value)))
    return replace(drawing, anchors=(replace(first, value=anchor.value), replace(second, time=anchor.time)))


def distance(point: Point, start: Point, end: Point) -> float:
    """Return how far a point is from a segment, in pixels."""
    (px, py), (x, y), (u, v) = point, start, end
    long = (u - x) ** 2 + (v - y) ** 2
    if long == 0:
        return math.hypot(px - x, py - y)
    share = min(max(((px - x) * (u - x) + (py - y) * (v - y)) / long, 0.0), 1.0)
    return math.hypot(px - x - share * (u - x), py - y - share * (v - y))


def clipped(start: Point, end: Point, width: float, height: float) -> tuple[Point, Point] | None:
    """Return the part of a segment on the pane and a margin around it, or None (Liang and Barsky 1984)."""
    (x, y), (u, v) = start, end
    low, high = 0.0, 1.0
    for way, room in (
        (x - u, x + MARGIN),
        (u - x, width + MARGIN - x),
        (y - v, y + MARGIN),
        (v - y, height + MARGIN - y),
    ):
        if way == 0:
            if room < 0:
                return None
        elif way < 0:
            low = max(low, room / way)
        else:
            high = min(high, room / way)
    if low > high:
        return None
    return (x + low * (u - x), y + low * (v - y)), (x + high * (u - x), y + high * (v - y))
