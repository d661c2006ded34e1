"""Fields out of lines: CSV and TSV, read so that a quote never closed costs one row and not the rest of the file."""

from __future__ import annotations

import csv
import re
from collections import deque
from typing import TYPE_CHECKING

from core.ingest.source import MAX_LINE, CutError, Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A field in quotes may run over this many lines; beyond it, the closing quote is missing.
_MAX_LINES = 2000
csv.field_size_limit(2 * MAX_LINE)


class Feed:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._returned: deque[Line] = deque()
        self.over = False

    def back(self, *lines: Line) -> None:
        """Give lines back, in their order, to be taken next."""
        self._returned.extendleft(reversed(lines))
        self.over = False

    def next(self) -> Line | None:
        """Take a line; None at the end. Raises CutError after the last line of a broken file."""
        if self._returned:
            return self._returned.popleft()
        line = next(self._lines, None)
        self.over = line is None
        return line


def fields(feed: Feed, delimiter: str) -> tuple[list[str], str]:
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


def delimiter_of(header: str, path: Path) -> str:
    """Return the separator of a header: a tab where the file's ending says so, else the commonest outside quotes."""
    suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}
    if suffixes & {".tsv", ".tab"} and "\t" in header:
        return "\t"
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",\t;|", key=bare.count)


def distinct(names: list[str]) -> list[str]:
    """Return the names with a number behind each that stood before, so that the first column of a name keeps it."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
