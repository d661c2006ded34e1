from __future__ import annotations

from typing import TYPE_CHECKING

from core.settings import LANGUAGE, PROXY, UP_COLOUR, ZONE, Settings
from ui.preferences import Preferences
from ui.settings.dialog import SettingsDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def _open(tmp_path: Path, qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(Preferences(Settings.load(tmp_path / "settings.json")))
    qtbot.addWidget(dialog)
    return dialog


def test_that_what_is_saved_is_shown_the_next_time(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _open(tmp_path, qtbot)
    dialog.language.setCurrentIndex(dialog.language.findData("zh"))
    dialog.zone.setEditText("Asia/Tokyo")
    dialog.proxy.setText("http://localhost:8080")
    dialog.accept()
    settings = Settings.load(tmp_path / "settings.json")
    assert (settings[LANGUAGE], settings[ZONE], settings[PROXY]) == ("zh", "Asia/Tokyo", "http://localhost:8080")
    again = _open(tmp_path, qtbot)
    assert again.language.currentData() == "zh"
    assert again.zone.currentText() == "Asia/Tokyo"


def test_that_an_unfit_setting_is_told_and_nothing_is_kept(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _open(tmp_path, qtbot)
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
