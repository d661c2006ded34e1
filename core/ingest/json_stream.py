"""Records out of JSON, one at a time: a list of any length, or an object a line, never held whole.

What cannot be read comes as a `Fault` in its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from core.ingest.source import MAX_LINE, TOO_LONG, CutError, Line, garbled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Lists in an object that hold its records; others (entities, errors, …) only if none of these is there.
_LISTS = frozenset({
    "data", "messages", "hits", "items", "item", "posts", "results", "statuses", "children", "records", "rows", "notes",
    "videos", "comments", "list", "tweets",
})  # fmt: skip
# What has one of these is a record itself.
_OWN = frozenset({"id", "text", "body", "content"})
_MAX_DEPTH = 64
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_STRING_REST = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BRACKET = re.compile(r'["{}\[\]]')
_STOP = re.compile(r"[,\]}\s]")
_SOLID = re.compile(r"[^\s,]")
_TOKEN = re.compile(rf"{_STRING.pattern}|[{{}}\[\]]", re.DOTALL)
_DECODER = json.JSONDecoder()
_WINDOW = 2**17


@dataclass(slots=True)
class Fault:
    """Stands where a value should; `text` says what is wrong with it."""

    text: str


def parsed(text: str) -> Any:
    """Return the JSON value, or a `Fault`. Nesting is measured before the parser can run out of stack."""
    if garbled(text):
        return Fault("it is not text in the file's encoding")
    if text.count("[") + text.count("{") > _MAX_DEPTH and _depth(text) > _MAX_DEPTH:
        return Fault("it is nested too deep")
    try:
        return _decoded(text)
    except json.JSONDecodeError as error:
        return Fault(f"it is no valid JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        return Fault("it is nested too deep")
    except ValueError:
        return Fault("it holds a number that is too long")


def _decoded(text: str) -> Any:
    if text.startswith(("{", "[")):
        value, end = _DECODER.raw_decode(text)
        if end == len(text):
            return value
    return json.loads(text)  # which bears with blanks around a value, and says what else is wrong


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


def records(lines: Iterator[Line]) -> Iterator[Any]:
    """Give the records of each line."""
    for line in lines:
        if line.fault:
            yield Fault(line.fault)
        else:
            yield from line_records(line.text)


def line_records(text: str) -> Sequence[Any]:
    """Return the value of a line, if there is one; a page of an API (an object around a list) gives its records."""
    if not text or text.isspace():
        return ()
    value = parsed(text)
    return _unwrapped(cast("dict[str, Any]", value)) if isinstance(value, dict) else (value,)


def _unwrapped(value: dict[str, Any]) -> Sequence[Any]:
    """Return the records of an API's page, or the record itself."""
    if len(value) <= 8 and _OWN.isdisjoint(value):
        for name, inner in value.items():
            if name in _LISTS and isinstance(inner, list) and inner:
                within = cast("list[Any]", inner)
                if isinstance(within[0], dict):
                    return within
    return (value,)


def elements(chunks: Iterator[str], *, whole: bool, any_name: bool = False) -> Iterator[Any]:
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
        """Take the value that starts here and return it parsed, or a `Fault`. Raises CutError at the text's end."""
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
        return Fault("it is not text in the file's encoding") if garbled(text) else cast("Any", value)

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
        return Fault(TOO_LONG) if size > MAX_LINE else parsed("".join(parts))


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
