"""Imports that are stopped: by Ctrl-C, by a request to terminate, by kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.paths import paths
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")


def _stopped(file: Path, data_dir: Path, how: signal.Signals) -> tuple[int, bytes]:
    """Import a file in a process of its own and stop it as soon as it tells of rows read."""
    line = [sys.executable, "-m", "ui.cli", "--data-dir", str(data_dir), "import", "posts", str(file), "--progress"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for said in process.stdout:
            if b'"rows": 0' not in said:
                process.send_signal(how)
                break
        complaint = process.stderr.read()
        process.stdout.read()
        return process.wait(60), complaint


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_that_a_stopped_import_says_so_without_a_traceback(shared: Path, tmp_path: Path, how: signal.Signals) -> None:
    code, complaint = _stopped(shared / "stocknet" / "AAPL.posts.jsonl.gz", tmp_path, how)
    assert code == 130, complaint
    assert b"Traceback" not in complaint
    assert len(complaint.splitlines()) == 1


def test_that_a_killed_import_can_be_done_again_to_the_same_end(cli: Cli, shared: Path, tmp_path: Path) -> None:
    file = shared / "stocknet" / "AAPL.posts.jsonl.gz"
    data = tmp_path / "data"
    code, _ = _stopped(file, data, signal.SIGKILL)
    assert code == -signal.SIGKILL
    with Store.open(paths(data).store) as store:
        assert store.check() == []
        before = store.posts_total()
    report = cli("import", "posts", file, "--json").json
    assert (report["read"], report["rejected"]) == (20_823, 0)
    with Store.open(paths(data).store) as store:
        assert store.check() == []
        assert store.posts_total() == before + report["added"]
        total = store.posts_total()
        counted = int(store.bins("AAPL").posts.sum())
    assert cli("posts", "AAPL", "--limit", 0, "--json").json["total"] == counted == total
