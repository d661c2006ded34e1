"""What a file changes in the events there are, whatever was there and whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.ingest.event_changes import changes_of
from core.marks import Marks, key_of
from core.model import Event

events = st.lists(
    st.builds(Event, st.integers(0, 6), st.sampled_from("ab"), origin=st.sampled_from(("", "x", "y"))), max_size=8
)


def stored(known: list[Event]) -> Marks:
    return Marks().changed(changes_of("X", [], known).changes)


@given(events, events)
def test_that_a_file_is_there_afterwards_and_nothing_of_it_twice(known: list[Event], read: list[Event]) -> None:
    before = stored(known)
    found = changes_of("X", before.events, read)
    after = before.changed(found.changes)
    assert {key_of(e) for e in read} <= {key_of(e) for e in after.events}
    assert len(after.events) == len(before.events) + found.added
    again = changes_of("X", after.events, read)
    assert (again.added, again.moved) == (0, [])


@given(events, events)
def test_that_only_an_event_of_the_same_origin_makes_place(known: list[Event], read: list[Event]) -> None:
    before = stored(known)
    found = changes_of("X", before.events, read)
    gone = {key_of(e) for e in before.events} - {key_of(e) for e in before.changed(found.changes).events}
    assert gone == {key_of(old) for old, _ in found.moved}
    assert all(old.origin == new.origin != "" for old, new in found.moved)
    assert not gone & {key_of(e) for e in read}


@given(events)
def test_that_a_file_without_origins_only_adds(known: list[Event]) -> None:
    before = stored(known)
    found = changes_of("X", before.events, [Event(9, "c"), Event(0, "a")])
    assert set(before.events) <= set(before.changed(found.changes).events)
