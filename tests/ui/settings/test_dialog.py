from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import UsageError
from core.model import ScorerId
from core.settings import LANGUAGE, PROXY, UP_COLOUR, ZONE, Settings
from core.store import Store
from core.transformer_choice import Choice, named
from ui.jobs import Place
from ui.preferences import Preferences
from ui.settings.dialog import SettingsDialog
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    Open = Callable[[], SettingsDialog]


@pytest.fixture
def open_dialog(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], SettingsDialog]]:
    """Open the dialog upon a settings file and a store of this test."""
    tasks = Tasks()

    def make() -> SettingsDialog:
        preferences = Preferences(Settings.load(tmp_path / "settings.json"))
        dialog = SettingsDialog(preferences, tasks, Place(tmp_path / "crowdtape.sqlite", tmp_path))
        qtbot.addWidget(dialog)
        qtbot.waitUntil(dialog.scorers.isEnabled, timeout=20_000)
        return dialog

    yield make
    tasks.close()


def _chosen(tmp_path: Path) -> Choice | None:
    with Store.open(tmp_path / "crowdtape.sqlite") as store:
        return named(store)


def test_that_what_is_saved_is_shown_the_next_time(tmp_path: Path, open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.language.setCurrentIndex(dialog.language.findData("zh"))
    dialog.zone.setEditText("Asia/Tokyo")
    dialog.proxy.setText("http://localhost:8080")
    dialog.accept()
    settings = Settings.load(tmp_path / "settings.json")
    assert (settings[LANGUAGE], settings[ZONE], settings[PROXY]) == ("zh", "Asia/Tokyo", "http://localhost:8080")
    again = open_dialog()
    assert again.language.currentData() == "zh"
    assert again.zone.currentText() == "Asia/Tokyo"


def test_that_an_unfit_setting_is_told_and_nothing_is_kept(tmp_path: Path, open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.language.setCurrentIndex(dialog.language.findData("zh"))
    dialog.proxy.setText("nonsense")
    dialog.accept()
    assert "nonsense" in dialog.note.text()
    assert Settings.load(tmp_path / "settings.json")[LANGUAGE] == "system"


def test_that_the_colour_of_a_rise_follows_the_market_or_the_user(tmp_path: Path) -> None:
    preferences = Preferences(Settings.load(tmp_path / "settings.json"))
    assert [preferences.market_of(s) for s in ("300792.SZ", "AAPL", "0700.HK")] == ["cn", "west", "west"]
    preferences.change(UP_COLOUR, "green")
    assert preferences.market_of("300792.SZ") == "west"


class _Reader:
    """Stands in for a transformer that can be read."""

    id = ScorerId("onnx", "1")


def test_that_a_transformer_is_off_until_a_folder_is_named(tmp_path: Path, open_dialog: Open) -> None:
    dialog = open_dialog()
    assert not dialog.scorers.use.isChecked()
    assert not dialog.scorers.folder.isEnabled()
    dialog.scorers.use.setChecked(True)
    dialog.accept()
    assert "folder" in dialog.note.text()
    dialog.scorers.folder.setText("/models/finbert")
    dialog.scorers.languages.setText("english")
    dialog.accept()
    assert "en zh" in dialog.note.text()
    assert not (tmp_path / "crowdtape.sqlite").exists()


def test_that_a_folder_without_a_model_is_told_and_nothing_is_kept(
    tmp_path: Path, open_dialog: Open, qtbot: QtBot
) -> None:
    pytest.importorskip("onnxruntime", reason="there are no wheels of onnxruntime for Intel Macs")
    dialog = open_dialog()
    dialog.language.setCurrentIndex(dialog.language.findData("zh"))
    dialog.scorers.use.setChecked(True)
    dialog.scorers.folder.setText(str(tmp_path))
    dialog.accept()
    qtbot.waitUntil(lambda: "model.onnx" in dialog.note.text(), timeout=20_000)
    assert _chosen(tmp_path) is None
    assert Settings.load(tmp_path / "settings.json")[LANGUAGE] == "system"


def test_that_a_missing_runtime_is_told(
    open_dialog: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(_name: str) -> object:
        raise UsageError("A transformer needs the package onnxruntime: install crowdtape[onnx].")

    monkeypatch.setattr("core.sentiment.transformer._library", missing)
    dialog = open_dialog()
    dialog.scorers.use.setChecked(True)
    dialog.scorers.folder.setText(str(tmp_path))
    dialog.accept()
    qtbot.waitUntil(lambda: "crowdtape[onnx]" in dialog.note.text(), timeout=20_000)
    assert dialog.result() == 0


def test_that_a_transformer_that_could_be_read_is_used_until_it_is_turned_off(
    tmp_path: Path, open_dialog: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.transformer_choice.get_scorer", lambda _spec: _Reader())
    dialog = open_dialog()
    dialog.scorers.use.setChecked(True)
    dialog.scorers.folder.setText(str(tmp_path))
    dialog.scorers.languages.setText("zh, en")
    with qtbot.waitSignals([dialog.scorers.changed, dialog.accepted], timeout=20_000):
        dialog.accept()
    assert _chosen(tmp_path) == Choice(tmp_path.resolve(), ("zh", "en"))
    again = open_dialog()
    assert (again.scorers.use.isChecked(), again.scorers.languages.text()) == (True, "zh en")
    with qtbot.assertNotEmitted(again.scorers.changed):
        again.accept()
    once_more = open_dialog()
    once_more.scorers.use.setChecked(False)
    with qtbot.waitSignals([once_more.scorers.changed, once_more.accepted], timeout=20_000):
        once_more.accept()
    assert _chosen(tmp_path) is None
