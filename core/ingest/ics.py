"""Events out of ICS files (RFC 5545): one VEVENT after the other, so that a broken one costs no other."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from core.errors import InputError
from core.ingest.recurrence import Moment, naive, occurrences, values_of
from core.ingest.source import CutError, Source
from core.ingest.values import RowError, clean_text, shown

if TYPE_CHECKING:
    from pathlib import Path

    from core.ingest.recurrence import Component

Read: TypeAlias = "list[Occurrence] | RowError"

_LARGEST = 64 * 2**20
_BEGIN = re.compile(r"^BEGIN:VEVENT[ \t]*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^END:VEVENT[ \t]*$", re.MULTILINE | re.IGNORECASE)
_ZONES = re.compile(r"^BEGIN:VTIMEZONE[ \t]*$.*?^END:VTIMEZONE[ \t]*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_ZONE = re.compile(r"^X-WR-TIMEZONE(?:;[^:]*)?:(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence as the file has it: `start` is a date for a whole day, else a time with a zone or without.

    `uid` is that of its event, "" where the file gives none.
    """

    start: Moment
    title: str
    note: str
    url: str
    uid: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The events of a file, counted from 1 in its order: what was read of each, or why it could not be.

    `zone` is the name of the calendar's own zone, "" where it states none; `endless` are the titles of what recurs
    beyond the horizon.
    """

    events: dict[int, Read]
    zone: str
    endless: list[str]


def is_calendar(path: Path) -> bool:
    """Whether the file's beginning is that of an ICS file, packed or not. Raises InputError as `Source` does."""
    with Source(path) as source:
        return source.beginning().lstrip().upper().startswith("BEGIN:VCALENDAR")


def read_calendar(path: Path, horizon: dt.datetime) -> CalendarFile:
    """Read an ICS file, with what recurs followed up to `horizon` (UTC, without its zone).

    Raises InputError if no event is in it, or it is longer than 64 MB.
    """
    text, cut = _text(path)
    _learn_zones(_ZONES.findall(text))
    blocks = _BEGIN.split(text)[1:]
    if not blocks:
        raise InputError(f"'{path.name}' is a calendar without events.")
    events: dict[int, Read] = {}
    series: dict[str, list[tuple[int, Component]]] = {}
    for number, block in enumerate(blocks, 1):
        try:
            component = _component(block, cut if number == len(blocks) else "")
            series.setdefault(clean_text(component.get("UID")) or f"#{number}", []).append((number, component))
        except RowError as error:
            events[number] = error
    endless: list[str] = []
    for parts in series.values():
        events.update(_read_series(parts, horizon, endless))
    zone = _ZONE.search(text)
    return CalendarFile(dict(sorted(events.items())), zone[1] if zone else "", endless)


def _text(path: Path) -> tuple[str, str]:
    parts: list[str] = []
    size, cut = 0, ""
    with Source(path) as source:
        try:
            for chunk in source.chunks():
                parts.append(chunk)
                size += len(chunk)
                if size > _LARGEST:
                    raise InputError(f"'{path.name}' is longer than any calendar; split it.")
        except CutError as error:
            cut = str(error)
    # Old Macs end lines with CR alone; RFC 5545 with both.
    return "".join(parts).replace("\r\n", "\n").replace("\r", "\n"), cut


def _learn_zones(blocks: list[str]) -> None:
    """Let the library know the zones that the file defines itself; one that is broken is not known then."""
    from icalendar import Calendar  # noqa: PLC0415  read by few

    for block in blocks:
        try:
            Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{block}\r\nEND:VCALENDAR\r\n")
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            continue


def _component(block: str, cut: str) -> Component:
    """Read what stands between BEGIN:VEVENT and its end; `cut` says how the file broke off after it, if it did."""
    from icalendar import Event  # noqa: PLC0415  as above

    end = _END.search(block)
    if end is None:
        raise RowError(f"the file {cut}" if cut else "it has no END:VEVENT")
    try:
        component = Event.from_ical(f"BEGIN:VEVENT{block[: end.end()]}\r\n")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RowError(f"it cannot be read ({error})") from None
    if not isinstance(component, Event):
        raise RowError("it cannot be read")
    for name, reason in component.errors:
        if name in {"DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}:
            raise RowError(f"its {name} cannot be read ({reason})")
    return cast("Component", component)


def _read_series(parts: list[tuple[int, Component]], horizon: dt.datetime, endless: list[str]) -> dict[int, Read]:
    """Read the events of one UID: a master that may recur, and those that take the place of single occurrences."""
    read: dict[int, Read] = {}
    replaced: list[Moment] = []
    masters: list[tuple[int, Component]] = []
    for number, component in parts:
        if component.get("RECURRENCE-ID") is None:
            masters.append((number, component))
            continue
        replaced.append(component["RECURRENCE-ID"].dt)
        try:
            read[number] = [_occurrence(component, _start(component))]
        except RowError as error:
            read[number] = error
    for number, component in masters:
        try:
            start = _start(component)
            starts, cut = occurrences(component, start, horizon)
            gone = {naive(moment, start) for moment in replaced}
            read[number] = [_occurrence(component, s) for s in starts if naive(s, start) not in gone]
            if cut:
                endless.append(_title(component))
        except RowError as error:
            read[number] = error
    return read


def _start(component: Component) -> Moment:
    if clean_text(component.get("STATUS")).upper() == "CANCELLED":
        raise RowError("it was cancelled")
    found = values_of(component, "DTSTART")
    if not found:
        raise RowError("it has no DTSTART")
    start: object = found[0].dt
    zone = found[0].params.get("TZID")
    if isinstance(start, dt.datetime) and start.tzinfo is None and zone:
        raise RowError(f"its time zone {shown(zone)} is not known")
    if not isinstance(start, dt.date):
        raise RowError("its DTSTART is no date or time")
    return start


def _title(component: Component) -> str:
    lines = _texts(component, "SUMMARY") or _texts(component, "DESCRIPTION") or _texts(component, "LOCATION")
    title = " ".join(lines.split("\n")[0].split())
    if not title:
        raise RowError("it has no SUMMARY")
    return title


def _occurrence(component: Component, start: Moment) -> Occurrence:
    note = "\n".join(filter(None, (_texts(component, "LOCATION"), _texts(component, "DESCRIPTION"))))
    uid = clean_text(component.get("UID"))
    return Occurrence(start, _title(component), note, _texts(component, "URL"), uid)


def _texts(component: Component, name: str) -> str:
    return "\n".join(filter(None, (clean_text(str(value)) for value in values_of(component, name))))
