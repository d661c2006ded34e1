"""Scoring stored posts anew: by any executor, in pieces, from where it stopped or was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core import rescoring
from core.model import Post
from core.store import NewPost, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


class Immediate(Executor):
    """An executor of somebody else's: runs at once, in this thread."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Broken(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        raise RuntimeError("gone")


def fill(store: Store, n: int) -> None:
    store.add_posts(
        [
            NewPost(Post("x", str(i), i * 60_000, f"{'good' if i % 2 else 'bad'} $GE {i}"), stated=frozenset({"GE"}))
            for i in range(n)
        ]
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "s.sqlite") as opened:
        fill(opened, 900)
        yield opened


def scored(store: Store, scorer: str) -> int:
    return int(store.bins("GE", scorer).scored.sum())


@pytest.mark.parametrize("make", [Immediate, Broken, lambda: ThreadPoolExecutor(2), lambda: None])
def test_that_a_store_from_before_a_scorer_gets_its_scores(store: Store, make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rescoring, "CHUNK", 100)
    told: list[int] = []
    reports = rescoring.rescore(store, ["crowd", "vader"], executor=make(), progress=lambda p: told.append(p.done))
    assert [r.scorer for r in reports] == ["crowd", "vader"]
    assert told == [*range(100, 901, 100)] * 2
    assert scored(store, "crowd") == scored(store, "vader") == 900
    assert rescoring.plan(store, ["crowd", "vader"]) == []
    assert store.check() == []


def test_that_processes_score_alike(store: Store) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        rescoring.rescore(store, ["vader"], executor=executor)
    there = store.bins("GE", "vader").total.tolist()
    store.drop_scorer("vader")
    rescoring.rescore(store, ["vader"], executor=Immediate())
    assert store.bins("GE", "vader").total.tolist() == there


def test_that_a_pause_stops_it_and_it_goes_on_from_there(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(rescoring, "CHUNK", 100)
    told: list[int] = []

    def pause_at_300(progress: rescoring.Progress) -> None:
        told.append(progress.done)
        if progress.done == 300:
            rescoring.pause(store)

    assert rescoring.rescore(store, ["vader"], progress=pause_at_300) == []
    assert rescoring.rescore(store, ["vader"]) == []
    assert [job.cursor for job in store.rescoring()] == [300]
    rescoring.pause(store, paused=False)
    (report,) = rescoring.rescore(store, ["vader"], progress=lambda p: told.append(p.done))
    assert told == [*range(100, 901, 100)]
    assert report.shift.gained == 900


def test_that_an_executor_given_is_left_open(store: Store) -> None:
    with ThreadPoolExecutor(1) as executor:
        rescoring.rescore(store, ["vader"], executor=executor)
        assert executor.submit(int, "1").result() == 1


CODE = """
import sys
from pathlib import Path
from core import rescoring
from core.store import Store
rescoring.CHUNK = 50
def tell(progress):
    print(progress.done, flush=True)
    sys.stdin.read(1)
with Store.open(Path(sys.argv[1])) as store:
    rescoring.rescore(store, ["vader"], progress=tell)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_that_a_killed_run_leaves_a_sound_store_that_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store.open(path) as store:
        fill(store, 900)
    command = [sys.executable, "-c", CODE, str(path)]
    reached = 0
    for lines in (1, 3, 5):
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            assert process.stdout
            for _ in range(lines):
                reached = int(process.stdout.readline())
                process.stdin.write(b".")
                process.stdin.flush()
            os.kill(process.pid, signal.SIGKILL)
        with Store.open(path) as store:
            assert store.check() == []
            (job,) = store.rescoring()
            assert job.cursor >= reached
            assert scored(store, "vader") == job.cursor
    with Store.open(path) as store:
        (report,) = rescoring.rescore(store, ["vader"])
        assert report.shift.gained == 900
        assert scored(store, "vader") == 900
