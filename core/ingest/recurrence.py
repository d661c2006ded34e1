"""When an event of an ICS file recurs (RFC 5545, 3.8.5): rules, further dates and exceptions, on the event's own clock.

Rules are followed on local time, so that a call at nine stays at nine when the clocks change, and never further than a
horizon, whatever a file asks for.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from core.ingest.values import RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Moment: TypeAlias = "dt.datetime | dt.date"
Component: TypeAlias = "Mapping[str, Any]"  # an icalendar.Event: values by the names of properties

MOST_OCCURRENCES = 1000
# Nothing that recurs within the hour is an event on a chart, and a rule may name a second that never comes.
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}


def occurrences(component: Component, start: Moment, horizon: dt.datetime) -> tuple[list[Moment], bool]:
    """Return the starts of an event that begins at `start`, in order, and whether the horizon cut them short.

    They are of the kind of `start`: dates, or times with its zone or without one. `horizon` is a time in UTC without
    its zone; at most 1000 occurrences are taken. An event without a rule occurs once, however far away.
    Raises RowError for a rule that cannot be followed.
    """
    first = naive(start, start)
    rules = values_of(component, "RRULE")
    limit = first if not rules else max(first, horizon)
    found: set[dt.datetime] = {first}
    cut = False
    for rule in rules:
        times, more = _by_rule(rule, start, limit)
        found.update(times)
        cut |= more
    found.update(naive(moment, start) for moment in listed(component, "RDATE"))
    for gone in listed(component, "EXDATE"):
        local = naive(gone, start)
        whole_day = not isinstance(gone, dt.datetime)
        found -= {f for f in found if f == local or (whole_day and f.date() == local.date())}
    order = sorted(found)
    return [_like(start, local) for local in order[:MOST_OCCURRENCES]], cut or len(order) > MOST_OCCURRENCES


def naive(moment: Moment, like: Moment) -> dt.datetime:
    """Return a moment as the local time of `like`'s zone, without the zone; a date is its midnight."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time())
    zone = like.tzinfo if isinstance(like, dt.datetime) else None
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def values_of(component: Component, name: str) -> list[Any]:
    """Return the values of a property that may stand once, several times or not at all."""
    value = component.get(name)
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def listed(component: Component, name: str) -> Iterator[Moment]:
    """Give the moments of a property that lists them; of a period its beginning."""
    for value in values_of(component, name):
        for item in cast("Iterable[Any]", getattr(value, "dts", ())):
            moment: Any = item.dt
            yield cast("Any", moment[0]) if isinstance(moment, tuple) else moment


def _by_rule(rule: Any, start: Moment, limit: dt.datetime) -> tuple[list[dt.datetime], bool]:
    """Return the local times of one rule up to `limit`, and whether it would go on."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415  read by few

    parts: dict[str, Any] = {str(name).upper(): value for name, value in rule.items()}
    often = _only(parts.get("FREQ"))
    if often in _TOO_OFTEN:
        raise RowError(f"it recurs {str(often).lower()}, which no chart can show")
    count, until = _only(parts.pop("COUNT", None)), _only(parts.pop("UNTIL", None))
    last = limit
    if until is not None:
        last = naive(until, start)
        if not isinstance(until, dt.datetime):
            last += dt.timedelta(days=1) - dt.timedelta(seconds=1)
    copy = type(rule)(parts)
    # Bounded by the horizon in any case: a rule that never matches would be followed to the year 9999.
    text = f"{copy.to_ical().decode()};UNTIL={min(last, limit):%Y%m%dT%H%M%S}"
    try:
        times = iter(rrulestr(text, dtstart=naive(start, start)))
        most = MOST_OCCURRENCES if count is None else min(int(count), MOST_OCCURRENCES)
        found = list(islice(times, most))
    except (ValueError, TypeError, OverflowError) as error:
        raise RowError(f"its rule '{rule.to_ical().decode()}' cannot be followed ({error})") from None
    complete = (count is not None and len(found) >= int(count)) or (until is not None and last <= limit)
    return found, not complete or (count is None and len(found) >= MOST_OCCURRENCES)


def _only(value: Any) -> Any:
    return cast("list[Any]", value)[0] if isinstance(value, list) and value else None


def _like(start: Moment, local: dt.datetime) -> Moment:
    return local.replace(tzinfo=start.tzinfo) if isinstance(start, dt.datetime) else local.date()
