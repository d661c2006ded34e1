"""Marks in and out, the layer learned from them, and scores made anew, from the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from core.paths import paths
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

WORDS = ("moon", "rocket", "crash", "dump", "meh", "cat", "tax", "spy")


@pytest.fixture
def folder(tmp_path: Path, cli: Cli) -> Path:
    file = tmp_path / "posts.jsonl"
    rows = [
        {"id": str(n), "created_at": f"2025-01-13T10:{n:02d}:00Z", "platform": "x", "text": f"$GE {WORDS[n % 8]} {n}"}
        for n in range(40)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert cli("import", "posts", file, "--subject", "GE").code == 0
    return tmp_path / "data"


def write_marks(path: Path, marks: list[dict[str, str]]) -> Path:
    lines = [json.dumps({"source": "twitter", "marked": "2025-02-01T00:00:00Z", **mark}) + "\n" for mark in marks]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_that_marks_come_in_and_go_out_as_they_were(cli: Cli, folder: Path, tmp_path: Path) -> None:
    del folder
    marks = [{"id": "1", "verdict": "bullish"}, {"id": "2", "verdict": "off-topic", "subject": "GE"}]
    unknown = [{"id": "99", "verdict": "bearish"}, {"id": "3", "verdict": "off-topic", "subject": "Nobody"}]
    given = write_marks(tmp_path / "in.jsonl", [*marks, *unknown])
    told = cli("corrections", "import", given).out.splitlines()
    assert told[0] == (
        "2 marks taken over · 1 mark left out, as the post is not in the store"
        " · 1 mark left out, as the subject is unknown"
    )
    assert told[1:] == ["  twitter 99: bearish", "  twitter 3: off-topic for Nobody"]
    listed = cli("corrections", "list", "--json").json["corrections"]
    assert {(m["id"], m["verdict"], m["subject"]) for m in listed} == {("1", "bullish", None), ("2", "off-topic", "GE")}
    assert cli("posts", "GE", "--json").json["total"] == 39
    out = tmp_path / "out.jsonl"
    assert "2 marks written" in cli("corrections", "export", out).out
    assert cli("corrections", "import", out).out.startswith("2 marks taken over")
    assert cli("corrections", "list", "--json").json["corrections"] == listed


@pytest.mark.parametrize(
    "line",
    ["no JSON", "[]", '{"source": "x", "id": "1", "verdict": "great", "marked": "2025-02-01T00:00:00Z"}',
     '{"source": "x", "id": "1", "verdict": "off-topic", "marked": "2025-02-01T00:00:00Z"}',
     '{"source": "x", "id": "1", "verdict": "bullish", "marked": "2025-02-01"}'],
)  # fmt: skip
def test_that_a_line_that_is_no_mark_is_named(cli: Cli, tmp_path: Path, line: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    told = cli("corrections", "import", path)
    assert told.code == 1
    assert "Line 2 of 'in.jsonl' is no mark" in told.err


def test_that_a_layer_is_learned_used_and_forgotten(cli: Cli, folder: Path, tmp_path: Path) -> None:
    assert cli("posts", "GE", "--scorer", "crowd+mine").code == 2
    assert "no marks to learn from" in cli("corrections", "learn").out
    marks = [{"id": str(n), "verdict": "bullish" if n % 8 < 2 else "bearish"} for n in range(0, 40, 2)]
    cli("corrections", "import", write_marks(tmp_path / "in.jsonl", marks))
    tried = cli("corrections", "learn", "--dry-run", "--json").json
    assert (tried["scorer"], tried["bullish"] + tried["bearish"], tried["own"]) == (None, 20, True)
    learned = cli("corrections", "learn", "--json").json["scorer"]
    assert learned.startswith("crowd+mine ")
    status = cli("rescore", "--status", "--json").json
    assert [f"{j['scorer']} {j['version']}" for j in status["jobs"]] == [learned]
    (report,) = cli("rescore", "--json").json["reports"]
    assert report["shift"]["gained"] == 40
    shown = cli("posts", "GE", "--scorer", "crowd+mine", "--json").json["posts"]
    assert {p["scorer"] for p in shown} == {learned}
    assert cli("corrections", "forget").code == 0
    with Store.open(paths(folder).store) as store:
        assert {s.name for s in store.scorers()} == {"crowd", "vader"}
        assert len(store.corrections()) == 20


def test_that_another_version_is_scored_anew_and_says_what_moved(cli: Cli, folder: Path) -> None:
    with closing(sqlite3.connect(paths(folder).store)) as store:
        store.execute("UPDATE scorer_version SET version = 'older' WHERE version <> '3.3.2'")
        store.commit()
    cli("rescore", "--pause")
    assert "paused" in cli("rescore").out
    assert "crowd" in cli("rescore", "--status").out
    told = cli("rescore", "--resume").out
    assert "(before: older)" in told
    assert "0 of 40 scores moved" in told
    assert cli("rescore").out == "40 posts: all have scores of today's versions.\n"
