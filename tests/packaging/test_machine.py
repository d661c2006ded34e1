"""What is asked of the machine: a display, shared libraries, apt."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(os.name == "nt", reason="apt exists on Debian and its relatives only")

FAKE_APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "{log}"
[ -e "{lists}" ] && exit 0
case "$*" in *update*) touch "{lists}"; exit 0;; esac
exit 100
"""


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"QT_QPA_PLATFORM": "minimal:enable_fonts"}, "linux", False),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "win32", False),
    ],
)
def test_that_a_display_is_seen_where_somebody_looks(
    tools: Any, env: dict[str, str], platform: str, *, expected: bool
) -> None:
    assert tools.machine.has_display(env, platform) is expected


@pytest.mark.skipif(sys.platform != "linux", reason="names of Linux libraries")
def test_that_a_library_that_is_not_there_is_named(tools: Any) -> None:
    assert tools.machine.missing_libraries(["libc.so.6", "libnosuch.so.9"]) == ["libnosuch.so.9"]


@posix
def test_that_apt_asks_nothing_and_fetches_its_lists_only_when_it_must(
    tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, lists = tmp_path / "log", tmp_path / "lists"
    apt = tmp_path / "apt-get"
    apt.write_text(FAKE_APT.format(log=log, lists=lists))
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert tools.machine.apt_install(["libegl1"], lambda _text: None)
    calls = log.read_text().splitlines()
    assert ["update" in call for call in calls] == [False, True, False]
    assert all(call.startswith("noninteractive ") and " -y " in call for call in calls)
    assert tools.machine.apt_install(["libgl1"], lambda _text: None)
    assert len(log.read_text().splitlines()) == 4


def test_that_who_may_not_install_gets_the_line_that_does(tools: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert tools.machine.install_line(["libEGL.so.1"], ["libegl1"]) == "run `sudo apt-get install -y libegl1`"
    monkeypatch.setattr(tools.machine.shutil, "which", lambda _name: None)
    assert "hold libEGL.so.1" in tools.machine.install_line(["libEGL.so.1"], ["libegl1"])


@pytest.fixture
def bare_linux(tools: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Linux that lacks what a test says, and grants no rights."""

    def lack(*libraries: str, font: bool = False) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(tools.machine, "missing_libraries", lambda _names: list(libraries))
        monkeypatch.setattr(tools.machine, "missing_fonts", lambda _env: ["fonts-some"] if font else [])
        monkeypatch.setattr(tools.machine, "may_apt", lambda: False)
        monkeypatch.setattr(tools.machine.shutil, "which", lambda name: f"/usr/bin/{name}")

    return lack


def test_that_set_up_stops_with_one_line_if_qt_could_not_even_load(tools: Any, bare_linux: Any) -> None:
    bare_linux("libEGL.so.1", "libxcb-cursor.so.0", font=True)
    line = r"sudo apt-get install -y libegl1 libxcb-cursor0 fonts-some` and start again"
    with pytest.raises(tools.failures.SetupError, match=line):
        tools.commands.prepare_machine(lambda _text: None)


def test_that_set_up_goes_on_without_a_window_or_a_chinese_font_and_says_so(
    tools: Any, bare_linux: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_linux("libxcb-cursor.so.0", font=True)
    tools.commands.prepare_machine(lambda _text: None)
    expected = "  to show a window and Chinese and emoji, run `sudo apt-get install -y libxcb-cursor0 fonts-some`\n"
    assert capsys.readouterr().err == expected


def test_that_set_up_is_silent_where_nothing_is_missing(
    tools: Any, bare_linux: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_linux()
    tools.commands.prepare_machine(lambda _text: None)
    assert capsys.readouterr().err == ""


def test_that_fonts_are_missed_by_what_they_draw(tools: Any, tmp_path: Path) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text('#!/bin/sh\n[ "$1" = :lang=zh-cn ] && echo /fonts/some.ttf\nexit 0\n')
    lister.chmod(0o755)
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    assert tools.machine.missing_fonts(env) == ["fonts-noto-color-emoji"]


def test_that_without_fontconfig_fonts_are_known_by_their_files(tools: Any, tmp_path: Path) -> None:
    fonts = tmp_path / ".fonts"
    fonts.mkdir()
    (fonts / "NotoColorEmoji.ttf").touch()
    (fonts / "wqy-microhei.ttc").touch()
    assert tools.machine.missing_fonts({"PATH": str(tmp_path), "HOME": str(tmp_path)}) == []
