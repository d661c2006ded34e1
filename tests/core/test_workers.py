"""Calls on an executor or here: results in order, whatever the executor does."""

from __future__ import annotations

import os
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from core.workers import Workers


def whose(number: int) -> tuple[int, int]:
    return number, os.getpid()


def fails() -> tuple[int, int]:
    raise ValueError("a fault of the function")


class Dying(Executor):
    """Does two calls and breaks: the third is never done, and no other is taken."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        if self.calls > 3:
            raise BrokenExecutor
        future: Future[Any] = Future()
        if self.calls == 3:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_that_results_come_in_the_order_of_the_calls() -> None:
    with ThreadPoolExecutor(3) as executor:
        workers: Workers[tuple[int, int]] = Workers(executor)
        for n in range(50):
            workers.give(whose, n)
        assert len(workers) == 50
        assert [workers.take()[0] for _ in range(50)] == [*range(50)]
        assert not workers.broken
        workers.close()
        assert executor.submit(int, "1").result() == 1  # somebody else's executor is left open


def test_that_what_a_broken_executor_left_is_done_here() -> None:
    workers: Workers[tuple[int, int]] = Workers(Dying())
    for n in range(6):
        workers.give(whose, n)
    assert [workers.take()[0] for _ in range(6)] == [*range(6)]
    assert workers.broken
    workers.start()
    workers.give(whose, 7)
    assert workers.take() == (7, os.getpid())


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_that_this_process_helps_its_own(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    workers: Workers[tuple[int, int]] = Workers()
    workers.start()
    try:
        for n in range(200):
            workers.give(whose, n)
        results = [workers.take() for _ in range(200)]
    finally:
        workers.close()
    assert [n for n, _ in results] == [*range(200)]
    # Starting another process takes longer than these calls, so that this one always does some.
    assert os.getpid() in {process for _, process in results}
    assert len({process for _, process in results}) <= cores


def test_that_a_fault_of_the_function_is_raised_and_a_dropped_call_is_not_done() -> None:
    workers: Workers[tuple[int, int]] = Workers()
    workers.give(fails)
    workers.give(whose, 1)
    with pytest.raises(ValueError, match="fault"):
        workers.take()
    workers.drop()
    assert not len(workers)
    assert workers.ready == 0
