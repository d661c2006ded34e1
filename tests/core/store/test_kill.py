"""An import that is killed leaves a sound store, and comes to the same end when it is repeated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.model import Concept, Rule
from core.store import Store

ROOT = Path(__file__).resolve().parents[3]

IMPORT = """
import random, sys
from pathlib import Path
from core.model import Post, Score, ScorerId
from core.store import NewPost, Store

vader = ScorerId("vader", "1")
with Store.open(Path(sys.argv[1])) as store:
    for k in range(0, 6000, 200):
        batch = []
        for n in range(k, k + 200):
            r = random.Random(n)
            post = Post("x", str(r.randrange(5000)), r.randrange(10**10), f"word{n} " * 15, likes=r.choice([None, n]))
            score = Score(round(r.uniform(-1, 1), 4), 0, 1, 0)
            batch.append(NewPost(post, [(vader, score)], frozenset({"Theme"}), frozenset({r.choice("ABC")})))
        store.add_posts(batch, now=1)
        print(k, flush=True)
    store.relink_stale()
"""


def start(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", IMPORT, str(path)], cwd=ROOT, stdout=subprocess.PIPE)


def finish(path: Path) -> dict[str, object]:
    with start(path) as process:
        assert process.communicate(timeout=60)[0].split()[-1] == b"5800"
    assert process.returncode == 0
    return content(path)


def content(path: Path) -> dict[str, object]:
    with Store.open(path) as store:
        assert store.check() == []
        found: dict[str, object] = {"total": store.posts_total()}
        for key in ("Theme", "A", "B", "C"):
            bins = store.bins(key, "vader")
            found[key] = (
                np.column_stack((bins.minute, bins.posts, bins.scored, bins.total, bins.squares)).tolist(),
                [s.post for s in store.posts(key, limit=10_000)],
                store.count_posts(key, search="word1"),
                store.post_sources(key),
            )
        return found


def create(path: Path) -> None:
    with Store.open(path) as store:
        store.put_concept(Concept("Theme", rule=Rule(keywords=("word7", "word8"))))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_that_a_killed_import_leaves_a_sound_store_and_can_be_repeated_to_the_same_end(tmp_path: Path) -> None:
    create(tmp_path / "whole.sqlite")
    whole = finish(tmp_path / "whole.sqlite")
    path = tmp_path / "killed.sqlite"
    create(path)
    for batches, delay in ((1, 0.0), (3, 0.004), (8, 0.009), (20, 0.002)):
        with start(path) as process:
            assert process.stdout
            for _ in range(batches):
                process.stdout.readline()
            time.sleep(delay)  # into the middle of a batch, whichever part of it
            os.kill(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        with Store.open(path) as store:
            assert store.check() == []
            assert 0 < store.posts_total() <= 5000
            assert store.count_posts("Theme") == store.bins("Theme").posts.sum() == store.posts_total()
    assert finish(path) == whole
