"""Scores stored posts anew after a scorer changed: in other processes, in bounded batches, from where it stopped.

The store keeps what is to be done and how far it is (`core.store.rescoring`); whoever runs this may stop or be killed
at any time, and the next run goes on.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sentiment.batch import score_texts, scorer_of
from core.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from core.model import ScorerId
    from core.sentiment.batch import Spec
    from core.store import Store
    from core.store.arrivals import Figures
    from core.store.rescoring import Job, Report

PAUSED: Final = "rescoring paused"  # key in the store
CHUNK: Final = 2000  # posts a transaction
_WORTH_PROCESSES: Final = 4000
_AHEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: posts judged, posts in all, and what is being made."""

    scorer: ScorerId
    done: int
    total: int


def plan(store: Store, specs: Sequence[Spec]) -> list[Job]:
    """Note in the store which scores are missing or of another version; return what is to be done."""
    return store.plan_rescoring([scorer_of(spec).id for spec in specs], now=_now())


def pause(store: Store, *, paused: bool = True) -> None:
    """Stop rescoring, in whichever process it runs, before its next batch; or let it go on."""
    store.put(PAUSED, paused or None)


def is_paused(store: Store) -> bool:
    """Whether the user has paused rescoring."""
    return bool(store.get(PAUSED))


def rescore(
    store: Store,
    specs: Sequence[Spec],
    *,
    executor: Executor | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Report]:
    """Do what is to be done until it is, or until somebody pauses it; return the reports of finished jobs.

    `executor` scores batches; by default processes on all cores where there are many posts. An exception from
    `progress` stops it; what was stored stays. Jobs of scorers that are not among `specs` are left alone.

    Raises:
        StoreError: the store failed.

    """
    reports: list[Report] = []
    known = {scorer_of(spec).id: spec for spec in specs}
    runner = _Runner(store, executor, progress)
    try:
        for job in plan(store, specs):
            if job.scorer not in known or is_paused(store):
                continue
            report = runner.run(job, known[job.scorer])
            reports += [report] if report is not None else []
    finally:
        runner.close()
    if not is_paused(store):
        store.purge_scores()
    return reports


class _Runner:
    """Runs jobs one after the other on one executor."""

    def __init__(
        self, store: Store, executor: Executor | None, progress: Callable[[Progress], None] | None
    ) -> None:  # fmt: skip
        self._store, self._progress = store, progress
        self._workers: Workers[list[Figures | None]] = Workers(executor)

    def run(self, job: Job, spec: Spec) -> Report | None:
        """Run a job to its end; None where it was paused, or is no longer wanted."""
        if job.total - job.cursor > _WORTH_PROCESSES:
            self._workers.start()
        cursor = job.cursor
        while True:
            if not self._judge(job, spec, cursor):
                return None
            cursor = job.total
            if (report := self._store.finish_rescoring(job, now=_now())) is not None:
                return report
            # Posts have arrived meanwhile, scored by a program that knows another version, or nobody wants this.
            found = next((j for j in self._store.rescoring() if j.number == job.number), None)
            if found is None:
                return None
            job = found

    def _judge(self, job: Job, spec: Spec, cursor: int) -> bool:
        waiting: deque[_Chunk] = deque()
        try:
            while cursor < job.total or waiting:
                while cursor < job.total and len(waiting) < _AHEAD:
                    until = min(cursor + CHUNK, job.total)
                    chunk = _Chunk(until, self._store.to_rescore(job, cursor, until))
                    self._workers.give(score_texts, spec, [text for _, text, _ in chunk.posts])
                    waiting.append(chunk)
                    cursor = until
                chunk = waiting.popleft()
                figures = self._workers.take()
                if is_paused(self._store):
                    return False
                judged = [(n, old, new) for (n, _, old), new in zip(chunk.posts, figures, strict=True)]
                if not self._store.put_rescored(job, chunk.until, judged, now=_now()):
                    return False
                if self._progress:
                    self._progress(Progress(job.scorer, chunk.until, job.total))
        finally:
            self._workers.drop()
        return True

    def close(self) -> None:
        """End the processes."""
        self._workers.close()


@dataclass(frozen=True, slots=True)
class _Chunk:
    until: int
    posts: Sequence[tuple[int, str, float | None]]


def _now() -> int:
    return time.time_ns() // 1_000_000
