"""The spans in which an exchange is closed: lunch, night, weekend and holiday.

On a calendar of several exchanges there is one kind more: the hours of a date between the sessions of two of them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.clock.calendars import Calendar
    from core.series import IntArray

ClosureKind: TypeAlias = Literal["lunch", "night", "weekend", "holiday", "between"]
KINDS: tuple[ClosureKind, ...] = ("lunch", "night", "weekend", "holiday", "between")
LUNCH, NIGHT, WEEKEND, HOLIDAY, BETWEEN = range(5)


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed span [start, end) in ms UTC; `name` is the holiday's, where it is known."""

    start: int
    end: int
    kind: ClosureKind
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ClosureTable:
    """Every closure of a calendar in order of time; arrays of shape (n,), `start` and `end` in ms UTC.

    `kind` indexes `KINDS`. The chart reads these columns where it would be slow to make an object a closure.
    """

    start: IntArray
    end: IntArray
    kind: NDArray[np.int8]
    _first_holiday: IntArray  # of each closure, into the calendar's holidays
    _last_holiday: IntArray
    _names: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.start)

    def overlapping(self, start_ms: int, end_ms: int) -> slice:
        """Return which closures overlap [start_ms, end_ms)."""
        first = int(np.searchsorted(self.end, start_ms, side="right"))
        return slice(first, max(first, int(np.searchsorted(self.start, max(end_ms, start_ms + 1), side="left"))))

    def at(self, index: int) -> Closure:
        """Return one closure."""
        low, high = int(self._first_holiday[index]), int(self._last_holiday[index])
        names = cast("list[str]", self._names[low:high].tolist())
        name = " / ".join(dict.fromkeys(n for n in names if n))
        return Closure(int(self.start[index]), int(self.end[index]), KINDS[int(self.kind[index])], name)


@functools.lru_cache(maxsize=64)
def closure_table(calendar: Calendar) -> ClosureTable:
    """Return the closures of a calendar; none where it is always open. Sessions that touch have none between them."""
    none = np.empty(0, np.int64)
    if calendar.always_open or not len(calendar.open):
        return ClosureTable(none, none, none.astype(np.int8), none, none, calendar.holiday_name)
    lunch = np.flatnonzero(calendar.break_end > calendar.break_start)
    gap = np.flatnonzero(calendar.open[1:] > calendar.close[:-1])
    before, after = calendar.label[gap], calendar.label[gap + 1]
    low = np.searchsorted(calendar.holiday, before, side="right")
    high = np.searchsorted(calendar.holiday, after, side="left")
    kind = np.select([high > low, after - before > 1, after == before], [HOLIDAY, WEEKEND, BETWEEN], NIGHT)
    zeros = np.zeros(len(lunch), np.int64)
    start = np.concatenate((calendar.break_start[lunch], calendar.close[gap]))
    order = np.argsort(start, kind="stable")
    return ClosureTable(
        start[order],
        np.concatenate((calendar.break_end[lunch], calendar.open[gap + 1]))[order],
        np.concatenate((zeros + LUNCH, kind))[order].astype(np.int8),
        np.concatenate((zeros, low))[order],
        np.concatenate((zeros, high))[order],
        calendar.holiday_name,
    )


def closures(calendar: Calendar, start_ms: int, end_ms: int) -> list[Closure]:
    """Return the closures that overlap [start_ms, end_ms) (ms UTC), in order of time."""
    table = closure_table(calendar)
    part = table.overlapping(start_ms, end_ms)
    return [table.at(i) for i in range(part.start, part.stop)]
