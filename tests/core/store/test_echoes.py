"""Grouping stored posts: in any batches the same, on real tweets the right ones, and old stores lose nothing."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import operator
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.echo import BAND_BYTES, LEAST_SHINGLES, SAME, SIGNATURE_BYTES, plain_text, signatures, similarity
from core.errors import StoreError
from core.model import Instrument, Post, Score, ScorerId
from core.store import NewPost, PostFilter, Store, columns, echo_window, echoes, schema
from core.store.database import Database

VADER = ScorerId("vader", "3.3.2")
TEXTS: tuple[str, ...] = (
    "Apple beats estimates in the third quarter and raises its dividend",
    "RT @news: Apple beats estimates in the third quarter and raises its dividend http://t.co/x",
    "Apple beats estimates in the third quarter and raises its dividend again",
    "Nobody expected this at all but here we are once more with feeling",
    "小红书概念股今天集体涨停，壹网壹创领涨，遥望科技跟涨",
    "小红书概念股今天集体涨停，壹网壹创领涨，遥望科技跟涨！！转发",
    "moon",
)


def said(texts: list[str], subject: str = "AAPL") -> list[NewPost]:
    return [
        NewPost(Post("x", str(k), 60_000 * k, text), [(VADER, Score(0.5, 0, 1, 0))], stated=frozenset({subject}))
        for k, text in enumerate(texts)
    ]


def groups_of(path: Path) -> list[int]:
    with contextlib.closing(Database.open(path)) as database, database.read() as sql:
        total = sql.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()[0]
        return columns.span(sql, columns.ECHO, 1, total + 1).tolist()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(TEXTS), max_size=14), st.integers(1, 5))
def test_that_groups_are_the_same_however_the_posts_came(texts: list[str], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.sqlite", Path(folder) / "other.sqlite"
        posts = said(texts)
        with Store.open(one) as store:
            store.add_posts(posts)
            store.group_echoes()
        with Store.open(other) as store:
            for k in range(0, len(posts), size):
                store.add_posts(posts[k : k + size])
                store.group_echoes(most=2)
            assert store.ungrouped() == 0
        assert groups_of(one) == groups_of(other)
        leaders: dict[int, int] = {}
        for number, text in enumerate(texts, 1):
            plain = plain_text(text)
            first = next((n for n in leaders.values() if similarity(plain_text(texts[n - 1]), plain) >= SAME), number)
            leaders.setdefault(number, first) if text != "moon" else None
        sizes = Counter(leaders.values())
        assert groups_of(one) == [leaders[n] if n in leaders and sizes[leaders[n]] > 1 else 0 for n in
                                  range(1, len(texts) + 1)]  # fmt: skip


def by_brute_force(texts: list[str], most_met: int) -> list[int]:
    """Return the groups of texts, each compared with all before it as the module says, one after the other."""
    plain = [plain_text(t) for t in texts]
    marks = signatures(plain)
    bands = [[(k, mark[k : k + BAND_BYTES]) for k in range(0, SIGNATURE_BYTES, BAND_BYTES)] for mark in marks]
    leaders: dict[tuple[int, bytes], list[int]] = {}
    firsts: dict[bytes, int] = {}
    groups = [0] * len(texts)
    for n, mark in enumerate(marks):
        if not any(mark):
            continue
        twin = firsts.setdefault(mark, n)
        if twin != n and plain[twin] == plain[n]:
            found: int | None = (groups[twin] or twin + 1) - 1
        else:
            met = {m for band in bands[n] for m in leaders.get(band, [])[-most_met:]}
            alike = {m: sum(map(operator.eq, marks[m], mark)) for m in sorted(met)}
            close = sorted((m for m in alike if alike[m] >= 18), key=lambda m: -alike[m])[:16]
            found = next((m for m in sorted(close) if similarity(plain[m], plain[n]) >= SAME), None)
        if found is None:
            for band in bands[n]:
                leaders.setdefault(band, []).append(n)
        else:
            groups[n] = groups[found] = found + 1
    return groups


# A robot's template with numbers in it, so that some are near copies and others are not quite.
ROBOT = "$AAPL closed at {} with {} calls and {} puts traded today"
ROBOTS = st.tuples(*[st.integers(1, 4)] * 3).map(lambda numbers: ROBOT.format(*(11111 * n for n in numbers)))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(ROBOTS | st.sampled_from(TEXTS), max_size=90), st.integers(1, 40), st.integers(1, 9), st.integers(1, 30),
    st.integers(1, 60), st.integers(1, 3),
)  # fmt: skip
def test_that_groups_are_those_of_a_comparison_with_all_posts_before(
    texts: list[str], size: int, most: int, window: int, part: int, most_met: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(echoes, "_WINDOW", window)
        patch.setattr(echo_window, "_PART", part)
        patch.setattr(echo_window, "MOST_MET", most_met)
        path, posts = Path(folder) / "s.sqlite", said(texts)
        with Store.open(path) as store:
            for k in range(0, len(posts), size):
                store.add_posts(posts[k : k + size])
                store.group_echoes(most=most)
        assert groups_of(path) == by_brute_force(texts, most_met)


def test_that_two_who_look_for_echoes_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    path, texts = tmp_path / "s.sqlite", [ROBOT.format(n, n % 7, n % 3) for n in range(30)] * 2
    with Store.open(path) as store:
        store.add_posts(said(texts))
    with contextlib.closing(Database.open(path)) as one, contextlib.closing(Database.open(path)) as other:
        for _ in itertools.zip_longest(echoes.group(one, 7), echoes.group(other, 4)):
            pass
    assert groups_of(path) == by_brute_force(texts, echo_window.MOST_MET)


def test_that_grouping_can_be_stopped_and_goes_on_where_it_was(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done:
            assert (done, total) == (3, 8)
            raise StopError

    with Store.open(tmp_path / "s.sqlite") as store:
        store.add_posts(said([TEXTS[0]] * 8))
        with pytest.raises(StopError):
            store.group_echoes(stop, most=3)
        assert store.ungrouped() == 5
        assert store.census("AAPL").echoes == 2
        store.group_echoes()
        assert store.census("AAPL").echoes == 7
        assert [p.copies for p in store.posts("AAPL")] == [8] * 8
        assert [p.echo for p in store.posts("AAPL")] == [True] * 7 + [False]  # the newest first


def test_that_the_earliest_post_leads_for_readers_whatever_arrived_first(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        store.add_posts(said([TEXTS[0]] * 3)[::-1])
        store.group_echoes()
        assert [p.post.id for p in store.posts("AAPL") if not p.echo] == ["0"]
        once = store.bins("AAPL", chosen=PostFilter(once=True))
        assert once.minute.tolist() == [0]


def test_that_a_retweet_that_stands_hundreds_of_times_counts_once(tmp_path: Path, shared: Path) -> None:
    texts: list[str] = []
    for file in sorted((shared / "stocknet").glob("*.posts.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    loudest, times = Counter(texts).most_common(1)[0]
    assert times > 500
    kept = [t for t in texts if t == loudest] + [t for t in texts if t != loudest][:6000]
    with Store.open(tmp_path / "s.sqlite") as store:
        store.add_posts(said(kept))
        store.group_echoes()
        assert store.posts("AAPL", limit=1, offset=len(kept) - 1)[0].copies >= times
        census = store.census("AAPL")
        once = store.bins("AAPL", chosen=PostFilter(once=True))
    # All exact copies are found (those long enough to have a signature), and near copies beside them.
    exact = Counter(plain_text(t) for t in kept)
    copies = sum(n - 1 for text, n in exact.items() if len(text) >= 19)
    assert copies <= census.echoes <= copies * 1.5
    assert int(once.posts.sum()) == census.posts - census.echoes


def test_that_no_near_copy_among_real_tweets_is_missed(tmp_path: Path, shared: Path) -> None:
    with gzip.open(shared / "stocknet" / "GE.posts.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    with Store.open(tmp_path / "s.sqlite") as store:
        store.add_posts(said(texts, "GE"))
        store.group_echoes()
    groups = groups_of(tmp_path / "s.sqlite")
    plain = [plain_text(t) for t in texts]
    holders: dict[str, list[int]] = {}  # leaders by the pieces of their texts
    for n, text in enumerate(plain):
        pieces = {text[k : k + 4] for k in range(len(text) - 3)}
        if len(pieces) < LEAST_SHINGLES or not text.isascii():
            continue
        shared_pieces = Counter(m for piece in pieces for m in holders.get(piece, ()))
        repeats = any(count >= 10 and similarity(plain[m], text) >= SAME for m, count in shared_pieces.items())
        assert repeats == (groups[n] not in (0, n + 1))
        if not repeats:
            for piece in pieces:
                holders.setdefault(piece, []).append(n)


def old_store(path: Path, texts: list[str]) -> None:
    """Make a store as version 1 left it: bins, and neither rolls nor columns."""
    with contextlib.closing(sqlite3.connect(path)) as sql:
        for statement in schema.MIGRATIONS[0]:
            sql.execute(statement)
        sql.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        sql.execute("PRAGMA user_version = 1")
        sql.execute("INSERT INTO subject(id, kind, name, fold) VALUES(1, 'instrument', 'AAPL', 'aapl')")
        sql.execute("INSERT INTO source VALUES(1, 'x')")
        sql.execute("INSERT INTO scorer VALUES(1, 'vader')")
        sql.execute("INSERT INTO scorer_version VALUES(1, 1, '3.3.2')")
        for k, text in enumerate(texts, 1):
            row = (k, 1, str(k), 60_000 * k, 0, text, "who", 7, k, None, None, None, "", "", "", "", 0, "")
            sql.execute(f"INSERT INTO post VALUES({', '.join('?' * 18)})", row)
            sql.execute("INSERT INTO link VALUES(1, ?, ?, 1, 0, 0)", (60_000 * k, k))
            sql.execute("INSERT INTO score VALUES(?, 1, 1, ?, 0, 1, 0, 0)", (k, 0.25 * (k % 3)))
        sql.execute("INSERT INTO tally VALUES(1, 1, ?, 0)", (len(texts),))
        sql.execute("INSERT INTO bin VALUES(1, 0, 0, x'00')")
        sql.commit()


def test_that_a_store_of_version_1_is_counted_and_grouped_as_a_new_one(tmp_path: Path) -> None:
    old, texts = tmp_path / "old.sqlite", list(TEXTS)
    old_store(old, texts)
    with pytest.raises(StoreError, match="older version"):
        Store.open(old, read_only=True)
    with Store.open(old) as store:
        assert store.check() == []
        assert store.ungrouped() == len(texts)
        bins = store.bins("AAPL", "vader")
        assert bins.minute.tolist() == [*range(1, len(texts) + 1)]
        assert bins.total.tolist() == [2500 * (k % 3) for k in range(1, len(texts) + 1)]
        assert store.crowd("AAPL")[1] == {"en": 5, "zh": 2}
        voices = store.voices("AAPL")
        assert (voices.followers.tolist(), voices.engagement.tolist()) == ([7] * 7, [*range(1, 8)])
        assert set(voices.views.tolist()) == {-1}
        assert len(np.unique(voices.author)) == 1
        store.group_echoes()
        assert store.census("AAPL").echoes == 3
        assert [p.post.text for p in store.posts("AAPL")] == texts[::-1]
        assert not any(p.post.at_least for p in store.posts("AAPL"))
    with contextlib.closing(sqlite3.connect(tmp_path / "old.sqlite.v1.bak")) as backup:
        assert backup.execute("SELECT count(*) FROM bin").fetchone() == (1,)


def test_that_a_new_store_knows_its_instruments_posts_after_they_came(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        store.add_posts(said(["$GE rises and rises and rises and rises"], "AAPL"))
        store.put_instrument(Instrument("GE"))
        assert store.census("GE").posts == 1
