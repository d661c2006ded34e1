"""In the status bar: which scores are being made anew, how far that is, and the button that pauses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from ui.i18n import tr
from ui.icons import icon
from ui.theme import GRID

if TYPE_CHECKING:
    from ui.theme import Theme


class RescoringBar(QWidget):
    """Shown while there is something to do, paused or not."""

    pause_wanted = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self._theme = theme
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 100)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName(tr("Scoring anew"))
        self._button = QToolButton(self)
        self._button.clicked.connect(lambda: self.pause_wanted.emit(not self._paused))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self._text, self._bar, self._button):
            layout.addWidget(widget)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Tint the icon."""
        self._theme = theme
        self._button.setIcon(icon("resume" if self._paused else "pause", theme.muted, theme.disabled))

    def show_state(self, scorer: str, share: float, paused: bool) -> None:  # noqa: FBT001  as the signal has it
        """Show how far the scores of `scorer` are; "" where nothing is to be done."""
        self.setVisible(bool(scorer))
        self._paused = paused
        text = tr("Scores by {scorer}: paused") if paused else tr("Scores by {scorer}")
        self._text.setText(text.format(scorer=scorer))
        self._text.setToolTip(tr("Until all posts have them, the chart shows the scores of the version before."))
        self._bar.setValue(round(share * 100))
        name = tr("Go on scoring") if paused else tr("Pause scoring")
        self._button.setToolTip(name)
        self._button.setAccessibleName(name)
        self.set_theme(self._theme)
