"""The program's own command line in a process of its own, read line by line: JSON objects, and how it ended."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
KILL_AFTER_MS = 5000


class JsonProcess(QObject):
    """One run of one command. Ending it early leaves the store consistent: that is the command's own promise."""

    said = Signal(dict)  # an object that stood on a line of its own
    ended = Signal(int, bool, str)  # exit code, whether it crashed, the last line of its complaints
    unstartable = Signal(str)  # the reason

    def __init__(
        self, arguments: Sequence[str], command: Sequence[str] | None = None, parent: QObject | None = None
    ) -> None:
        """Take the command's arguments; `command` stands in for the program itself."""
        super().__init__(parent)
        self._buffer = b""
        self._over = False
        start = list(command or program())
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", python_path())
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.setProgram(start[0])
        self._process.setArguments([*start[1:], *arguments])
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

    def stop(self) -> None:
        """Ask the process to end, and end it if it does not."""
        if self.running:
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
        if isinstance(found, dict):
            self.said.emit(found)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        if self._buffer:
            self._take(self._buffer)
        if self._over:
            return
        self._over = True
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        last = said.splitlines()[-1].removeprefix("crowdtape: ") if said else ""
        self.ended.emit(code, status == QProcess.ExitStatus.CrashExit, last)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.unstartable.emit(self._process.errorString())


def program() -> list[str]:
    """Return how to start the command line: this very program where it is frozen, else Python with the package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ui.cli"]


def python_path() -> str:
    """Return a PYTHONPATH with which the child finds the packages that this process runs."""
    old = os.environ.get("PYTHONPATH", "")
    return f"{ROOT}{os.pathsep}{old}" if old else str(ROOT)


def with_data_dir(arguments: Sequence[str], data_dir: Path | None) -> list[str]:
    """Return the arguments of a command that works on the data in a folder; None means the usual places."""
    return [*([] if data_dir is None else ["--data-dir", str(data_dir)]), *arguments]
