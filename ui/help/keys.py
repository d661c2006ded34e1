"""The page of keys and of what the two clocks mean."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import help_rows
from ui.buttons import dialog_buttons
from ui.i18n import tr
from ui.theme import GRID


def chart_rows() -> list[tuple[str, str]]:
    """Return (what, keys) of what the chart itself answers to."""
    return [
        (tr("Crosshair to the next or previous bar"), "← →"),
        (tr("Crosshair ten bars on"), "Ctrl+← →"),
        (tr("Horizontal line up or down in the focused pane"), "↑ ↓"),
        (tr("Move the chart"), "Shift+← →, PgUp, PgDn"),
        (tr("Zoom"), "+  −, Ctrl+↑ ↓"),
        (tr("First or newest bar"), "Home, End"),
        (tr("Range from 1D to Max"), "1 … 9"),
        (tr("Next or previous pane"), "Tab, Shift+Tab"),
        (tr("Menu of the focused pane"), tr("Menu key")),
        (tr("Select the bar under the crosshair"), tr("Return, click")),
        (tr("Let go of selection, then crosshair"), "Esc"),
        (tr("Select a range"), tr("Shift+drag")),
        (tr("Zoom at the pointer"), tr("Wheel")),
        (tr("Choose the time zone"), tr("Click on the zone below the price axis")),
        (tr("Show everything"), tr("Double-click")),
        (tr("Stretch the axis of values"), tr("Drag the axis")),
        (tr("Let the axis fit again"), tr("Double-click the axis")),
        *drawing_rows(),
        (tr("In the list of posts: mark as bullish, neutral, bearish, off topic"), "+  0  −  X"),
    ]


def drawing_rows() -> list[tuple[str, str]]:
    """Return (what, keys) of drawing with the keyboard, once a tool is at hand or a drawing chosen."""
    return [
        (tr("With a tool: move its cursor, place a point"), tr("Arrows, Return")),
        (tr("Move the chosen drawing by bars or in value"), tr("Arrows, with Shift further")),
        (tr("Move one end of it alone"), tr("Space, then arrows")),
        (tr("Edit the chosen drawing"), tr("Return, double-click")),
        (tr("Snap a point the other way than the magnet says"), tr("Ctrl+click")),
    ]


def clock_rules() -> str:
    """Return what the two clocks mean, rule by rule."""
    return "\n".join(
        f"• {rule}"
        for rule in (
            tr("The trading clock squeezes the hours in which the market is closed into narrow shaded slots."),
            tr("On the wall clock time is plain. Changing clocks leaves what is under the crosshair there."),
            tr("A daily bar is its session. A post belongs to the first bar whose close is at or after it."),
            tr("Exchanges on one axis: open when any is; each bar stands where its own exchange closed it."),
            tr("Beyond what a calendar knows, marked in amber, plain weekdays are assumed."),
            tr("The newest bar is followed while it is in sight; pan away to leave it, press End to resume."),
        )
    )


class KeysDialog(QDialog):
    """Lists all keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and the clock"))
        self.resize(680, 680)
        about = QLabel(clock_rules(), self)
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
        buttons = dialog_buttons(self, tr("Close"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(about)
        layout.addWidget(table, 1)
        layout.addWidget(buttons)
