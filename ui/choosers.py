"""What the toolbar lets the user choose with: a subject by its name, and one of a few by a button each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent


# How a user goes to a field.
_TAKEN = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.MouseFocusReason,
        Qt.FocusReason.OtherFocusReason,
    }
)


class SubjectBox(QLineEdit):
    """A symbol or a concept's name, completed from the known ones by any part of symbol or name."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[str, str] = {}
        self._subject = ""
        self.setObjectName("subject")
        self.setPlaceholderText(tr("Symbol or concept"))
        self.setAccessibleName(tr("Subject"))
        self.setToolTip(tr("Type a symbol or a concept and press Return"))
        self.setFixedWidth(184)
        self._texts = QStringListModel(self)
        completer = QCompleter(self._texts, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_activated)
        self.setCompleter(completer)
        self.returnPressed.connect(self._on_return)

    def set_known(self, subjects: Sequence[tuple[str, str]]) -> None:
        """Complete from these (key, name)."""
        self._keys = {f"{key} · {name}" if name else key: key for key, name in subjects}
        self._texts.setStringList(list(self._keys))

    def set_subject(self, key: str) -> None:
        """Show the subject that the chart shows."""
        self._subject = key
        self.setText(key)
        self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select all, so that typing replaces; not where the list of what fits closes while one types."""
        super().focusInEvent(event)
        if event.reason() in _TAKEN:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go back to the subject that is shown, unless its list is open."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setText(self._subject)
            self.setCursorPosition(0)

    def take_focus(self) -> None:
        """Let the next key replace what is written, also where one was typing already."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the chart while there is something typed to let go of."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._lets_go(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the subject that is shown on Esc."""
        if self._lets_go(event):
            self.set_subject(self._subject)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def _lets_go(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.text() != self._subject

    def _on_activated(self, text: str) -> None:
        self._choose(self._keys.get(text, text))

    def _on_return(self) -> None:
        text = self.text().strip()
        if text:
            self._choose(self._keys.get(text, text))

    def _choose(self, key: str) -> None:
        self.setText(key)
        self.chosen.emit(key)


class Segments(QWidget):
    """Small buttons side by side of which at most one is down."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """Take (value, text, tool tip) of each button."""
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for value, text, tip in choices:
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet(f"padding: {GRID // 2}px {GRID - 2}px;")
            button.clicked.connect(lambda _checked=False, value=value: self._on_clicked(value))
            self._group.addButton(button)
            self._buttons[value] = button
            layout.addWidget(button)

    def set_value(self, value: str | None) -> None:
        """Press one button, or none."""
        for name, button in self._buttons.items():
            button.setChecked(name == value)

    @property
    def value(self) -> str | None:
        """The button that is down."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), None)

    def _on_clicked(self, value: str) -> None:
        self.set_value(value)
        self.chosen.emit(value)
