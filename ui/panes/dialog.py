"""The options of one pane, which hold as soon as they are chosen; Cancel brings back what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui.buttons import dialog_buttons
from ui.i18n import tr
from ui.panes.form import OptionForm
from ui.theme import GRID

if TYPE_CHECKING:
    from core.layout import PaneSpec
    from core.timeline import View
    from ui.chart.panes import Pane


class PaneDialog(QDialog):
    """Says after each choice what the pane is to be."""

    chosen = Signal(object)  # PaneSpec

    def __init__(self, pane: Pane, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = self._spec = pane.spec
        self.setWindowTitle(tr("{pane}: settings").format(pane=pane.name()))
        self.setMinimumWidth(320)
        self.form = OptionForm(pane.options, pane.spec.options, lambda o: pane.choices(o, view), self)
        self.form.changed.connect(self._choose)
        buttons = dialog_buttons(self, tr("Done"), tr("Cancel"))
        defaults = buttons.addButton(tr("Defaults"), QDialogButtonBox.ButtonRole.ResetRole)
        defaults.clicked.connect(lambda: self._reset(pane, view))
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(2 * GRID)
        self._layout.addWidget(self.form)
        self._layout.addStretch(1)
        self._layout.addWidget(buttons)

    def reject(self) -> None:
        """Bring back what was."""
        if self._spec != self._before:
            self._take(self._before)
        super().reject()

    def _choose(self, name: str, value: object) -> None:
        self._take(self._spec.with_options(**{name: value}))  # pyright: ignore[reportArgumentType]  a form's values

    def _reset(self, pane: Pane, view: View) -> None:
        names = {o.name for o in pane.options}
        kept = {name: value for name, value in self._spec.options.items() if name not in names}
        spec = self._spec.with_only(kept)
        form = OptionForm(pane.options, spec.options, lambda o: pane.choices(o, view), self)
        form.changed.connect(self._choose)
        self._layout.replaceWidget(self.form, form)
        self.form.deleteLater()
        self.form = form
        self._take(spec)

    def _take(self, spec: PaneSpec) -> None:
        self._spec = spec
        self.chosen.emit(spec)
