"""Imports metrics: ranks, heat and counters over time, from tables with a time column and one value or more.

Two well-known tables are recognised whole: Weibo's hot search, and ranks of an app store.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import InputError, UnknownSubjectError, UsageError
from core.ingest.formats.base import column_key, columns_by_key, listed, mapped_columns
from core.ingest.formats.columns import getter
from core.ingest.opening import opened
from core.ingest.report import ImportReport
from core.ingest.tables import Table, tell
from core.ingest.values import (
    EMPTY,
    NoZoneError,
    RowError,
    clean_text,
    is_lower_bound,
    parse_count,
    parse_time,
    shown,
    zone_named,
)
from core.model import DAY_MS, Instrument, Metric, MetricKind, subject_key

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.store import Store

_TIMES = (
    "time", "snapshot_at", "timestamp", "datetime", "date_time", "created_at", "date", "day", "时间", "日期",
    "采集时间",
)  # fmt: skip
_ITEMS = ("item", "title", "topic", "keyword", "hashtag", "app_name", "名称", "话题", "标题", "关键词")
_VALUES = (
    "value", "rank", "ranking", "position", "heat", "hot", "score", "count", "views", "view_count", "reads",
    "read_count",
    "discussions", "discuss_count", "likes", "notes", "排名", "热度", "阅读量", "讨论量", "浏览量", "笔记数",
)  # fmt: skip
FIELDS = ("time", "value", "item")
_RANK = re.compile(r"rank|position|排名|名次", re.IGNORECASE)
_COUNTER = re.compile(r"read|view|discuss|total|count|cumul|阅读|浏览|讨论|累计|笔记", re.IGNORECASE)
_DATE_ONLY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}/\d{1,2}/\d{4}")


@dataclass(slots=True)
class _Column:
    """One metric of a file: where its values stand, and what was read."""

    column: str
    metric: Metric
    times: list[int] = field(default_factory=list[int])
    values: list[float] = field(default_factory=list[float])
    items: list[str] = field(default_factory=list[str])
    at_least: int = 0  # how many of the values are lower bounds


@dataclass(frozen=True, slots=True)
class _Form:
    """What a file's columns mean."""

    time: str
    items: tuple[str, ...]
    values: tuple[tuple[str, str, MetricKind | None], ...]  # column, what is added to the name, kind
    zone: str | None = None


def import_metrics(
    store: Store | Path,
    files: Iterable[Path | str],
    *,
    subject: str,
    metric: str,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    kind: MetricKind | None = None,
    unit: str = "",
    source: str = "",
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
    cancelled: CancelledCallback | None = None,
) -> ImportReport:
    """Import metrics of a subject from files. A table with several values makes several metrics, `metric` each first.

    `mapping` names columns by field (FIELDS); `kind` is guessed from the names and the values unless given. Empty
    values are skipped, never zero. A date without a clock stands for the end of its day, when its figure was known.

    Raises:
        UsageError: the mapping or zone makes no sense, or the metric is known with another kind.
        UnknownSubjectError: there is no such subject, and it is no symbol either.
        CancelledError: `cancelled` returned True; files before the present one stay.
        StoreError: the store failed.

    """
    began = time.perf_counter()
    if not metric.strip():
        raise UsageError("A metric needs a name: give --metric NAME.")
    for name in mapping or {}:
        if name not in FIELDS:
            raise UsageError(f"--map knows no field '{name}'; fields are {', '.join(FIELDS)}.")
    given_zone = zone_named(zone) if zone else None
    report = ImportReport()
    with opened(store, dry_run=dry_run) as target:
        key = _subject(target, subject, dry_run=dry_run)
        for file in files:
            path = Path(file)
            try:
                with Table(path) as table:
                    form = _form(table, mapping or {})
                    columns = _read(table, str(file), form, metric.strip(), given_zone, report, progress, cancelled)
            except InputError as error:
                report.reject(str(file), 0, str(error))
                continue
            for column in columns:
                column.metric = Metric(column.metric.name, kind or _kind(column, form), unit, source or path.name)
            _keep(None if dry_run else target, key, columns, report)
    report.seconds = time.perf_counter() - began
    return report


def _subject(store: Store | None, subject: str, *, dry_run: bool) -> str:
    known = None if store is None else store.find_subject(subject)
    if known is not None:
        return subject_key(known)
    if subject != subject.upper() or not subject.isascii() or " " in subject:
        raise UnknownSubjectError(
            f"There is no concept or instrument '{subject}'; add it with: crowdtape concepts add."
        )
    if store is not None and not dry_run:
        store.put_instrument(Instrument(subject))
    return subject


def _form(table: Table, mapping: Mapping[str, str]) -> _Form:
    """Return what the columns mean. Raises InputError that lists them if no time or value is among them."""
    by_key = columns_by_key(table.columns)
    if not mapping:
        if {"snapshot_at", "rank", "title", "hot", "read_count", "discuss_count"} <= by_key.keys():
            return _Form("snapshot_at", ("title",), (
                ("rank", "rank", MetricKind.RANK), ("hot", "heat", MetricKind.LEVEL),
                ("read_count", "reads", MetricKind.COUNTER), ("discuss_count", "discussions", MetricKind.COUNTER),
            ), "Asia/Shanghai")  # fmt: skip
        if {"date", "chart", "rank"} <= by_key.keys() and {"app_id", "app_name"} & by_key.keys():
            items = tuple(
                by_key[c] for c in ("app_name", "app_id", "country", "device", "chart", "genre") if c in by_key
            )
            return _Form(by_key["date"], items, ((by_key["rank"], "", MetricKind.RANK),), "Asia/Shanghai")
    mapped = mapped_columns(mapping, FIELDS, table.columns, table.name)
    when = mapped.get("time") or next((by_key[c] for c in _TIMES if c in by_key), None)
    if when is None:
        raise InputError(
            f"No column of '{table.name}' is known as a time; it has {listed(table.columns)}: "
            "name it with --map time=COLUMN."
        )
    item = mapped.get("item") or next((by_key[c] for c in _ITEMS if c in by_key and by_key[c] != when), None)
    items: tuple[str, ...] = () if item is None else (item,)
    if "value" in mapped:
        return _Form(when, items, ((mapped["value"], "", None),))
    values = [by_key[c] for c in _VALUES if c in by_key and by_key[c] not in (when, *items)]
    values = values or _numeric(table, {when, *items})
    if not values:
        raise InputError(
            f"No column of '{table.name}' holds numbers; it has {listed(table.columns)}: "
            "name it with --map value=COLUMN."
        )
    return _Form(when, items, tuple((column, "" if len(values) == 1 else column, None) for column in values))


def _numeric(table: Table, taken: set[str]) -> list[str]:
    rows = [row.values for row in table.sample(50) if not row.fault]
    found: list[str] = []
    for column in table.columns:
        value = getter([column])
        filled = [v for row in rows if not _empty(v := value(row))]
        named_id = re.search(r"(?:^|_)id$", column_key(column)) is not None
        if column not in taken and not named_id and filled and all(_number(v) is not None for v in filled):
            found.append(column)
    return found


def _read(
    table: Table, shown_as: str, form: _Form, name: str, zone: dt.tzinfo | None, report: ImportReport,
    progress: ProgressCallback | None, cancelled: CancelledCallback | None,
) -> list[_Column]:  # fmt: skip
    columns = [
        _Column(column, Metric(f"{name} {more}".strip(), kind or MetricKind.LEVEL))
        for column, more, kind in form.values
    ]
    get_time = getter([form.time])
    get_items = [getter([column]) for column in form.items]
    get_values = [getter([column.column]) for column in columns]
    if not table.sample(1):
        raise InputError(f"'{table.name}' holds no rows.")
    zone = _zone(table, get_time, zone, form, report)
    for row in table.rows():
        report.read += 1
        try:
            row.need()
            when = _instant(get_time(row.values), zone)
            item = " · ".join(filter(None, (clean_text(get(row.values)) for get in get_items)))
            cells = [get(row.values) for get in get_values]
            numbers = [_value(cell, column) for cell, column in zip(cells, columns, strict=True)]
        except RowError as error:
            report.reject(shown_as, row.number, str(error))
            continue
        for column, cell, number in zip(columns, cells, numbers, strict=True):
            if number is not None:
                column.at_least += is_lower_bound(cell)
                column.times.append(when)
                column.values.append(number)
                column.items.append(item)
        if report.read % 2000 == 0:
            tell(shown_as, table, report, progress, cancelled)
    tell(shown_as, table, report, progress, cancelled)
    for column in columns:
        if column.at_least:
            what = f"Lower bounds in {column.column} of '{table.name}' (such as 10+)"
            report.note(f"{what} were taken as the number: {column.at_least:,} of {len(column.values):,} values.")
    return columns


def _zone(
    table: Table, get_time: Callable[[Mapping[str, Any]], Any], zone: dt.tzinfo | None, form: _Form,
    report: ImportReport,
) -> dt.tzinfo | None:  # fmt: skip
    """Return the zone of times without one. Raises InputError where one is needed and nobody gave it."""
    if zone is not None:
        return zone
    for row in table.sample(200):
        try:
            parse_time(get_time(row.values), None)
        except NoZoneError:
            if form.zone is not None:
                report.note(f"Times in '{table.name}' have no zone; {form.zone} was taken.")
                return zone_named(form.zone)
            raise InputError(
                f"The times in '{table.name}' (such as {shown(get_time(row.values))}) have no time zone: "
                "name it with --tz, for example --tz Asia/Shanghai."
            ) from None
        except RowError:
            continue
    return None


def _instant(value: object, zone: dt.tzinfo | None) -> int:
    instant = parse_time(value, zone)
    if isinstance(value, str) and _DATE_ONLY.fullmatch(value.strip()):
        instant += DAY_MS - 1000
    return instant


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value).strip().lower() in EMPTY


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value) if isinstance(value, int | float) else float(str(value).replace(",", "").strip())
    except (ValueError, OverflowError):
        found = parse_count(value)
        return None if found is None else float(found.value)
    return number if math.isfinite(number) else None


def _value(value: object, column: _Column) -> float | None:
    """Return the number, None for an empty cell. Raises RowError for anything else."""
    if _empty(value):
        return None
    number = _number(value)
    if number is None:
        raise RowError(f"{column.column} is {shown(value)}, no number")
    if column.metric.kind is MetricKind.RANK and number < 1:
        raise RowError(f"{column.column} is {number:g}, no rank")
    return number


def _kind(column: _Column, form: _Form) -> MetricKind:
    """Return the kind that the form states, else that the names or a never-falling course suggest."""
    stated = next((kind for name, _, kind in form.values if name == column.column), None)
    if stated is not None:
        return stated
    names = f"{column.metric.name} {column.column}"
    if _RANK.search(names):
        return MetricKind.RANK
    if _COUNTER.search(names):
        return MetricKind.COUNTER
    return MetricKind.LEVEL


def _keep(store: Store | None, key: str, columns: Sequence[_Column], report: ImportReport) -> None:
    rows = max((len(column.times) for column in columns), default=0)
    added = rows
    if store is not None:
        counts = {
            column.metric.name: store.put_metric(key, column.metric, column.times, column.values, column.items)
            for column in columns
            if column.times
        }
        added = max(counts.values(), default=0)
        told = ", ".join(f"{name} {n}" for name, n in counts.items())
        report.note(f"New values: {told}." if told else "No row held a value.")
    report.added += added
    report.duplicates += rows - added
