"""Bars grouped by ever larger powers of two, so that a frame reads no more of them than its pixels need."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from core.series import Candles

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.series import FloatArray

# Each level is an eighth of the one below it: together they add a seventh to the memory of the bars, and what a frame
# asks for between two levels is at most four times as much as it draws.
_FACTOR = 8
_PART = 1 << 14  # a multiple of it


class Pyramid:
    """Bars grouped by 8, 64, 512 … from which groups of any power of two are made.

    Every group holds the extremes of all its bars and the last group holds the newest bar however many it has, so
    nothing that a trader must see is ever lost to zoom.
    """

    __slots__ = ("_levels",)

    def __init__(self, bars: Candles) -> None:
        """Build all levels: some milliseconds for a million bars."""
        self._levels = [bars]
        while len(self._levels[-1].close) > 2 * _FACTOR:
            self._levels.append(_coarser(self._levels[-1]))

    def groups(self, first: int, last: int, size: int) -> Candles:
        """Return bars first … last - 1 in groups of `size`; `first` must be a multiple of `size`, a power of two."""
        level = min((size.bit_length() - 1) // (_FACTOR.bit_length() - 1), len(self._levels) - 1)
        below = _FACTOR**level
        return merge(_cut(self._levels[level], first // below, -(-last // below)), size // below)

    def revise(self, index: int) -> None:
        """Take into account that a bar has changed in place: the groups that hold it, one a level, are merged anew."""
        for bars, groups in itertools.pairwise(self._levels):
            index //= _FACTOR
            merged = merge(_cut(bars, index * _FACTOR, (index + 1) * _FACTOR), _FACTOR)
            for column, value in zip(_columns(groups), _columns(merged), strict=True):
                column[index] = value[0]


def _coarser(bars: Candles) -> Candles:
    """Merge each `_FACTOR` neighbours, part by part: what is made on the way stays in the processor's cache."""
    parts = [merge(_cut(bars, first, first + _PART), _FACTOR) for first in range(0, len(bars.close), _PART)]
    return Candles(*(np.concatenate(columns) for columns in zip(*map(_columns, parts), strict=True)))


def _columns(bars: Candles) -> tuple[FloatArray, ...]:
    return bars.open, bars.high, bars.low, bars.close, bars.volume


def _cut(bars: Candles, first: int, last: int) -> Candles:
    return Candles(*(column[first:last] for column in _columns(bars)))


def merge(bars: Candles, size: int) -> Candles:
    """Merge each `size` (a power of two) neighbours; the last group takes what is left, however few."""
    while size > 1:
        bars = Candles(
            _pairs(bars.open, _first),
            _pairs(bars.high, np.fmax),
            _pairs(bars.low, np.fmin),
            _pairs(bars.close, _last),
            _pairs(bars.volume, _sum),
        )
        size //= 2
    return bars


def _pairs(column: FloatArray, join: Callable[[FloatArray, FloatArray, FloatArray], object]) -> FloatArray:
    """Join each two neighbours; an odd last one stays as it is.

    Halving a column again and again reads it with two strides that the processor foresees: five times as fast as a
    reduction over the short second axis of a reshaped one.
    """
    whole = len(column) // 2
    joined = np.empty(len(column) - whole)
    join(column[0 : 2 * whole : 2], column[1::2], joined[:whole])
    joined[whole:] = column[2 * whole :]
    return joined


def _first(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    np.copyto(out, a)
    gaps = np.flatnonzero(np.isnan(out))
    out[gaps] = b[gaps]


def _last(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    _first(b, a, out)


def _sum(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    np.add(a, b, out)
    gaps = np.flatnonzero(np.isnan(out))
    out[gaps] = np.fmax(a[gaps], b[gaps])
