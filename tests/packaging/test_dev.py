"""`dev.py` as the user types it, in a checkout whose programs are stand-ins that write down how they were called."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

STAND_IN = """#!/bin/sh
for word in "$0" "$@"; do printf '%s|' "$(basename -- "$word")" >> "{log}"; done
echo "$QT_QPA_PLATFORM" >> "{log}"
case "$*" in {failing}) exit {code};; esac
exit 0
"""


class Ready:
    """A checkout that is set up, and what its programs were asked."""

    def __init__(self, tools: Any, root: Path) -> None:
        self.root = root
        self.log = root / "calls"
        self.env = tools.environment.Environment(root, say=print, prepare=lambda _log: None)
        self.env.python.parent.mkdir(parents=True)
        self.stand_in()
        (self.env.venv / "crowdtape-stamp").write_text(self.env.key())

    def stand_in(self, failing: str = "nothing", code: int = 1) -> None:
        for program in (self.env.python, self.env.crowdtape):
            program.write_text(STAND_IN.format(log=self.log, failing=failing, code=code))
            program.chmod(0o755)

    def dev(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {key: value for key, value in os.environ.items() if "DISPLAY" not in key and key != "QT_QPA_PLATFORM"}
        command = [sys.executable, str(self.root / "packaging" / "dev.py"), *arguments]
        return subprocess.run(command, env=env | variables, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def ready(tools: Any, checkout: Path) -> Ready:
    return Ready(tools, checkout)


def test_that_run_opens_the_window_where_there_is_a_display(ready: Ready) -> None:
    done = ready.dev("run", DISPLAY=":0")
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.calls() == ["crowdtape|"]


def test_that_run_without_a_display_says_so_and_draws_the_sample(ready: Ready) -> None:
    done = ready.dev("run")
    assert "no display" in done.stderr
    assert "crowdtape-sample.png" in done.stderr
    assert ready.calls() == ["crowdtape|self-test|--out|crowdtape-sample.png|--overwrite|offscreen"]


@pytest.mark.parametrize("dashes", [["--"], []])
def test_that_run_hands_everything_else_to_crowdtape(ready: Ready, dashes: list[str]) -> None:
    done = ready.dev("run", *dashes, "import", "posts", "a b.csv", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.calls() == ["crowdtape|import|posts|a b.csv|--dry-run|offscreen"]


def test_that_run_ends_as_crowdtape_ended(ready: Ready) -> None:
    ready.stand_in("*oops*", code=2)
    assert ready.dev("run", "--", "oops").returncode == 2


def test_that_test_runs_every_check_even_after_a_failure_and_sums_up(ready: Ready) -> None:
    ready.stand_in("*pyright*")
    done = ready.dev("test", "-k", "clock")
    assert [call.split("|")[2] for call in ready.calls()] == ["ruff", "ruff", "pyright", "pytest"]
    assert ready.calls()[-1].endswith("|-k|clock|offscreen")
    assert done.returncode == 1
    summary = done.stdout.partition("── summary\n")[2].splitlines()
    assert [line.split()[0] for line in summary] == ["ruff", "ruff", "pyright", "pytest"]
    assert ["failed (exit code 1)" in line for line in summary] == [False, False, True, False]


def test_that_check_is_test_without_the_tests(ready: Ready) -> None:
    done = ready.dev("check")
    assert done.returncode == 0
    assert [call.split("|")[2] for call in ready.calls()] == ["ruff", "ruff", "pyright"]


def test_that_setup_of_a_ready_checkout_says_so_and_touches_nothing(ready: Ready) -> None:
    done = ready.dev("setup")
    assert done.returncode == 0
    assert "Everything is in place" in done.stderr
    assert not ready.log.exists()


@pytest.mark.parametrize("arguments", [[], ["runn"], ["setup", "now"], ["check", "now"]])
def test_that_a_wrong_command_line_ends_with_2(ready: Ready, arguments: list[str]) -> None:
    done = ready.dev(*arguments)
    assert done.returncode == 2
    assert "dev.py" in done.stderr


def test_that_help_names_every_command(ready: Ready) -> None:
    done = ready.dev("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in ("setup", "run", "test", "check"))


def test_that_dev_py_can_be_read_by_python_3_6(tools: Any) -> None:
    ast.parse(Path(tools.dev.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def old_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python 3.10 and an empty PATH; returns the only folder on it."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def _python(path: Path, version: str) -> None:
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)


def test_that_an_old_python_hands_over_to_the_newest_supported_one(
    tools: Any, old_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []

    def execute(_path: str, command: list[str]) -> None:
        handed.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", execute)
    _python(old_python / "python3.13", "a stub of a version manager, which starts nothing")
    _python(old_python / "python3.12", "3.12")
    _python(old_python / "python3.11", "3.11")
    with pytest.raises(SystemExit):
        tools.dev.start(["run", "--", "x"])
    assert handed == [[str(old_python / "python3.12"), tools.dev.__file__, "run", "--", "x"]]


@pytest.mark.usefixtures("old_python")
def test_that_an_old_python_alone_is_told_what_is_needed(tools: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert tools.dev.start(["run"]) == 1
    sentence = capsys.readouterr().err
    assert "needs Python 3.11, 3.12 or 3.13; this is 3.10" in sentence
    assert sentence.count("\n") == 1
