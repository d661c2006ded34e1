"""Slim lines above the chart: the sample, the state of a service, a failure. Each has a key and stands once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.icons import icon, pixmap
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.theme import Theme

Button = tuple[str, "Callable[[], object]"]


class Banner(QFrame):
    """One line: icon, sentence, buttons, and a cross to put it away."""

    def __init__(self, text: str, kind: str, theme: Theme, buttons: Sequence[Button], parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setObjectName("banner")
        self.setAccessibleName(text)
        self._mark = QLabel(self)
        self.label = QLabel(text, self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setMinimumWidth(100)
        self.close_button = QToolButton(self)
        self.close_button.setAccessibleName(tr("Put this message away"))
        self.close_button.setToolTip(tr("Put this message away"))
        self.close_button.setIconSize(QSize(14, 14))
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID + GRID // 2, GRID // 2, GRID, GRID // 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._mark)
        layout.addWidget(self.label, 1)
        for title, run in buttons:
            button = QPushButton(title, self)
            button.clicked.connect(lambda _checked=False, run=run: run())
            layout.addWidget(button)
        layout.addWidget(self.close_button)
        self.set_theme(theme)

    def fit(self, width: int) -> int:
        """Take the height that the sentence needs at a width, and return it."""
        layout = self._row
        margins = layout.contentsMargins()
        items = [layout.itemAt(i) for i in range(layout.count())]
        others = [w for item in items if item is not None and (w := item.widget()) is not None]
        taken = sum(w.sizeHint().width() for w in others if w is not self.label)
        taken += margins.left() + margins.right() + layout.spacing() * (layout.count() - 1)
        height = max(self.label.heightForWidth(max(width - taken, 100)), 3 * GRID) + GRID
        self.setFixedHeight(height)
        return height

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        tint = {"info": theme.accent, "warning": theme.warning, "error": theme.error}[self.kind]
        self._mark.setPixmap(pixmap("info" if self.kind == "info" else "warning", tint, 16))
        self.close_button.setIcon(icon("close", theme.muted, theme.disabled))
        self.setStyleSheet(
            f"#banner {{ background: {theme.raised}; border: none; border-bottom: 1px solid {theme.border};"
            f" border-left: 3px solid {tint}; }} #banner QPushButton {{ padding: 0 {GRID + 4}px; }}"
        )


class Banners(QWidget):
    """The stack of banners."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: dict[str, Banner] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def put(self, key: str, text: str, kind: str = "info", buttons: Sequence[Button] = ()) -> Banner:
        """Show a sentence; `kind` is "info", "warning" or "error". The older one of this key goes."""
        self.remove(key)
        banner = Banner(text, kind, self._theme, buttons, self)
        banner.close_button.clicked.connect(lambda: self.remove(key))
        self._shown[key] = banner
        self._column.addWidget(banner)
        self._fit()
        self.changed.emit()
        return banner

    def remove(self, key: str) -> None:
        """Take a sentence away."""
        banner = self._shown.pop(key, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
            self._fit()
            self.changed.emit()

    @property
    def any(self) -> bool:
        """Whether there is a sentence to show."""
        return bool(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the sentences anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Fix the height: a tool bar asks its widgets for none that depends on their width.

        Before the bar is shown its width means nothing, and a height for it could make the whole window grow.
        """
        width = self.width() if self.isVisible() else self.window().width()
        self.setFixedHeight(sum(b.fit(width) for b in self._shown.values()))

    def text(self, key: str) -> str:
        """Return the sentence that is shown under a key, or ""."""
        banner = self._shown.get(key)
        return banner.label.text() if banner is not None else ""

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for banner in self._shown.values():
            banner.set_theme(theme)


def banner_bar(banners: Banners, parent: QWidget) -> QToolBar:
    """Return a bar that holds the banners over the whole width of the window, and is there only while one is."""
    bar = QToolBar(tr("Messages"), parent)
    bar.setObjectName("messages")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setStyleSheet("QToolBar { padding: 0; border: none; spacing: 0; }")
    bar.addWidget(banners)
    banners.changed.connect(lambda: bar.setVisible(banners.any))
    bar.setVisible(banners.any)
    return bar
