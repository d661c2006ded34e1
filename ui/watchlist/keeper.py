"""Keeps the watchlist in step with the store: reads subjects and figures, writes pins, all by workers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.watchlist.jobs import load_entries, load_quotes, save_pins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.jobs import Place
    from ui.state import AppState
    from ui.tasks import Tasks
    from ui.watchlist.jobs import Entry
    from ui.watchlist.model import WatchlistModel

REFRESH_MS = 60_000


class WatchlistKeeper(QObject):
    """Owns what the model shows."""

    entries_changed = Signal()
    failed = Signal(object)  # Exception

    def __init__(
        self, model: WatchlistModel, state: AppState, tasks: Tasks, place: Callable[[], Place], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._model, self._state, self._tasks, self._place = model, state, tasks, place
        model.order_wanted.connect(self.set_pins)
        state.data_changed.connect(self.reload)
        state.scorer_changed.connect(lambda _scorer: self.read_quotes())
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.read_quotes)
        self._timer.start()

    def reload(self) -> None:
        """Read which subjects there are, then their figures."""
        job = functools.partial(_entries, place=self._place())
        self._tasks.submit("watchlist.entries", job, self.show, self.failed.emit)

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these subjects and ask for their figures."""
        self._model.set_entries(entries)
        self.entries_changed.emit()
        self.read_quotes()

    def read_quotes(self) -> None:
        """Read the figures of all subjects that are shown."""
        keys = self._model.keys
        if keys:
            job = functools.partial(load_quotes, place=self._place(), keys=keys, scorer=self._state.scorer)
            self._tasks.submit("watchlist.quotes", job, self._model.set_quotes, self.failed.emit)

    def pin(self, key: str, action: str) -> None:
        """Pin, unpin or move a subject; see `WatchlistModel.pins_after`."""
        self.set_pins(self._model.pins_after(key, action))

    def set_pins(self, pins: list[str]) -> None:
        """Keep these pins; the list follows once they are written."""
        if pins == self._model.pins or self._place().read_only:
            return
        job = functools.partial(save_pins, place=self._place(), pins=pins)
        self._tasks.submit("watchlist.pins", job, lambda _pins: self.reload(), self.failed.emit)


def _entries(_context: object, place: Place) -> tuple[Entry, ...]:
    return load_entries(place)
