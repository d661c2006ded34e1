"""Keeps the loaded view in step with the state: another subject, interval, scorer … is read anew by a worker."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.model import subject_key
from ui import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.timeline import View
    from ui.charts.state import ChartState
    from ui.jobs import Loaded, Place
    from ui.tasks import Tasks


class Loader(QObject):
    """Asks for the views of one chart and hands them to its state. `key` is that of its jobs."""

    loaded = Signal(object)  # Loaded
    failed = Signal(object)  # Exception

    def __init__(
        self, state: ChartState, tasks: Tasks, place: Callable[[], Place], key: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._tasks, self._place, self._key = state, tasks, place, key
        self._resting = False
        self.current: Loaded | None = None
        self.until: Callable[[], int | None] = lambda: None  # the present, where the chart is live (ms UTC)
        for signal in (
            state.subject_changed,
            state.interval_changed,
            state.scorer_changed,
            state.basis_changed,
            state.crowd_changed,
            state.needs_changed,
        ):
            signal.connect(self.load)
        state.mode_changed.connect(self._relay)

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """Let the state change without reading: what it comes to is loaded afterwards, or is there already."""
        self._resting = True
        try:
            yield
        finally:
            self._resting = False

    def load(self, *_: object) -> None:
        """Read the subject of the state."""
        if self._resting:
            return
        if not self._state.subject:
            self._tasks.cancel(self._key)
            self.current = None
            self._state.set_view(None)
            return
        job = functools.partial(
            jobs.load_view,
            place=self._place(),
            key=self._state.subject,
            options=self._state.options,
            until=self.until(),
            before=self._same(),
        )
        self._tasks.submit(self._key, job, self.take, self.failed.emit)

    def _same(self) -> View | None:
        """Return the view on screen where what is read will take its place: same subject, same bars."""
        view = self._state.view
        if view is None or subject_key(view.tape.subject) != self._state.subject:
            return None
        return view if view.tape.interval is self._state.options.interval else None

    def take(self, found: Loaded) -> None:
        """Show what was read."""
        self.current = found
        self._state.set_view(found.view)
        self.loaded.emit(found)

    def adopt(self, view: View) -> None:
        """Take a view in the place of the loaded one, of the same subject and options: ticks made it."""
        if self.current is not None:
            self.current = dataclasses.replace(self.current, view=view)
            self._state.set_view(view)

    def stop(self) -> None:
        """Drop what is being read: nobody will look at it."""
        self._tasks.cancel(self._key)

    def _relay(self, *_: object) -> None:
        """Lay the tape that is loaded on the other clock; while one is being read, start again."""
        if self._resting:
            return
        if self.current is None or self._tasks.busy(self._key):
            self.load()
            return
        current = self.current
        job = functools.partial(jobs.relay, view=current.view, options=self._state.options)

        def take(view: View) -> None:
            self.take(dataclasses.replace(current, view=view))

        self._tasks.submit(self._key, job, take, self.failed.emit)
