"""Read a subject from the store into a tape."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.basket import Basket
from core.clock import calendar_of, pieces, session_days
from core.marks import flags_of
from core.model import DAY_MS, Basis, Concept, Instrument, Interval, subject_key
from core.store import Store
from core.timeline.comparison import Compared
from core.timeline.crowds import read_audiences, read_crowds
from core.timeline.lines import Line
from core.timeline.prices import Prices, placed
from core.timeline.request import NO_NEEDS, Needs, before_of
from core.timeline.slots import Slots
from core.timeline.tape import Provenance, Tape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from core.clock import Calendar
    from core.model import Subject
    from core.rollup import Rollup
    from core.series import Bars, Candles

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
        prices = [Prices.of(store, s, interval, basis) for s in symbols]
        others = [Prices.of(store, s, interval, basis) for s in needs.compared if s != subject_key(subject)]
        others = [p for p in others if p.span]
        priced = [p for p in [*prices, *others] if p.span]
        calendar = calendar or calendar_of([leading_symbol(subject), *(p.symbol for p in priced)], cache_dir=cache_dir)
        metrics = tuple(store.metrics(speaker))
        marks = {key: store.marks(key) for key in dict.fromkeys((subject_key(subject), subject_key(speaker)))}
        events = tuple(flag.event for flag in flags_of(marks))

        spans = [p.span for p in prices if p.span]
        spoken = store.spoken(speaker)
        rest = [spoken] if spoken else []
        if spans:
            # A session that only the others had after the last bar belongs to the picture, and years of them do not.
            newest = max(s[1] for s in spans)
            rest += [(newest, until)] if until is not None and newest < until <= newest + _LONGEST_HOLIDAY else []
            ends = [p.span[1] for p in others if p.span]
            rest += [(newest, min(end, newest + _BEYOND)) for end in ends if end > newest]
        rest += [(int(m.time[0]), int(m.time[-1]) + 1) for m in metrics if len(m.time)]
        grid = _grid(calendar, interval, spans, rest)
        lay = functools.partial(placed, store, interval=interval, calendar=calendar, cache_dir=cache_dir)
        grid, candles = _laid(grid, prices, lay)
        basket = None
        if isinstance(subject, Concept):
            members = subject.members
            if needs.equal_weights:
                members = tuple(dataclasses.replace(m, weight=1.0) for m in members)
            basket = Basket(members, candles, session_days(calendar, grid.start[:], grid.end[:]))
        said, languages = counting.result()
        return Tape(
            subject,
            interval,
            calendar,
            grid,
            candles[0] if basket is None else basket.candles(),
            said,
            metrics,
            events,
            _provenance(store, speaker, scorer, prices, others, languages),
            tuple(store.actions(subject.symbol)) if isinstance(subject, Instrument) else (),
            marks,
            tuple(_compared(store, p, lay(p, grid)[0]) for p in others),
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


def _compared(store: Store, prices: Prices, candles: Candles) -> Compared:
    found = store.find_subject(prices.symbol)
    instrument = found if isinstance(found, Instrument) else Instrument(prices.symbol)
    return Compared(instrument, Line(candles.close), prices.series.basis if prices.series else None)


def _grid(
    calendar: Calendar,
    interval: Interval,
    bar_spans: Sequence[tuple[int, int]],
    other_spans: Sequence[tuple[int, int]],
) -> Slots:
    """Cut the calendar's sessions into slots over all data."""
    spans = [*bar_spans, *other_spans]
    if not spans:
        none = np.empty(0, np.int64)
        return Slots(none, none)
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    if bar_spans and (last - first) / interval.ms > MOST_SLOTS:
        first, last = min(s[0] for s in bar_spans), max(s[1] for s in bar_spans)
    if not calendar.always_open:
        # What is said after the last close belongs to the session that follows it, so that slot is part of the tape.
        following = int(np.searchsorted(calendar.close, last))
        if following < len(calendar.open):
            last = max(last, int(calendar.open[following]) + 1)
    begin, until = pieces(calendar, interval, first, last)
    return Slots(begin, until, interval.ms if interval.intraday else 0)


def _laid(
    grid: Slots, prices: Sequence[Prices], lay: Callable[[Prices, Slots], tuple[Candles, Bars]]
) -> tuple[Slots, list[Candles]]:
    """Place the bars of every series; where some begin outside of all slots, slots are added for these."""
    while True:
        found = [lay(p, grid) for p in prices]
        outside = [bars for _, bars in found if len(bars)]
        if not outside:
            return grid, [candles for candles, _ in found]
        for bars in outside:
            grid = grid.joined(bars.time, bars.end)


def _provenance(
    store: Store,
    speaker: Subject,
    scorer: str,
    prices: Sequence[Prices],
    others: Sequence[Prices],
    languages: Mapping[str, int],
) -> Provenance:
    known = [p.series for p in prices if p.series is not None]
    every = [p.series for p in [*prices, *others] if p.series is not None]
    bases = Counter(s.basis for s in known)
    scorers = store.scorers()
    version = next((s for s in scorers if s.name == scorer), None)
    return Provenance(
        price_source=", ".join(sorted({s.source for s in every if s.source})),
        price_fetched=min((s.fetched for s in known), default=None),
        basis=bases.most_common(1)[0][0] if bases else None,
        crowd=subject_key(speaker),
        post_sources=store.post_sources(speaker),
        collected=store.last_collected(speaker),
        scorer=version,
        scorers=tuple(dict.fromkeys(s.name for s in scorers)),
        languages=languages,
        simulated=any(s.simulated for s in every) or bool(store.get("simulated")),
        notes=("Members' prices are of different bases.",) if len(bases) > 1 else (),
    )
