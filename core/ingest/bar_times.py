"""When bars are: how long each lasts, the instant of an intraday one, the session that a daily one stands for."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock import zone_info
from core.errors import InputError
from core.ingest.values import NoZoneError, RowError, parse_time, shown
from core.model import DAY_MS, HOUR_MS, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.clock import Calendar
    from core.ingest.report import ImportReport

_DATE_ONLY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}/\d{4}")
_MIDNIGHT = re.compile(r"(.{8,10})[T ]00:00(?::00(?:\.0+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?")
_EPOCH_DAY = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class BarTimes:
    """How times are read: in `zone` where they name none (None: they must), by the exchange's calendar for days."""

    zone: dt.tzinfo | None
    calendar: Calendar

    def interval(self, times: Sequence[object], name: str) -> Interval:
        """Tell the interval by the times: dates and midnights are days, else the commonest step."""
        if all(_date_of(value) is not None for value in times):
            return Interval.D1
        instants: list[int] = []
        for value in times:
            try:
                instants.append(parse_time(value, self.zone or dt.UTC))
            except RowError:
                continue
        steps = Counter(abs(b - a) for a, b in itertools.pairwise(instants) if a != b)
        if not steps:
            raise InputError(f"'{name}' does not show how long its bars are; give --interval.")
        step = min(steps, key=lambda s: (-steps[s], s))
        if 23 * HOUR_MS <= step <= 4 * 25 * HOUR_MS:
            return Interval.D1
        for interval in Interval:
            if interval.ms == step:
                return interval
        raise InputError(
            f"The bars of '{name}' are {step / 60000:g} minutes apart; known are {', '.join(Interval)}: "
            "give --interval."
        )

    def need_zone(self, times: Sequence[object], name: str) -> None:
        """Raise InputError if one of the times needs a zone and none was given."""
        for value in times:
            try:
                parse_time(value, self.zone)
            except NoZoneError:
                raise InputError(
                    f"The times in '{name}' (such as {shown(value)}) have no time zone: name it with --tz, "
                    f"for example --tz {self.calendar.zone}."
                ) from None
            except RowError:
                continue

    def when(self, value: object, interval: Interval, report: ImportReport) -> int:
        """Return a bar's instant (ms UTC), of a daily bar its day since 1970."""
        if interval.intraday:
            return parse_time(value, self.zone)
        day = _date_of(value)
        if day is None:
            instant = parse_time(value, self.zone or zone_info(self.calendar.zone))
            date = dt.datetime.fromtimestamp(instant / 1000, zone_info(self.calendar.zone)).date()
            # Some services stamp a day by its midnight in UTC, whatever the exchange.
            day = instant // DAY_MS if instant % DAY_MS == 0 else (date - _EPOCH_DAY).days
        place = int(np.searchsorted(self.calendar.label, day))
        if place < len(self.calendar.label) and self.calendar.label[place] == day:
            return day
        weekday = (day + 3) % 7
        if weekday >= 5:
            raise RowError(f"{shown(value)} is a weekend")
        report.note(f"{_iso(day)} was no session of the exchange; its bar was kept with the regular hours.")
        return day

    def session_times(self, day: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[Any, Any]:
        """Return open and close (ms UTC) of the sessions; on a day without one the nearest session's hours."""
        calendar = self.calendar
        place = np.clip(np.searchsorted(calendar.label, day), 0, max(len(calendar.label) - 1, 0))
        start, end = calendar.open[place].copy(), calendar.close[place].copy()
        zone = zone_info(calendar.zone)
        for i in np.flatnonzero(calendar.label[place] != day):
            shift = dt.timedelta(days=int(day[i] - calendar.label[place[i]]))
            for times in (start, end):
                # Same clock on another date, whatever daylight saving does in between.
                local = dt.datetime.fromtimestamp(int(times[i]) / 1000, zone).replace(tzinfo=None) + shift
                times[i] = round(local.replace(tzinfo=zone).timestamp() * 1000)
        return start, end

    def session_opens(self, time: np.ndarray[Any, np.dtype[np.int64]]) -> Any:
        """Return the open (ms UTC) of the session that each instant (ms UTC) belongs to."""
        place = np.searchsorted(self.calendar.open, time, side="right") - 1
        return np.where(place >= 0, self.calendar.open[np.maximum(place, 0)], time) if len(self.calendar) else time


def _date_of(value: object) -> int | None:
    """Return the day since 1970 of a date, or of a midnight on the clock that wrote it; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if found := _MIDNIGHT.fullmatch(text):
        text = found[1].strip()
    if not _DATE_ONLY.fullmatch(text):
        return None
    try:
        return parse_time(text, dt.UTC) // DAY_MS
    except RowError:
        return None


def _iso(day: int) -> str:
    return (_EPOCH_DAY + dt.timedelta(days=day)).isoformat()
