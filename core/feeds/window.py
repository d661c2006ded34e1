"""Which times to ask a service for, and up to when its answer is final. Arithmetic of the clock: asks nothing.

Times are ms UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock import day_bounds, local_time, sessions
from core.model import DAY_MS, HOUR_MS, MINUTE_MS, Basis, Interval
from core.series import Bars

if TYPE_CHECKING:
    from core.clock import Calendar
    from core.feeds.base import History, Reach
    from core.feeds.spans import Span

OLDEST = -1_356_998_400_000  # 1927: no service goes back further
_MARGIN = 10 * MINUTE_MS  # at the edge of a service's reach: its clock and ours may differ
_SETTLE = 30 * MINUTE_MS  # after the close a daily bar still takes in late trades
_DELAY = 20 * MINUTE_MS  # exchanges' usual delay, where the service does not say of when its prices are
_LIVE = 12 * HOUR_MS  # a last daily row that is the live quote may stay one until the next morning
_SETTLED = 3 * DAY_MS  # a daily bar that is missing for longer will not come


@dataclass(frozen=True, slots=True)
class Window:
    """What of one series can be asked for at one moment: within the service's reach, by the exchange's calendar."""

    interval: Interval
    now: int
    reach: Reach
    calendar: Calendar

    @property
    def oldest(self) -> int:
        """The first instant within reach."""
        return OLDEST if self.reach.back is None else self.now - self.reach.back + _MARGIN

    def begin(self, start: int | None, covered: list[Span]) -> int:
        """Return where to begin: midnight at the exchange, within the service's reach, joined to what is stored."""
        oldest = self.oldest
        begin = oldest if start is None else max(start, oldest)
        whole = oldest if self.reach.back is None else self.midnights(oldest)[1]  # the day before is not whole
        if begin > OLDEST:
            begin = max(whole, self.midnights(begin)[0])
        if covered and covered[-1][1] < begin:  # no hole where it can be helped: a split within it would go unseen
            begin = covered[-1][1] if covered[-1][1] >= oldest else whole
        return begin

    def with_neighbours(self, gap: Span, stored: np.ndarray[Any, np.dtype[np.int64]]) -> Span:
        """Widen a gap by one of the `stored` bars on either side, to compare; the present's far side is open."""
        begin, end = gap
        if end > self.now:
            end = self.now + DAY_MS  # the service's clock may be ahead; what is not there yet, it does not send
        before, after = stored[stored < gap[0]], stored[stored >= gap[1]]
        if len(before) and int(before[-1]) >= self.oldest:
            begin = int(before[-1])
        if len(after):
            end = max(end, int(after[0]) + self.interval.ms)
        if not self.interval.intraday and begin > OLDEST:
            begin = self.midnights(begin)[0]  # daily rows are stamped at midnight or at the open
        return begin, end

    def was_open(self, span: Span) -> bool:
        """Whether there was any trade to be told of in the span."""
        part = sessions(self.calendar, *span)
        return part.stop > part.start

    def known_until(self, history: History, begin: int, end: int) -> int:
        """Return up to which instant the service has now told all there will ever be (at least `begin`)."""
        raw = history.bars.get(Basis.RAW, Bars.empty())
        if not len(raw):
            return begin  # not even the bar in common came back: the answer says nothing
        # Sessions that closed long enough ago are told in full, whether there were trades in them or not.
        quiet = self.now - (_SETTLE if self.interval.intraday else _SETTLED)
        closed = int(np.searchsorted(self.calendar.close, quiet, side="right"))
        known = max(begin, int(self.calendar.close[closed - 1]) if closed else begin)
        if self.interval.intraday:
            final = raw.end <= min(self.now, history.as_of if history.as_of is not None else self.now - _DELAY)
        else:
            final = raw.end <= self.now - _SETTLE
            if history.running:
                final[-1] = raw.end[-1] <= self.now - _LIVE
        last = int(raw.end[final].max()) if final.any() else known
        return min(end, max(known, last))

    def midnights(self, ms: int) -> Span:
        """Return the midnights before (or at) and after an instant, at the exchange."""
        return day_bounds(local_time(ms, self.calendar.zone).date(), self.calendar.zone)
