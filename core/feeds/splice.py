"""Joining freshly fetched bars to stored ones: what is new, and whether both still mean the same prices.

A split or a dividend changes every earlier price of a service's series. The bars that both hold tell: where they
differ by a ratio, the stored series must be fetched again, never appended to.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.quantiles import median
from core.series import Bars, FloatArray

# Yahoo sends 32-bit prices: the same bar asked twice differs by some 1e-7. The smallest dividends move it by 1e-4.
TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Overlap:
    """How fresh closes relate to stored ones of the same bars: `ratio` fresh / stored, of shape (n,)."""

    ratio: FloatArray

    @property
    def agrees(self) -> bool:
        """Whether the two series mean the same prices; nothing in common is no disagreement."""
        return bool(np.all(np.abs(self.ratio - 1) <= TOLERANCE))

    @property
    def steady(self) -> float | None:
        """The one ratio of all bars in common, or None where there is none or it changes from bar to bar."""
        if not len(self.ratio):
            return None
        middle = median(self.ratio)
        return middle if np.all(np.abs(self.ratio / middle - 1) <= 10 * TOLERANCE) else None


def overlap(stored: Bars, fresh: Bars) -> Overlap:
    """Compare the closes of the bars that both series hold (matched by time)."""
    _, old, new = np.intersect1d(stored.time, fresh.time, assume_unique=True, return_indices=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = fresh.close[new] / stored.close[old]
    return Overlap(ratio[np.isfinite(ratio) & (ratio > 0)])


def rescale(bars: Bars, ratio: float, shares: float) -> Bars:
    """Return bars with prices times `ratio` and volume divided by `shares`, as a split does to earlier bars."""
    prices = {name: getattr(bars, name) * ratio for name in ("open", "high", "low", "close")}
    return dataclasses.replace(bars, volume=bars.volume / shares, **prices)


def join(parts: list[Bars]) -> Bars:
    """Chain bars; where a time stands in several parts the last part's bar is taken."""
    parts = [p for p in parts if len(p)]
    if not parts:
        return Bars.empty()
    whole = Bars.join(parts)
    # The last of equal times: unique finds the first, so look from the back.
    _, back = np.unique(whole.time[::-1], return_index=True)
    return whole.take(len(whole) - 1 - back)
