"""Folders: the system's own, or all within one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.paths import paths


def test_that_one_folder_holds_everything_when_it_is_given(tmp_path: Path) -> None:
    at = paths(tmp_path / "d")
    assert (at.data, at.cache, at.config) == (tmp_path / "d", tmp_path / "d" / "cache", tmp_path / "d")
    assert at.store.parent == at.data
    assert at.settings.parent == at.config
    assert not at.data.exists()


def test_that_a_given_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert paths(Path("d")).data == tmp_path / "d"
    if sys.platform != "win32":
        assert paths(Path("~/d")).cache == tmp_path / "home" / "d" / "cache"


@pytest.mark.skipif(sys.platform != "linux", reason="the places of other systems are appdirs' business")
def test_that_the_usual_folders_follow_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    usual = paths()
    assert usual.data == tmp_path / "DATA" / "crowdtape"
    assert usual.cache == tmp_path / "CACHE" / "crowdtape"
    assert usual.config == tmp_path / "CONFIG" / "crowdtape"
