"""The slim lines above the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from ui.banners import Banners, banner_bar
from ui.theme import load_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_that_the_window_does_not_grow_when_a_message_comes(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    inside = QWidget()
    inside.setMinimumHeight(600)
    window.setCentralWidget(inside)
    banners = Banners(load_theme("dark"), window)
    window.addToolBar(banner_bar(banners, window))
    window.resize(1280, 700)
    window.show()
    banners.put("moved", "A sentence that has room in one line of such a window. " * 2, buttons=(("Show", list),))
    QApplication.processEvents()
    assert window.height() == 700
    assert banners.height() < 60
