"""Starts scoring anew when it is due, in a process of its own; pauses it, and goes on after a restart."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ui.i18n import tr
from ui.processes import JsonProcess, with_data_dir
from ui.rescoring.jobs import pause_rescoring, plan_rescoring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ui.jobs import Place
    from ui.rescoring.jobs import RescoringState
    from ui.tasks import Tasks

KEY = "rescoring"
# Looking whether something is due loads the scorers: the first picture comes before.
PATIENCE_MS = 2000


class Rescoring(QObject):
    """Owns the process. Whether something is due, and how far it is, is the store's to know."""

    changed = Signal(str, float, bool)  # what is being made ("" for nothing), share done in [0, 1], whether paused
    known = Signal(tuple)  # names of the scorers there are, the user's own layer included
    finished = Signal(list)  # reports, as core.store.rescoring.Report.as_dict gives them
    failed = Signal(object)  # Exception or a sentence

    def __init__(
        self, tasks: Tasks, home: Place, data_dir: Path | None, may_run: Callable[[], bool],
        command: Sequence[str] | None = None, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        """Take the user's own store; `may_run` says whether nobody else writes much just now."""
        super().__init__(parent)
        self._tasks, self._home, self._data_dir, self._may_run, self._command = tasks, home, data_dir, may_run, command
        self._process: JsonProcess | None = None
        self._reports: list[dict[str, Any]] = []
        self._again = False
        self.paused = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether scores are being made."""
        return self._process is not None

    def check(self, after_ms: int = PATIENCE_MS) -> None:
        """Look after a while whether something is due, and begin."""
        self._timer.start(after_ms)

    def set_paused(self, paused: bool) -> None:  # noqa: FBT001  a state, not an option
        """Pause, or go on; it holds for later runs of the program as well."""
        job = functools.partial(pause_rescoring, place=self._home, paused=paused)
        self._tasks.submit("pause rescoring", job, self._on_state, self.failed.emit)

    def close(self) -> None:
        """End the process, for the program is closing; the next start goes on."""
        self._timer.stop()
        if self._process is not None:
            self._process.stop()
            self._process.wait()

    def _look(self) -> None:
        if self.running:
            self._again = True
        else:
            job = functools.partial(plan_rescoring, place=self._home)
            self._tasks.submit(KEY, job, self._on_state, self.failed.emit)

    def _on_state(self, state: RescoringState) -> None:
        self.paused = state.paused
        self.known.emit(state.scorers)
        if not state.scorer:
            self.changed.emit("", 0.0, state.paused)
            return
        self.changed.emit(state.scorer, state.share, state.paused)
        if state.paused or self.running:
            return
        if self._may_run():
            self._start()
        else:
            self.check()

    def _start(self) -> None:
        self._reports = []
        arguments = with_data_dir(["rescore", "--json", "--progress"], self._data_dir)
        process = JsonProcess(arguments, self._command, self)
        process.said.connect(self._take)
        process.ended.connect(self._on_ended)
        process.unstartable.connect(self._on_unstartable)
        self._process = process
        process.start()

    def _take(self, found: dict[str, Any]) -> None:
        progress = found.get("progress")
        if isinstance(progress, dict):
            share = int(progress.get("done") or 0) / max(int(progress.get("total") or 0), 1)
            self.changed.emit(str(progress.get("scorer")), min(share, 1.0), self.paused)
        else:
            self._reports = list(found.get("reports") or ())

    def _on_unstartable(self, reason: str) -> None:
        self._process = None
        self.failed.emit(tr("Scoring anew could not be started: {reason}.").format(reason=reason))

    def _on_ended(self, code: int, crashed: bool, last: str) -> None:  # noqa: FBT001  as the signal has it
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.changed.emit("", 0.0, self.paused)
        if self._reports:
            self.finished.emit(self._reports)
        if code and not crashed and last:
            self.failed.emit(last)
            return
        if self.paused or self._again:
            self._again = False
            self.check(0)
