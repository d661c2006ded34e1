"""The named ranges of the chart: 1D, 5D, 1M … Max, counted back from the newest slot."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from core.errors import UsageError

if TYPE_CHECKING:
    from core.timeline.tape import Tape

RANGES = ("1D", "5D", "1M", "3M", "6M", "YTD", "1Y", "5Y", "Max")

_MONTHS = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "5Y": 60}
_SESSIONS = {"1D": 1, "5D": 5}


def range_span(tape: Tape, name: str) -> tuple[int, int] | None:
    """Return the first and last instant (ms UTC) of a named range, or None for an empty tape.

    Days are sessions of the exchange; months and years are those of its calendar. A range is never longer than the
    tape. Raises UsageError for a name not in RANGES.
    """
    if name not in RANGES:
        raise UsageError(f"There is no range {name!r}; the ranges are {', '.join(RANGES)}.")
    if tape.extent is None:
        return None
    first, last = tape.extent
    if name == "Max":
        return first, last
    if name in _SESSIONS:
        calendar, back = tape.calendar, _SESSIONS[name]
        dates = calendar.label[: int(np.searchsorted(calendar.open, last))]
        # Where several exchanges share the axis, a date has several sessions.
        begun = np.flatnonzero(np.diff(dates, prepend=dates[:1] - 1))
        start = int(calendar.open[begun[-back]]) if len(begun) >= back else last - back * 86_400_000
        return max(first, start), last
    zone = ZoneInfo(tape.calendar.zone)
    day = dt.datetime.fromtimestamp(last / 1000, zone)
    start_day = day.replace(month=1, day=1) if name == "YTD" else _months_before(day, _MONTHS[name])
    midnight = start_day.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(first, round(midnight.timestamp() * 1000)), last


def _months_before(day: dt.datetime, months: int) -> dt.datetime:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    longest = (following - dt.timedelta(days=1)).day
    return day.replace(year=year, month=month + 1, day=min(day.day, longest))
