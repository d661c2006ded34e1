"""Imports posts: read, normalise, deduplicate, link, score, store.

This process cuts a file into pieces, which then go their way (`core.ingest.storing`).
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core.corrections import specs
from core.errors import InputError, UnknownSubjectError
from core.ingest.formats import get_format, recognise
from core.ingest.formats.base import Context
from core.ingest.opening import opened
from core.ingest.pieces import Form, Task
from core.ingest.post_times import settled
from core.ingest.report import ImportReport
from core.ingest.storing import File, Storing, Trial
from core.ingest.tables import Table, tell
from core.ingest.values import zone_named
from core.linking import normalise_symbol
from core.model import subject_key
from core.sentiment import scorers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Mapping
    from concurrent.futures import Executor

    from core.ingest.formats import PostFormat
    from core.ingest.judging import Rules
    from core.ingest.report import CancelledCallback, ProgressCallback
    from core.ingest.storing import Sink
    from core.store import Store

PIECE = 1000  # rows: fewer, and handing them over takes its time; more, and cores idle at the end
_SAMPLE = 200


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
        self._subjects = _stated_subjects(store, subject)
        self._rules: Rules = () if store is None else tuple((subject_key(s), rule) for _, s, rule in store.rules())
        self._scorers = tuple(scorers() if store is None else specs(store))
        self._sink: Sink = (
            Trial(report, self._rules, self._subjects)
            if dry_run or store is None
            else Storing(store, report, executor)
        )  # fmt: skip
        self._stores = isinstance(self._sink, Storing)

    def read_file(
        self, path: Path, shown_as: str, chosen: PostFormat | None, mapping: Mapping[str, str],
        zone: dt.tzinfo | None, source: str,
    ) -> None:  # fmt: skip
        """Import one file. Raises InputError if it cannot be read at all."""
        with Table(path) as table:
            sample = table.good_sample(_SAMPLE)
            preset = chosen or recognise(table.columns)
            given = Context(path.name, zone, None, source, mapping)
            context = settled(path, preset, table.columns, sample, given, self._report.note)
            preset.reader(table.columns, context)  # to say now what is missing
            form = Form(
                preset.name, tuple(table.columns), context.file, context.zone, context.order, context.source,
                tuple(context.mapping.items()),
            )  # fmt: skip
            file = File(shown_as, form, pickle.dumps(Task(form, self._scorers, self._rules, tuple(self._subjects))))
            for piece in table.pieces(PIECE):
                self._sink.put(file, piece)
                self._tell(shown_as, table)
            self._tell(shown_as, table)

    def _tell(self, shown_as: str, table: Table) -> None:
        tell(shown_as, table, self._report, self._progress, self._cancelled, self._sink.under_way)

    def finish(self) -> None:
        """Store what is pending, and link stored posts to the instruments that the files brought along."""
        self._sink.finish()
        if self._store is None or not self._stores:
            return
        known = {key for key, _ in self._rules}
        for key, posts in self._store.relink_stale().items():
            if key not in known and key in self._report.linked:
                self._report.linked[key] = posts
        for job in self._store.rescoring():
            self._report.note(
                f"Older posts lack scores by {job.scorer}: the window makes them in the background, "
                "and so does: crowdtape rescore."
            )
        if new := sorted(set(self._report.linked) - known):
            names = ", ".join(new[:20]) + (f" and {len(new) - 20} more" if len(new) > 20 else "")
            self._report.note(f"Added the instruments that the files name: {names}.")

    def close(self) -> None:
        """Let go of what was begun and not finished."""
        self._sink.close()


def _stated_subjects(store: Store | None, subject: str | None) -> frozenset[str]:
    """Return the key of the subject that the user named; a symbol that is new becomes an instrument later."""
    if subject is None:
        return frozenset()
    known = None if store is None else store.find_subject(subject)
    if known is not None:
        return frozenset({subject_key(known)})
    if subject == subject.upper() and subject.isascii() and " " not in subject:
        return frozenset({normalise_symbol(subject)})
    raise UnknownSubjectError(f"There is no concept or instrument '{subject}'; add it with: crowdtape concepts add.")
