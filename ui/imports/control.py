"""One import after the other: asks, runs the process, shows progress in the status bar's manner, reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressDialog, QWidget

from ui.i18n import tr
from ui.imports.runner import ImportRunner

if TYPE_CHECKING:
    from pathlib import Path

    from ui.imports.request import ImportRequest


class Imports(QObject):
    """Runs at most one import at a time."""

    finished = Signal(object, dict)  # ImportRequest, report
    failed = Signal(str)  # a sentence
    ended = Signal(object)  # ImportRequest: over, in whichever way; what was committed is there
    compared = Signal()  # some time after `finished`: which of the new posts repeat others is known

    def __init__(self, data_dir: Path | None, window: QWidget, command: list[str] | None = None) -> None:
        super().__init__(window)
        self._data_dir, self._window, self._command = data_dir, window, command
        self._runner: ImportRunner | None = None
        self._settling: list[ImportRunner] = []  # have reported, and still compare posts
        self._dialog: QProgressDialog | None = None

    @property
    def running(self) -> bool:
        """Whether an import is under way."""
        return self._runner is not None

    def start(self, request: ImportRequest) -> None:
        """Run an import and show how far it is."""
        runner = ImportRunner(request, self._data_dir, self._command, self)
        self._runner = runner
        runner.progressed.connect(self._on_progress)
        runner.finished.connect(self._on_finished)
        runner.failed.connect(self._on_failed)
        text = tr("Importing {what}…").format(what=request.shown)
        dialog = QProgressDialog(text, tr("Cancel"), 0, 0, self._window)
        dialog.setWindowTitle(tr("Import"))
        label = QLabel(text, dialog)
        label.setTextFormat(Qt.TextFormat.PlainText)
        dialog.setLabel(label)
        dialog.setMinimumDuration(0)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumWidth(420)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.canceled.connect(self.cancel)
        dialog.show()
        self._dialog = dialog
        runner.start()

    def cancel(self) -> None:
        """End the import that is under way."""
        if self._runner is not None:
            self._runner.cancel()

    def close(self) -> None:
        """End the import, and what imports before it have left to do, and wait: the program is closing."""
        for runner in (*self._settling, *filter(None, (self._runner,))):
            runner.cancel()
            runner.wait()

    def _on_progress(self, share: float, rows: int) -> None:
        dialog, runner = self._dialog, self._runner
        if dialog is None or runner is None:
            return
        if share >= 0:
            dialog.setMaximum(1000)
            dialog.setValue(round(share * 1000))
        what = runner.request.shown
        dialog.setLabelText(tr("Importing {what}: {rows} rows").format(what=what, rows=f"{rows:,}"))

    def _on_finished(self, report: dict[str, Any]) -> None:
        if self._runner is not None:
            self._settle(self._runner)
        request = self._end()
        if request is not None:
            self.ended.emit(request)
            self.finished.emit(request, report)

    def _on_failed(self, sentence: str) -> None:
        request = self._end()
        if request is not None:
            self.ended.emit(request)
        if sentence:
            self.failed.emit(sentence)

    def _settle(self, runner: ImportRunner) -> None:
        """Keep a runner that has reported until its process is over."""

        def over() -> None:
            self._settling.remove(runner)
            runner.deleteLater()
            if runner.request.kind == "posts":
                self.compared.emit()

        self._settling.append(runner)
        runner.settled.connect(over)

    def _end(self) -> ImportRequest | None:
        runner, dialog = self._runner, self._dialog
        self._runner = self._dialog = None
        if dialog is not None:
            dialog.canceled.disconnect(self.cancel)
            dialog.close()
            dialog.deleteLater()
        if runner is None:
            return None
        if runner not in self._settling:
            runner.deleteLater()
        return runner.request
