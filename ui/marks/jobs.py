"""Reading and writing marks, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.marks import Change
    from ui.jobs import Place
    from ui.tasks import JobContext


def save(_context: JobContext, place: Place, changes: Sequence[Change]) -> None:
    """Make changes to events and drawings, all of them or none."""
    with place.open() as store:
        store.change_marks(changes)


def read(_context: JobContext, place: Place, owners: Iterable[str]) -> dict[str, Marks]:
    """Read the marks of subjects; one that is gone has none."""
    with place.open() as store:
        return {key: store.marks(key) if store.find_subject(key) is not None else Marks() for key in owners}
