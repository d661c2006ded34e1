"""The newest bars of a tape, moved by ticks: what a live chart shows until the closed bars are fetched.

Ticks move what is shown and nothing else; the store gets its bars from the service's history alone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.basket import BASE
from core.analysis.filling import last_index
from core.clock import calendar_for, slots
from core.model import Instrument
from core.series import Candles
from core.timeline.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from core.clock import Calendar
    from core.model import Tick
    from core.series import FloatArray
    from core.timeline.view import View

# A line over a million bars takes longer to make than a frame may.
LINES_EVERY_MS = 1000
# What pictures and status bar say of prices that ticks have moved.
NOTE = "newest bars from live prices"


class LiveBars:
    """Lays ticks on a view. One thread uses it: the one that shows the view.

    The view's columns are copied once; then a tick costs the same on ten bars as on ten million: its slot is changed
    in place, and so are the groups of the pyramid that hold it. Derived lines follow once a second. `view` is another
    object only when the newest bar is in another slot than before.
    """

    def __init__(self, view: View, before: LiveBars | None = None, *, cache_dir: Path | None = None) -> None:
        """Begin with the bars of `view`, which is left as it is.

        `before` is what was live until now: what ticks made there beyond the bars of `view`, which may be delayed, is
        carried over.
        """
        self.view = view.with_tape(view.tape.with_own_candles())
        tape = self.view.tape
        columns: dict[str, Candles] = dict(tape.basket.members) if tape.basket is not None else {}
        if isinstance(tape.subject, Instrument):
            columns = {tape.subject.symbol: tape.candles}
        daily = not tape.interval.intraday
        self._series = {s: _Series(c, calendar_for(s, cache_dir=cache_dir), daily=daily) for s, c in columns.items()}
        tape.compared = tuple(dataclasses.replace(c, close=Line(c.close.value.copy())) for c in tape.compared)
        self._compared = {
            symbol: _Closes(c.close.value, calendar_for(symbol, cache_dir=cache_dir))
            for c in tape.compared
            if (symbol := c.instrument.symbol) not in self._series
        }
        self.outgrown = False  # whether a tick came of a session that the tape has no slots of: it must be read anew
        self._lines_of = 0  # time of the tick that the derived lines take into account
        if before is not None and before.view.tape.interval is tape.interval:
            self._carry_over(before)

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols whose ticks are taken: the instrument's own or its members', and those it is compared with."""
        return frozenset(self._all)

    @property
    def _all(self) -> dict[str, _Series]:
        return {**self._series, **self._compared}

    def take(self, ticks: Iterable[Tick]) -> bool:
        """Let ticks move the newest bars, in order of time; return whether any did.

        A tick of another symbol, one outside of all sessions and one older than its symbol's newest bar move nothing.
        """
        moved, known = False, self._all
        for tick in ticks:
            series = known.get(tick.symbol)
            if series is None or not tick.price > 0:
                continue
            index = series.slot_of(tick, self.view)
            if index is None:
                self.outgrown |= series.trades_at(tick.time) and tick.time > int(self.view.tape.slots.end[-1])
                continue
            series.move(index, tick)
            if tick.symbol in self._series:
                self._settle(index)
            self._note()
            if tick.time - self._lines_of >= LINES_EVERY_MS:
                self._renew_lines()
                self._lines_of = tick.time
            moved = True
        return moved

    def _renew_lines(self) -> None:
        """Have derived lines made anew; those of compared symbols are there, but their extremes are not."""
        tape = self.view.tape
        tape.lines.forget()
        tape.compared = tuple(dataclasses.replace(c, close=Line(c.close.value)) for c in tape.compared)

    def _note(self) -> None:
        """Let the provenance say that the newest bars are not what the service's history says, or not yet."""
        tape = self.view.tape
        if NOTE not in tape.provenance.notes:
            tape.provenance = dataclasses.replace(tape.provenance, notes=(*tape.provenance.notes, NOTE))

    def _settle(self, index: int) -> None:
        """Bring basket, pyramid and view in line with a changed slot."""
        tape = self.view.tape
        if tape.basket is not None:
            level = self.view.close_before(index)
            made = tape.basket.candles(index, index + 1, BASE if np.isnan(level) else level)
            for column, value in zip(_columns(tape.candles), _columns(made), strict=True):
                column[index] = value[0]
        tape.pyramid.revise(index)
        if self.view.newest is None or index > self.view.newest:
            tape.priced = True
            self.view = self.view.with_tape(tape)

    def _carry_over(self, before: LiveBars) -> None:
        tape = self.view.tape
        old, grid = before.view.tape.slots, tape.slots
        fetched = tape.provenance.price_fetched or 0
        changed: set[int] = set()
        earlier = before._all
        for symbol, series in self._all.items():
            last = earlier.get(symbol)
            if last is None:
                continue
            for index in sorted(last.touched):
                start = int(old.start[index])
                place = int(np.searchsorted(grid.start, start))
                there = place < len(grid) and grid.start[place] == start
                # What was fetched after a bar had ended is the whole of it.
                if there and not (series.newest == place and fetched >= grid.end[place]):
                    merged = series.merge(place, last, index)
                    changed.update([place] if merged and symbol in self._series else [])
            series.continue_from(last)
        for place in sorted(changed):
            self._settle(place)
            self._note()


class _Series:
    """One symbol's candles and what its ticks have done to them."""

    def __init__(self, candles: Candles, calendar: Calendar, *, daily: bool) -> None:
        self.candles, self._own, self._daily = candles, calendar, daily
        newest = last_index(candles.close, len(candles.close))
        self.newest = -1 if newest is None else newest  # the slot of the newest bar
        self.touched: set[int] = set()
        self._day = (0, -1)  # the session that the volume so far belongs to, [first, last] in ms UTC
        self._volume = float("nan")

    def slot_of(self, tick: Tick, view: View) -> int | None:
        """Return the slot of the bar that a tick is part of; None where it has none, or it is past."""
        start, end = slots(self._own, view.tape.interval, tick.time - 1, tick.time + 1)
        at = int(np.searchsorted(start, tick.time, side="right")) - 1
        if at < 0 or tick.time > end[at]:
            return None
        index = int(view.tape.slots.closing(end[at : at + 1])[0])
        return index if index >= max(self.newest, 0) else None

    def trades_at(self, time: int) -> bool:
        """Say whether the exchange has a session at an instant (ms UTC)."""
        at = int(np.searchsorted(self._own.close, time, side="left"))
        return at < len(self._own) and bool(self._own.open[at] <= time)

    def move(self, index: int, tick: Tick) -> None:
        """Let a tick change the bar of a slot, or begin one."""
        bars, price = self.candles, tick.price
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
            so_far = float(bars.volume[index])
            bars.volume[index] = (so_far if so_far > 0 else 0.0) + self._since_last(tick)
        self.newest = index
        self.touched.add(index)

    def merge(self, index: int, other: _Series, theirs: int) -> bool:
        """Take over a bar that ticks made elsewhere, unless a newer one is here; return whether it was."""
        bars, made = self.candles, other.candles
        if index < self.newest:
            return False
        known = not np.isnan(bars.close[index])
        bars.close[index] = made.close[theirs]
        bars.open[index] = bars.open[index] if known else made.open[theirs]
        bars.high[index] = np.fmax(bars.high[index], made.high[theirs])
        bars.low[index] = np.fmin(bars.low[index], made.low[theirs])
        bars.volume[index] = np.fmax(bars.volume[index], made.volume[theirs])
        self.newest = index
        self.touched.add(index)
        return True

    def continue_from(self, other: _Series) -> None:
        """Count volume on from what was counted elsewhere."""
        self._day, self._volume = other._day, other._volume

    def _since_last(self, tick: Tick) -> float:
        """Return what was traded since the tick before, of the same day; 0 for the first of a day."""
        known = self._day[0] <= tick.time <= self._day[1]
        traded = tick.volume - self._volume if known and tick.volume >= self._volume else 0.0
        if not known:
            at = int(np.searchsorted(self._own.close, tick.time, side="left"))
            self._day = int(self._own.open[at]), int(self._own.close[at])
        self._volume = tick.volume
        return traded


class _Closes(_Series):
    """The closes of a symbol that is compared with, and what ticks have done to them."""

    def __init__(self, close: FloatArray, calendar: Calendar) -> None:
        super().__init__(Candles(close, close, close, close, close), calendar, daily=False)

    def move(self, index: int, tick: Tick) -> None:
        """Let a tick be the last price of a slot."""
        self._put(index, tick.price)

    def merge(self, index: int, other: _Series, theirs: int) -> bool:
        """As for bars."""
        if index < self.newest:
            return False
        self._put(index, float(other.candles.close[theirs]))
        return True

    def _put(self, index: int, price: float) -> None:
        self.candles.close[index] = price
        self.newest = index
        self.touched.add(index)


def _columns(c: Candles) -> tuple[FloatArray, ...]:
    return c.open, c.high, c.low, c.close, c.volume
