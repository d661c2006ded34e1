from __future__ import annotations

import csv
import gzip
import io
import json
import pickle
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from core.errors import CancelledError, UnknownSubjectError, UsageError
from core.ingest import import_posts
from core.model import Concept, Instrument, Member, Rule
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

SPAWN = get_context("spawn")
REDNOTE = Concept(
    "Xiaohongshu", (Member("300792.SZ"),), Rule(keywords=("小红书", "rednote"), hashtags=("tiktokrefugee",))
)
ROWS = [
    {"id": "1", "created_at": "2025-01-14T04:08:00Z", "text": "I love $AAPL", "platform": "x", "likes": "1.2K"},
    {"id": "2", "created_at": "2025-01-14T04:09:00Z", "text": "小红书 ok", "platform": "x", "likes": ""},
    {"id": "3", "created_at": "2025-01-14T04:10:00Z", "text": "", "platform": "x", "likes": "3"},
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        opened.put_concept(REDNOTE)
        opened.put_instrument(Instrument("AAPL"))
        yield opened


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


FORMS = {
    "a.csv": as_csv(ROWS).encode(),
    "bom.csv": b"\xef\xbb\xbf" + as_csv(ROWS).encode(),
    "gb.csv": as_csv(ROWS).encode("gb18030"),
    "utf16.csv": as_csv(ROWS).encode("utf-16"),
    "semicolon.csv": as_csv(ROWS, ";").encode(),
    "a.tsv": as_csv(ROWS, "\t").encode(),
    "a.json": json.dumps(ROWS).encode(),
    "pretty.json": json.dumps({"meta": {"n": [1, 2]}, "data": ROWS}, indent=2).encode(),
    "messages.json": json.dumps({"messages": ROWS}).encode(),
    "hits.json": json.dumps({"hits": ROWS}, ensure_ascii=False).encode("gb18030"),
    "odd.json": json.dumps({"my_things": ROWS}).encode(),
    "a.jsonl": as_lines(ROWS).encode(),
    "a.ndjson": as_lines(ROWS).encode() + b"\n\n",
    "pages.jsonl": as_lines([{"data": ROWS[:2]}, {"data": ROWS[2:]}]).encode(),
    "lines.json": as_lines(ROWS).encode(),
    "a.csv.gz": gzip.compress(as_csv(ROWS).encode()),
    "two.jsonl.gz": gzip.compress(as_lines(ROWS[:1]).encode()) + gzip.compress(as_lines(ROWS[1:]).encode()),
    "a.jsonl.zst": zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    ).compress(as_lines(ROWS).encode()),
    "misnamed.txt": gzip.compress(json.dumps(ROWS).encode()),
    "cr.csv": as_csv(ROWS).replace("\r\n", "\r").encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_that_the_same_rows_are_read_from_every_container(tmp_path: Path, store: Store, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(FORMS[name])
    report = import_posts(store, [file])
    assert (report.read, report.added, report.rejected) == (3, 3, 0), report
    assert report.linked == {"AAPL": 1, "Xiaohongshu": 1}
    (found,) = store.posts("AAPL")
    assert (found.post.source, found.post.id, found.post.likes) == ("twitter", "1", 1200)
    assert found.score is not None
    assert found.score.value > 0
    again = import_posts(store, [file])
    assert (again.added, again.duplicates) == (0, 3)


def test_that_xiaohongshu_posts_and_their_export_are_one(shared: Path, store: Store) -> None:
    folder = shared / "rednote-2025"
    first = import_posts(store, [folder / "xhs_posts.jsonl"], subject="Xiaohongshu")
    assert (first.read, first.added, first.rejected) == (724, 724, 0)
    bins = store.bins("Xiaohongshu")
    assert bins.posts.sum() == 724
    textless = [p for p in store.posts("Xiaohongshu", limit=1000) if not p.post.text]
    assert len(textless) == 57
    assert all(p.score is None for p in textless)
    for source in (None, "xhs", "小红书"):
        second = import_posts(store, [folder / "xhs_export.csv"], source=source)
        assert (second.read, second.added, second.duplicates, second.rejected) == (724, 0, 724, 0)


def test_that_the_export_alone_gives_the_same_posts(shared: Path, tmp_path: Path) -> None:
    folder = shared / "rednote-2025"
    posts: list[dict[str, Any]] = []
    for name in ("xhs_posts.jsonl", "xhs_export.csv"):
        with Store.open(tmp_path / f"{name}.db") as store:
            store.put_concept(REDNOTE)
            import_posts(store, [folder / name], subject="Xiaohongshu")
            posts.append({p.post.id: p.post for p in store.posts("Xiaohongshu", limit=1000)})
    ours, theirs = posts
    assert ours.keys() == theirs.keys()
    # The published set takes its times from the ids; four posts were edited into another minute.
    assert sum(p.published // 60_000 == theirs[key].published // 60_000 for key, p in ours.items()) == 720
    for key, post in ours.items():
        assert post.source == theirs[key].source == "xiaohongshu"
        # The published set repeats some titles that the text begins with.
        assert "".join(post.text.split()).endswith("".join(theirs[key].text.split()))
    likes = theirs["6785e35000000000200254ab"].likes
    assert likes == 76_000
    assert theirs["67bc2c7c00000000060397ba"].tags[:2] == ("小红书", "抖音")
    # Where the export says `10+` or `1千+`, the published set has no number of likes.
    bounds = {key for key, post in theirs.items() if "likes" in post.at_least}
    assert bounds == {key for key, post in ours.items() if post.likes is None}
    assert Counter(theirs[key].likes for key in bounds) == {10: 34, 1000: 9, 10_000: 3}
    assert not any(post.at_least for post in ours.values())


def test_that_a_lower_bound_gives_way_to_the_number(tmp_path: Path, store: Store) -> None:
    header = "id,time,text,likes,comments,symbols\n"
    for number, counts in enumerate(("10+,7", "1千+,9+", ",", "12,", "10+,8")):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"{header}1,2025-01-14T00:00:00Z,hello,{counts},GE\n", encoding="utf-8")
        import_posts(store, [file], source="x")
        (post,) = (p.post for p in store.posts("GE"))
        likes = (10, 1000, 1000, 12, 12)[number]
        assert (post.likes, post.comments) == (likes, 7)
        assert post.at_least == (frozenset({"likes"}) if number < 3 else frozenset())
    assert store.voices("GE").engagement.tolist() == [19]


def test_that_tweets_keep_retweets_and_lose_entities(shared: Path, store: Store) -> None:
    report = import_posts(store, [shared / "stocknet" / "AAPL.posts.jsonl.gz"])
    assert (report.read, report.added, report.rejected) == (20_823, 20_823, 0)
    assert report.linked["AAPL"] == 20_823
    posts = [p.post for p in store.posts("AAPL", limit=30_000)]
    assert len(posts) == 20_823
    with gzip.open(shared / "stocknet" / "AAPL.posts.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert sum(p.repost for p in posts) == sum(json.loads(line)["is_retweet"] for line in lines)
    assert not any("&amp;" in p.text or "&lt;" in p.text or "&gt;" in p.text for p in posts)
    assert {p.source for p in posts} == {"twitter"}


def test_that_posts_without_ids_are_known_again(shared: Path, store: Store) -> None:
    file = shared / "rednote-2025" / "reddit_rednote.csv"
    first, second = import_posts(store, [file]), import_posts(store, [file])
    assert (first.read, first.added, first.duplicates, first.rejected) == (2832, 2831, 1, 0)
    assert (second.added, second.duplicates) == (0, 2832)


def test_that_equal_row_numbers_of_unnamed_platforms_are_no_duplicates(tmp_path: Path, store: Store) -> None:
    for name, word in (("one.csv", "one"), ("two.csv", "two")):
        (tmp_path / name).write_text(f"id,time,text\n1,2025-01-01T00:00:00Z,{word}\n")
    report = import_posts(store, [tmp_path / "one.csv", tmp_path / "two.csv"])
    assert report.added == 2


def test_that_local_times_need_a_zone(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "local.csv"
    file.write_text("id,time,text\n1,2025-01-14 12:08,hello\n")
    report = import_posts(store, [file])
    assert report.added == 0
    assert "--tz" in report.failed_files[0].reason
    assert import_posts(store, [file], zone="Asia/Shanghai", subject="AAPL").added == 1
    assert store.posts("AAPL")[0].post.published == 1736827680000


def test_that_the_order_of_dates_comes_from_the_whole_file(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "dates.csv"
    rows = ["id,time,text", *(f"{i},1/2/2025 10:00,t{i}" for i in range(300)), "300,13/2/2025 10:00,last"]
    file.write_text("\n".join(rows))
    assert import_posts(store, [file], zone="UTC", subject="AAPL").rejected == 0
    assert store.posts("AAPL", order="newest")[-1].post.published == 1738404000000  # 1 February
    unclear = tmp_path / "unclear.csv"
    unclear.write_text("id,time,text\n1,1/2/2025 10:00,hello\n")
    assert any("month/day" in note for note in import_posts(store, [unclear], zone="UTC").notes)


def test_that_columns_are_mapped_by_hand(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("when,what\n2025-01-14T04:08:00Z,hello\n")
    refused = import_posts(store, [file])
    assert "when, what" in refused.failed_files[0].reason
    assert "--map" in refused.failed_files[0].reason
    assert import_posts(store, [file], mapping={"time": "when", "text": "what"}).added == 1
    assert "nope" in import_posts(store, [file], mapping={"time": "nope"}).failed_files[0].reason
    with pytest.raises(UsageError, match="followers"):
        import_posts(store, [file], mapping={"colour": "what"})


def test_that_wrong_use_is_told(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UsageError, match="xiaohongshu"):
        import_posts(store, [], preset="nonsense")
    with pytest.raises(UsageError, match="zone"):
        import_posts(store, [], zone="Nowhere/City")
    with pytest.raises(UnknownSubjectError):
        import_posts(store, [tmp_path], subject="No Such Concept")


def test_that_a_dry_run_changes_nothing(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(as_lines([*ROWS, ROWS[0]]))
    report = import_posts(store, [file], dry_run=True)
    assert (report.read, report.added, report.duplicates) == (4, 3, 1)
    assert report.linked == {"AAPL": 1, "Xiaohongshu": 1}
    assert store.posts_total() == 0
    assert import_posts(tmp_path / "absent.db", [file], dry_run=True).added == 3
    assert not (tmp_path / "absent.db").exists()


def many(n: int) -> str:
    return as_lines(
        [{"id": str(i), "created_at": 1736827680 + i, "text": f"good $AAPL {i}", "platform": "x"} for i in range(n)]
    )


def test_that_processes_and_this_process_score_alike(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(many(7000))
    with Store.open(tmp_path / "p.db") as store:
        store.put_instrument(Instrument("AAPL"))
        report = import_posts(store, [file])
        assert (report.added, report.notes) == (7000, [])
        assert store.bins("AAPL").scored.sum() == 7000


class _Immediate(Executor):
    """Somebody else's executor: runs at once, and takes nothing that could not be sent elsewhere."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        there, given, named = _sent((fn, args, kwargs))
        future.set_result(_sent(there(*given, **named)))
        return future


def _sent(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 (made a moment ago)


@pytest.mark.parametrize("make", [_Immediate, lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(1, SPAWN)])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_that_any_executor_may_read_and_score(tmp_path: Path, store: Store, make: Any, form: str) -> None:
    rows: list[dict[str, Any]] = [json.loads(line) for line in many(1200).splitlines()]
    rows[700]["created_at"] = "never"
    file = tmp_path / f"many.{form}"
    file.write_text(as_lines(rows) if form == "jsonl" else as_csv(rows))
    with make() as executor:
        report = import_posts(store, [file], executor=executor)
    assert (report.read, report.added, report.notes) == (1200, 1199, [])
    assert [(r.row, r.file) for r in report.rejections] == [(701, str(file))]
    assert store.bins("AAPL").scored.sum() == store.bins("AAPL", "crowd").scored.sum() == 1199


class _Broken(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        del fn, args, kwargs
        raise RuntimeError("gone")


def test_that_a_broken_executor_costs_time_only(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(many(5000))
    report = import_posts(store, [file], executor=_Broken())
    assert report.added == 5000
    assert store.bins("AAPL").scored.sum() == 5000
    assert len(report.notes) == 1


def test_that_cancelling_leaves_a_sound_store_that_can_go_on(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(many(6000))
    seen: list[int] = []
    with pytest.raises(CancelledError):
        import_posts(store, [file], progress=lambda p: seen.append(p.rows), cancelled=lambda: len(seen) > 4)
    assert store.check() == []
    assert seen == sorted(seen)
    report = import_posts(store, [file])
    assert report.added + report.duplicates == 6000
    assert store.posts_total() == 6000


def test_that_progress_counts_bytes_of_the_file_on_disk(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "many.jsonl.gz"
    file.write_bytes(gzip.compress(many(3000).encode()))
    told: list[tuple[int, int]] = []
    import_posts(store, [file], progress=lambda p: told.append((p.done_bytes, p.total_bytes)))
    assert told[-1] == (file.stat().st_size, file.stat().st_size)


def test_that_titles_are_not_doubled(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "t.jsonl"
    rows = [
        {"id": "1", "time": 1736827680, "title": "Hello", "text": "Hello\nworld"},
        {"id": "2", "time": 1736827681, "title": "Hi", "text": "there"},
        {"id": "3", "time": 1736827682, "title": "Only", "text": ""},
    ]
    file.write_text(as_lines(rows))
    import_posts(store, [file], source="x", subject="AAPL")
    assert {p.post.id: p.post.text for p in store.posts("AAPL")} == {"1": "Hello\nworld", "2": "Hi\nthere", "3": "Only"}


def test_that_instruments_the_file_names_are_added(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(
        as_lines([{"id": "1", "created_at": 1736827680, "text": "x", "ticker": "MSFT", "is_retweet": False}])
    )
    report = import_posts(store, [file])
    assert report.linked == {"MSFT": 1}
    assert any("MSFT" in note for note in report.notes)


def test_that_a_killed_import_leaves_a_store_that_can_go_on(tmp_path: Path) -> None:
    file, path = tmp_path / "many.jsonl", tmp_path / "killed.db"
    file.write_text(many(30_000))
    code = (
        "import sys, pathlib, os, signal\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[3])!r})\n"
        "from core.ingest import import_posts\n"
        "def kill(p):\n"
        "    if p.rows >= 20000: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"import_posts(pathlib.Path({str(path)!r}), [{str(file)!r}], subject='AAPL', executor=None, progress=kill)\n"
    )
    script = tmp_path / "run.py"
    script.write_text(f"if __name__ == '__main__':\n    exec({code!r})\n")
    assert subprocess.run([sys.executable, str(script)], check=False).returncode == -signal.SIGKILL
    with Store.open(path) as store:
        before = store.posts_total()
        assert store.check() == []
        report = import_posts(store, [file], subject="AAPL")
        assert report.added == 30_000 - before
        assert store.posts_total() == 30_000
        assert store.bins("AAPL").posts.sum() == 30_000
