"""The way back to the newest bar: a small button at the right edge, there while the newest bar is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from ui.i18n import tr
from ui.icons import icon

if TYPE_CHECKING:
    from ui.theme import Theme

SIDE, MARGIN = 26, 8


class NewestButton(QToolButton):
    """Lies over the panes, above the time axis."""

    def __init__(self, parent: QWidget) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setObjectName("newest")
        self.setFixedSize(SIDE, SIDE)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        text = tr("Go to the newest bar and follow it (End)")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Tint the icon."""
        self.setIcon(icon("newest", theme.text, theme.disabled))
        self.setStyleSheet(
            f"#newest {{ background: {theme.background}; border: 1px solid {theme.border}; border-radius: 4px; }}"
            f"#newest:hover {{ border-color: {theme.accent}; }}"
        )

    def offer(self, corner: QPoint, axis_width: float, *, wanted: bool) -> None:
        """Show or hide it; `corner` is the top right one of the time axis, whose last `axis_width` pixels stay free."""
        self.setVisible(wanted)
        if wanted:
            self.move(round(corner.x() - axis_width) - SIDE - MARGIN, corner.y() - SIDE - MARGIN)
            self.raise_()
