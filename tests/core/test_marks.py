"""Drawings and events as values: to JSON and back, changes and taking them back, and what no chart could show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drawings import Anchor, Drawing, DrawingKind, new_id
from core.errors import InputError
from core.marks import Change, Marks, flags_of, take_back
from core.model import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.marks import Mark

times = st.integers(0, 4 * 10**12)
values = st.floats(-1e9, 1e9)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def drawings(draw: st.DrawFn, ids: Sequence[str] = ()) -> Drawing:
    kind = draw(st.sampled_from(list(DrawingKind)))
    anchors = tuple(Anchor(draw(times), draw(values)) for _ in range(kind.anchors))
    return Drawing(
        draw(st.sampled_from(ids)) if ids else new_id(),
        kind,
        draw(st.sampled_from(["price", "volume", "metric:US App Store rank"])),
        anchors,
        draw(st.sampled_from(["", "#d2a24c", "#FFFFFF"])),
        draw(st.floats(1, 8)),
        draw(texts),
        draw(st.booleans()),
        draw(times),
    )


events = st.builds(Event, time=st.integers(0, 5), title=st.sampled_from("ab"), note=texts)


@given(drawings())
def test_that_a_drawing_comes_back_from_json_as_it_was(drawing: Drawing) -> None:
    assert Drawing.from_json(json.loads(json.dumps(drawing.to_json()))) == drawing


@given(st.lists(st.one_of(events, drawings(ids="abc")), max_size=12), st.data())
def test_that_taking_changes_back_leaves_what_was(marks: list[Mark], data: st.DataObject) -> None:
    state = Marks().changed(Change("X", None, m) for m in marks)
    before, done = state, list[Change]()
    for _ in range(data.draw(st.integers(1, 6))):
        there: list[Mark] = [*state.events, *state.drawings]
        old = data.draw(st.sampled_from(there)) if there and data.draw(st.booleans()) else None
        new: Mark | None
        if old is None:
            new = Event(data.draw(st.integers(6, 9)), new_id())  # nothing of its key is there yet
        elif isinstance(old, Event):
            new = data.draw(st.sampled_from([None, Event(old.time, old.title, "changed")]))
        else:
            new = data.draw(st.sampled_from([None, old.with_anchor(0, Anchor(7, 7.0))]))
        change = Change("X", old, new)
        done.append(change)
        state = state.changed([change])
    assert state.changed(take_back(done)) == before


@given(st.lists(st.one_of(events, drawings(ids="abc")), max_size=12))
def test_that_events_stand_in_order_of_time_and_the_newest_drawing_lies_on_top(marks: list[Mark]) -> None:
    state = Marks().changed(Change("X", None, m) for m in marks)
    assert list(state.events) == sorted(state.events, key=lambda e: (e.time, e.title))
    assert list(state.drawings) == sorted(state.drawings, key=lambda d: (d.made, d.id))
    assert len({d.id for d in state.drawings}) == len(state.drawings)


def test_that_flags_of_a_stock_and_its_theme_stand_in_one_order() -> None:
    marks = {"S": Marks((Event(2, "own"),)), "Theme": Marks((Event(1, "first"), Event(3, "last")))}
    assert [(f.owner, f.event.title) for f in flags_of(marks)] == [("Theme", "first"), ("S", "own"), ("Theme", "last")]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("id", ""),
        ("anchors", (Anchor(0, 1.0),)),
        ("anchors", (Anchor(0, 1.0), Anchor(0, float("nan")))),
        ("colour", "red"),
        ("width", 0.0),
        ("width", 99.0),
    ],
)
def test_that_what_no_chart_could_show_is_refused(part: str, value: Any) -> None:
    whole: dict[str, Any] = {
        "id": "a", "kind": DrawingKind.TREND, "pane": "price", "anchors": (Anchor(0, 1.0), Anchor(1, 2.0)),
    }  # fmt: skip
    Drawing(**whole)
    with pytest.raises(ValueError, match=r"."):
        Drawing(**{**whole, part: value})


@pytest.mark.parametrize("found", [{}, {"id": "a", "kind": "spiral", "pane": "p", "anchors": []}])
def test_that_json_of_no_drawing_is_told(found: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no drawing"):
        Drawing.from_json(found)
