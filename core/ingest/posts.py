"""Imports posts: read, normalise, deduplicate, link, score, store.

This process cuts a file into pieces; an executor parses and judges them; one writer, this process again, stores them
in order, many in a transaction. What was written stays, whatever stops the rest.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import pickle
import time
from collections import deque
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.corrections import specs
from core.errors import InputError, UnknownSubjectError
from core.ingest.formats import get_format, recognise
from core.ingest.formats.base import Context, getter
from core.ingest.judging import matcher_of
from core.ingest.opening import opened
from core.ingest.pieces import Form, Task, prepare, read_piece
from core.ingest.report import ImportReport
from core.ingest.tables import Table, tell
from core.ingest.values import (
    DateOrder,
    NoZoneError,
    RowError,
    date_order_evidence,
    depends_on_order,
    parse_time,
    shown,
    zone_named,
)
from core.linking import normalise_symbol
from core.model import subject_key
from core.sentiment import scorers
from core.store.arrivals import joined, unpack
from core.workers import processes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from core.ingest.formats import PostFormat
    from core.ingest.judging import Rules
    from core.ingest.pieces import Prepared
    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.ingest.tables import Piece, Row
    from core.store import Store
    from core.store.arrivals import Batch

PIECE = 500
_TRANSACTION = 8000  # rows: the more at once, the fewer times an index is merged and a bin's chunk rewritten
# Below this many rows, starting processes takes longer than reading and judging here.
_WORTH_PROCESSES = 3000
_AHEAD_PER_WORKER = 64  # pieces: enough to read while the first process starts
_SAMPLE = 200
_CHINA = "Asia/Shanghai"


def import_posts(
    store: Store | Path,
    files: Iterable[Path | str],
    *,
    preset: str | None = None,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    source: str | None = None,
    subject: str | None = None,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
    cancelled: CancelledCallback | None = None,
    executor: Executor | None = None,
) -> ImportReport:
    """Import posts from files into the store, or with `dry_run` only tell what would happen.

    When this returns, the posts are stored, linked, scored and found by a search. Which of them repeat others is not
    known yet: `Store.group_echoes` is due, which takes a fraction of the time and waits for nobody.

    `mapping` names columns by field (`formats.base.FIELDS`), `zone` is the IANA zone of times that have none,
    `source` names the platform, `subject` a subject that all posts are linked to. A file that cannot be read becomes a
    rejection with row 0 and does not stop the others. `executor` parses and scores; by default processes on all cores.

    Raises:
        UsageError: there is no such preset, zone or field.
        UnknownSubjectError: there is no such subject, and it is no symbol either.
        CancelledError: `cancelled` returned True; what was stored before stays.
        StoreError: the store failed.

    """
    began = time.perf_counter()
    chosen = get_format(preset) if preset else None
    given_zone = zone_named(zone) if zone else None
    report = ImportReport()
    with opened(store, dry_run=dry_run) as target, _no_collection():
        run = _Run(target, report, subject, executor, progress, cancelled, dry_run=dry_run)
        try:
            for file in files:
                path = Path(file)
                try:
                    run.read_file(path, str(file), chosen, mapping or {}, given_zone, source or "")
                except InputError as error:
                    report.reject(str(file), 0, str(error))
            run.finish()
        finally:
            run.close()
    report.seconds = time.perf_counter() - began
    return report


@contextlib.contextmanager
def _no_collection() -> Generator[None]:
    """Leave cyclic garbage alone for a while: rows make none, and looking for it takes a tenth of an import."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(slots=True)
class _File:
    """A file that is being imported. `read` counts the rows of its pieces that are done with."""

    shown_as: str
    form: Form
    task: bytes
    read: int = 0


@dataclass(slots=True)
class _Pending:
    """A piece that is not stored yet; without a future it is read and judged when its turn comes."""

    file: _File
    piece: Piece
    future: Future[Prepared] | None


class _Run:
    """One call of `import_posts`."""

    def __init__(
        self,
        store: Store | None,
        report: ImportReport,
        subject: str | None,
        executor: Executor | None,
        progress: ProgressCallback | None,
        cancelled: CancelledCallback | None,
        *,
        dry_run: bool,
    ) -> None:
        self._store, self._report = store, report
        self._progress, self._cancelled = progress, cancelled
        self._dry_run = dry_run
        self._subject = _stated_subject(store, subject)
        self._rules: Rules = () if store is None else tuple((subject_key(s), rule) for _, s, rule in store.rules())
        self._known_subjects = frozenset(key for key, _ in self._rules)
        self._scorers = tuple(scorers() if store is None else specs(store))
        self._executor, self._own_executor = executor, False
        self._limit = _AHEAD_PER_WORKER * (os.cpu_count() or 1)
        self._pending: deque[_Pending] = deque()
        self._submitted = 0
        self._seen: set[tuple[object, ...]] = set()  # only for a dry run: otherwise the store knows

    # -- reading

    def read_file(
        self, path: Path, shown_as: str, chosen: PostFormat | None, mapping: Mapping[str, str],
        zone: dt.tzinfo | None, source: str,
    ) -> None:  # fmt: skip
        """Import one file. Raises InputError if it cannot be read at all."""
        with Table(path) as table:
            sample = table.good_sample(_SAMPLE)
            preset = chosen or recognise(table.columns)
            context = self._context(
                path, preset, table.columns, sample, Context(path.name, zone, None, source, mapping)
            )
            preset.row_reader(table.columns, context)  # to say now what is missing
            form = Form(
                preset.name, tuple(table.columns), context.file, context.zone, context.order, context.source,
                tuple(context.mapping.items()),
            )  # fmt: skip
            file = _File(shown_as, form, pickle.dumps(Task(form, self._scorers, self._rules, tuple(self._subject))))
            for piece in table.pieces(PIECE):
                self._submit(file, piece)
                tell(shown_as, table, self._report, self._progress, self._cancelled, self._under_way)
            tell(shown_as, table, self._report, self._progress, self._cancelled, self._under_way)

    @property
    def _under_way(self) -> int:
        return sum(len(p.piece) for p in self._pending)

    def _context(
        self, path: Path, preset: PostFormat, columns: Sequence[str], sample: Sequence[Row], context: Context
    ) -> Context:
        """Settle the zone and the order of dates for the whole file."""
        column = preset.time_column(columns, context)
        value = getter([column])
        times = [value(row.values) for row in sample]
        zone = context.zone
        if zone is None and preset.zone:
            zone = zone_named(preset.zone)
        order: DateOrder | None = None
        if any(depends_on_order(time) for time in times):
            order = _date_order(path, column, times)
            if order is None:
                order = DateOrder.MONTH_FIRST
                self._report.note(f"Dates in '{path.name}' could be read either way; month/day/year was assumed.")
        if zone is None and (example := next((time for time in times if _lacks_zone(time, order)), None)) is not None:
            if any("\u4e00" <= char <= "\u9fff" for char in column):
                zone = zone_named(_CHINA)
                self._report.note(
                    f"Times in '{path.name}' have no zone; as its columns are Chinese, {_CHINA} was taken."
                )
            else:
                raise InputError(
                    f"The times in '{path.name}' (such as {shown(example)}) have no time zone: name it with --tz, "
                    f"for example --tz {_CHINA}."
                )
        return Context(context.file, zone, order, context.source, context.mapping)

    # -- judging and writing

    def _submit(self, file: _File, piece: Piece) -> None:
        """Hand a piece to the workers, and write pieces that have waited long enough."""
        if self._dry_run:
            self._count_only(file, piece)
            return
        self._submitted += len(piece)
        if self._executor is None and self._submitted > _WORTH_PROCESSES and (os.cpu_count() or 1) > 1:
            self._executor, self._own_executor = processes(), True
        future: Future[Prepared] | None = None
        if self._executor is not None:
            try:
                future = self._executor.submit(prepare, file.task, piece)
            except (BrokenExecutor, RuntimeError):
                self._without_executor()
        self._pending.append(_Pending(file, piece, future))
        if len(self._pending) > self._limit or self._ready >= _TRANSACTION:
            self._write()

    @property
    def _ready(self) -> int:
        """How many rows could be stored without waiting for a worker."""
        ready = itertools.takewhile(lambda p: p.future is None or p.future.done(), self._pending)
        return sum(len(p.piece) for p in ready)

    def _write(self) -> None:
        """Store the first pieces in one transaction: waiting for workers costs less than many small ones."""
        assert self._store is not None  # noqa: S101 (only a dry run goes without)
        batches: list[Batch] = []
        size = 0
        while self._pending and size < _TRANSACTION:
            pending = self._pending.popleft()
            prepared = self._prepared(pending)
            self._note(pending.file, prepared.read, prepared.rejections)
            batches.append(prepared.batch)
            size += len(pending.piece)
        result = self._store.add_batch(joined(batches))
        self._report.added += result.added
        self._report.duplicates += result.duplicates
        self._report.link(result.linked)

    def _prepared(self, pending: _Pending) -> Prepared:
        if pending.future is not None:
            try:
                return pending.future.result()
            except BrokenExecutor:
                self._without_executor()
        return prepare(pending.file.task, pending.piece)

    def _note(self, file: _File, read: int, rejections: Sequence[tuple[int, str]]) -> None:
        for row, reason in rejections:
            self._report.reject(file.shown_as, file.read + row, reason)
        file.read += read
        self._report.read += read

    def _without_executor(self) -> None:
        self._report.note("Reading in other processes failed; it went on in this one, more slowly.")
        self.close()
        self._executor, self._own_executor = None, False
        self._submitted = -(2**62)  # do not try again

    def _count_only(self, file: _File, piece: Piece) -> None:
        match = matcher_of(self._rules).match
        found = read_piece(file.form, piece)
        self._note(file, found.read, found.rejections)
        for post in found.posts:
            if post[:2] in self._seen:
                self._report.duplicates += 1
                continue
            self._seen.add(post[:2])
            self._report.added += 1
            symbols = unpack(post.symbols)
            self._report.link(
                dict.fromkeys(match(post.text, unpack(post.tags), symbols) | self._subject | {*symbols}, 1)
            )

    def finish(self) -> None:
        """Write what is pending, and link stored posts to the instruments that the files brought along."""
        while self._pending:
            self._write()
        if self._store is None or self._dry_run:
            return
        for key, posts in self._store.relink_stale().items():
            if key not in self._known_subjects and key in self._report.linked:
                self._report.linked[key] = posts
        for job in self._store.rescoring():
            self._report.note(
                f"Older posts lack scores by {job.scorer}: the window makes them in the background, "
                "and so does: crowdtape rescore."
            )
        if new := sorted(set(self._report.linked) - self._known_subjects):
            names = ", ".join(new[:20]) + (f" and {len(new) - 20} more" if len(new) > 20 else "")
            self._report.note(f"Added the instruments that the files name: {names}.")

    def close(self) -> None:
        """End the processes, without waiting for batches that nobody will write."""
        if self._own_executor and self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)


def _stated_subject(store: Store | None, subject: str | None) -> frozenset[str]:
    """Return the key of the subject that the user named; a symbol that is new becomes an instrument later."""
    if subject is None:
        return frozenset()
    known = None if store is None else store.find_subject(subject)
    if known is not None:
        return frozenset({subject_key(known)})
    if subject == subject.upper() and subject.isascii() and " " not in subject:
        return frozenset({normalise_symbol(subject)})
    raise UnknownSubjectError(f"There is no concept or instrument '{subject}'; add it with: crowdtape concepts add.")


def _date_order(path: Path, column: str, sample: Sequence[object]) -> DateOrder | None:
    """Look through the whole file, if need be, for a date that can be read in one order only."""
    for time_ in sample:
        if order := date_order_evidence(time_):
            return order
    value = getter([column])
    with Table(path) as table:
        for row in table.rows():
            if not row.fault and (order := date_order_evidence(value(row.values))):
                return order
    return None


def _lacks_zone(value: object, order: DateOrder | None) -> bool:
    try:
        parse_time(value, None, order)
    except NoZoneError:
        return True
    except RowError:
        return False
    return False
