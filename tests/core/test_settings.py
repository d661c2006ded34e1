"""Settings: typed, kept whole, and never a reason not to start."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import UsageError
from core.settings import CA_FILE, CLOCK, PROXY, SETTINGS, THEME, ZONE, Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_that_every_setting_has_a_fit_default_and_a_sentence(path: Path) -> None:
    settings = Settings.load(path)
    assert settings.notes == ()
    for name, setting in SETTINGS.items():
        assert name == setting.name
        assert setting.problem(setting.default) == ""
        assert setting.doc.endswith(".")
        assert settings[setting] == setting.default
    assert not path.exists()


def test_that_a_setting_is_kept_over_sessions(path: Path) -> None:
    settings = Settings.load(path)
    settings.set(THEME, "light")
    settings.set(ZONE, "Asia/Shanghai")
    again = Settings.load(path)
    assert (again[THEME], again[ZONE], again[CLOCK]) == ("light", "Asia/Shanghai", "trading")
    again.set(THEME, "dark")
    assert json.loads(path.read_text()) == {"zone": "Asia/Shanghai"}
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("setting", "value"),
    [(THEME, "pink"), (THEME, 3), (ZONE, "Mars/Base"), (ZONE, "../x"), (PROXY, "host:80"), (PROXY, "ftp://h")],
)
def test_that_an_unfit_value_is_refused_and_replaced_by_the_default(path: Path, setting: Any, value: Any) -> None:
    settings = Settings.load(path)
    with pytest.raises(UsageError, match=setting.name):
        settings.set(setting, value)
    assert settings[setting] == setting.default
    path.parent.mkdir()
    path.write_text(json.dumps({setting.name: value, CA_FILE.name: "/ca.pem"}))
    settings = Settings.load(path)
    assert settings[setting] == setting.default
    assert settings[CA_FILE] == "/ca.pem"
    assert len(settings.notes) == 1
    assert setting.name in settings.notes[0]


@pytest.mark.parametrize("value", ["", "http://h:80", "https://u:p@h", "socks5://h:1080"])
def test_that_proxies_of_all_kinds_are_fit(value: str) -> None:
    assert PROXY.problem(value) == ""


def test_that_settings_of_a_newer_program_survive(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"from the future": [1]}))
    Settings.load(path).set(THEME, "light")
    assert json.loads(path.read_text()) == {"from the future": [1], "theme": "light"}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"[" * 100_000])
def test_that_a_broken_file_is_set_aside_with_a_note(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    for number in ("", "2"):
        path.write_bytes(content)
        settings = Settings.load(path)
        assert "set aside" in settings.notes[0]
        assert path.with_name(f"settings.json.broken{number}").read_bytes() == content
    settings.set(THEME, "light")
    assert Settings.load(path)[THEME] == "light"


def test_that_a_write_that_fails_keeps_the_old_file_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load(path)
    settings.set(THEME, "light")
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match=r"settings\.json cannot be written: No space left"):
        settings.set(THEME, "system")
    assert path.read_bytes() == before
    assert settings[THEME] == "light"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_that_a_folder_in_the_place_of_the_file_is_noted(path: Path) -> None:
    path.mkdir(parents=True)
    settings = Settings.load(path)
    assert "cannot be read" in settings.notes[0]
    with pytest.raises(SettingsError, match="cannot be written"):
        settings.set(THEME, "light")
