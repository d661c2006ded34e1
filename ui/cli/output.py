"""What the commands print: one JSON object for programs, short aligned lines for people."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# C1 controls and DEL, direction overrides, line separators and halves of surrogate pairs: legal in JSON text, but
# not things to send to a terminal or a strict UTF-8 reader as they are.
_RISKY = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    """Return `text` on one line, with every character that could steer a terminal made visible and harmless.

    Line breaks and tabs become blanks, other C0 controls their pictures (ESC is ␛), the rest the replacement mark.
    """
    return _CONTROL.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\n\r\t\x0b\x0c\x85\u2028\u2029":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"


def json_text(value: Any) -> str:
    """Return `value` as JSON on one line; NaN and infinities become null."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def print_json(value: Any) -> None:
    """Print one JSON value on a line of its own, in UTF-8 whatever the terminal's encoding."""
    write_bytes((json_text(value) + "\n").encode())
    sys.stdout.flush()


def write_bytes(content: bytes) -> None:
    """Write bytes to stdout, after what was printed before."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a stream without bytes beneath, as some notebooks and tests have it
        sys.stdout.write(content.decode())
    else:
        buffer.write(content)
        buffer.flush()


def say(line: str = "") -> None:
    """Print one line for people."""
    print(plain(line))  # noqa: T201 - this is the command line's mouth


def complain(sentence: str) -> None:
    """Print one sentence on stderr."""
    _print_to(sys.stderr, plain(sentence))


def _print_to(stream: TextIO, line: str) -> None:
    print(line, file=stream, flush=True)


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes; Chinese characters take two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def say_table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
    """Print rows of cells in columns as wide as they need; those in `right` are aligned to the right."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(width(row[n]) for row in cells) for n in range(len(cells[0]))]
    for row in cells:
        parts: list[str] = []
        for n, cell in enumerate(row):
            space = " " * (widths[n] - width(cell))
            parts.append(space + cell if n in right else cell + space)
        say("  ".join(parts).rstrip())


def iso_utc(ms: int | None) -> str | None:
    """Return an instant (ms UTC) as `2025-01-14T01:30:00Z`."""
    return None if ms is None else dt.datetime.fromtimestamp(ms / 1000, dt.UTC).isoformat().replace("+00:00", "Z")


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 post`, `1,234 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
