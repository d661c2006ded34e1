from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from core.errors import CrowdtapeError
from ui.tasks import JobContext, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close()
    del qtbot


def test_that_a_job_runs_elsewhere_and_its_result_comes_back_here(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    tasks.submit("k", lambda _c: threading.get_ident(), lambda job: seen.append((job, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    job_thread, here = seen[0]
    assert job_thread != here == threading.get_ident()


def test_that_a_stale_result_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[str] = []

    def slow(_context: JobContext) -> str:
        gate.wait(10)
        return "old"

    tasks.submit("subject", slow, seen.append)
    tasks.submit("subject", lambda _c: "new", seen.append)
    qtbot.waitUntil(lambda: seen == ["new"])
    gate.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert seen == ["new"]


def test_that_jobs_of_different_keys_do_not_drop_each_other(tasks: Tasks, qtbot: QtBot) -> None:
    seen: set[str] = set()
    for key in "abc":
        tasks.submit(key, lambda _c, key=key: key, seen.add)
    qtbot.waitUntil(lambda: seen == {"a", "b", "c"})


def test_that_a_result_for_a_dialog_that_was_closed_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    class Dialog(QWidget):
        def show_result(self, _result: object) -> None:
            raise AssertionError("nobody is there any more")

    gate, dialog = threading.Event(), Dialog()
    tasks.submit("dialog", lambda _c: gate.wait(10), dialog.show_result)
    delete(dialog)
    gate.set()
    qtbot.waitUntil(lambda: tasks.idle)


def test_that_a_failure_reaches_who_asked(tasks: Tasks, qtbot: QtBot) -> None:
    def fails(_context: JobContext) -> None:
        raise CrowdtapeError("The file is gone.")

    said: list[str] = []
    tasks.submit("k", fails, lambda _r: said.append("done"), lambda e: said.append(str(e)))
    qtbot.waitUntil(lambda: said == ["The file is gone."])


def test_that_a_failure_that_nobody_takes_is_told(tasks: Tasks, qtbot: QtBot) -> None:
    def fails(_context: JobContext) -> None:
        raise ValueError("x")

    with qtbot.waitSignal(tasks.unhandled) as told:
        tasks.submit("k", fails, lambda _r: None)
    assert told.args
    assert isinstance(told.args[0], ValueError)


def test_that_a_cancelled_job_stops_at_its_next_report_and_delivers_nothing(tasks: Tasks, qtbot: QtBot) -> None:
    started, ended = threading.Event(), threading.Event()
    said: list[object] = []

    def long(context: JobContext) -> None:
        started.set()
        try:
            while True:
                context.progress(0.5)
                time.sleep(0.005)
        finally:
            ended.set()

    tasks.submit("k", long, said.append, said.append, title="Counting")
    assert started.wait(5)
    qtbot.waitUntil(lambda: [j.share for j in tasks.running()] == [0.5])
    tasks.cancel("k")
    assert ended.wait(5)
    qtbot.waitUntil(lambda: tasks.idle)
    assert not said
    assert not tasks.running()


def test_that_closing_waits_for_the_jobs(qtbot: QtBot) -> None:
    tasks = Tasks()
    over = threading.Event()

    def job(context: JobContext) -> None:
        while not context.cancelled:
            time.sleep(0.005)
        over.set()

    tasks.submit("k", job, lambda _r: None)
    qtbot.wait(20)
    assert tasks.close(5)
    assert over.is_set()
    tasks.submit("k", lambda _c: 1, lambda _r: pytest.fail("delivered after the end"))
    qtbot.wait(20)


def test_that_what_a_listener_sends_comes_here_until_it_is_hushed(tasks: Tasks, qtbot: QtBot) -> None:
    got: list[tuple[object, bool]] = []
    main, ended = threading.current_thread(), threading.Event()

    def run(send: Callable[[object], None], stop: threading.Event) -> None:
        send("first")
        stop.wait(10)
        send("too late")
        ended.set()

    tasks.listen("ear", run, lambda value: got.append((value, threading.current_thread() is main)))
    qtbot.waitUntil(lambda: bool(got))
    tasks.hush("ear")
    assert ended.wait(10)
    qtbot.wait(20)
    assert got == [("first", True)]


def test_that_a_listener_that_fails_is_told_of(tasks: Tasks, qtbot: QtBot) -> None:
    def run(_send: Callable[[object], None], _stop: threading.Event) -> None:
        raise ValueError("broken")

    with qtbot.waitSignal(tasks.unhandled) as told:
        tasks.listen("ear", run, lambda _value: None)
    assert [str(e) for e in told.args or ()] == ["broken"]


def test_that_closing_stops_the_listeners(qtbot: QtBot) -> None:
    tasks, stopped = Tasks(), threading.Event()

    def run(_send: Callable[[object], None], stop: threading.Event) -> None:
        stop.wait(10)
        stopped.set()

    tasks.listen("ear", run, lambda _value: None)
    assert tasks.close()
    assert stopped.is_set()
    del qtbot
