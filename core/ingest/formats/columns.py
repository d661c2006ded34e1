"""The cells of a table made into posts, a column at a time: that takes two thirds of what each row would alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from core.ingest.values import RowError, clean_text, count, flag, identifier, is_lower_bound, parse_time, symbols, words
from core.store.arrivals import Columns, pack
from core.store.counts import COUNTS

if TYPE_CHECKING:
    import datetime as dt

    from core.ingest.values import DateOrder

Values: TypeAlias = Mapping[str, Any]
Cells: TypeAlias = list[Any]
Converter: TypeAlias = Callable[[Cells], Cells]

_STANCES = {"bullish": "bullish", "bull": "bullish", "bearish": "bearish", "bear": "bearish"}


class Posts(NamedTuple):
    """The posts of some rows, and what is wrong with the other rows by their place."""

    columns: Columns
    errors: dict[int, str]


def cells_of(columns: Sequence[str]) -> Callable[[Sequence[Values]], Cells]:
    """Return the function that gives of each row the first value that is not empty among the columns."""
    if len(columns) == 1 and "." not in columns[0]:
        only = columns[0]
        return lambda rows: [row.get(only) for row in rows]
    get = getter(columns)
    return lambda rows: list(map(get, rows))


def getter(columns: Sequence[str]) -> Callable[[Values], Any]:
    """Return the function that gives the first value that is not empty among the columns of a row."""
    if not columns:
        return lambda _values: None
    if len(columns) == 1 and "." not in columns[0]:
        only = columns[0]
        return lambda values: values.get(only)
    paths = [(column, column.split(".") if "." in column else None) for column in columns]

    def get(values: Values) -> Any:
        for column, path in paths:
            value = values.get(column)
            if value is None and path is not None:
                value = _walk(values, path)
            if value is not None and value != "":
                return value
        return None

    return get


def _walk(values: Values, path: Sequence[str]) -> Any:
    here: Any = values
    for step in path:
        if not isinstance(here, dict):
            return None
        here = cast("dict[str, Any]", here).get(step)
    return here


def texts(cells: Cells) -> list[str]:
    """Return what `clean_text` makes of each cell; most are plain ASCII without entities."""
    return [
        cell.strip() if cell.__class__ is str and cell.isascii() and "&" not in cell and "\0" not in cell
        else clean_text(cell)
        for cell in cells
    ]  # fmt: skip


def identifiers(cells: Cells) -> list[str]:
    """Return what `identifier` makes of each cell; most are digits."""
    return [cell if cell.__class__ is str and cell.isdigit() and cell.isascii() else identifier(cell) for cell in cells]


def instants(cells: Cells, zone: dt.tzinfo | None, order: DateOrder | None) -> tuple[list[int], dict[int, str]]:
    """Return the instant (ms UTC) of each cell, and the errors of cells that are none by their place."""
    found: list[int] = []
    errors: dict[int, str] = {}
    for cell in cells:
        try:
            instant = parse_time(cell, zone, order)
        except RowError as error:
            errors[len(found)] = str(error)
            instant = 0
        found.append(instant)
    return found, errors


def _each(convert: Callable[[Any], Any]) -> Converter:
    return lambda cells: list(map(convert, cells))


def _stance(value: object) -> str:
    return _STANCES.get(clean_text(value).lower(), "")


def lower_bounds(cells: Mapping[str, Cells], rows: int) -> list[int]:
    """Return which counts of each row are lower bounds only (`10+`), as `core.store.counts.bounds` puts it."""
    found = [0] * rows
    for k, name in enumerate(COUNTS):
        for place, cell in enumerate(cells.get(name, ())):
            if is_lower_bound(cell):
                found[place] |= 1 << k
    return found


# The fields that any table may have, in the order of `Columns`: what makes the column, and what a table without it has.
CONVERTERS: Mapping[str, tuple[Converter, Any]] = {
    "author": (texts, ""), "followers": (_each(count), None), "likes": (_each(count), None),
    "comments": (_each(count), None), "shares": (_each(count), None), "views": (_each(count), None),
    "lang": (texts, ""), "tags": (_each(words), ()), "symbols": (_each(symbols), ()), "url": (texts, ""),
    "repost": (_each(flag), False), "stance": (_each(_stance), ""),
}  # fmt: skip


def posts_of(
    source: Sequence[str], native: Sequence[str], published: Sequence[int], fields: Mapping[str, Cells],
    errors: dict[int, str],
) -> Posts:  # fmt: skip
    """Return the columns as the store takes them, without the rows that have errors."""
    packed = {name: list(map(pack, fields[name])) for name in ("tags", "symbols")}
    rest = [packed.get(name) or fields[name] for name in (*CONVERTERS, "at_least")]
    columns: list[Sequence[Any]] = [source, native, published, fields["text"], *rest]
    if errors:
        good = [place not in errors for place in range(len(published))]
        columns = [list(compress(column, good)) for column in columns]
    return Posts(Columns(*columns), errors)
