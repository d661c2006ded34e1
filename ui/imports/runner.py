"""Runs an import in a process of its own and reads its lines of JSON. Ending it leaves the store consistent.

The report comes when everything is stored. The process then goes on for a while, to find which posts repeat others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ui.i18n import tr
from ui.processes import JsonProcess

if TYPE_CHECKING:
    from pathlib import Path

    from ui.imports.request import ImportRequest


class ImportRunner(QObject):
    """One import from start to report."""

    progressed = Signal(float, int)  # share of the bytes in [0, 1], rows read
    finished = Signal(dict)  # the report: all is stored
    failed = Signal(str)  # a sentence; "" where the user cancelled
    settled = Signal()  # after `finished`: the process is over

    def __init__(
        self,
        request: ImportRequest,
        data_dir: Path | None,
        command: list[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.request = request
        self._reported = False
        self._cancelled = False
        self._process = JsonProcess(request.arguments(data_dir), command, self)
        self._process.said.connect(self._take)
        self._process.ended.connect(self._on_ended)
        self._process.unstartable.connect(
            lambda reason: self.failed.emit(tr("The import could not be started: {reason}.").format(reason=reason))
        )

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.running

    def start(self) -> None:
        """Begin."""
        self._process.start()

    def cancel(self) -> None:
        """End the process; what it committed stays."""
        if self.running:
            self._cancelled = True
            self._process.stop()

    def wait(self, ms: int = 10_000) -> None:
        """Wait for the process to end, for the program is closing."""
        self._process.wait(ms)

    def _take(self, found: dict[str, Any]) -> None:
        progress = found.get("progress")
        if isinstance(progress, dict):
            total = int(progress.get("total") or 0)
            share = min(int(progress.get("done") or 0) / total, 1.0) if total else -1.0
            self.progressed.emit(share, int(progress.get("rows") or 0))
        elif "read" in found:
            self._reported = True
            self.finished.emit(found)

    def _on_ended(self, code: int, crashed: bool, last: str) -> None:  # noqa: FBT001  as the signal has it
        if self._reported:
            self.settled.emit()
        elif self._cancelled:
            self.failed.emit("")
        else:
            plain = tr("The import ended unexpectedly (code {code}); what it had stored is kept.").format(code=code)
            self.failed.emit(plain if crashed or not last else last)
