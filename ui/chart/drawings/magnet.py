"""Snapping a point to a bar: to the middle of the bar, and to the nearest of its four prices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from core.drawings import Anchor

if TYPE_CHECKING:
    from ui.chart.cut import Cut
    from ui.chart.drawings.plane import Plane

REACH = 40.0  # pixels


def snapped(cut: Cut, plane: Plane, px: float, py: float, *, prices: bool) -> Anchor:
    """Return the anchor at a pixel, drawn to the bar there; its value too where `prices` says the pane shows them."""
    reading = cut.view.reading(cut.x.position(px), size=cut.frame.size)
    if reading is None:
        return plane.anchor(px, py)
    left, right = cut.view.clock.to_x(reading.start), cut.view.clock.to_x(reading.end)
    time = int(cut.view.clock.to_ms((left + right) / 2))
    value = plane.y.value(py)
    if prices:
        found = [v for v in (reading.open, reading.high, reading.low, reading.close) if math.isfinite(v)]
        near = min(found, key=lambda v: abs(plane.y.at(v) - py), default=math.nan)
        if math.isfinite(near) and abs(plane.y.at(near) - py) <= REACH:
            value = near
    return Anchor(time, float(value))
