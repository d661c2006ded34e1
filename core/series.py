"""Columns of numpy: bars, posts and what is counted of them, metrics.

Nothing here knows files, stores or screens. Arrays are never changed after they are handed over.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.model import MINUTE_MS, Metric

if TYPE_CHECKING:
    from collections.abc import Sequence

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
UnitArray: TypeAlias = NDArray[np.int16]  # scores in whole ten-thousandths, NO_SCORE where there is none

# A score in [-1, 1] is kept as a whole number of ten-thousandths, so that sums are exact in any order.
# vaderSentiment itself rounds its compound to four digits: nothing of it is lost.
SCORE_SCALE = 10_000
# vaderSentiment's own thresholds for a positive or negative text.
BULL_FROM = 500
BEAR_UP_TO = -500
NO_SCORE = -(2**15)


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

    @property
    def columns(self) -> tuple[IntArray | FloatArray, ...]:
        """All columns, in order."""
        return self.time, self.end, self.open, self.high, self.low, self.close, self.volume

    @classmethod
    def empty(cls) -> Self:
        """Return bars of no length."""
        none, nothing = np.empty(0, np.int64), np.empty(0, np.float64)
        return cls(none, none, nothing, nothing, nothing, nothing, nothing)

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Return the bars of all parts, one after the other."""
        if not parts:
            return cls.empty()
        return cls(*(np.concatenate(c) for c in zip(*(p.columns for p in parts), strict=True)))  # pyright: ignore[reportArgumentType]

    def take(self, index: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Return the bars at `index`, as numpy indexing reads it."""
        return type(self)(*(c[index] for c in self.columns))  # pyright: ignore[reportArgumentType]

    def between(self, start: int, end: int) -> Self:
        """Return the bars whose first instant lies in [start, end) (ms UTC)."""
        low, high = np.searchsorted(self.time, (start, end))
        return self.take(slice(int(low), int(high)))


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Posts of one subject, counted by the minute they end in; all columns are int64 of shape (n,).

    Bin `minute` holds the posts published in ((minute - 1) min, minute min] since 1970 UTC: half open on the left, as
    a post belongs to the first bar whose close is at or after it. `total` and `squares` are sums of scores and squared
    scores in units of 1/SCORE_SCALE and its square: whole numbers, so bins merge exactly in any order. `echo` counts
    the posts that say what another of the subject's said before.
    """

    minute: IntArray
    posts: IntArray
    scored: IntArray
    total: IntArray
    squares: IntArray
    bull: IntArray
    bear: IntArray
    echo: IntArray

    def __len__(self) -> int:
        return len(self.minute)

    @classmethod
    def empty(cls) -> Self:
        """Return bins of no length."""
        return cls(*(np.empty(0, np.int64) for _ in dataclasses.fields(cls)))

    @classmethod
    def of(cls, published: IntArray, scores: FloatArray, echo: BoolArray | None = None) -> Self:
        """Count posts from their instants (ms UTC, any order), scores (NaN where there is none) and what is an echo."""
        order = np.argsort(published, kind="stable")
        repeated = np.zeros(len(published), np.bool_) if echo is None else echo
        return cls.of_units(minute_of(published[order]), score_units(scores)[order], repeated[order])

    @classmethod
    def of_units(cls, minute: IntArray, units: UnitArray, echo: BoolArray) -> Self:
        """Count posts in order of their minutes."""
        if not len(minute):
            return cls.empty()
        edge = np.flatnonzero(np.diff(minute, prepend=minute[0] - 1, append=minute[-1] + 1))

        def add(column: NDArray[Any]) -> IntArray:
            total = np.zeros(len(column) + 1, np.int64)
            np.cumsum(column, dtype=np.int64, out=total[1:])
            return np.diff(total[edge])

        has_score = units != NO_SCORE
        value = np.where(has_score, units, np.int16(0)).astype(np.int32)
        bull, bear = value >= BULL_FROM, value <= BEAR_UP_TO
        return cls(
            minute[edge[:-1]], np.diff(edge), add(has_score), add(value), add(value * value), add(bull), add(bear),
            add(echo),
        )  # fmt: skip


def minute_of(published: IntArray) -> IntArray:
    """Return the bin of each instant (ms UTC): the whole minute at or after it."""
    return -(-published // MINUTE_MS)


def score_units(scores: FloatArray) -> UnitArray:
    """Return scores in [-1, 1] as whole ten-thousandths, NO_SCORE where there is none (NaN)."""
    return np.where(np.isnan(scores), NO_SCORE, np.rint(np.nan_to_num(scores) * SCORE_SCALE)).astype(np.int16)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """What the crowd said in each of m spans; all columns have shape (m,). Where nobody spoke, shares are NaN."""

    posts: IntArray
    scored: IntArray
    total: IntArray
    squares: IntArray
    bull_posts: IntArray
    bear_posts: IntArray
    echo_posts: IntArray

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
    def balance(self) -> FloatArray:
        """Share of bulls minus share of bears among scored posts, in [-1, 1], NaN where none was scored."""
        return _ratio(self.bull_posts - self.bear_posts, self.scored)

    @property
    def echo(self) -> FloatArray:
        """Share of posts that say what was said before, in [0, 1], NaN where nobody spoke."""
        return _ratio(self.echo_posts, self.posts)

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
