"""What ticks do to the figures of the watchlist."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.model import Tick
    from core.watchlists import Quote


def with_ticks(quotes: Mapping[str, Quote], ticks: Sequence[Tick]) -> dict[str, Quote]:
    """Return the quotes that ticks change: the last price, and the change where the stream says the last day's close.

    Quotes of simulated prices and ticks older than a quote change nothing.
    """
    changed: dict[str, Quote] = {}
    for tick in ticks:
        quote = changed.get(tick.symbol) or quotes.get(tick.symbol)
        if quote is None or quote.simulated or (quote.as_of is not None and tick.time < quote.as_of):
            continue
        change = tick.price / tick.previous - 1 if tick.previous > 0 else _moved(quote, tick.price)
        changed[tick.symbol] = dataclasses.replace(quote, last=tick.price, change=change, as_of=tick.time)
    return changed


def _moved(quote: Quote, price: float) -> float | None:
    """Return the change against the same close as before."""
    if quote.last is None or quote.change is None or not quote.last > 0:
        return quote.change
    return price / (quote.last / (1 + quote.change)) - 1
