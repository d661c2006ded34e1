"""Where slots stand on the chart, computed when it is asked for and not kept: a frame wants some hundred of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.clock import Clock
    from core.series import FloatArray, IntArray
    from core.timeline.slots import Instants


class Positions:
    """Chart positions of n ascending instants; to be indexed like the array of shape (n,) that they stand for."""

    __slots__ = ("_clock", "_time")

    def __init__(self, clock: Clock, time: IntArray | Instants) -> None:
        """Stand for `clock.to_x(time)`."""
        self._clock = clock
        self._time = time

    def __len__(self) -> int:
        return len(self._time)

    @overload
    def __getitem__(self, index: int | np.integer) -> float: ...
    @overload
    def __getitem__(self, index: slice | NDArray[np.integer]) -> FloatArray: ...
    def __getitem__(self, index: int | np.integer | slice | NDArray[np.integer]) -> float | FloatArray:
        if isinstance(index, (int, np.integer)):
            return float(self._clock.to_x(int(self._time[index])))
        return self._clock.to_x(self._time[index])

    def __array__(self, *_: object) -> NoReturn:
        """Refuse: what takes all of them at once would cost every frame what all the data cost."""
        raise TypeError("chart positions are computed where they are indexed; take a slice of them")

    def count_below(self, x: float, *, equal: bool = False) -> int:
        """Return how many positions lie below `x`, or with `equal` at it or below."""
        # A clock is monotone, so the question can be put to the instants: those up to the last one not beyond x.
        last = int(self._clock.to_ms(x))
        there = float(self._clock.to_x(last))
        if there > x or (there == x and not equal):
            last -= 1
        return int(np.searchsorted(self._time, last, side="right"))
