"""What the user can say of a post: names, keys, and the buttons that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.i18n import later, tr
from ui.plain import tip
from ui.posts.explain import explanation, unit
from ui.theme import GRID

if TYPE_CHECKING:
    from ui.posts.jobs import PostRow
    from ui.theme import Theme

# By the verdict of core.store.corrections: its name, the mark that stands for it, and its key in the list.
NAMES: Final = {
    "bullish": later("Bullish"),
    "neutral": later("Neutral"),
    "bearish": later("Bearish"),
    "off-topic": later("Off topic"),
}
KEYS: Final = {"+": "bullish", "=": "bullish", "0": "neutral", "-": "bearish", "x": "off-topic"}
_LINES: Final = 4
_SHOWN_KEYS: Final = {"bullish": "+", "neutral": "0", "bearish": "−", "off-topic": "X"}


class PostDetails(QWidget):
    """Below the list: what made the chosen post's score, and what the user says of it."""

    verdict_wanted = Signal(str)  # a verdict; the one that the post has takes it away

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setObjectName("postExplanation")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._text.setAccessibleName(tr("What made the score"))
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._buttons: dict[str, QToolButton] = {}
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        for verdict, name in NAMES.items():
            button = QToolButton(self)
            button.setText(tr(name))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setAccessibleName(tr("Mark as {verdict}").format(verdict=tr(name)))
            button.clicked.connect(lambda _checked=False, verdict=verdict: self.verdict_wanted.emit(verdict))
            self._buttons[verdict] = button
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._text)
        layout.addLayout(line)
        self.set_theme(theme)
        self.show_row(None, may_mark=False)

    def set_theme(self, theme: Theme) -> None:
        """Write in other colours."""
        self._text.setStyleSheet(f"font-size: {theme.small_px}px; color: {theme.muted};")
        # As high whatever stands there: the list above must not jump from post to post.
        self._text.ensurePolished()
        self._text.setFixedHeight(_LINES * self._text.fontMetrics().lineSpacing())

    def show_row(self, row: PostRow | None, *, may_mark: bool) -> None:
        """Show a post, or that none is chosen."""
        self._text.setText(explanation(row) if row else tr("Choose a post to see what made its score."))
        self._text.setToolTip(tip(f"{explanation(row)}\n{unit(row)}".strip()) if row else "")
        self._text.setAccessibleDescription(self._text.text())
        for verdict, button in self._buttons.items():
            button.setEnabled(row is not None and may_mark)
            button.setChecked(row is not None and row.stored.verdict == verdict)
            name = tr(NAMES[verdict])
            if row is not None and not may_mark:
                button.setToolTip(tr("The sample cannot be marked."))
            else:
                button.setToolTip(
                    tr("Mark as {verdict} ({key}); once more takes the mark away").format(
                        verdict=name, key=_SHOWN_KEYS[verdict]
                    )
                )


def verdict_name(verdict: str) -> str:
    """Return a verdict's name in the user's language."""
    return tr(NAMES[verdict]) if verdict in NAMES else verdict
