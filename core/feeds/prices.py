"""Stored prices kept up to date: what is missing, asking for just that, merging, and saying how it went.

Asked again are only spans never answered for before, and bars that had not closed; one bar in common with what is
stored shows whether a split or dividend has changed the past, and then the series is fetched anew. Troubles of the
service are no exceptions here but part of the report.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.errors import FeedError, UsageError
from core.feeds.base import FetchReport, Found, History, PriceFeed
from core.feeds.health import FeedHealth, State, clock_time, is_service_trouble
from core.feeds.ledger import Ledger
from core.feeds.spans import Span, missing, pieces, union
from core.feeds.splice import join, overlap, rescale
from core.feeds.window import OLDEST, Window
from core.model import DAY_MS, ActionKind, Basis, Interval
from core.series import Bars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.store import BarSeriesInfo, Store


def fetch_prices(
    store: Store,
    symbol: str,
    interval: Interval,
    *,
    start: int | None = None,
    now: int,
    feed: PriceFeed,
    zone: str | None = None,
) -> FetchReport:
    """Bring the stored bars of `symbol` up to `now` (ms UTC), from `start` or as far as sensible.

    Without `start`: daily bars from the beginning, intraday ones as far as the service reaches. `zone` is the user's,
    for times in sentences (None: the machine's). Never raises for troubles of the service; see `FetchReport.problem`.
    Raises UsageError without a symbol, StoreError where the store fails.
    """
    if not symbol.strip():
        raise UsageError("Name a symbol to fetch, such as AAPL or 300792.SZ.")
    return _Fetch(store, symbol.strip().upper(), interval, now, feed, zone).run(start)


@dataclass(frozen=True, slots=True)
class PriceService:
    """Prices of many symbols from one feed. `clock` gives the present (ms UTC), `zone` is the user's."""

    store: Store
    feed: PriceFeed
    clock: Callable[[], int]
    zone: str | None = None

    def fetch(self, symbols: Iterable[str], interval: Interval, start: int | None = None) -> list[FetchReport]:
        """Fetch one after the other; a symbol's trouble stops no other (the service's own holds for all)."""
        return [
            fetch_prices(self.store, s, interval, start=start, now=self.clock(), feed=self.feed, zone=self.zone)
            for s in symbols
        ]

    def search(self, text: str) -> list[Found]:
        """Find instruments by name. Raises FeedError with a sentence, also while the service must not be asked."""
        now, health = self.clock(), self.health()
        if health.holds(now, self.feed.route):
            raise FeedError(health.sentence(now, self.zone), retry_at=health.until)
        try:
            found = self.feed.search(text)
        except FeedError as e:
            if not is_service_trouble(e):
                raise
            health = health.failed(e, now, self.feed.route)
            health.save(self.store)
            raise FeedError(health.sentence(now, self.zone), retry_at=health.until) from e
        health.succeeded(now, self.feed.route).save(self.store)
        return found

    def health(self) -> FeedHealth:
        """Return how the service is doing, as all windows and commands on this store know it."""
        return FeedHealth.load(self.store, self.feed.name)


class _Fetch:
    """One fetch of one series: its circumstances, and what has been counted so far."""

    def __init__(
        self, store: Store, symbol: str, interval: Interval, now: int, feed: PriceFeed, zone: str | None
    ) -> None:
        self.store, self.symbol, self.interval = store, symbol, interval
        self.now, self.feed, self.zone = now, feed, zone
        self.ledger = Ledger(store, symbol, interval, feed.name, now)
        self.bases = self.ledger.bases
        self.health = FeedHealth.load(store, feed.name)
        self.added = self.replaced = 0
        self.asked = self.refetched = self.simulated = False
        self.notes: list[str] = []

    def run(self, start: int | None) -> FetchReport:
        if self.health.holds(self.now, self.feed.route):
            return self._report(self._sentence(), self.health.until)
        try:
            problem = self._fetch(start)
        except FeedError as e:
            return self._failed(e)
        if self.asked:
            self.health.succeeded(self.now, self.feed.route).save(self.store)
        return self._report(problem)

    # ---- what to ask

    def _fetch(self, start: int | None) -> str | None:
        window = Window(self.interval, self.now, self.feed.reach(self.interval), self.feed.calendar(self.symbol))
        info = self.ledger.series()
        self.simulated = any(i.simulated for i in info.values())
        complete = all(b in info for b in self.bases) and not self.simulated
        record = self.ledger.record() if complete else None
        if record is not None:
            covered = record
        elif complete:
            # Bars from a file: they stand, but nothing says that the last one had closed.
            covered = [(max(i.first for i in info.values()), min(i.last for i in info.values()))]
        else:
            covered = []
        if start is not None and start < window.oldest:
            self.notes.append(
                f"{self.feed.name} keeps {self.interval} prices for {(window.reach.back or 0) // DAY_MS} days only: "
                f"asked from {self._day(window.oldest)}."
            )
        begin = window.begin(start, covered)
        gaps = [g for g in missing((begin, self.now + 1), covered) if window.was_open(g)]
        if self.simulated:
            info = {}
        for gap in gaps:
            problem = self._fill(gap, begin, covered, info, window)
            if problem is not None:
                return problem
            if self.refetched:
                break
        if not self.refetched and begin < self.now:
            self.ledger.keep(covered, complete=True)
        if not self.ledger.series():
            since = f" since {self._day(begin)}" if begin > OLDEST else ""
            return f"{self.feed.name} has no {self.interval} prices of {self.symbol}{since}."
        return None

    def _fill(
        self, gap: Span, first: int, covered: list[Span], info: dict[Basis, BarSeriesInfo], window: Window
    ) -> str | None:
        """Ask for one gap, piece by piece, and store each. Returns a problem that is not the service's."""
        stored = self.ledger.bars(Basis.RAW) if info else Bars.empty()
        begin, end = window.with_neighbours(gap, stored.time)
        if info and gap[0] > min(i.last for i in info.values()) and begin == gap[0] and self.interval.intraday:
            self._bridge(gap[0], window)
            info = {}
        filled = union([*covered])
        for low, high in pieces((begin, end), window.reach.piece):
            history = self._ask(low, high)
            if self.simulated and history.bars:
                for basis in self.ledger.series():
                    self.ledger.drop(basis)
                self.simulated = False
                self.notes.append(f"Simulated {self.interval} prices gave way to {self.feed.name}'s.")
            changed = [b for b in self.bases if b in info and not self._agrees(b, history)]
            if changed or (info and self._acted_unseen(history, info, gap)):
                return self._refetch(first, info, window)
            top = gap[1] if gap[1] <= self.now else end
            self._put({b: bars.take((bars.end > gap[0]) & (bars.time < top)) for b, bars in history.bars.items()})
            filled = union([*filled, (gap[0], min(gap[1], window.known_until(history, gap[0], high)))])
            if self.ledger.series():
                self.ledger.keep(filled, complete=False)
        covered[:] = filled
        return None

    def _ask(self, begin: int, end: int) -> History:
        history = self.feed.history(self.symbol, self.interval, begin, end)
        self.asked = True
        if history.bars:
            self.ledger.name(history.instrument)
        self.ledger.put_actions(history.actions)
        return history

    # ---- merging

    def _agrees(self, basis: Basis, history: History) -> bool:
        fresh = history.bars.get(basis)
        if fresh is None or not len(fresh):
            return True
        stored = self.ledger.bars(basis, int(fresh.time[0]), int(fresh.time[-1]) + 1)
        # A bar that had not closed when it was stored has moved since: that says nothing.
        closed = stored.take(stored.end <= self._final_until())
        return overlap(closed, fresh).agrees

    def _final_until(self) -> int:
        """Return up to when stored bars are known to have closed: the end of what was asked, or of a file."""
        record = self.ledger.record()
        if record is not None:
            return record[-1][1] if record else OLDEST
        info = self.ledger.series()
        return max((i.last for i in info.values()), default=OLDEST)

    def _acted_unseen(self, history: History, info: dict[Basis, BarSeriesInfo], gap: Span) -> bool:
        """Whether a split or dividend lies in the gap while no stored bar could be compared with."""
        if not any(gap[0] <= a.time for a in history.actions):
            return False
        fresh = history.bars.get(Basis.RAW, Bars.empty())
        stored = self.ledger.bars(Basis.RAW)
        return max(i.last for i in info.values()) < gap[0] and not len(overlap(stored, fresh).ratio)

    def _bridge(self, begin: int, window: Window) -> None:
        """Bring stored bars across a hole that is out of reach to today's terms, by the splits since (daily bars)."""
        stored = self.ledger.bars(Basis.RAW)
        last = int(stored.time[-1])
        if window.midnights(last)[1] > begin:
            return
        daily = self.feed.history(self.symbol, Interval.D1, window.midnights(last)[0], self.now + DAY_MS)
        ratio = 1 / math.prod(a.value for a in daily.actions if a.kind is ActionKind.SPLIT and a.time > last)
        if ratio != 1:
            self.ledger.put(Basis.RAW, rescale(stored, ratio, ratio))
            self.notes.append(f"A split changed earlier {self.interval} prices: they were brought to its terms.")

    def _refetch(self, first: int, info: dict[Basis, BarSeriesInfo], window: Window) -> str | None:
        """Fetch the whole series anew and put it in the place of the stored one, or leave that untouched."""
        first = min(first, window.midnights(min(i.first for i in info.values()))[0])
        begin = first if first >= window.oldest else window.midnights(window.oldest)[1]
        histories = [self._ask(*piece) for piece in pieces((begin, self.now + DAY_MS), window.reach.piece)]
        fresh = {b: join([h.bars[b] for h in histories if b in h.bars]) for b in self.bases}
        whole: dict[Basis, Bars] = {}
        shares = 1.0
        for basis in self.bases:
            stored = self.ledger.bars(basis)
            older = self._carried_over(stored, fresh[basis], shares)
            if isinstance(older, str):
                return older
            if basis is Basis.RAW and (steady := overlap(stored, fresh[basis]).steady):
                shares = steady
            whole[basis] = join([older, fresh[basis]])
        for basis, bars in whole.items():
            stale = self.ledger.bars(basis).time
            dropped = not np.isin(stale, bars.time).all()
            if dropped:
                self.ledger.drop(basis)
            result = self.ledger.put(basis, bars)
            if basis is Basis.RAW:
                known = int(np.isin(bars.time, stale).sum())
                self.added += len(bars) - known
                self.replaced += known if dropped else result.replaced
        known = window.known_until(histories[-1], begin, self.now + DAY_MS)
        self.ledger.keep([(begin, known)], complete=True)
        self.refetched = True
        source = info[Basis.RAW].source if Basis.RAW in info else self.feed.name
        self.notes.append(
            f"A split or dividend changed earlier {self.interval} prices: the series was fetched anew."
            if source == self.feed.name
            else f"The {self.interval} prices from {source} differ from {self.feed.name}'s, which replaced them."
        )
        return None

    def _carried_over(self, stored: Bars, fresh: Bars, shares: float) -> Bars | str:
        """Return the stored bars older than the service reaches, brought to its new terms, or why that cannot be."""
        if not len(fresh):
            return f"{self.feed.name} sent no {self.interval} prices of {self.symbol}: nothing was changed."
        older = stored.take(stored.time < fresh.time[0])
        if not len(older):
            return older
        common = overlap(stored, fresh)
        ratio = common.steady
        if ratio is None:
            return (
                f"The stored {self.interval} prices of {self.symbol} differ from {self.feed.name}'s and reach further "
                "back than it does: nothing was changed; remove the stored ones to take its own."
            )
        return rescale(older, ratio, ratio if shares == 1.0 else shares)

    def _put(self, bars: dict[Basis, Bars]) -> None:
        for basis, part in bars.items():
            if len(part):
                result = self.ledger.put(basis, part)
                if basis is Basis.RAW:
                    self.added += result.added
                    self.replaced += result.replaced

    # ---- saying how it went

    def _sentence(self) -> str:
        checked = self.ledger.checked()
        return self.health.sentence(self.now, self.zone, checked, none_stored=checked is None)

    def _failed(self, error: FeedError) -> FetchReport:
        if is_service_trouble(error):
            self.health = self.health.failed(error, self.now, self.feed.route)
            self.health.save(self.store)
            return self._report(self._sentence(), self.health.until)
        if self.asked or self.health.state is not State.OK:
            self.health.succeeded(self.now, self.feed.route).save(self.store)
        checked = self.ledger.checked()
        tail = f"; showing prices of {clock_time(checked, self.now, self.zone)}" if checked is not None else ""
        return self._report(f"{str(error).rstrip('.')}{tail}.", error.retry_at)

    def _report(self, problem: str | None, retry_at: int | None = None) -> FetchReport:
        info = self.ledger.series().get(Basis.RAW)
        checked = self.ledger.checked()
        report = FetchReport(self.symbol, self.interval, self.added, self.replaced, problem=problem, retry_at=retry_at)
        report = replace(report, note=" ".join(self.notes))
        if info is None:
            return report
        age = max(0, self.now - checked) if checked is not None else None
        return replace(report, source=info.source, first=info.first, last=info.last, age_ms=age)

    def _day(self, ms: int) -> str:
        return clock_time(ms, 0, self.zone).partition(" ")[0]
