"""The dock on the left: list of subjects, buttons above it, context menu, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.watchlist.delegate import ARROW, WatchlistDelegate
from ui.watchlist.model import MIME, ROW_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QKeyEvent, QMouseEvent

    from ui.theme import Market, Theme
    from ui.watchlist.model import Row, WatchlistModel


class WatchlistView(QListView):
    """A list whose concepts fold, and which leaves dropped files to the window."""

    toggled = Signal(str)
    opened = Signal(str)
    removed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right fold and open, Return shows, Del removes."""
        row = self._row(self.currentIndex())
        key = event.key()
        if row is not None and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(row.key)
        elif row is not None and key == Qt.Key.Key_Delete:
            self.removed.emit(row.key)
        elif row is not None and row.concept and key == (Qt.Key.Key_Left if row.expanded else Qt.Key.Key_Right):
            self.toggled.emit(row.key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold or open a concept whose arrow is pressed."""
        index = self.indexAt(event.position().toPoint())
        row = self._row(index)
        if row is not None and row.concept and event.position().x() < self.visualRect(index).left() + ARROW + 4:
            self.toggled.emit(row.key)
            return
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take subjects only; files are the window's."""
        if event.mimeData().hasFormat(MIME):
            super().dragEnterEvent(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take subjects only; files are the window's."""
        if event.mimeData().hasFormat(MIME):
            super().dragMoveEvent(event)
        else:
            event.ignore()

    def _row(self, index: QModelIndex) -> Row | None:
        return index.data(ROW_ROLE) if index.isValid() else None


class WatchlistPanel(QWidget):
    """Shows the model and says what the user wants done."""

    subject_wanted = Signal(str)
    beside_wanted = Signal(str)  # the same in one more chart
    pin_wanted = Signal(str, str)  # key; "pin", "unpin", "toggle", "up", "down"
    edit_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(
        self, model: WatchlistModel, theme: Theme, market: Callable[[str], Market], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._actions: list[QAction] = []
        self.view = WatchlistView(self)
        self.view.setObjectName("watchlist")
        self.view.setAccessibleName(tr("Watchlist"))
        self.view.setModel(model)
        self._delegate = WatchlistDelegate(theme, market, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setDropIndicatorShown(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.clicked.connect(self._on_clicked)
        self.view.opened.connect(self.subject_wanted)
        self.view.removed.connect(self.remove_wanted)
        self.view.toggled.connect(self._on_toggled)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._delegate.set_theme(theme)
        self.view.viewport().update()

    def set_menu_actions(self, actions: list[QAction]) -> None:
        """Take the commands that end the context menu."""
        self._actions = actions

    @property
    def current(self) -> str:
        """Key of the chosen row, or ""."""
        index = self.view.currentIndex()
        row: Row | None = index.data(ROW_ROLE) if index.isValid() else None
        return row.key if row is not None else ""

    def select(self, key: str) -> None:
        """Choose a subject's row without asking for it."""
        if self.current == key:
            return
        index = self._model.find(key)
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.setCurrentIndex(QModelIndex())

    def menu_for(self, row: Row | None) -> QMenu:
        """Build the context menu of a row, or of the empty space."""
        menu = QMenu(self)
        if row is not None:
            key = row.key
            menu.addAction(tr("Show {name}").format(name=key), lambda: self.subject_wanted.emit(key))
            menu.addAction(tr("Show in one more chart"), lambda: self.beside_wanted.emit(key))
            if row.pinned:
                menu.addAction(tr("Unpin"), lambda: self.pin_wanted.emit(key, "unpin"))
                menu.addAction(tr("Move up"), lambda: self.pin_wanted.emit(key, "up"))
                menu.addAction(tr("Move down"), lambda: self.pin_wanted.emit(key, "down"))
            else:
                menu.addAction(tr("Pin"), lambda: self.pin_wanted.emit(key, "pin"))
            if row.concept:
                menu.addAction(tr("Edit concept…"), lambda: self.edit_wanted.emit(key))
                menu.addAction(tr("Remove concept…"), lambda: self.remove_wanted.emit(key))
            menu.addSeparator()
        menu.addActions(self._actions)
        return menu

    def _on_clicked(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is not None:
            self.subject_wanted.emit(row.key)

    def _on_toggled(self, key: str) -> None:
        chosen = self.current
        self._model.toggle(key)
        self.select(chosen)

    def _show_menu(self, where: QPoint) -> None:
        index = self.view.indexAt(where)
        menu = self.menu_for(index.data(ROW_ROLE) if index.isValid() else None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(where))
