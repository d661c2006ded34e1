"""Read a subject from the store into a tape."""

from __future__ import annotations

import dataclasses
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.basket import Basket
from core.clock import calendar_for, calendar_of, own_ends, session_days, slots
from core.marks import flags_of
from core.model import DAY_MS, Basis, Concept, Instrument, Interval, subject_key
from core.series import Bars, Candles, IntArray
from core.store import Store
from core.timeline.comparison import Compared
from core.timeline.crowds import read_audiences, read_crowds
from core.timeline.lines import Line
from core.timeline.request import NO_NEEDS, Needs, before_of
from core.timeline.tape import Provenance, Slots, Tape, place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from core.clock import Calendar
    from core.model import Subject
    from core.series import Rollup

# Above this many slots the grid is not extended over posts and metrics beyond the bars: a decade of posts with a week
# of one-minute bars would cost memory for slots that nobody can tell apart.
MOST_SLOTS = 3_000_000
_BEYOND = 5 * DAY_MS
# A live chart goes on after a holiday; one whose bars are older than that waits for them to be fetched.
_LONGEST_HOLIDAY = 15 * DAY_MS


def leading_symbol(subject: Subject) -> str:
    """Return the symbol whose exchange sets the clock: the instrument's own, or the heaviest member's."""
    if isinstance(subject, Instrument):
        return subject.symbol
    if not subject.members:
        return ""
    return max(subject.members, key=lambda m: m.weight).symbol


def load_tape(
    store: Store,
    subject: Subject,
    interval: Interval,
    *,
    scorer: str = "vader",
    basis: Basis = Basis.ADJUSTED,
    crowd: str = "",
    calendar: Calendar | None = None,
    cache_dir: Path | None = None,
    needs: Needs = NO_NEEDS,
    until: int | None = None,
) -> Tape:
    """Read everything of a subject: bars of `interval` (or finer ones, merged), posts, metrics, events and drawings.

    Posts and metrics are those of the subject named by `crowd`; by default of the subject itself, or of a concept it
    belongs to where nobody speaks of it by name (`crowd_of`). Events are those of both.
    Prices of the other basis stand in where those of `basis` are missing, for all of the series and never mixed; the
    provenance says which were taken. Reads the store only; the calendar comes from the disk cache or is computed.
    `needs` names further symbols, of which those without prices are left out, may ask for equal weights, and says
    which further curves of the crowd are counted. `until` (ms UTC) is the present of a chart that is live: it has slots
    up to then, and to the end of that session, where its bars are no older than some days.
    """
    speaker = store.subject(crowd) if crowd else crowd_of(store, subject)
    # A million posts take as long to count as a million bars to read and place: a second processor does it meanwhile.
    with ThreadPoolExecutor(1, "crowd") as other:
        counting = other.submit(_count, store.path, speaker, scorer)
        symbols = [subject.symbol] if isinstance(subject, Instrument) else [m.symbol for m in subject.members]
        prices = [_prices(store, s, interval, basis) for s in symbols]
        others = [_prices(store, s, interval, basis) for s in needs.compared if s != subject_key(subject)]
        others = [p for p in others if len(p.bars)]
        calendar = calendar or _calendar(subject, [p for p in [*prices, *others] if len(p.bars)], cache_dir)
        metrics = tuple(store.metrics(speaker))
        marks = {key: store.marks(key) for key in dict.fromkeys((subject_key(subject), subject_key(speaker)))}
        events = tuple(flag.event for flag in flags_of(marks))

        every_bar = [p.bars for p in prices if len(p.bars)]
        spans = [(int(b.time[0]), int(b.end[-1])) for b in every_bar]
        spoken = store.spoken(speaker)
        rest = [spoken] if spoken else []
        if spans:
            # A session that only the others had after the last bar belongs to the picture, and years of them do not.
            newest = max(s[1] for s in spans)
            rest += [(newest, until)] if until is not None and newest < until <= newest + _LONGEST_HOLIDAY else []
            rest += [(newest, min(int(p.bars.end[-1]), newest + _BEYOND)) for p in others if p.bars.end[-1] > newest]
        rest += [(int(m.time[0]), int(m.time[-1]) + 1) for m in metrics if len(m.time)]
        grid, homes = _grid(calendar, interval, spans, rest, [p.bars for p in prices])

        placed = [_placed(*pair, grid, calendar, interval, cache_dir) for pair in zip(prices, homes, strict=True)]
        basket = None
        if isinstance(subject, Concept):
            members = subject.members
            if needs.equal_weights:
                members = tuple(dataclasses.replace(m, weight=1.0) for m in members)
            basket = Basket(members, placed, session_days(calendar, grid.start, grid.end))
        said, languages = counting.result()
        return Tape(
            subject,
            interval,
            calendar,
            grid,
            placed[0] if basket is None else basket.candles(),
            said,
            metrics,
            events,
            _provenance(store, speaker, scorer, prices, others, languages),
            tuple(store.actions(subject.symbol)) if isinstance(subject, Instrument) else (),
            marks,
            tuple(
                _compared(store, p, _placed(p, grid.find(p.bars.time), grid, calendar, interval, cache_dir))
                for p in others
            ),
            basket,
            read_crowds(store, speaker, scorer, needs.crowds.union(filter(None, [before_of(scorer)]))),
            read_audiences(store, speaker, scorer, needs.audiences, grid),
        )


def _count(path: Path, speaker: Subject, scorer: str) -> tuple[Rollup, Mapping[str, int]]:
    """Count the crowd on a connection of its own, for the thread that calls."""
    with Store.open(path, read_only=True) as store:
        return store.crowd(speaker, scorer)


def crowd_of(store: Store, subject: Subject) -> Subject:
    """Return whose posts are shown for a subject by default.

    That is the subject itself, or for an instrument that no post names, the concept it belongs to that is spoken of
    most: the crowd talks about the theme, and the theme moves the stock.
    """
    if isinstance(subject, Concept) or store.count_posts(subject):
        return subject
    concepts = concepts_with(store, subject.symbol)
    best = max(concepts, key=store.count_posts, default=None)
    return best if best is not None and store.count_posts(best) else subject


def concepts_with(store: Store, symbol: str) -> list[Concept]:
    """Return the concepts that the instrument belongs to, in order of their names."""
    return [c for c in store.concepts() if any(m.symbol == symbol for m in c.members)]


class _Prices:
    """One symbol's bars and what the store knows of them."""

    __slots__ = ("bars", "basis", "fetched", "simulated", "source", "symbol")

    def __init__(
        self, symbol: str, bars: Bars, basis: Basis | None, source: str, fetched: int | None, *, simulated: bool
    ) -> None:
        self.symbol = symbol
        self.bars = bars
        self.basis = basis
        self.source = source
        self.fetched = fetched
        self.simulated = simulated


def _prices(store: Store, symbol: str, interval: Interval, basis: Basis) -> _Prices:
    """Choose the stored series: the wanted interval before finer ones, the wanted basis before the other."""
    finer = [i for i in Interval if i.ms <= interval.ms]
    order = {(b, i): rank for rank, (i, b) in enumerate((i, b) for i in reversed(finer) for b in _bases(basis))}
    known = [s for s in store.bar_series(symbol) if (s.basis, s.interval) in order]
    if not known:
        return _Prices(symbol, Bars.empty(), None, "", None, simulated=False)
    best = min(known, key=lambda s: order[s.basis, s.interval])
    bars = store.bars(symbol, best.interval, best.basis)
    return _Prices(symbol, bars, best.basis, best.source, best.fetched, simulated=best.simulated)


def _bases(wanted: Basis) -> tuple[Basis, ...]:
    return (wanted, *(b for b in Basis if b is not wanted))


def _calendar(subject: Subject, priced: Sequence[_Prices], cache_dir: Path | None) -> Calendar:
    """Return the calendar of everything that has a price here, led by the subject's own."""
    return calendar_of([leading_symbol(subject), *(p.symbol for p in priced)], cache_dir=cache_dir)


def _placed(
    prices: _Prices, home: IntArray, grid: Slots, calendar: Calendar, interval: Interval, cache_dir: Path | None
) -> Candles:
    """Put bars into the slots; where several exchanges share these, by when each bar closed on its own exchange."""
    if len(prices.bars):
        own = calendar_for(prices.symbol, cache_dir=cache_dir)
        if own is not calendar:
            home = grid.closing(own_ends(own, interval, prices.bars))
    return place(prices.bars, grid, home)


def _compared(store: Store, prices: _Prices, candles: Candles) -> Compared:
    found = store.find_subject(prices.symbol)
    instrument = found if isinstance(found, Instrument) else Instrument(prices.symbol)
    return Compared(instrument, Line(candles.close), prices.basis)


def _grid(
    calendar: Calendar,
    interval: Interval,
    bar_spans: Sequence[tuple[int, int]],
    other_spans: Sequence[tuple[int, int]],
    bars: Sequence[Bars],
) -> tuple[Slots, list[IntArray]]:
    """Cut the calendar's sessions into slots over all data, and add the bars that stand outside of them.

    Returns with them the slot of every bar of each series.
    """
    spans = [*bar_spans, *other_spans]
    if not spans:
        none = np.empty(0, np.int64)
        return Slots(none, none), [none for _ in bars]
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    if bar_spans and (last - first) / interval.ms > MOST_SLOTS:
        first, last = min(s[0] for s in bar_spans), max(s[1] for s in bar_spans)
    if not calendar.always_open:
        # What is said after the last close belongs to the session that follows it, so that slot is part of the tape.
        following = int(np.searchsorted(calendar.close, last))
        if following < len(calendar.open):
            last = max(last, int(calendar.open[following]) + 1)
    grid = Slots(*slots(calendar, interval, first, last))
    homes = [grid.find(b.time) for b in bars]
    outside = [b.take(home < 0) for b, home in zip(bars, homes, strict=True) if (home < 0).any()]
    if outside:
        for b in outside:
            grid = _joined(grid, b)
        homes = [grid.find(b.time) for b in bars]
    return grid, homes


def _joined(grid: Slots, bars: Bars) -> Slots:
    """Add a slot for every bar that begins outside all slots, cut short where the next slot begins."""
    outside = grid.find(bars.time) < 0
    start, order = np.unique(np.concatenate((grid.start, bars.time[outside])), return_index=True)
    end = np.concatenate((grid.end, bars.end[outside]))[order]
    return Slots(start, np.minimum(end, np.append(start[1:], end[-1:])))


def _provenance(
    store: Store,
    speaker: Subject,
    scorer: str,
    prices: Sequence[_Prices],
    others: Sequence[_Prices],
    languages: Mapping[str, int],
) -> Provenance:
    priced = [p for p in prices if len(p.bars)]
    fetched = [p.fetched for p in priced if p.fetched is not None]
    bases = Counter(p.basis for p in priced)
    known = store.scorers()
    version = next((s for s in known if s.name == scorer), None)
    return Provenance(
        price_source=", ".join(sorted({p.source for p in [*priced, *others] if p.source})),
        price_fetched=min(fetched) if fetched else None,
        basis=bases.most_common(1)[0][0] if bases else None,
        crowd=subject_key(speaker),
        post_sources=store.post_sources(speaker),
        collected=store.last_collected(speaker),
        scorer=version,
        scorers=tuple(dict.fromkeys(s.name for s in known)),
        languages=languages,
        simulated=any(p.simulated for p in [*priced, *others]) or bool(store.get("simulated")),
        notes=("Members' prices are of different bases.",) if len(bases) > 1 else (),
    )
