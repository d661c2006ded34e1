"""The settings' part about scorers of the user's own: the layer of their marks, and a transformer from a folder."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from ui.i18n import tr
from ui.settings import jobs
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.jobs import Place
    from ui.settings.jobs import OwnScorers
    from ui.tasks import Tasks

KEY = "own scorers"
_CODE = re.compile(r"[a-z]{2}")


class ScorersBox(QGroupBox):
    """Shows what is in use. A transformer is off until a folder is named, and is taken only once it could be read."""

    marks_wanted = Signal()
    changed = Signal()  # posts are to be scored by another transformer, or by none

    def __init__(self, tasks: Tasks, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(tr("Scorers of my own"), parent)
        self._tasks, self._place = tasks, place
        self._kept: tuple[str, tuple[str, ...]] | None = None  # folder and languages of the transformer in use
        self.layer = QLabel(self)
        self.layer.setTextFormat(Qt.TextFormat.PlainText)
        self.layer.setWordWrap(True)
        self.marks = QPushButton(tr("My marks…"), self)
        self.marks.setAutoDefault(False)
        self.marks.clicked.connect(self.marks_wanted)
        self.use = QCheckBox(tr("Score posts with a transformer from a folder as well (ONNX)"), self)
        self.folder = QLineEdit(self)
        self.folder.setAccessibleName(tr("Folder of the model"))
        self.folder.setPlaceholderText(tr("Holds model.onnx, config.json and the tokenizer"))
        self.choose = QPushButton(tr("Choose…"), self)
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.languages = QLineEdit("en", self)
        self.languages.setAccessibleName(tr("Languages it reads"))
        self.languages.setPlaceholderText("en zh")
        self.use.toggled.connect(self._enable)
        self._lay_out()
        self._enable(on=False)
        self.setEnabled(False)
        tasks.submit(KEY, functools.partial(jobs.read, place=place), self._show)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setSpacing(GRID)
        form.addRow(tr("My corrections"), _row(self.layer, self.marks))
        form.addRow(self.use)
        form.addRow(tr("Folder of the model"), _row(self.folder, self.choose))
        form.addRow(tr("Languages it reads"), self.languages)

    def _show(self, own: OwnScorers) -> None:
        self.setEnabled(True)
        none = tr("None learned yet: mark posts as bullish or bearish, and see what it is worth.")
        self.layer.setText(tr("In use: {name}").format(name=own.layer) if own.layer else none)
        if own.folder is not None:
            self._kept = str(own.folder), own.languages
            self.folder.setText(str(own.folder))
            self.languages.setText(" ".join(own.languages))
            self.use.setChecked(True)
            if not own.found:
                self.folder.setToolTip(tr("There is no model in this folder just now."))

    def _enable(self, on: bool) -> None:  # noqa: FBT001  as the signal has it
        for widget in (self.folder, self.choose, self.languages):
            widget.setEnabled(on)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder of the model"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _wanted(self) -> tuple[str, tuple[str, ...]] | None:
        codes = tuple(dict.fromkeys(self.languages.text().replace(",", " ").split()))
        return (self.folder.text().strip(), codes) if self.use.isChecked() else None

    def problem(self) -> str:
        """Return what is unfit in what was typed, "" for nothing."""
        wanted = self._wanted()
        if wanted is None or wanted == self._kept:
            return ""
        if not wanted[0]:
            return tr("Name the folder of the transformer, or leave it off.")
        if not wanted[1] or not all(map(_CODE.fullmatch, wanted[1])):
            return tr("Write the languages that the transformer reads as codes, such as en zh.")
        return ""

    def save(self, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Keep what was chosen and call `done`, or `failed` with why the model cannot be used; nothing changes then."""
        wanted = self._wanted()
        if wanted == self._kept:
            done()
            return

        def kept(_none: object) -> None:
            self._kept = wanted
            self.changed.emit()
            done()

        folder, languages = (Path(wanted[0]), wanted[1]) if wanted else (None, ())
        job = functools.partial(jobs.choose, place=self._place, folder=folder, languages=languages)
        self._tasks.submit(KEY, job, kept, failed)


def _row(wide: QWidget, button: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    row.addWidget(wide, 1)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    return row
