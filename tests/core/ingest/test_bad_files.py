from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import zstandard

from core.errors import InputError
from core.ingest import import_metrics, import_posts, import_prices
from core.ingest.source import MAX_LINE
from core.ingest.tables import Table
from core.model import Instrument
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.ingest import ImportReport

GOOD = '{"id": "%d", "created_at": "2025-01-14T04:08:00Z", "text": "hello %d", "platform": "x"}\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        opened.put_instrument(Instrument("AAPL"))
        yield opened


def refused(report: ImportReport) -> str:
    assert (report.read, report.added) == (0, 0)
    (failure,) = report.failed_files
    assert failure.row == 0
    assert "\n" not in failure.reason
    assert "Traceback" not in failure.reason
    return failure.reason


BAD = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"  \n\n \n", "empty"),
    "header.csv": (b"id,time,text\n", "no rows"),
    "binary.csv": (os.urandom(5000), ""),
    "book.xlsx": (b"PK\x03\x04" + b"\0" * 400, "Excel"),
    "empty.csv.gz": (gzip.compress(b""), "empty"),
    "nothing.gz": (gzip.compress(b"id,text\n")[:5], "gzip"),
    "latin.csv": ("id,time,text\n1,2025-01-14T04:08:00Z,d\xe9j\xe0 vu\n".encode("latin-1"), "UTF-8"),
    "nomark16.csv": (("id,time,text\n1,2,3\n" * 20).encode("utf-16-le"), "UTF-16"),
    "deep.json": (b"[" * 100_000, ""),
    "deep_closed.json": (b"[" * 100_000 + b"]" * 100_000, "nested"),
    "deep_object.json": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested"),
    "deep.jsonl": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n", "nested"),
    "number.json": (b"42", ""),
    "text.txt": (b"hello world, this is no table\nreally not\n", "time"),
    "notime.csv": (b"id,text\n1,hello\n", "id, text"),
    "notext.csv": (b"id,time\n1,2025-01-14T04:08:00Z\n", "--map text"),
    "emptylist.json": (b"[]", "no rows"),
    "cutzip.zst": (zstandard.compress(os.urandom(200_000))[:3], ""),
}


@pytest.mark.parametrize("name", BAD)
def test_that_a_bad_file_is_refused_in_one_sentence_and_stops_no_other(tmp_path: Path, store: Store, name: str) -> None:
    data, word = BAD[name]
    (tmp_path / name).write_bytes(data)
    assert word in refused(import_posts(store, [tmp_path / name]))
    (tmp_path / "good.jsonl").write_text(GOOD % (1, 1))
    report = import_posts(store, [tmp_path / name, tmp_path / "good.jsonl"])
    assert (report.added, len(report.failed_files)) == (1, 1)
    assert import_prices(store, [tmp_path / name], symbol="AAPL").failed_files
    assert import_metrics(store, [tmp_path / name], subject="AAPL", metric="m").failed_files


def test_that_folders_and_missing_files_are_named(tmp_path: Path, store: Store) -> None:
    assert "folder" in refused(import_posts(store, [tmp_path]))
    assert "no file" in refused(import_posts(store, [tmp_path / "absent.csv"]))
    os.mkfifo(tmp_path / "pipe")
    assert "regular" in refused(import_posts(store, [tmp_path / "pipe"]))
    assert refused(import_posts(store, ["a\0b"]))
    assert refused(import_posts(store, ["x" * 5000]))


def test_that_a_file_without_permission_is_named(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("id,time,text\n")

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(file), "open", deny)
    assert "may not be read" in refused(import_posts(store, [file]))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_that_rows_before_a_cut_are_kept_and_the_cut_is_told(tmp_path: Path, store: Store, pack: object) -> None:
    text = "".join(GOOD % (i, i * 7919 % 10007) for i in range(20_000)).encode()
    packed = pack(text)  # type: ignore[operator]
    file = tmp_path / "cut.jsonl.bin"
    file.write_bytes(packed[: len(packed) * 2 // 3])
    report = import_posts(store, [file])
    assert report.added > 1000
    assert report.rejected == 1
    (told,) = report.rejections
    assert told.row == report.added + 1
    assert "ends in the middle" in told.reason
    assert store.posts_total() == report.added


def test_that_a_cut_json_list_keeps_the_rows_before(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "cut.json"
    file.write_text("[" + ",".join(GOOD % (i, i) for i in range(3))[:-30])
    report = import_posts(store, [file])
    assert (report.added, report.rejected, report.rejections[0].row) == (2, 1, 3)


@pytest.mark.parametrize("name", ["line.jsonl", "line.csv", "line.json", "string.json", "inside.jsonl", "inside.json"])
def test_that_a_line_of_50_mb_takes_little_memory(tmp_path: Path, store: Store, name: str) -> None:
    file = tmp_path / name
    huge = b"x" * 50_000_000
    good = (GOOD % (1, 1)).encode()
    content = {
        "line.jsonl": b'{"id": "9", "created_at": 1736827680, "text": "' + huge + b'"}',
        "line.csv": b"id,time,text\n1,2025-01-14T04:08:00Z," + huge,
        "line.json": huge,
        "string.json": b'{"text": "' + huge + b'"}',
        "inside.jsonl": good + b'{"id": "9", "text": "' + huge + b'"}\n' + (GOOD % (2, 2)).encode(),
        "inside.json": b"[" + good + b',{"id": "9", "text": "' + huge + b'"},' + (GOOD % (2, 2)).encode() + b"]",
    }[name]
    file.write_bytes(content)
    del huge, content
    tracemalloc.start()
    report = import_posts(store, [file])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * MAX_LINE
    assert report.rejected == 1
    assert report.added == (2 if "inside" in name else 0)


def test_that_bad_rows_are_set_aside_with_number_and_reason(tmp_path: Path, store: Store) -> None:
    lines = [
        GOOD % (1, 1),
        "not json\n",
        '{"id": "3", "created_at": "0000-00-00", "text": "x", "platform": "x"}\n',
        '{"id": "4", "created_at": "9999-12-31T00:00:00Z", "text": "x", "platform": "x"}\n',
        '{"id": "5", "created_at": 0, "text": "x", "platform": "x"}\n',
        "[1, 2]\n",
        '{"id": "7", "created_at": ' + "9" * 5000 + ', "text": "x"}\n',
        '{"id": "8", "text": "no time"}\n',
        '{"id": "9", "created_at": 1736827680, "text": "half \\ud83d", "likes": NaN, "views": 1e9, "platform": "x"}\n',
        '{"id": "10", "created_at": 1736827680, "text": "twice", "text": "last", "platform": "x"}\n',
        '{"id": "11", "created_at": 1736827680, "text": {"a": [1]}, "author": ["x"], "platform": "x"}\n',
        '{"id": "12", "created_at": 1736827680, "text": "nul \\u0000 inside", "platform": "x"}\n',
        '{"id": "13\n',
        GOOD % (14, 14),
    ]
    file = tmp_path / "bad.jsonl"
    file.write_bytes("".join(lines).encode() + b'{"id": "15", "created_at": 1736827680, "text": "\xff\xfe"}\n')
    report = import_posts(store, [file], subject="AAPL")
    assert [r.row for r in report.rejections] == [2, 3, 4, 5, 6, 7, 8, 13, 15]
    assert all(r.reason for r in report.rejections)
    assert (report.read, report.added) == (15, 6)
    texts = {p.post.id: p.post.text for p in store.posts("AAPL")}
    assert texts["9"] == "half \ufffd"
    assert texts["10"] == "last"
    assert texts["12"] == "nul  inside"
    assert store.check() == []


def test_that_csv_faults_cost_one_row_each(tmp_path: Path, store: Store) -> None:
    when = "2025-01-14T04:08:00Z"
    file = tmp_path / "bad.csv"
    file.write_bytes(
        f'platform,id,time,text\nx,1,{when},"two\nlines, and a ""quote"""\nx,2,{when},nul \0 inside\n'
        f"x,3,{when},too,many,fields\nx,4\n\nx,5,{when},fine\n".encode()
        + f"x,6,{when},".encode() + b"\xff\xfe\nx,7," + f'{when},"never closed\nx,8,{when},after it\n'.encode()
    )  # fmt: skip
    report = import_posts(store, [file], subject="AAPL")
    texts = {p.post.id: p.post.text for p in store.posts("AAPL")}
    assert texts == {"1": 'two\nlines, and a "quote"', "2": "nul  inside", "5": "fine", "8": "after it"}
    # The two bytes that are no UTF-8 cost their own row.
    assert [r.row for r in report.rejections] == [3, 4, 6, 7]


def test_that_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text('id,text\n1,"open\n' + "".join(f"{i},t{i}\n" for i in range(2, 6000)))
    with Table(file) as table:
        rows = list(table.rows())
    assert len(rows) == 5999
    assert [row.number for row in rows if row.fault] == [1]


def test_that_json_is_read_alike_wherever_a_chunk_ends(tmp_path: Path) -> None:
    records = [
        {"i": i, "s": "x" * (i * 37 % 900), "t": '{"[]}\\', "u": '小红书\\"', "n": [i, {"d": None}], "f": -1.5e3}
        for i in range(3000)
    ]
    file = tmp_path / "big.json"
    for text in (json.dumps(records), json.dumps({"x": {"y": [1, 2]}, "data": records}, ensure_ascii=False, indent=1)):
        file.write_text(text, encoding="utf-8")
        with Table(file) as table:
            assert [row.values for row in table.rows()] == records


def test_that_gb18030_is_found_even_if_it_begins_late(tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    file.write_bytes(b"id,text\n" + b"1,plain\n" * 20_000 + "2,小红书\n".encode("gb18030"))
    with Table(file) as table:
        assert list(table.rows())[-1].values == {"id": "2", "text": "小红书"}


def test_that_a_zstd_bomb_is_no_danger(tmp_path: Path) -> None:
    file = tmp_path / "bomb.jsonl.zst"
    file.write_bytes(zstandard.compress(b" " * 200_000_000))
    tracemalloc.start()
    with pytest.raises(InputError), Table(file) as table:
        list(table.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150_000_000


@pytest.mark.parametrize("name", ["deep.json", "long.jsonl", "long.csv"])
def test_that_prices_and_metrics_say_why_no_row_can_be_read(tmp_path: Path, store: Store, name: str) -> None:
    content, reason = {
        "deep.json": ("[" * 100_000 + "]" * 100_000, "nested too deep"),
        "long.jsonl": ('{"date": "2025-01-01", "value": "' + "x" * 9_000_000 + '"}\n', "longer than 8 MB"),
        "long.csv": ("date,open,high,low,close,volume\n" + "x" * 9_000_000, "longer than 8 MB"),
    }[name]
    (tmp_path / name).write_text(content, encoding="utf-8")
    for report in (
        import_prices(store, [tmp_path / name], symbol="AAPL"),
        import_metrics(store, [tmp_path / name], subject="AAPL", metric="x"),
    ):
        assert reason in report.failed_files[0].reason
