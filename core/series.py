"""Columns of numpy, and the prefix sums that make posts cheap at any zoom.

Nothing here knows files, stores or screens. Arrays are never changed after they are handed over.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.model import MINUTE_MS, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]

# A score in [-1, 1] is kept as a whole number of ten-thousandths, so that sums are exact in any order.
# vaderSentiment itself rounds its compound to four digits: nothing of it is lost.
SCORE_SCALE = 10_000
# vaderSentiment's own thresholds for a positive or negative text.
BULL_FROM = 500
BEAR_UP_TO = -500


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Price bars in order of time; all columns have shape (n,).

    `time` and `end` are the first and last instant of the bar (ms UTC); a daily bar stands for its session, from
    the open to the close. Prices are in the instrument's currency, volume in shares (or units).
    """

    time: IntArray
    end: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def empty(cls) -> Self:
        """Return bars of no length."""
        none, nothing = np.empty(0, np.int64), np.empty(0, np.float64)
        return cls(none, none, nothing, nothing, nothing, nothing, nothing)

    def take(self, index: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Return the bars at `index`, as numpy indexing reads it."""
        return type(self)(*(getattr(self, f.name)[index] for f in dataclasses.fields(self)))

    def between(self, start: int, end: int) -> Self:
        """Return the bars whose first instant lies in [start, end) (ms UTC)."""
        low, high = np.searchsorted(self.time, (start, end))
        return self.take(slice(int(low), int(high)))


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Posts of one subject, counted by the minute they end in; all columns are int64 of shape (n,).

    Bin `minute` holds the posts published in ((minute - 1) min, minute min] since 1970 UTC: half open on the left, as
    a post belongs to the first bar whose close is at or after it. `total` and `squares` are sums of scores and squared
    scores in units of 1/SCORE_SCALE and its square: whole numbers, so bins merge exactly in any order.
    """

    minute: IntArray
    posts: IntArray
    scored: IntArray
    total: IntArray
    squares: IntArray
    bull: IntArray
    bear: IntArray

    def __len__(self) -> int:
        return len(self.minute)

    @classmethod
    def empty(cls) -> Self:
        """Return bins of no length."""
        return cls(*(np.empty(0, np.int64) for _ in dataclasses.fields(cls)))

    @classmethod
    def of(cls, published: IntArray, scores: FloatArray) -> Self:
        """Count posts from their instants (ms UTC, any order) and scores (NaN where a post has none)."""
        return cls.of_units(minute_of(published), score_units(scores), ~np.isnan(scores))

    @classmethod
    def of_units(cls, minute: IntArray, units: IntArray, has_score: NDArray[np.bool_]) -> Self:
        """Count posts from their minutes and their scores in whole units; `units` counts only where `has_score`."""
        if not len(minute):
            return cls.empty()
        order = np.argsort(minute, kind="stable")
        minute, units, has_score = minute[order], np.where(has_score, units, 0)[order], has_score[order]
        first = np.flatnonzero(np.diff(minute, prepend=minute[0] - 1))

        def add(column: IntArray | NDArray[np.bool_]) -> IntArray:
            return np.add.reduceat(column.astype(np.int64), first)

        ones = np.ones(len(minute), np.int64)
        bull, bear = has_score & (units >= BULL_FROM), has_score & (units <= BEAR_UP_TO)
        return cls(minute[first], add(ones), add(has_score), add(units), add(units * units), add(bull), add(bear))

    @classmethod
    def merge(cls, parts: Iterable[Bins]) -> Self:
        """Add up bins of disjoint sets of posts; exact and independent of order."""
        columns = [np.concatenate(c) for c in zip(*(tuple(_columns(p)) for p in parts), strict=True)]
        if not columns or not len(columns[0]):
            return cls.empty()
        order = np.argsort(columns[0], kind="stable")
        minute = columns[0][order]
        first = np.flatnonzero(np.diff(minute, prepend=minute[0] - 1))
        return cls(minute[first], *(np.add.reduceat(c[order], first) for c in columns[1:]))


def _columns(bins: Bins) -> Iterable[IntArray]:
    return (getattr(bins, f.name) for f in dataclasses.fields(bins))


def minute_of(published: IntArray) -> IntArray:
    """Return the bin of each instant (ms UTC): the whole minute at or after it."""
    return -(-published // MINUTE_MS)


def score_units(scores: FloatArray) -> IntArray:
    """Return scores in [-1, 1] as whole ten-thousandths, 0 where there is none (NaN)."""
    return np.rint(np.nan_to_num(scores) * SCORE_SCALE).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """What the crowd said in each of m spans; all columns have shape (m,). Where nobody spoke, shares are NaN."""

    posts: IntArray
    scored: IntArray
    total: IntArray
    squares: IntArray
    bull_posts: IntArray
    bear_posts: IntArray

    @property
    def mean(self) -> FloatArray:
        """Mean score in [-1, 1], NaN where no post was scored."""
        return _ratio(self.total, self.scored) / SCORE_SCALE

    @property
    def bull(self) -> FloatArray:
        """Share of scored posts that are bullish, in [0, 1], NaN where none was scored."""
        return _ratio(self.bull_posts, self.scored)

    @property
    def bear(self) -> FloatArray:
        """Share of scored posts that are bearish, in [0, 1], NaN where none was scored."""
        return _ratio(self.bear_posts, self.scored)

    @property
    def deviation(self) -> FloatArray:
        """Sample standard deviation of the scores (n - 1), NaN below two scored posts."""
        n = self.scored.astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = (self.squares - self.total.astype(np.float64) ** 2 / n) / (n - 1)
            return np.where(n > 1, np.sqrt(np.maximum(spread, 0.0)), np.nan) / SCORE_SCALE

    def interval(self) -> tuple[FloatArray, FloatArray]:
        """Return the 95 % interval of the mean by Student's t, within [-1, 1].

        One scored post says nothing about the spread: its interval is the whole scale. NaN where none was scored.
        """
        mean, n = self.mean, self.scored
        with np.errstate(invalid="ignore", divide="ignore"):
            half = _t975(n - 1) * self.deviation / np.sqrt(n)
        half = np.where(n == 1, 2.0, half)
        return np.maximum(mean - half, -1.0), np.minimum(mean + half, 1.0)


def _ratio(part: IntArray, whole: IntArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


# 97.5 % quantile of Student's t for 1 to 30 degrees of freedom (any table; scipy.stats.t.ppf(0.975, v)).
_T975 = np.array(
    [np.nan, 12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
     2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963,
     2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272]
)  # fmt: skip
_Z975 = 1.959963985


def _t975(freedom: IntArray) -> FloatArray:
    """Return the 97.5 % quantile of Student's t; above 30 by Cornish and Fisher's expansion (error below 1e-5)."""
    v = np.maximum(freedom, 1).astype(np.float64)
    z = _Z975
    far = z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    return np.where(freedom <= 30, _T975[np.clip(freedom, 0, 30)], far)


class Rollup:
    """Prefix sums over bins: what was said in any span costs two look-ups, at any zoom."""

    __slots__ = ("_minute", "_sums")

    def __init__(self, bins: Bins) -> None:
        self._minute = bins.minute
        columns = (bins.posts, bins.scored, bins.total, bins.squares, bins.bull, bins.bear)
        self._sums = [np.concatenate(([0], np.cumsum(c))) for c in columns]

    def __len__(self) -> int:
        return len(self._minute)

    @property
    def extent(self) -> tuple[int, int] | None:
        """First and last instant with posts, to the minute (ms UTC), or None where there are none."""
        if not len(self._minute):
            return None
        return int(self._minute[0] - 1) * MINUTE_MS, int(self._minute[-1]) * MINUTE_MS

    def within(self, start: IntArray, end: IntArray) -> Crowd:
        """Sum up the posts of each span (start, end] (ms UTC, shape (m,)); bounds count to the whole minute below."""
        low = np.searchsorted(self._minute, start // MINUTE_MS, side="right")
        high = np.searchsorted(self._minute, end // MINUTE_MS, side="right")
        high = np.maximum(low, high)
        return Crowd(*(s[high] - s[low] for s in self._sums))


@dataclass(frozen=True, slots=True, eq=False)
class Candles:
    """OHLCV of groups of neighbouring bars, shape (m,); NaN where a group holds no bar."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray

    def copy(self) -> Candles:
        """Return the same on columns of their own."""
        return Candles(*(c.copy() for c in (self.open, self.high, self.low, self.close, self.volume)))


@dataclass(frozen=True, slots=True, eq=False)
class MetricSeries:
    """A metric's values over time; `time` (ms UTC, ascending) and `value` have shape (n,)."""

    metric: Metric
    time: IntArray
    value: FloatArray
