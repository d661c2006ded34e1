"""Jobs off the main thread. The only module that knows threads.

A job is a pure function of a `JobContext` that returns its result; it opens what it needs (a store connection, say)
itself. Results come back on the main thread. A newer job of the same key makes an older one stale: its result is
dropped, whatever it was. Jobs stop early only by asking `context.cancelled` or by reporting progress.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from core.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_WORKERS = 3
_LISTENER_PATIENCE = 1.5  # seconds


class JobContext:
    """What a job may ask and tell while it runs, from its own thread."""

    def __init__(self, report: Callable[[float, str], None]) -> None:
        self._stop = threading.Event()
        self._report = report

    @property
    def cancelled(self) -> bool:
        """Whether the result is no longer wanted."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise CancelledError where the result is no longer wanted."""
        if self._stop.is_set():
            raise CancelledError("The job was cancelled.")

    def progress(self, share: float, text: str = "") -> None:
        """Tell how far the job is, in [0, 1] (below 0: unknown). Raises CancelledError where it should stop."""
        self.check()
        self._report(share, text)

    def stop(self) -> None:
        """Ask the job to stop; called by the main thread."""
        self._stop.set()


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A running job as the status bar shows it; `share` is below 0 where it is unknown."""

    key: str
    title: str
    share: float


@dataclass(slots=True)
class _Running:
    number: int
    key: str
    title: str
    context: JobContext
    future: Future[None] | None
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    progress: Callable[[float, str], None] | None
    share: float = -1.0
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class _Listener:
    number: int
    stop: threading.Event
    thread: threading.Thread
    received: Callable[[Any], None]


class Tasks(QObject):
    """Runs jobs on a few threads and hands their results to the main thread."""

    changed = Signal()  # the set of running jobs or their progress
    unhandled = Signal(object)  # an Exception that no `failed` took

    _sent = Signal(str, int, object)
    _finished = Signal(int, object, object)
    _progressed = Signal(int, float, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="job")
        self._jobs: dict[int, _Running] = {}
        self._newest: dict[str, int] = {}
        self._count = 0
        self._closed = False
        self._listeners: dict[str, _Listener] = {}
        self._leaving: list[threading.Thread] = []  # told to stop, perhaps still at it
        self._sent.connect(self._on_sent, Qt.ConnectionType.QueuedConnection)
        # Emitted by workers, received by the main thread's event loop.
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._on_progress, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        key: str,
        job: Callable[[JobContext], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        progress: Callable[[float, str], None] | None = None,
        title: str = "",
    ) -> None:
        """Run `job` on a worker; the results of older jobs of the same key are dropped.

        A job with a title is shown in the status bar, where the user can cancel it.
        """
        if self._closed:
            return
        self.cancel(key)
        self._count += 1
        number = self._count
        context = JobContext(lambda share, text: self._progressed.emit(number, share, text))
        running = _Running(number, key, title, context, None, done, failed or self.unhandled.emit, progress)
        self._jobs[number] = running
        self._newest[key] = number
        running.future = self._pool.submit(self._run, number, job, context)
        if title:
            self.changed.emit()

    def cancel(self, key: str) -> None:
        """Drop the job of this key: its result is not delivered, and it is asked to stop."""
        number = self._newest.pop(key, None)
        running = self._jobs.get(number) if number is not None else None
        if running is None:
            return
        running.wanted = False
        running.context.stop()
        if running.future is not None and running.future.cancel():
            del self._jobs[running.number]
        if running.title:
            self.changed.emit()

    def running(self) -> list[JobInfo]:
        """Return the jobs that have a title and are still wanted, oldest first."""
        return [JobInfo(j.key, j.title, j.share) for j in self._jobs.values() if j.title and j.wanted]

    def busy(self, key: str) -> bool:
        """Say whether a job of this key is under way."""
        return key in self._newest

    @property
    def idle(self) -> bool:
        """Whether no job is under way, wanted or not."""
        return not self._jobs

    def listen(
        self, key: str, run: Callable[[Callable[[object], None], threading.Event], None],
        received: Callable[[Any], None],
    ) -> None:  # fmt: skip
        """Run something that goes on until its event is set, on a thread of its own; `received` gets what it sends."""
        if self._closed:
            return
        self.hush(key)
        self._count += 1
        number, stop = self._count, threading.Event()

        def send(value: object) -> None:
            if not self._closed:
                self._sent.emit(key, number, value)

        def work() -> None:
            try:
                run(send, stop)
            except Exception as problem:  # noqa: BLE001  told like the failure of a job that nobody takes
                send(problem)

        thread = threading.Thread(target=work, name=key, daemon=True)
        self._listeners[key] = _Listener(number, stop, thread, received)
        thread.start()

    def hush(self, key: str) -> None:
        """Let what was started by `listen` stop; what it has still to say is not delivered."""
        listener = self._listeners.pop(key, None)
        if listener is not None:
            listener.stop.set()
            self._leaving = [t for t in self._leaving if t.is_alive()] + [listener.thread]

    def _on_sent(self, key: str, number: int, value: object) -> None:
        listener = self._listeners.get(key)
        if listener is None or listener.number != number:
            return
        if isinstance(value, Exception):
            self.hush(key)
            self.unhandled.emit(value)
        else:
            listener.received(value)

    def close(self, timeout: float = 10.0) -> bool:
        """Ask all jobs to stop and wait for them (seconds); say whether all did. Nothing is delivered any more."""
        self._closed = True
        for key in list(self._newest):
            self.cancel(key)
        for key in list(self._listeners):
            self.hush(key)
        futures = [j.future for j in self._jobs.values() if j.future is not None]
        _, late = wait(futures, timeout)
        for thread in self._leaving:
            # One that is connecting may take its time, and holds nothing that must be put in order.
            thread.join(min(timeout, _LISTENER_PATIENCE))
        self._pool.shutdown(wait=not late, cancel_futures=True)
        self._jobs.clear()
        return not late and not any(t.is_alive() for t in self._leaving)

    def _run(self, number: int, job: Callable[[JobContext], Any], context: JobContext) -> None:
        result, error = None, None
        try:
            context.check()
            result = job(context)
        except Exception as problem:  # noqa: BLE001  every failure of a job is delivered to whoever asked for it
            error = problem
        if not self._closed:
            self._finished.emit(number, result, error)

    def _on_finished(self, number: int, result: Any, error: Exception | None) -> None:
        running = self._jobs.pop(number, None)
        if running is None:
            return
        if running.wanted and self._newest.get(running.key) == number:
            del self._newest[running.key]
            if error is None:
                _tell(running.done, result)
            elif not isinstance(error, CancelledError):
                _tell(running.failed, error)
        if running.title:
            self.changed.emit()

    def _on_progress(self, number: int, share: float, text: str) -> None:
        running = self._jobs.get(number)
        if running is None or not running.wanted:
            return
        running.share = share
        if running.progress is not None:
            running.progress(share, text)
        if running.title:
            self.changed.emit()


def _tell(call: Callable[[Any], None], value: object) -> None:
    """Call what waits for a result, unless it belongs to a dialog that was closed meanwhile."""
    owner = getattr(call, "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        call(value)
