"""The list of posts: pages come as the view is scrolled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ui import formats
from ui.i18n import tr
from ui.posts.explain import explanation
from ui.posts.verdicts import verdict_name

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from core.store import Census
    from ui.posts.jobs import PostPage, PostQuery, PostRow

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class PostsModel(QAbstractListModel):
    """Rows of one query; asks for the next page by signal and takes it when it comes."""

    page_wanted = Signal(object, int)  # PostQuery, offset
    total_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query: PostQuery | None = None
        self._rows: list[PostRow] = []
        self.total = 0
        self.census: Census | None = None  # of the span, whatever is searched for
        self._asked = -1  # offset of the page that is on its way

    @property
    def query(self) -> PostQuery | None:
        """The query whose posts are shown or on their way."""
        return self._query

    def start(self, query: PostQuery | None) -> None:
        """Ask for another query; what is shown stays until its first page comes, so that nothing flickers."""
        if query == self._query:
            return
        self._query = query
        self.census = None
        if query is None:
            self._asked = -1
            self._show((), 0)
        else:
            self._asked = 0
            self.page_wanted.emit(query, 0)

    def refresh(self) -> None:
        """Ask for the same query again: the store holds more."""
        query, self._query = self._query, None
        self.start(query)

    def take(self, page: PostPage) -> None:
        """Show a page; one of another query is too late and is dropped."""
        if page.query != self._query or page.offset != self._asked:
            return
        self._asked = -1
        if page.offset == 0:
            self.census = page.census
            if not self._replace(page):
                self._show(page.rows, page.total)
            return
        self.total = page.total if page.rows else len(self._rows)
        if page.rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self._rows += page.rows
            self.endInsertRows()
        self.total_changed.emit()

    def fail(self) -> None:
        """Note that the page that was asked for will not come."""
        self._asked = -1
        self.total = len(self._rows)
        self.total_changed.emit()

    def row(self, number: int) -> PostRow:
        """Return a post by its row."""
        return self._rows[number]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own idiom; never changed
        """Return the number of posts that have come so far."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a post's text, the post itself, or a description of it."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.stored.post.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return describe(row)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return explanation(row)
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that posts can be chosen, and nothing else."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemNeverHasChildren if index.isValid() else flags

    def canFetchMore(self, parent: Index) -> bool:
        """Say whether there are more posts than have come."""
        return not parent.isValid() and self._query is not None and self._asked < 0 and len(self._rows) < self.total

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent) and self._query is not None:
            self._asked = len(self._rows)
            self.page_wanted.emit(self._query, self._asked)

    def set_verdict(self, number: int, verdict: str) -> None:
        """Show that the user marked the post of this number."""
        for at, row in enumerate(self._rows):
            if row.stored.number == number:
                self._rows[at] = replace(row, stored=replace(row.stored, verdict=verdict))
                self.dataChanged.emit(self.index(at), self.index(at))

    def _replace(self, page: PostPage) -> bool:
        """Show the same posts anew in their places, so that nothing moves; False where they are others."""
        n = len(page.rows)
        if (
            not n
            or page.total != self.total
            or [r.stored.number for r in page.rows] != [r.stored.number for r in self._rows[:n]]
        ):
            return False
        self._rows[:n] = page.rows
        self.dataChanged.emit(self.index(0), self.index(n - 1))
        self.total_changed.emit()
        return True

    def _show(self, rows: tuple[PostRow, ...], total: int) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.total = total
        self.endResetModel()
        self.total_changed.emit()


def engagement(row: PostRow) -> list[str]:
    """Return the counts that the platform gave in words: `10+ likes` where it gave a lower bound."""
    post = row.stored.post
    counts = (
        ("likes", tr("like"), tr("likes"), post.likes),
        ("comments", tr("comment"), tr("comments"), post.comments),
        ("shares", tr("share"), tr("shares"), post.shares),
        ("views", tr("view"), tr("views"), post.views),
    )
    told = ((one if n == 1 else many, n, name in post.at_least) for name, one, many, n in counts if n is not None)
    return [f"{formats.count(n, at_least=bound)} {what}" for what, n, bound in told]


def copies_text(row: PostRow) -> str:
    """Return how often the post's text stands in the store, and whether it is an echo."""
    text = tr("echo, {n} times") if row.stored.echo else tr("said {n} times")
    return text.format(n=f"{row.stored.copies:,}")


def copies_mark(row: PostRow) -> str:
    """Return the same in few characters: `echo × 22`."""
    text = tr("echo × {n}") if row.stored.echo else tr("said × {n}")
    return text.format(n=f"{row.stored.copies:,}")


def describe(row: PostRow) -> str:
    """Return a post in words, for those who listen to it."""
    post, scored = row.stored.post, row.stored.score
    said = tr("score {score}").format(score=formats.score(scored.value)) if scored else tr("not scored")
    if verdict := row.stored.verdict:
        said += ", " + tr("marked as {verdict}").format(verdict=verdict_name(verdict))
    if row.stored.copies > 1:
        said += ", " + copies_text(row)
    return f"{post.source}, {post.author}, {said}: {post.text}"
