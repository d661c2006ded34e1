"""Reading and writing concepts, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UnknownSubjectError
from core.model import Concept, subject_key
from ui.jobs import find_subject

if TYPE_CHECKING:
    from ui.jobs import Place
    from ui.tasks import JobContext


def save_concept(context: JobContext, place: Place, concept: Concept, replaced: str) -> str:
    """Keep a concept, under a new name where it changed, and relink the stored posts."""
    context.progress(-1.0)
    with place.open() as store:
        if replaced and replaced != concept.name:
            # Its metrics, events and drawings go along, and so does its pin.
            store.rename_concept(replaced, concept.name)
        store.put_concept(concept)
        pins = store.pins()
        if concept.name not in pins:
            pins.append(concept.name)
        store.set_pins(pins)
    return concept.name


def remove_concept(_context: JobContext, place: Place, name: str) -> None:
    """Forget a concept; its posts and instruments stay."""
    with place.open() as store:
        store.remove_concept(name)


def read_concept(_context: JobContext, place: Place, name: str) -> Concept:
    """Read a concept to be edited; raises UnknownSubjectError."""
    with place.open() as store:
        subject = find_subject(store, name)
    if not isinstance(subject, Concept):
        raise UnknownSubjectError(f"'{subject_key(subject)}' is an instrument, not a concept.")
    return subject
