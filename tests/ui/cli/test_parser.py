from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Member
from ui.cli import main
from ui.cli.concepts import member
from ui.cli.context import looks_like_symbol
from ui.cli.parser import build_parser
from ui.cli.snapshot import size

if TYPE_CHECKING:
    import datetime as dt

COMMANDS = [
    ["import", "prices", "f.csv", "--symbol", "AAPL"],
    ["import", "posts", "f.csv", "g.csv", "--map", "text=content", "--map", "id=post_id", "--dry-run"],
    ["import", "metrics", "f.csv", "--subject", "S", "--metric", "M"],
    ["fetch", "AAPL", "MSFT", "--interval", "5m", "--from", "2025-01-01"],
    ["concepts", "list"],
    ["concepts", "add", "X", "--member", "A:2", "--keyword", "w", "--exclude", "v"],
    ["concepts", "edit", "X", "--add-member", "B", "--remove-keyword", "w"],
    ["concepts", "remove", "X"],
    ["watchlist", "list"],
    ["watchlist", "pin", "X"],
    ["watchlist", "unpin", "X"],
    ["series", "X", "--from", "2025-01-01", "--to", "2025-01-31", "--every", "1d", "--clock", "wall"],
    ["posts", "X", "--from", "2025-01-01", "--to", "2025-01-31", "--limit", "3", "--json"],
    ["snapshot", "X", "--out", "f.png", "--size", "1600x900", "--scale", "2", "--theme", "light"],
    ["self-test"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_that_every_command_takes_global_options_before_and_after(arguments: list[str]) -> None:
    parser = build_parser()
    for line in (["--data-dir", "d", "--debug", *arguments], [*arguments, "--data-dir", "d", "--debug"]):
        args = parser.parse_args(line)
        assert args.data_dir == Path("d")
        assert args.debug is True
        assert callable(args.run)
    assert parser.parse_args(arguments).data_dir is None


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_that_every_command_has_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = [a for a in arguments[:2] if arguments[0] in {"import", "concepts", "watchlist"} or a == arguments[0]]
    assert main([*words, "--help"]) == 0
    assert "usage: crowdtape" in capsys.readouterr().out


def test_that_no_command_means_the_window() -> None:
    assert build_parser().parse_args([]).run is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["import"],
        ["import", "posts"],
        ["import", "prices", "f.csv"],
        ["import", "posts", "f.csv", "--map", "text"],
        ["import", "posts", "f.csv", "--map", "=content"],
        ["series", "X", "--every", "7m"],
        ["series", "X", "--clock", "sundial"],
        ["snapshot", "X", "--out", "f.png", "--size", "big"],
        ["snapshot", "X", "--out", "f.png", "--scale", "0"],
        ["concepts", "add", "X", "--member", "A:-1"],
        ["concepts", "add", "X", "--keyword", " "],
    ],
    ids=" ".join,
)
def test_that_wrong_use_ends_with_2_and_a_reason(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "error:" in shown.err
    assert "Traceback" not in shown.err


@given(
    st.from_regex(r"[A-Z]{1,5}(\.[A-Z]{2})?", fullmatch=True),
    st.floats(0.001, 1e6),
    st.dates() | st.none(),
    st.dates() | st.none(),
)
def test_that_a_member_reads_back(symbol: str, weight: float, since: dt.date | None, until: dt.date | None) -> None:
    if since and until and since > until:
        since, until = until, since
    dates = f"@{since or ''}..{until or ''}"
    assert member(f"{symbol}:{weight!r}{dates}") == Member(symbol, weight, since, until)


def test_that_a_member_needs_no_weight_and_is_written_as_yahoo_does() -> None:
    assert member("sz300792") == Member("300792.SZ", 1.0)


@pytest.mark.parametrize(
    "text",
    ["", "A:", "A:nan", "A:inf", "A:0", "A:x", "A@2025-01-01", "A@yesterday..", "A@2025-02-01..2025-01-01", "A B"],
)
def test_that_a_member_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"no |such as"):
        member(text)


@pytest.mark.parametrize(("text", "is_one"), [
    ("AAPL", True), ("300792.SZ", True), ("BTC-USD", True), ("^GSPC", True), ("EURUSD=X", True), ("0700.HK", True),
    ("Xiaohongshu", False), ("小红书", False), ("aapl", False), ("", False), ("A B", False),
])  # fmt: skip
def test_that_a_symbol_is_told_from_a_name(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert looks_like_symbol(text) is is_one


@pytest.mark.parametrize(
    ("text", "wanted"), [("1600x900", (1600, 900)), ("800X600", (800, 600)), ("800×600", (800, 600))]
)
def test_that_a_size_is_width_by_height(text: str, wanted: tuple[int, int]) -> None:
    assert size(text) == wanted


@pytest.mark.parametrize("text", ["", "1600", "1600x", "x900", "1600x900x2", "10x10", "99999x900", "-1600x900"])
def test_that_a_size_that_cannot_be_painted_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no size"):
        size(text)
