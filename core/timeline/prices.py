"""The stored bars of one symbol for a tape: which series, and into which slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from core.clock import calendar_for, own_ends
from core.model import Basis, Interval
from core.series import Bars
from core.timeline.placing import Placing

if TYPE_CHECKING:
    from pathlib import Path

    from core.clock import Calendar
    from core.series import Candles
    from core.store import BarSeriesInfo, Store
    from core.timeline.slots import Slots


@dataclass(frozen=True, slots=True)
class Prices:
    """What the store has of a symbol; `span` is from its first instant to its last (ms UTC). None: no prices."""

    symbol: str
    series: BarSeriesInfo | None = None
    span: tuple[int, int] | None = None

    @classmethod
    def of(cls, store: Store, symbol: str, interval: Interval, basis: Basis) -> Self:
        """Choose the stored series: the wanted interval before finer ones, the wanted basis before the other."""
        finer = [i for i in Interval if i.ms <= interval.ms]
        bases = (basis, *(b for b in Basis if b is not basis))
        order = {(b, i): rank for rank, (i, b) in enumerate((i, b) for i in reversed(finer) for b in bases)}
        known = [s for s in store.bar_series(symbol) if (s.basis, s.interval) in order]
        if not known:
            return cls(symbol)
        best = min(known, key=lambda s: order[s.basis, s.interval])
        newest = store.bars(symbol, best.interval, best.basis, best.last)
        return cls(symbol, best, (best.first, int(newest.end[-1]) if len(newest) else best.last))


def placed(
    store: Store, prices: Prices, slots: Slots, *, interval: Interval, calendar: Calendar, cache_dir: Path | None
) -> tuple[Candles, Bars]:
    """Read the bars of a symbol into the slots of a calendar; with them come those that begin outside of all slots.

    A bar stands in the slot that holds its first instant. Where the calendar is not that of the symbol's own exchange,
    it is the first slot that ends no earlier than the bar closed there, as for a post.
    """
    placing, outside = Placing(slots), list[Bars]()
    if prices.series is not None:
        own = calendar_for(prices.symbol, cache_dir=cache_dir)
        for bars in store.bar_parts(prices.symbol, prices.series.interval, prices.series.basis):
            home = slots.find(bars.time)
            if (home < 0).any():
                outside.append(bars.take(home < 0))
            placing.put(bars, home if own is calendar else slots.closing(own_ends(own, interval, bars)))
    return placing.candles(), Bars.join(outside)
