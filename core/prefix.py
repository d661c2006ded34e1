"""Sums over any range of a column, exact and in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS: Final = 4


class PrefixSums:
    """Sums of neighbouring whole numbers by two look-ups; whatever is asked, the answer is exact.

    Every sixteenth sum is kept whole; the ones between are kept as what they add to it, in the smallest type that
    holds them. A million counts of posts take 1.5 MB instead of the 8 MB of plain sums.
    """

    __slots__ = ("_base", "_rest")

    def __init__(self, column: NDArray[Any]) -> None:
        """Sum up a column of whole numbers or booleans, shape (n,)."""
        total = np.zeros(len(column) + 1, np.int64)
        np.cumsum(column, dtype=np.int64, out=total[1:])
        self._base = total[:: 1 << _BITS].copy()
        total -= np.repeat(self._base, 1 << _BITS)[: len(total)]
        self._rest = total.astype(_smallest(int(total.min()), int(total.max())))

    @property
    def nbytes(self) -> int:
        """How many bytes the sums take."""
        return self._base.nbytes + self._rest.nbytes

    def between(self, low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the sums of the values low … high - 1, in the shape of the bounds."""
        return self._upto(high) - self._upto(low)

    def _upto(self, place: NDArray[np.intp]) -> NDArray[np.int64]:
        return self._base[place >> _BITS] + self._rest[place]


def _smallest(low: int, high: int) -> type[np.integer[Any]]:
    kinds = (np.uint8, np.uint16, np.uint32) if low >= 0 else (np.int8, np.int16, np.int32)
    for kind in kinds:
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return kind
    return np.int64
