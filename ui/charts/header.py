"""The slim line above a chart when there are several: what it shows, and buttons to maximise and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.i18n import tr
from ui.icons import icon
from ui.plain import tip
from ui.theme import GRID, colour, number_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from ui.theme import Theme

HEIGHT = 3 * GRID
_LEAST_FACTS = 40  # pixels; facts that have less room are left out


class CellHeader(QWidget):
    """Writes a title and facts, cut short where there is no room; says what was clicked."""

    pressed = Signal()
    dragged = Signal()
    maximise_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._title, self._facts, self._active, self._maximised = theme, "", "", False, False
        self._pressed_at = QPointF()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._maximise = self._button(tr("Maximise or restore this chart"))
        self._maximise.clicked.connect(self.maximise_wanted)
        self._close = self._button(tr("Close this chart"))
        self._close.clicked.connect(self.close_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(self._maximise)
        row.addWidget(self._close)
        self.set_theme(theme)

    def set_text(self, title: str, facts: str) -> None:
        """Show what the chart shows."""
        if (title, facts) != (self._title, self._facts):
            self._title, self._facts = title, facts
            self.setAccessibleName(f"{title}, {facts}")
            self.setToolTip(tip(f"{title} · {facts}") if title else "")
            self.update()

    def set_state(self, *, active: bool, maximised: bool) -> None:
        """Show whether the chart is active, and whether it has all the room."""
        self._active, self._maximised = active, maximised
        self._tint()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self._tint()
        self.update()

    @property
    def text(self) -> str:
        """What is written, whole."""
        return f"{self._title} · {self._facts}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask to be the active one."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask to be carried to another place."""
        far = (event.position() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if event.buttons() & Qt.MouseButton.LeftButton and far:
            self.dragged.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for all the room, or to give it back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write title and facts on one line."""
        theme, room = self._theme, self._maximise.x() - GRID // 2
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(theme.raised if self._active else theme.panel))
            x = GRID
            for text, ink, bold in (
                (self._title, theme.text if self._active else theme.muted, True),
                (self._facts, theme.muted, False),
            ):
                painter.setFont(number_font(theme.font_px if bold else theme.small_px, bold=bold))
                painter.setPen(colour(ink))
                metrics = painter.fontMetrics()
                wide, left = metrics.horizontalAdvance(text), room - x
                if left < _LEAST_FACTS or (not bold and wide > left):
                    break
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
                painter.drawText(x, 0, left, self.height(), Qt.AlignmentFlag.AlignVCenter, shown)
                x += min(wide, left) + GRID

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(HEIGHT - 4, HEIGHT - 4)
        button.setStyleSheet("padding: 0;")
        # The commands do the same by keyboard; in the order of Tab these would only stand in the way.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _tint(self) -> None:
        theme = self._theme
        name = "restore" if self._maximised else "maximise"
        self._maximise.setIcon(icon(name, theme.muted, theme.disabled))
        self._close.setIcon(icon("close", theme.muted, theme.disabled))
