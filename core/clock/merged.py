"""One calendar for symbols that trade in different places: open when any of their exchanges is.

A concept with members in Shanghai and New York, or a comparison of two stocks, needs one axis on which every bar stands
where it was made. Sessions of one date that overlap become one (Hong Kong and Shanghai, London and New York); those
that do not stay apart (Shanghai and New York), each a slot of its own, so that no bar is told before it has closed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.clock.calendars import Calendar, calendar_for
from core.clock.sessions import slots

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from core.model import Interval
    from core.series import Bars, IntArray

# Sessions join when they share more than this part of the shorter one. Hong Kong and London share an hour in summer
# and none in winter, which must not make one slot a day of them in summer and two in winter.
_SHARED = 1 / 4


class _Sessions(NamedTuple):
    """Sessions in order of their close, as `Calendar` has them, without their breaks; arrays of shape (n,)."""

    label: IntArray
    open: IntArray
    close: IntArray


def calendar_of(symbols: Iterable[str], *, cache_dir: Path | None = None) -> Calendar:
    """Return the calendar by which all of these symbols (at least one) stand on one axis; the first one leads.

    Symbols of one exchange have its own calendar. Otherwise see `merge`. Computing a calendar takes seconds the first
    time; see `core.clock.calendars.load_calendar`.
    """
    found = dict.fromkeys(calendar_for(s, cache_dir=cache_dir) for s in symbols)
    return merge(tuple(found))


@functools.lru_cache(maxsize=16)
def merge(calendars: tuple[Calendar, ...]) -> Calendar:
    """Return the calendar that is open when any of these is. The first one leads: its zone is the zone.

    Sessions of one date that overlap join, and a break remains where all are closed; sessions of different dates that
    overlap are cut at the first one's close. So each session of each exchange closes in a session of the same date. A
    holiday is a date on which none trades though one usually would. What is known is what all know. Where one never
    closes, sessions are its days.
    """
    leader, *others = calendars
    if not others:
        return leader
    code, note = "+".join(c.code for c in calendars), " ".join(dict.fromkeys(c.note for c in calendars if c.note))
    known = max(c.known_from for c in calendars), min(c.known_until for c in calendars)
    always = next((c for c in calendars if c.always_open), None)
    if always is not None:
        return Calendar(
            code, leader.zone, always.label, always.open, always.close, always.open, always.open,
            always_open=True, known_from=known[0], known_until=known[1], note=note,
        )  # fmt: skip
    label, opens, pauses, resumes, closes = _with_breaks(_joined(calendars), *_open_spans(calendars))
    holiday, names = _holidays(calendars)
    return Calendar(
        code, leader.zone, label, opens, closes, pauses, resumes,
        always_open=False, known_from=known[0], known_until=known[1], note=note, holiday=holiday, holiday_name=names,
    )  # fmt: skip


def own_ends(calendar: Calendar, interval: Interval, bars: Bars) -> IntArray:
    """Return when each bar (in order of time) closed by its own exchange's calendar (ms UTC, shape (n,)).

    That is the end of the exchange's slot that holds its first instant, or the bar's own end where that is earlier or
    no slot holds it. On merged calendars a bar stands in the first slot that ends then or later.
    """
    if not len(bars):
        return bars.end
    start, end = slots(calendar, interval, int(bars.time[0]), int(bars.time[-1]) + 1)
    if not len(start):
        return bars.end
    home = np.searchsorted(start, bars.time, side="right") - 1
    until = end[np.maximum(home, 0)]
    return np.where((home >= 0) & (bars.time < until), np.minimum(bars.end, until), bars.end)


def _joined(calendars: tuple[Calendar, ...]) -> _Sessions:
    """Return the sessions of all, joined where they overlap on one date and cut apart elsewhere."""
    columns = [np.concatenate(c) for c in zip(*((c.label, c.open, c.close) for c in calendars), strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    rows: list[tuple[int, int, int]] = []
    for label, opened, closed in zip(*(c[order].tolist() for c in columns), strict=True):
        if rows and rows[-1][0] == label:
            _, first, last = rows[-1]
            shorter = min(last - first, closed - opened)
            if min(last, closed) - opened > _SHARED * shorter:
                rows[-1] = (label, first, max(last, closed))
                continue
        rows.append((label, opened, closed))
    rows.sort(key=lambda row: (row[2], row[1]))
    table = np.array(rows, np.int64)
    before = np.concatenate((table[:1, 1], np.maximum.accumulate(table[:-1, 2])))
    table[:, 1] = np.maximum(table[:, 1], before)
    table = table[table[:, 1] < table[:, 2]]
    return _Sessions(table[:, 0], table[:, 1], table[:, 2])


def _open_spans(calendars: tuple[Calendar, ...]) -> tuple[IntArray, IntArray]:
    """Return the longest spans [start, end) in which at least one exchange is open, in order."""
    first = np.concatenate([part for c in calendars for part in (c.open, c.break_end[c.break_end > c.break_start])])
    last = np.concatenate([part for c in calendars for part in (c.break_start[c.break_end > c.break_start], c.close)])
    first, last = np.sort(first), np.sort(last)
    # One more is open after each start and one less after each end: where the count returns to 0, a span has ended.
    ended = last[:-1] < first[1:]
    return first[np.concatenate(([True], ended))], last[np.concatenate((ended, [True]))]


def _with_breaks(
    joined: _Sessions, first: IntArray, last: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Return label, open, break start, break end and close, with sessions cut so that each has one break at most."""
    rows: list[tuple[int, int, int, int, int]] = []
    low = np.searchsorted(last, joined.open, side="right").tolist()
    high = np.searchsorted(first, joined.close, side="left").tolist()
    spans = list(zip(first.tolist(), last.tolist(), strict=True))
    for label, opened, closed, one, stop in zip(*(c.tolist() for c in joined), low, high, strict=True):
        pieces = [(max(a, opened), min(b, closed)) for a, b in spans[one:stop]]
        for k in range(0, len(pieces), 2):
            a, b = pieces[k]
            c, d = pieces[k + 1] if k + 1 < len(pieces) else (a, b)
            rows.append((label, a, b, c, d) if c > b else (label, a, a, a, b))
    table = np.array(rows, np.int64)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4]


def _holidays(calendars: tuple[Calendar, ...]) -> tuple[IntArray, NDArray[np.str_]]:
    days = np.unique(np.concatenate([c.holiday for c in calendars]))
    for c in calendars:
        days = np.setdiff1d(days, c.label)
    names = [[str(n) for c in calendars for n in c.holiday_name[c.holiday == day].tolist() if n] for day in days]
    return days, np.array([" / ".join(dict.fromkeys(n)) for n in names], np.str_)
