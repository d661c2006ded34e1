"""All commands by name: type a part of one, press Return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.actions import COMMANDS, plain
from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from ui.actions import Actions


class Palette(QDialog):
    """Runs the chosen command when it closes."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle(tr("Commands"))
        self.resize(480, 420)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(tr("What to do"))
        self.text.setAccessibleName(tr("What to do"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.text)
        layout.addWidget(self.list)
        self.text.textChanged.connect(self.filter)
        self.text.returnPressed.connect(self.run)
        self.list.itemClicked.connect(lambda _item: self.run())
        self.filter("")

    def filter(self, text: str) -> None:
        """List the commands that hold every word of the text."""
        words = text.casefold().split()
        self.list.clear()
        for command in COMMANDS:
            action = self._actions[command.name]
            name = plain(tr(command.text))
            if not action.isEnabled() or not all(w in f"{name} {plain(command.text)}".casefold() for w in words):
                continue
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            name = f"✓ {name}" if action.isChecked() else name
            item = QListWidgetItem(f"{name}    {keys}" if keys else name)
            item.setData(Qt.ItemDataRole.UserRole, command.name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def run(self) -> None:
        """Close, and do what was chosen."""
        item = self.list.currentItem()
        self.accept()
        if item is not None:
            self._actions[item.data(Qt.ItemDataRole.UserRole)].trigger()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move through the list while the cursor stays in the text."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
