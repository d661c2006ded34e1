"""Runs an import in a process of its own and reads its lines of JSON. Ending it leaves the store consistent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from ui.i18n import tr
from ui.imports.request import program, python_path

if TYPE_CHECKING:
    from pathlib import Path

    from ui.imports.request import ImportRequest

KILL_AFTER_MS = 5000


class ImportRunner(QObject):
    """One import from start to report."""

    progressed = Signal(float, int)  # share of the bytes in [0, 1], rows read
    finished = Signal(dict)  # the report
    failed = Signal(str)  # a sentence; "" where the user cancelled

    def __init__(
        self,
        request: ImportRequest,
        data_dir: Path | None,
        command: list[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.request = request
        self._buffer = b""
        self._report: dict[str, Any] | None = None
        self._cancelled = False
        self._over = False
        start = command or program()
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", python_path())
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.setProgram(start[0])
        self._process.setArguments([*start[1:], *request.arguments(data_dir)])
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Begin."""
        self._process.start()

    def cancel(self) -> None:
        """End the process; what it committed stays."""
        if not self.running:
            return
        self._cancelled = True
        self._process.terminate()
        QTimer.singleShot(KILL_AFTER_MS, self, self._kill)

    def wait(self, ms: int = 10_000) -> None:
        """Wait for the process to end, for the program is closing."""
        if self.running and not self._process.waitForFinished(ms):
            self._process.kill()
            self._process.waitForFinished(1000)

    def _kill(self) -> None:
        if self.running:
            self._process.kill()

    def _read(self) -> None:
        self._buffer += bytes(self._process.readAllStandardOutput().data())
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        progress = found.get("progress")
        if isinstance(progress, dict):
            total = int(progress.get("total") or 0)
            share = min(int(progress.get("done") or 0) / total, 1.0) if total else -1.0
            self.progressed.emit(share, int(progress.get("rows") or 0))
        elif "read" in found:
            self._report = found

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        if self._buffer:
            self._take(self._buffer)
        if self._over:
            return
        self._over = True
        if self._report is not None:
            self.finished.emit(self._report)
        elif self._cancelled:
            self.failed.emit("")
        else:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
            crashed = status == QProcess.ExitStatus.CrashExit
            plain = tr("The import ended unexpectedly (code {code}); what it had stored is kept.").format(code=code)
            last = said.splitlines()[-1] if said else ""
            self.failed.emit(plain if crashed or not last else last.removeprefix("crowdtape: "))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.failed.emit(
                tr("The import could not be started: {reason}.").format(reason=self._process.errorString())
            )
