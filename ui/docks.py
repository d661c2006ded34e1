"""The panels beside the charts, each in a dock of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDockWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow, QWidget

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
LEAST_WIDTHS = {LEFT: 216, RIGHT: 304}
FIRST_WIDTHS = {"watchlist": 260, "posts": 340}
_CHINESE_FAMILIES = ("CJK", "Han", "YaHei", "PingFang", "WenQuanYi")


def add_dock(
    window: QMainWindow, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea, *, chinese: bool
) -> QDockWidget:
    """Put a panel on one side of the window. `name` is the one by which its place is saved."""
    dock = QDockWidget(title, window)
    dock.setObjectName(f"dock_{name}")
    if chinese:
        # A title is as high as its first family, and Chinese needs more than a Latin one gives.
        families = dock.font().families()
        font = QFont(dock.font())
        font.setFamilies(sorted(families, key=lambda f: not any(mark in f for mark in _CHINESE_FAMILIES)))
        dock.setFont(font)
    widget.setMinimumWidth(LEAST_WIDTHS[area])
    dock.setWidget(widget)
    dock.setAllowedAreas(LEFT | RIGHT)
    window.addDockWidget(area, dock)
    return dock


def share_out(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """Give the docks the widths that they have at first."""
    window.resizeDocks([docks[n] for n in FIRST_WIDTHS], list(FIRST_WIDTHS.values()), Qt.Orientation.Horizontal)
