"""Zones at the edges: offsets of a zone over time, dates and times that a user types, and times that are shown."""

from __future__ import annotations

import datetime as dt
import functools
import re
from bisect import bisect_right
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from core.errors import UsageError
from core.model import DAY_MS

if TYPE_CHECKING:
    from core.series import IntArray

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EARLIEST, _LATEST = 1900, 2199


@functools.lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """Return the zone of an IANA name such as `Asia/Shanghai`; raises UsageError for any other text."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # zoneinfo's three ways of not finding a name
        raise UsageError(f"There is no time zone '{zone}'; give an IANA name such as Asia/Shanghai.") from None


class Offsets:
    """The offsets of one zone from UTC over time, for conversions by the thousand."""

    # Two changes of one zone may be a month apart (Morocco's Ramadan), never a fortnight.
    _STEP = 14 * DAY_MS
    _START = -3652 * DAY_MS  # 1960
    _END = 47_847 * DAY_MS  # 2101

    __slots__ = ("_at", "_at_list", "_offset", "_offset_list")

    def __init__(self, zone: str) -> None:
        info = zone_info(zone)

        def offset(ms: int) -> int:
            delta = (_EPOCH + dt.timedelta(milliseconds=ms)).astimezone(info).utcoffset()
            return round((delta or dt.timedelta()).total_seconds() * 1000)

        at, offsets = [self._START], [offset(self._START)]
        for start in range(self._START, self._END, self._STEP):
            low, high, last = start, start + self._STEP, offset(start + self._STEP)
            if last == offsets[-1]:
                continue
            while high - low > 1000:  # changes stand at whole seconds
                middle = (low + high) // 2000 * 1000
                low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
            at.append(high)
            offsets.append(last)
        self._at_list, self._offset_list = at, offsets
        self._at, self._offset = np.array(at, np.int64), np.array(offsets, np.int64)

    def at(self, ms: int) -> int:
        """Return the offset (ms, east positive) at an instant (ms UTC)."""
        return self._offset_list[max(bisect_right(self._at_list, ms) - 1, 0)]

    def to_utc(self, local: int) -> int:
        """Return the instant at which clocks show `local` (ms); the first of two, and in a gap as if it had not begun.

        This is zoneinfo's fold=0.
        """
        before, after = self.at(local - DAY_MS), self.at(local + DAY_MS)
        early, late = local - before, local - after
        return late if self.at(early) != before and self.at(late) == after else early

    def to_utc_array(self, local: IntArray) -> IntArray:
        """Convert as `to_utc`, for an array of any shape."""
        before, after = self._many(local - DAY_MS), self._many(local + DAY_MS)
        early, late = local - before, local - after
        return np.where((self._many(early) != before) & (self._many(late) == after), late, early)

    def at_array(self, ms: IntArray) -> IntArray:
        """Return the offsets as `at`, for an array of any shape."""
        return self._many(ms)

    def _many(self, ms: IntArray) -> IntArray:
        return self._offset[np.maximum(np.searchsorted(self._at, ms, side="right") - 1, 0)]


@functools.lru_cache(maxsize=64)
def offsets(zone: str) -> Offsets:
    """Return the offsets of a zone; a few milliseconds the first time. Raises UsageError for an unknown name."""
    return Offsets(zone)


def local_time(ms: int, zone: str) -> dt.datetime:
    """Return an instant (ms UTC) as a date and time in the zone."""
    return (_EPOCH + dt.timedelta(milliseconds=ms)).astimezone(zone_info(zone))


def day_bounds(date: dt.date, zone: str) -> tuple[int, int]:
    """Return the first instant of a date in the zone and that of the next date (ms UTC). Raises UsageError."""
    return _midnight(date, zone), _midnight(date + dt.timedelta(days=1), zone)


def parse_when(text: str, zone: str) -> tuple[int, int]:
    """Read a date or time as a user types it and return the span it means, [start, end) in ms UTC.

    `2025-01-13`, `2025-01` and `2025` are whole days, months and years in `zone`. `2025-01-13T09:30` (or with a space,
    with seconds, with `Z` or `+08:00`) is an instant: both ends are equal. Without an offset it is local to `zone`.
    Raises UsageError with a sentence for the user.
    """
    wanted = text.strip()
    try:
        if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", wanted):
            return _months(int(match[1]), match[2] and int(match[2]), zone)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", wanted):
            date = dt.date.fromisoformat(wanted)
            _check_year(date.year, wanted)
            return day_bounds(date, zone)
        moment = dt.datetime.fromisoformat(wanted)
    except (ValueError, OverflowError):
        raise UsageError(
            f"'{text}' is no date or time; write it as 2025-01-13, 2025-01, 2025 or 2025-01-13T09:30."
        ) from None
    _check_year(moment.year, wanted)
    ms = _ms(moment if moment.tzinfo else moment.replace(tzinfo=zone_info(zone)))
    return ms, ms


def _months(year: int, month: int | str | None, zone: str) -> tuple[int, int]:
    _check_year(year, str(year))
    if not month:
        return _midnight(dt.date(year, 1, 1), zone), _midnight(dt.date(year + 1, 1, 1), zone)
    start = dt.date(year, int(month), 1)
    return _midnight(start, zone), _midnight((start + dt.timedelta(days=31)).replace(day=1), zone)


def _check_year(year: int, text: str) -> None:
    if not _EARLIEST <= year <= _LATEST:
        raise UsageError(f"'{text}' lies outside the years {_EARLIEST} to {_LATEST}.")


def _midnight(date: dt.date, zone: str) -> int:
    return _ms(dt.datetime.combine(date, dt.time(), zone_info(zone)))


def _ms(moment: dt.datetime) -> int:
    # Whole numbers throughout: a float of seconds would lose the millisecond.
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def format_time(ms: int, zone: str, *, seconds: bool = False) -> str:
    """Return an instant (ms UTC) as `2025-01-14 09:30` in the zone, with `:00` for the seconds where asked."""
    return local_time(ms, zone).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def format_span(start: int, end: int, zone: str) -> str:
    """Return a span (ms UTC) for a read-out: `2025-01-14 09:30–10:00`, or both dates where they differ.

    A span of whole days shows its dates alone; its end at midnight counts as the day before.
    """
    first, last = local_time(start, zone), local_time(end, zone)
    midnight = dt.time()
    if first.time() == midnight == last.time() and end > start:
        final = last.date() - dt.timedelta(days=1)
        return f"{first.date()}" if final == first.date() else f"{first.date()} – {final}"
    if first.date() == last.date():
        clock = f"{first:%H:%M}" if start == end else f"{first:%H:%M}–{last:%H:%M}"
        return f"{first.date()} {clock}"
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"
