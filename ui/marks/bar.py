"""The slim bar at the left of the charts: the tools to draw with, and what holds for all that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.marks.rule import Rule

if TYPE_CHECKING:
    from ui.actions import Actions

WIDTH = 36
GROUPS = (
    ("draw.pointer",),
    ("draw.trend", "draw.horizontal", "draw.vertical", "draw.rectangle", "draw.text", "draw.measure"),
    ("draw.event",),
    ("draw.magnet", "draw.lock_all", "draw.hide_all"),
    ("edit.undo", "edit.redo", "draw.remove"),
)


class DrawingBar(QWidget):
    """A button a command; the tool at hand is down."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing_bar")
        self.setAccessibleName(tr("Drawing tools"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 4, 3, 4)
        column.setSpacing(1)
        for number, group in enumerate(GROUPS):
            if number:
                column.addSpacing(3)
                column.addWidget(Rule(self))
                column.addSpacing(3)
            for name in group:
                button = QToolButton(self)
                button.setDefaultAction(actions[name])
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                button.setIconSize(QSize(18, 18))
                button.setFixedSize(WIDTH - 6, 28)
                button.setAutoRaise(True)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(actions[name].toolTip())
                self.buttons[name] = button
                column.addWidget(button)
        column.addStretch(1)


def beside(bar: QWidget, charts: QWidget, parent: QWidget) -> QWidget:
    """Return a widget with the bar at the left of the charts."""
    both = QWidget(parent)
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(bar)
    row.addWidget(charts, 1)
    return both
