"""Requests to the store and the services as pure functions: what `ui.tasks` runs off the main thread.

Each opens its own store connection. Heavy imports happen in here, hence in the worker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import CancelledError, CrowdtapeError, UnknownSubjectError
from core.model import DEFAULT_SCORER, Concept, Instrument, Interval, subject_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.corrections import Mine
    from core.feeds import FetchReport, Found, PriceFeed
    from core.model import Member, Subject
    from core.sentiment import Contribution
    from core.sentiment.personal_fit import Worth
    from core.store import Census, Store, StoredPost
    from core.store.corrections import Correction, Verdict
    from core.store.reading import Order
    from core.store.rescoring import Report
    from core.timeline import View
    from core.watchlists import Quote
    from ui.charts.state import Options
    from ui.tasks import JobContext

PAGE = 100
# An explanation costs as much as a score; beyond this length nobody reads on, and the list shows no more either.
LONGEST_EXPLAINED = 4000
# Posts a transaction for what runs beside the window: neither it nor another writer waits long.
_GENTLE = 5000


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


@dataclass(frozen=True, slots=True)
class PostQuery:
    """Which posts the panel wants: those published in (start, end] (ms UTC)."""

    subject: str
    start: int
    end: int
    order: Order = "newest"
    search: str = ""
    scorer: str = DEFAULT_SCORER
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post and the parts of its text that made its score."""

    stored: StoredPost
    parts: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class PostPage:
    """A stretch of the wanted posts; `total` counts all of them. `census` comes with the first."""

    query: PostQuery
    offset: int
    rows: tuple[PostRow, ...]
    total: int
    census: Census | None = None


def load_posts(context: JobContext, place: Place, query: PostQuery, offset: int) -> PostPage:
    """Read one page of posts and explain their scores."""
    from core.corrections import scorer_named  # noqa: PLC0415  heavy

    with place.open() as store:
        scorer = scorer_named(store, query.scorer)
        subject = find_subject(store, query.subject)
        found = store.posts(
            subject,
            query.start,
            query.end,
            order=query.order,
            limit=PAGE,
            offset=offset,
            search=query.search,
            scorer=query.scorer,
            off_topic=True,
        )
        total = store.count_posts(subject, query.start, query.end, search=query.search, off_topic=True)
        census = None if offset else store.census(subject, query.start, query.end, query.scorer)
    context.check()
    rows: list[PostRow] = []
    for post in found:
        context.check()
        text = post.post.text
        # An explanation by another version than the one that made the score would not sum to it.
        explained = post.score is not None and post.scorer == scorer.id and len(text) <= LONGEST_EXPLAINED
        rows.append(PostRow(post, tuple(scorer.explain(text)) if explained else ()))
    return PostPage(query, offset, tuple(rows), total, census)


def find_echoes(context: JobContext, place: Place) -> int:
    """Compare the posts that were not compared yet with all before them; return how many these were.

    An import does so itself; these are of a store of an older program, or of an import that was cut short.
    """
    if not place.store.exists() or place.read_only:
        return 0
    with place.open() as store:
        due = store.ungrouped()
        if due:
            store.group_echoes(lambda _done, _total: context.check(), most=_GENTLE)
        return due


def mark_post(_context: JobContext, place: Place, number: int, key: str, verdict: Verdict | None) -> str:
    """Mark a post as it is listed for a subject, or take its mark away; return how it is marked now."""
    with place.open() as store:
        return store.mark_post(number, key, verdict, now=now_ms()) or ""


@dataclass(frozen=True, slots=True)
class RescoringState:
    """Which scores are being made anew ("" for none), how far that is in [0, 1], and whether the user paused it."""

    scorer: str
    share: float
    paused: bool
    scorers: tuple[str, ...]  # the names of all there are, the user's own layer included


def _rescoring(store: Store) -> RescoringState:
    from core.corrections import specs  # noqa: PLC0415  heavy
    from core.rescoring import is_paused  # noqa: PLC0415  heavy
    from core.sentiment.batch import scorer_of  # noqa: PLC0415  heavy

    ids = [scorer_of(spec).id for spec in specs(store)]
    # A scorer that is not in use here, such as a layer that was forgotten meanwhile, is nobody's business.
    found = [job for job in store.rescoring() if job.scorer in ids]
    share = found[0].cursor / max(found[0].total, 1) if found else 0.0
    return RescoringState(
        str(found[0].scorer) if found else "", share, is_paused(store), tuple(scorer.name for scorer in ids)
    )


def plan_rescoring(_context: JobContext, place: Place) -> RescoringState:
    """Look whether stored posts lack scores of today's scorers, and note it in the store."""
    from core.corrections import specs  # noqa: PLC0415  heavy
    from core.rescoring import plan  # noqa: PLC0415  heavy
    from core.sentiment import scorers  # noqa: PLC0415  heavy

    if not place.store.exists():
        return RescoringState("", 0.0, False, tuple(scorers()))
    with place.open() as store:
        plan(store, specs(store))
        return _rescoring(store)


def pause_rescoring(_context: JobContext, place: Place, *, paused: bool) -> RescoringState:
    """Pause what is under way, in whichever process, or let it go on."""
    from core.rescoring import pause  # noqa: PLC0415  heavy

    with place.open() as store:
        pause(store, paused=paused)
        return _rescoring(store)


def read_reports(_context: JobContext, place: Place) -> list[Report]:
    """Read what scoring anew changed, the latest first."""
    with place.open() as store:
        return store.rescored()


@dataclass(frozen=True, slots=True)
class Marks:
    """The user's marks, the latest first, and the layer in use."""

    corrections: tuple[Correction, ...]
    mine: Mine | None
    tagged: int  # posts with a tag of their author, as far as a layer would take them


def read_marks(_context: JobContext, place: Place) -> Marks:
    """Read the user's marks."""
    from core.corrections import MOST_TAGS, mine  # noqa: PLC0415  heavy

    with place.open() as store:
        return Marks(tuple(store.corrections()), mine(store), len(store.tagged_posts(MOST_TAGS)))


def unmark(context: JobContext, place: Place, marks: Sequence[Correction]) -> Marks:
    """Take marks away."""
    with place.open() as store:
        store.remove_corrections(marks)
    return read_marks(context, place)


def export_marks(_context: JobContext, place: Place, path: Path) -> int:
    """Write all marks to a file; return how many."""
    from core.corrections import write_corrections  # noqa: PLC0415  heavy

    with place.open() as store:
        return write_corrections(store.corrections(), path)


def import_marks(_context: JobContext, place: Place, path: Path) -> tuple[int, int]:
    """Read marks from a file; return how many were taken over, and how many are of unknown posts or subjects."""
    from core.corrections import read_corrections  # noqa: PLC0415  heavy

    marks = read_corrections(path)
    with place.open() as store:
        done, unknown = store.put_corrections(marks)
    return done, len(unknown)


def weigh_layer(_context: JobContext, place: Place, *, tags: bool) -> Worth:
    """Say what a layer learned from the marks would be worth."""
    from core.corrections import weigh  # noqa: PLC0415  heavy

    with place.open() as store:
        return weigh(store, tags=tags)


def learn_layer(_context: JobContext, place: Place, *, tags: bool) -> str:
    """Learn a layer from the marks and use it; return the name of its scorer."""
    from core.corrections import learn  # noqa: PLC0415  heavy

    with place.open() as store:
        return learn(store, tags=tags).id.name


def forget_layer(_context: JobContext, place: Place) -> None:
    """Use no layer any more."""
    from core.corrections import forget  # noqa: PLC0415  heavy

    with place.open() as store:
        forget(store)
        store.purge_scores()


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject as the watchlist knows it."""

    key: str
    name: str = ""
    concept: bool = False
    pinned: bool = False
    members: tuple[Member, ...] = ()


def load_entries(place: Place) -> tuple[Entry, ...]:
    """Read which subjects there are: pins in their order, then concepts, then instruments of no concept."""
    with place.open() as store:
        concepts = {c.name: c for c in store.concepts()}
        instruments = {i.symbol: i for i in store.instruments()}
        pins = [p for p in store.pins() if p in concepts or p in instruments]
    members = {m.symbol for c in concepts.values() for m in c.members}
    rest = [*sorted(concepts, key=str.casefold), *sorted(s for s in instruments if s not in members)]
    keys = [*pins, *(k for k in rest if k not in pins)]
    entries: list[Entry] = []
    for key in keys:
        if concept := concepts.get(key):
            entries.append(Entry(key, concept=True, pinned=key in pins, members=concept.members))
        else:
            entries.append(Entry(key, instruments[key].name, pinned=key in pins))
    # Members stand under their concepts; their names come along so that the model need not ask.
    shown = {e.key for e in entries}
    extra = [Entry(s, instruments[s].name if s in instruments else "") for s in sorted(members - shown)]
    return (*entries, *(Entry(e.key, e.name, members=(), pinned=False) for e in extra))


def load_quotes(context: JobContext, place: Place, keys: Sequence[str], scorer: str) -> dict[str, Quote]:
    """Compute what the watchlist shows of each subject."""
    from core.watchlists import quote  # noqa: PLC0415  heavy

    found: dict[str, Quote] = {}
    with place.open() as store:
        for key in keys:
            context.check()
            subject = store.find_subject(key)
            if subject is not None:
                found[key] = quote(store, subject, scorer)
    return found


def save_pins(_context: JobContext, place: Place, pins: list[str]) -> list[str]:
    """Keep the pinned subjects in this order."""
    with place.open() as store:
        store.set_pins(pins)
    return pins


def save_concept(context: JobContext, place: Place, concept: Concept, replaced: str) -> str:
    """Keep a concept, under a new name where it changed, and relink the stored posts."""
    context.progress(-1.0)
    with place.open() as store:
        if replaced and replaced != concept.name:
            # Its metrics, events and drawings go along, and so does its pin.
            store.rename_concept(replaced, concept.name)
        store.put_concept(concept)
        pins = store.pins()
        if concept.name not in pins:
            pins.append(concept.name)
        store.set_pins(pins)
    return concept.name


def remove_concept(_context: JobContext, place: Place, name: str) -> None:
    """Forget a concept; its posts and instruments stay."""
    with place.open() as store:
        store.remove_concept(name)


def add_instrument(_context: JobContext, place: Place, instrument: Instrument) -> str:
    """Keep an instrument and pin it."""
    with place.open() as store:
        store.put_instrument(instrument)
        pins = store.pins()
        if instrument.symbol not in pins:
            store.set_pins([*pins, instrument.symbol])
    return instrument.symbol


def search(context: JobContext, place: Place, make_feed: Callable[[], PriceFeed], text: str) -> list[Found]:
    """Look an instrument up by symbol or name; raises FeedError, also while the service must not be asked."""
    from core.feeds import PriceService  # noqa: PLC0415  heavy

    feed = make_feed()
    context.check()
    with place.open() as store:
        return PriceService(store, feed, now_ms).search(text)


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


def read_concept(_context: JobContext, place: Place, name: str) -> Concept:
    """Read a concept to be edited; raises UnknownSubjectError."""
    with place.open() as store:
        subject = find_subject(store, name)
    if not isinstance(subject, Concept):
        raise UnknownSubjectError(f"'{subject_key(subject)}' is an instrument, not a concept.")
    return subject


def now_ms() -> int:
    """Return the present instant (ms UTC)."""
    return time.time_ns() // 1_000_000
