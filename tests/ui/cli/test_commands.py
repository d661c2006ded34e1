from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyarrow import parquet

from core.errors import CrowdtapeError
from core.model import Basis, Instrument, Interval
from core.paths import paths
from core.series import Bars
from core.store import Store
from ui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[3]

POSTS = (
    '{"id": "1", "created_at": "2025-01-13T10:00:00Z", "platform": "forum", "text": "小红书 is a great place"}\n'
    '{"id": "2", "created_at": "2025-01-14T02:00:00Z", "platform": "forum", "text": "rednote crashed, terrible"}\n'
    '{"id": "3", "created_at": "2025-01-14T03:00:00Z", "platform": "forum", "text": "nothing to do with it"}\n'
)
PRICES = "Date,Open,High,Low,Close,Volume\n2025-01-13,10,11,9,10.5,100\n2025-01-14,10.5,12,10,11.25,200\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text(POSTS, encoding="utf-8")
    return path


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(PRICES, encoding="utf-8")
    return path


# --- concepts


def test_that_a_concept_is_added_listed_edited_and_removed(cli: Cli) -> None:
    added = cli("concepts", "add", "Xiaohongshu", "--member", "300792.SZ:2", "603598.SS@2025-01-01..",
                "--keyword", "小红书", "--keyword", "rednote", "--exclude", "recipe", "--json")  # fmt: skip
    assert added.code == 0
    assert added.json["members"] == [
        {"symbol": "300792.SZ", "weight": 2.0, "from": None, "to": None},
        {"symbol": "603598.SS", "weight": 1.0, "from": "2025-01-01", "to": None},
    ]
    assert added.json["keywords"] == ["小红书", "rednote"]
    edited = cli(
        *("concepts", "edit", "xiaohongshu", "--add-member", "002291.SZ", "--remove-member", "603598.SS"),
        *("--add-keyword", "xhs", "--remove-keyword", "rednote", "--hashtag", "tiktokrefugee", "--json"),
    ).json
    assert [m["symbol"] for m in edited["members"]] == ["300792.SZ", "002291.SZ"]
    assert edited["keywords"] == ["小红书", "xhs"]
    assert edited["hashtags"] == ["tiktokrefugee"]
    assert edited["excludes"] == ["recipe"]
    assert cli("concepts", "edit", "Xiaohongshu", "--keyword", "小红书", "--json").json["keywords"] == ["小红书"]
    assert "小红书" in cli("concepts", "list").out
    assert cli("concepts", "remove", "Xiaohongshu").code == 0
    assert cli("concepts", "list", "--json").json == {"concepts": []}


def test_that_a_changed_rule_relinks_what_is_stored(cli: Cli, posts: Path) -> None:
    cli("import", "posts", posts)
    assert cli("concepts", "add", "Red", "--keyword", "小红书", "--json").json["posts"] == 1
    changed = cli("concepts", "edit", "Red", "--add-keyword", "RedNote")
    assert "2 stored posts linked" in changed.out
    assert cli("concepts", "edit", "Red", "--exclude", "terrible", "--json").json["posts"] == 1


def test_that_an_import_leaves_no_post_to_be_compared_with_others(cli: Cli, tmp_path: Path) -> None:
    said = {"created_at": "2025-01-13T10:00:00Z", "platform": "x", "text": "$GE rises and rises and rises and rises"}
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(said | {"id": str(n)}) + "\n" for n in range(3)), encoding="utf-8")
    assert cli("import", "posts", file, "--subject", "GE", "--dry-run").code == 0
    assert cli("import", "posts", file, "--subject", "GE", "--json").json["added"] == 3
    assert cli("posts", "GE", "--json").json["echoes"] == 2


def test_that_a_concept_cannot_be_made_twice_nor_edited_before_it_is_made(cli: Cli) -> None:
    assert cli("concepts", "add", "Red", "--keyword", "red").code == 0
    again = cli("concepts", "add", "RED", "--keyword", "other")
    assert (again.code, again.out) == (1, "")
    assert "concepts edit" in again.err
    assert cli("concepts", "edit", "Blue", "--keyword", "blue").code == 1
    gone = cli("concepts", "edit", "Red", "--remove-keyword", "green")
    assert gone.code == 1
    assert "green" in gone.err


def test_that_members_become_instruments(cli: Cli) -> None:
    cli("concepts", "add", "Red", "--member", "300792.SZ")
    assert cli("watchlist", "pin", "300792.SZ").code == 0


# --- watchlist


def test_that_pins_keep_their_order(cli: Cli) -> None:
    cli("concepts", "add", "Red", "--keyword", "red")
    for subject in ("AAPL", "red", "AAPL"):
        assert cli("watchlist", "pin", subject).code == 0
    listed = cli("watchlist", "list", "--json").json["pins"]
    assert [(p["subject"], p["concept"]) for p in listed] == [("AAPL", False), ("Red", True)]
    assert cli("watchlist", "list").out.splitlines()[1].startswith("AAPL")
    assert cli("watchlist", "order", "Red", "--json").json == {"pins": ["Red", "AAPL"]}
    cli("concepts", "add", "Blue", "--keyword", "blue")
    assert "Blue is not pinned" in cli("watchlist", "order", "Blue").err
    assert cli("watchlist", "unpin", "AAPL", "--json").json == {"pins": ["Red"]}
    assert cli("watchlist", "unpin", "AAPL").code == 0


def test_that_a_name_that_is_no_symbol_cannot_be_pinned(cli: Cli) -> None:
    failed = cli("watchlist", "pin", "Xiaohongshu")
    assert failed.code == 1
    assert "concepts add Xiaohongshu" in failed.err


# --- files in, tables and posts out


def test_that_prices_and_posts_come_out_as_a_table(cli: Cli, posts: Path, prices: Path) -> None:
    assert cli("import", "prices", prices, "--symbol", "btc-usd").code == 0
    assert cli("import", "posts", posts, "--subject", "BTC-USD").code == 0
    out = cli("series", "BTC-USD", "--from", "2025-01-13", "--to", "2025-01-14").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["time"][:10] for r in rows] == ["2025-01-13", "2025-01-14"]
    assert [r["close"] for r in rows] == ["10.5", "11.25"]
    assert [r["volume"] for r in rows] == ["100", "200"]
    assert [r["posts"] for r in rows] == ["1", "2"]
    assert float(rows[0]["sentiment"]) > 0 > float(rows[1]["sentiment"])


def test_that_what_nobody_said_is_an_empty_cell_and_null(cli: Cli, prices: Path) -> None:
    cli("import", "prices", prices, "--symbol", "BTC-USD")
    row = next(csv.DictReader(io.StringIO(cli("series", "BTC-USD").out)))
    assert (row["posts"], row["sentiment"], row["sentiment_low"], row["bull"]) == ("0", "", "", "")
    whole = cli("series", "BTC-USD", "--json").json
    assert whole["rows"][0]["sentiment"] is None
    assert whole["simulated"] is False
    assert whole["columns"][:3] == ["time", "open", "high"]


def test_that_parquet_keeps_types_gaps_and_provenance(cli: Cli, prices: Path, tmp_path: Path) -> None:
    cli("import", "prices", prices, "--symbol", "BTC-USD")
    out = tmp_path / "series.parquet"
    assert cli("series", "BTC-USD", "--out", out).code == 0
    table = parquet.read_table(out)
    assert str(table.schema.field("time").type).startswith("timestamp[ms, tz=")
    assert str(table.schema.field("posts").type) == "int64"
    assert table.column("close").to_pylist() == [10.5, 11.25]
    assert table.column("sentiment").to_pylist() == [None, None]
    assert json.loads(table.schema.metadata[b"crowdtape"])["subject"] == "BTC-USD"


def test_that_no_file_is_replaced_unless_asked(cli: Cli, prices: Path, tmp_path: Path) -> None:
    cli("import", "prices", prices, "--symbol", "BTC-USD")
    out = tmp_path / "mine.csv"
    out.write_text("precious")
    refused = cli("series", "BTC-USD", "--out", out)
    assert (refused.code, out.read_text()) == (1, "precious")
    assert "--overwrite" in refused.err
    assert cli("series", "BTC-USD", "--out", out, "--overwrite").code == 0
    assert out.read_text().startswith("time,open")
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".part")]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("series", "BTC-USD", "--from", "2025-02-01", "--to", "2025-01-01"), 2),
        (("series", "BTC-USD", "--from", "yesterday"), 2),
        (("series", "BTC-USD", "--scorer", "oracle"), 2),
        (("series", "BTC-USD", "--json", "--format", "csv"), 2),
        (("posts", "BTC-USD", "--limit", "-1"), 2),
        (("posts", "Nobody"), 1),
        (("import", "metrics", "{posts}", "--subject", "Nobody", "--metric", "m"), 1),
        (("import", "posts", "{posts}", "--preset", "nonsense"), 2),
        (("import", "posts", "{posts}", "--tz", "Mars/Olympus"), 2),
        (("import", "posts", "{posts}", "--subject", "nobody yet"), 1),
        (("snapshot", "BTC-USD", "--out", "picture.bmp"), 2),
        (("snapshot", "BTC-USD", "--out", "/no/such/folder/picture.png"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_that_what_cannot_be_done_is_said_in_one_sentence(
    cli: Cli, posts: Path, prices: Path, arguments: tuple[str, ...], code: int
) -> None:
    cli("import", "prices", prices, "--symbol", "BTC-USD")
    result = cli(*(a.format(posts=posts) for a in arguments))
    assert (result.code, result.out) == (code, "")
    assert len(result.err.splitlines()) == 1


def test_that_a_post_cannot_send_escapes_to_the_terminal(cli: Cli, tmp_path: Path) -> None:
    evil = {
        "id": "1",
        "created_at": "2025-01-13T10:00:00Z",
        "platform": "x",
        "text": "\x1b]0;own\x07 $BTC-USD\nline \u202eb",
    }
    path = tmp_path / "evil.jsonl"
    path.write_text(json.dumps({**evil, "author": "\x1b[2J"}) + "\n", encoding="utf-8")
    cli("import", "posts", path, "--subject", "BTC-USD")
    shown = cli("posts", "BTC-USD")
    assert not set(shown.out) & set("\x1b\x07\x9b\u202e")
    assert "line" in shown.out
    assert cli("posts", "BTC-USD", "--json").json["total"] == 1


def test_that_posts_are_found_by_text_and_order(cli: Cli, posts: Path) -> None:
    cli("import", "posts", posts, "--subject", "BTC-USD")
    found = cli("posts", "BTC-USD", "--search", "小红书", "--json").json
    assert [p["id"] for p in found["posts"]] == ["1"]
    newest = cli("posts", "BTC-USD", "--limit", 2, "--json").json
    assert (newest["total"], [p["id"] for p in newest["posts"]]) == (3, ["3", "2"])
    assert "the newest 2 shown" in cli("posts", "BTC-USD", "--limit", 2).out


def test_that_a_dry_run_stores_nothing(cli: Cli, posts: Path, tmp_path: Path) -> None:
    report = cli("import", "posts", posts, "--dry-run", "--json").json
    assert (report["read"], report["added"]) == (3, 3)
    assert "would be added" in cli("import", "posts", posts, "--dry-run").out
    assert not list((tmp_path / "data").glob("*.sqlite*"))


def test_that_columns_can_be_named(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("key,moment,said\n7,2025-01-13 18:00,hello $BTC-USD\n", encoding="utf-8")
    report = cli("import", "posts", path, "--map", "id=key", "--map", "time=moment", "--map", "text=said",
                 "--tz", "Asia/Shanghai", "--source", "Forum", "--subject", "BTC-USD", "--json").json  # fmt: skip
    assert (report["added"], report["rejections"]) == (1, [])
    post = cli("posts", "BTC-USD", "--json").json["posts"][0]
    assert (post["id"], post["source"], post["time"]) == ("7", "forum", "2025-01-13T10:00:00+00:00")


def test_that_metrics_are_kept_and_written_out(cli: Cli, prices: Path, tmp_path: Path) -> None:
    cli("import", "prices", prices, "--symbol", "BTC-USD")
    path = tmp_path / "ranks.csv"
    path.write_text("time,value\n2025-01-13T12:00:00Z,209\n2025-01-14T12:00:00Z,1\n2025-01-15T12:00:00Z,x\n")
    arguments = ("import", "metrics", path, "--subject", "BTC-USD", "--metric", "App rank", "--kind", "rank", "--json")
    report = cli(*arguments).json
    assert (report["read"], report["added"], report["rejected"]) == (3, 2, 1)
    assert report["rejections"][0]["row"] == 3
    assert cli(*arguments).json["added"] == 0
    rows = list(csv.DictReader(io.StringIO(cli("series", "BTC-USD", "--to", "2025-01-14").out)))
    assert [r["App rank"] for r in rows] == ["209", "1"]


def test_that_metrics_are_listed_and_removed(cli: Cli, tmp_path: Path) -> None:
    cli("concepts", "add", "Red", "--keyword", "red")
    assert "No metrics yet" in cli("metrics", "list", "Red").out
    path = tmp_path / "ranks.csv"
    path.write_text("time,value\n2025-01-13T12:00:00Z,209\n2025-01-14T12:00:00Z,1\n")
    cli("import", "metrics", path, "--subject", "Red", "--metric", "App rank", "--kind", "rank")
    (found,) = cli("metrics", "list", "red", "--json").json["metrics"]
    assert (found["metric"], found["kind"], found["values"]) == ("App rank", "rank", 2)
    assert (found["from"][:10], found["to"][:10]) == ("2025-01-13", "2025-01-14")
    assert "App rank" in cli("metrics", "list", "Red").out
    assert cli("metrics", "remove", "Red", "App rank", "--json").json["values"] == 2
    failed = cli("metrics", "remove", "Red", "App rank")
    assert failed.code == 2
    assert "Red has no metric 'App rank'" in failed.err


def test_that_progress_is_lines_of_json_before_the_report(cli: Cli, posts: Path) -> None:
    *lines, last = cli("import", "posts", posts, "--progress").out.splitlines()
    assert lines
    for line in lines:
        assert set(json.loads(line)["progress"]) == {"file", "done", "total", "rows"}
    assert json.loads(last)["added"] == 3


def _bad(folder: Path) -> dict[str, Path]:
    """Make the files of issue 2, "Must hold" 5, all but the large ones."""
    head = b"id,created_at,text\n"
    good = b"1,2025-01-13T10:00:00Z,fine\n"
    content = {
        "empty.csv": b"",
        "binary.csv": bytes(range(256)) * 64,
        "encoding.csv": head + "1,2025-01-13T10:00:00Z,小红书".encode("utf-16-le") + b"\n",
        "cut.jsonl.gz": gzip.compress(POSTS.encode() * 2000)[:-400],
        "line.jsonl": b'{"id": "1", "text": "' + b"x" * 50_000_000,
        "nested.json": b"[" * 100_000,
        "nested.jsonl": b'{"a":' * 100_000 + b"\n",
        "years.csv": head
        + b"1,0000-01-01,a\n2,9999-12-31T23:59:59Z,b\n3,99999-01-01,c\n"
        + good.replace(b"1", b"4", 1),
        "prose.csv": b"This is a letter, not a table.\n",
    }
    made: dict[str, Path] = {}
    for name, data in content.items():
        made[name] = folder / name
        made[name].write_bytes(data)
    made["folder.csv"] = folder / "folder.csv"
    made["folder.csv"].mkdir()
    made["absent.csv"] = folder / "absent.csv"
    return made


BAD = ["empty.csv", "binary.csv", "encoding.csv", "cut.jsonl.gz", "line.jsonl", "nested.json", "nested.jsonl",
       "years.csv", "prose.csv", "folder.csv", "absent.csv"]  # fmt: skip


@pytest.mark.parametrize("kind", ["posts", "prices", "metrics"])
@pytest.mark.parametrize("name", BAD)
def test_that_a_bad_file_gets_a_sentence_and_stops_no_other(cli: Cli, tmp_path: Path, name: str, kind: str) -> None:
    bad = _bad(tmp_path)[name]
    good = tmp_path / f"good.{kind}"
    good.write_text({"posts": POSTS, "prices": PRICES, "metrics": "time,value\n2025-01-13T12:00:00Z,3\n"}[kind])
    good = good.rename(good.with_suffix(".jsonl" if kind == "posts" else ".csv"))
    cli("concepts", "add", "Red", "--keyword", "red")
    extra = {"posts": (), "prices": ("--symbol", "BTC-USD"), "metrics": ("--subject", "Red", "--metric", "m")}[kind]
    result = cli("import", kind, bad, good, *extra, "--json")
    report = result.json
    assert result.code in {0, 1}
    assert report["added"] >= 1, report
    assert report["rejected"] >= 1, report
    assert all(r["reason"] and "\n" not in r["reason"] for r in report["rejections"])
    failed = [r for r in report["rejections"] if r["row"] == 0]
    assert result.code == (1 if failed else 0)
    assert len(result.err.splitlines()) == len(failed)


def test_that_prices_that_cannot_be_are_set_aside(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        PRICES
        + "2025-01-15,-1,2,1,1,1\n2025-01-16,nan,2,1,1,1\n2025-01-17,1,1,2,1.5,1\n2025-01-14,10.5,12,10,11.25,200\n"
        "0000-01-01,1,1,1,1,1\n9999-12-31,1,1,1,1,1\n2025-01-20,11,12,10,11,5\n"
    )
    result = cli("import", "prices", path, "--symbol", "BTC-USD", "--json")
    assert result.code == 0
    assert result.json["read"] == 9
    assert result.json["added"] == 3
    assert {r["row"] for r in result.json["rejections"]} >= {3, 4, 5, 7}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_that_a_file_without_permission_gets_a_sentence(cli: Cli, posts: Path) -> None:
    posts.chmod(0)
    result = cli("import", "posts", posts)
    assert result.code == 1
    assert "posts.jsonl" in result.err


# --- the program itself


def test_that_a_traceback_is_shown_for_debug_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> int:
        raise CrowdtapeError("It is broken.")

    monkeypatch.setattr("ui.cli.concepts._list", fail)
    arguments = ["--data-dir", str(tmp_path), "concepts", "list"]
    assert main(arguments) == 1
    with pytest.raises(CrowdtapeError):
        main([*arguments, "--debug"])


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (ZeroDivisionError("x"), 1), (OSError(28, "full"), 1)]
)
def test_that_any_failure_ends_with_a_code_and_one_sentence(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("ui.cli.concepts._list", fail)
    result = cli("concepts", "list")
    assert result.code == code
    assert len(result.err.splitlines()) == 1


def _run(*arguments: str, data_dir: Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "ui.cli", "--data-dir", str(data_dir), *arguments]
    return subprocess.run(line, capture_output=True, cwd=ROOT, timeout=120, check=False, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_that_the_program_speaks_utf8_json_in_any_locale(tmp_path: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = _run("concepts", "add", "红", "--keyword", "小红书", "--json", data_dir=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["keywords"] == ["小红书"]
    listed = _run("concepts", "list", data_dir=tmp_path, env=environment)
    assert (listed.returncode, listed.stderr) == (0, b"")


def test_that_a_reader_that_leaves_early_is_no_failure_to_speak_of(tmp_path: Path, prices: Path) -> None:
    rows = "".join(
        f"2025-01-13 {h:02d}:{m:02d}:{s:02d}+00:00,1,1,1,1,1\n" for h in range(24) for m in range(60) for s in (0,)
    )
    prices.write_text("Datetime,Open,High,Low,Close,Volume\n" + rows)
    assert _run("import", "prices", str(prices), "--symbol", "BTC-USD", data_dir=tmp_path).returncode == 0
    line = [sys.executable, "-m", "ui.cli", "--data-dir", str(tmp_path), "series", "BTC-USD", "--every", "1m"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_that_commands_without_charts_load_neither_qt_nor_pandas(tmp_path: Path, posts: Path) -> None:
    program = (
        "import sys; from ui.cli import main; code = main(sys.argv[1:]);"
        "heavy = [m for m in ('PySide6', 'pyqtgraph', 'pandas', 'yfinance', 'pyarrow') if m in sys.modules];"
        "sys.exit(code or ' '.join(heavy) or 0)"
    )
    for arguments in (["--version"], ["import", "posts", str(posts)], ["concepts", "list"], ["posts", "--help"]):
        line = [sys.executable, "-c", program, "--data-dir", str(tmp_path), *arguments]
        done = subprocess.run(line, capture_output=True, cwd=ROOT, timeout=60, check=False)
        assert done.returncode == 0, (arguments, done.stderr)


def test_that_simulated_data_say_so(cli: Cli, tmp_path: Path) -> None:
    times = np.array([1_736_726_400_000], np.int64)
    ones = np.ones(1)
    with Store.open(paths(tmp_path / "data").store) as store:
        store.put_instrument(Instrument("BTC-USD"))
        bars = Bars(times, times + 86_400_000, ones, ones, ones, ones, ones)
        store.put_bars("BTC-USD", Interval.D1, Basis.RAW, bars, source="simulated", fetched=0, simulated=True)
    result = cli("series", "BTC-USD")
    assert result.code == 0
    assert "SIMULATED" in result.err
    assert "SIMULATED" not in result.out
    assert cli("series", "BTC-USD", "--json").json["simulated"] is True


def test_that_splits_are_added_listed_and_removed(cli: Callable[..., Result]) -> None:
    added = cli("actions", "add", "AAPL", "2014-06-09", "split", "7:1")
    assert (added.code, added.out) == (0, "Added the split of AAPL on 2014-06-09: 7:1.\n")
    assert "Corrected" in cli("actions", "add", "AAPL", "2014-06-09", "split", "7").out
    listed = cli("actions", "list", "AAPL", "--json").json["actions"]
    assert listed == [{"date": "2014-06-09", "kind": "split", "value": 7.0, "source": "entered by hand"}]
    assert "7:1" in cli("actions", "list", "AAPL").out
    assert cli("actions", "add", "AAPL", "2014-06-08", "split", "7:1").code == 1
    assert cli("actions", "remove", "AAPL", "2014-06-09", "split", "--json").json == {"changed": True}
    assert cli("actions", "remove", "AAPL", "2014-06-09", "split", "--json").json == {"changed": False}
    assert "No split or dividend of AAPL" in cli("actions", "list", "AAPL").out


def test_that_actions_come_from_a_file(cli: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "actions.csv"
    file.write_text("date,kind,value\n2014-06-09,split,7:1\n2014-05-08,dividend,0.47\nsoon,split,2\n")
    found = cli("import", "actions", file, "--symbol", "AAPL", "--json").json
    assert (found["read"], found["added"], found["rejected"]) == (3, 2, 1)
    assert len(cli("actions", "list", "AAPL", "--json").json["actions"]) == 2


def test_that_a_table_has_columns_of_studies_and_of_other_symbols(cli: Callable[..., Result], tmp_path: Path) -> None:
    for symbol, close in (("AAPL", 10), ("META", 20)):
        file = tmp_path / f"{symbol}.csv"
        file.write_text(
            "Date,Open,High,Low,Close,Volume\n"
            + "".join(f"2025-01-{day:02},{close},{close + day},{close},{close + day},1\n" for day in (6, 7, 8))
        )
        assert cli("import", "prices", file, "--symbol", symbol).code == 0
    found = cli("series", "AAPL", "--study", "sma:2", "--study", "bb:2,1", "--compare", "META", "--format", "csv")
    rows = [line.split(",") for line in found.out.splitlines()]
    names = rows[0]
    assert names[-5:] == ["META", "SMA 2", "BB 2 1 lower", "BB 2 1 middle", "BB 2 1 upper"]
    last = dict(zip(names, rows[3], strict=True))
    assert (float(last["META"]), float(last["SMA 2"]), float(last["BB 2 1 upper"])) == (28.0, 17.5, 18.0)
    assert "no study 'wma'" in cli("series", "AAPL", "--study", "wma").err
    assert cli("series", "AAPL", "--compare", "SNAP").code == 1
