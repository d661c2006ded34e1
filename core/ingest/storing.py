"""What becomes of the pieces of files: workers read and judge them, one writer stores them in order.

This process is the writer, and reads and judges pieces too while it would wait. Many pieces make one transaction, and
what was written stays, whatever stops the rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from core.ingest.judging import matcher_of
from core.ingest.pieces import prepare, read_piece
from core.store.arrivals import joined, unpack
from core.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from core.ingest.judging import Rules
    from core.ingest.pieces import Form, Prepared
    from core.ingest.report import ImportReport
    from core.ingest.tables import Piece
    from core.store import Store
    from core.store.arrivals import Batch

_TRANSACTION = 8000  # rows: the more at once, the fewer times an index is merged and a column's chunk rewritten
# Below this many rows, starting processes takes longer than reading and judging here.
_WORTH_PROCESSES = 3000
# So many pieces are read ahead: enough that no worker waits while a transaction is written, on a dozen cores.
_AHEAD = 48


@dataclass(slots=True)
class File:
    """A file that is being imported. `task` is a pickled `pieces.Task`; `read` counts the rows that are done with."""

    shown_as: str
    form: Form
    task: bytes
    read: int = 0

    def note(self, report: ImportReport, read: int, rejections: Sequence[tuple[int, str]]) -> None:
        """Report the rows of the next piece; a rejection names its row, from 1 within the piece."""
        for row, reason in rejections:
            report.reject(self.shown_as, self.read + row, reason)
        self.read += read
        report.read += read


class Sink(Protocol):
    """Where the pieces of files go."""

    @property
    def under_way(self) -> int:
        """How many rows were put and are not reported yet."""
        ...

    def put(self, file: File, piece: Piece) -> None:
        """Take the next piece of a file."""
        ...

    def finish(self) -> None:
        """Do what is left to do with the pieces."""
        ...

    def close(self) -> None:
        """Let go of what was begun and not finished."""
        ...


class Storing:
    """Reads, judges and stores."""

    def __init__(self, store: Store, report: ImportReport, executor: Executor | None) -> None:
        self._store, self._report = store, report
        self._workers: Workers[Prepared] = Workers(executor)
        self._pending: deque[tuple[File, int]] = deque()  # the pieces that the workers have, and how many rows each has
        self._rows = 0

    @property
    def under_way(self) -> int:
        """How many rows were put and are not reported yet."""
        return sum(rows for _, rows in self._pending)

    def put(self, file: File, piece: Piece) -> None:
        """Hand a piece to the workers, and store those that have waited long enough."""
        self._rows += len(piece)
        if self._rows > _WORTH_PROCESSES:
            self._workers.start()
        self._workers.give(prepare, file.task, piece)
        self._pending.append((file, len(piece)))
        ready = sum(rows for _, rows in islice(self._pending, self._workers.ready))
        if len(self._pending) > _AHEAD or ready >= _TRANSACTION:
            self._write(_TRANSACTION)

    def _write(self, most: int) -> None:
        """Store the first pieces in one transaction: waiting for workers costs less than many small ones."""
        batches: list[Batch] = []
        size = 0
        while self._pending and size < most:
            prepared = self._workers.take()
            file, rows = self._pending.popleft()
            file.note(self._report, prepared.read, prepared.rejections)
            batches.append(prepared.batch)
            size += rows
        result = self._store.add_batch(joined(batches))
        self._report.added += result.added
        self._report.duplicates += result.duplicates
        self._report.link(result.linked)
        if self._workers.broken:
            self._report.note("Reading in other processes failed; it went on in this one, more slowly.")

    def finish(self) -> None:
        """Store all that is pending, less and less at a time, so that at the end no worker has long been idle."""
        while self._pending:
            self._write(max(1, min(_TRANSACTION, self.under_way // 2)))

    def close(self) -> None:
        """End the processes, without waiting for pieces that nobody will store."""
        self._workers.close()


class Trial:
    """Reads and counts, and stores nothing. Posts that the store has are counted as added."""

    def __init__(self, report: ImportReport, rules: Rules, subjects: frozenset[str]) -> None:
        self._report, self._rules, self._subjects = report, rules, subjects
        self._seen: set[tuple[str, str]] = set()

    @property
    def under_way(self) -> int:
        """How many rows were put and are not reported yet."""
        return 0

    def put(self, file: File, piece: Piece) -> None:
        """Read a piece and count what would come of it."""
        match = matcher_of(self._rules).match
        found = read_piece(file.form, piece)
        file.note(self._report, found.read, found.rejections)
        posts = found.posts
        for source, own, text, tags, said in zip(
            posts.source, posts.native, posts.text, posts.tags, posts.symbols, strict=True
        ):
            if (source, own) in self._seen:
                self._report.duplicates += 1
                continue
            self._seen.add((source, own))
            self._report.added += 1
            symbols = unpack(said)
            keys = match(text, unpack(tags), symbols) | self._subjects | {*symbols}
            self._report.link(dict.fromkeys(keys, 1))

    def finish(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
