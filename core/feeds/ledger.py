"""One series of prices in the store, and what is known about it beside its bars: which spans were asked for.

Bars alone do not tell a holiday from a hole, or a closed bar from a running one; the record of what a service has
answered for does. Times are ms UTC.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

from core.feeds.spans import Span, union
from core.model import Basis, Instrument, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Action
    from core.series import Bars
    from core.store import BarSeriesInfo, PutResult, Store


class Ledger:
    """The stored bars of one symbol and interval, for one service and one moment."""

    def __init__(self, store: Store, symbol: str, interval: Interval, service: str, now: int) -> None:
        self.store, self.symbol, self.interval, self.service, self.now = store, symbol, interval, service, now
        # No service adjusts intraday prices for dividends.
        self.bases = (Basis.RAW,) if interval.intraday else (Basis.RAW, Basis.ADJUSTED)
        self._key = f"feeds/{service.lower()}/asked/{symbol}/{interval}"

    def series(self) -> dict[Basis, BarSeriesInfo]:
        """Return what is stored, by basis; a basis without bars is absent."""
        series = self.store.bar_series(self.symbol)
        return {i.basis: i for i in series if i.interval is self.interval and i.basis in self.bases}

    def bars(self, basis: Basis, start: int | None = None, end: int | None = None) -> Bars:
        """Return stored bars that begin in [start, end)."""
        return self.store.bars(self.symbol, self.interval, basis, start, end)

    def put(self, basis: Basis, bars: Bars) -> PutResult:
        """Merge bars by their time."""
        return self.store.put_bars(self.symbol, self.interval, basis, bars, source=self.service, fetched=self.now)

    def drop(self, basis: Basis) -> None:
        """Remove a series."""
        self.store.drop_bars(self.symbol, self.interval, basis)

    def put_actions(self, actions: Sequence[Action]) -> None:
        """Keep splits and dividends as the service tells them today: a split changes earlier dividends."""
        self.store.put_actions(self.symbol, [dataclasses.replace(a, source=self.service) for a in actions])

    def record(self) -> list[Span] | None:
        """Return the spans that the service has told all of, None where nothing is recorded of what is stored."""
        kept, info = self._kept(), self.series()
        spans = cast("list[Span] | None", kept.get("spans"))
        # A series that was removed, or replaced by a smaller one from a file, is not what the record speaks of.
        if spans is None or any(b not in info or info[b].n < kept.get("bars", 0) for b in self.bases[:1]):
            return None
        return union((int(a), int(b)) for a, b in spans)

    def keep(self, spans: Sequence[Span], *, complete: bool) -> None:
        """Record what has been told; `complete` says that nothing is known to be missing now."""
        info = self.series().get(Basis.RAW)
        checked = self.now if complete else self._kept().get("checked")
        kept = {"spans": [list(s) for s in union(spans)], "checked": checked, "bars": info.n if info else 0}
        self.store.put(self._key, kept)

    def checked(self) -> int | None:
        """Return when what is stored was last known to be all there is, None where nothing is stored."""
        info = self.series().get(Basis.RAW)
        if info is None:
            return None
        checked = self._kept().get("checked")
        if isinstance(checked, int):
            return checked
        # Never complete: as old as its newest bar, or, from a file, as the import.
        return min(info.fetched, info.last) if self._kept() else info.fetched

    def name(self, found: Instrument) -> None:
        """Fill in what is not known yet of the instrument."""
        known = next((i for i in self.store.instruments() if i.symbol == self.symbol), Instrument(self.symbol))
        wanted = Instrument(self.symbol, known.name or found.name, known.currency or found.currency)
        if wanted != known or wanted == Instrument(self.symbol):
            self.store.put_instrument(wanted)

    def _kept(self) -> dict[str, Any]:
        kept = self.store.get(self._key)
        return cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}
