"""Scores of a new version come whole or not at all; one that is on its way is seen by nobody."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Instrument, Post, Score, ScorerId
from core.store import NewPost, Store, schema
from core.store.rescoring import CELLS, Shift

if TYPE_CHECKING:
    from pathlib import Path

    from core.store.arrivals import Figures

OLD, NEW, NEWER = ScorerId("crowd", "1"), ScorerId("crowd", "2"), ScorerId("crowd", "3")
DAY = 86_400_000


def posts(first: int, count: int, scorer: ScorerId | None, value: float = 0.2) -> list[NewPost]:
    scores = ((scorer, Score(value, 0.5, 0.3, 0.2)),) if scorer else ()
    return [
        NewPost(Post("x", str(n), n * DAY // 10 + 1, f"text {n}"), scores, stated=frozenset({"GE"}))
        for n in range(first, first + count)
    ]


def judge(store: Store, value: float | None, *, step: int = 7) -> None:
    """Do what `core.rescoring` does with every job, with one score for all posts."""
    figures: Figures | None = None if value is None else (value, 0.5, 0.3, 0.2)
    for job in store.rescoring():
        for after in range(job.cursor, job.total, step):
            until = min(after + step, job.total)
            found = [(n, old, figures) for n, _, old in store.to_rescore(job, after, until)]
            assert store.put_rescored(job, until, found, now=1)


def shown(store: Store) -> list[float]:
    return [p.score.value for p in store.posts("GE", scorer="crowd") if p.score]


def total(store: Store) -> int:
    return int(store.bins("GE", "crowd").total.sum())


def test_that_the_old_scores_are_shown_until_all_are_new(store: Store) -> None:
    store.add_posts(posts(0, 20, OLD))
    (job,) = store.plan_rescoring([NEW], now=1)
    assert (job.scorer, job.cursor, job.total) == (NEW, 0, 20)
    judge(store, 0.6)
    assert store.scorers() == [OLD]
    assert total(store) == 20 * 2000
    report = store.finish_rescoring(job, now=2)
    assert report
    assert store.scorers() == [NEW]
    assert set(shown(store)) == {0.6}
    assert total(store) == 20 * 6000
    assert store.rescoring() == []
    store.purge_scores()
    assert store.check() == []
    assert (report.shift.both, report.shift.moved, round(report.shift.total, 6)) == (20, 20, 8.0)
    assert [(m.subject, m.day, round(m.after - m.before, 6)) for m in report.subjects] == [("GE", None, 0.4)]
    assert {m.posts for m in report.days} == {10}
    assert store.rescored() == [report]


def test_that_posts_of_a_new_version_wait_for_the_others(store: Store) -> None:
    store.add_posts(posts(0, 10, OLD))
    store.add_posts(posts(10, 5, NEW, 0.8))
    assert store.scorers() == [OLD]
    assert len(shown(store)) == 10
    (job,) = store.rescoring()
    judge(store, 0.6)
    assert store.finish_rescoring(job, now=2)
    assert sorted(shown(store)) == [0.6] * 10 + [0.8] * 5


def test_that_posts_which_arrive_meanwhile_are_judged_too(store: Store) -> None:
    store.add_posts(posts(0, 10, OLD))
    (job,) = store.plan_rescoring([NEW], now=1)
    judge(store, 0.6)
    store.add_posts(posts(10, 3, OLD))
    assert store.finish_rescoring(job, now=2) is None
    judge(store, 0.7)
    assert store.finish_rescoring(job, now=2)
    assert sorted(shown(store)) == [0.6] * 10 + [0.7] * 3


def test_that_a_scorer_which_is_new_to_the_store_is_completed_in_place(store: Store) -> None:
    store.add_posts(posts(0, 10, None))
    store.add_posts(posts(10, 2, NEW, 0.8))
    assert store.scorers() == [NEW]
    (job,) = store.rescoring()
    judge(store, 0.6)
    assert total(store) == 10 * 6000 + 2 * 8000
    report = store.finish_rescoring(job, now=2)
    assert report
    assert (report.before, report.shift.gained, report.subjects) == ("", 10, ())


def test_that_a_version_overtaken_by_another_is_given_up(store: Store) -> None:
    store.add_posts(posts(0, 10, OLD))
    (first,) = store.plan_rescoring([NEW], now=1)
    judge(store, 0.6)
    (second,) = store.plan_rescoring([NEWER], now=2)
    assert second.scorer == NEWER
    assert store.put_rescored(first, 10, [], now=1) is False
    assert store.finish_rescoring(first, now=3) is None
    judge(store, 0.9)
    assert store.finish_rescoring(second, now=3)
    store.purge_scores()
    assert set(shown(store)) == {0.9}
    assert store.scorers() == [NEWER]
    assert store.check() == []


def test_that_posts_which_lose_their_scores_are_told(store: Store) -> None:
    store.add_posts(posts(0, 6, OLD))
    (job,) = store.plan_rescoring([NEW], now=1)
    judge(store, None)
    report = store.finish_rescoring(job, now=2)
    assert report
    assert (report.shift.lost, report.shift.both) == (6, 0)
    assert store.bins("GE", "crowd").scored.sum() == 0


def test_that_relinking_counts_scores_of_every_version(store: Store) -> None:
    store.add_posts(posts(0, 10, OLD))
    (job,) = store.plan_rescoring([NEW], now=1)
    judge(store, 0.6)
    store.put_instrument(Instrument("GE"), relink=False)
    store.relink("GE", cast("Any", _Nothing()))
    assert total(store) == 10 * 2000
    store.finish_rescoring(job, now=2)
    assert total(store) == 10 * 6000


class _Nothing:
    def match_many(self, posts: list[object]) -> list[set[str]]:
        return [set() for _ in posts]


@pytest.mark.parametrize("purged", [False, True])
def test_that_a_dropped_scorer_is_shown_no_more_and_may_come_back(store: Store, *, purged: bool) -> None:
    store.add_posts(posts(0, 10, OLD))
    store.drop_scorer("crowd")
    assert store.scorers() == []
    assert shown(store) == []
    if purged:
        store.purge_scores()
    (job,) = store.plan_rescoring([OLD], now=1)
    judge(store, 0.5)
    store.finish_rescoring(job, now=2)
    assert set(shown(store)) == {0.5}
    store.purge_scores()
    assert len(shown(store)) == 10
    assert store.check() == []


def test_that_a_store_of_the_first_version_keeps_its_scores_and_gets_those_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.sqlite"
    with monkeypatch.context() as patch, contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        for statement in schema.MIGRATIONS[0]:
            old.execute(statement)
        old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        old.execute("INSERT INTO subject(id, kind, name, fold) VALUES(1, 'instrument', 'GE', 'ge')")
        old.execute("INSERT INTO source VALUES(1, 'x')")
        old.execute("INSERT INTO scorer VALUES(1, 'vader'), (2, 'crowd')")
        old.execute("INSERT INTO scorer_version VALUES(1, 1, '3.3.2'), (2, 2, '1')")
        for n in (1, 2, 3):
            row = (n, str(n), n * 60_000, f"text {n}")
            old.execute("INSERT INTO post VALUES(?, 1, ?, ?, 0, ?, '', 0, 0, 0, 0, 0, '', '', '', '', 0, '')", row)
            old.execute("INSERT INTO post_text(rowid, text) VALUES(?, ?)", (n, f"text {n}"))
            old.execute("INSERT INTO link VALUES(1, ?, ?, 1, 0, 0)", (n * 60_000, n))
            old.execute("INSERT INTO score VALUES(?, 1, 1, 0.5, 0, 1, 0, 0)", (n,))
        old.execute("INSERT INTO score VALUES(3, 2, 2, 0.25, 0, 1, 0, 0)")
        old.execute("INSERT INTO tally VALUES(1, 1, 3, 0)")
    with Store.open(path) as store:
        assert store.check() == []
        assert [p.score.value for p in store.posts("GE", scorer="vader") if p.score] == [0.5, 0.5, 0.5]
        assert shown(store) == [0.25]
        (job,) = store.rescoring()
        assert (job.scorer, job.replaces, job.cursor) == (OLD, None, 0)
        judge(store, 0.75)
        assert store.finish_rescoring(job, now=1)
        assert shown(store) == [0.25, 0.75, 0.75]


SCORES = st.one_of(st.none(), st.floats(-1, 1))


@given(st.lists(st.lists(st.tuples(SCORES, SCORES), max_size=20), max_size=4))
def test_that_cells_count_each_pair_once_wherever_a_batch_ends(batches: list[list[tuple[float | None, Any]]]) -> None:
    shift = Shift()
    for batch in batches:
        shift = Shift.of(json.loads(json.dumps(dataclasses.asdict(shift.with_(batch)))))
    counted = [0] * (CELLS * CELLS)
    for old, new in (pair for batch in batches for pair in batch):
        if old is not None and new is not None:
            row, column = (min(int((side + 1) * CELLS / 2), CELLS - 1) for side in (old, new))
            counted[row * CELLS + column] += 1
    assert sum(shift.cells) == shift.both
    assert list(shift.cells) == (counted if batches else [])


def test_that_a_job_begun_before_cells_were_counted_ends_without_them() -> None:
    kept = dataclasses.asdict(Shift(both=3, moved=1))
    del kept["cells"]
    shift = Shift.of(kept).with_([(0.1, 0.3)])
    assert (shift.both, shift.cells) == (4, ())
