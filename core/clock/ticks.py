"""Where the time axis puts its ticks, and the shortest text that tells each from its neighbours.

Ticks stand where sessions and bars are: at opens, at round local times within sessions, at the first session of a
month or year. Candidates are found on a grid that depends on the zoom alone, so ticks stay put while the chart pans.
"""

from __future__ import annotations

import datetime as dt
import functools
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from core.clock.calendars import FIRST_YEAR, LAST_YEAR
from core.clock.clocks import make_clock
from core.clock.closures import closure_table
from core.clock.zones import offsets
from core.model import DAY_MS, MINUTE_MS, ClockMode
from core.quantiles import quantile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.clock.calendars import Calendar
    from core.clock.clocks import Clock
    from core.clock.zones import Offsets
    from core.series import FloatArray, IntArray

Language: TypeAlias = Literal["en", "zh"]

_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_SECOND_MS = 1000
_STEPS = tuple(s * _SECOND_MS for s in (1, 5, 15, 30)) + tuple(
    m * MINUTE_MS for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
)
_DAY_STEPS = (1, 2, 3, 5, 7, 10, 14)
_SESSION_STEPS = (1, 2, 3, 5, 7, 10)
_MONTH_STEPS = (1, 2, 3, 6)
_YEAR_STEPS = (1, 2, 5, 10, 20, 50)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# How a candidate ranks against a neighbour that is too near: a date's first tick before a session's second half
# before a plain time before one that fills a hole between those; a year before a month before a day.
_FILL, _PLAIN, _HALF, _DATE, _MONTH, _YEAR = range(6)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at chart position `x` and instant `ms` (UTC); `major` where the date (or year) changes."""

    x: float
    ms: int
    text: str
    major: bool


class _Days(NamedTuple):
    """The days that ticks may stand at, in order of time; arrays of shape (n,)."""

    day: IntArray  # days since 1970 of the date that is shown
    ms: IntArray  # first instant: the session's open, or local midnight
    x: FloatArray
    month: IntArray  # months since 1970
    within: IntArray  # how many days of the same month stand before: 0 for the month's first
    pitch: float  # distance in x from one day to the next that all but the shortest keep
    months: IntArray  # indexes of the days that begin a month
    years: IntArray  # and a year
    month_room: tuple[float, ...]  # as `pitch`, for each of _MONTH_STEPS
    year_room: tuple[float, ...]  # and _YEAR_STEPS


class _Candidate(NamedTuple):
    x: float
    ms: int
    rank: int
    day: int  # date shown, days since 1970


def ticks(
    clock: Clock, x0: float, x1: float, max_count: int, zone: str | None = None, language: Language = "en"
) -> list[Tick]:
    """Return the ticks within [x0, x1), at most `max_count` and never nearer than (x1 - x0) / max_count.

    Times and dates are those of `zone` (the exchange's where None); ticks of whole days in trading mode bear the
    session's own date. Raises UsageError for an unknown zone.
    """
    if not x1 > x0 or max_count < 1:
        return []
    zone = zone or clock.calendar.zone
    room = (x1 - x0) / max_count
    days = _days(clock, zone)
    if 2 * room <= days.pitch:
        found = _times(clock, x0, x1, room, offsets(zone))
        return _label_times(_spread(found, room), x0, x1, offsets(zone), language)
    # One day more on each side, so that what is hidden by a neighbour does not come and go at the edges.
    low, high = np.searchsorted(days.x, (x0 - room, x1 + room)).tolist()
    chosen, unit = _dates(days, low, high, room)
    kept = _spread(chosen, room)
    if not any(x0 <= c.x < x1 for c in kept):
        kept, unit = _lone(days, x0, x1)
    return _label_dates(kept, x0, x1, unit, language)


def _days(clock: Clock, zone: str) -> _Days:
    if clock.mode is ClockMode.WALL:
        return _midnights(zone)
    return _shifted(clock.calendar, zone) if clock.calendar.always_open else _session_days(clock.calendar)


@functools.lru_cache(maxsize=32)
def _session_days(calendar: Calendar) -> _Days:
    # Where several exchanges share the axis, a date begins with its first session.
    first = np.flatnonzero(np.diff(calendar.label, prepend=calendar.label[:1] - 1))
    opens = calendar.open[first]
    return _table(calendar.label[first], opens, make_clock(ClockMode.TRADING, calendar).to_x(opens))


@functools.lru_cache(maxsize=32)
def _midnights(zone: str) -> _Days:
    first, last = (dt.date(y, 1, 1).toordinal() - _EPOCH_ORDINAL for y in (FIRST_YEAR, LAST_YEAR + 1))
    day = np.arange(first, last, dtype=np.int64)
    ms = offsets(zone).to_utc_array(day * DAY_MS)
    return _table(day, ms, ms.astype(np.float64))


@functools.lru_cache(maxsize=32)
def _shifted(calendar: Calendar, zone: str) -> _Days:
    days = _midnights(zone)
    return days._replace(x=make_clock(ClockMode.TRADING, calendar).to_x(days.ms))


def _table(day: IntArray, ms: IntArray, x: FloatArray) -> _Days:
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = np.flatnonzero(np.diff(month, prepend=month[:1] - 1))
    years = first[np.diff(month[first] // 12, prepend=month[:1] // 12 - 1) > 0]
    within = np.arange(len(day)) - np.repeat(first, np.diff(np.append(first, len(day))))
    month_room = tuple(_shortest(x[first[month[first] % step == 0]]) for step in _MONTH_STEPS)
    year_room = tuple(_shortest(x[years[(month[years] // 12 + 1970) % step == 0]]) for step in _YEAR_STEPS)
    return _Days(day, ms, x, month, within, _shortest(x), first, years, month_room, year_room)


def _shortest(x: FloatArray) -> float:
    """Return the distance that nineteen of twenty neighbours keep: half days and the like must not thin out a chart."""
    return quantile(np.diff(x), 0.05) if len(x) > 1 else float("inf")


def _dates(days: _Days, low: int, high: int, room: float) -> tuple[list[_Candidate], int]:
    """Choose days low … high - 1 for ticks at least `room` apart, and the unit that most of them stand for."""
    daily = _DAY_STEPS if days.pitch >= DAY_MS * 0.99 else _SESSION_STEPS
    for step in daily:
        if room <= step * days.pitch <= days.month_room[0] * 0.7:  # at least two ticks in most months
            index = np.arange(low, high)
            return _candidates(days, index[days.within[low:high] % step == 0]), _DATE
    for step, distance in zip(_MONTH_STEPS, days.month_room, strict=True):
        if distance >= room:
            index = _part(days.months, low, high)
            return _candidates(days, index[days.month[index] % step == 0]), _MONTH
    index = _part(days.years, low, high)
    fitting = (s for s, distance in zip(_YEAR_STEPS, days.year_room, strict=True) if distance >= room)
    step = next(fitting, _YEAR_STEPS[-1])
    return _candidates(days, index[(days.month[index] // 12 + 1970) % step == 0]), _YEAR


def _lone(days: _Days, x0: float, x1: float) -> tuple[list[_Candidate], int]:
    """Choose one day of [x0, x1) for a range that lies between the ticks of its zoom: the roundest, near the middle."""
    low, high = np.searchsorted(days.x, (x0, x1)).tolist()
    within = days.within[low:high]
    choices = [(_part(days.years, low, high), _YEAR), (_part(days.months, low, high), _MONTH)]
    choices += [(low + np.flatnonzero(within % step == 0), _DATE) for step in reversed(_SESSION_STEPS)]
    for found, unit in choices:
        if len(found):
            nearest = found[np.argmin(np.abs(days.x[found] - (x0 + x1) / 2))]
            return _candidates(days, np.array([nearest])), unit
    return [], _DATE


def _part(index: IntArray, low: int, high: int) -> IntArray:
    return index[np.searchsorted(index, low) : np.searchsorted(index, high)]


def _candidates(days: _Days, index: IntArray) -> list[_Candidate]:
    first = days.within[index] == 0
    of_year = np.searchsorted(days.years, index, side="right") > np.searchsorted(days.years, index)
    rank = np.where(first, np.where(of_year, _YEAR, _MONTH), _DATE)
    columns = (days.x[index], days.ms[index], rank, days.day[index])
    return [_Candidate(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _times(clock: Clock, x0: float, x1: float, room: float, zone: Offsets) -> list[_Candidate]:
    """Choose opens and round local times; in a closure that is wide on the screen, round times of its own grid."""
    start, end = clock.to_ms(x0 - room), clock.to_ms(x1 + room)
    rank: dict[int, int] = {}
    step = _step(room)
    finer = max((s for s in _STEPS if 2 * s <= step), default=step)
    if clock.mode is ClockMode.WALL or clock.calendar.always_open:
        rank = dict.fromkeys(_round_times(start, end, step, zone), _PLAIN)
    else:
        calendar = clock.calendar
        low, high = np.searchsorted(calendar.open, (start, end)).tolist()
        part = slice(max(low - 1, 0), high)
        sessions = (c[part].tolist() for c in (calendar.open, calendar.break_start, calendar.break_end, calendar.close))
        for opened, pause, resumed, closed in zip(*sessions, strict=True):
            pieces = ((opened, closed),) if pause == resumed else ((opened, pause), (resumed, closed))
            for first, last in pieces:
                for every, plain in ((finer, _FILL), (step, _PLAIN)):
                    rank.update(dict.fromkeys(_round_times(max(first, start), min(last, end), every, zone), plain))
            if pause != resumed:
                rank[resumed] = _HALF
            rank[opened] = _DATE
        for time in _closed_times(clock, start, end, room, zone):
            rank.setdefault(time, _PLAIN)
    times = sorted(t for t in rank if start <= t <= end)
    x = clock.to_x(np.array(times, np.int64)).tolist()
    found: list[_Candidate] = []
    for time, position in zip(times, x, strict=True):
        local = time + zone.at(time)
        found.append(_Candidate(position, time, _DATE if not local % DAY_MS else rank[time], local // DAY_MS))
    return found


def _closed_times(clock: Clock, start: int, end: int, room: float, zone: Offsets) -> Iterable[int]:
    table = closure_table(clock.calendar)
    part = table.overlapping(start, end)
    opening, closing = table.start[part], table.end[part]
    wide = np.flatnonzero(clock.to_x(closing) - clock.to_x(opening) >= 3 * room)
    edges: list[tuple[int, int]] = list(zip(opening[wide].tolist(), closing[wide].tolist(), strict=True))
    for first, last in edges:
        width: float = clock.to_x(last) - clock.to_x(first)
        step = _step(room * (last - first) / width)
        if step <= _STEPS[-1]:
            yield from _round_times(max(first, start), min(last, end), step, zone)


def _step(room: float) -> int:
    return next((s for s in _STEPS if s >= room), DAY_MS)


def _round_times(start: int, end: int, step: int, zone: Offsets) -> Iterable[int]:
    """Return the instants of [start, end) at which clocks show a multiple of `step` after midnight."""
    shift = zone.at(start)
    if shift == zone.at(end):
        return range(start + -(start + shift) % step, end, step)
    local = range((start + shift) // step * step - DAY_MS // 4, end + zone.at(end) + DAY_MS // 4, step)
    local = (t - t % step for t in local)
    times = dict.fromkeys(zone.to_utc(t) for t in local)
    # An hour that a change of offset leaves out would put its tick beside the grid.
    return [t for t in times if start <= t < end and not (t + zone.at(t)) % step]


def _spread(found: list[_Candidate], room: float) -> list[_Candidate]:
    """Drop what stands nearer than `room` to a neighbour of higher rank, or of equal rank and before it."""
    # Rounding of x must not decide whether neighbours at exactly the wanted distance stay.
    room *= 1 - 1e-9
    kept: list[_Candidate] = []
    for c in sorted(found, key=lambda c: -c.rank):
        at = bisect_left(kept, c)
        if (at == 0 or c.x - kept[at - 1].x >= room) and (at == len(kept) or kept[at].x - c.x >= room):
            kept.insert(at, c)
    return kept


def _label_times(kept: list[_Candidate], x0: float, x1: float, zone: Offsets, language: Language) -> list[Tick]:
    result: list[Tick] = []
    previous: _Candidate | None = None
    seconds = any(c.ms % MINUTE_MS and c.rank == _PLAIN for c in kept)
    for c in kept:
        major = c.rank == _DATE if previous is None else c.day != previous.day
        clock = (c.ms + zone.at(c.ms)) % DAY_MS
        text = _date_text(c.day, language) if major else _clock_text(clock, seconds=seconds)
        previous = c
        if x0 <= c.x < x1:
            result.append(Tick(c.x, c.ms, text, major))
    return _with_date(result, kept, language)


def _with_date(result: list[Tick], kept: list[_Candidate], language: Language) -> list[Tick]:
    """Put the date at the first tick where no other tick shows one."""
    if result and not any(t.major for t in result):
        day = next(c.day for c in kept if c.ms == result[0].ms)
        result[0] = replace(result[0], text=_date_text(day, language), major=True)
    return result


def _label_dates(kept: list[_Candidate], x0: float, x1: float, unit: int, language: Language) -> list[Tick]:
    seen = [c for c in kept if x0 <= c.x < x1]
    anonymous = unit != _YEAR and not any(c.rank > unit for c in seen)
    result: list[Tick] = []
    for c in seen:
        date = dt.date.fromordinal(c.day + _EPOCH_ORDINAL)
        first = anonymous and not result
        if c.rank == _YEAR:
            text = f"{date.year}年" if language == "zh" else f"{date.year}"
        elif c.rank == _MONTH:
            text = _month_text(date, language, year=first)
        elif first:
            text = _date_text(c.day, language)
        else:
            text = f"{date.day}日" if language == "zh" else f"{date.day}"
        result.append(Tick(c.x, c.ms, text, first or c.rank > min(unit, _MONTH)))
    return result


def _month_text(date: dt.date, language: Language, *, year: bool) -> str:
    if language == "zh":
        return f"{date.year}年{date.month}月" if year else f"{date.month}月"
    return f"{_MONTHS[date.month - 1]} {date.year}" if year else _MONTHS[date.month - 1]


def _date_text(day: int, language: Language) -> str:
    date = dt.date.fromordinal(day + _EPOCH_ORDINAL)
    return f"{date.month}月{date.day}日" if language == "zh" else f"{date.day} {_MONTHS[date.month - 1]}"


def _clock_text(local: int, *, seconds: bool) -> str:
    minutes, rest = divmod(local, MINUTE_MS)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest // _SECOND_MS:02}" if seconds else text
