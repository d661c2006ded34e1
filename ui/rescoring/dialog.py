"""What scoring anew changed: how many scores moved and by how much, and the days and subjects that moved most."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui import formats
from ui.buttons import dialog_buttons
from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.rescoring import Moved, Report
    from ui.rescoring.plot import ShiftPlot
    from ui.theme import Theme

_PLOT_WIDTH = 360


class RescoringDialog(QDialog):
    """Shows one report of several, the latest first."""

    def __init__(self, reports: Sequence[Report], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reports, self._theme = list(reports), theme
        self.setWindowTitle(tr("What moved"))
        self.resize(880, 480)
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(tr("Which run"))
        for report in self._reports:
            when = dt.datetime.fromtimestamp(report.ended / 1000, dt.UTC).astimezone()
            self.choice.addItem(f"{report.scorer} {report.version} · {when:%Y-%m-%d %H:%M}")
        self.choice.currentIndexChanged.connect(self._show)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, 5, self)
        self.table.setHorizontalHeaderLabels([tr("Subject"), tr("Day"), tr("Posts"), tr("Before"), tr("After")])
        self.table.setAccessibleName(tr("Subjects and days that moved most"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        buttons = dialog_buttons(self, no=tr("Close"))
        self.plot: ShiftPlot | None = None
        self._middle = QHBoxLayout()
        self._middle.setSpacing(GRID)
        self._middle.addWidget(self.table, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.choice)
        layout.addWidget(self.text)
        layout.addLayout(self._middle, 1)
        layout.addWidget(buttons)
        self._show(0)

    def _show(self, number: int) -> None:
        self.table.setRowCount(0)
        self.choice.setVisible(len(self._reports) > 1)
        if not 0 <= number < len(self._reports):
            self.text.setText(tr("No scores have been made anew yet."))
            return
        report = self._reports[number]
        self.text.setText(summary(report))
        rows = (*report.subjects, *report.days)
        self.table.setRowCount(len(rows))
        for at, moved in enumerate(rows):
            for column, text in enumerate(_cells(moved)):
                item = QTableWidgetItem(text)
                if column > 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(at, column, item)
        for column in range(1, 5):
            self.table.resizeColumnToContents(column)
        self.table.setVisible(bool(rows))
        self._plot(report)

    def _plot(self, report: Report) -> None:
        cells = report.shift.cells
        if any(cells) and self.plot is None:
            from ui.rescoring.plot import ShiftPlot  # noqa: PLC0415  loads pyqtgraph

            self.plot = ShiftPlot(self._theme, self)
            self.plot.setFixedWidth(_PLOT_WIDTH)
            self._middle.insertWidget(0, self.plot)
        if self.plot is not None:
            self.plot.setVisible(any(cells))
            if any(cells):
                self.plot.show_counts(cells)


def _cells(moved: Moved) -> tuple[str, ...]:
    day = "" if moved.day is None else f"{dt.datetime.fromtimestamp(moved.day / 1000, dt.UTC):%Y-%m-%d}"
    means = formats.score(moved.before), formats.score(moved.after)
    return moved.subject, day or tr("all days"), f"{moved.posts:,}", *means


def summary(report: Report) -> str:
    """Return what a run changed, in a few sentences."""
    shift = report.shift
    name = f"{report.scorer} {report.version}"
    lines = [
        tr("{name} judged {n} posts (before: {before}).").format(
            name=name, n=f"{report.posts:,}", before=report.before or tr("none")
        )
    ]
    if shift.both:
        lines.append(
            tr("{moved} of {n} scores moved, on average by {mean}; {crossed} from bullish to bearish or back.").format(
                moved=f"{shift.moved:,}",
                n=f"{shift.both:,}",
                mean=formats.score(shift.total / shift.both),
                crossed=f"{shift.crossed:,}",
            )
        )
    if shift.gained or shift.lost:
        lines.append(
            tr("{gained} posts gained a score, {lost} lost theirs.").format(
                gained=f"{shift.gained:,}", lost=f"{shift.lost:,}"
            )
        )
    return "\n".join(lines)
