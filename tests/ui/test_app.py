from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.settings import LANGUAGE
from tests.ui.conftest import fill
from ui.app import Program, _failure_shower, interface_font, start_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("pandas", "yfinance", "exchange_calendars", "pyarrow", "vaderSentiment", "requests", "ui.windows")

START = """
import json, sys
from pathlib import Path
from ui.app import Program, make_application
app = make_application()
program = Program(app, Path(sys.argv[1]))
window = program.start()
before = [m for m in sys.modules]
done = []
window.painted.connect(lambda: done.append(1))
window.tasks.unhandled.connect(lambda e: done.append(str(e)))
while not done:
    app.processEvents()
window.close()
print(json.dumps({"before": before, "done": done, "subject": window.state.subject}))
"""


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    fill(tmp_path / "crowdtape.sqlite")
    made = Program(qapp, tmp_path)
    yield made
    made.translation.use("en")
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
        made.window = None
    start_log(tmp_path / "none" / "x.log")
    qtbot.wait(1)


def test_that_nothing_heavy_is_loaded_before_the_window_stands(tmp_path: Path) -> None:
    fill(tmp_path / "crowdtape.sqlite")
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["done"] == [1]
    assert found["subject"] == "Xiaohongshu"
    assert not [m for m in HEAVY if m in found["before"]]


def test_that_another_language_makes_the_window_anew(program: Program, qtbot: QtBot) -> None:
    program.preferences.change(LANGUAGE, "en")
    first = program.start()
    qtbot.waitSignal(first.painted, timeout=30_000).wait()
    program.preferences.change(LANGUAGE, "zh")
    first.appearance.apply_preferences()
    second = program.window
    assert second is not None
    assert second is not first
    assert second.menus["file"].title() == "文件(&F)"
    qtbot.waitUntil(lambda: second.state.subject == "Xiaohongshu", timeout=30_000)


def test_that_an_exception_that_nobody_took_is_shown_and_logged(
    program: Program, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    window = program.start()
    show = _failure_shower(program)
    error = ZeroDivisionError("halves of nothing")
    show(type(error), error, error.__traceback__)
    assert "halves of nothing" in window.banners.text("error")
    assert "halves of nothing" in (tmp_path / "crowdtape.log").read_text(encoding="utf-8")
    assert "halves of nothing" in capsys.readouterr().err


@pytest.mark.usefixtures("qapp")
def test_that_the_font_has_families_to_fall_back_on() -> None:
    assert interface_font().families()
