"""Dividends told by a file that has closes and adjusted closes but names no dividend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.quantiles import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.series import FloatArray

# The smallest step of the factor that may be a dividend, and how far it must stand out from the rounding of the file.
_LEAST = 1e-4
_OUTSTANDING = 12.0
# No company pays out this much of its price at once: a larger step is a split, or a spin-off.
_MOST = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Inferred:
    """The dividend of each row, 0 where there is none, and where the factor moved as no dividend does; shape (n,)."""

    dividend: FloatArray
    unclear: NDArray[np.bool_]


def inferred_dividends(close: FloatArray, factor: FloatArray) -> Inferred:
    """Return the dividends by which `factor` (adjusted close / close, in order of time, shape (n,)) must have changed.

    Before an ex-date prices are multiplied by 1 - dividend / close of the day before (CRSP's method, which Yahoo uses),
    so a step of the factor gives the dividend back. Steps that do not stand out from the rounding of the figures are
    none; what moves by more than a quarter of the price, or the wrong way, is told as unclear and never as a dividend.
    """
    dividend, unclear = np.zeros(len(close)), np.zeros(len(close), np.bool_)
    if len(close) < 3:
        return Inferred(dividend, unclear)
    step = 1 - factor[:-1] / factor[1:]
    noise = median(np.abs(step))
    stands_out = np.abs(step) > max(_LEAST, _OUTSTANDING * noise)
    paid = stands_out & (step > 0) & (step <= _MOST)
    dividend[1:] = np.where(paid, close[:-1] * step, 0.0)
    unclear[1:] = stands_out & ~paid
    # The last digits of the figures are rounding: four decimals are what dividends are declared in.
    return Inferred(np.round(dividend, 4), unclear)
