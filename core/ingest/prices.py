"""Imports price bars from the tables that people have: Yahoo's, yfinance's, and the open-close-high-low of China.

Columns are found by name, never by place. A daily bar stands for its session: its date, whatever its clock says, is
looked up in the calendar of the symbol's exchange.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock import calendar_for, zone_info
from core.errors import InputError, UsageError
from core.ingest.formats.base import column_key, listed
from core.ingest.report import ImportReport
from core.ingest.tables import Table, tell
from core.ingest.values import NoZoneError, RowError, clean_text, parse_time, shown, zone_named
from core.linking import normalise_symbol
from core.model import DAY_MS, HOUR_MS, Basis, Interval
from core.series import Bars
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.clock import Calendar
    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.ingest.tables import Row

_NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("datetime", "date_time", "timestamp", "date", "time", "trade_date", "day", "日期", "时间", "交易日期"),
    "open": ("open", "open_price", "o", "开盘", "开盘价"),
    "high": ("high", "high_price", "h", "最高", "最高价"),
    "low": ("low", "low_price", "l", "最低", "最低价"),
    "close": ("close", "close_price", "close/last", "c", "收盘", "收盘价"),
    "adjusted": ("adj_close", "adjclose", "adjusted_close", "adj._close", "复权收盘价"),
    "volume": ("volume", "vol", "v", "成交量"),
}
FIELDS = tuple(_NAMES)
_LOT = 100
_ROUNDING = 1e-6
_DATE_ONLY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}/\d{4}")
_MIDNIGHT = re.compile(r"(.{8,10})[T ]00:00(?::00(?:\.0+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?")
_EPOCH_DAY = dt.date(1970, 1, 1)


def import_prices(
    store: Store | Path,
    files: Iterable[Path | str],
    *,
    symbol: str,
    interval: Interval | None = None,
    zone: str | None = None,
    basis: Basis | None = None,
    mapping: Mapping[str, str] | None = None,
    simulated: bool = False,
    dry_run: bool = False,
    cache_dir: Path | None = None,
    progress: ProgressCallback | None = None,
    cancelled: CancelledCallback | None = None,
) -> ImportReport:
    """Import one symbol's bars from files.

    `interval` is told by the spacing of the times unless given; `zone` is that of intraday times without one. A file
    with adjusted closes gives both bases; another is taken as adjusted unless `basis` says raw. `mapping` names
    columns by field (FIELDS). `cache_dir` is where market calendars are kept.

    Raises:
        UsageError: the symbol, zone or a field of the mapping makes no sense.
        CancelledError: `cancelled` returned True; files before the present one stay.
        StoreError: the store failed.

    """
    began = time.perf_counter()
    name = normalise_symbol(symbol)
    if not name or not re.fullmatch(r"[\^A-Z0-9][A-Z0-9.\-=^&]{0,19}", name):
        raise UsageError(f"'{symbol}' is no symbol; give one as Yahoo writes it, such as AAPL or 300792.SZ.")
    reader = _Reader(
        name, interval, zone_named(zone) if zone else None, basis, mapping or {},
        calendar_for(name, cache_dir=cache_dir),
    )  # fmt: skip
    report = ImportReport()
    opened = (None if dry_run and not store.exists() else Store.open(store)) if isinstance(store, Path) else store
    try:
        for file in files:
            try:
                found = reader.read(Path(file), str(file), report, progress, cancelled)
            except InputError as error:
                report.reject(str(file), 0, str(error))
                continue
            _keep(None if dry_run else opened, name, found, Path(file).name, report, simulated=simulated)
    finally:
        if isinstance(store, Path) and opened is not None:
            opened.close()
    report.seconds = time.perf_counter() - began
    return report


@dataclass(slots=True)
class _Found:
    """What a file held: bars by basis, all of the same rows."""

    interval: Interval
    bars: dict[Basis, Bars]


def _keep(
    store: Store | None, symbol: str, found: _Found, name: str, report: ImportReport, *, simulated: bool
) -> None:  # fmt: skip
    rows = len(next(iter(found.bars.values())))
    if store is None:
        report.added += rows
        return
    added = replaced = 0
    now = round(time.time() * 1000)
    for basis, bars in found.bars.items():
        result = store.put_bars(symbol, found.interval, basis, bars, source=name, fetched=now, simulated=simulated)
        added, replaced = max(added, result.added), max(replaced, result.replaced)
    report.added += added
    report.duplicates += rows - added
    if replaced:
        report.note(
            f"{replaced} bars of {symbol} were known with other figures and were replaced by those of '{name}'."
        )


@dataclass(slots=True)
class _Draft:
    """Rows that passed: figures (open, high, low, close, volume, adjusted close) by day or instant."""

    rows: dict[int, tuple[float, ...]] = field(default_factory=dict[int, tuple[float, ...]])

    def add(self, when: int, figures: tuple[float, ...], stamp: object) -> bool:
        """Keep a row; False if it stood before. Raises RowError if it stood before with other figures."""
        known = self.rows.setdefault(when, figures)
        if known is figures:
            return True
        if not np.array_equal(known, figures, equal_nan=True):
            raise RowError(f"the time {shown(stamp)} stood before with other figures")
        return False


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the files of one call are read."""

    symbol: str
    interval: Interval | None
    zone: dt.tzinfo | None
    basis: Basis | None
    mapping: Mapping[str, str]
    calendar: Calendar

    def read(
        self, path: Path, shown_as: str, report: ImportReport,
        progress: ProgressCallback | None, cancelled: CancelledCallback | None,
    ) -> _Found:  # fmt: skip
        """Read one file. Raises InputError if it cannot be read at all."""
        with Table(path) as table:
            columns = self._columns(table)
            sample = [row for row in table.good_sample(500) if not _is_header(row, columns)]
            times = [row.values.get(columns["time"]) for row in sample]
            interval = self.interval or self._guess(times, path.name)
            if interval.intraday:
                self._need_zone(times, path.name)
            lot = _LOT if _in_lots(table.columns, columns, self.symbol) else 1
            if lot > 1:
                report.note(f"Volumes in '{path.name}' are in lots of {_LOT} shares and were multiplied by {_LOT}.")
            draft = _Draft()
            for row in table.rows():
                if _is_header(row, columns):
                    continue
                report.read += 1
                try:
                    row.need()
                    stamp = row.values.get(columns["time"])
                    if not draft.add(self._when(stamp, interval, report), _figures(row, columns, lot), stamp):
                        report.duplicates += 1
                except RowError as error:
                    report.reject(shown_as, row.number, str(error))
                if report.read % 2000 == 0:
                    tell(shown_as, table, report, progress, cancelled)
            tell(shown_as, table, report, progress, cancelled)
        return _Found(interval, self._bars(draft, interval, adjusted="adjusted" in columns))

    def _columns(self, table: Table) -> dict[str, str]:
        by_key: dict[str, str] = {}
        for column in table.columns:
            by_key.setdefault(column_key(column), column)
        found = {
            name: by_key[next(c for c in candidates if c in by_key)]
            for name, candidates in _NAMES.items()
            if any(c in by_key for c in candidates)
        }
        if "time" not in found and {"price", "close"} <= by_key.keys():
            found["time"] = by_key["price"]  # the corner of yfinance's table with two header rows
        elif "time" not in found and table.columns[:1] == ["column 1"]:
            found["time"] = "column 1"  # pandas' index has no name
        for name, column in self.mapping.items():
            if name not in FIELDS:
                raise UsageError(f"--map knows no field '{name}'; fields are {', '.join(FIELDS)}.")
            if column_key(column) not in by_key:
                raise InputError(f"'{table.name}' has no column '{column}'; it has {listed(table.columns)}.")
            found[name] = by_key[column_key(column)]
        missing = [name for name in ("time", "open", "high", "low", "close") if name not in found]
        if missing:
            raise InputError(
                f"'{table.name}' has no column for {' and '.join(missing)}; it has {listed(table.columns)}."
            )
        return found

    def _guess(self, times: Sequence[object], name: str) -> Interval:
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

    def _need_zone(self, times: Sequence[object], name: str) -> None:
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

    def _when(self, value: object, interval: Interval, report: ImportReport) -> int:
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

    def _bars(self, draft: _Draft, interval: Interval, *, adjusted: bool) -> dict[Basis, Bars]:
        when = np.array(sorted(draft.rows), np.int64)
        figures = np.array([draft.rows[t] for t in sorted(draft.rows)], np.float64).reshape(-1, 6)
        if interval.intraday:
            start, end = when, when + interval.ms
        else:
            start, end = self._session_times(when)
        o, h, low, c, volume, adjusted_close = figures.T
        if not adjusted:
            return {self.basis or Basis.ADJUSTED: Bars(start, end, o, h, low, c, volume)}
        factor = adjusted_close / c
        return {
            Basis.RAW: Bars(start, end, o, h, low, c, volume),
            Basis.ADJUSTED: Bars(start, end, o * factor, h * factor, low * factor, c * factor, volume),
        }

    def _session_times(self, day: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[Any, Any]:
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


def _is_header(row: Row, columns: Mapping[str, str]) -> bool:
    """Whether the row is the second or third header line of yfinance's table."""
    first = row.values.get(columns["time"])
    return first in {"Ticker", "Date", "Datetime"} and row.number <= 2


def _in_lots(columns: Sequence[str], found: Mapping[str, str], symbol: str) -> bool:
    """Whether volumes are in lots: so they are in China's own order of columns (open, close, high, low)."""
    if not symbol.endswith((".SS", ".SZ", ".BJ")) or "volume" not in found:
        return False
    place = {name: columns.index(found[name]) for name in ("open", "close", "high", "low")}
    return place["close"] == place["open"] + 1 and place["high"] > place["close"] < place["low"]


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


def _figures(row: Row, columns: Mapping[str, str], lot: int) -> tuple[float, ...]:
    """Return open, high, low, close, volume and adjusted close of a row. Raises RowError for what cannot be."""
    get = row.values.get
    o, h, low, c = (_number(get(columns[name]), name) for name in ("open", "high", "low", "close"))
    for name, price in (("open", o), ("high", h), ("low", low), ("close", c)):
        if price <= 0:
            raise RowError(f"{name} is {price:g}, not above zero")
    slack = _ROUNDING * h
    if h < low - slack:
        raise RowError(f"high {h:g} is below low {low:g}")
    for name, price in (("open", o), ("close", c)):
        if not low - slack <= price <= h + slack:
            raise RowError(f"{name} {price:g} is not between low {low:g} and high {h:g}")
    volume = math.nan
    if "volume" in columns:
        text = get(columns["volume"])
        volume = math.nan if text is None or str(text).strip().lower() in _EMPTY else _number(text, "volume") * lot
        if volume < 0:
            raise RowError(f"volume is {volume:g}, below zero")
    adjusted = c
    if "adjusted" in columns:
        adjusted = _number(get(columns["adjusted"]), "adjusted close")
        if adjusted <= 0:
            raise RowError(f"adjusted close is {adjusted:g}, not above zero")
    return o, max(o, h, low, c), min(o, h, low, c), c, volume, adjusted


_EMPTY = frozenset({"", "-", "--", "nan", "null", "none", "n/a"})


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or value is None:
        raise RowError(f"{name} is missing")
    if isinstance(value, str):
        text = clean_text(value).lower().removeprefix("$")
        if text in _EMPTY:
            raise RowError(f"{name} is missing")
        try:
            number = float(text) if "_" not in text else math.nan
        except ValueError:
            try:
                number = float(text.replace(",", ""))
            except ValueError:
                raise RowError(f"{name} is {shown(value)}, no number") from None
    elif isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            raise RowError(f"{name} is too large") from None
    else:
        raise RowError(f"{name} is no number")
    if not math.isfinite(number):
        raise RowError(f"{name} is {shown(value)}, no number")
    return number


def _iso(day: int) -> str:
    return (_EPOCH_DAY + dt.timedelta(days=day)).isoformat()
