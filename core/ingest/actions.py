"""Imports splits and dividends: a table of them, yfinance's columns, or Yahoo's own chart answer."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from core.clock import calendar_for
from core.errors import InputError
from core.ingest.bar_figures import number_or_none, split_ratio
from core.ingest.bar_times import BarTimes
from core.ingest.formats.base import columns_by_key, listed
from core.ingest.json_stream import parsed
from core.ingest.opening import opened
from core.ingest.prices import checked_symbol
from core.ingest.report import ImportReport
from core.ingest.source import Source
from core.ingest.tables import Table
from core.ingest.values import RowError, clean_text, shown
from core.model import Action, ActionKind, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.store import Store

_DATE = ("date", "ex_date", "ex_dividend_date", "datetime", "time", "day", "日期", "除权除息日", "column_1")
_KIND = ("kind", "type", "action", "类型")
_VALUE = ("value", "amount", "ratio", "数值")
_SPLIT = ("stock_splits", "stock_split", "split", "splits")
_DIVIDEND = ("dividends", "dividend", "div", "分红", "每股派息")


def import_actions(
    store: Store | Path,
    files: Iterable[Path | str],
    *,
    symbol: str,
    dry_run: bool = False,
    cache_dir: Path | None = None,
) -> ImportReport:
    """Import the splits and dividends of one symbol.

    A table has a date and either columns of dividends and splits (as yfinance writes them) or `kind` and `value`; a
    split is written `7:1`, `7 for 1` or `7`. A Yahoo chart answer (JSON) is read for its events. A date is the ex-date:
    the first session that trades without. Raises UsageError for a text that is no symbol, StoreError.
    """
    began = time.perf_counter()
    name = checked_symbol(symbol)
    times = BarTimes(None, calendar_for(name, cache_dir=cache_dir))
    report = ImportReport()
    with opened(store, dry_run=dry_run) as target:
        for file in map(Path, files):
            try:
                found = list(_found(file, times, report))
            except InputError as error:
                report.reject(str(file), 0, str(error))
                continue
            new = len(found) if dry_run or target is None else target.put_actions(name, found)
            report.added += new
            report.duplicates += len(found) - new
    report.seconds = time.perf_counter() - began
    return report


def action_on(symbol: str, date: str, kind: ActionKind, value: str, *, cache_dir: Path | None = None) -> Action:
    """Return the action of one kind on an ex-date (`2014-06-09`); raises InputError that says what is wrong."""
    times = BarTimes(None, calendar_for(checked_symbol(symbol), cache_dir=cache_dir))
    try:
        figure = split_ratio(value) if kind is ActionKind.SPLIT else number_or_none(value, "dividend")
        if not figure:
            raise RowError(f"{value!r} is no {kind.value}")  # noqa: TRY301  one sentence for all that can be wrong
        return Action(_open(date, times, ImportReport()), kind, figure, "entered by hand")
    except RowError as error:
        raise InputError(f"The {kind.value} of {symbol} cannot be kept: {error}.") from None


def _found(file: Path, times: BarTimes, report: ImportReport) -> Iterator[Action]:
    answer = _chart_answer(file)
    if answer is not None:
        yield from _of_answer(answer, file, times, report)
        return
    with Table(file) as table:
        columns = _columns(table)
        for row in table.rows():
            report.read += 1
            try:
                row.need()
                yield from _of_row(row.values, columns, times, file.name, report)
            except RowError as error:
                report.reject(str(file), row.number, str(error))


def _columns(table: Table) -> dict[str, str]:
    by_key = columns_by_key(table.columns)
    wanted = {"date": _DATE, "kind": _KIND, "value": _VALUE, "split": _SPLIT, "dividend": _DIVIDEND}
    found = {
        name: by_key[next(k for k in keys if k in by_key)] for name, keys in wanted.items() if by_key.keys() & {*keys}
    }
    plain = {"kind", "value"} <= found.keys()
    if "date" not in found or not (plain or {"split", "dividend"} & found.keys()):
        raise InputError(
            f"'{table.name}' has no splits or dividends: it needs a date and columns for dividends or splits, or kind "
            f"and value; it has {listed(table.columns)}."
        )
    return found


def _of_row(
    values: Mapping[str, Any], columns: Mapping[str, str], times: BarTimes, source: str, report: ImportReport
) -> Iterator[Action]:
    when = _open(values.get(columns["date"]), times, report)
    cells: dict[ActionKind, Any] = {k: values.get(columns[k.value]) for k in ActionKind if k.value in columns}
    if "kind" in columns and "value" in columns:
        kind = clean_text(values.get(columns["kind"]) or "").lower().removesuffix("s")
        if kind not in {"split", "stock split", "dividend", "div"}:
            raise RowError(f"{shown(values.get(columns['kind']))} is neither split nor dividend")
        cells = {ActionKind.SPLIT if "split" in kind else ActionKind.DIVIDEND: values.get(columns["value"])}
    for kind, cell in cells.items():
        figure = split_ratio(cell) if kind is ActionKind.SPLIT else number_or_none(cell, "dividend")
        if figure:
            yield Action(when, kind, figure, source)


def _open(date: object, times: BarTimes, report: ImportReport) -> int:
    """Return the open of the session of an ex-date (ms UTC)."""
    day = times.when(date, Interval.D1, report)
    return int(times.session_times(np.array([day], np.int64))[0][0])


def _chart_answer(file: Path) -> dict[str, Any] | None:
    """Return the first result of a Yahoo chart answer, or None for any other file."""
    if ".json" not in file.suffixes:
        return None
    with Source(file) as source:
        if not source.beginning().lstrip().startswith('{"chart"'):
            return None
        text = "".join(source.chunks())
    try:
        result = cast("dict[str, Any]", parsed(text))["chart"]["result"][0]
    except (KeyError, IndexError, TypeError):
        raise InputError(f"'{file.name}' is a Yahoo answer without prices or events.") from None
    return cast("dict[str, Any]", result) if isinstance(result, dict) else {}


def _of_answer(answer: Mapping[str, Any], file: Path, times: BarTimes, report: ImportReport) -> Iterator[Action]:
    events = cast("Mapping[str, Any]", answer.get("events") or {})
    for kind, name in ((ActionKind.DIVIDEND, "dividends"), (ActionKind.SPLIT, "splits")):
        for event in cast("Mapping[str, Any]", events.get(name) or {}).values():
            report.read += 1
            try:
                when = _open(event["date"], times, report)
                if kind is ActionKind.SPLIT:
                    figure = split_ratio(f"{event['numerator']}:{event['denominator']}")
                else:
                    figure = number_or_none(event["amount"], "dividend")
                if figure:
                    yield Action(when, kind, figure, file.name)
            except (RowError, KeyError, TypeError) as error:
                report.reject(str(file), report.read, f"its {kind.value} cannot be read ({error})")
