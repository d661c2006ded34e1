"""Values carried on over gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.series import FloatArray, IntArray


def last_index(value: FloatArray, before: int) -> int | None:
    """Return the last place with a value before a place of a column of shape (n,), or None.

    Gaps may be long, so it looks back in growing steps rather than through all history.
    """
    high, step = min(before, len(value)), 8
    while high > 0:
        low = max(high - step, 0)
        found = np.flatnonzero(~np.isnan(value[low:high]))
        if len(found):
            return low + int(found[-1])
        high, step = low, 4 * step
    return None


def last_before(value: FloatArray) -> FloatArray:
    """Return for each place the last value before it along the last axis, NaN where there was none; any shape."""
    if not value.size:
        return value
    n = value.shape[-1]
    place: IntArray = np.arange(n, dtype=np.int64)
    at = np.where(np.isnan(value), 0, place)
    filled = np.take_along_axis(value, np.maximum.accumulate(at, axis=-1), axis=-1)
    return np.concatenate((np.full((*value.shape[:-1], 1), np.nan), filled[..., :-1]), axis=-1)
