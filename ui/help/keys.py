"""The page of keys and of what the two clocks mean."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import help_rows
from ui.i18n import tr
from ui.theme import GRID


def chart_rows() -> list[tuple[str, str]]:
    """Return (what, keys) of what the chart itself answers to."""
    return [
        (tr("Crosshair to the next or previous bar"), "← →"),
        (tr("Move the chart"), "Shift+← →"),
        (tr("Zoom"), "+  −"),
        (tr("First or newest bar"), "Home  End"),
        (tr("Select the bar under the crosshair"), tr("Return, click")),
        (tr("Select a range"), tr("Shift+drag")),
        (tr("Zoom at the pointer"), tr("Wheel")),
        (tr("Show everything"), tr("Double-click")),
    ]


class KeysDialog(QDialog):
    """Lists all keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and the clock"))
        self.resize(520, 560)
        about = QLabel(
            tr(
                "On the trading clock the hours in which the market is closed are squeezed into narrow shaded slots; "
                "on the wall clock time is plain. A post belongs to the first bar whose close is at or after it."
            ),
            self,
        )
        about.setWordWrap(True)
        about.setTextFormat(Qt.TextFormat.PlainText)
        rows = chart_rows() + help_rows()
        table = QTableWidget(len(rows), 2, self)
        table.setAccessibleName(tr("Keys"))
        table.setHorizontalHeaderLabels([tr("What"), tr("Keys")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for number, (what, keys) in enumerate(rows):
            table.setItem(number, 0, QTableWidgetItem(what))
            table.setItem(number, 1, QTableWidgetItem(keys))
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(about)
        layout.addWidget(table, 1)
        layout.addWidget(buttons)
