"""Saving a concept under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.drawings import Anchor, Drawing, DrawingKind
from core.model import Concept, Event, Member
from core.store import Store
from ui.concepts.jobs import save_concept
from ui.jobs import Place
from ui.tasks import JobContext

if TYPE_CHECKING:
    from pathlib import Path

LINE = Drawing("a", DrawingKind.HORIZONTAL, "price", (Anchor(1, 2.0),))


def test_that_a_concept_keeps_events_drawings_and_its_pin_under_a_new_name(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        store.put_concept(Concept("Other"))
        store.put_concept(Concept("Red"))
        store.put_event("Red", Event(5, "Hearing"))
        store.put_drawing("Red", LINE)
        store.set_pins(["Red", "Other"])
    context = JobContext(lambda _share, _text: None)
    assert save_concept(context, Place(path, tmp_path), Concept("Rednote", (Member("AAPL"),)), "Red") == "Rednote"
    with Store.open(path) as store:
        assert [c.name for c in store.concepts()] == ["Other", "Rednote"]
        assert store.events("Rednote") == [Event(5, "Hearing")]
        assert store.drawings("Rednote") == [LINE]
        assert store.pins() == ["Rednote", "Other"]
