"""The dialog that finds an instrument by symbol or name. With no network a symbol can still be added."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.errors import CrowdtapeError
from core.model import Instrument
from ui.i18n import tr
from ui.plain import tip
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.feeds import Found
    from ui.tasks import Tasks

PAUSE_MS = 400
KEY = "search"


class AddSymbolDialog(QDialog):
    """Asks for an instrument; `chosen` holds it once the dialog was accepted.

    `search` is a job of `ui.tasks` that takes a context and `text` and returns what was found.
    """

    def __init__(
        self, tasks: Tasks, search: Callable[..., list[Found]], text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._find = tasks, search
        self.chosen: Instrument | None = None
        self.setWindowTitle(tr("Add symbol"))
        self.resize(560, 400)
        self.text = QLineEdit(text, self)
        self.text.setPlaceholderText(tr("Symbol or company, such as 300792.SZ, AAPL, Alibaba"))
        self.text.setAccessibleName(tr("Symbol or company"))
        self.text.setClearButtonEnabled(True)
        self.results = self._make_results()
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(2 * 18)
        self.fetch = QCheckBox(tr("Fetch its daily prices"), self)
        self.fetch.setChecked(True)
        self.buttons = QDialogButtonBox(self)
        self._add = self.buttons.addButton(tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        for widget in (self.text, self.results, self.note, self.fetch, self.buttons):
            layout.addWidget(widget)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.text.textChanged.connect(self._on_text)
        self._on_text(text)

    @property
    def candidate(self) -> Instrument | None:
        """The chosen answer, or the text as a symbol where it reads like one."""
        row = self.results.currentRow()
        item = self.results.item(row, 0) if row >= 0 else None
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def accept(self) -> None:
        """Take the chosen instrument."""
        self.chosen = self.candidate
        if self.chosen is not None:
            super().accept()

    def done(self, result: int) -> None:
        """Stop searching."""
        self._pause.stop()
        self._tasks.cancel(KEY)
        super().done(result)

    def show_found(self, found: list[Found]) -> None:
        """List the answers, the text itself first where it could be a symbol."""
        typed = self._typed()
        rows = [(Instrument(f.symbol, f.name), f.exchange, f.kind) for f in found]
        if typed is not None and typed.symbol not in {r[0].symbol for r in rows}:
            rows.insert(0, (typed, "", ""))
        self.results.setRowCount(len(rows))
        for number, (instrument, exchange, kind) in enumerate(rows):
            name = instrument.name or tr("as typed")
            for column, text in enumerate((instrument.symbol, name, exchange, kind)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(text))
                item.setData(Qt.ItemDataRole.UserRole, instrument)
                self.results.setItem(number, column, item)
        if rows:
            self.results.selectRow(0)
        self._add.setEnabled(bool(rows))

    def _make_results(self) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setHorizontalHeaderLabels([tr("Symbol"), tr("Name"), tr("Exchange"), tr("Kind")])
        table.setAccessibleName(tr("Instruments found"))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.setTabKeyNavigation(False)
        table.doubleClicked.connect(lambda _index: self.accept())
        return table

    def _typed(self) -> Instrument | None:
        from core.linking import normalise_symbol  # noqa: PLC0415  not needed to start

        text = self.text.text().strip()
        if not text or " " in text or len(text) > 20 or not text.isascii():
            return None
        return Instrument(normalise_symbol(text))

    def _on_text(self, text: str) -> None:
        self.show_found([])
        self.note.setText("" if text.strip() else tr("Answers come from Yahoo as you type."))
        if text.strip():
            self._pause.start()

    def _search(self) -> None:
        text = self.text.text().strip()
        self.note.setText(tr("Searching…"))
        self._tasks.submit(KEY, functools.partial(self._find, text=text), self._on_found, self._on_failed)

    def _on_found(self, found: list[Found]) -> None:
        self.show_found(found)
        self.note.setText("" if found else tr("Nothing found by this name."))

    def _on_failed(self, error: Exception) -> None:
        known = str(error) if isinstance(error, CrowdtapeError) else f"{type(error).__name__}: {error}"
        self.note.setText(tr("{problem} The symbol can be added all the same.").format(problem=known.rstrip(".") + "."))
