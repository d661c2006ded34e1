"""Rules of the project that no other test would notice being broken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("linux", "darwin", "win32")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _wanted(project: dict[str, Any]) -> list[Requirement]:
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(line) for line in lines]


def _locked() -> list[Requirement]:
    """What the lock pins, each with its marker."""
    return [Requirement(line.rstrip("\\ ")) for line in LOCK.splitlines() if re.match(r"[a-z]", line)]


def _applies(requirement: Requirement, python: str, platform: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": platform}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def test_that_our_packaging_folder_does_not_shadow_the_packaging_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
    command = [sys.executable, "-c", "import packaging.version; print(packaging.__file__)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "site-packages" in done.stdout


def test_that_every_locked_package_has_hashes_and_an_exact_version() -> None:
    blocks = re.split(r"\n(?=[a-z])", LOCK[re.search(r"^[a-z]", LOCK, re.MULTILINE).start() :])  # pyright: ignore[reportOptionalMemberAccess] -- no match fails the test as well
    assert len(blocks) == len(_locked())
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def test_that_the_lock_names_no_address_and_no_place_on_a_disk() -> None:
    assert not re.search(r"://|^\s*-(i|f|-index|-find|-extra)|(^|\s)[/~]|@ ", LOCK, re.MULTILINE)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_that_the_lock_satisfies_the_project_on(project: dict[str, Any], python: str, platform: str) -> None:
    pinned: dict[str, str] = {}
    for requirement in _locked():
        if _applies(requirement, python, platform):
            name = canonicalize_name(requirement.name)
            assert name not in pinned, f"{name} is locked twice for Python {python} on {platform}"
            pinned[name] = next(iter(requirement.specifier)).version
    for wanted in _wanted(project):
        if _applies(wanted, python, platform):
            version = pinned.get(canonicalize_name(wanted.name))
            assert version, f"{wanted.name} is not locked"
            assert wanted.specifier.contains(version, prereleases=True), f"{wanted} is locked at {version}"


def test_that_the_lock_says_by_which_command_it_was_made() -> None:
    command = re.search(r"^#\s+(uv pip compile .+)$", LOCK, re.MULTILINE)
    assert command
    for word in (
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--group dev",
        "-o packaging/requirements.lock",
    ):
        assert word in command[1]
    assert command[1] in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", ["6.11.0", "6.11.1", "6.12.0", "6.12.1", "6.13.0"])
def test_that_no_pyside_which_breaks_is_allowed(project: dict[str, Any], version: str) -> None:
    pyside = [wanted for wanted in _wanted(project) if canonicalize_name(wanted.name) == "pyside6-essentials"]
    assert len(pyside) == 1
    assert not pyside[0].specifier.contains(version)


def test_that_this_machine_runs_the_locked_pyside() -> None:
    import PySide6  # noqa: PLC0415 -- the other tests here need no Qt

    pinned = [str(item.specifier) for item in _locked() if item.name == "pyside6-essentials"]
    assert pinned == [f"=={Version(PySide6.__version__)}"]


def test_that_supported_pythons_are_the_same_everywhere(project: dict[str, Any], tools: Any) -> None:
    named = {line.rpartition(" ")[2] for line in project["project"]["classifiers"] if "Python :: 3" in line}
    assert named == set(tools.dev.SUPPORTED) == set(PYTHONS)
    assert project["project"]["requires-python"] == ">=3.11"


def test_that_ci_runs_the_command_of_the_readme_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    commands = [line for line in lines if not line.startswith(("set ", "cd "))]
    assert commands == ["exec python3 packaging/dev.py test"]
    assert os.name == "nt" or os.access(script, os.X_OK)
    assert "python3 packaging/dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
