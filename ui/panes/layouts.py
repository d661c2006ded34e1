"""Layouts by name: the menu in which they are chosen, the question for a name, and the list in which they are kept."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import CrowdtapeError
from ui.buttons import dialog_buttons
from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.layout import Layouts
    from ui.panes.editor import PaneEditor


class LayoutKeeper(QObject):
    """Saves and shows layouts for the active chart, whose editor `editor` returns."""

    def __init__(
        self,
        layouts: Layouts,
        editor: Callable[[], PaneEditor],
        failed: Callable[[Exception], None],
        said: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._layouts, self._editor, self._failed, self._said, self._parent = layouts, editor, failed, said, parent

    def fill(self, menu: QMenu) -> None:
        """Fill a menu with the saved layouts and what can be done with panes."""
        menu.clear()
        for name in self._layouts.names():
            menu.addAction(name.replace("&", "&&"), functools.partial(self.show, name))
        if not menu.isEmpty():
            menu.addSeparator()
        self._editor().fill_addable(menu.addMenu(tr("Add pane")))
        menu.addAction(tr("Save layout…"), self.ask_and_save)
        menu.addAction(tr("Layouts…"), self.manage).setEnabled(bool(self._layouts.names()))
        menu.addAction(tr("Default layout"), lambda: self._editor().reset())

    def show(self, name: str) -> None:
        """Arrange the active chart as a saved layout says."""
        try:
            self._editor().apply(self._layouts.get(name))
        except CrowdtapeError as problem:
            self._failed(problem)

    def ask_and_save(self) -> None:
        """Ask for a name and keep the layout of the active chart under it."""
        name, sure = QInputDialog.getText(self._parent, tr("Save layout"), tr("Name of the layout"))
        if sure and name.strip():
            self.save(name)

    def save(self, name: str) -> None:
        """Keep the layout of the active chart under a name."""
        try:
            kept = self._layouts.save(name, self._editor().layout)
        except CrowdtapeError as problem:
            self._failed(problem)
        else:
            self._said(tr("Saved the layout {name}").format(name=kept))

    def manage(self) -> None:
        """Open the list of layouts."""
        dialog = LayoutsDialog(self._layouts, self._parent)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.chosen:
            self.show(dialog.chosen)
        dialog.deleteLater()


class LayoutsDialog(QDialog):
    """The saved layouts: show, rename, delete."""

    def __init__(self, layouts: Layouts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layouts = layouts
        self.setWindowTitle(tr("Layouts"))
        self.resize(400, 320)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Layouts"))
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.list.itemChanged.connect(self._rename)
        rename, delete = QPushButton(tr("Rename"), self), QPushButton(tr("Delete"), self)
        rename.clicked.connect(lambda: self.list.editItem(self.list.currentItem()))
        delete.clicked.connect(self.delete)
        buttons = dialog_buttons(self, tr("Show"), tr("Close"))
        show = buttons.buttons()[0]
        self._for_one = (rename, delete, show)
        row = QHBoxLayout()
        for button in (rename, delete):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(buttons)
        self._problem = QLabel(self)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        whole = QVBoxLayout(self)
        whole.setSpacing(GRID)
        whole.addWidget(self.list, 1)
        whole.addWidget(self._problem)
        whole.addLayout(row)
        self._fill()

    @property
    def chosen(self) -> str:
        """The name that is chosen, "" where there is none."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    @property
    def problem(self) -> str:
        """What went wrong, "" for nothing."""
        return self._problem.text() if not self._problem.isHidden() else ""

    def _fill(self, current: str = "") -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for name in self._layouts.names():
            item = QListWidgetItem(name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            if name == current or self.list.count() == 1:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        for button in self._for_one:
            button.setEnabled(bool(self.list.count()))
        if not self.list.count():
            self._tell(tr("No layout is saved yet: “Save layout” keeps the panes of a chart under a name."))

    def _rename(self, item: QListWidgetItem) -> None:
        old = str(item.data(Qt.ItemDataRole.UserRole))
        try:
            kept = self._layouts.rename(old, item.text())
        except CrowdtapeError as problem:
            self._tell(str(problem))
            kept = old
        else:
            self._problem.hide()
        self._fill(kept)

    def delete(self) -> None:
        """Forget the layout that is chosen."""
        if self.chosen:
            self._layouts.remove(self.chosen)
            self._fill()

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.show()
