"""Who spoke and how far it went: distinct authors and reach of a subject's posts, at any zoom.

Counts of posts add up from bar to bar; distinct authors do not. So every post is kept, in order of time, with the one
before it by the same author: in any stretch of time there are as many authors as posts whose author did not speak
before within that stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.model import MINUTE_MS
from core.prefix import PrefixSums
from core.series import SCORE_SCALE, minute_of
from core.voices import REACHES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.series import BoolArray, FloatArray, IntArray
    from core.timeline.slots import Slots
    from core.voices import Reach, Voices

_NEVER: Final = -1
# A post of more than this weighs no more: it would drown every other one, and the sums must stay exact.
_HEAVIEST: Final = 100_000_000


class _Sums:
    """One kind of reach, summed up: how much, of how many posts, and scores weighted by it."""

    __slots__ = ("amount", "known", "weight", "weighted")

    def __init__(self, amount: IntArray, units: NDArray[np.int16], scored: BoolArray) -> None:
        known = amount >= 0
        weight = np.where(known & scored, np.minimum(amount, _HEAVIEST), 0)
        self.amount = PrefixSums(np.where(known, amount, 0))
        self.known = PrefixSums(known)
        self.weight = PrefixSums(weight)
        self.weighted = PrefixSums(weight * np.where(scored, units, 0).astype(np.int64))


class Audience:
    """Authors and reach of the posts that fall into a tape's slots. Levels are counted on first need and kept."""

    __slots__ = ("_before", "_levels", "_minute", "_slot", "_slots", "_sums", "_voices")

    def __init__(self, voices: Voices, slots: Slots) -> None:
        """Take the posts; those beyond the slots count nowhere."""
        self._voices, self._slots = voices, len(slots)
        self._minute = minute_of(voices.published)
        ends = slots.end[:] // MINUTE_MS
        self._slot = np.searchsorted(ends, self._minute, side="left")
        if len(slots):
            self._slot[self._minute <= slots.start[0] // MINUTE_MS] = len(slots)
        self._before = _author_before(voices.author)
        self._levels: dict[int, IntArray] = {}
        self._sums: dict[Reach, _Sums] = {}

    def authors(self, first: int, last: int, size: int) -> IntArray:
        """Return the distinct named authors of slots first … last - 1 in groups of `size`, a power of two.

        A slot's posts are those after the end of the slot before it, up to its own. `first` is a multiple of `size`.
        """
        counted = self._levels.get(size)
        if counted is None:
            counted = self._levels[size] = self._count(size)
        return counted[first // size : -(-last // size)]

    def _count(self, size: int) -> IntArray:
        shift = size.bit_length() - 1
        groups = -(-self._slots // size)
        group = np.where(self._slot < self._slots, self._slot >> shift, _NEVER - 1)
        before = np.where(self._before == _NEVER, _NEVER, group[np.maximum(self._before, 0)])
        new = (self._voices.author != 0) & (before != group) & (self._slot < self._slots)
        return np.bincount(group[new], minlength=groups)

    def authors_within(self, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
        """Return the named authors of each of m spans (start, end] (ms UTC), and how many posts there bear no name.

        The spans are in order of time and do not overlap.
        """
        low, high = self._places(start), self._places(end)
        size = np.maximum(high - low, 0)
        span = np.repeat(np.arange(len(low)), size)
        place = np.arange(len(span)) + np.repeat(low - (np.cumsum(size) - size), size)
        named = self._voices.author[place] != 0
        new = named & (self._before[place] < low[span])
        return np.bincount(span[new], minlength=len(low)), np.bincount(span[~named], minlength=len(low))

    def reach(self, kind: Reach, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
        """Return the reach of each span (start, end] (ms UTC), and of how many posts it is known."""
        sums, low, high = self._sum(kind), self._places(start), self._places(end)
        return sums.amount.between(low, high), sums.known.between(low, high)

    def weighted_mean(self, kind: Reach, start: IntArray, end: IntArray) -> FloatArray:
        """Return Σ wᵢ sᵢ / Σ wᵢ of the scores s in each span, weighted by reach w; NaN where no weight is known."""
        sums, low, high = self._sum(kind), self._places(start), self._places(end)
        weight = sums.weight.between(low, high)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(weight > 0, sums.weighted.between(low, high) / weight, np.nan) / SCORE_SCALE

    def known_best(self) -> Reach:
        """Return the kind of reach that most posts have; of equals the one that tells most."""
        return max(REACHES, key=lambda kind: int((getattr(self._voices, kind) >= 0).sum()))

    def _sum(self, kind: Reach) -> _Sums:
        if kind not in self._sums:
            v = self._voices
            self._sums[kind] = _Sums(getattr(v, kind), v.units, v.scored)
        return self._sums[kind]

    def _places(self, instant: IntArray) -> NDArray[np.intp]:
        return np.searchsorted(self._minute, instant // MINUTE_MS, side="right")


def _author_before(author: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the place of the post before each one by the same author, -1 where there is none."""
    order = np.argsort(author, kind="stable")
    same = author[order[1:]] == author[order[:-1]]
    before = np.full(len(author), _NEVER)
    before[order[1:][same]] = order[:-1][same]
    return before
