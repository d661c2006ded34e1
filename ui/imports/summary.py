"""The dialog after an import: what was read, added, known already and set aside, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.plain import tip
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QObject

Index = QModelIndex | QPersistentModelIndex


class RejectionsModel(QAbstractTableModel):
    """File, row and reason of each row that was set aside."""

    def __init__(self, rejections: Sequence[Mapping[str, Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = [(str(r.get("file", "")), _row(r.get("row")), str(r.get("reason", ""))) for r in rejections]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own idiom; never changed
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as above
        """Return the number of columns."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        text = self._rows[index.row()][index.column()]
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("File"), tr("Row"), tr("Reason"))[section]

    def as_text(self, rows: Sequence[int] | None = None) -> str:
        """Return rows, or all, separated by tabs for a spreadsheet."""
        chosen = range(len(self._rows)) if rows is None else rows
        return "\n".join("\t".join(self._rows[r]) for r in chosen)


class ImportSummary(QDialog):
    """Shows a report; its rejected rows can be copied. Posts of nobody known lead on to a new concept."""

    concept_wanted = Signal()

    def __init__(
        self, report: Mapping[str, Any], title: str, parent: QWidget | None = None, *, posts: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Imported {what}").format(what=title))
        self.resize(640, 420)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addLayout(self._figures(report))
        for note in report.get("notes") or ():
            layout.addWidget(self._plain(str(note)))
        rejections = report.get("rejections") or ()
        self.model = RejectionsModel(rejections, self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Rows that were set aside"))
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.AcceptRole)
        close.setDefault(True)
        buttons.accepted.connect(self.accept)
        if posts and report.get("added") and not report.get("linked"):
            text = tr(
                "None of these posts speaks of a stock or concept that is known here, so no chart shows them yet."
            )
            layout.addWidget(self._plain(text))
            make = QPushButton(tr("New concept…"), self)
            make.setAutoDefault(False)
            make.clicked.connect(self.accept)
            make.clicked.connect(self.concept_wanted)
            buttons.addButton(make, QDialogButtonBox.ButtonRole.ActionRole)
        if rejections:
            shown, rejected = len(rejections), int(report.get("rejected") or 0)
            if shown < rejected:
                text = tr("The first {n} of {all} rows that were set aside:").format(
                    n=f"{shown:,}", all=f"{rejected:,}"
                )
            else:
                text = tr("Rows that were set aside:")
            layout.addWidget(self._plain(text))
            layout.addWidget(self.table, 1)
            copy = QPushButton(tr("Copy rows"), self)
            copy.setAutoDefault(False)
            copy.clicked.connect(self.copy)
            buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
            QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy)
        else:
            self.table.hide()
            layout.addStretch(1)
            self.resize(460, 240)
        layout.addWidget(buttons)

    def copy(self) -> None:
        """Copy the chosen rows, or all."""
        chosen = sorted({i.row() for i in self.table.selectedIndexes()})
        QGuiApplication.clipboard().setText(self.model.as_text(chosen or None))

    def _figures(self, report: Mapping[str, Any]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        figures = (
            (tr("Read"), report.get("read")),
            (tr("Added"), report.get("added")),
            (tr("Known already"), report.get("duplicates")),
            *(((tr("Moved"), moved),) if (moved := report.get("moved")) else ()),
            (tr("Set aside"), report.get("rejected")),
        )
        for column, (name, value) in enumerate(figures):
            number = self._plain(f"{int(value or 0):,}")
            number.setStyleSheet("font-size: 20px; font-weight: 600;")
            number.setAccessibleName(f"{name}: {value}")
            grid.addWidget(number, 0, column)
            grid.addWidget(self._plain(name), 1, column)
        grid.setColumnStretch(len(figures), 1)
        linked = report.get("linked") or {}
        if linked:
            names = ", ".join(f"{key} {int(n):,}" for key, n in sorted(linked.items(), key=lambda i: -int(i[1]))[:12])
            label = self._plain(tr("Linked to: {names}").format(names=names))
            grid.addWidget(label, 2, 0, 1, len(figures) + 1)
        return grid

    def _plain(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label


def _row(value: Any) -> str:
    return tr("whole file") if value in {0, None} else f"{int(value):,}"
