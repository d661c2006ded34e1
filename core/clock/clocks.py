"""The session clock: wall time to chart position and back, in two modes.

Wall mode is plain time. Trading mode runs at full rate while the exchange is open and squeezes every closure into a
narrow slot of fixed width, so that no instant is lost and the night in which a story breaks can be seen.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol, overload

import numpy as np

from core.clock.closures import LUNCH, Closure, closure_table, closures
from core.model import ClockMode

if TYPE_CHECKING:
    from core.clock.calendars import Calendar
    from core.series import FloatArray, IntArray

# Width of a closure's slot as a share of the regular session's open time.
NIGHT_SHARE, LUNCH_SHARE = 1 / 5, 1 / 20

# 2010-01-01, where x is 0 on the trading clock. A millisecond of a long holiday is worth little in x: in Shanghai 1/300
# in a Spring Festival of today and 1/600 in those of the 1990s, and float64 must still tell it from the next one. If x
# were counted in wall time from 1970, it would move in steps of 1/4000. Counted from the middle of the calendar,
# Shanghai's stays within 2.5e11 and moves in steps of 1/32000; the other exchanges have as many steps to a millisecond
# (a test holds them all to it), so that the inverse is exact to the millisecond everywhere.
_ORIGIN_MS = 1_262_304_000_000

# Beyond the calendar x runs at full rate, up to the year 14,000 and as far back.
_FAR = 400_000_000_000_000


class Clock(Protocol):
    """Maps instants (int64 ms UTC) to chart positions (float64) and back; strictly monotone, every ms round trips.

    x has the unit "millisecond of open market"; in wall mode x is the instant itself.
    """

    @property
    def mode(self) -> ClockMode:
        """Which of the two clocks this is."""
        ...

    @property
    def calendar(self) -> Calendar:
        """The exchange's calendar."""
        ...

    @overload
    def to_x(self, t: int) -> float: ...
    @overload
    def to_x(self, t: IntArray) -> FloatArray: ...

    @overload
    def to_ms(self, x: float) -> int: ...
    @overload
    def to_ms(self, x: FloatArray) -> IntArray: ...

    def closures(self, start_ms: int, end_ms: int) -> list[Closure]:
        """Return the closed spans that overlap [start_ms, end_ms) (ms UTC), in order of time."""
        ...


class WallClock:
    """Plain time: x is milliseconds since 1970 UTC. Closures are still told, for shading."""

    __slots__ = ("calendar",)
    mode = ClockMode.WALL

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    @overload
    def to_x(self, t: int) -> float: ...
    @overload
    def to_x(self, t: IntArray) -> FloatArray: ...
    def to_x(self, t: int | IntArray) -> float | FloatArray:
        """Return the chart position of instants (ms UTC)."""
        return float(t) if isinstance(t, int) else t.astype(np.float64)

    @overload
    def to_ms(self, x: float) -> int: ...
    @overload
    def to_ms(self, x: FloatArray) -> IntArray: ...
    def to_ms(self, x: float | FloatArray) -> int | IntArray:
        """Return the instant (ms UTC) at chart positions, to the nearest millisecond."""
        return round(x) if isinstance(x, (int, float)) else np.rint(x).astype(np.int64)

    def closures(self, start_ms: int, end_ms: int) -> list[Closure]:
        """Return the closed spans that overlap [start_ms, end_ms) (ms UTC), in order of time."""
        return closures(self.calendar, start_ms, end_ms)


class TradingClock:
    """Full rate while the exchange is open; each closure is linear within a slot of fixed width.

    The slot is 1/5 of the regular session's open time (1/20 for lunch), never wider than the closure itself. Outside
    the calendar the rate is 1.
    """

    __slots__ = ("_ms", "_x", "calendar")
    mode = ClockMode.TRADING

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        table = closure_table(calendar)
        share = np.where(table.kind == LUNCH, LUNCH_SHARE, NIGHT_SHARE)
        # Whole milliseconds: then every breakpoint is a whole number, and so is x wherever the market is open.
        slot = np.minimum(np.rint(calendar.session_ms * share).astype(np.int64), table.end - table.start)
        ms = np.column_stack((table.start, table.end)).ravel()
        lost = np.concatenate(([0], np.cumsum(table.end - table.start - slot)))
        x = np.column_stack((table.start - lost[:-1], table.end - lost[1:])).ravel()
        ends = (np.array([-_FAR]), np.array([_FAR]))
        ms, x = np.concatenate((ends[0], ms, ends[1])), np.concatenate((ends[0], x, ends[1] - lost[-1]))
        # numpy.interp wants float64 on both sides; whole numbers below 2^53 lose nothing by it.
        self._ms: FloatArray = ms.astype(np.float64)
        origin = round(float(np.interp(_ORIGIN_MS, self._ms, x.astype(np.float64))))
        self._x: FloatArray = (x - origin).astype(np.float64)

    @overload
    def to_x(self, t: int) -> float: ...
    @overload
    def to_x(self, t: IntArray) -> FloatArray: ...
    def to_x(self, t: int | IntArray) -> float | FloatArray:
        """Return the chart position of instants (ms UTC)."""
        if isinstance(t, int):
            return float(np.interp(float(t), self._ms, self._x))
        return np.interp(t.astype(np.float64), self._ms, self._x)

    @overload
    def to_ms(self, x: float) -> int: ...
    @overload
    def to_ms(self, x: FloatArray) -> IntArray: ...
    def to_ms(self, x: float | FloatArray) -> int | IntArray:
        """Return the instant (ms UTC) at chart positions, to the nearest millisecond."""
        if isinstance(x, (int, float)):
            return round(float(np.interp(x, self._x, self._ms)))
        return np.rint(np.interp(x, self._x, self._ms)).astype(np.int64)

    def closures(self, start_ms: int, end_ms: int) -> list[Closure]:
        """Return the closed spans that overlap [start_ms, end_ms) (ms UTC), in order of time."""
        return closures(self.calendar, start_ms, end_ms)


@functools.lru_cache(maxsize=32)
def make_clock(mode: ClockMode, calendar: Calendar) -> Clock:
    """Return the clock of an exchange in the given mode."""
    return TradingClock(calendar) if mode is ClockMode.TRADING else WallClock(calendar)
