"""The `.venv` is ready, or is made ready from whatever state it was left in. pip and venv are played by a fake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake .venv is made of shell scripts")

VERSION = "{}.{}".format(*sys.version_info)
HOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
import environment
handle = open(sys.argv[2], "a")
assert environment._try_lock(handle)
print("held", flush=True)
sys.stdin.readline()
"""


class Checkout:
    """An Environment whose steps are recorded and played instead of run."""

    def __init__(self, tools: Any, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.steps: list[str] = []
        self.fail_at = ""
        self.output = ""
        self.compiled: list[str] = []
        self.env = tools.environment.Environment(root, say=self.said.append, prepare=lambda _log: None)
        self.site = self.env._site_packages
        monkeypatch.setattr(self.env, "_run", self._play)

    def _play(self, command: list[str]) -> tuple[int, str]:
        if "compileall" in command:
            self.compiled = command[command.index("compileall") + 2 :]
            return 1, "a file that nobody needs yet"  # no failure of set-up
        step = "venv" if "venv" in command else "project" if "--editable" in command else "lock"
        self.steps.append(step)
        if step == self.fail_at:
            return 1, self.output
        if step == "venv":
            self.make_venv()
        if step == "lock":
            self.install("numpy", "numpy/__init__.py")
        if step == "project":
            self.env.crowdtape.write_text("")
        return 0, ""

    def make_venv(self, version: str = VERSION) -> None:
        self.env.python.parent.mkdir(parents=True)
        self.site.mkdir(parents=True)
        self.env.python.write_text(f"#!/bin/sh\necho {version}\n")
        self.env.python.chmod(0o755)
        command = f"command = /usr/bin/python3 -m venv {self.env.venv}"
        (self.env.venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}.1\n{command}\n")
        self.install("pip", "pip/__init__.py")

    def install(self, name: str, file: str) -> None:
        path = self.site / file
        path.parent.mkdir(exist_ok=True)
        path.write_text("whole")
        info = self.site / f"{name}-1.dist-info"
        info.mkdir(exist_ok=True)
        (info / "RECORD").write_text(
            f"{file},sha256=x,5\n{name}/__pycache__/__init__.pyc,sha256=y,99\n{info.name}/RECORD,,\n"
        )

    def set_up(self, *, verify: bool = False) -> list[str]:
        """Make it ready; returns the steps that took."""
        self.steps.clear()
        self.env.ensure(verify=verify)
        assert self.env.is_ready()
        return list(self.steps)


@pytest.fixture
def fake(tools: Any, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- the shape of what shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(0, 0, 10**12))
    return Checkout(tools, checkout, monkeypatch)


def test_that_a_bare_checkout_is_set_up_once(fake: Checkout) -> None:
    assert fake.set_up() == ["venv", "lock", "project"]
    assert fake.set_up() == []
    assert fake.set_up(verify=True) == []


def test_that_set_up_compiles_the_program_so_that_it_starts_fast_at_once(fake: Checkout) -> None:
    fake.set_up()
    assert fake.compiled == [str(fake.env.root / "core"), str(fake.env.root / "ui")]


@pytest.mark.parametrize("file", ["packaging/requirements.lock", "pyproject.toml"])
def test_that_a_changed_project_is_installed_again_into_the_same_venv(fake: Checkout, file: str) -> None:
    fake.set_up()
    path = fake.env.root / file
    path.write_text(path.read_text() + "# more\n")
    assert not fake.env.is_ready()
    assert fake.set_up() == ["lock", "project"]


@pytest.mark.parametrize("step", ["lock", "project"])
def test_that_a_set_up_that_failed_goes_on_where_it_was(tools: Any, fake: Checkout, step: str) -> None:
    fake.fail_at, fake.output = step, "NewConnectionError"
    with pytest.raises(tools.failures.SetupError, match=r"cannot be reached.*setup\.log"):
        fake.set_up()
    assert not fake.env.is_ready()
    fake.fail_at = ""
    assert fake.set_up() == ["lock", "project"]


def test_that_a_change_which_fails_half_way_takes_the_old_stamp_along(tools: Any, fake: Checkout) -> None:
    fake.set_up()
    original = fake.env.lock.read_text()
    fake.env.lock.write_text("two==2\n")
    fake.fail_at = "lock"
    with pytest.raises(tools.failures.SetupError):
        fake.set_up()
    fake.env.lock.write_text(original)
    assert not fake.env.is_ready()


def _no_python(fake: Checkout) -> None:
    fake.env.python.unlink()


def _python_that_does_not_start(fake: Checkout) -> None:
    fake.env.python.write_text("#!/nowhere/python\n")
    (fake.env.venv / "crowdtape-stamp").unlink()


def _other_version(fake: Checkout) -> None:
    shutil.rmtree(fake.env.venv)
    fake.make_venv("3.9")


def _no_configuration(fake: Checkout) -> None:
    shutil.rmtree(fake.env.venv)
    fake.env.venv.mkdir()


def _a_file(fake: Checkout) -> None:
    shutil.rmtree(fake.env.venv)
    fake.env.venv.write_text("")


def _a_dangling_link(fake: Checkout) -> None:
    shutil.rmtree(fake.env.venv)
    fake.env.venv.symlink_to("nowhere")


def _damaged_pip(fake: Checkout) -> None:
    (fake.site / "pip/__init__.py").write_text("")
    (fake.env.venv / "crowdtape-stamp").unlink()


def _from_another_folder(fake: Checkout) -> None:
    config = fake.env.venv / "pyvenv.cfg"
    config.write_text(config.read_text().replace("a checkout/.venv", "another/.venv"))
    (fake.env.venv / "crowdtape-stamp").unlink()


@pytest.mark.parametrize(
    "break_it",
    [
        _no_python,
        _python_that_does_not_start,
        _other_version,
        _no_configuration,
        _a_file,
        _a_dangling_link,
        _damaged_pip,
        _from_another_folder,
    ],
)
def test_that_a_broken_venv_is_made_anew_with_the_reason_said(fake: Checkout, break_it: Any) -> None:
    fake.set_up()
    break_it(fake)
    assert fake.set_up() == ["venv", "lock", "project"]
    assert any("rebuilding .venv: " in line for line in fake.said)


def test_that_a_truncated_file_is_found_and_its_package_installed_again(fake: Checkout) -> None:
    fake.set_up()
    (fake.site / "numpy/__init__.py").write_text("wh")
    assert fake.set_up(verify=True) == ["lock", "project"]
    assert (fake.site / "numpy/__init__.py").read_text() == "whole"
    assert any("numpy is damaged" in line for line in fake.said)


def test_that_damage_is_a_missing_file_a_wrong_size_or_no_record(tools: Any, fake: Checkout) -> None:
    fake.make_venv()
    for name in ("cut", "gone", "whole", "unrecorded"):
        fake.install(name, f"{name}/__init__.py")
    (fake.site / "cut/__init__.py").write_text("")
    (fake.site / "gone/__init__.py").unlink()
    (fake.site / "unrecorded-1.dist-info/RECORD").unlink()
    damaged = [info.name for info in tools.environment.damaged_packages(fake.site)]
    assert damaged == ["cut-1.dist-info", "gone-1.dist-info", "unrecorded-1.dist-info"]


def test_that_a_python_without_ensurepip_keeps_the_old_venv_and_is_told_what_to_install(
    tools: Any, fake: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.make_venv("3.9")
    monkeypatch.setattr(tools.machine, "has_ensurepip", lambda: False)
    with pytest.raises(tools.failures.SetupError, match=rf"no ensurepip.*python{VERSION}-venv"):
        fake.set_up()
    assert fake.env.python.exists()


def test_that_a_disk_with_too_little_room_is_refused_before_anything_is_fetched(
    tools: Any, fake: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- the shape of what shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(0, 0, 300_000_000))
    with pytest.raises(tools.failures.SetupError, match=r"needs 1\.3 GB and 0\.3 GB are free"):
        fake.set_up()
    assert fake.steps == []


def test_that_a_disk_that_fills_up_on_the_way_is_one_sentence(tools: Any, fake: Checkout, monkeypatch: Any) -> None:
    fake.make_venv()
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- the shape of what shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(0, 0, 0))
    fake.fail_at = "lock"
    with pytest.raises(tools.failures.SetupError, match="disk is full"):
        fake.set_up()


def test_that_a_folder_without_permission_is_one_sentence(tools: Any, fake: Checkout, monkeypatch: Any) -> None:
    def refuse(_log: object) -> None:
        raise PermissionError(13, "Permission denied", "/p/.venv/bin")

    monkeypatch.setattr(fake.env, "_prepare", refuse)
    with pytest.raises(tools.failures.SetupError, match=r"No permission to write /p/\.venv/bin"):
        fake.set_up()


def test_that_a_second_set_up_waits_for_the_first_and_then_finds_all_in_place(
    fake: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fake.env.root / "build" / "setup.lock"
    lock.parent.mkdir()
    command = [sys.executable, "-c", HOLD, str(fake.env.root / "packaging"), str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == "held\n"

        def say(line: str) -> None:
            fake.said.append(line)
            fake.make_venv()  # the first finishes its work, and goes
            fake.install("numpy", "numpy/__init__.py")
            fake.env.crowdtape.write_text("")
            (fake.env.venv / "crowdtape-stamp").write_text(fake.env.key())
            first.kill()

        monkeypatch.setattr(fake.env, "_say", say)
        assert fake.env.ensure() is False
    assert fake.steps == []
    assert len(fake.said) == 1
    assert "waiting" in fake.said[0]


def test_that_the_users_pip_settings_reach_pip_and_only_the_target_is_ours(
    tools: Any, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///mirror")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    env = tools.environment.Environment(checkout, say=print, prepare=lambda _log: None)
    names = ("PIP_INDEX_URL", "PIP_TARGET", "PIP_USER")
    code, output = env._run([sys.executable, "-c", f"import os; print([os.environ.get(n) for n in {names}])"])
    assert (code, output) == (0, "['file:///mirror', None, '0']\n")
    assert env.log_path.read_text() == output
