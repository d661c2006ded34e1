"""The dock on the right: what the posts are of, order, search, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.plain import tip
from ui.posts.delegate import PostDelegate
from ui.posts.explain import part_text, strongest
from ui.posts.model import ROW_ROLE, Index
from ui.posts.verdicts import KEYS, NAMES, PostDetails, verdict_name
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from core.store.reading import Order
    from ui.posts.jobs import PostRow
    from ui.posts.model import PostsModel
    from ui.theme import Theme

SEARCH_PAUSE_MS = 250


_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class PostsView(QListView):
    """A list of rows of different heights, laid out anew when its width changes."""

    copied = Signal()
    chosen = Signal()  # another post is the current one
    key_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the texts anew."""
        super().resizeEvent(event)
        if self.viewport().width() != self._width:
            self._width = self.viewport().width()
            self.scheduleDelayedItemsLayout()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Give the chosen post all its lines."""
        super().currentChanged(current, previous)
        self.scheduleDelayedItemsLayout()
        self.chosen.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a word adds to the score where the pointer rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index, delegate = self.indexAt(event.pos()), self.itemDelegate()
            part = delegate.part_at(index, event.pos()) if isinstance(delegate, PostDelegate) else None
            QToolTip.showText(event.globalPos(), tip(part_text(part)) if part else "", self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the chosen post on the platform's key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.text().lower() in KEYS and not event.modifiers() & _WITH:
            self.key_typed.emit(KEYS[event.text().lower()])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say so where there are no posts."""
        super().paintEvent(event)
        model = self.model()
        if model is not None and not model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, tr("No posts"))

    def viewportSizeHint(self) -> QSize:
        """Return a width that does not follow the posts."""
        return QSize(300, 400)


class PostsPanel(QWidget):
    """Shows the model; says which order and search the user wants."""

    order_changed = Signal(str)
    search_changed = Signal(str)
    crowd_chosen = Signal(str)
    verdict_wanted = Signal(object, object)  # PostRow, verdict or None

    def __init__(self, model: PostsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.crowd = self._make_crowd()
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setObjectName("postsTitle")
        self._facts = QLabel(self)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setWordWrap(True)
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(tr("Search"))
        self._search.setAccessibleName(tr("Search in these posts"))
        self._search.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.search_changed.emit(self._search.text().strip()))
        self._search.textChanged.connect(lambda _text: self._pause.start())
        self._search.returnPressed.connect(lambda: self._pause.start(0))
        self.view = PostsView(self)
        self._build_view(theme)
        self._may_mark = True
        self.details = PostDetails(theme, self)
        self.details.verdict_wanted.connect(self.mark)
        self.view.key_typed.connect(self.mark)
        self.view.chosen.connect(self._show_details)
        self._build_layout()
        self._apply_theme_sizes(theme)
        model.modelReset.connect(self._on_reset)
        model.dataChanged.connect(self._on_changed)

    @property
    def order(self) -> Order:
        """The order of the posts: `newest` or `loudest`."""
        return "loudest" if self._loudest.isChecked() else "newest"

    @property
    def search(self) -> str:
        """What is searched for."""
        return self._search.text().strip()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._delegate.set_theme(theme)
        self.details.set_theme(theme)
        self._apply_theme_sizes(theme)
        self.view.viewport().update()

    def set_order(self, order: str) -> None:
        """Press the button of an order without asking for it."""
        (self._loudest if order == "loudest" else self._newest).setChecked(True)

    def set_zone(self, zone: str) -> None:
        """Show times in this zone."""
        self._delegate.set_zone(zone)
        self.view.viewport().update()

    def set_crowds(self, current: str, crowds: Sequence[str]) -> None:
        """Show whose posts are on the chart, and whose may be; hidden where there is no choice."""
        self.crowd.clear()
        for key in crowds:
            self.crowd.addItem(tr("Posts: {subject}").format(subject=key), key)
        self.crowd.setCurrentIndex(self.crowd.findData(current))
        self.crowd.setVisible(len(crowds) > 1)

    def _make_crowd(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(tr("Posts of"))
        box.setToolTip(tr("Whose posts are shown: the stock's own, or those of a concept it belongs to"))
        box.activated.connect(lambda number: self.crowd_chosen.emit(box.itemData(number)))
        box.hide()
        return box

    def set_may_mark(self, *, may: bool) -> None:
        """Say whether posts can be marked: those of the sample cannot."""
        self._may_mark = may
        self._show_details()

    def mark(self, verdict: str) -> None:
        """Ask that the chosen post be marked; the mark that it has is taken away."""
        row = self._current()
        self._show_details()  # a button that was pressed stays as the store has it until that answers
        if row is not None and self._may_mark:
            self.verdict_wanted.emit(row, None if row.stored.verdict == verdict else verdict)

    def set_heading(self, title: str, facts: str, coverage: str = "") -> None:
        """Say which posts these are, how many, and where one points at that, what the scores cover."""
        self._title.setText(title)
        self._title.setToolTip(title)
        self._facts.setText(facts)
        self._facts.setToolTip(coverage)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def menu_for(self, row: PostRow) -> QMenu:
        """Build the context menu of a post; links are copied, never opened."""
        post = row.stored.post
        menu = QMenu(self)
        menu.addAction(tr("Copy text"), lambda: _copy(post.text))
        link = menu.addAction(tr("Copy link"), lambda: _copy(post.url))
        link.setEnabled(bool(post.url))
        if post.url:
            shown = menu.addAction(_short(post.url))
            shown.setEnabled(False)
        menu.addSeparator()
        for verdict in NAMES:
            action = menu.addAction(tr("Mark as {verdict}").format(verdict=verdict_name(verdict)))
            action.setCheckable(True)
            action.setChecked(row.stored.verdict == verdict)
            action.setEnabled(self._may_mark)
            wanted = None if row.stored.verdict == verdict else verdict
            action.triggered.connect(lambda _checked=False, wanted=wanted: self.verdict_wanted.emit(row, wanted))
        if row.parts:
            menu.addSeparator()
            for part in strongest(row.parts, 8)[0]:
                shown = menu.addAction(part_text(part).replace("&", "&&"))
                shown.setEnabled(False)
        return menu

    def _build_view(self, theme: Theme) -> None:
        view = self.view
        view.setObjectName("posts")
        view.setAccessibleName(tr("Posts"))
        view.setModel(self._model)
        self._delegate = PostDelegate(theme, view)
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(False)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalScrollBar().setSingleStep(3 * GRID)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.copied.connect(self._copy_current)

    def _build_layout(self) -> None:
        self._newest, self._loudest = QToolButton(self), QToolButton(self)
        group = QButtonGroup(self)
        for button, text, told in (
            (self._newest, tr("Newest"), tr("Newest first")),
            (self._loudest, tr("Loudest"), tr("Most likes, comments and shares first")),
        ):
            button.setText(text)
            button.setToolTip(told)
            button.setAccessibleName(told)
            button.setCheckable(True)
            group.addButton(button)
        self._newest.setChecked(True)
        group.buttonClicked.connect(lambda _button: self.order_changed.emit(self.order))
        tools = QHBoxLayout()
        tools.setSpacing(GRID // 2)
        tools.addWidget(self._search, 1)
        tools.addWidget(self._newest)
        tools.addWidget(self._loudest)
        head = QVBoxLayout()
        head.setContentsMargins(GRID, GRID, GRID, GRID)
        head.setSpacing(GRID // 2)
        head.addWidget(self.crowd)
        head.addWidget(self._title)
        head.addWidget(self._facts)
        head.addLayout(tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.details)
        self.setFocusProxy(self.view)

    def _apply_theme_sizes(self, theme: Theme) -> None:
        self._title.setStyleSheet(f"font-weight: 600; color: {theme.text};")
        self._facts.setStyleSheet(f"font-size: {theme.small_px}px; color: {theme.muted};")

    def _on_reset(self) -> None:
        self._delegate.forget()
        # Always there with posts, so that their width does not depend on their heights; nothing to scroll without.
        policy = (
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn if self._model.rowCount() else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.view.setVerticalScrollBarPolicy(policy)
        self.view.scrollToTop()
        self._show_details()

    def _on_changed(self) -> None:
        self._delegate.forget()
        self._show_details()

    def _show_details(self) -> None:
        self.details.show_row(self._current(), may_mark=self._may_mark)

    def _current(self) -> PostRow | None:
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def _copy_current(self) -> None:
        row = self._current()
        if row is not None:
            _copy(row.stored.post.text)

    def _show_menu(self, where: QPoint) -> None:
        index = self.view.indexAt(where)
        if index.isValid():
            menu = self.menu_for(index.data(ROW_ROLE))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(where))


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _short(text: str, most: int = 60) -> str:
    """Return text for a menu: in one line, not too long, and with no mnemonic."""
    line = " ".join(text.split()).replace("&", "&&")
    return line if len(line) <= most else line[: most - 1] + "…"
