"""The store as everyone else sees it: one object, one connection, one thread."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final, Self

from core.errors import UnknownSubjectError
from core.linking import Matcher, instrument_rule
from core.marks import Marks
from core.model import subject_key
from core.store import actions as actions_table
from core.store import (
    bars,
    catalogue,
    census,
    corrections,
    derived,
    echoes,
    marks,
    metrics,
    posts,
    reading,
    relinking,
    rescoring,
    roll,
)
from core.store.arrivals import batch_of
from core.store.database import Database
from core.store.roll import EVERY, PostFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from core.drawings import Drawing
    from core.marks import Change
    from core.model import Action, Basis, Concept, Event, Instrument, Interval, Metric, Rule, ScorerId, Subject
    from core.rollup import Rollup
    from core.series import Bars, Bins, MetricSeries
    from core.store.arrivals import Batch, Figures
    from core.store.census import Census
    from core.store.corrections import Correction, LeftOut, Verdict
    from core.store.reading import Order
    from core.store.rescoring import Job
    from core.store.rescoring import Report as RescoringReport
    from core.store.types import (
        AddResult,
        BarSeriesInfo,
        MatcherFactory,
        NewPost,
        PutResult,
        RelinkProgress,
        RuleMatcher,
        StoredPost,
    )
    from core.voices import Voices

_EVER: Final = 2**63 - 1


class Store:
    """All that Crowdtape keeps. Use one a thread; several, also of other processes, may be open at once.

    A `subject` argument is a subject or its key in any case; an unknown one raises `UnknownSubjectError`. Every
    method raises `StoreError` when the file or the disk fails. Each call that writes is one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the store at `path`, creating or migrating it as needed.

        A backup is laid beside it before each migration. Raises `StoreError`, with the file unharmed, where it is
        newer than the program, damaged, or cannot be read or written.
        """
        database = Database.open(path, read_only=read_only)
        try:
            derived.bring_up_to_date(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def path(self) -> Path:
        """Where the store lies."""
        return self._database.path

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- catalogue

    def put_instrument(self, instrument: Instrument, *, relink: bool = True) -> None:
        """Add an instrument (symbol in upper case), or fill in the name and currency of a known one.

        Stored posts that speak of a new one are linked to it at once, unless `relink` is off: then
        `relink_stale` is due.
        """
        with self._database.write() as sql:
            catalogue.put_instrument(sql, instrument)
        if relink:
            self.relink_stale()

    def put_concept(self, concept: Concept, *, relink: bool = True) -> None:
        """Add a concept or replace the one of this name; its members become instruments.

        Stored posts are linked by a new or changed rule at once, unless `relink` is off: then `relink_stale` is
        due. With very many posts that takes a while: keep it off the UI thread.
        """
        with self._database.write() as sql:
            catalogue.put_concept(sql, concept)
        if relink:
            self.relink_stale()

    def rename_concept(self, old: str, new: str) -> None:
        """Give a concept another name; its posts, members and pin stay."""
        with self._database.write() as sql:
            catalogue.rename_concept(sql, old, new)

    def remove_concept(self, name: str) -> None:
        """Remove a concept with its links, metrics, events and pin; posts and instruments stay."""
        with self._database.write() as sql:
            catalogue.remove_concept(sql, name)

    def instruments(self) -> list[Instrument]:
        """Return all instruments in order of their symbols."""
        with self._database.read() as sql:
            return [i for _, i in catalogue.instruments(sql)]

    def concepts(self) -> list[Concept]:
        """Return all concepts in order of their names."""
        with self._database.read() as sql:
            return [c for _, c in catalogue.concepts(sql)]

    def find_subject(self, text: str) -> Subject | None:
        """Return the concept or instrument that `text` names, whatever its case and width."""
        with self._database.read() as sql:
            entry = catalogue.find(sql, text)
            return catalogue.subject_of(sql, entry) if entry else None

    def subject(self, text: str) -> Subject:
        """Return the concept or instrument that `text` names; raises `UnknownSubjectError`."""
        found = self.find_subject(text)
        if found is None:
            raise UnknownSubjectError(f"Nothing is known of {text!r}; add it as an instrument or a concept first.")
        return found

    def rules(self) -> list[tuple[int, Subject, Rule]]:
        """Return every subject with its number and rule: a concept's own, an instrument's from its symbol."""
        with self._database.read() as sql:
            own = [(i, c, c.rule) for i, c in catalogue.concepts(sql)]
            return [*own, *((i, s, instrument_rule(s.symbol)) for i, s in catalogue.instruments(sql))]

    def relink(self, subject: Subject | str, matcher: RuleMatcher, progress: RelinkProgress | None = None) -> int:
        """Link all stored posts to the subject anew by `matcher`; links that a file or the user stated stay.

        Returns the subject's number of posts. `progress` hears (posts looked at, posts in all) about every 5,000
        posts and may raise to stop; then nothing has changed.
        """
        wanted = self.subject(subject) if isinstance(subject, str) else subject
        return relinking.relink(self._database, [wanted], matcher, progress)[self._key(wanted)]

    def relink_stale(
        self, progress: RelinkProgress | None = None, *, matcher_of: MatcherFactory | None = None
    ) -> dict[str, int]:
        """Link anew, in one pass, all subjects whose rule has not seen all stored posts; return their posts.

        Such are subjects that were put with `relink` off, and instruments that imported posts brought along.
        `matcher_of` makes the matcher, by default `core.linking.Matcher`.
        """
        with self._database.read() as sql:
            keys = set(catalogue.stale(sql))
        if not keys:
            return {}
        chosen = [(subject, rule) for _, subject, rule in self.rules() if subject_key(subject) in keys]
        rules = {subject_key(s): rule for s, rule in chosen}
        matcher = matcher_of(rules) if matcher_of else Matcher(rules)
        return relinking.relink(self._database, [s for s, _ in chosen], matcher, progress)

    # -- posts

    def add_posts(self, batch: Sequence[NewPost], *, now: int | None = None) -> AddResult:
        """Add posts with their links and scores, and bring index, rolls, columns and tallies up to date.

        A post that is stored already (same source and id) adds nothing, but merges the symbols and links it brings
        and fills counts that were missing. Symbols that the source states link to instruments that are known;
        `stated` keys that are unknown become instruments (see `relink_stale`). Batches of some thousand are fastest.
        """
        if not batch:
            return posts.AddResult(0, 0)
        try:
            return self.add_batch(batch_of(batch), now=now)
        except (UnicodeEncodeError, OverflowError):  # rare: half a surrogate pair, a count beyond 64 bits
            return self.add_batch(batch_of([posts.storable(new) for new in batch]), now=now)

    def add_batch(self, batch: Batch, *, now: int | None = None) -> AddResult:
        """Add posts that are laid out as rows already, as `add_posts` does: what an import's workers prepare."""
        instant = round(time.time() * 1000) if now is None else now
        with self._database.append() as sql:
            return posts.add(sql, batch, instant)

    def posts(
        self, subject: Subject | str, start_ms: int | None = None, end_ms: int | None = None, *,
        order: Order = "newest", limit: int = 200, offset: int = 0, search: str = "", scorer: str = "vader",
        off_topic: bool = False,
    ) -> list[StoredPost]:  # fmt: skip
        """Return a page of the subject's posts published in (start_ms, end_ms], None being no bound.

        Those that the user marked as off topic come along only where `off_topic` asks for them.

        Loudest are those with most likes, comments and shares, then most views. Every term of `search` must stand
        in the text, at the beginning of a word (Chinese: anywhere); case and full-width forms do not matter.
        """
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            span = _span(start_ms, end_ms)
            return reading.posts(sql, number, span, order, (limit, offset), search, scorer, aside=off_topic)

    def count_posts(
        self, subject: Subject | str, start_ms: int | None = None, end_ms: int | None = None, search: str = "", *,
        off_topic: bool = False,
    ) -> int:  # fmt: skip
        """Return how many posts `posts` would page through."""
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            return reading.count(sql, number, _span(start_ms, end_ms), search, aside=off_topic)

    def bins(
        self,
        subject: Subject | str,
        scorer: str = "vader",
        *,
        since: int | None = None,
        chosen: PostFilter = EVERY,
    ) -> Bins:
        """Return the subject's posts that `chosen` lets pass, by the minute; an unknown scorer leaves them unscored.

        With `since` (ms UTC), only minutes that end after it.
        """
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            return roll.bins(sql, number, reading.scorer_number(sql, scorer), since, chosen)

    def voices(self, subject: Subject | str, scorer: str = "vader", *, chosen: PostFilter = EVERY) -> Voices:
        """Return the subject's posts that `chosen` lets pass, with their authors, reach and scores."""
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            return roll.voices(sql, number, reading.scorer_number(sql, scorer), chosen)

    def spoken(self, subject: Subject | str) -> tuple[int, int] | None:
        """Return the first and last instant with posts, to the minute (ms UTC) as `Rollup.extent`; None without any."""
        with self._database.read() as sql:
            return roll.extent(sql, catalogue.need(sql, self._key(subject)).id)

    def rollup(self, subject: Subject | str, scorer: str = "vader", *, chosen: PostFilter = EVERY) -> Rollup:
        """Return the sums of what `bins` returns."""
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            said = roll.read(sql, number, chosen=chosen)
            return roll.rollup(sql, said, reading.scorer_number(sql, scorer), chosen)

    def crowd(self, subject: Subject | str, scorer: str = "vader") -> tuple[Rollup, dict[str, int]]:
        """Return what `rollup` returns, and how many posts are in each language, of one reading.

        Languages are told from the texts; the one with most posts comes first.
        """
        with self._database.read() as sql:
            said = roll.read(sql, catalogue.need(sql, self._key(subject)).id)
            return roll.rollup(sql, said, reading.scorer_number(sql, scorer)), census.languages(sql, said)

    def census(
        self,
        subject: Subject | str,
        start_ms: int | None = None,
        end_ms: int | None = None,
        scorer: str = "vader",
    ) -> Census:
        """Count the subject's posts published in (start_ms, end_ms]: echoes, languages, and what was scored of each."""
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            said = roll.read(sql, number, start_ms, end_ms)
            return census.take(sql, said, reading.scorer_number(sql, scorer))

    def ungrouped(self) -> int:
        """Return how many posts have not been compared with those before them: see `group_echoes`."""
        with self._database.read() as sql:
            done, total = echoes.progress(sql)
            return total - done

    def group_echoes(self, progress: RelinkProgress | None = None, *, most: int = echoes.SLICE) -> None:
        """Find the posts that repeat others among those not compared yet, at most so many a transaction.

        `progress` hears (posts compared, posts in all) and may raise to stop; what was found stays.
        """
        for done, total in echoes.group(self._database, most):
            if progress:
                progress(done, total)

    def post_sources(self, subject: Subject | str) -> dict[str, int]:
        """Return how many of the subject's posts each source gave, the largest first."""
        with self._database.read() as sql:
            return reading.sources(sql, catalogue.need(sql, self._key(subject)).id)

    def last_collected(self, subject: Subject | str) -> int | None:
        """Return when the newest of the subject's posts to arrive was collected (ms UTC)."""
        with self._database.read() as sql:
            return reading.last_collected(sql, catalogue.need(sql, self._key(subject)).id)

    def last_published(self, subject: Subject | str) -> int | None:
        """Return when the subject's newest post was published (ms UTC)."""
        with self._database.read() as sql:
            query = "SELECT max(published) FROM link WHERE subject = ?"
            return sql.execute(query, (catalogue.need(sql, self._key(subject)).id,)).fetchone()[0]

    def scorers(self) -> list[ScorerId]:
        """Return the scorers that made stored scores, of each the newest version first."""
        with self._database.read() as sql:
            return reading.scorers(sql)

    # -- what the user says of posts: see core.store.corrections

    def mark_post(self, post: int, subject: Subject | str, verdict: Verdict | None, *, now: int) -> Verdict | None:
        """Mark the post of this number, as it is listed for a subject; None takes the mark away.

        Returns how it is marked now: below a mark of being off topic, there may be a stance.
        """
        with self._database.write() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            corrections.mark(sql, post, number, verdict, now)
            return corrections.verdicts(sql, [post], number).get(post)

    def corrections(self) -> list[Correction]:
        """Return all marks, the latest first."""
        with self._database.read() as sql:
            return corrections.every(sql)

    def put_corrections(self, marks: Iterable[Correction]) -> tuple[int, list[LeftOut]]:
        """Mark posts as given; return how many were marked, and the marks whose post or subject is unknown here."""
        with self._database.write() as sql:
            return corrections.put(sql, marks)

    def remove_corrections(self, marks: Iterable[Correction]) -> None:
        """Take marks away; one that is not there is no error."""
        with self._database.write() as sql:
            corrections.remove(sql, marks)

    def tagged_posts(self, most: int) -> list[tuple[str, str]]:
        """Return text and tag of the newest posts whose authors tagged them "bullish" or "bearish" themselves."""
        with self._database.read() as sql:
            return corrections.tagged(sql, most)

    # -- scoring anew: see core.store.rescoring, and core.rescoring for what drives it

    def plan_rescoring(self, wanted: Sequence[ScorerId], *, now: int) -> list[Job]:
        """See to it that all posts get scores of these versions; return what is to be done, oldest first."""
        with self._database.write() as sql:
            rescoring.plan(sql, wanted, now)
            return rescoring.jobs(sql)

    def rescoring(self) -> list[Job]:
        """Return which scores are being made anew and how far that is, oldest first."""
        with self._database.read() as sql:
            return rescoring.jobs(sql)

    def to_rescore(self, job: Job, after: int, until: int) -> list[tuple[int, str, float | None]]:
        """Return number, text and shown score of the posts numbered (after, until] that the job judges."""
        with self._database.read() as sql:
            return rescoring.texts(sql, job, after, until)

    def put_rescored(
        self, job: Job, until: int, judged: Sequence[tuple[int, float | None, Figures | None]], *, now: int
    ) -> bool:
        """Store what a job found of the posts up to `until`; False where the job is no longer wanted."""
        with self._database.write() as sql:
            return rescoring.put(sql, job, until, judged, now)

    def finish_rescoring(self, job: Job, *, now: int) -> RescoringReport | None:
        """Show a job's scores in place of the old ones; None where it has posts to judge, or is gone."""
        with self._database.write() as sql:
            return rescoring.finish(sql, job, now)

    def rescored(self) -> list[RescoringReport]:
        """Return what finished jobs changed, the latest first."""
        with self._database.read() as sql:
            return rescoring.reports(sql)

    def drop_scorer(self, name: str) -> None:
        """Show a scorer's scores no more; `purge_scores` frees their room."""
        with self._database.write() as sql:
            rescoring.drop(sql, name)

    def purge_scores(self) -> None:
        """Drop scores that are shown no more, some ten thousand a transaction."""
        after: int | None = 0
        while after is not None:
            with self._database.write() as sql:
                after = rescoring.purge(sql, after)

    def posts_total(self) -> int:
        """Return how many posts the store holds."""
        with self._database.read() as sql:
            # Posts are numbered from 1 without gaps and never removed; counting them would read a whole index.
            return int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])

    # -- bars

    def put_bars(
        self, symbol: str, interval: Interval, basis: Basis, bars_: Bars, *, source: str, fetched: int,
        simulated: bool = False, relink: bool = True,
    ) -> PutResult:  # fmt: skip
        """Merge bars (in any order) into a series by their time; new figures replace old ones.

        An unknown symbol becomes an instrument (see `put_instrument`). Real bars take the place of a whole simulated
        series; simulated bars on top of real ones raise `UsageError`.
        """
        with self._database.write() as sql:
            new = catalogue.find(sql, symbol) is None
            result = bars.put(sql, symbol, interval, basis, bars_, source=source, fetched=fetched, simulated=simulated)
        if new and relink:
            self.relink_stale()
        return result

    def bars(
        self, symbol: str, interval: Interval, basis: Basis, start_ms: int | None = None, end_ms: int | None = None
    ) -> Bars:
        """Return the bars whose first instant lies in [start_ms, end_ms); none where nothing is stored."""
        with self._database.read() as sql:
            return bars.read(sql, symbol, interval, basis, start_ms, end_ms)

    def bar_parts(self, symbol: str, interval: Interval, basis: Basis) -> Iterator[Bars]:
        """Give all bars of a series in order of time, in parts that the processor's cache holds; none is empty."""
        with self._database.read() as sql:
            yield from bars.parts(sql, symbol, interval, basis, None, None)

    def bar_series(self, symbol: str) -> list[BarSeriesInfo]:
        """Return the series of bars that a symbol has; none for an unknown one."""
        with self._database.read() as sql:
            return bars.info(sql, symbol)

    def bar_intervals(self, symbol: str) -> frozenset[Interval]:
        """Return the intervals that a symbol has bars of; none for an unknown one."""
        with self._database.read() as sql:
            return bars.intervals(sql, symbol)

    def drop_bars(self, symbol: str, interval: Interval, basis: Basis) -> None:
        """Remove a series of bars; one that is not there is no error."""
        with self._database.write() as sql:
            bars.drop(sql, symbol, interval, basis)

    # -- metrics and events

    def put_metric(
        self, subject: Subject | str, metric: Metric, times: Iterable[int], values: Iterable[float],
        items: Sequence[str] | None = None,
    ) -> int:  # fmt: skip
        """Add a metric's values at instants (ms UTC) and return how many were new; NaN is left out.

        `items` name what each value belongs to (one of several topics, a country's chart). A value for the same
        instant and item replaces the old one. Raises `UsageError` where the name is taken by another kind.
        """
        with self._database.write() as sql:
            return metrics.put(sql, catalogue.need(sql, self._key(subject)).id, metric, times, values, items)

    def metrics(self, subject: Subject | str) -> list[MetricSeries]:
        """Return the subject's metrics; items at one instant merge to the best rank or add up."""
        with self._database.read() as sql:
            return metrics.read(sql, catalogue.need(sql, self._key(subject)).id)

    def drop_metric(self, subject: Subject | str, name: str) -> metrics.Dropped | None:
        """Remove a metric and return what `put_metric` would bring it back from; None where there is none."""
        with self._database.write() as sql:
            return metrics.drop(sql, catalogue.need(sql, self._key(subject)).id, name)

    def put_event(self, subject: Subject | str, event: Event) -> bool:
        """Add an event and return whether it was new; the same time and title replaces its note and link."""
        with self._database.write() as sql:
            return metrics.put_event(sql, catalogue.need(sql, self._key(subject)).id, event)

    def put_events(self, subject: Subject | str, events: Iterable[Event]) -> int:
        """Add events in one step and return how many were new; the same time and title replaces note and link."""
        with self._database.write() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            return sum(metrics.put_event(sql, number, event) for event in events)

    def remove_event(self, subject: Subject | str, event: Event) -> None:
        """Remove the event of this time and title; one that is not there is no error."""
        with self._database.write() as sql:
            metrics.remove_event(sql, catalogue.need(sql, self._key(subject)).id, event)

    def events(self, subject: Subject | str) -> list[Event]:
        """Return the subject's events in order of time."""
        with self._database.read() as sql:
            return metrics.events(sql, catalogue.need(sql, self._key(subject)).id)

    # -- splits and dividends

    def put_actions(self, symbol: str, actions: Iterable[Action]) -> int:
        """Add splits and dividends, in place of those of the same kind and time; return how many were new.

        An unknown symbol becomes an instrument.
        """
        with self._database.write() as sql:
            return actions_table.put(sql, symbol, actions)

    def remove_action(self, symbol: str, action: Action) -> bool:
        """Remove the action of this kind and time; return whether there was one."""
        with self._database.write() as sql:
            return actions_table.remove(sql, symbol, action)

    def actions(self, symbol: str) -> list[Action]:
        """Return the splits and dividends of a symbol in order of time; none for an unknown one."""
        with self._database.read() as sql:
            return actions_table.read(sql, symbol)

    # -- marks: events and drawings

    def put_drawing(self, subject: Subject | str, drawing: Drawing) -> bool:
        """Add a drawing and return whether it was new; one with the same id is replaced."""
        with self._database.write() as sql:
            return marks.put_drawing(sql, catalogue.need(sql, self._key(subject)).id, drawing)

    def remove_drawing(self, subject: Subject | str, number: str) -> bool:
        """Remove the subject's drawing with this id; return whether it was there."""
        with self._database.write() as sql:
            return marks.remove_drawing(sql, catalogue.need(sql, self._key(subject)).id, number)

    def drawings(self, subject: Subject | str) -> list[Drawing]:
        """Return the drawings on a subject's chart, the upper ones last."""
        with self._database.read() as sql:
            return marks.drawings(sql, catalogue.need(sql, self._key(subject)).id)

    def marks(self, subject: Subject | str) -> Marks:
        """Return the subject's events and drawings."""
        with self._database.read() as sql:
            number = catalogue.need(sql, self._key(subject)).id
            return Marks(tuple(metrics.events(sql, number)), tuple(marks.drawings(sql, number)))

    def change_marks(self, changes: Iterable[Change]) -> None:
        """Make changes to events and drawings, all of them or none."""
        with self._database.write() as sql:
            for step in changes:
                marks.change(sql, catalogue.need(sql, step.owner).id, step)

    # -- small things

    def pins(self) -> list[str]:
        """Return the keys of the pinned subjects in their order."""
        with self._database.read() as sql:
            return catalogue.pins(sql)

    def set_pins(self, keys: Iterable[str]) -> None:
        """Replace the pinned subjects; raises `UnknownSubjectError` and then changes nothing."""
        with self._database.write() as sql:
            catalogue.set_pins(sql, keys)

    def get(self, key: str, default: Any = None) -> Any:
        """Return what `put` kept under the key."""
        with self._database.read() as sql:
            row = sql.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def put(self, key: str, value: Any) -> None:
        """Keep something that JSON can hold under a key; None removes it."""
        with self._database.write() as sql:
            if value is None:
                sql.execute("DELETE FROM setting WHERE key = ?", (key,))
            else:
                sql.execute("INSERT OR REPLACE INTO setting VALUES(?, ?)", (key, json.dumps(value)))

    def check(self) -> list[str]:
        """Check all of the store and return what is wrong, nothing for a sound one. Reads the whole file."""
        with self._database.read() as sql:
            return [*self._database.problems(), *derived.problems(sql)]

    @staticmethod
    def _key(subject: Subject | str) -> str:
        return subject if isinstance(subject, str) else subject_key(subject)


def _span(start: int | None, end: int | None) -> tuple[int, int]:
    return -_EVER if start is None else start, _EVER if end is None else end
