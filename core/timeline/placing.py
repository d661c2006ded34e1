"""Bars on their way into slots, in parts that the processor's cache holds: a million are never there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.series import Candles

if TYPE_CHECKING:
    from core.series import Bars, IntArray
    from core.timeline.slots import Slots


class Placing:
    """Candles in the making, one row a slot, into which bars are put part by part in order of time."""

    __slots__ = ("_columns", "_filled")

    def __init__(self, slots: Slots) -> None:
        """Make room for one row a slot."""
        self._columns = [np.empty(len(slots)) for _ in range(5)]
        self._filled = 0  # the rows below are done, but for the last of them, which may get more bars

    def put(self, bars: Bars, home: IntArray) -> None:
        """Put each bar into the slot with the number `home`, and merge those that share one.

        The numbers ascend, from the highest one put so far. Bars outside every slot (-1: pre-market, say) are left out.
        """
        inside = home >= 0
        if not inside.all():
            bars, home = bars.take(inside), home[inside]
        if not len(home):
            return
        volume = bars.volume
        if np.isnan(volume).any():
            volume = np.nan_to_num(volume)
        merged = [bars.open, bars.high, bars.low, bars.close, volume]
        if home[0] < self._filled:  # the part before ended in this slot: what it left there comes first
            merged = [np.concatenate((mine[home[:1]], new)) for mine, new in zip(self._columns, merged, strict=True)]
            home = np.concatenate((home[:1], home))
        if (home[1:] == home[:-1]).any():
            first = np.flatnonzero(np.diff(home, prepend=-1))
            last = np.append(first[1:], len(home)) - 1
            home = home[first]
            opened, high, low, close, volume = merged
            merged = [
                opened[first],
                np.fmax.reduceat(high, first),
                np.fmin.reduceat(low, first),
                close[last],
                np.add.reduceat(volume, first),
            ]
        done = int(home[-1]) + 1
        self._leave_empty(done)
        for column, values in zip(self._columns, merged, strict=True):
            column[home] = values

    def candles(self) -> Candles:
        """Return what was made, NaN where no bar stands; nothing may be put any more."""
        self._leave_empty(len(self._columns[0]))
        return Candles(*self._columns)

    def _leave_empty(self, end: int) -> None:
        for column in self._columns:
            column[self._filled : end] = np.nan
        self._filled = max(self._filled, end)


def place(bars: Bars, slots: Slots) -> Candles:
    """Put each bar into the slot that holds its first instant, and merge those that share one; NaN elsewhere."""
    placing = Placing(slots)
    placing.put(bars, slots.find(bars.time))
    return placing.candles()
