"""Scoring stored posts anew: what is to be done, how far it is, and the step from one version to the next.

A job fills one row of `scorer`. Where the version is new, that row is not shown until all posts have been judged; then
it takes the name of the row it replaces, in one small transaction, and the old scores are dropped bit by bit. So a
curve always shows one version, and a program that is killed goes on from the cursor.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from core.model import DAY_MS, MINUTE_MS, ScorerId
from core.series import SCORE_SCALE, Bins
from core.store import roll, scores

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from core.series import FloatArray
    from core.store.arrivals import Figures

MOVED: Final = 0.005  # a score that moves less looks the same at two digits
CELLS: Final = 20  # of 0.1 each, from -1 to 1
_MOST_LISTED: Final = 10
_LEAST_POSTS: Final = 5  # a day or subject with fewer says little about a version
_PURGED: Final = 20_000  # posts a transaction


@dataclass(frozen=True, slots=True)
class Shift:
    """How the scores of posts that have both an old and a new one moved, so far."""

    both: int = 0
    moved: int = 0  # by `MOVED` or more
    crossed: int = 0  # from bullish to bearish or the other way
    total: float = 0.0  # sum of new - old
    distance: float = 0.0  # sum of |new - old|
    gained: int = 0  # posts that had no score
    lost: int = 0  # posts that have none any more
    # Posts by cell of the old and of the new score, `CELLS` squared: those of the lowest old score first, in each of
    # these the lowest new one. Empty in reports of programs that did not count them.
    cells: tuple[int, ...] = ()

    def with_(self, pairs: Sequence[tuple[float | None, float | None]]) -> Self:
        """Return the shift with (old, new) values of more posts."""
        both = np.array([(a, b) for a, b in pairs if a is not None and b is not None]).reshape(-1, 2)
        old, new = both.T
        step = new - old
        return dataclasses.replace(
            self,
            both=self.both + len(both),
            moved=self.moved + int((np.abs(step) >= MOVED).sum()),
            crossed=self.crossed + int(((old >= 0.05) & (new <= -0.05) | (old <= -0.05) & (new >= 0.05)).sum()),
            total=self.total + float(step.sum()),
            distance=self.distance + float(np.abs(step).sum()),
            gained=self.gained + sum(a is None and b is not None for a, b in pairs),
            lost=self.lost + sum(a is not None and b is None for a, b in pairs),
            cells=self._cells_with(old, new),
        )

    def _cells_with(self, old: FloatArray, new: FloatArray) -> tuple[int, ...]:
        if self.both and not self.cells:
            return ()  # begun by a program that did not count them
        row, column = (np.clip((side + 1) * CELLS / 2, 0, CELLS - 1).astype(np.int64) for side in (old, new))
        found = np.bincount(row * CELLS + column, minlength=CELLS * CELLS)
        return tuple((found + np.array(self.cells, np.int64) if self.cells else found).tolist())

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Read what `dataclasses.asdict` gave, after its way through JSON."""
        plain: dict[str, Any] = kept | {"cells": tuple(kept.get("cells", ()))}
        return cls(**plain)


@dataclass(frozen=True, slots=True)
class Job:
    """One row that is being filled."""

    number: int  # of the row of `scorer`
    scorer: ScorerId
    replaces: int | None  # the row that is shown until this one is complete; None where this one is shown
    cursor: int  # posts numbered up to this have been judged
    total: int  # the number of the newest post
    shift: Shift = Shift()


@dataclass(frozen=True, slots=True)
class Moved:
    """How the mean of a subject, or of one of its days (ms UTC of its beginning), moved."""

    subject: str
    day: int | None
    posts: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a finished job changed. `ended` is ms UTC; `before` is "" where the scorer had no scores at all."""

    scorer: str
    version: str
    before: str
    ended: int
    posts: int
    shift: Shift
    subjects: tuple[Moved, ...] = ()
    days: tuple[Moved, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        subjects, days = (tuple(Moved(**m) for m in kept[name]) for name in ("subjects", "days"))
        plain = {name: kept[name] for name in ("scorer", "version", "before", "ended", "posts")}
        return cls(**plain, shift=Shift.of(kept["shift"]), subjects=subjects, days=days)


def plan(sql: sqlite3.Connection, wanted: Sequence[ScorerId], now: int) -> None:
    """See to it that there is a job for each wanted scorer that is missing or of another version; drop others."""
    if sql.execute("SELECT EXISTS(SELECT 1 FROM post)").fetchone()[0]:
        for scorer in wanted:
            scores.place_of(sql, scorer)
    fresh = {(s.name, s.version) for s in wanted}
    names = {s.name for s in wanted}
    for job in jobs(sql):
        stale = job.replaces is not None and job.scorer.name in names
        if stale and (job.scorer.name, job.scorer.version) not in fresh:
            sql.execute("DELETE FROM rescoring WHERE scorer = ?", (job.number,))
    sql.execute("UPDATE rescoring SET begun = ? WHERE begun = 0", (now,))


def jobs(sql: sqlite3.Connection) -> list[Job]:
    """Return what is to be done, oldest first."""
    total = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    query = """
        SELECT r.scorer, n.name, n.staged, r.cursor, r.shift,
            (SELECT o.id FROM scorer o WHERE o.name = n.staged AND o.staged = '')
        FROM rescoring r JOIN scorer n ON n.id = r.scorer ORDER BY r.begun, r.scorer"""
    found: list[Job] = []
    for number, name, staged, cursor, shift, shown in sql.execute(query).fetchall():
        scorer = ScorerId(staged or name, scores.version_of(sql, number))
        kept = Shift.of(json.loads(shift)) if shift else Shift()
        found.append(Job(number, scorer, shown if staged else None, cursor, total, kept))
    return found


def texts(sql: sqlite3.Connection, job: Job, after: int, until: int) -> list[tuple[int, str, float | None]]:
    """Return number, text and shown score of the posts numbered (after, until] that the job has to judge."""
    query = """
        SELECT p.id, p.text, s.value FROM post p LEFT JOIN score s ON s.post = p.id AND s.scorer = ?
        WHERE p.id > ? AND p.id <= ? AND NOT EXISTS(SELECT 1 FROM score n WHERE n.post = p.id AND n.scorer = ?)
        ORDER BY p.id"""
    return sql.execute(query, (job.replaces, after, until, job.number)).fetchall()


def put(
    sql: sqlite3.Connection, job: Job, until: int, judged: Sequence[tuple[int, float | None, Figures | None]], now: int
) -> bool:
    """Store what was found of the posts up to `until`: number, shown score, new figures. False: the job is gone."""
    row = sql.execute("SELECT shift FROM rescoring WHERE scorer = ?", (job.number,)).fetchone()
    if row is None:
        return False
    _, version = scores.place_of(sql, job.scorer)
    # An import may have scored a post since it was read.
    query = "SELECT post FROM score WHERE scorer = ? AND post > ? AND post <= ?"
    first = judged[0][0] - 1 if judged else until
    there = {r[0] for r in sql.execute(query, (job.number, first, until))}
    left = [j for j in judged if j[0] not in there]
    scores.insert(sql, [n for n, _, _ in left], {(job.number, version): [figures for _, _, figures in left]}, now)
    before = Shift.of(json.loads(row[0])) if row[0] else Shift()
    shift = before.with_([(old, figures[0] if figures else None) for _, old, figures in left])
    kept = json.dumps(dataclasses.asdict(shift))
    sql.execute("UPDATE rescoring SET cursor = ?, shift = ? WHERE scorer = ?", (until, kept, job.number))
    return True


def finish(sql: sqlite3.Connection, job: Job, now: int) -> Report | None:
    """Show what the job made and keep its report; None where posts have arrived that it has not judged, or it is gone.

    The row that was shown gives up its name; `purge` drops it.
    """
    found = next((j for j in jobs(sql) if j.number == job.number), None)
    if found is None or found.cursor < found.total:
        return None
    before = "" if found.replaces is None else scores.version_of(sql, found.replaces)
    subjects, days = _moved(sql, found) if found.replaces is not None else ((), ())
    report = Report(found.scorer.name, found.scorer.version, before, now, found.total, found.shift, subjects, days)
    if found.replaces is not None:
        gone = f"{found.scorer.name} {before} {now}"
        sql.execute("UPDATE scorer SET name = ?, staged = ? WHERE id = ?", (gone, found.scorer.name, found.replaces))
    sql.execute("UPDATE scorer SET name = ?, staged = '' WHERE id = ?", (found.scorer.name, found.number))
    sql.execute("DELETE FROM rescoring WHERE scorer = ?", (found.number,))
    sql.execute("INSERT INTO rescored(ended, report) VALUES(?, ?)", (now, json.dumps(report.as_dict())))
    return report


def reports(sql: sqlite3.Connection, most: int = 20) -> list[Report]:
    """Return what finished jobs changed, the latest first."""
    rows = sql.execute("SELECT report FROM rescored ORDER BY id DESC LIMIT ?", (most,))
    return [Report.of(json.loads(row[0])) for row in rows]


def drop(sql: sqlite3.Connection, name: str) -> None:
    """Show a scorer's scores no more, and give up what is under way for it; `purge` drops them."""
    sql.execute(
        "DELETE FROM rescoring WHERE scorer IN (SELECT id FROM scorer WHERE name = ? OR staged = ?)", (name,) * 2
    )
    sql.execute("UPDATE scorer SET staged = name, name = name || ' ' || id WHERE name = ? AND staged = ''", (name,))


def purge(sql: sqlite3.Connection, after: int) -> int | None:
    """Drop some scores of rows that are shown no more; return where to go on, None when all are gone."""
    gone = "SELECT id FROM scorer WHERE staged <> '' AND id NOT IN (SELECT scorer FROM rescoring)"
    rows = [row[0] for row in sql.execute(gone)]
    if not rows:
        return None
    last = int(sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0])
    if after < last:
        until = after + _PURGED
        for number in rows:
            sql.execute("DELETE FROM score WHERE post > ? AND post <= ? AND scorer = ?", (after, until, number))
        return until
    for number in rows:
        scores.forget(sql, number)
        sql.execute("DELETE FROM score WHERE scorer = ?", (number,))
        sql.execute("DELETE FROM scorer_version WHERE scorer = ?", (number,))
        sql.execute("DELETE FROM scorer WHERE id = ?", (number,))
    return None


def _moved(sql: sqlite3.Connection, job: Job) -> tuple[tuple[Moved, ...], tuple[Moved, ...]]:
    """Return the subjects, and the days of subjects, whose mean moved most."""
    subjects: list[Moved] = []
    days: list[Moved] = []
    for subject, name in sql.execute("SELECT id, name FROM subject").fetchall():
        old, new = (roll.bins(sql, subject, row) for row in (job.replaces, job.number))
        if not len(new):
            continue
        whole = _means(name, old, new, by_day=False)
        subjects += whole
        days += _means(name, old, new, by_day=True)
    return _most(subjects), _most(days)


def _means(subject: str, old: Bins, new: Bins, *, by_day: bool) -> list[Moved]:
    day = (new.minute * MINUTE_MS - 1) // DAY_MS if by_day else np.zeros(len(new), np.int64)
    first = np.flatnonzero(np.diff(day, prepend=day[0] - 1))
    # Both rows count the same posts, hence the same minutes.
    sums = [np.add.reduceat(c, first) for c in (old.scored, old.total, new.scored, new.total)]
    found: list[Moved] = []
    for d, n_old, total_old, n_new, total_new in zip(day[first].tolist(), *(s.tolist() for s in sums), strict=True):
        if min(n_old, n_new) >= _LEAST_POSTS:
            means = total_old / n_old / SCORE_SCALE, total_new / n_new / SCORE_SCALE
            found.append(Moved(subject, d * DAY_MS if by_day else None, n_new, *means))
    return found


def _most(moved: Iterable[Moved]) -> tuple[Moved, ...]:
    changed = [m for m in moved if abs(m.after - m.before) >= MOVED / 10]
    return tuple(sorted(changed, key=lambda m: -abs(m.after - m.before))[:_MOST_LISTED])
