"""What Yahoo's answers say: of whom and when prices are, what a search found, Yahoo's own errors. Asks nothing."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast

from core.clock import local_time
from core.feeds.base import Found
from core.model import Instrument

if TYPE_CHECKING:
    from core.feeds.transport import Answer


def json_of(answer: Answer) -> dict[str, Any] | None:
    """Return the JSON object that was sent, None for anything else."""
    try:
        value: Any = json.loads(answer.text)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def error_of(answer: Answer) -> dict[str, Any]:
    """Return Yahoo's own error object (code, description), {} where it sent none."""
    body = json_of(answer) or {}
    for part in ("chart", "finance"):
        error = cast("dict[str, Any]", body.get(part) or {}).get("error")
        if isinstance(error, dict):
            return cast("dict[str, Any]", error)
    return {}


def result_of(answer: Answer) -> dict[str, Any]:
    """Return the first result of a chart answer, {} where there is none."""
    chart = cast("dict[str, Any]", (json_of(answer) or {}).get("chart") or {})
    results = cast("list[dict[str, Any]]", chart.get("result") or [])
    return (results[0] or {}) if results else {}


def meta_of(answers: list[Answer]) -> dict[str, Any]:
    """Return what the last answer tells beside the bars, {} where there is none."""
    return cast("dict[str, Any]", result_of(answers[-1]).get("meta") or {}) if answers else {}


def market_time(meta: dict[str, Any]) -> int | None:
    """Return of when the latest price is (ms UTC), None where Yahoo does not say."""
    seconds = meta.get("regularMarketTime")
    return int(seconds) * 1000 if isinstance(seconds, int | float) else None


def instrument_of(symbol: str, meta: dict[str, Any]) -> Instrument:
    """Return the instrument with what Yahoo tells of it."""
    name = str(meta.get("longName") or meta.get("shortName") or "")
    return Instrument(symbol, name, str(meta.get("currency") or ""))


def found_of(quote: dict[str, Any]) -> Found:
    """Return one result of a search."""
    name = str(quote.get("longname") or quote.get("shortname") or "")
    exchange = str(quote.get("exchDisp") or quote.get("exchange") or "")
    return Found(
        str(quote["symbol"]), name, exchange, str(quote.get("quoteType") or quote.get("typeDisp") or "").lower()
    )


def alike(stamps: list[int], zone: str) -> bool:
    """Whether the last daily stamp is of the same hour as the one before, or midnight: else it is a live quote's."""
    hours = [local_time(t, zone).time() for t in stamps[-2:]]
    return hours[-1] in {dt.time(0), *hours[:-1]}
