"""The list in which a study is found, and the parameters of one that is shown."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.analysis.sources import SOURCES
from core.analysis.studies import STUDIES, study_of, study_title
from core.layout import Option, StudySpec
from ui.buttons import dialog_buttons
from ui.i18n import later, tr
from ui.panes.form import OptionForm
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from core.layout import Value

_SOURCE = "source"
_OWN = ""


class StudyPicker(QDialog):
    """Every study by name, with a line to search in and a choice of what it is made of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add study"))
        self.resize(420, 360)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search studies"))
        self.search.setAccessibleName(tr("Search studies"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Studies"))
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.list.currentItemChanged.connect(lambda *_: self._allow())
        for study in STUDIES.values():
            item = QListWidgetItem(f"{tr(study.label)}   {study.short}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, study.kind)
            # What can be typed to find it: its name in both languages, and its short one.
            item.setData(Qt.ItemDataRole.UserRole + 1, f"{tr(study.label)} {study.label} {study.short}".casefold())
        self.source = QComboBox(self)
        self.source.addItem(tr("What the pane shows"), _OWN)
        for source in SOURCES.values():
            self.source.addItem(tr(source.label), source.name)
        form = QFormLayout()
        form.addRow(tr("Made of"), self.source)
        self._buttons = QDialogButtonBox(self)
        self._add = self._buttons.addButton(tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._add.setDefault(True)
        self._buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setSpacing(GRID)
        whole.addWidget(self.search)
        whole.addWidget(self.list, 1)
        whole.addLayout(form)
        whole.addWidget(self._buttons)
        self.list.setCurrentRow(0)
        self.search.setFocus()

    @property
    def chosen(self) -> StudySpec | None:
        """The study that is chosen, with its default parameters; None where none is in the list."""
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return None
        kind = str(item.data(Qt.ItemDataRole.UserRole))
        return StudySpec(kind, {}, str(self.source.currentData()) if study_of(kind).sourced else _OWN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move through the list while the search line has the keyboard."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            pressed: QKeyEvent = event  # type: ignore[assignment]  Qt's own type of it
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(pressed.key()))
            if step is not None:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        rows = [i for i in range(self.list.count()) if not self.list.item(i).isHidden()]
        at = rows.index(self.list.currentRow()) + by if self.list.currentRow() in rows else 0
        if 0 <= at < len(rows):
            self.list.setCurrentRow(rows[at])

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        items = [self.list.item(i) for i in range(self.list.count())]
        for item in items:
            known = str(item.data(Qt.ItemDataRole.UserRole + 1))
            item.setHidden(not all(word in known for word in words))
        if self.list.currentItem() is None or self.list.currentItem().isHidden():
            self.list.setCurrentItem(next((i for i in items if not i.isHidden()), items[0]))
        self._allow()

    def _allow(self) -> None:
        spec = self.chosen
        self._add.setEnabled(spec is not None)
        self.source.setEnabled(spec is not None and study_of(spec.kind).sourced)


class StudyDialog(QDialog):
    """The parameters of one study, which hold as soon as they are chosen; Cancel brings back what was."""

    chosen = Signal(object)  # StudySpec

    def __init__(self, spec: StudySpec, own: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        study = study_of(spec.kind)
        self._before = self._spec = spec
        self.setWindowTitle(tr("{pane}: settings").format(pane=study_title(spec, own)))
        self.setMinimumWidth(320)
        options: list[Option] = list(study.params)
        if study.sourced:
            # Only what stands on the pane's axis: an average of the volume has no place among prices.
            measure = SOURCES[own].measure
            same = tuple((s.name, s.label) for s in SOURCES.values() if s.measure == measure)
            options.append(Option(_SOURCE, later("Source"), own, same))
        values: dict[str, Value] = {**spec.params, _SOURCE: spec.source or own}
        self.form = OptionForm(options, values, _choices, self)
        self.form.changed.connect(self._choose)
        buttons = dialog_buttons(self, tr("Done"), tr("Cancel"))
        whole = QVBoxLayout(self)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.form)
        whole.addStretch(1)
        whole.addWidget(buttons)

    def reject(self) -> None:
        """Bring back what was."""
        if self._spec != self._before:
            self._take(self._before)
        super().reject()

    def _choose(self, name: str, value: Value) -> None:
        if name == _SOURCE:
            self._take(dataclasses.replace(self._spec, source=str(value)))
        else:
            self._take(dataclasses.replace(self._spec, params={**self._spec.params, name: value}))

    def _take(self, spec: StudySpec) -> None:
        self._spec = spec
        self.chosen.emit(spec)


def _choices(option: Option) -> Sequence[tuple[Value, str]]:
    return [(value, tr(text)) for value, text in option.choices]
