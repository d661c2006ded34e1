"""Compute a calendar with exchange_calendars, and fill the years that it does not know with plain weekdays.

This is the slow way, taken where no cached calendar is found; see `core.clock.calendars`.
"""

from __future__ import annotations

import datetime as dt
import threading
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from core.clock.calendars import FIRST_YEAR, LAST_YEAR, Calendar
from core.clock.exchanges import ALWAYS, CURRENCIES
from core.clock.holidays import NO_SESSION, name_holidays
from core.clock.zones import day_bounds, offsets
from core.model import DAY_MS, MINUTE_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.series import IntArray

_EPOCH = dt.date(1970, 1, 1)
_FIRST_DAY = (dt.date(FIRST_YEAR, 1, 1) - _EPOCH).days
_LAST_DAY = (dt.date(LAST_YEAR, 12, 31) - _EPOCH).days
_WEEKDAYS = "1111100"

# Calendars that list most holidays one by one know nothing beyond the last one listed; those that follow rules (and
# list only the odd day of mourning) go on for ever.
_MANY_LISTED = 100

# Lunch breaks that exchange_calendars gives as they are now for all time: code -> (until, start, end) in minutes of
# the local day, for sessions up to that date. Hong Kong moved its break on 2011-03-07 and 2012-03-05 (HKEX circulars),
# Tokyo its own on 2011-11-21 (TSE).
_FORMER_BREAKS: dict[str, tuple[tuple[dt.date, int, int], ...]] = {
    "XHKG": ((dt.date(2011, 3, 4), 12 * 60 + 30, 14 * 60 + 30), (dt.date(2012, 3, 2), 12 * 60, 13 * 60 + 30)),
    "XTKS": ((dt.date(2011, 11, 18), 11 * 60, 12 * 60 + 30),),
}


# Tel Aviv traded from Sunday to Thursday until 2026-01-04. With pandas 3 exchange_calendars loses that, so what it says
# of the years before is not used.
_FORMER_WEEKS = {"XTAE": (dt.date(2026, 1, 4), "1111001")}


class _Sessions(NamedTuple):
    """Columns of a calendar, as `Calendar` has them."""

    label: IntArray
    open: IntArray
    close: IntArray
    break_start: IntArray
    break_end: IntArray


class _Hours(NamedTuple):
    """Regular hours in minutes from the local midnight of the session's date."""

    open: int
    close: int
    break_start: int | None
    break_end: int | None


class _Regular(NamedTuple):
    """An exchange of which only its regular week is known. `former` is the week that it kept until a date."""

    zone: str
    hours: _Hours
    weekmask: str
    former: tuple[dt.date, str] | None = None


# Exchanges that Yahoo serves and exchange_calendars does not have, by the hours that they state (auctions included).
# The United Arab Emirates moved their weekend on 2022-01-01.
_REGULAR: dict[str, _Regular] = {
    "BVCA": _Regular("America/Caracas", _Hours(9 * 60, 13 * 60, None, None), _WEEKDAYS),
    "DSMD": _Regular("Asia/Qatar", _Hours(9 * 60 + 30, 13 * 60 + 15, None, None), "1111001"),
    "XCAI": _Regular("Africa/Cairo", _Hours(10 * 60, 14 * 60 + 30, None, None), "1111001"),
    "XDFM": _Regular("Asia/Dubai", _Hours(10 * 60, 15 * 60, None, None), _WEEKDAYS, (dt.date(2022, 1, 1), "1111001")),
    "XKUW": _Regular("Asia/Kuwait", _Hours(9 * 60, 12 * 60 + 45, None, None), "1111001"),
    "XSTC": _Regular("Asia/Ho_Chi_Minh", _Hours(9 * 60, 15 * 60, 11 * 60 + 30, 13 * 60), _WEEKDAYS),
}


def always_open() -> Calendar:
    """Return the calendar of what never closes: sessions are UTC days."""
    label = np.arange(_FIRST_DAY, _LAST_DAY + 1, dtype=np.int64)
    start = label * DAY_MS
    return Calendar(
        ALWAYS, "UTC", label, start, start + DAY_MS, start, start,
        always_open=True, known_from=int(start[0]), known_until=int(start[-1]) + DAY_MS,
    )  # fmt: skip


def currencies() -> Calendar:
    """Return the calendar of currencies: Monday to Friday, midnight to midnight in London, as Yahoo cuts its days."""
    days = _assumed("Europe/London", _Hours(0, 24 * 60, None, None), _FIRST_DAY, _LAST_DAY + 1, _WEEKDAYS)
    return Calendar(
        CURRENCIES, "Europe/London", *days,
        always_open=False, known_from=int(days.open[0]), known_until=int(days.close[-1]),
    )  # fmt: skip


_ONE_AT_A_TIME = threading.Lock()


def compute(code: str) -> Calendar:
    """Return the calendar of an exchange other than those above. One thread computes at a time."""
    if code in _REGULAR:
        return _regular(code, *_REGULAR[code])
    # Filters of warnings belong to the process: two threads that set and restore them would undo each other's.
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library's own dealings with pandas
        return _compute(code)


def _compute(code: str) -> Calendar:
    from exchange_calendars import calendar_utils  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - seconds

    # There is no public way to the class, whose bounds must be known before a calendar is made.
    factory: Any = vars(calendar_utils)["_default_calendar_factories"][code]
    zone = str(factory.tz.key)
    hours = _hours(factory)
    source = _instantiate(factory)
    if source is None:
        return _regular(code, zone, hours, _WEEKDAYS)

    first, last = _known_days(source)
    weekmask = str(source.weekmask)
    former_weekmask = weekmask
    if code in _FORMER_WEEKS:
        until, former_weekmask = _FORMER_WEEKS[code]
        first = (until - _EPOCH).days + 1
    known = _known_sessions(code, source, zone, first, last)
    former, later = (
        _assumed(zone, hours, _FIRST_DAY, first, former_weekmask),
        _assumed(zone, hours, last + 1, _LAST_DAY + 1, weekmask),
    )
    columns = (np.concatenate(parts) for parts in zip(former, known, later, strict=True))
    holiday, names = _holidays(code, source, known.label, first, last)
    return Calendar(
        code, zone, *columns,
        always_open=False,
        known_from=day_bounds(_EPOCH + dt.timedelta(days=first), zone)[0],
        known_until=day_bounds(_EPOCH + dt.timedelta(days=last), zone)[1],
        holiday=holiday, holiday_name=names,
    )  # fmt: skip


def _regular(code: str, zone: str, hours: _Hours, weekmask: str, former: tuple[dt.date, str] | None = None) -> Calendar:
    """Return the calendar of an exchange whose holidays nobody knows: its regular week, and a note that says so."""
    since = _FIRST_DAY if former is None else (former[0] - _EPOCH).days
    parts = (
        _assumed(zone, hours, _FIRST_DAY, since, weekmask if former is None else former[1]),
        _assumed(zone, hours, since, _LAST_DAY + 1, weekmask),
    )
    days = _Sessions(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    note = f"The calendar of {code} is not available: weekdays are assumed to be sessions."
    edge = int(days.open[0])
    return Calendar(code, zone, *days, always_open=False, known_from=edge, known_until=edge, note=note)


def _instantiate(factory: Any) -> Any:
    """Ask for all years, within the bounds that the library states; without its early closes where those fail.

    With pandas 3 the library cannot build the early closes of some calendars nor the Orthodox Easter of others.
    """
    import pandas as pd  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - seconds

    low, high = factory.bound_min(), factory.bound_max()
    start, end = pd.Timestamp(f"{FIRST_YEAR}-01-01"), pd.Timestamp(f"{LAST_YEAR}-12-31")
    start, end = start if low is None else max(start, low), end if high is None else min(end, high)
    no_early_closes: list[Any] = []
    for kind in (factory, type(factory.__name__, (factory,), {"special_closes": no_early_closes})):
        try:
            return kind(start, end)
        except (ValueError, NotImplementedError, TypeError):
            continue
    return None


def _known_days(source: Any) -> tuple[int, int]:
    """Return the first and last day (since 1970) of which the library knows whether it is a session."""
    bound = source.bound_min()
    first = _FIRST_DAY if bound is None else max(_FIRST_DAY, _day(bound))
    bound = source.bound_max()
    last = _LAST_DAY if bound is None else min(_LAST_DAY, _day(bound))
    listed = _days(source.adhoc_holidays)
    if len(listed) > _MANY_LISTED:
        year = int(listed.max().astype("datetime64[D]").astype("datetime64[Y]").astype(int)) + 1970
        last = min(last, (dt.date(year, 12, 31) - _EPOCH).days)
    return first, last


def _known_sessions(code: str, source: Any, zone: str, first: int, last: int) -> _Sessions:
    table = source.schedule
    label = table.index.to_numpy().astype("datetime64[D]").astype(np.int64)
    opens, starts, ends, closes = (_ms(table[c]) for c in ("open", "break_start", "break_end", "close"))
    for until, start, end in reversed(_FORMER_BREAKS.get(code, ())):
        early = (label <= (until - _EPOCH).days) & ~np.isnat(starts)
        midnight = offsets(zone).to_utc_array(label * DAY_MS)
        starts[early] = (midnight[early] + start * MINUTE_MS).astype("datetime64[ms]")
        ends[early] = (midnight[early] + end * MINUTE_MS).astype("datetime64[ms]")
    none = np.isnat(starts) | np.isnat(ends) | (starts <= opens) | (ends >= closes) | (ends <= starts)
    starts[none] = ends[none] = opens[none]
    lost = np.array(NO_SESSION.get(code, ()), "datetime64[D]").astype(np.int64)
    keep = (label >= first) & (label <= last) & (closes > opens) & ~np.isin(label, lost)
    return _Sessions(label[keep], *(c[keep].astype(np.int64) for c in (opens, closes, starts, ends)))


def _assumed(zone: str, hours: _Hours, first: int, stop: int, weekmask: str) -> _Sessions:
    """Return regular sessions on the weekdays of days first … stop - 1."""
    day = np.arange(first, stop, dtype=np.int64)
    label = day[np.array([c == "1" for c in weekmask])[(day + 3) % 7]]  # 1970-01-01 was a Thursday
    zone_offsets = offsets(zone)

    def at(minutes: int) -> IntArray:
        return zone_offsets.to_utc_array(label * DAY_MS + minutes * MINUTE_MS)

    opens = at(hours.open)
    if hours.break_start is None or hours.break_end is None:
        return _Sessions(label, opens, at(hours.close), opens, opens)
    return _Sessions(label, opens, at(hours.close), at(hours.break_start), at(hours.break_end))


def _hours(factory: Any) -> _Hours:
    """Return the regular hours of today, which stand for all years that are not known."""
    plain = object.__new__(factory)  # hours do not depend on the years, whose computing is what may have failed

    def minutes(name: str, day_offset: str = "") -> int | None:
        times: Any = getattr(plain, name)
        if not times or times[-1][1] is None:
            return None
        shift = int(getattr(plain, day_offset)) if day_offset else 0
        return times[-1][1].hour * 60 + times[-1][1].minute + shift * 24 * 60

    return _Hours(
        minutes("open_times", "open_offset") or 0,
        minutes("close_times", "close_offset") or 24 * 60,
        minutes("break_start_times"),
        minutes("break_end_times"),
    )


def _holidays(code: str, source: Any, label: IntArray, first: int, last: int) -> tuple[IntArray, NDArray[np.str_]]:
    """Return the regular weekdays without a session, and their names."""
    day = np.arange(first, last + 1, dtype=np.int64)
    regular = day[np.array([c == "1" for c in source.weekmask])[(day + 3) % 7]]
    closed = np.setdiff1d(regular, label)
    named: dict[int, str] = {}
    rules = source.regular_holidays
    if rules is not None and len(closed):
        found = rules.holidays(source.first_session, source.last_session, return_name=True)
        named = dict(zip(_days(found.index).tolist(), map(str, found.to_numpy()), strict=True))
    return closed, name_holidays(code, closed, named)


def _ms(column: Any) -> NDArray[np.datetime64]:
    return column.dt.tz_localize(None).to_numpy().astype("datetime64[ms]").copy()


def _days(stamps: Any) -> IntArray:
    """Return stamps of pandas or numpy, with or without a zone, as days since 1970."""
    import pandas as pd  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs] - seconds

    return np.array(sorted(_day(pd.Timestamp(s)) for s in stamps), np.int64)


def _day(stamp: Any) -> int:
    return (stamp.date() - _EPOCH).days
