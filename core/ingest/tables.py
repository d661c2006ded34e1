"""Rows out of files: CSV, TSV, JSON and JSONL as dictionaries with their numbers, one at a time.

A row that cannot be read comes as a `Row` with a fault, in its place, so that nothing is lost unseen.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from core.errors import CancelledError, InputError
from core.ingest.delimited import Feed, delimiter_of, distinct, fields
from core.ingest.json_stream import Fault, elements, line_records, parsed, records
from core.ingest.report import Progress
from core.ingest.source import MAX_LINE, CutError, Line, Source
from core.ingest.values import RowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.ingest.report import CancelledCallback, ImportReport, ProgressCallback


@dataclass(slots=True)
class Row:
    """One data row, counted from 1. With a `fault` the `values` are empty."""

    number: int
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    fault: str = ""

    def need(self) -> None:
        """Raise RowError if the row has a fault."""
        if self.fault:
            raise RowError(self.fault)


class Piece(NamedTuple):
    """Some rows of a file on their way to a worker: lines of JSON that nobody has parsed yet, or values.

    Of each row `values` has its values and its fault, "" for none; `faults` has the faults of lines by their place.
    """

    lines: Sequence[str] = ()
    faults: Sequence[tuple[int, str]] = ()
    values: Sequence[tuple[dict[str, Any], str]] = ()

    def __len__(self) -> int:
        return len(self.lines) or len(self.values)

    def rows(self) -> Sequence[tuple[dict[str, Any], str]]:
        """Return the rows, lines parsed: of each its values and its fault."""
        if not self.lines:
            return self.values
        faults = dict(self.faults)
        found: list[tuple[dict[str, Any], str]] = []
        for place, text in enumerate(self.lines):
            if place in faults:
                found.append(({}, faults[place]))
            else:
                found += map(_judged, line_records(text))
        return found


# So many rows are looked at before a file is called unreadable.
_PEEK = 200


class Table:
    """The rows of one file. Use as a context manager; `rows` may be read once.

    `columns` are those of the header, or the keys of the first record (nested ones as `a.b`).
    """

    def __init__(self, path: Path) -> None:
        """Open the file and find out its form. Raises InputError if it has none, or no row that can be read."""
        self.source = Source(path)
        self.name = path.name
        self._path = path
        self.columns: list[str] = []
        self.delimiter = ""
        self._ahead: deque[Row] = deque()
        self._lines: _Tap | None = None
        try:
            self._rows = self._begin()
            self._peek()
        except BaseException:
            self.source.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.source.__exit__()

    def sample(self, n: int) -> list[Row]:
        """Return the first `n` rows without taking them from `rows`."""
        while len(self._ahead) < n and (row := next(self._rows, None)) is not None:
            self._ahead.append(row)
        return list(self._ahead)[:n]

    def good_sample(self, n: int) -> list[Row]:
        """Return those of the first `n` rows that have no fault. Raises InputError if there is none."""
        sample = self.sample(n)
        good = [row for row in sample if not row.fault]
        if not sample:
            raise InputError(f"'{self.name}' holds no rows.")
        if not good:
            raise InputError(f"No row of '{self.name}' can be read: {sample[0].fault}.")
        return good

    def rows(self) -> Iterator[Row]:
        """Give all rows in order. A broken file ends with a row that says so."""
        while self._ahead:
            yield self._ahead.popleft()
        yield from self._rows

    def pieces(self, size: int) -> Iterator[Piece]:
        """Give all rows in order, about `size` at a time, in place of `rows`; lines of JSON are left as they are."""
        if self._lines is not None:
            self._lines.closed = True  # ends `rows` after what was looked at
        values: list[tuple[dict[str, Any], str]] = []
        for row in self.rows():
            values.append((row.values, row.fault))
            if len(values) == size:
                yield Piece(values=values)
                values = []
        if values:
            yield Piece(values=values)
        if self._lines is not None:
            yield from _pieces_of(self._lines.lines, size)

    def _peek(self) -> None:
        """Make sure that there is something to read, and name the columns of records."""
        good = self.good_sample(_PEEK)
        if not self.columns:
            for row in good[:50]:
                for key in columns_of(row.values):
                    if key not in self.columns:
                        self.columns.append(key)

    def _begin(self) -> Iterator[Row]:
        start = self.source.beginning().lstrip()
        if start[:1] == "[":
            return numbered(elements(self.source.chunks(), whole=True))
        if start[:1] == "{":
            if self._is_lines(start):
                self._lines = _Tap(self.source.lines())
                return numbered(records(self._lines))
            return self._object_rows()
        return self._delimited()

    def _is_lines(self, start: str) -> bool:
        """Whether a text that starts with `{` holds an object a line, not one object."""
        suffixes = {suffix.lower() for suffix in self._path.suffixes[-2:]}
        if suffixes & {".jsonl", ".ndjson"}:
            return True
        first, _, rest = start.partition("\n")
        try:
            complete = isinstance(json.loads(first), dict)
        except (ValueError, RecursionError):
            return False
        return complete and rest.lstrip().startswith("{")

    def _object_rows(self) -> Iterator[Row]:
        """Find the list of records in one big object: by its usual names, else the first list of objects."""
        for any_name in (False, True):
            with Source(self._path) as probe:
                found = next(elements(probe.chunks(), whole=False, any_name=any_name), None)
            if found is not None:
                return numbered(elements(self.source.chunks(), whole=False, any_name=any_name))
        return numbered(self._single())

    def _single(self) -> Iterator[Any]:
        text = ""
        for chunk in self.source.chunks():
            text += chunk
            if len(text) > MAX_LINE:
                raise InputError(f"'{self.name}' is one JSON object without a list of records.")
        yield parsed(text)

    def _delimited(self) -> Iterator[Row]:
        lines = self.source.lines()
        header: Line | None = None
        for line in lines:
            if line.text.strip() or line.fault:
                header = line
                break
        if header is None:
            raise InputError(f"'{self.name}' is empty.")
        if header.fault:
            raise InputError(f"The first line of '{self.name}' cannot be read: {header.fault}.")
        self.delimiter = delimiter_of(header.text, self._path)
        feed = Feed(lines)
        feed.back(header)
        names, fault = fields(feed, self.delimiter)
        if fault:
            raise InputError(f"The first line of '{self.name}' cannot be read: {fault}.")
        names = [name.replace("\0", "").strip() for name in names]
        self.columns = [name or f"column {i}" for i, name in enumerate(names, 1)]
        if len(set(self.columns)) < len(self.columns):
            self.columns = distinct(self.columns)
        return self._csv_rows(feed)

    def _csv_rows(self, feed: Feed) -> Iterator[Row]:
        number, width, names = 0, len(self.columns), self.columns
        while True:
            try:
                values, fault = fields(feed, self.delimiter)
            except CutError as cut:
                yield Row(number + 1, fault=_cut(cut))
                return
            if not values and not fault:
                if feed.over:
                    return
                continue  # an empty line is no row
            number += 1
            if fault:
                yield Row(number, fault=fault)
            elif len(values) > width and any(values[width:]):
                yield Row(number, fault=f"it has {len(values)} fields where the header has {width}")
            else:
                yield Row(number, dict(zip(names, values, strict=False)))


class _Tap:
    """Lines that can be shut off: who reads them comes to an end, and `lines` goes on from there."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.closed = False

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        if self.closed:
            raise StopIteration
        return next(self.lines)


def _pieces_of(lines: Iterator[Line], size: int) -> Iterator[Piece]:
    texts: list[str] = []
    faults: list[tuple[int, str]] = []
    try:
        for line in lines:
            if line.fault:
                faults.append((len(texts), line.fault))
            texts.append(line.text)
            if len(texts) == size:
                yield Piece(texts, faults)
                texts, faults = [], []
    except CutError as cut:
        yield Piece(texts, faults)
        yield Piece(values=[({}, _cut(cut))])
        return
    yield Piece(texts, faults)


def _cut(cut: CutError) -> str:
    return f"the file {cut}; the rows before this were imported"


def tell(
    shown_as: str,
    table: Table,
    report: ImportReport,
    progress: ProgressCallback | None,
    cancelled: CancelledCallback | None,
    under_way: int = 0,
) -> None:
    """Say how far an import is; `under_way` rows are with workers. Raises CancelledError if it was cancelled."""
    if progress is not None:
        progress(Progress(shown_as, table.source.done_bytes, table.source.total_bytes, report.read + under_way))
    if cancelled is not None and cancelled():
        raise CancelledError(f"The import was stopped after {report.read} rows; what was stored before stays.")


def columns_of(values: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Give the names of a record's values; those of a record within it as `outer.inner`."""
    for key, value in values.items():
        if isinstance(value, dict) and depth < 3 and value:
            yield from columns_of(cast("dict[str, Any]", value), f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}"


def numbered(values: Iterator[Any]) -> Iterator[Row]:
    """Give each JSON value as a row; what is no object becomes a row with a fault."""
    number = 0
    try:
        for value in values:
            number += 1
            yield Row(number, *_judged(value))
    except CutError as cut:
        yield Row(number + 1, fault=_cut(cut))


def _judged(value: Any) -> tuple[dict[str, Any], str]:
    """Return the values and the fault of a JSON value that should be a row."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value), ""
    return {}, value.text if isinstance(value, Fault) else "it is no JSON object"
