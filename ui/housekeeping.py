"""What is done once nobody waits for it any more."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from core.memory import give_back

if TYPE_CHECKING:
    from ui.tasks import JobContext, Tasks

# Reading another subject soon is faster with what the last one left; and what begins after a start is done by then.
PAUSE_MS = 5000


class Housekeeping(QObject):
    """Gives the memory that reading took back to the system, a while after the last time something was read."""

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._tidy)

    def soon(self, *_: object) -> None:
        """Tidy up after a pause, counted anew from now."""
        self._timer.start()

    def _tidy(self) -> None:
        self._tasks.submit("housekeeping", _give_back, lambda _: None)


def forget_sources() -> None:
    """Free the source text of all modules, 10 MB after a start.

    PySide looks into every module that is imported, whether it names PySide, by way of Python's cache for tracebacks,
    which keeps it; a traceback reads it again.
    """
    linecache.clearcache()


def _give_back(_context: JobContext) -> None:
    forget_sources()
    give_back()
