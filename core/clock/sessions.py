"""Which session an instant belongs to, and the slots that bars are cut from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from core.clock.zones import local_time
from core.model import DAY_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.clock.calendars import Calendar
    from core.model import Interval
    from core.series import IntArray


def sessions(calendar: Calendar, start_ms: int, end_ms: int) -> slice:
    """Return which sessions have an instant of [start_ms, end_ms) (ms UTC) between their open and their close."""
    first = int(np.searchsorted(calendar.close, start_ms, side="right"))
    last = int(np.searchsorted(calendar.open, max(end_ms, start_ms + 1), side="left"))
    return slice(first, max(first, last))


def session_index(calendar: Calendar, t_ms: IntArray) -> NDArray[np.intp]:
    """Return for each instant (ms UTC) the first session whose close is at or after it; n beyond the last."""
    return np.searchsorted(calendar.close, t_ms, side="left")


def session_date(calendar: Calendar, start_ms: int, end_ms: int) -> dt.date:
    """Return the date of the session that the span (start_ms, end_ms] (ms UTC) closes in.

    Futures open on the evening before, and where exchanges of several zones share an axis the date is that of the
    session's own exchange. Outside of all sessions it is the date of `start_ms` in the calendar's zone.
    """
    index = int(np.searchsorted(calendar.close, end_ms, side="left"))
    if index < len(calendar) and calendar.open[index] < end_ms:
        return dt.date(1970, 1, 1) + dt.timedelta(days=int(calendar.label[index]))
    return local_time(start_ms, calendar.zone).date()


def session_days(calendar: Calendar, start_ms: IntArray, end_ms: IntArray) -> IntArray:
    """Return the date (days since 1970-01-01) of the session that each slot (ms UTC, shape (m,)) belongs to.

    A slot after the last close of a day belongs to the session that follows. Where the market never closes, days are
    those of UTC.
    """
    if calendar.always_open or not len(calendar.label):
        return start_ms // DAY_MS
    return calendar.label[np.clip(session_index(calendar, end_ms), 0, len(calendar.label) - 1)]


def slots(calendar: Calendar, interval: Interval, start_ms: int, end_ms: int) -> tuple[IntArray, IntArray]:
    """Return start and end (ms UTC, shape (m,)) of every bar slot of the sessions that overlap [start_ms, end_ms).

    A daily slot is a session, from open to close. Intraday slots are cut from the open, and again from the end of the
    lunch break; the last one before a break or a close may be short. The sessions are given whole.
    """
    first, last = pieces(calendar, interval, start_ms, end_ms)
    if not interval.intraday:
        return first, last
    count = -(-(last - first) // interval.ms)
    before = np.cumsum(count) - count
    # Slot k of a piece starts at first + k * interval; k counts from the piece's own first slot.
    start = np.repeat(first - before * interval.ms, count) + np.arange(int(count.sum()), dtype=np.int64) * interval.ms
    return start, np.minimum(start + interval.ms, np.repeat(last, count))


def pieces(calendar: Calendar, interval: Interval, start_ms: int, end_ms: int) -> tuple[IntArray, IntArray]:
    """Return start and end (ms UTC, shape (p,)) of what slots are cut from: sessions, for intraday bars without lunch.

    They are those of the sessions that overlap [start_ms, end_ms), given whole.
    """
    part = sessions(calendar, start_ms, end_ms)
    opens, closes = calendar.open[part], calendar.close[part]
    if not interval.intraday:
        return opens, closes
    starts, ends = calendar.break_start[part], calendar.break_end[part]
    lunch = ends > starts
    # Two pieces a session, morning and afternoon; without a break the second is empty.
    first = np.column_stack((opens, ends)).ravel()
    last = np.column_stack((np.where(lunch, starts, closes), np.where(lunch, closes, ends))).ravel()
    filled = last > first
    return first[filled], last[filled]
