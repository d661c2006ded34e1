"""Which zone and which order of dates the times in a file of posts are in: settled once, by a look at the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import InputError
from core.ingest.formats.columns import getter
from core.ingest.tables import Table
from core.ingest.values import (
    DateOrder,
    NoZoneError,
    RowError,
    date_order_evidence,
    depends_on_order,
    parse_time,
    shown,
    zone_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.ingest.formats import PostFormat
    from core.ingest.formats.base import Context
    from core.ingest.tables import Row

_CHINA = "Asia/Shanghai"


def settled(
    path: Path,
    preset: PostFormat,
    columns: Sequence[str],
    sample: Sequence[Row],
    context: Context,
    note: Callable[[str], None],
) -> Context:
    """Return the context with the zone and the order of dates for the whole file; `note` hears what was assumed.

    Raises InputError where times have no zone and nobody has named one.
    """
    column = preset.time_column(columns, context)
    value = getter([column])
    times = [value(row.values) for row in sample]
    zone = context.zone
    if zone is None and preset.zone:
        zone = zone_named(preset.zone)
    order: DateOrder | None = None
    if any(depends_on_order(time) for time in times):
        order = _date_order(path, column, times)
        if order is None:
            order = DateOrder.MONTH_FIRST
            note(f"Dates in '{path.name}' could be read either way; month/day/year was assumed.")
    if zone is None and (example := next((time for time in times if _lacks_zone(time, order)), None)) is not None:
        if not any("\u4e00" <= char <= "\u9fff" for char in column):
            raise InputError(
                f"The times in '{path.name}' (such as {shown(example)}) have no time zone: name it with --tz, "
                f"for example --tz {_CHINA}."
            )
        zone = zone_named(_CHINA)
        note(f"Times in '{path.name}' have no zone; as its columns are Chinese, {_CHINA} was taken.")
    return replace(context, zone=zone, order=order)


def _date_order(path: Path, column: str, sample: Sequence[object]) -> DateOrder | None:
    """Look through the whole file, if need be, for a date that can be read in one order only."""
    for time_ in sample:
        if order := date_order_evidence(time_):
            return order
    value = getter([column])
    with Table(path) as table:
        for row in table.rows():
            if not row.fault and (order := date_order_evidence(value(row.values))):
                return order
    return None


def _lacks_zone(value: object, order: DateOrder | None) -> bool:
    try:
        parse_time(value, None, order)
    except NoZoneError:
        return True
    except RowError:
        return False
    return False
