"""The line below: how old prices and posts are, which scorer, and what is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from ui import formats
from ui.i18n import later, tr
from ui.icons import icon
from ui.plain import tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from core.timeline import Provenance
    from ui.tasks import JobInfo
    from ui.theme import Theme


# Notes of a tape (`core.timeline.live`), translated where they are shown.
NOTES = (later("newest bars from live prices"),)


class StatusBar(QStatusBar):
    """Facts on the left, jobs on the right."""

    cancel_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._facts = QLabel(self)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setObjectName("facts")
        self._facts.setAccessibleName(tr("Where the figures come from"))
        self._facts.setContentsMargins(8, 0, 8, 0)
        self._job = QLabel(self)
        self._job.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = QToolButton(self)
        self._cancel.setAccessibleName(tr("Cancel the job"))
        self._cancel.setToolTip(tr("Cancel the job"))
        self._cancel.clicked.connect(lambda: self.cancel_wanted.emit(self._key))
        self._key = ""
        self._live = QToolButton(self)
        self._live.setObjectName("live")
        self._live.setAutoRaise(True)
        self._live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._live.hide()
        self.addWidget(self._facts, 1)
        for widget in (self._job, self._bar, self._cancel):
            self.addPermanentWidget(widget)
            widget.hide()
        self.addPermanentWidget(self._live)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._cancel.setIcon(icon("close", theme.muted, theme.disabled))

    @property
    def facts(self) -> str:
        """What stands on the left."""
        return self._facts.text()

    def set_facts(self, text: str) -> None:
        """Say where the figures come from."""
        self._facts.setText(text)
        self._facts.setToolTip(tip(text))

    def set_live_action(self, action: QAction) -> None:
        """Let a click on the state of live prices turn them on and off."""
        self._live.clicked.connect(action.trigger)
        self._live.show()

    def set_live(self, words: str, sentence: str) -> None:
        """Say how live prices are doing, in a few words and at length."""
        self._live.setText(words)
        self._live.setToolTip(tip(sentence))
        self._live.setAccessibleName(f"{words}. {sentence}")

    def set_jobs(self, jobs: Sequence[JobInfo]) -> None:
        """Show the oldest job and how many there are."""
        for widget in (self._job, self._bar, self._cancel):
            widget.setVisible(bool(jobs))
        if not jobs:
            return
        first = jobs[0]
        self._key = first.key
        more = tr(" (and {n} more)").format(n=len(jobs) - 1) if len(jobs) > 1 else ""
        self._job.setText(first.title + more)
        self._bar.setRange(0, 0 if first.share < 0 else 100)
        if first.share >= 0:
            self._bar.setValue(round(first.share * 100))


def facts_of(provenance: Provenance, now: int) -> str:
    """Return the facts of what is shown, `now` being the present (ms UTC)."""
    parts: list[str] = []
    if provenance.simulated:
        parts.append(tr("SIMULATED"))
    if provenance.price_source:
        price = tr("prices: {source}").format(source=provenance.price_source)
        if provenance.price_fetched is not None and not provenance.simulated:
            price += ", " + formats.age(now - provenance.price_fetched)
        parts.append(price)
    else:
        parts.append(tr("no prices"))
    sources = provenance.post_sources
    if sources:
        posts = tr("posts: 1 source") if len(sources) == 1 else tr("posts: {n} sources").format(n=len(sources))
        if provenance.collected is not None and not provenance.simulated:
            posts += ", " + formats.age(now - provenance.collected)
        parts.append(posts)
    else:
        parts.append(tr("no posts"))
    if provenance.scorer is not None:
        parts.append(str(provenance.scorer))
    parts += map(tr, provenance.notes)
    return " · ".join(parts)
