"""Pure functions of batches, done on all cores: scoring, and reading what is imported."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future
    from multiprocessing.process import BaseProcess

R = TypeVar("R")

_SWITCH_INTERVAL: Final = 0.0005  # seconds


@dataclass(slots=True, eq=False)
class _Call(Generic[R]):
    """One call of a function; without a future it is done here, when its result is wanted at the latest."""

    function: Callable[..., R]
    arguments: tuple[Any, ...]
    future: Future[R] | None
    results: list[R]  # at most one

    def do(self) -> R:
        if not self.results:
            self.results.append(self.function(*self.arguments))
        return self.results[0]

    @property
    def waits(self) -> bool:
        return self.future is not None and not self.future.done()


class Workers(Generic[R]):
    """Does calls of pure functions on an executor, or here, and gives the results in the order of the calls.

    An executor of our own are processes, one fewer than there are cores: this process does calls too while it would
    wait. One that breaks costs time only, as what it did not do is done here.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor, self._own = executor, False
        self._switch_interval = sys.getswitchinterval()
        self._calls: deque[_Call[R]] = deque()
        self.broken = False  # whether an executor failed

    def start(self) -> None:
        """Start processes, unless there is an executor, one that failed, or a single core."""
        others = (os.cpu_count() or 1) - 1
        if self._executor is None and not self.broken and others:
            self._executor, self._own = processes(others), True
            # The threads that talk to the processes must not wait long for this one, which has its hands full.
            sys.setswitchinterval(_SWITCH_INTERVAL)

    def give(self, function: Callable[..., R], *arguments: Any) -> None:
        """Have a call done. Function, arguments and result may travel to another process."""
        future: Future[R] | None = None
        if self._executor is not None:
            try:
                future = self._executor.submit(function, *arguments)
            except (BrokenExecutor, RuntimeError):
                self._break()
        self._calls.append(_Call(function, arguments, future, []))

    def __len__(self) -> int:
        """Return how many results have not been taken."""
        return len(self._calls)

    @property
    def ready(self) -> int:
        """How many results can be taken without waiting for another process."""
        return sum(1 for _ in takewhile(lambda call: not call.waits, self._calls))

    def take(self) -> R:
        """Return the result of the oldest call, when it is there. Raises what the function raised."""
        call = self._calls[0]
        while self._own and call.waits and self._help():
            pass
        self._calls.popleft()
        if call.future is not None:
            try:
                return call.future.result()
            except (BrokenExecutor, CancelledError):  # what was not begun when it broke is cancelled
                self._break()
        return call.do()

    def _help(self) -> bool:
        """Do the oldest call here that nobody has begun; False if there is none."""
        for call in self._calls:
            if call.future is not None and call.future.cancel():
                call.future = None
                call.do()
                return True
        return False

    def _break(self) -> None:
        self.broken = True
        self.close()
        self._executor, self._own = None, False

    def drop(self) -> None:
        """Forget all calls; what nobody has begun is not done."""
        for call in self._calls:
            if call.future is not None:
                call.future.cancel()
        self._calls.clear()

    def close(self) -> None:
        """End processes of our own, without waiting for results that nobody will take."""
        if self._own and self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            sys.setswitchinterval(self._switch_interval)


def processes(count: int) -> ProcessPoolExecutor:
    """Return an executor of so many processes; spawned, not forked, as threads and SQLite do not survive a fork."""
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _start_worker)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Batches make hundreds of thousands of values and no cycles: looking for some takes a tenth of the time.
    gc.set_threshold(200_000, 20, 100)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
