"""The zone of the times: chosen in the menu, in the corner of the chart or from all there are, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.settings import ZONE, Settings
from ui.settings.zone_dialog import ZoneDialog, known_zones

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

NOON = 1_736_870_400_000


@pytest.mark.usefixtures("store_path")
def test_that_a_chosen_zone_is_shown_and_kept(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.chart_shown and window.tasks.idle)
    assert window.actions_["zone.exchange"].isChecked()
    window.actions_["zone.utc"].trigger()
    assert window.state.zone == "UTC"
    assert window.chart.settle().zone == "UTC"
    qtbot.waitUntil(lambda: window.posts._delegate._zone == "UTC")
    assert Settings.load(tmp_path / "data" / "settings.json")[ZONE] == "UTC"
    window.zones.choose("America/New_York")
    assert window.actions_["zone.other"].isChecked()
    assert window.chart.settle().zone == "America/New_York"
    window.actions_["zone.exchange"].trigger()
    assert window.chart.settle().zone == "Asia/Shanghai"
    assert window.actions_["zone.exchange"].isChecked()


@pytest.mark.usefixtures("store_path")
def test_that_a_click_on_the_zone_in_the_corner_opens_the_menu(
    make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.chart_shown and window.tasks.idle)
    opened: list[QPoint] = []
    monkeypatch.setattr(window.menus["view/zone"], "popup", opened.append)
    axis = window.chart._axis
    QTest.mouseClick(axis, Qt.MouseButton.LeftButton, pos=QPoint(100, 12))
    assert not opened
    corner = QPoint(axis.width() - 20, 12)
    QTest.mouseClick(axis, Qt.MouseButton.LeftButton, pos=corner)
    assert opened == [axis.mapToGlobal(corner)]


def test_that_any_zone_is_found_by_a_part_of_its_name_or_its_offset(qtbot: QtBot) -> None:
    dialog = ZoneDialog("Asia/Shanghai", NOON)
    qtbot.addWidget(dialog)

    def shown() -> list[str]:
        rows = (dialog.list.item(k) for k in range(dialog.list.count()))
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in rows if not item.isHidden()]

    assert len(shown()) == len(known_zones()) > 300
    dialog.text.setText("new york")
    assert shown() == ["America/New_York"]
    dialog.text.setText("utc+5:45")
    assert shown() == ["Asia/Kathmandu", "Asia/Katmandu"]
    dialog.text.setText("-3:30")
    assert "America/St_Johns" in shown()


def test_that_the_zone_under_the_cursor_is_chosen_by_return(qtbot: QtBot) -> None:
    dialog = ZoneDialog("Asia/Shanghai", NOON)
    qtbot.addWidget(dialog)
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.show()
    assert dialog.list.currentItem().data(Qt.ItemDataRole.UserRole) == "Asia/Shanghai"
    dialog.text.setText("europe/")
    QTest.keyClick(dialog.text, Qt.Key.Key_Down)
    wanted = dialog.list.currentItem().data(Qt.ItemDataRole.UserRole)
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    assert chosen == [wanted]
    assert wanted.startswith("Europe/")


def test_that_nothing_is_chosen_where_nothing_is_found(qtbot: QtBot) -> None:
    dialog = ZoneDialog("Asia/Shanghai", NOON)
    qtbot.addWidget(dialog)
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.text.setText("atlantis")
    dialog.accept()
    assert chosen == []
