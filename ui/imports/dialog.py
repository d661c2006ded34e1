"""The dialog before an import: what the files hold, and what only the user can know of them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.model import Interval, MetricKind
from ui.i18n import tr
from ui.imports.guess import KINDS, Look, look
from ui.imports.request import ImportRequest
from ui.plain import tip
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent

    from ui.tasks import Tasks

ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "America/New_York", "Europe/London", "UTC")
POST_FIELDS = ("", "id", "time", "text", "title", "author", "followers", "likes", "comments", "shares", "views",
               "lang", "tags", "symbols", "url", "repost", "stance", "source")  # fmt: skip
METRIC_FIELDS = ("", "time", "value", "item")
EVENT_FIELDS = ("", "time", "clock", "title", "note", "url", "id")
KEY = "look"


class _ColumnBox(QComboBox):
    """The choice of a column's field; the wheel scrolls the table, not the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the table."""
        event.ignore()


class ImportDialog(QDialog):
    """Asks how to import some files; `request` holds the answer once the dialog was accepted."""

    def __init__(
        self,
        files: Sequence[str],
        tasks: Tasks,
        *,
        kind: str = "",
        subjects: Sequence[str] = (),
        concepts: Sequence[str] = (),
        current: str = "",
        speaker: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._files: tuple[str, ...] = tuple(files)
        self._tasks = tasks
        self._look = Look(self._files[0])
        self.request: ImportRequest | None = None
        self.setWindowTitle(tr("Import"))
        self.resize(760, 560)
        names = ", ".join(_name(f) for f in self._files[:4]) + (" …" if len(self._files) > 4 else "")
        self.title = self._plain(names)
        self.title.setStyleSheet("font-weight: 600;")
        self.kind = self._choice(tr("Kind of data"), [(k, _kind_text(k)) for k in KINDS])
        self.preset = self._choice(tr("Form"), [("", tr("As recognised by its columns"))])
        self.subject = self._free(tr("Subject"), subjects, tr("By words and tags alone"))
        self.symbol = self._free(tr("Symbol"), [s for s in subjects if s not in concepts], "300792.SZ")
        self.metric_name = self._line(tr("Metric"), tr("Its name, such as US App Store rank"))
        self.metric_kind = self._choice(
            tr("Drawn as"),
            [("", tr("By its name")), *((str(k), _metric_text(k)) for k in MetricKind)],
        )
        self.source = self._line(tr("Source"), tr("As the file says"))
        self.interval = self._choice(tr("Interval"), [("", tr("As found")), *((str(i), str(i)) for i in Interval)])
        self.zone = self._free(tr("Zone of times without one"), ZONES, tr("As the form says"))
        self.form = QFormLayout()
        self.form.setSpacing(GRID)
        for name, widget in (
            (tr("Kind of data"), self.kind),
            (tr("Form"), self.preset),
            (tr("Symbol"), self.symbol),
            (tr("Interval"), self.interval),
            (tr("Subject"), self.subject),
            (tr("Metric"), self.metric_name),
            (tr("Drawn as"), self.metric_kind),
            (tr("Source"), self.source),
            (tr("Zone of times without one"), self.zone),
        ):
            self.form.addRow(name, widget)
        self.hint = self._plain("")
        self.preview = self._make_preview()
        self.buttons = QDialogButtonBox(self)
        self._ok = self.buttons.addButton(tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._ok.setDefault(True)
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addLayout(self.form)
        layout.addWidget(self.hint)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.buttons)
        self._fill_presets()
        self._speaker = speaker or current
        self._current, self._concepts, self._asked_kind = current, list(concepts), kind
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.symbol.editTextChanged.connect(self._check)
        self.subject.editTextChanged.connect(self._check)
        self.metric_name.textChanged.connect(self._check)
        self._set_kind(kind or "posts")
        self._tasks.submit(KEY, functools.partial(look, path=self._look.path), self.show_look, self._on_failed)

    @property
    def mapping(self) -> tuple[tuple[str, str], ...]:
        """(field, column) of the columns whose field differs from what was recognised."""
        known = dict(self._look.found) if self._kind() == "posts" else {}
        chosen: list[tuple[str, str]] = []
        for column, name in enumerate(self._look.columns):
            box = self.preview.cellWidget(0, column)
            field = box.currentData() if isinstance(box, QComboBox) else ""
            if field and known.get(field) != name:
                chosen.append((field, name))
        return tuple(chosen)

    def show_look(self, found: Look) -> None:
        """Show what the first look found and choose accordingly."""
        self._look = found
        if not self._asked_kind and found.columns:
            self._set_kind(found.kind)
        if found.symbol and not self.symbol.currentText():
            self.symbol.setEditText(found.symbol)
        elif self._current and self._current not in self._concepts and not self.symbol.currentText():
            self.symbol.setEditText(self._current)
        if not self.metric_name.text() and found.columns:
            self.metric_name.setText(_name(found.path).split(".")[0].replace("_", " "))
        self._fill_preview()

    def make_request(self) -> ImportRequest:
        """Return what the form says."""
        kind = self._kind()
        return ImportRequest(
            kind=kind,
            files=self._files,
            preset=self.preset.currentData() if kind == "posts" else "",
            mapping=self.mapping if kind != "prices" else (),
            zone=self.zone.currentText().strip(),
            source=self.source.text().strip() if kind != "prices" else "",
            subject=self.subject.currentText().strip() if kind != "prices" else "",
            symbol=self.symbol.currentText().strip() if kind == "prices" else "",
            interval=self.interval.currentData() if kind == "prices" else "",
            metric=self.metric_name.text().strip() if kind == "metrics" else "",
            metric_kind=self.metric_kind.currentData() if kind == "metrics" else "",
        )

    def accept(self) -> None:
        """Take the form as it stands."""
        self.request = self.make_request()
        super().accept()

    def done(self, result: int) -> None:
        """Stop looking."""
        self._tasks.cancel(KEY)
        super().done(result)

    def _on_failed(self, error: Exception) -> None:
        self.show_look(Look(self._files[0], problem=str(error)))

    def _kind(self) -> str:
        return self.kind.currentData()

    def _set_kind(self, kind: str) -> None:
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._on_kind()

    def _on_kind(self) -> None:
        kind = self._kind()
        for widget, kinds in (
            (self.preset, {"posts"}),
            (self.symbol, {"prices"}),
            (self.interval, {"prices"}),
            (self.subject, {"posts", "metrics", "events"}),
            (self.metric_name, {"metrics"}),
            (self.metric_kind, {"metrics"}),
            (self.source, {"posts", "metrics"}),
        ):
            self.form.setRowVisible(widget, kind in kinds)
        if self.subject.currentText() in {"", self._speaker, self._current}:  # not what the user wrote
            # A metric is of whom is spoken, an event of the chart at hand; posts find their subjects by themselves.
            self.subject.setEditText({"metrics": self._speaker, "events": self._current}.get(kind, ""))
        self._fill_preview()

    def _check(self, *_: object) -> None:
        """Allow the import once what it needs is there."""
        kind = self._kind()
        missing = ""
        if self._look.problem and len(self._files) == 1:
            missing = self._look.problem
        elif kind == "prices" and not self.symbol.currentText().strip():
            missing = tr("Say whose prices these are.")
        elif kind == "events" and not self.subject.currentText().strip():
            missing = tr("Say on whose chart the events stand.")
        elif kind == "metrics" and not (self.subject.currentText().strip() and self.metric_name.text().strip()):
            missing = tr("Say whose metric this is, and its name.")
        self._ok.setEnabled(not missing)
        self.hint.setText(missing or self._facts())

    def _facts(self) -> str:
        if not self._look.columns:
            return tr("Looking at the file…") if not self._look.problem else self._look.problem
        if self._kind() != "posts":
            return tr("The first rows:")
        fields = dict(self._look.found)
        if "time" not in fields:
            return tr("No column is known as the time of a post; say above a column what it holds.")
        if "text" not in fields and "title" not in fields:
            return tr("No column is known as the text; say above a column what it holds.")
        return tr("Recognised as {form}. The first rows:").format(form=self._look.preset)

    def _fill_presets(self) -> None:
        from core.ingest.formats import presets  # noqa: PLC0415  not needed to start

        for name in presets():
            self.preset.addItem(name, name)

    def _fill_preview(self) -> None:
        found, table = self._look, self.preview
        table.clear()
        mapped = self._kind() != "prices" and not found.calendar
        table.setColumnCount(len(found.columns))
        table.setRowCount(len(found.rows) + mapped)
        table.setHorizontalHeaderLabels([str(c) for c in found.columns])
        fields = {column: field for field, column in found.found} if self._kind() == "posts" else {}
        for number, column in enumerate(found.columns):
            if mapped:
                box = _ColumnBox(table)
                for field in {"posts": POST_FIELDS, "events": EVENT_FIELDS}.get(self._kind(), METRIC_FIELDS):
                    box.addItem(field or "–", field)
                box.setCurrentIndex(max(box.findData(fields.get(column, "")), 0))
                box.setAccessibleName(tr("Field of column {column}").format(column=column))
                table.setCellWidget(0, number, box)
            for row, cells in enumerate(found.rows):
                item = QTableWidgetItem(cells[number])
                item.setToolTip(tip(cells[number]))
                table.setItem(row + mapped, number, item)
            table.setColumnWidth(number, 132)
        self._check()

    def _make_preview(self) -> QTableWidget:
        table = QTableWidget(self)
        table.setAccessibleName(tr("First rows of the file"))
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.setMinimumHeight(160)
        return table

    def _choice(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        for value, text in choices:
            box.addItem(text, value)
        return box

    def _free(self, name: str, choices: Sequence[str], hint: str) -> QComboBox:
        box = QComboBox(self)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(list(choices))
        box.setCurrentIndex(-1)
        box.setEditText("")
        box.setAccessibleName(name)
        line = box.lineEdit()
        if line is not None:
            line.setPlaceholderText(hint)
        return box

    def _line(self, name: str, hint: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        return line

    def _plain(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _kind_text(kind: str) -> str:
    return {
        "posts": tr("Posts"),
        "prices": tr("Prices"),
        "metrics": tr("Ranks and counters"),
        "events": tr("Events"),
    }[kind]


def _metric_text(kind: MetricKind) -> str:
    return {
        MetricKind.RANK: tr("Rank (1 is best)"),
        MetricKind.LEVEL: tr("Level"),
        MetricKind.COUNTER: tr("Counter that grows"),
    }[kind]
