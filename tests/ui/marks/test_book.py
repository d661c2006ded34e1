"""What is done to marks reaches every chart at once and the store in its order; undo and redo; what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.drawings import Anchor, Drawing, DrawingKind
from core.errors import StoreError
from core.marks import Change, Marks
from core.model import Event, Instrument
from core.store import Store
from ui.jobs import Place
from ui.marks import jobs
from ui.marks.book import Book
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

LINE = Drawing("a", DrawingKind.HORIZONTAL, "price", (Anchor(1, 10.0),), made=1)
HEARING = Event(5, "Hearing")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        store.put_instrument(Instrument("AAPL"))
        store.put_instrument(Instrument("META"))
        store.put_event("AAPL", HEARING)
    return Place(path, tmp_path)


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def book(tasks: Tasks, place: Place) -> Book:
    made = Book(tasks, lambda: place)
    made.take({"AAPL": stored(place), "META": Marks()})
    return made


def stored(place: Place, subject: str = "AAPL") -> Marks:
    with place.open() as store:
        return store.marks(subject)


def wait(book: Book, tasks: Tasks, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tasks.idle and not book.busy)


def moved(value: float) -> Drawing:
    return LINE.with_anchor(0, Anchor(1, value))


def test_that_a_change_holds_at_once_and_reaches_the_store(
    book: Book, place: Place, tasks: Tasks, qtbot: QtBot
) -> None:
    said: list[str] = []
    book.changed.connect(said.append)
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    assert book.of(["AAPL"])["AAPL"] == Marks((HEARING,), (LINE,))
    assert said == ["AAPL"]
    wait(book, tasks, qtbot)
    assert stored(place) == Marks((HEARING,), (LINE,))


def test_that_many_changes_are_written_in_their_order(book: Book, place: Place, tasks: Tasks, qtbot: QtBot) -> None:
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    for step in range(40):
        book.do("AAPL", f"move {step}", [Change("AAPL", moved(step) if step else LINE, moved(step + 1))])
    book.undo()
    wait(book, tasks, qtbot)
    assert stored(place).drawings == book.of(["AAPL"])["AAPL"].drawings == (moved(39),)


def test_that_undo_and_redo_speak_of_the_chart_at_hand(book: Book, place: Place, tasks: Tasks, qtbot: QtBot) -> None:
    book.do("AAPL", "draw a line", [Change("AAPL", None, LINE)])
    book.do("META", "add event", [Change("META", None, Event(1, "Launch"))])
    assert book.history.last is not None
    assert book.history.last.text == "add event"
    book.activate("AAPL")
    assert book.history.last is not None
    assert book.history.last.text == "draw a line"
    book.undo()
    assert book.of(["AAPL"])["AAPL"].drawings == ()
    assert book.history.last is None
    book.redo()
    book.activate("META")
    book.undo()
    wait(book, tasks, qtbot)
    assert stored(place).drawings == (LINE,)
    assert stored(place, "META") == Marks()


def test_that_nudges_that_follow_at_once_are_taken_back_together(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("ui.marks.book.time.monotonic", lambda: now[0])
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    for step, pause in enumerate((0.2, 0.2, 5.0), 11):
        now[0] += pause
        before = book.of(["AAPL"])["AAPL"].drawings[0]
        book.do("AAPL", "move", [Change("AAPL", before, moved(step))])
    book.undo()
    assert book.of(["AAPL"])["AAPL"].drawings == (moved(12),)
    book.undo()
    assert book.of(["AAPL"])["AAPL"].drawings == (LINE,)


def test_that_a_chart_read_before_a_change_does_not_take_it_back(
    book: Book, place: Place, tasks: Tasks, qtbot: QtBot
) -> None:
    early = stored(place)
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    book.take({"AAPL": early})
    assert book.of(["AAPL"])["AAPL"].drawings == (LINE,)
    wait(book, tasks, qtbot)
    book.take({"AAPL": early})
    wait(book, tasks, qtbot)
    assert book.of(["AAPL"])["AAPL"].drawings == (LINE,)


def test_that_what_came_into_the_store_otherwise_is_shown(book: Book, place: Place, tasks: Tasks, qtbot: QtBot) -> None:
    with place.open() as store:
        store.put_event("AAPL", Event(9, "Ban"))
    book.take({"AAPL": Marks()})
    wait(book, tasks, qtbot)
    assert [e.title for e in book.of(["AAPL"])["AAPL"].events] == ["Hearing", "Ban"]


def test_that_what_cannot_be_kept_is_said_and_not_shown(
    book: Book, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    said: list[Exception] = []
    book.failed.connect(said.append)
    monkeypatch.setattr(jobs, "save", refuse)
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    wait(book, tasks, qtbot)
    assert [str(e) for e in said] == ["The disk is full."]
    assert book.of(["AAPL"])["AAPL"] == Marks((HEARING,))
    assert book.history.last is None


def test_that_what_is_not_written_when_the_program_closes_is_written_then(
    book: Book, place: Place, tasks: Tasks
) -> None:
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    book.do("AAPL", "move", [Change("AAPL", LINE, moved(12))])
    tasks.close()
    book.finish()
    assert stored(place).drawings == (moved(12),)


def test_that_the_sample_keeps_marks_while_it_is_shown_and_is_not_written(place: Place, tasks: Tasks) -> None:
    shown = [Place(place.store, place.cache, read_only=True)]
    book = Book(tasks, lambda: shown[0])
    book.take({"AAPL": stored(place)})
    book.do("AAPL", "draw", [Change("AAPL", None, LINE)])
    book.take({"AAPL": stored(place)})
    assert book.of(["AAPL"])["AAPL"].drawings == (LINE,)
    assert not book.busy
    shown[0] = place
    book.take({"AAPL": stored(place)})
    assert book.of(["AAPL"])["AAPL"].drawings == ()
    assert book.history.last is None
