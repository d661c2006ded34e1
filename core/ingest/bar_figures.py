"""What stands in a row of prices: which column is which, and the figures in them, checked against one another."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from core.errors import InputError
from core.ingest.formats.base import columns_by_key, listed, mapped_columns
from core.ingest.values import EMPTY, RowError, clean_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.ingest.tables import Row, Table

_NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("datetime", "date_time", "timestamp", "date", "time", "trade_date", "day", "日期", "时间", "交易日期"),
    "open": ("open", "open_price", "o", "开盘", "开盘价"),
    "high": ("high", "high_price", "h", "最高", "最高价"),
    "low": ("low", "low_price", "l", "最低", "最低价"),
    "close": ("close", "close_price", "close/last", "c", "收盘", "收盘价"),
    "adjusted": ("adj_close", "adjclose", "adjusted_close", "adj._close", "复权收盘价"),
    "dividend": ("dividends", "dividend", "div"),
    "split": ("stock_splits", "stock_split", "split", "splits"),
    "volume": ("volume", "vol", "v", "成交量"),
}
FIELDS = tuple(_NAMES)
LOT = 100
_RATIO = re.compile(r"(\d+(?:\.\d+)?)\s*(?::|/|-?for-?|\s+for\s+)\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_ROUNDING = 1e-6


def find_columns(table: Table, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each field that the table has.

    Raises UsageError for a field in `mapping` that there is not, InputError if a column that bars need is missing.
    """
    by_key = columns_by_key(table.columns)
    found = {
        name: by_key[next(c for c in candidates if c in by_key)]
        for name, candidates in _NAMES.items()
        if any(c in by_key for c in candidates)
    }
    if "time" not in found and {"price", "close"} <= by_key.keys():
        found["time"] = by_key["price"]  # the corner of yfinance's table with two header rows
    elif "time" not in found and table.columns[:1] == ["column 1"]:
        found["time"] = "column 1"  # pandas' index has no name
    found |= mapped_columns(mapping, FIELDS, table.columns, table.name)
    missing = [name for name in ("time", "open", "high", "low", "close") if name not in found]
    if missing:
        raise InputError(f"'{table.name}' has no column for {' and '.join(missing)}; it has {listed(table.columns)}.")
    return found


def is_header(row: Row, columns: Mapping[str, str]) -> bool:
    """Whether the row is the second or third header line of yfinance's table."""
    first = row.values.get(columns["time"])
    return first in {"Ticker", "Date", "Datetime"} and row.number <= 2


def in_lots(columns: Sequence[str], found: Mapping[str, str], symbol: str) -> bool:
    """Whether volumes are in lots: so they are in China's own order of columns (open, close, high, low)."""
    if not symbol.endswith((".SS", ".SZ", ".BJ")) or "volume" not in found:
        return False
    place = {name: columns.index(found[name]) for name in ("open", "close", "high", "low")}
    return place["close"] == place["open"] + 1 and place["high"] > place["close"] < place["low"]


def figures_of(row: Row, columns: Mapping[str, str], lot: int) -> tuple[float, ...]:
    """Return open, high, low, close, volume, adjusted close, dividend and split of a row; 0 is no dividend or split.

    Raises RowError for what cannot be.
    """
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
    volume = _volume(get(columns["volume"]), lot) if "volume" in columns else math.nan
    adjusted = c
    if "adjusted" in columns:
        adjusted = _number(get(columns["adjusted"]), "adjusted close")
        if adjusted <= 0:
            raise RowError(f"adjusted close is {adjusted:g}, not above zero")
    dividend = number_or_none(get(columns.get("dividend", "")), "dividend") or 0.0
    split = split_ratio(get(columns.get("split", ""))) or 0.0
    return o, max(o, h, low, c), min(o, h, low, c), c, volume, adjusted, dividend, split


def number_or_none(value: object, name: str) -> float | None:
    """Return a figure not below zero, None where the cell is empty. Raises RowError."""
    if value is None or (isinstance(value, str) and clean_text(value).lower() in EMPTY):
        return None
    number = _number(value, name)
    if number < 0:
        raise RowError(f"{name} is {number:g}, below zero")
    return number


def split_ratio(value: object) -> float | None:
    """Return new shares for one old of `7:1`, `7/1`, `7 for 1` or `7`; None where there is none (empty, 0 or 1)."""
    if isinstance(value, str) and (found := _RATIO.fullmatch(clean_text(value))):
        new, old = float(found[1]), float(found[2])
        if not new or not old:
            raise RowError(f"split is {shown(value)}, no ratio such as 7:1")
        ratio: float | None = new / old
    else:
        ratio = number_or_none(value, "split")
    return None if ratio in {None, 0.0, 1.0} else ratio


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or value is None:
        raise RowError(f"{name} is missing")
    if isinstance(value, str):
        text = clean_text(value).lower().removeprefix("$")
        if text in EMPTY:
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


def _volume(text: object, lot: int) -> float:
    """Return the volume in shares, NaN where the cell is empty."""
    if text is None or str(text).strip().lower() in EMPTY:
        return math.nan
    volume = _number(text, "volume")
    if volume < 0:
        raise RowError(f"volume is {volume:g}, below zero")
    # 73505.46 lots are whole shares, which their product in floating point is not.
    return round(volume * lot, 2) if lot > 1 else volume
