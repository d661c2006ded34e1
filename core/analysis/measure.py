"""What lies between two points of a chart: price, time, bars, sentiment and posts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.drawings import Anchor
    from core.timeline import View


@dataclass(frozen=True, slots=True)
class Measure:
    """The way from one point to another, negative where it leads back in time or down; NaN where there is no figure.

    `change` is in the unit of the axis, `percent` relative to the first value, `duration` in ms of wall time. `bars`
    counts the bars with a price after the first point's, up to and including the second's. `sentiment` is the mean
    score of the bar at the second point less that of the bar at the first, each with the posts that belong to it.
    `posts` counts those published between the two instants, to the whole minute.
    """

    change: float
    percent: float
    bars: int
    duration: int
    sentiment: float
    posts: int


def measure(view: View, first: Anchor, second: Anchor) -> Measure:
    """Measure from one point to another; every figure but the two of value comes from the view's tape."""
    tape = view.tape
    low, high = sorted((first.time, second.time))
    sign = 1 if second.time >= first.time else -1
    # A point belongs to the first bar that ends at or after it, as a post does.
    slots = np.searchsorted(tape.slots.end, np.array([low, high]), side="left")
    traded = tape.candles.close[slots[0] + 1 : slots[1] + 1]
    bars = int(np.count_nonzero(~np.isnan(traded)))
    said = tape.crowd.within(np.array([low]), np.array([high]))
    before, after = (_mean_at(view, int(s)) for s in slots)
    change = second.value - first.value
    return Measure(
        change=change,
        percent=100 * change / first.value if first.value > 0 else math.nan,
        bars=sign * bars,
        duration=second.time - first.time,
        sentiment=sign * (after - before),
        posts=int(said.posts[0]),
    )


def _mean_at(view: View, slot: int) -> float:
    tape = view.tape
    if not 0 <= slot < len(tape.slots):
        return math.nan
    index = np.array([slot])
    return float(tape.crowd.within(tape.preceding(index), tape.slots.end[index]).mean[0])
