"""The dialog in which a concept is made or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.errors import InputError
from ui.buttons import dialog_buttons
from ui.concepts.form import join_words, parse_concept
from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from core.model import Concept

_COLUMNS = 4


class ConceptEditor(QDialog):
    """Asks for a concept; `concept` holds it once the dialog was accepted."""

    def __init__(self, concept: Concept | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.concept: Concept | None = None
        self.setWindowTitle(tr("Edit concept") if concept is not None else tr("New concept"))
        self.resize(620, 520)
        self.name = self._line(tr("Name"), tr("A theme, such as Xiaohongshu"))
        self.keywords = self._line(tr("Keywords"), tr("Words separated by commas; Chinese too"))
        self.hashtags = self._line(tr("Hashtags"), tr("Without #, separated by commas"))
        self.cashtags = self._line(tr("Cashtags"), tr("Without $, separated by commas"))
        self.excludes = self._line(tr("Excluded words"), tr("A post with one of these is left out"))
        self.members = self._table()
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        form = QFormLayout()
        form.setSpacing(GRID)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Members"), self._members_box())
        form.addRow(tr("Keywords"), self.keywords)
        form.addRow(tr("Hashtags"), self.hashtags)
        form.addRow(tr("Cashtags"), self.cashtags)
        form.addRow(tr("Excluded words"), self.excludes)
        buttons = dialog_buttons(self, tr("Save"), tr("Cancel"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        if concept is not None:
            self._fill(concept)
        self.name.setFocus()

    def add_row(self, *texts: str) -> None:
        """Add a member's row."""
        row = self.members.rowCount()
        self.members.insertRow(row)
        for column in range(_COLUMNS):
            self.members.setItem(row, column, QTableWidgetItem(texts[column] if column < len(texts) else ""))

    def accept(self) -> None:
        """Read the form; say what is wrong with it, or take it."""
        rows = [[self._cell(row, column) for column in range(_COLUMNS)] for row in range(self.members.rowCount())]
        words = (self.keywords.text(), self.hashtags.text(), self.cashtags.text(), self.excludes.text())
        try:
            self.concept = parse_concept(self.name.text(), rows, *words)
        except InputError as problem:
            self.note.setText(str(problem))
            return
        super().accept()

    def _fill(self, concept: Concept) -> None:
        self.name.setText(concept.name)
        for m in concept.members:
            self.add_row(m.symbol, f"{m.weight:g}", m.since.isoformat() if m.since else "", m.until.isoformat() if m.until else "")  # fmt: skip  # noqa: E501
        self.keywords.setText(join_words(concept.rule.keywords))
        self.hashtags.setText(join_words(concept.rule.hashtags))
        self.cashtags.setText(join_words(concept.rule.cashtags))
        self.excludes.setText(join_words(concept.rule.excludes))

    def _line(self, name: str, hint: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        return line

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, _COLUMNS, self)
        table.setHorizontalHeaderLabels([tr("Symbol"), tr("Weight"), tr("From"), tr("Until")])
        table.setAccessibleName(tr("Members"))
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        return table

    def _members_box(self) -> QWidget:
        box = QWidget(self)
        add, remove = QPushButton(tr("Add member"), box), QPushButton(tr("Remove member"), box)
        add.setAutoDefault(False)
        remove.setAutoDefault(False)
        add.clicked.connect(self._on_add)
        remove.clicked.connect(self._on_remove)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addWidget(remove)
        row.addStretch(1)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.members)
        layout.addLayout(row)
        return box

    def _on_add(self) -> None:
        self.add_row("", "1")
        row = self.members.rowCount() - 1
        self.members.setCurrentCell(row, 0)
        item = self.members.item(row, 0)
        if item is not None:
            self.members.editItem(item)

    def _on_remove(self) -> None:
        for row in sorted({i.row() for i in self.members.selectedIndexes()}, reverse=True):
            self.members.removeRow(row)

    def _cell(self, row: int, column: int) -> str:
        item = self.members.item(row, column)
        return item.text() if item is not None else ""
