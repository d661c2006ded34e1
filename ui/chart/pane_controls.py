"""The small buttons at the top right of the pane under the pointer: settings, order, size, and away with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ui.chart.legend import LINE, TOP
from ui.i18n import later, tr
from ui.icons import icon

if TYPE_CHECKING:
    from ui.chart.pane_widget import PaneWidget
    from ui.theme import Theme

SIDE = 20
MARGIN = 4
# What each button asks for: the action's name, its icon, and what it says.
BUTTONS = (
    ("settings", "settings", later("Pane settings")),
    ("up", "up", later("Move pane up")),
    ("down", "down", later("Move pane down")),
    ("maximise", "maximise", later("Maximise or restore pane")),
    ("remove", "close", later("Remove pane")),
)


class PaneControls(QWidget):
    """One row of buttons for all panes; it goes to the pane under the pointer."""

    wanted = Signal(str, str)  # action, key of the pane

    def __init__(self) -> None:
        """Begin hidden, at no pane."""
        super().__init__()
        self._key = ""
        self._line = 0  # of the legend, beside which the buttons stand
        self.setObjectName("pane_controls")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._buttons: dict[str, QToolButton] = {}
        for action, _, text in BUTTONS:
            button = QToolButton(self)
            button.setFixedSize(SIDE, SIDE)
            button.setIconSize(QSize(14, 14))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolTip(tr(text))
            button.setAccessibleName(tr(text))
            button.clicked.connect(lambda _checked=False, action=action: self.wanted.emit(action, self._key))
            row.addWidget(button)
            self._buttons[action] = button
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for action, name, _ in BUTTONS:
            self._buttons[action].setIcon(icon(name, theme.muted, theme.disabled))
        self.setStyleSheet(
            f"#pane_controls {{ background: {theme.background}; border: 1px solid {theme.border}; }}"
            "QToolButton { padding: 0; border: none; }"
        )

    def attach(self, pane: PaneWidget, right: int, *, first: bool, last: bool, configurable: bool) -> None:
        """Show the buttons in a pane, ending at the pixel `right`; the first pane cannot go up, nor the last down."""
        self._key, self._line = pane.pane.key, 0
        only = first and last
        self._buttons["settings"].setVisible(configurable)
        self._buttons["up"].setVisible(not only)
        self._buttons["down"].setVisible(not only)
        self._buttons["up"].setEnabled(not first)
        self._buttons["down"].setEnabled(not last)
        if self.parentWidget() is not pane:
            self.setParent(pane)
        self.adjustSize()
        self.place(pane, right)
        self.show()
        self.raise_()

    def place(self, pane: PaneWidget, right: int) -> None:
        """Stand clear of the figures in the legend of the pane that the buttons are in: below lines that reach so far.

        A line that has grown shorter meanwhile does not bring them back up, for they must not dance under the pointer.
        """
        if self.parentWidget() is not pane:
            return
        left = max(right - self.width() - MARGIN, 0)
        ends = pane.legend_ends
        while any(end > left - MARGIN for end in ends[self._line : self._line + 2]):
            self._line += 1
        top = round(TOP + LINE * self._line) if self._line else 2
        self.move(left, top if top + self.height() <= pane.height() else 2)

    def detach(self) -> None:
        """Hide the buttons, and leave the pane, which may be about to go."""
        self.hide()
        self.setParent(None)
        self._key = ""
