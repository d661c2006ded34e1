"""Has a worker make what a chart derives from its tape: studies, averages over time, surprise."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from core.timeline.lines import Lines
    from ui.tasks import JobContext, Tasks


class LineMaker(QObject):
    """Makes the lines of one chart, those of one tape at a time. `key` is that of its job."""

    made = Signal()  # one line or more
    failed = Signal(object)  # Exception

    def __init__(self, tasks: Tasks, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._key = tasks, key
        self._lines: Lines | None = None

    def make(self, lines: Lines) -> None:
        """See to it that the lines that are wanted are made; those of another tape are wanted no more."""
        if lines is self._lines and self._tasks.busy(self._key):
            return
        self._lines = lines
        self._tasks.submit(
            self._key,
            functools.partial(_make, lines=lines),
            lambda _: self.made.emit(),
            self.failed.emit,
            progress=lambda _share, _text: self.made.emit(),
        )

    def stop(self) -> None:
        """Let what is wanted wait until it is wanted again."""
        self._tasks.cancel(self._key)


def _make(context: JobContext, lines: Lines) -> None:
    for _ in lines.make_wanted():
        context.progress(-1.0)
