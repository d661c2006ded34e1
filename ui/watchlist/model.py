"""The watchlist's rows: subjects in the user's order, members under their concepts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal

from ui.plain import tip
from ui.watchlist.text import accessible_text, tooltip_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QObject

    from core.watchlists import Quote
    from ui.watchlist.jobs import Entry

MIME = "application/x-crowdtape-subject"
ROW_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `depth` is 1 for a member under its concept."""

    key: str
    name: str
    concept: bool = False
    pinned: bool = False
    depth: int = 0
    expanded: bool = False
    first_unpinned: bool = False
    quote: Quote | None = None
    lead: str = ""  # the symbol whose market says which colour means a rise


class WatchlistModel(QAbstractListModel):
    """Rows for the view; asks for a new order by signal and shows it when the owner says so."""

    order_wanted = Signal(list)  # keys of the pins, in the order that the user made

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._quotes: dict[str, Quote] = {}
        self._open: set[str] = set()
        self._rows: list[Row] = []

    # What the owner tells.

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these subjects; what is known of them stays."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._rebuild()

    def set_quotes(self, quotes: Mapping[str, Quote]) -> None:
        """Show new figures of some subjects."""
        self._quotes.update(quotes)
        for number, row in enumerate(self._rows):
            if row.key in quotes:
                self._rows[number] = self._row_with_quote(row)
                index = self.index(number)
                self.dataChanged.emit(index, index)

    @property
    def quotes(self) -> Mapping[str, Quote]:
        """What is known of subjects, by their keys."""
        return self._quotes

    @property
    def instruments(self) -> list[str]:
        """The symbols among the entries."""
        return [e.key for e in self._entries if not e.concept]

    def set_opened(self, keys: Sequence[str]) -> None:
        """Show the members of these concepts, and of no other."""
        if set(keys) != self._open:
            self._open = set(keys)
            self._rebuild()

    @property
    def opened(self) -> list[str]:
        """Concepts whose members are shown."""
        return sorted(self._open)

    def toggle(self, key: str) -> None:
        """Show or hide a concept's members."""
        self._open.symmetric_difference_update({key})
        self._rebuild()

    # What the view and the owner ask.

    @property
    def keys(self) -> list[str]:
        """Every subject that is shown, once."""
        return list(dict.fromkeys(r.key for r in self._rows))

    @property
    def known(self) -> list[tuple[str, str]]:
        """(key, name) of every subject, shown or not."""
        return [(e.key, e.name) for e in self._entries]

    @property
    def pins(self) -> list[str]:
        """Keys of the pinned subjects in order."""
        return [e.key for e in self._entries if e.pinned]

    def entry(self, key: str) -> Entry | None:
        """Return what is known of a subject."""
        return next((e for e in self._entries if e.key == key), None)

    def row(self, number: int) -> Row:
        """Return a row by its number."""
        return self._rows[number]

    def find(self, key: str) -> QModelIndex:
        """Return the index of the first row of a subject, or an invalid one."""
        number = next((i for i, r in enumerate(self._rows) if r.key == key), -1)
        return self.index(number) if number >= 0 else QModelIndex()

    def pins_after(self, key: str, action: str) -> list[str]:
        """Return the pins after "pin", "unpin", "toggle", "up" or "down" of a subject."""
        pins = self.pins
        if action == "toggle":
            action = "unpin" if key in pins else "pin"
        if action == "pin" and key not in pins:
            return [*pins, key]
        if action == "unpin":
            return [p for p in pins if p != key]
        if action in {"up", "down"} and key in pins:
            at = pins.index(key)
            to = min(max(at + (1 if action == "down" else -1), 0), len(pins) - 1)
            pins.insert(to, pins.pop(at))
        return pins

    # Qt's questions.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own idiom; never changed
        """Return the number of rows; rows have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text, tool tip, description or the row itself."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.key
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(tooltip_text(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return accessible_text(row)
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen and dragged, upon a chart or to its place among the pins; drops fall between rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return chosen | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved, never copied."""
        return Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:
        """Rows are moved within the list; upon a chart their subject is copied."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Return the one kind of thing that may be dropped here."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Pack the dragged subject."""
        data = QMimeData()
        if indexes:
            data.setData(MIME, QByteArray(self._rows[indexes[0].row()].key.encode()))
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Ask for the order in which the dropped subject stands before `row`; the owner moves the rows."""
        del column
        if action == Qt.DropAction.IgnoreAction or not data.hasFormat(MIME):
            return False
        key = bytes(data.data(MIME).data()).decode()
        if row < 0:
            row = parent.row() if parent.isValid() else len(self._rows)
        before = [r.key for r in self._rows[:row] if not r.depth and r.pinned and r.key != key]
        after = [p for p in self.pins if p != key and p not in before]
        self.order_wanted.emit([*before, key, *after])
        return False  # the view must not remove the row that it dragged

    def _rebuild(self) -> None:
        self.beginResetModel()
        names = {e.key: e.name for e in self._entries}
        under = {m.symbol for e in self._entries for m in e.members}
        rows: list[Row] = []
        unpinned_seen = False
        for entry in self._entries:
            if not entry.pinned and not entry.concept and entry.key in under:
                continue
            first = not entry.pinned and not unpinned_seen and bool(rows)
            unpinned_seen = unpinned_seen or not entry.pinned
            expanded = entry.concept and entry.key in self._open
            lead = max(entry.members, key=lambda m: m.weight).symbol if entry.members else entry.key
            rows.append(Row(entry.key, entry.name, entry.concept, entry.pinned, 0, expanded, first, lead=lead))
            if expanded:
                rows += [Row(m.symbol, names.get(m.symbol, ""), depth=1, lead=m.symbol) for m in entry.members]
        self._rows = [self._row_with_quote(r) for r in rows]
        self.endResetModel()

    def _row_with_quote(self, row: Row) -> Row:
        return dataclasses.replace(row, quote=self._quotes.get(row.key))


def title_of(row: Row) -> str:
    """Return what stands first on a row: a name where there is one."""
    return row.name or row.key
