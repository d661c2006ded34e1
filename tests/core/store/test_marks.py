"""Drawings and changes in the store: kept with their subject, all of a step or none, old stores taken along."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

import pytest

from core.drawings import Anchor, Drawing, DrawingKind
from core.errors import UnknownSubjectError
from core.marks import Change, Marks, take_back
from core.model import Concept, Event, Instrument
from core.store import Store, catalogue, schema
from core.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

LINE = Drawing("a", DrawingKind.TREND, "price", (Anchor(1, 10.0), Anchor(2, 11.0)), text="涨停", made=1)
LEVEL = Drawing("b", DrawingKind.HORIZONTAL, "sentiment", (Anchor(1, 0.5),), "#d2a24c", 2.0, locked=True, made=2)
HEARING = Event(5, "Hearing", "note", "https://example.org/")


@pytest.fixture(autouse=True)
def subjects(store: Store) -> None:
    store.put_instrument(Instrument("GE"))
    store.put_concept(Concept("Theme"))


def test_that_drawings_are_kept_with_their_subject_the_newest_on_top(store: Store) -> None:
    assert store.put_drawing("GE", LEVEL)
    assert store.put_drawing("GE", LINE)
    assert store.drawings("ge") == [LINE, LEVEL]
    assert store.drawings("Theme") == []
    moved = LINE.with_anchor(1, Anchor(9, 12.0))
    assert not store.put_drawing("GE", moved)
    assert store.drawings("GE") == [moved, LEVEL]
    assert store.remove_drawing("GE", "a")
    assert not store.remove_drawing("GE", "a")
    assert not store.remove_drawing("Theme", "b")
    assert store.marks("GE") == Marks((), (LEVEL,))
    with pytest.raises(UnknownSubjectError):
        store.drawings("nobody")


def test_that_a_step_is_kept_and_taken_back_as_the_values_are(store: Store) -> None:
    store.put_event("Theme", HEARING)
    store.put_drawing("GE", LINE)
    before = {key: store.marks(key) for key in ("GE", "Theme")}
    step = (
        Change("GE", LINE, None),
        Change("GE", None, LEVEL),
        Change("Theme", HEARING, Event(6, "Hearing", "put off")),
    )
    store.change_marks(step)
    for key, marks in before.items():
        assert store.marks(key) == marks.changed(c for c in step if c.owner == key)
    store.change_marks(take_back(step))
    assert {key: store.marks(key) for key in before} == before


def test_that_a_step_with_an_unknown_subject_changes_nothing(store: Store) -> None:
    store.put_drawing("GE", LINE)
    with pytest.raises(UnknownSubjectError):
        store.change_marks([Change("GE", LINE, None), Change("nobody", None, HEARING)])
    assert store.drawings("GE") == [LINE]


def test_that_many_events_are_put_at_once_and_counted_when_new(store: Store) -> None:
    assert store.put_events("Theme", [HEARING, Event(6, "Ban")]) == 2
    assert store.put_events("Theme", [HEARING, Event(7, "Stay")]) == 1


def test_that_drawings_go_with_their_concept(store: Store) -> None:
    store.put_drawing("Theme", LINE)
    store.remove_concept("Theme")
    store.put_concept(Concept("Theme"))
    assert store.drawings("Theme") == []
    assert store.check() == []


def test_that_a_drawing_of_a_newer_program_is_left_out_and_kept(store: Store) -> None:
    store.put_drawing("GE", LINE)
    with store._database.write() as sql:
        sql.execute("INSERT INTO drawing SELECT 'z', subject, '{\"kind\": \"spiral\"}' FROM drawing")
    assert store.drawings("GE") == [LINE]
    with store._database.read() as sql:
        assert sql.execute("SELECT count(*) FROM drawing").fetchone() == (2,)


def test_that_a_store_from_before_drawings_is_taken_along_with_all_it_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        with contextlib.closing(Database.open(path)) as old, old.write() as sql:
            catalogue.put_concept(sql, Concept("Theme"))
            row = (1, HEARING.time, HEARING.title, HEARING.note, HEARING.url)
            sql.execute("INSERT INTO event VALUES(?, ?, ?, ?, ?)", row)
    with Store.open(path) as store:
        assert store.events("Theme") == [HEARING]
        assert store.events("Theme")[0].origin == ""
        store.put_drawing("Theme", LINE)
        assert store.marks("Theme") == Marks((HEARING,), (LINE,))
        assert store.check() == []
    with contextlib.closing(sqlite3.connect(tmp_path / "old.sqlite.v1.bak")) as backup:
        assert backup.execute("SELECT title FROM event").fetchall() == [("Hearing",)]
