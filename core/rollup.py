"""What was said in any span of time: posts in order, and sums over blocks of them, so that any zoom costs the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from core.model import MINUTE_MS
from core.series import BEAR_UP_TO, BULL_FROM, NO_SCORE, Bins, Crowd, minute_of, score_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from core.series import BoolArray, FloatArray, IntArray, UnitArray

# Posts a block: the sums of fewer are added up when they are asked for.
_BITS: Final = 4
_BLOCK: Final = 1 << _BITS
# Posts that are summed up at once: what is made of them on the way stays in the processor's cache.
_AT_ONCE: Final = 1 << 16
_FACTS: Final = 6
_INT32: Final = np.iinfo(np.int32)


class Rollup:
    """A subject's posts, and what was said in any span of them; whatever is asked, the sums are exact."""

    __slots__ = ("_asked", "_base", "_echo", "_minute", "_units")

    def __init__(self, published: IntArray, units: UnitArray, echo: BoolArray) -> None:
        """Take n posts in order of their instants (ms UTC); a million take about 10 MB.

        `echo` tells the posts that say what another of the subject's said before.
        """
        self._asked: tuple[tuple[int, int], Crowd] | None = None  # the last single span, and what was said in it
        self._minute, self._units, self._echo = _minutes(published), units, echo
        self._base = _sums_before_blocks(units, echo)

    @classmethod
    def of(cls, published: IntArray, scores: FloatArray, echo: BoolArray | None = None) -> Self:
        """Take posts by their instants (ms UTC, any order), scores (NaN where there is none) and what is an echo."""
        order = np.argsort(published, kind="stable")
        repeated = np.zeros(len(published), np.bool_) if echo is None else echo
        return cls(published[order], score_units(scores)[order], repeated[order])

    @classmethod
    def empty(cls) -> Self:
        """Return no posts."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0, np.bool_))

    def __len__(self) -> int:
        return len(self._minute)

    @property
    def extent(self) -> tuple[int, int] | None:
        """First and last instant with posts, to the minute (ms UTC), or None where there are none."""
        if not len(self._minute):
            return None
        return int(self._minute[0] - 1) * MINUTE_MS, int(self._minute[-1]) * MINUTE_MS

    def bins(self) -> Bins:
        """Return the posts counted by the minute."""
        return Bins.of_units(self._minute.astype(np.int64), self._units, self._echo)

    def within(self, start: IntArray, end: IntArray) -> Crowd:
        """Sum up the posts of each span (start, end] (ms UTC, shape (m,)); bounds count to the whole minute below."""
        if len(start) == 1:
            # Each pane asks for the one span under the crosshair.
            span = (int(start[0]), int(end[0]))
            asked = self._asked
            if asked is None or asked[0] != span:
                asked = self._asked = span, self._within(start, end)
            return asked[1]
        return self._within(start, end)

    def posts_within(self, start: IntArray, end: IntArray) -> IntArray:
        """Return the number of posts of each span alone, at a fraction of what `within` costs."""
        return np.maximum(self._posts_upto(end) - self._posts_upto(start), 0)

    def _within(self, start: IntArray, end: IntArray) -> Crowd:
        if len(start) > 1 and np.array_equal(start[1:], end[:-1]):
            # The columns of a picture follow one another: with their bounds in common there is half to look up.
            place = self._posts_upto(np.append(start[:1], end))
            if (place[1:] >= place[:-1]).all():
                return Crowd(np.diff(place), *np.diff(self._sums_upto(place)))
        low, high = self._posts_upto(start), self._posts_upto(end)
        high = np.maximum(low, high)
        return Crowd(high - low, *(self._sums_upto(high) - self._sums_upto(low)))

    def _posts_upto(self, instant: IntArray) -> NDArray[np.intp]:
        """Return how many posts there are up to each instant."""
        minute = instant // MINUTE_MS
        if self._minute.dtype == np.int32:
            # A bound of the same type as the minutes: otherwise numpy would widen all of them for every question.
            minute = np.minimum(np.maximum(minute, _INT32.min), _INT32.max).astype(np.int32)
        return np.searchsorted(self._minute, minute, side="right")

    def _sums_upto(self, place: NDArray[np.intp]) -> IntArray:
        """Return the sums of the facts of all posts before each of m places, shape (facts, m)."""
        if len(place) * _BLOCK > len(self):
            # There is more to add up for all places than for all posts.
            found = np.zeros((_FACTS, len(place)), np.int64)
            for row, fact in zip(found, _facts(self._units, self._echo), strict=True):
                row[:] = np.concatenate(([0], np.cumsum(fact, dtype=np.int64)))[place]
            return found
        block = place >> _BITS
        near = (block << _BITS)[:, np.newaxis] + np.arange(_BLOCK)
        inside = near < place[:, np.newaxis]
        near[~inside] = 0
        units = np.where(inside, self._units[near], np.int16(NO_SCORE))
        rest = [fact.sum(axis=1, dtype=np.int64) for fact in _facts(units, self._echo[near] & inside)]
        return self._base[:, block] + np.array(rest)


def _facts(units: UnitArray, echo: BoolArray) -> Iterator[NDArray[Any]]:
    """Give what is summed up of posts, in the order in which `Crowd` has it after their number."""
    has_score = units != NO_SCORE
    value = np.where(has_score, units, np.int16(0)).astype(np.int32)
    yield has_score
    yield value
    yield value * value
    yield value >= BULL_FROM
    yield value <= BEAR_UP_TO
    yield echo


def _sums_before_blocks(units: UnitArray, echo: BoolArray) -> IntArray:
    """Return the sums of the facts of all posts before each block, shape (facts, blocks + 1)."""
    whole = len(units) >> _BITS
    base = np.zeros((_FACTS, whole + 1), np.int64)
    for first in range(0, whole << _BITS, _AT_ONCE):
        last = min(first + _AT_ONCE, whole << _BITS)
        begin = np.arange(0, last - first, _BLOCK)
        part = slice((first >> _BITS) + 1, (last >> _BITS) + 1)
        for row, fact in zip(base, _facts(units[first:last], echo[first:last]), strict=True):
            row[part] = np.add.reduceat(fact, begin, dtype=np.int64)
    return np.cumsum(base, axis=1)


def _minutes(published: IntArray) -> NDArray[Any]:
    """Return the bins of ascending instants, in 32 bits where they fit, which they do for 4000 years."""
    edges = minute_of(published[[0, -1]]) if len(published) else np.zeros(2, np.int64)
    fits = _INT32.min <= edges[0] and edges[1] <= _INT32.max
    minute = np.empty(len(published), np.int32 if fits else np.int64)
    for first in range(0, len(published), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        minute[part] = minute_of(published[part])
    return minute
