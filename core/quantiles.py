"""Quantiles of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def median(value: NDArray[Any]) -> float:
    """Return the median of n ≥ 1 finite values."""
    return quantile(value, 0.5)


def quantile(value: NDArray[Any], share: float) -> float:
    """Return what a share, in [0, 1], of n ≥ 1 finite values lie below, interpolated between the nearest two of them.

    It is what numpy's functions return by default, which load numpy.ma when they are first called: 50 ms of every
    start.
    """
    place = share * (len(value) - 1)
    low = int(place)
    high = min(low + 1, len(value) - 1)
    near = np.partition(value, (low, high))
    return float(near[low]) + (place - low) * (float(near[high]) - float(near[low]))
