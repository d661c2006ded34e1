from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, cast

import pytest

from ui.imports.guess import guess_kind, guess_symbol, look

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = cast("Any", None)


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (["date", "open", "close", "high", "low", "volume"], "prices"),
        (["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"], "prices"),
        (["id", "created_at", "text", "like_count"], "posts"),
        (["snapshot_at", "rank", "title", "hot", "read_count"], "metrics"),
        (["date", "country", "rank", "app_id"], "metrics"),
        (["id", "title", "score", "rank", "body"], "posts"),
        (["time", "title", "note", "url"], "events"),
        (["Subject", "Start Date", "Start Time", "End Date", "Description"], "events"),
        (["日期", "事件", "说明"], "events"),
        (["id", "time", "title", "liked_count"], "posts"),
        (["a", "b"], "posts"),
    ],
)
def test_that_columns_tell_what_a_file_holds(columns: list[str], kind: str) -> None:
    assert guess_kind(columns) == kind


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("300792.csv", "300792.SZ"),
        ("603598.csv", "603598.SS"),
        ("AAPL.prices.csv", "AAPL"),
        ("BTC-USD.csv", "BTC-USD"),
        ("xhs_posts.jsonl", ""),
        ("tweets_97k.jsonl.gz", ""),
    ],
)
def test_that_a_name_tells_the_symbol(name: str, symbol: str) -> None:
    assert guess_symbol(f"/somewhere/{name}") == symbol


def test_that_a_look_shows_columns_rows_and_form(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "1", "created_at": "2025-01-13T07:00:00Z", "text": "hello\\nthere"}\n' * 9))
    found = look(CONTEXT, str(path))
    assert found.kind == "posts"
    assert found.columns == ("id", "created_at", "text")
    assert found.rows[0][2] == "hello there"
    assert dict(found.found)["time"] == "created_at"


def test_that_a_calendar_is_known_by_its_content_and_shows_its_events(tmp_path: Path) -> None:
    path = tmp_path / "hearings.txt"
    event = "BEGIN:VEVENT\nSUMMARY:Hearing\nDTSTART:20250110T150000Z\nURL:https://example.org\nEND:VEVENT\n"
    path.write_text(f"BEGIN:VCALENDAR\n{event * 9}END:VCALENDAR\n")
    found = look(CONTEXT, str(path))
    assert (found.kind, found.calendar, len(found.rows)) == ("events", True, 6)
    assert found.rows[0] == ("2025-01-10 15:00:00+00:00", "Hearing", "", "https://example.org")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 100])
def test_that_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert look(CONTEXT, str(path)).problem.endswith(".")
    assert look(CONTEXT, str(tmp_path)).problem
    assert look(CONTEXT, str(tmp_path / "none.csv")).problem
