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
        """Sum up a column of n whole numbers or booleans."""
        n = len(column)
        if column.dtype == np.bool_:
            column = column.view(np.uint8)
        if not n or not column.any():
            self._base = np.zeros((n >> _BITS) + 1, np.int64)
            self._rest: NDArray[Any] = np.zeros(n + 1, np.uint8)
            return
        block = np.arange(0, n, 1 << _BITS)
        whole = np.add.reduceat(column, block, dtype=np.int64)
        self._base = np.concatenate(([0], np.cumsum(whole)))[: (n >> _BITS) + 1]
        most = int(whole.max())
        least = 0
        if int(column.min()) < 0:
            most = int(np.add.reduceat(np.abs(column), block, dtype=np.int64).max())
            least = -most
        # Sums in the small type run over, again and again; but their differences within a block, which all fit, are
        # right, as they are on a clock of hours. So nothing as large as the sums themselves is ever made.
        kind = _smallest(least, most)
        self._rest: NDArray[Any] = np.zeros(n + 1, kind)
        np.cumsum(column, dtype=kind, out=self._rest[1:])
        self._rest -= np.repeat(self._rest[:: 1 << _BITS], 1 << _BITS)[: n + 1]

    @property
    def nbytes(self) -> int:
        """How many bytes the sums take."""
        return self._base.nbytes + self._rest.nbytes

    def between(self, low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the sums of the values low … high - 1, in the shape of the bounds."""
        return self.upto(high) - self.upto(low)

    def upto(self, place: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the sums of all values before each place."""
        return self._base[place >> _BITS] + self._rest[place]


def _smallest(low: int, high: int) -> type[np.integer[Any]]:
    kinds = (np.uint8, np.uint16, np.uint32) if low >= 0 else (np.int8, np.int16, np.int32)
    for kind in kinds:
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return kind
    return np.int64
