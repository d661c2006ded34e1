"""The marks of the charts that are shown, what was done to them, and their way into the store.

A change holds at once on every chart; it is written behind the user's back, one batch after the other, in the order in
which it was made. Each subject has its own history, so that Ctrl+Z takes back what was done to the chart at hand. (Not
a QUndoStack: PySide6 frees commands made in Python twice when a stack goes with the event loop; measured with 6.11.3.)
"""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.marks import Marks, take_back
from core.undo import History, MarkStep
from ui.marks import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.marks import Change
    from ui.jobs import Place
    from ui.tasks import Tasks

KEY = "marks"


class Book(QObject):
    """Owns the marks of the store that is shown. A read-only place keeps them for as long as it is shown."""

    changed = Signal(str)  # key of the subject whose marks are others now
    failed = Signal(object)  # Exception: something could not be kept
    steps_changed = Signal()  # what can be taken back or done again is something else now

    def __init__(self, tasks: Tasks, place: Callable[[], Place], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._place = tasks, place
        self._home: Place | None = None
        self._marks: dict[str, Marks] = {}
        self._waiting: list[Change] = []
        self._writing: list[Change] = []
        self._old: set[str] = set()  # subjects of which the store may know more than is shown
        self._done = 0  # grows with everything that is done
        self._histories: dict[str, History[MarkStep]] = {}
        self._active = ""

    # What is there.

    def of(self, owners: Iterable[str]) -> dict[str, Marks]:
        """Return the marks of some subjects."""
        return {key: self._marks.get(key, Marks()) for key in owners}

    def take(self, found: Mapping[str, Marks]) -> None:
        """Take marks that came with a chart. Those of a subject that is known already are read anew.

        What came may be older than what was done since; a read-only place can only know less.
        """
        self._turn()
        for owner, marks in found.items():
            if owner not in self._marks:
                self._marks[owner] = marks
                self.changed.emit(owner)
            elif not self._place().read_only:
                self._old.add(owner)
        self._read()

    # What is done.

    @property
    def history(self) -> History[MarkStep]:
        """What was done to the chart at hand."""
        return self._histories.setdefault(self._active, History())

    def activate(self, subject: str) -> None:
        """Let undo and redo speak of the chart of a subject."""
        self._turn()
        self._active = subject
        self.steps_changed.emit()

    def do(self, subject: str, text: str, changes: Sequence[Change]) -> None:
        """Do something to the chart of a subject that can be taken back; `text` is its name in the menu."""
        self._turn()
        real = tuple(c for c in changes if c.before != c.after)
        if real:
            self._active = subject
            self.history.add(MarkStep(text, real, time.monotonic()))
            self.apply(real)
            self.steps_changed.emit()

    def undo(self) -> None:
        """Take back what was last done to the chart at hand."""
        step = self.history.undo()
        self.apply(take_back(step.changes) if step is not None else ())
        self.steps_changed.emit()

    def redo(self) -> None:
        """Do again what was last taken back."""
        step = self.history.redo()
        self.apply(step.changes if step is not None else ())
        self.steps_changed.emit()

    def apply(self, changes: Sequence[Change]) -> None:
        """Make changes on screen, and have them written."""
        self._done += 1
        for owner in dict.fromkeys(c.owner for c in changes):
            own = [c for c in changes if c.owner == owner]
            self._marks[owner] = self._marks.get(owner, Marks()).changed(own)
        if not self._place().read_only:
            self._waiting += changes
            self._write()
        for owner in dict.fromkeys(c.owner for c in changes):
            self.changed.emit(owner)

    def finish(self) -> None:
        """Write what is not written yet, now: the program is closing, and no worker runs any more."""
        rest, self._waiting, self._writing = [*self._writing, *self._waiting], [], []
        if rest and self._home is not None:
            # What a worker wrote already may be written once more: a change says what is there after it.
            with self._home.open() as store:
                store.change_marks(rest)

    @property
    def busy(self) -> bool:
        """Whether anything is not written yet."""
        return bool(self._waiting or self._writing)

    # The store.

    def _turn(self) -> None:
        """Begin anew where another store is shown."""
        place = self._place()
        if place != self._home:
            self._home = place
            self._marks.clear()
            self._old.clear()
            self._histories.clear()
            self.steps_changed.emit()

    def _write(self) -> None:
        if self._writing or not self._waiting or self._home is None:
            return
        self._writing, self._waiting = self._waiting, []
        job = functools.partial(jobs.save, place=self._home, changes=tuple(self._writing))
        self._tasks.submit(KEY, job, self._on_written, self._on_failed)

    def _on_written(self, _none: object) -> None:
        self._writing = []
        if self._waiting:
            self._write()
        else:
            self._read()

    def _on_failed(self, error: Exception) -> None:
        """Show what the store holds, for what was done could not be kept."""
        owners = {c.owner for c in (*self._writing, *self._waiting)}
        self._writing, self._waiting = [], []
        self._histories.clear()
        self.steps_changed.emit()
        self.failed.emit(error)
        self._old |= owners
        self._read()

    def _read(self) -> None:
        """Read what may be old, once nothing is on its way into the store."""
        if not self._old or self.busy or self._home is None:
            return
        done = self._done
        job = functools.partial(jobs.read, place=self._home, owners=tuple(self._old))
        self._tasks.submit(f"{KEY}.read", job, lambda found: self._on_read(found, done), self.failed.emit)

    def _on_read(self, found: Mapping[str, Marks], done: int) -> None:
        if done != self._done:  # something was done meanwhile: once more
            self._read()
            return
        self._old.difference_update(found)
        for owner, marks in found.items():
            if marks != self._marks.get(owner):
                self._marks[owner] = marks
                self.changed.emit(owner)
