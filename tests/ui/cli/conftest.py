"""A command line to call in this process, and a data folder with the real files in it, made once a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        lines = self.out.splitlines()
        assert len(lines) == 1, f"--json printed {len(lines)} lines: {self.out[:500]}"
        return json.loads(lines[0])


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run commands on a data folder of this test's own."""

    def run(*arguments: object, data_dir: Path = tmp_path / "data") -> Result:
        capsys.readouterr()
        code = main(["--data-dir", str(data_dir), *map(str, arguments)])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err
        return Result(code, shown.out, shown.err)

    return run


@pytest.fixture(scope="session")
def rednote(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the concept and import the real posts, topics and prices of January 2025."""
    if not SHARED.is_dir():
        pytest.skip("the real data is not beside this checkout")
    folder = tmp_path_factory.mktemp("rednote")
    for arguments in (
        ["concepts", "add", "Xiaohongshu", "--member", "300792.SZ", "603598.SS", "002291.SZ",
         "--keyword", "小红书", "xiaohongshu", "rednote", "tiktok refugee", "--hashtag", "tiktokrefugee"],
        ["import", "posts", str(SHARED / "rednote-2025" / "xhs_posts.jsonl"), "--subject", "Xiaohongshu"],
        *(
            ["import", "prices", str(next((SHARED / "prices" / "ashare").glob(f"*{s[:6]}*.csv"))), "--symbol", s]
            for s in ("300792.SZ", "603598.SS", "002291.SZ")
        ),
    ):  # fmt: skip
        assert main(["--data-dir", str(folder), *arguments]) == 0
    return folder


@pytest.fixture(scope="session")
def apple(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the real AAPL tweets and prices."""
    if not SHARED.is_dir():
        pytest.skip("the real data is not beside this checkout")
    folder = tmp_path_factory.mktemp("apple")
    for arguments in (
        ["import", "prices", str(SHARED / "stocknet" / "AAPL.prices.csv"), "--symbol", "AAPL"],
        ["import", "posts", str(SHARED / "stocknet" / "AAPL.posts.jsonl.gz")],
    ):
        assert main(["--data-dir", str(folder), *arguments]) == 0
    return folder
