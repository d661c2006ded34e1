"""Averages over time of what comes at irregular instants: each post fades by half in every half-life.

At an instant t a post published at u ≤ t weighs 2^(-(t-u)/h), h being the half-life (the exponential moving average of
an irregular series, with a weight a post rather than a bar: Zumbach and Müller, "Operators on inhomogeneous time
series", 2001; Eckner, "Algorithms for unevenly spaced time series", 2014). Nothing that came after t counts, and the
average does not depend on the length of bars, but on time alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.model import MINUTE_MS
from core.series import SCORE_SCALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.series import Bins, FloatArray, IntArray

# Within so many half-lives sums are added up at one scale: 2^400 is far from the largest number.
_STRETCH: Final = 400.0
# Once less than this is left of the weight of all posts, the last of them is too long ago to say what the crowd thinks.
LEAST_WEIGHT: Final = 1 / 16
_Z975: Final = 1.959963985


def decayed(time: IntArray, columns: Sequence[FloatArray], half_life: float) -> list[FloatArray]:
    """Return for each column (shape (n,)) its decayed sum at each of n ascending instants, shape (n,).

    `time` and `half_life` are in one unit. The sum at an instant includes what came at that instant.
    """
    age: FloatArray = (time - time[:1]).astype(np.float64) / half_life
    sums = [np.empty(len(time)) for _ in columns]
    carried = [0.0] * len(columns)
    first, before = 0, 0.0
    while first < len(time):
        last = int(np.searchsorted(age, float(age[first]) + _STRETCH, side="right"))
        since = age[first:last] - age[first]
        fade = np.exp2(-since)
        for k, column in enumerate(columns):
            kept = carried[k] * np.exp2(before - age[first])
            sums[k][first:last] = (np.cumsum(column[first:last] * np.exp2(since)) + kept) * fade
            carried[k] = float(sums[k][last - 1])
        before = float(age[last - 1])
        first = last
    return sums


class Faded:
    """What is left, at each of m instants, of all posts before; all columns have shape (m,).

    `weight` is how many posts' weight is left; below `LEAST_WEIGHT` every average is NaN.
    """

    __slots__ = ("_bear", "_bull", "_fade", "_squared", "_squares", "_total", "weight")

    def __init__(self, bins: Bins, instants: IntArray, half_life_ms: float) -> None:
        """Let the posts of the bins fade; a bin's posts count from the end of its minute on."""
        end = bins.minute * MINUTE_MS
        named = (bins.scored, bins.total, bins.squares, bins.bull, bins.bear)
        sums = decayed(end, [c.astype(np.float64) for c in named], half_life_ms)
        # The weights' squares fade twice as fast.
        sums += decayed(end, [bins.scored.astype(np.float64)], half_life_ms / 2)
        at = np.searchsorted(end, instants, side="right") - 1
        has = at >= 0
        at = np.maximum(at, 0)
        gone = np.where(has, (instants - end[at]) / half_life_ms, 0.0) if len(end) else np.zeros(len(instants))
        fade = np.where(has, np.exp2(-gone), 0.0)
        weight, total, squares, bull, bear, squared = (
            (s[at] if len(s) else np.zeros(len(instants))) * f
            for s, f in zip(sums, [fade] * 5 + [fade**2], strict=True)
        )
        self.weight = weight
        known = np.where(weight >= LEAST_WEIGHT, weight, np.nan)
        self._total = total / known / SCORE_SCALE
        self._squares = squares / known / SCORE_SCALE**2
        self._bull, self._bear = bull / known, bear / known
        self._squared, self._fade = squared, fade

    @property
    def mean(self) -> FloatArray:
        """Mean score in [-1, 1]."""
        return self._total

    @property
    def balance(self) -> FloatArray:
        """Share of bullish minus share of bearish posts, in [-1, 1]."""
        return self._bull - self._bear

    @property
    def deviation(self) -> FloatArray:
        """Standard deviation of the scores, by weight."""
        return np.sqrt(np.maximum(self._squares - self._total**2, 0.0))

    @property
    def effective(self) -> FloatArray:
        """How many equally weighted posts would say as much: (Σw)²/Σw² (Kish, "Survey Sampling", 1965).

        It halves with every half-life of silence: many posts of last week say less of today than they said then.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self._squared > 0, self.weight**2 / self._squared, 0.0) * self._fade

    def interval(self) -> tuple[FloatArray, FloatArray]:
        """Return the 95 % interval of the mean, normal with the effective number of posts, within [-1, 1].

        Below two effective posts it is the whole scale.
        """
        n = self.effective
        with np.errstate(invalid="ignore", divide="ignore"):
            half = _Z975 * self.deviation / np.sqrt(n - 1)
        half = np.where(n < 2, 2.0, half)
        return np.maximum(self.mean - half, -1.0), np.minimum(self.mean + half, 1.0)
