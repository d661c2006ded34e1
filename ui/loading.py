"""Keeps the loaded view in step with the state: another subject, interval, scorer … is read anew by a worker."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui import jobs

if TYPE_CHECKING:
    from ui.jobs import Loaded, Place
    from ui.state import AppState
    from ui.tasks import Tasks

KEY = "load"


class Loader(QObject):
    """Asks for views and hands them to the state."""

    started = Signal()
    loaded = Signal(object)  # Loaded
    failed = Signal(object)  # Exception

    def __init__(self, state: AppState, tasks: Tasks, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._tasks = tasks
        self.place = place
        self.current: Loaded | None = None
        for signal in (
            state.subject_changed,
            state.interval_changed,
            state.scorer_changed,
            state.basis_changed,
            state.crowd_changed,
        ):
            signal.connect(self.load)
        state.data_changed.connect(self.load)
        state.mode_changed.connect(self._relay)

    def load(self, *_: object) -> None:
        """Read the subject of the state."""
        if not self._state.subject:
            self.current = None
            self._state.set_view(None)
            return
        self.started.emit()
        job = functools.partial(jobs.load_view, place=self.place, key=self._state.subject, options=self._state.options)
        self._tasks.submit(KEY, job, self.take, self.failed.emit)

    def take(self, found: Loaded) -> None:
        """Show what was read."""
        self.current = found
        self._state.set_view(found.view)
        self.loaded.emit(found)

    def _relay(self, *_: object) -> None:
        """Lay the tape that is loaded on the other clock; while one is being read, start again."""
        if self.current is None or self._tasks.busy(KEY):
            self.load()
            return
        current = self.current
        job = functools.partial(jobs.relay, view=current.view, options=self._state.options)
        self._tasks.submit(KEY, job, lambda view: self.take(dataclasses.replace(current, view=view)), self.failed.emit)
