"""Imports events: earnings, rulings, launches, from tables with a time and a title, and from ICS calendars."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.clock import calendar_for
from core.errors import InputError, UnknownSubjectError
from core.ingest.event_changes import changes_of
from core.ingest.formats.base import columns_by_key, listed, mapped_columns
from core.ingest.formats.columns import getter
from core.ingest.ics import CalendarFile, is_calendar, read_calendar
from core.ingest.opening import opened
from core.ingest.report import ImportReport
from core.ingest.tables import Table, tell
from core.ingest.values import (
    DateOrder,
    NoZoneError,
    RowError,
    clean_text,
    date_order_evidence,
    depends_on_order,
    parse_time,
    shown,
    zone_named,
)
from core.model import Event, Instrument, subject_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.ingest.tables import Row
    from core.model import Subject
    from core.store import Store

FIELDS = ("time", "clock", "title", "note", "url", "id")
COLUMNS = {
    "time": (
        "time", "start", "start_date", "starts", "dtstart", "datetime", "date_time", "timestamp", "when", "date", "day",
        "published", "start_time", "时间", "开始时间", "开始日期", "日期", "发生时间",
    ),
    "clock": ("start_time", "clock", "hour", "time_of_day", "时刻"),
    "title": (
        "title", "event", "summary", "subject", "name", "headline", "what", "标题", "事件", "主题", "名称", "事项",
    ),
    "note": (
        "note", "notes", "description", "details", "detail", "body", "comment", "text", "location", "备注", "说明",
        "描述", "内容",
    ),
    "url": ("url", "link", "href", "source_url", "website", "source", "链接", "网址", "来源"),
    "id": ("id", "uid", "event_id", "编号"),
}  # fmt: skip
HORIZON = dt.timedelta(days=2 * 366)
LONGEST_TITLE, LONGEST_NOTE = 300, 4000
_MOST_TOLD = 20
_DATE_ONLY = re.compile(r"\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def import_events(
    store: Store | Path,
    files: Iterable[Path | str],
    *,
    subject: str,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    dry_run: bool = False,
    cache_dir: Path | None = None,
    progress: ProgressCallback | None = None,
    cancelled: CancelledCallback | None = None,
) -> ImportReport:
    """Import events of a subject from CSV, TSV, JSON, JSONL or ICS files, plain or packed.

    `mapping` names columns by field (FIELDS); `clock` is the time of day where it stands apart from the date. `zone`
    is that of times without one. A date without a time is the first instant of that day, in `zone` or else where the
    subject is traded. What recurs in an ICS file is followed to two years from now. An event that was imported before
    and has moved since moves: it is known by its UID, or by its `id` and title in a table of the same name. Rows are
    those of the table, or the VEVENTs of the calendar in their order.

    Raises:
        UsageError: the mapping or zone makes no sense.
        UnknownSubjectError: there is no such subject, and it is no symbol either.
        CancelledError: `cancelled` returned True; files before the present one stay.
        StoreError: the store failed.

    """
    began = time.perf_counter()
    given = zone_named(zone) if zone else None
    report = ImportReport()
    with opened(store, dry_run=dry_run) as target:
        found = _subject(target, subject, dry_run=dry_run)
        reader = _Reader(_leading(found), given, mapping or {}, cache_dir, report)
        for file in files:
            path = Path(file)
            try:
                if is_calendar(path):
                    events = reader.calendar(path, str(file))
                else:
                    events = reader.table(path, str(file), progress, cancelled)
            except InputError as error:
                report.reject(str(file), 0, str(error))
                continue
            _keep(target, found, events, report, dry_run=dry_run)
    report.seconds = time.perf_counter() - began
    return report


class _Reader:
    """Turns files into events, and tells the report what it had to assume."""

    def __init__(
        self,
        symbol: str,
        zone: dt.tzinfo | None,
        mapping: Mapping[str, str],
        cache_dir: Path | None,
        report: ImportReport,
    ) -> None:
        self._symbol, self._zone, self._mapping, self._cache_dir = symbol, zone, mapping, cache_dir
        self._report = report

    def table(
        self, path: Path, shown_as: str, progress: ProgressCallback | None, cancelled: CancelledCallback | None
    ) -> list[Event]:
        """Read a table. Raises InputError where no time or title is among its columns, or a zone is needed."""
        report, events = self._report, list[Event]()
        with Table(path) as table:
            get = {name: getter(columns) for name, columns in self._columns(table).items()}
            sample = table.sample(200)
            times = [_when_text(row.values, get) for row in sample if not row.fault]
            order = self._order(times, path)
            self._need_zone(times, order, path)
            for row in table.rows():
                report.read += 1
                try:
                    events.append(self._event_of(row, get, order, path.name))
                except RowError as error:
                    report.reject(shown_as, row.number, str(error))
                if report.read % 2000 == 0:
                    tell(shown_as, table, report, progress, cancelled)
            tell(shown_as, table, report, progress, cancelled)
        return events

    def calendar(self, path: Path, shown_as: str) -> list[Event]:
        """Read an ICS file. Raises InputError where it has no events or a zone is needed."""
        report, events = self._report, list[Event]()
        until = horizon()
        found = read_calendar(path, until)
        zone = self._zone or self._own_zone(found)
        for number, read in found.events.items():
            report.read += 1
            if isinstance(read, RowError):
                report.reject(shown_as, number, str(read))
                continue
            try:
                for one in read:
                    when = self._instant(one.start, zone, path)
                    events.append(self._event(when, one.title, one.note, one.url, one.uid))
            except RowError as error:
                report.reject(shown_as, number, str(error))
        for title in found.endless[:20]:
            report.note(f"'{title}' goes on; it was followed to {until.date()}, or to its 1000th time.")
        return events

    def _columns(self, table: Table) -> dict[str, list[str]]:
        mapped = mapped_columns(self._mapping, FIELDS, table.columns, table.name)
        by_key = columns_by_key(table.columns)
        taken, found = set(mapped.values()), {name: [column] for name, column in mapped.items()}
        for name, names in COLUMNS.items():
            if name not in found:
                free = [by_key[n] for n in names if n in by_key and by_key[n] not in taken]
                found[name] = free[:1]
                taken.update(free[:1])
        for name in ("time", "title"):
            if not found[name]:
                raise InputError(
                    f"No column of '{table.name}' is known as the {name} of an event; it has {listed(table.columns)}: "
                    f"name it with --map {name}=COLUMN."
                )
        return found

    def _order(self, times: list[object], path: Path) -> DateOrder | None:
        if not any(depends_on_order(t) for t in times):
            return None
        order = next((o for t in times if (o := date_order_evidence(t)) is not None), None)
        if order is None:
            self._report.note(f"Dates in '{path.name}' could be read either way; month/day/year was assumed.")
        return order or DateOrder.MONTH_FIRST

    def _need_zone(self, times: list[object], order: DateOrder | None, path: Path) -> None:
        if self._zone is not None:
            return
        for when in times:
            try:
                if not _date_only(when):
                    parse_time(when, None, order)
            except NoZoneError:
                raise _zone_wanted(path, when) from None
            except RowError:
                continue

    def _event_of(self, row: Row, get: Mapping[str, Any], order: DateOrder | None, file: str) -> Event:
        row.need()
        when = _when_text(row.values, get)
        zone = self._zone
        if zone is None and _date_only(when):
            zone = self._day_zone()
        title, note, url, number = (clean_text(get[name](row.values)) for name in ("title", "note", "url", "id"))
        # An id may be no more than the number of a row: it tells events of one title in one table apart.
        origin = f"{file} {number} {title}" if number else ""
        return self._event(parse_time(when, zone, order), title, note, url, origin)

    def _event(self, when: int, title: str, note: str, url: str, origin: str) -> Event:
        name = " ".join(title.split())[:LONGEST_TITLE]
        if not name:
            raise RowError("it has no title")
        link = link_of(url)
        if url and not link:
            # What cannot be opened is still worth reading.
            note = f"{note}\n{url}".strip()
        return Event(when, name, note[:LONGEST_NOTE], link, origin)

    def _instant(self, start: dt.datetime | dt.date, zone: dt.tzinfo | None, path: Path) -> int:
        if not isinstance(start, dt.datetime):
            start = dt.datetime.combine(start, dt.time(), zone or self._day_zone())
        elif start.tzinfo is None:
            if zone is None:
                raise _zone_wanted(path, str(start))
            start = start.replace(tzinfo=zone)
        if not 1990 <= start.year < 2101:
            raise RowError(f"the time {shown(str(start))} is not between 1990 and 2100")
        return (start - _EPOCH) // dt.timedelta(milliseconds=1)

    def _day_zone(self) -> dt.tzinfo:
        name = calendar_for(self._symbol, cache_dir=self._cache_dir).zone
        self._report.note(f"Dates without a time are days in {name}, where the subject is traded.")
        return zone_named(name)

    def _own_zone(self, found: CalendarFile) -> dt.tzinfo | None:
        try:
            return zone_named(found.zone) if found.zone else None
        except ValueError:
            return None


def _keep(store: Store | None, subject: Subject, events: list[Event], report: ImportReport, *, dry_run: bool) -> None:
    """Store the events of a file and tell how many were new, known, and which have moved."""
    key = subject_key(subject)
    there = store is not None and store.find_subject(key) is not None
    found = changes_of(key, store.events(subject) if store is not None and there else (), events)
    if store is not None and not dry_run:
        store.change_marks(found.changes)
    report.added += found.added
    report.moved += len(found.moved)
    report.duplicates += len(events) - found.added - len(found.moved)
    for old, new in found.moved[:_MOST_TOLD]:
        if old.time == new.time:
            report.note(f"'{old.title}' is called '{new.title}' now.")
        else:
            report.note(f"'{new.title}' moved from {_told(old.time)} to {_told(new.time)}.")


def _told(ms: int) -> str:
    return f"{dt.datetime.fromtimestamp(ms / 1000, dt.UTC):%Y-%m-%d %H:%M} UTC"


def horizon() -> dt.datetime:
    """Return how far what recurs is followed: two years from now (UTC, without its zone)."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None) + HORIZON


def link_of(text: str) -> str:
    """Return a link that a browser may open, or "" where the text is none: only http and https are ever opened."""
    link = text.strip()
    return link if re.fullmatch(r"https?://[^\s<>\"]{3,2000}", link, re.IGNORECASE) else ""


def _when_text(values: Mapping[str, Any], get: Mapping[str, Any]) -> object:
    """Return the time as one value; a date and a clock that stand apart are put together."""
    when, clock = get["time"](values), get["clock"](values)
    if isinstance(when, str) and _date_only(when) and isinstance(clock, str) and clock.strip():
        return f"{when.strip()} {clock.strip()}"
    return when


def _date_only(value: object) -> bool:
    return isinstance(value, str) and _DATE_ONLY.fullmatch(value.strip()) is not None


def _zone_wanted(path: Path, example: object) -> InputError:
    return InputError(
        f"The times in '{path.name}' (such as {shown(example)}) have no time zone: "
        "name it with --tz, for example --tz Asia/Shanghai."
    )


def _leading(subject: Subject) -> str:
    """Return the symbol that says where a subject is traded."""
    if isinstance(subject, Instrument):
        return subject.symbol
    return max(subject.members, key=lambda m: m.weight).symbol if subject.members else ""


def _subject(store: Store | None, subject: str, *, dry_run: bool) -> Subject:
    known = None if store is None else store.find_subject(subject)
    if known is not None:
        return known
    if subject != subject.upper() or not subject.isascii() or " " in subject:
        raise UnknownSubjectError(
            f"There is no concept or instrument '{subject}'; add it with: crowdtape concepts add."
        )
    instrument = Instrument(subject)
    if store is not None and not dry_run:
        store.put_instrument(instrument)
    return instrument
