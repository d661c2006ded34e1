"""The dialog in which settings are changed. What it shows comes from the declarations in `core.settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import CrowdtapeError
from core.settings import BASIS, CA_FILE, LANGUAGE, PROXY, THEME, UP_COLOUR, ZONE
from ui.buttons import dialog_buttons
from ui.i18n import tr
from ui.settings.scorers import ScorersBox
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.settings import Setting
    from ui.jobs import Place
    from ui.preferences import Preferences
    from ui.tasks import Tasks

ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "America/New_York", "Europe/London", "UTC")


class SettingsDialog(QDialog):
    """Shows the settings and keeps them when it is accepted."""

    def __init__(self, preferences: Preferences, tasks: Tasks, home: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(tr("Settings"))
        self.resize(600, 560)
        self._boxes: list[tuple[Setting[str], QComboBox]] = []
        self._lines: list[tuple[Setting[str], QLineEdit]] = []
        form = QFormLayout()
        form.setSpacing(GRID)
        self.language = self._choice(
            form, tr("Language"), LANGUAGE, [("system", tr("As the system")), ("en", "English"), ("zh", "中文")]
        )
        self.theme = self._choice(
            form, tr("Theme"), THEME, [("dark", tr("Dark")), ("light", tr("Light")), ("system", tr("As the system"))]
        )
        self.up_colour = self._choice(
            form,
            tr("A rising price is"),
            UP_COLOUR,
            [
                ("market", tr("as the market has it (red in China)")),
                ("red", tr("red everywhere")),
                ("green", tr("green everywhere")),
            ],
        )
        self.basis = self._choice(
            form,
            tr("Prices"),
            BASIS,
            [("adjusted", tr("adjusted for dividends")), ("raw", tr("as traded"))],
        )
        zones = [("exchange", tr("Of the exchange")), ("local", tr("Of this machine")), *((z, z) for z in ZONES)]
        self.zone = self._choice(form, tr("Time zone"), ZONE, zones, free=True)
        self.proxy = self._line(form, tr("Proxy"), PROXY, "http://host:port, socks5://host:port")
        self.ca_file = self._line(form, tr("CA file"), CA_FILE, tr("Certificates for live services; empty: the usual"))
        self.scorers = ScorersBox(tasks, home, self)
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self._buttons = dialog_buttons(self, tr("Save"), tr("Cancel"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addLayout(form)
        layout.addWidget(self.scorers)
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addWidget(self._buttons)

    def accept(self) -> None:
        """Keep what was changed, or say what is unfit. A transformer is read first, off the main thread."""
        if problem := self._problem():
            self.note.setText(problem)
            return
        self._buttons.setEnabled(False)
        self.note.setText("")
        self.scorers.save(self._keep, self._fail)

    def _problem(self) -> str:
        for setting, value in self._values():
            if problem := setting.problem(value):
                return f"{value}: {problem}."
        return self.scorers.problem()

    def _values(self) -> list[tuple[Setting[str], str]]:
        values = [(setting, _value(box)) for setting, box in self._boxes]
        return values + [(setting, line.text().strip()) for setting, line in self._lines]

    def _keep(self) -> None:
        try:
            for setting, value in self._values():
                self._preferences.change(setting, value)
        except CrowdtapeError as problem:
            self._fail(problem)
            return
        super().accept()

    def _fail(self, problem: Exception) -> None:
        self._buttons.setEnabled(True)
        self.note.setText(str(problem))

    def _choice(
        self, form: QFormLayout, name: str, setting: Setting[str], choices: Sequence[tuple[str, str]], *,
        free: bool = False,
    ) -> QComboBox:  # fmt: skip
        box = QComboBox(self)
        box.setAccessibleName(name)
        for value, text in choices:
            box.addItem(text, value)
        now = self._preferences.text(setting)
        if free:
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        at = box.findData(now)
        if at >= 0:
            box.setCurrentIndex(at)
        else:
            box.setEditText(now)
        form.addRow(name, box)
        self._boxes.append((setting, box))
        return box

    def _line(self, form: QFormLayout, name: str, setting: Setting[str], hint: str) -> QLineEdit:
        line = QLineEdit(self._preferences.text(setting), self)
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        if setting is CA_FILE:
            button = QPushButton(tr("Choose…"), self)
            button.setAutoDefault(False)
            button.clicked.connect(lambda: self._choose(line))
            row = QHBoxLayout()
            row.addWidget(line, 1)
            row.addWidget(button)
            form.addRow(name, row)
        else:
            form.addRow(name, line)
        self._lines.append((setting, line))
        return line

    def _choose(self, line: QLineEdit) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("CA file"), line.text())
        if name:
            line.setText(name)


def _value(box: QComboBox) -> str:
    """Return the data of the choice, or what was typed."""
    at = box.findText(box.currentText()) if box.isEditable() else box.currentIndex()
    return box.itemData(at) if at >= 0 else box.currentText().strip()
