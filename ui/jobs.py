"""Requests to the store and the services as pure functions: what `ui.tasks` runs off the main thread.

Each opens its own store connection. Heavy imports happen in here, hence in the worker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import CancelledError, CrowdtapeError, UnknownSubjectError
from core.model import Instrument, Interval
from ui.watchlist.jobs import load_entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.feeds import FetchReport, PriceFeed
    from core.model import Subject
    from core.store import Store
    from core.timeline import View
    from ui.charts.state import Options
    from ui.tasks import JobContext
    from ui.watchlist.jobs import Entry


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data of this session lie; the bundled sample is read-only."""

    store: Path
    cache: Path
    read_only: bool = False

    def open(self) -> Store:
        """Open a connection for the calling thread."""
        from core.store import Store  # noqa: PLC0415  start-up: the window is on screen before the store's modules load

        return Store.open(self.store, read_only=self.read_only)


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A subject ready to be shown.

    `stored` names its intervals with bars of their own, `crowds` the subjects whose posts may be shown with it.
    """

    view: View
    title: str
    stored: frozenset[Interval]
    crowds: tuple[str, ...] = ()


def find_subject(store: Store, key: str) -> Subject:
    """Return the subject of this name; raises UnknownSubjectError."""
    subject = store.find_subject(key)
    if subject is None:
        raise UnknownSubjectError(f"There is no symbol or concept '{key}' yet; add it from the menu Watchlist.")
    return subject


def symbols_of(subject: Subject) -> list[str]:
    """Return the symbol of an instrument, or those of a concept's members."""
    return [subject.symbol] if isinstance(subject, Instrument) else [m.symbol for m in subject.members]


def known_symbols(place: Place) -> list[tuple[str, str]]:
    """Return symbol and name of every instrument with prices; a look-up of milliseconds, on any thread."""
    with place.open() as store:
        return [(i.symbol, i.name) for i in store.instruments() if store.bar_series(i.symbol)]


def title_of(subject: Subject) -> str:
    """Return what stands above the chart."""
    if isinstance(subject, Instrument):
        return f"{subject.symbol} · {subject.name}" if subject.name else subject.symbol
    return subject.name


def load_view(
    context: JobContext,
    place: Place,
    key: str,
    options: Options,
    until: int | None = None,
    before: View | None = None,
) -> Loaded:
    """Read a subject and lay it on the clock; `until` is the present where the chart is live (ms UTC).

    What was derived for `before`, the view that this one follows, is derived here too, so that no line goes away.
    """
    from core.clock import make_clock  # noqa: PLC0415  heavy
    from core.timeline import View, concepts_with, load_tape  # noqa: PLC0415  heavy

    with place.open() as store:
        subject = find_subject(store, key)
        tape = load_tape(
            store, subject, options.interval, scorer=options.scorer, basis=options.basis, crowd=options.crowd,
            cache_dir=place.cache, needs=options.needs, until=until,
        )  # fmt: skip
        concepts = concepts_with(store, subject.symbol) if isinstance(subject, Instrument) else []
        context.check()
        if before is not None:
            tape.lines.follow(before.tape.lines)
        stored = frozenset(i for symbol in symbols_of(subject) for i in store.bar_intervals(symbol))
    return Loaded(
        View(tape, make_clock(options.mode, tape.calendar)),
        title_of(subject),
        stored,
        (key, *(c.name for c in concepts)),
    )


def relay(context: JobContext, view: View, options: Options) -> View:
    """Lay a loaded tape on another clock."""
    from core.clock import make_clock  # noqa: PLC0415  heavy
    from core.timeline import View as NewView  # noqa: PLC0415  heavy

    context.check()
    return NewView(view.tape, make_clock(options.mode, view.tape.calendar))


def fetch(
    context: JobContext, place: Place, make_feed: Callable[[], PriceFeed], key: str, interval: Interval
) -> list[FetchReport]:
    """Fetch what is missing of a subject's prices, one symbol after the other."""
    from core.feeds import fetch_prices  # noqa: PLC0415  heavy

    feed = make_feed()
    reports: list[FetchReport] = []
    with place.open() as store:
        symbols = symbols_of(find_subject(store, key))
        for done, symbol in enumerate(symbols):
            context.progress(done / len(symbols), symbol)
            reports.append(fetch_prices(store, symbol, interval, now=now_ms(), feed=feed))
    return reports


@dataclass(frozen=True, slots=True)
class Sample:
    """The bundled sample and what of it is first shown."""

    place: Place
    subject: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What the program shows when it starts. `span` is set where the sample says what to show of it."""

    place: Place
    subject: str
    entries: tuple[Entry, ...]
    loaded: Loaded | None = None
    span: tuple[int, int] | None = None
    problem: Exception | None = None  # why the subject could not be loaded; the rest is there all the same


def begin(context: JobContext, home: Place, open_sample: Callable[[], Sample], subject: str, options: Options) -> Begun:
    """Open the user's store and what was shown last, or the sample where the store knows no subject yet."""
    entries = load_entries(home)
    if not entries:
        sample = open_sample()
        entries = load_entries(sample.place)
        span = None
        if subject not in {e.key for e in entries}:
            subject, span = sample.subject, sample.span
        loaded = load_view(context, sample.place, subject, options)
        return Begun(sample.place, subject, entries, loaded, span)
    if subject not in {e.key for e in entries}:
        subject = entries[0].key
    try:
        return Begun(home, subject, entries, load_view(context, home, subject, options))
    except CancelledError:
        raise
    except CrowdtapeError as problem:
        return Begun(home, subject, entries, problem=problem)


def now_ms() -> int:
    """Return the present instant (ms UTC)."""
    return time.time_ns() // 1_000_000
