"""How fast a counter grows, at any zoom, across its resets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.model import DAY_MS

if TYPE_CHECKING:
    from core.series import FloatArray, IntArray, MetricSeries


def increases(value: FloatArray) -> FloatArray:
    """Return by how much a counter has grown in all since its first value, shape (n,) as `value`.

    A counter never falls. Where a value is lower than the one before, it was reset and has grown from nothing since, as
    Prometheus reads counters too (`increase`).
    """
    step = np.diff(value, prepend=value[:1])
    return np.cumsum(np.where(step < 0, value, step))


def growth(series: MetricSeries, before: IntArray, end: IntArray) -> FloatArray:
    """Return by how much the counter grew in each of m spans (before, end] (ms UTC), NaN where nobody read it then.

    Growth counts when it is read: after a silence, all that came meanwhile. So growths of neighbouring spans add up.
    """
    return _grown(series, before, end)[0]


def rate(series: MetricSeries, before: IntArray, end: IntArray) -> FloatArray:
    """Return the growth of each span by the day, over the time between the readings that tell it."""
    grown, lasted = _grown(series, before, end)
    return grown * DAY_MS / np.maximum(lasted, 1)


def _grown(series: MetricSeries, before: IntArray, end: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the growth of each span, and the time between the last readings before it and in it."""
    if not len(series.time):
        return np.full(len(end), np.nan), np.zeros(len(end), np.int64)
    total = increases(series.value)
    low = np.searchsorted(series.time, before, side="right") - 1
    high = np.searchsorted(series.time, end, side="right") - 1
    known = (high > low) & (high > 0)
    low, high = np.maximum(low, 0), np.maximum(high, 0)
    return np.where(known, total[high] - total[low], np.nan), series.time[high] - series.time[low]
