"""Processes over all cores, for pure functions of batches: scoring, and reading what is imported."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def processes() -> ProcessPoolExecutor:
    """Return an executor over all cores; spawned, not forked, as threads and SQLite do not survive a fork."""
    return ProcessPoolExecutor(os.cpu_count() or 1, multiprocessing.get_context("spawn"), _start_worker)


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
