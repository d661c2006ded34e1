"""Single values as exports write them: counts, instants, tags, tickers, text. Pure functions, no files."""

from __future__ import annotations

import datetime as dt
import email.utils
import enum
import functools
import html
import json
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from core.errors import UsageError
from core.linking import normalise_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the world calls social media is younger, and no market's bar is from the next century.
EARLIEST = 631_152_000_000  # 1990-01-01
LATEST = 4_102_444_800_000  # 2100-01-01
# What tables write where there is no figure (compared in lower case).
EMPTY = frozenset({"", "-", "--", "nan", "null", "none", "n/a"})
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


class RowError(ValueError):
    """A row cannot be used; the text says why, for the list of rejections."""


class NoZoneError(RowError):
    """A local time stands without its zone."""


# --- counts -----------------------------------------------------------------------------------------------------------

_COUNT = re.compile(r"(-?\d+(?:\.\d+)?)([万萬亿億千wkmb]?)(\+?)", re.IGNORECASE)
_UNITS = {"": 1, "千": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "w": 10**4, "m": 10**6, "亿": 10**8, "億": 10**8}
_UNITS["b"] = 10**9
_MAX_COUNT = 2**62


@dataclass(frozen=True, slots=True)
class Count:
    """A number of likes, comments and so on; `at_least` where the export gave a lower bound only (`10+`)."""

    value: int
    at_least: bool = False


def is_lower_bound(value: object) -> bool:
    """Whether a count is a lower bound only, as `10+` is."""
    return isinstance(value, str) and "+" in value and (found := parse_count(value)) is not None and found.at_least


def parse_count(value: object) -> Count | None:
    """Read `12`, `"1,234"`, `7.6万` (76,000), `1千+` (1,000 or more), `1.2K`; None for empty and anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return Count(value) if abs(value) <= _MAX_COUNT else None
    if isinstance(value, float):
        return Count(round(value)) if abs(value) <= _MAX_COUNT else None  # NaN compares false
    text = unicodedata.normalize("NFKC", str(value)).strip().replace(",", "")[:40]
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    number = round(float(found[1]) * _UNITS[found[2].lower()])
    return Count(number, bool(found[3])) if abs(number) <= _MAX_COUNT else None


def count(value: object) -> int | None:
    """Return the number of `parse_count`, a lower bound as it stands."""
    if type(value) is int and -_MAX_COUNT <= value <= _MAX_COUNT:
        return value
    found = parse_count(value)
    return None if found is None else found.value


# --- instants ---------------------------------------------------------------------------------------------------------


class DateOrder(enum.Enum):
    """Which number comes first in `1/2/2025`."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"


_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d+)?")
_PARTED = re.compile(
    r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[T\s,]+(.+))?",
)
_CLOCK = re.compile(
    r"(上午|下午)?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?)?[分秒]?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


@functools.lru_cache(maxsize=64)
def zone_named(name: str) -> dt.tzinfo:
    """Return the zone of an IANA name such as Asia/Shanghai. Raises UsageError if there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError only by name
        pass
    except KeyError:
        pass
    raise UsageError(f"There is no time zone '{name}'; give an IANA name such as Asia/Shanghai or America/New_York.")


def parse_time(value: object, zone: dt.tzinfo | None = None, order: DateOrder | None = None) -> int:
    """Return the instant (ms UTC) that `value` names.

    Numbers are seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. Text is
    ISO 8601, `M/D/YYYY H:MM` (or D/M by `order`; month first without), `YYYY年M月D日`, RFC 2822, or a number.
    Text without an offset is read in `zone`; of an hour that daylight saving repeats, the first is meant.

    Raises:
        NoZoneError: the text has no offset and `zone` is None.
        RowError: it is no time, or lies before 1990 or after 2099.

    """
    if isinstance(value, str):
        text = value.strip()
        instant = _of_text(text, zone, order)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        instant = _of_number(value)
    elif value is None:
        raise RowError("it has no time")
    else:
        raise RowError(f"{shown(value)} is no time")
    if not EARLIEST <= instant < LATEST:
        raise RowError(f"the time {shown(value)} is not between 1990 and 2100")
    return instant


def _of_number(number: float) -> int:
    if isinstance(number, float) and not math.isfinite(number):
        raise RowError(f"{number} is no time")
    size = abs(number)
    if size < 10**11:
        return round(number * 1000)
    if size < 10**14:
        return round(number)
    return round(number / 1000) if size < 10**17 else round(number / 10**6)


def _of_text(text: str, zone: dt.tzinfo | None, order: DateOrder | None) -> int:
    if not text:
        raise RowError("it has no time")
    if text[0].isdigit() or text[0] == "-":
        plain = text[4:5] != "-"  # a date as most services write it begins 2025-
        if plain and _NUMBER.fullmatch(text) and not (len(text) == 8 and text.isdigit()):
            return _of_number(float(text) if "." in text else int(text))
        try:
            return _instant(dt.datetime.fromisoformat(text), zone, text)
        except ValueError as error:
            if isinstance(error, RowError):
                raise
        if found := _PARTED.fullmatch(unicodedata.normalize("NFKC", text)):
            return _instant(_parted(found, text, order), zone, text)
    try:
        return _instant(email.utils.parsedate_to_datetime(_twitter(text)), zone, text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        if isinstance(error, RowError):
            raise
    raise RowError(f"{shown(text)} is no time")


def _instant(when: dt.datetime, zone: dt.tzinfo | None, text: str) -> int:
    if when.tzinfo is None:
        if zone is None:
            raise NoZoneError(f"the time {shown(text)} has no zone")
        when = when.replace(tzinfo=zone)
    if not 1990 <= when.year < 2101:  # also keeps the year 9999 from overflowing below
        raise RowError(f"the time {shown(text)} is not between 1990 and 2100")
    return (when - _EPOCH) // _MILLISECOND


def _parted(found: re.Match[str], text: str, order: DateOrder | None) -> dt.datetime:
    first, second, third = found[1], found[2], found[3]
    if len(first) > 2:
        year, month, day = int(first), int(second), int(third)
    else:
        year = int(third) + (2000 if len(third) <= 2 else 0)
        day_first = order is DateOrder.DAY_FIRST or (order is None and "." in found[0][:3])
        day, month = (int(first), int(second)) if day_first else (int(second), int(first))
    try:
        date = dt.datetime(year, month, day)  # noqa: DTZ001 (the zone follows)
    except ValueError:
        raise RowError(f"{shown(text)} is no date" + (f" read {order.value}" if order else "")) from None
    return date if found[4] is None else _with_clock(date, found[4].strip(), text)


def _with_clock(date: dt.datetime, text: str, whole: str) -> dt.datetime:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise RowError(f"{shown(whole)} is no time")
    hour = int(found[2])
    half = found[1] or (found[6] or "").lower().replace(".", "")
    if half in {"pm", "下午"} and hour < 12:
        hour += 12
    elif half in {"am", "上午"} and hour == 12:
        hour = 0
    fraction = int((found[5] or "0").ljust(6, "0")[:6])
    try:
        when = date.replace(hour=hour, minute=int(found[3]), second=int(found[4] or 0), microsecond=fraction)
    except ValueError:
        raise RowError(f"{shown(whole)} is no time") from None
    offset = found[7]
    if offset is None:
        return when
    if offset in {"Z", "UTC", "GMT"}:
        return when.replace(tzinfo=dt.UTC)
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    shift = dt.timedelta(minutes=-minutes if offset[0] == "-" else minutes)
    if abs(shift) >= dt.timedelta(hours=24):
        raise RowError(f"{shown(whole)} is no time")
    return when.replace(tzinfo=dt.timezone(shift))


def _twitter(text: str) -> str:
    """Return Twitter's `Wed Oct 10 20:19:24 +0000 2018` in the order of RFC 2822; other text as it is."""
    parts = text.split()
    if len(parts) == 6 and parts[5].isdigit():
        return f"{parts[0]}, {parts[2]} {parts[1]} {parts[5]} {parts[3]} {parts[4]}"
    return text


def date_order_evidence(value: object) -> DateOrder | None:
    """Return which order `value` proves (`13/1/2025` day first, `1/13/2025` month first); None for no proof."""
    found = _PARTED.match(value.strip()) if isinstance(value, str) else None
    if found is None or len(found[1]) > 2:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if second > 12 >= first else None


def depends_on_order(value: object) -> bool:
    """Whether the reading of `value` depends on a date order (`1/2/2025`)."""
    found = _PARTED.match(value.strip()) if isinstance(value, str) else None
    return found is not None and len(found[1]) <= 2 and "." not in found[0][:3]


# --- text -------------------------------------------------------------------------------------------------------------

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Halves of surrogate pairs and NUL can be kept neither as UTF-8 nor by SQLite.
_UNSTORABLE = re.compile(r"[\ud800-\udfff]")


def clean_text(value: object) -> str:
    """Return `value` as text that can be stored: entities unescaped, no NUL, no half surrogate, outer blanks off.

    Entities are unescaped twice where they were escaped twice (`&amp;gt;` is `>`), as reposting services do.
    """
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if text.isascii() and "&" not in text and "\0" not in text:  # most cells
        return text.strip()
    if "&" in text:
        text = _unescape(_unescape(text))
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        text = _UNSTORABLE.sub("\ufffd", text)
    return text.strip()


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def identifier(value: object) -> str:
    """Return an id as text; a whole float (`123.0`, as pandas writes it) without its point. "" for none.

    An id in scientific notation was mangled by a spreadsheet: several posts share it, so it counts as none.
    """
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else ""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = clean_text(value)
    if "+" in text and re.fullmatch(r"\d+(?:\.\d+)?[eE]\+?\d+", text):
        return ""
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def words(value: object) -> tuple[str, ...]:
    """Return a list of tags or tickers: a list, JSON text of one, or text parted by `#`, commas, `;`, `|`."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):
            try:
                return words(json.loads(text.replace("'", '"') if '"' not in text else text))
            except (ValueError, RecursionError):
                text = text[1:-1]
        parts: Iterable[object] = re.split(r"[#,，;；|、\n]+", text)
    elif isinstance(value, list | tuple):
        parts = [_name_of(part) for part in cast("list[object]", value)]
    else:
        return ()
    clean = (clean_text(part).replace("[话题]", "").strip("# '\"") for part in parts if part is not None)
    return tuple(dict.fromkeys(word for word in clean if word))


def _name_of(part: object) -> object:
    """Return what a tag or symbol given as an object is called."""
    if isinstance(part, dict):
        named = cast("dict[str, Any]", part)
        return next((named[key] for key in ("symbol", "name", "tag", "title", "text") if key in named), None)
    return part


_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-=&]{0,14}")


@functools.lru_cache(maxsize=4096)
def _symbol(text: str) -> str:
    symbol = normalise_symbol(text)
    return symbol if _SYMBOL.fullmatch(symbol) else ""


def symbols(value: object) -> tuple[str, ...]:
    """Return stated tickers as Yahoo writes them; what looks like none (blanks, long words) is left out."""
    if isinstance(value, str):
        return _symbols(words(re.sub(r"\s+", ",", value.strip())))
    if isinstance(value, list):
        listed = cast("list[object]", value)
        if all(type(part) is str for part in listed):
            return _symbols(tuple(cast("list[str]", listed)))
    return _symbols(words(cast("object", value)))


@functools.lru_cache(maxsize=4096)
def _symbols(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tickers among texts; a file names the same few over and over."""
    return tuple(dict.fromkeys(symbol for word in words(found) if (symbol := _symbol(word))))


def flag(value: object) -> bool:
    """Return whether `value` says yes."""
    if isinstance(value, str):
        return value.strip().lower() in {"1", "true", "yes", "y", "t", "是"}
    return bool(value) and value is not None


def shown(value: object) -> str:
    """Return `value` for a message, quoted and short."""
    text = clean_text(value if isinstance(value, str | int | float) else type(value).__name__)
    return f"'{text[:40]}…'" if len(text) > 41 else f"'{text}'"
