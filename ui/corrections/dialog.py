"""All marks, in and out; and the layer learned from them, with what it is worth before anybody uses it."""

from __future__ import annotations

import datetime as dt
import functools
import math
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.buttons import dialog_buttons
from ui.corrections.jobs import export_marks, forget_layer, import_marks, learn_layer, read_marks, unmark, weigh_layer
from ui.i18n import tr
from ui.posts.verdicts import verdict_name
from ui.theme import GRID

if TYPE_CHECKING:
    from core.sentiment.personal_fit import Figure, Worth
    from ui.corrections.jobs import Marks
    from ui.jobs import Place
    from ui.tasks import Tasks

KEY = "marks"
_PATTERN = "(*.jsonl)"


class MarksDialog(QDialog):
    """Shows what the store holds; every act is a job on it."""

    marks_changed = Signal()  # counts, and what a layer is learned from, are others now
    layer_changed = Signal(str)  # the scorer to be shown; "" where there is no layer any more

    def __init__(self, tasks: Tasks, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._place = tasks, place
        self._marks: Marks | None = None
        self.setWindowTitle(tr("My marks"))
        self.resize(680, 620)
        self.table = self._make_table()
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        acts = QHBoxLayout()
        acts.setSpacing(GRID)
        self.remove_button = self._button(acts, tr("Remove"), self._remove)
        self.export_button = self._button(acts, tr("Export…"), self._export)
        self.import_button = self._button(acts, tr("Import…"), self._import)
        acts.addStretch(1)
        buttons = dialog_buttons(self, no=tr("Close"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.table, 1)
        layout.addLayout(acts)
        layout.addWidget(self._make_layer())
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self._run(read_marks, self._show)

    def begin(self, act: str) -> None:
        """Ask at once where to write ("export") or read ("import") marks."""
        QTimer.singleShot(0, self, self._export if act == "export" else self._import)

    # -- building

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setHorizontalHeaderLabels([tr("Marked"), tr("As"), tr("Subject"), tr("Text")])
        table.setAccessibleName(tr("My marks"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(lambda: self.remove_button.setEnabled(bool(table.selectedItems())))
        return table

    def _make_layer(self) -> QGroupBox:
        box = QGroupBox(tr("A layer of my own"), self)
        what = QLabel(
            tr(
                "From your marks a small correction of crowd can be learned: a scorer of its own, crowd+mine. "
                "Below is what it would be worth, each mark judged by a layer that has not seen it."
            ),
            box,
        )
        what.setTextFormat(Qt.TextFormat.PlainText)
        what.setWordWrap(True)
        self.state = QLabel(box)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        self.tags = QCheckBox(tr("Learn from authors' own Bullish and Bearish tags as well"), box)
        self.tags.toggled.connect(lambda _on: self._clear_figures())
        self._figures = QGridLayout()
        self._figures.setHorizontalSpacing(2 * GRID)
        self._cells: dict[tuple[int, int], QLabel] = {}
        rows = (("", "crowd", "crowd+mine"), (tr("Bullish from bearish (AUC)"), "", ""), (tr("Right class"), "", ""))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                cell = QLabel(text, box)
                cell.setTextFormat(Qt.TextFormat.PlainText)
                self._cells[row, column] = cell
                self._figures.addWidget(cell, row, column)
        self._figures.setColumnStretch(3, 1)
        self.worth = QLabel(box)
        self.worth.setTextFormat(Qt.TextFormat.PlainText)
        self.worth.setWordWrap(True)
        acts = QHBoxLayout()
        acts.setSpacing(GRID)
        self.try_button = self._button(acts, tr("Try"), self._try)
        self.learn_button = self._button(acts, tr("Learn and use"), self._learn)
        self.forget_button = self._button(acts, tr("Stop using"), self._forget)
        acts.addStretch(1)
        layout = QVBoxLayout(box)
        layout.setSpacing(GRID)
        layout.addWidget(what)
        layout.addWidget(self.state)
        layout.addWidget(self.tags)
        layout.addLayout(self._figures)
        layout.addWidget(self.worth)
        layout.addLayout(acts)
        self._clear_figures()
        return box

    def _button(self, line: QHBoxLayout, text: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        line.addWidget(button)
        return button

    # -- showing

    def _show(self, marks: Marks) -> None:
        self._marks = marks
        self.table.setRowCount(len(marks.corrections))
        for at, mark in enumerate(marks.corrections):
            when = dt.datetime.fromtimestamp(mark.marked / 1000, dt.UTC).astimezone()
            texts = (f"{when:%Y-%m-%d %H:%M}", verdict_name(mark.verdict), mark.subject, " ".join(mark.text.split()))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip("")
                self.table.setItem(at, column, item)
        for column in range(3):
            self.table.resizeColumnToContents(column)
        some = bool(marks.corrections)
        stances = sum(m.verdict != "off-topic" for m in marks.corrections)
        self.remove_button.setEnabled(False)
        self.export_button.setEnabled(some)
        self.tags.setEnabled(marks.tagged > 0)
        own = marks.mine
        if own is not None and own.tags:
            self.tags.setChecked(True)
        for button in (self.try_button, self.learn_button):
            button.setEnabled(stances > 0 or (marks.tagged > 0))
        self.forget_button.setEnabled(own is not None)
        if own is None:
            text = tr("No layer is in use. Marks to learn from: {n}. Posts that their authors tagged: {tags}.")
            self.state.setText(text.format(n=stances, tags=f"{marks.tagged:,}"))
        else:
            text = tr("In use: {name}, learned from {n} marks.").format(name=own.layer.id, n=f"{own.marks:,}")
            fresh = tr("Marks have changed since.") if own.fresh else ""
            self.state.setText(f"{text} {fresh}".strip())

    def _show_worth(self, worth: Worth) -> None:
        self._enable(acting=False)
        pairs = ((worth.auc_before, worth.auc_after), (worth.accuracy_before, worth.accuracy_after))
        for row, figures in enumerate(pairs, 1):
            for column, figure in enumerate(figures, 1):
                self._cells[row, column].setText(_figure(figure))
        what = tr("{n} of your marks") if worth.own else tr("{n} marks and tags of authors, as few are yours")
        counts = tr("{bull} bullish, {neutral} neutral, {bear} bearish; 95 % intervals in brackets").format(
            bull=worth.bullish, neutral=worth.neutral, bear=worth.bearish
        )
        few = " " + tr("Too few to tell.") if min(worth.bullish, worth.bearish) < 10 else ""
        self.worth.setText(f"{what.format(n=worth.n)}: {counts}.{few}")

    def _clear_figures(self) -> None:
        for (row, column), cell in self._cells.items():
            if row and column:
                cell.setText("–")
        self.worth.setText("")

    def _enable(self, *, acting: bool) -> None:
        if self._marks is not None:
            self._show(self._marks)
        if acting:
            for button in (self.try_button, self.learn_button, self.forget_button):
                button.setEnabled(False)

    # -- acting

    def _run(self, job: object, done: object, **options: object) -> None:
        bound = functools.partial(job, place=self._place, **options)  # pyright: ignore[reportCallIssue, reportArgumentType]
        self._tasks.submit(KEY, bound, done, self._fail)  # pyright: ignore[reportArgumentType]

    def _fail(self, error: Exception) -> None:
        self._enable(acting=False)
        self.note.setText(str(error))

    def _try(self) -> None:
        self._enable(acting=True)
        self._run(weigh_layer, self._show_worth, tags=self.tags.isChecked())

    def _learn(self) -> None:
        self._enable(acting=True)
        self._run(learn_layer, self._on_learned, tags=self.tags.isChecked())

    def _on_learned(self, name: str) -> None:
        self.note.setText(tr("Stored posts are being scored by it now; the chart shows it when all are done."))
        self.layer_changed.emit(name)
        self._run(read_marks, self._show)

    def _forget(self) -> None:
        self._enable(acting=True)
        self._run(forget_layer, lambda _none: self._on_forgotten())

    def _on_forgotten(self) -> None:
        self.layer_changed.emit("")
        self._run(read_marks, self._show)

    def _remove(self) -> None:
        if self._marks is None:
            return
        rows = sorted({item.row() for item in self.table.selectedItems()})
        chosen = [self._marks.corrections[row] for row in rows]
        self._run(unmark, self._on_unmarked, marks=chosen)

    def _on_unmarked(self, marks: Marks) -> None:
        self._show(marks)
        self.marks_changed.emit()

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Export marks"), "marks.jsonl", tr("Marks") + f" {_PATTERN}")
        if name:
            told = tr("{n} marks written to {file}.")
            self._run(
                export_marks, lambda n: self.note.setText(told.format(n=n, file=Path(name).name)), path=Path(name)
            )

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Import marks"), "", tr("Marks") + f" {_PATTERN}")
        if name:
            self._run(import_marks, self._on_imported, path=Path(name))

    def _on_imported(self, counts: tuple[int, int, int]) -> None:
        done, posts, subjects = counts
        told = [tr("{n} marks taken over.").format(n=f"{done:,}")]
        if posts:
            told.append(tr("{n} left out: their posts are not in the store.").format(n=f"{posts:,}"))
        if subjects:
            told.append(tr("{n} left out: their subjects are unknown.").format(n=f"{subjects:,}"))
        self.note.setText(" ".join(told))
        self.marks_changed.emit()
        self._run(read_marks, self._show)


def _figure(figure: Figure) -> str:
    return "–" if math.isnan(figure.value) else f"{figure.value:.2f} [{figure.low:.2f} … {figure.high:.2f}]"
