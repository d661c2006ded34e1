"""Rows out of files: CSV, TSV, JSON and JSONL as dictionaries with their numbers, one at a time.

A row that cannot be read comes as a `Row` with a fault, in its place, so that nothing is lost unseen.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

from core.errors import CancelledError, InputError
from core.ingest.report import Progress
from core.ingest.source import MAX_LINE, TOO_LONG, CutError, Line, Source, garbled
from core.ingest.values import RowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.ingest.report import CancelledCallback, ImportReport, ProgressCallback

# Lists in an object that hold its records; others (entities, errors, …) only if none of these is there.
_LISTS = frozenset({
    "data", "messages", "hits", "items", "item", "posts", "results", "statuses", "children", "records", "rows", "notes",
    "videos", "comments", "list", "tweets",
})  # fmt: skip
_MAX_DEPTH = 64
# A field in quotes may run over this many lines; beyond it, the closing quote is missing.
_MAX_LINES = 2000
csv.field_size_limit(2 * MAX_LINE)


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


class Table:
    """The rows of one file. Use as a context manager; `rows` may be read once.

    `columns` are those of the header, or the keys of the first record (nested ones as `a.b`).
    """

    def __init__(self, path: Path) -> None:
        """Open the file and find out its form. Raises InputError if it has none."""
        self.source = Source(path)
        self.name = path.name
        self._path = path
        self.columns: list[str] = []
        self.delimiter = ""
        self._ahead: deque[Row] = deque()
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

    def _peek(self) -> None:
        if not self.columns:
            for row in self.sample(50):
                for key in columns_of(row.values):
                    if key not in self.columns:
                        self.columns.append(key)

    def _begin(self) -> Iterator[Row]:
        start = self.source.beginning().lstrip()
        if start[:1] == "[":
            return _numbered(_elements(self.source.chunks(), whole=True))
        if start[:1] == "{":
            if self._is_lines(start):
                return _numbered(_records(self.source.lines()))
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
                found = next(_elements(probe.chunks(), whole=False, any_name=any_name), None)
            if found is not None:
                elements = _elements(self.source.chunks(), whole=False, any_name=any_name)
                return _numbered(elements)
        return _numbered(self._single())

    def _single(self) -> Iterator[Any]:
        text = ""
        for chunk in self.source.chunks():
            text += chunk
            if len(text) > MAX_LINE:
                raise InputError(f"'{self.name}' is one JSON object without a list of records.")
        yield _parsed(text)

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
        self.delimiter = _delimiter(header.text, self._path)
        feed = _Feed(lines)
        feed.back(header)
        names, fault = _fields(feed, self.delimiter)
        if fault:
            raise InputError(f"The first line of '{self.name}' cannot be read: {fault}.")
        names = [name.replace("\0", "").strip() for name in names]
        self.columns = [name or f"column {i}" for i, name in enumerate(names, 1)]
        if len(set(self.columns)) < len(self.columns):
            self.columns = _distinct(self.columns)
        return self._csv_rows(feed)

    def _csv_rows(self, feed: _Feed) -> Iterator[Row]:
        number, width, names = 0, len(self.columns), self.columns
        while True:
            try:
                values, fault = _fields(feed, self.delimiter)
            except CutError as cut:
                yield Row(number + 1, fault=f"the file {cut}; the rows before this were imported")
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


def tell(
    shown_as: str,
    table: Table,
    report: ImportReport,
    progress: ProgressCallback | None,
    cancelled: CancelledCallback | None,
) -> None:
    """Say how far an import is. Raises CancelledError if it was cancelled."""
    if progress is not None:
        progress(Progress(shown_as, table.source.done_bytes, table.source.total_bytes, report.read))
    if cancelled is not None and cancelled():
        raise CancelledError(f"The import was stopped after {report.read} rows; what was stored before stays.")


def columns_of(values: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Give the names of a record's values; those of a record within it as `outer.inner`."""
    for key, value in values.items():
        if isinstance(value, dict) and depth < 3 and value:
            yield from columns_of(cast("dict[str, Any]", value), f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}"


# --- CSV --------------------------------------------------------------------------------------------------------------


class _Feed:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()
        self.over = False

    def back(self, *lines: Line) -> None:
        self._returned.extendleft(reversed(lines))
        self.over = False

    def next(self) -> Line | None:
        if self._returned:
            return self._returned.popleft()
        line = next(self._lines, None)
        self.over = line is None
        return line


def _fields(feed: _Feed, delimiter: str) -> tuple[list[str], str]:
    """Return the fields of the next row and a fault. Both empty: an empty line or the end."""
    first = feed.next()
    if first is None:
        return [], ""
    if first.fault:
        return [], first.fault
    if '"' not in first.text:
        return (first.text.split(delimiter), "") if first.text.strip() else ([], "")
    taken: list[Line] = []
    runaway = False

    def more() -> Iterator[str]:
        nonlocal runaway
        yield first.text + "\n"
        size = len(first.text)
        while len(taken) < _MAX_LINES and size < MAX_LINE:
            try:
                line = feed.next()
            except CutError:
                runaway = True
                feed.back(*taken)
                raise
            if line is None:
                break
            taken.append(line)
            size += len(line.text)
            yield line.text + "\n"
        runaway = True

    try:
        values = next(csv.reader(more(), delimiter=delimiter), list[str]())
    except csv.Error as error:
        feed.back(*taken)
        return [], f"it is no valid CSV ({error})"
    if runaway:
        # The closing quote is missing: only this line is lost, the others are read as rows of their own.
        feed.back(*taken)
        return [], "a quote in it is never closed"
    fault = next((line.fault for line in taken if line.fault), "")
    return ([], fault) if fault else (values, "")


def _delimiter(header: str, path: Path) -> str:
    suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}
    if suffixes & {".tsv", ".tab"} and "\t" in header:
        return "\t"
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",\t;|", key=bare.count)


def _distinct(names: list[str]) -> list[str]:
    """Return the names with a number behind each that stood before, so that the first column of a name keeps it."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


# --- JSON -------------------------------------------------------------------------------------------------------------

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_STRING_REST = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BRACKET = re.compile(r'["{}\[\]]')
_STOP = re.compile(r"[,\]}\s]")
_SOLID = re.compile(r"[^\s,]")
_TOKEN = re.compile(rf"{_STRING.pattern}|[{{}}\[\]]", re.DOTALL)
_DECODER = json.JSONDecoder()
_WINDOW = 2**17


@dataclass(slots=True)
class _Fault:
    text: str


def _parsed(text: str) -> Any:
    """Return the JSON value, or a `_Fault`. Nesting is measured before the parser can run out of stack."""
    if garbled(text):
        return _Fault("it is not text in the file's encoding")
    if text.count("[") + text.count("{") > _MAX_DEPTH and _depth(text) > _MAX_DEPTH:
        return _Fault("it is nested too deep")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return _Fault(f"it is no valid JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        return _Fault("it is nested too deep")
    except ValueError:
        return _Fault("it holds a number that is too long")


def _depth(text: str) -> int:
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                return depth
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def _numbered(values: Iterator[Any]) -> Iterator[Row]:
    number = 0
    try:
        for value in values:
            number += 1
            if isinstance(value, dict):
                yield Row(number, cast("dict[str, Any]", value))
            else:
                yield Row(number, fault=value.text if isinstance(value, _Fault) else "it is no JSON object")
    except CutError as cut:
        yield Row(number + 1, fault=f"the file {cut}; the rows before this were imported")


def _records(lines: Iterator[Line]) -> Iterator[Any]:
    """Give the value of each line; a page of an API (an object around a list of records) gives its records."""
    for line in lines:
        if line.fault:
            yield _Fault(line.fault)
            continue
        text = line.text
        if not text or text.isspace():
            continue
        value = _parsed(text)
        if isinstance(value, dict):
            yield from _unwrapped(cast("dict[str, Any]", value))
        else:
            yield value


def _unwrapped(value: dict[str, Any]) -> list[Any]:
    """Return the records of an API's page, or the record itself."""
    if len(value) <= 8 and not {"id", "text", "body", "content"} & value.keys():
        for name, inner in value.items():
            if name in _LISTS and isinstance(inner, list) and inner:
                records = cast("list[Any]", inner)
                if isinstance(records[0], dict):
                    return records
    return [value]


def _elements(chunks: Iterator[str], *, whole: bool, any_name: bool = False) -> Iterator[Any]:
    """Give the elements of one list in a JSON text, each parsed alone, however long the list is.

    `whole`: the text is the list. Otherwise it is an object, and the list is the first under one of the usual names
    (or, with `any_name`, under any) whose first element is an object.
    """
    scan = _Scan(chunks)
    if whole:
        scan.peek()
        scan.skip()
    elif not scan.find_list(any_name=any_name):
        return
    while (char := scan.peek()) != "]":
        if not char:
            raise CutError("breaks off before its list ends")
        yield scan.element()


class _Scan:
    """A window that moves over JSON text, never larger than a long row and a chunk."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._text = ""
        self._at = 0

    def _more(self) -> bool:
        """Add a chunk to the window; the window doubles, so that what is scanned again stays in proportion."""
        self._text, self._at = self._text[self._at :], 0
        wanted = max(2 * len(self._text), _WINDOW)
        parts = [self._text]
        size = before = len(self._text)
        while size < wanted and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            size += len(chunk)
        self._text = "".join(parts)
        return size > before

    def peek(self, wanted: re.Pattern[str] = _SOLID) -> str:
        """Return the next wanted character, by default neither blank nor comma, without taking it; "" at the end."""
        while True:
            found = wanted.search(self._text, self._at)
            if found is not None:
                self._at = found.start()
                return found[0]
            self._at = len(self._text)
            if not self._more():
                return ""

    def skip(self) -> None:
        """Take one character."""
        self._at += 1

    def find_list(self, *, any_name: bool) -> bool:
        """Move behind the bracket of the first list of objects with a usual name (or any); False if there is none."""
        key = ""
        while (char := self.peek(_BRACKET)) != "":
            if char == '"':
                word = self._string()
                if word is None:
                    return False
                if self.peek() == ":":
                    self.skip()
                    key = word
                continue
            self.skip()
            if char == "[":
                if (any_name or key in _LISTS) and self.peek() == "{":
                    return True
                key = ""
        return False

    def _string(self) -> str | None:
        """Take a string; None if it is longer than any row, or never ends."""
        while True:
            found = _STRING.match(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return found[0][1:-1]
            if len(self._text) - self._at > MAX_LINE or not self._more():
                return None

    def element(self) -> Any:
        """Take the value that starts here and return it parsed, or a `_Fault`. Raises CutError at the text's end."""
        if len(self._text) - self._at < _WINDOW // 2:
            self._more()
        try:
            decoded = _DECODER.raw_decode(self._text, self._at)
        except (ValueError, RecursionError):
            return self._slow_element()
        value: Any = decoded[0]
        end = decoded[1]
        if end == len(self._text) and not isinstance(value, dict | list):
            return self._slow_element()  # a number may go on in the next chunk
        text = self._text[self._at : end]
        self._at = end
        return _Fault("it is not text in the file's encoding") if garbled(text) else cast("Any", value)

    def _slow_element(self) -> Any:
        """Find the end of the value by its brackets alone, then parse it."""
        advance = _to_bracket if self._text[self._at] in '"{[' else _to_stop
        parts: list[str] = []
        size = depth = 0
        in_string = closed = False
        while not closed:
            start = self._at
            self._at, depth, in_string, closed = advance(self._text, start, depth, in_string)
            size += self._at - start
            if size <= MAX_LINE:
                parts.append(self._text[start : self._at])
            else:
                parts.clear()
            if not closed and not self._more():
                raise CutError("breaks off in the middle of this row")
        return _Fault(TOO_LONG) if size > MAX_LINE else _parsed("".join(parts))


def _to_bracket(text: str, at: int, depth: int, in_string: bool) -> tuple[int, int, bool, bool]:  # noqa: FBT001 (a state)
    """Move to the end of a string, list or object, or of the window; return place, depth, in a string, closed."""
    while at < len(text):
        if in_string:
            rest = _STRING_REST.match(text, at)
            at = rest.end() if rest else at
            if text[at : at + 1] != '"':
                return at, depth, True, False
            in_string = False
            at += 1
        else:
            found = _BRACKET.search(text, at)
            if found is None:
                return len(text), depth, False, False
            at = found.end()
            in_string = found[0] == '"'
            depth += (found[0] in "{[") - (found[0] in "}]")
        if depth <= 0 and not in_string:
            return at, 0, False, True
    return at, depth, in_string, False


def _to_stop(text: str, at: int, depth: int, in_string: bool) -> tuple[int, int, bool, bool]:  # noqa: FBT001 (as above)
    """Move to the end of a number or word, in the way of `_to_bracket`."""
    found = _STOP.search(text, at)
    return (len(text), depth, in_string, False) if found is None else (found.start(), 0, False, True)
