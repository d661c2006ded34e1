"""Imports price bars from the tables that people have: Yahoo's, yfinance's, and the open-close-high-low of China.

Columns are found by name, never by place. A daily bar stands for its session: its date, whatever its clock says, is
looked up in the calendar of the symbol's exchange.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.clock import calendar_for
from core.errors import InputError, UsageError
from core.ingest.bar_figures import LOT, figures_of, find_columns, in_lots, is_header
from core.ingest.bar_times import BarTimes
from core.ingest.inferring import inferred_dividends
from core.ingest.opening import opened
from core.ingest.report import ImportReport
from core.ingest.tables import Table, tell
from core.ingest.values import RowError, shown, zone_named
from core.linking import normalise_symbol
from core.model import Action, ActionKind, Basis, Interval
from core.series import Bars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.store import Store


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
    columns by field (`bar_figures.FIELDS`). `cache_dir` is where market calendars are kept.

    Raises:
        UsageError: the symbol, zone or a field of the mapping makes no sense.
        CancelledError: `cancelled` returned True; files before the present one stay.
        StoreError: the store failed.

    """
    began = time.perf_counter()
    name = checked_symbol(symbol)
    reader = _Reader(
        name, interval, basis, mapping or {},
        BarTimes(zone_named(zone) if zone else None, calendar_for(name, cache_dir=cache_dir)),
    )  # fmt: skip
    report = ImportReport()
    with opened(store, dry_run=dry_run) as target:
        for file in files:
            try:
                found = reader.read(Path(file), str(file), report, progress, cancelled)
            except InputError as error:
                report.reject(str(file), 0, str(error))
                continue
            _keep(None if dry_run else target, name, found, Path(file).name, report, simulated=simulated)
    report.seconds = time.perf_counter() - began
    return report


def checked_symbol(text: str) -> str:
    """Return a symbol as it is kept; raises UsageError for a text that is none."""
    name = normalise_symbol(text)
    if not name or not re.fullmatch(r"[\^A-Z0-9][A-Z0-9.\-=^&]{0,19}", name):
        raise UsageError(f"'{text}' is no symbol; give one as Yahoo writes it, such as AAPL or 300792.SZ.")
    return name


@dataclass(slots=True)
class _Found:
    """What a file held: bars by basis, all of the same rows, and splits and dividends."""

    interval: Interval
    bars: dict[Basis, Bars]
    actions: list[Action]


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
    new = store.put_actions(symbol, found.actions)
    if new:
        report.note(f"{new} splits and dividends of {symbol} were told by '{name}', or inferred from it.")
    if replaced:
        report.note(
            f"{replaced} bars of {symbol} were known with other figures and were replaced by those of '{name}'."
        )


@dataclass(slots=True)
class _Draft:
    """Rows that passed: figures (see `figures_of`) by day or instant."""

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
    basis: Basis | None
    mapping: Mapping[str, str]
    times: BarTimes

    def read(
        self, path: Path, shown_as: str, report: ImportReport,
        progress: ProgressCallback | None, cancelled: CancelledCallback | None,
    ) -> _Found:  # fmt: skip
        """Read one file. Raises InputError if it cannot be read at all."""
        with Table(path) as table:
            columns = find_columns(table, self.mapping)
            sample = [row for row in table.good_sample(500) if not is_header(row, columns)]
            times = [row.values.get(columns["time"]) for row in sample]
            interval = self.interval or self.times.interval(times, path.name)
            if interval.intraday:
                self.times.need_zone(times, path.name)
            lot = LOT if in_lots(table.columns, columns, self.symbol) else 1
            if lot > 1:
                report.note(f"Volumes in '{path.name}' are in lots of {LOT} shares and were multiplied by {LOT}.")
            draft = _Draft()
            for row in table.rows():
                if is_header(row, columns):
                    continue
                report.read += 1
                try:
                    row.need()
                    stamp = row.values.get(columns["time"])
                    if not draft.add(self.times.when(stamp, interval, report), figures_of(row, columns, lot), stamp):
                        report.duplicates += 1
                except RowError as error:
                    report.reject(shown_as, row.number, str(error))
                if report.read % 2000 == 0:
                    tell(shown_as, table, report, progress, cancelled)
            tell(shown_as, table, report, progress, cancelled)
        return self._found(draft, interval, columns, path.name, report)

    def _found(
        self, draft: _Draft, interval: Interval, columns: Mapping[str, str], name: str, report: ImportReport
    ) -> _Found:
        when = np.array(sorted(draft.rows), np.int64)
        figures = np.array([draft.rows[t] for t in sorted(draft.rows)], np.float64).reshape(-1, 8)
        if interval.intraday:
            start, end = when, when + interval.ms
        else:
            start, end = self.times.session_times(when)
        o, h, low, c, volume, adjusted_close, dividend, split = figures.T
        actions: list[Action] = []
        opens = start if not interval.intraday else self.times.session_opens(start)
        for kind, value in ((ActionKind.DIVIDEND, dividend), (ActionKind.SPLIT, split)):
            actions += [Action(int(opens[i]), kind, float(value[i]), name) for i in np.flatnonzero(value)]
        if "adjusted" not in columns:
            return _Found(interval, {self.basis or Basis.ADJUSTED: Bars(start, end, o, h, low, c, volume)}, actions)
        factor = adjusted_close / c
        if not interval.intraday and not {"dividend", "split"} & columns.keys():
            inferred = inferred_dividends(c, factor)
            steps = np.flatnonzero(inferred.unclear)
            if len(steps):
                first = np.datetime64(int(when[steps[0]]), "D")
                report.note(
                    f"Adjusted closes in '{name}' move at {first} by more than a dividend would explain; "
                    "tell the split by 'import actions'."
                )
            told = f"inferred from adjusted closes in '{name}'"
            actions = [
                Action(int(start[i]), ActionKind.DIVIDEND, float(inferred.dividend[i]), told)
                for i in np.flatnonzero(inferred.dividend)
            ]
        bars = {
            Basis.RAW: Bars(start, end, o, h, low, c, volume),
            Basis.ADJUSTED: Bars(start, end, o * factor, h * factor, low * factor, c * factor, volume),
        }
        return _Found(interval, bars, actions)
