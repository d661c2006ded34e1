"""The newest bars of a tape, moved by ticks: what a live chart shows until the closed bars are fetched.

Ticks move what is shown and nothing else; the store gets its bars from the service's history alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.clock import calendar_for, slots
from core.model import Concept

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from core.clock import Calendar
    from core.model import Tick
    from core.timeline.view import View


# A line over a million bars takes longer to make than a frame may.
LINES_EVERY_MS = 1000


class LiveBars:
    """Lays ticks on a view of one instrument. One thread uses it: the one that shows the view.

    The view's columns are copied once; then a tick costs the same on ten bars as on ten million: its slot is changed
    in place, and so are the groups of the pyramid that hold it. Derived lines follow once a second. `view` is another
    object only when the newest bar is in another slot than before.
    """

    def __init__(self, view: View, *, cache_dir: Path | None = None) -> None:
        """Begin with the bars of `view`, which is left as it is."""
        tape = view.tape.with_own_candles()
        self.view = view.with_tape(tape)
        self._daily = not tape.interval.intraday
        self._symbol = "" if isinstance(tape.subject, Concept) else tape.subject.symbol
        self._own: Calendar | None = calendar_for(self._symbol, cache_dir=cache_dir) if self._symbol else None
        self._day = (0, 0)  # the session that the volume so far belongs to, [first, last] in ms UTC
        self._volume = float("nan")
        self._lines_of = 0  # time of the tick that the derived lines take into account

    @property
    def symbol(self) -> str:
        """The symbol whose ticks are taken, "" where the tape is a concept's."""
        return self._symbol

    def take(self, ticks: Iterable[Tick]) -> bool:
        """Let ticks move the newest bars, in order of time; return whether any did.

        A tick of another symbol, one outside of all sessions and one older than the newest bar move nothing.
        """
        moved = False
        for tick in ticks:
            index = self._slot_of(tick) if tick.symbol == self._symbol and tick.price > 0 else None
            if index is None or (self.view.newest is not None and index < self.view.newest):
                continue
            self._set(index, tick)
            tape = self.view.tape
            tape.pyramid.revise(index)
            if index != self.view.newest:
                self.view = self.view.with_tape(tape)
            if tick.time - self._lines_of >= LINES_EVERY_MS:
                tape.lines.forget()
                self._lines_of = tick.time
            moved = True
        return moved

    def _slot_of(self, tick: Tick) -> int | None:
        """Return the slot of the bar that a tick is part of; None where the market is closed or no slot is there."""
        if self._own is None:
            return None
        start, end = slots(self._own, self.view.tape.interval, tick.time - 1, tick.time + 1)
        at = int(np.searchsorted(start, tick.time, side="right")) - 1
        if at < 0 or tick.time > end[at]:
            return None
        index = int(self.view.tape.slots.closing(end[at : at + 1])[0])
        return index if index >= 0 else None

    def _set(self, index: int, tick: Tick) -> None:
        bars, price = self.view.tape.candles, tick.price
        if np.isnan(bars.close[index]):
            first = tick.opened if self._daily and tick.opened > 0 else price
            bars.open[index] = bars.high[index] = bars.low[index] = first
            bars.volume[index] = 0.0
        bars.close[index] = price
        bars.high[index] = max(bars.high[index], price)
        bars.low[index] = min(bars.low[index], price)
        if self._daily:
            # A comparison with NaN is false: what the stream did not say changes nothing.
            bars.high[index] = max(bars.high[index], tick.high)
            if 0 < tick.low < bars.low[index]:
                bars.low[index] = tick.low
            if tick.volume > bars.volume[index] or np.isnan(bars.volume[index]):
                bars.volume[index] = tick.volume
        elif tick.volume >= 0:
            bars.volume[index] = float(np.nan_to_num(bars.volume[index])) + self._since_last(tick)

    def _since_last(self, tick: Tick) -> float:
        """Return what was traded since the tick before, of the same day; 0 for the first of a day."""
        known = self._day[0] <= tick.time <= self._day[1] and tick.volume >= self._volume
        traded = tick.volume - self._volume if known else 0.0
        if not self._day[0] <= tick.time <= self._day[1]:
            self._day = self._session(tick.time)
        self._volume = tick.volume
        return traded

    def _session(self, time: int) -> tuple[int, int]:
        assert self._own is not None  # noqa: S101  a tick has a slot
        index = int(np.searchsorted(self._own.close, time, side="left"))
        return int(self._own.open[index]), int(self._own.close[index])
