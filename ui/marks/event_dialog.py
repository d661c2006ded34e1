"""Asks for an event: when, what, a note, a link, and on whose charts its flag stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.ingest.events import LONGEST_NOTE, LONGEST_TITLE, link_of
from core.marks import Flag
from core.model import Event
from ui.i18n import tr
from ui.marks.time_field import TimeField
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REMOVE = 2


class EventDialog(QDialog):
    """`flag` is the answer once the dialog was accepted; the result is REMOVE where the event is to go.

    `taken` says whether a subject has another event of this time and title already.
    """

    def __init__(
        self,
        flag: Flag,
        owners: Sequence[str],
        zone: str,
        taken: Callable[[Flag], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        event, self._taken, self._new = flag.event, taken, not flag.event.title
        self.setWindowTitle(tr("New event") if self._new else tr("Event"))
        self.setMinimumWidth(420)
        self.title = QLineEdit(event.title, self)
        self.title.setMaxLength(LONGEST_TITLE)
        self.title.setPlaceholderText(tr("What happened"))
        self.time = TimeField(event.time, zone, self)
        self.owner = QComboBox(self)
        self.owner.addItems(list(owners))
        self.owner.setCurrentText(flag.owner)
        self.note = QPlainTextEdit(event.note, self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(88)
        self.url = QLineEdit(event.url, self)
        self.url.setPlaceholderText("https://")
        self._hint = QLabel(self)
        self._hint.setWordWrap(True)
        self._hint.setObjectName("hint")
        form = QFormLayout()
        form.setSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, field in (
            (tr("Title"), self.title),
            (tr("Time ({zone})").format(zone=zone), self.time),
            (tr("Note"), self.note),
            (tr("Link"), self.url),
            (tr("On charts of"), self.owner),
        ):
            form.addRow(name, field)
            field.setAccessibleName(name)
        if len(owners) == 1:
            form.setRowVisible(self.owner, False)
        self.buttons = QDialogButtonBox(self)
        self._ok = self.buttons.addButton(
            tr("Add") if self._new else tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._ok.setDefault(True)
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        if not self._new:
            remove = self.buttons.addButton(tr("Remove"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(lambda: self.done(REMOVE))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addWidget(self._hint)
        layout.addWidget(self.buttons)
        self.title.textChanged.connect(self._check)
        self.url.textChanged.connect(self._check)
        self.time.dateTimeChanged.connect(self._check)
        self.owner.currentTextChanged.connect(self._check)
        self._check()
        self.title.setFocus()

    @property
    def flag(self) -> Flag:
        """The event as the form has it, and whose it is."""
        title, note = " ".join(self.title.text().split()), self.note.toPlainText().strip()[:LONGEST_NOTE]
        event = Event(self.time.time_ms, title, note, link_of(self.url.text()))
        return Flag(self.owner.currentText(), event)

    def _check(self, *_: object) -> None:
        """Allow what can be kept, and say what cannot."""
        said = ""
        if self.url.text().strip() and not link_of(self.url.text()):
            said = tr("A link begins with http:// or https://.")
        elif self._taken(self.flag):
            said = tr("There is an event of this title at this time already.")
        self._hint.setText(said)
        self._hint.setVisible(bool(said))
        self._ok.setEnabled(not said and bool(self.title.text().strip()))
