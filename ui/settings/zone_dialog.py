"""The choice of any time zone: all of them with their offset, found by any part of the name."""

from __future__ import annotations

import functools
import zoneinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.clock import zone_info
from ui.buttons import dialog_buttons
from ui.chart.time_axis import zone_text
from ui.i18n import tr
from ui.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


@functools.cache
def known_zones() -> tuple[str, ...]:
    """Return the names of places and UTC, without the aliases and offsets that IANA keeps for old programs."""
    names = (n for n in zoneinfo.available_timezones() if "/" in n and not n.startswith(("Etc/", "SystemV/", "US/")))
    return ("UTC", *sorted(names))


class ZoneDialog(QDialog):
    """Says which zone was chosen. Typing filters, Up and Down move through the list, Return chooses."""

    chosen = Signal(str)

    def __init__(self, current: str, now: int, parent: QWidget | None = None) -> None:
        """Show the zones with their offsets at `now` (ms UTC), beginning at `current`."""
        super().__init__(parent)
        self._now = now
        self.setWindowTitle(tr("Time zone"))
        self.resize(400, 440)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(tr("City or region, or an offset such as +8"))
        self.text.setAccessibleName(tr("Time zone"))
        self.text.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Time zones"))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for name in known_zones():
            item = QListWidgetItem(f"{name.replace('_', ' ')}    {zone_text(now, name)}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            if name == current:
                self.list.setCurrentItem(item)
        buttons = dialog_buttons(self, tr("Choose"), tr("Cancel"))
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.text)
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        self.text.textChanged.connect(self.filter)
        self.list.itemDoubleClicked.connect(lambda _item: self.accept())
        self.list.scrollToItem(self.list.currentItem())

    def filter(self, text: str) -> None:
        """Show the zones whose name or offset holds every word of the text."""
        words = text.replace("_", " ").replace("-", "−").casefold().split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            name = item.text().replace("-", "−").casefold()
            hidden = not all(w in name for w in words)
            item.setHidden(hidden)
            if first is None and not hidden:
                first = item
        current = self.list.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.list.setCurrentItem(first)

    def accept(self) -> None:
        """Say what was chosen."""
        item = self.list.currentItem()
        if item is not None and not item.isHidden():
            name = str(item.data(Qt.ItemDataRole.UserRole))
            zone_info(name)
            self.chosen.emit(name)
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the list while the cursor stays in the text."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        shown = [r for r in range(self.list.count()) if not self.list.item(r).isHidden()]
        if shown:
            at = shown.index(self.list.currentRow()) if self.list.currentRow() in shown else 0
            self.list.setCurrentRow(shown[min(max(at + step, 0), len(shown) - 1)])
