"""The user's marks and the layer learned from them, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.corrections import Mine
    from core.sentiment.personal_fit import Worth
    from core.store.corrections import Correction
    from ui.jobs import Place
    from ui.tasks import JobContext


@dataclass(frozen=True, slots=True)
class Marks:
    """The user's marks, the latest first, and the layer in use."""

    corrections: tuple[Correction, ...]
    mine: Mine | None
    tagged: int  # posts with a tag of their author, as far as a layer would take them


def read_marks(_context: JobContext, place: Place) -> Marks:
    """Read the user's marks."""
    from core.corrections import MOST_TAGS, mine  # noqa: PLC0415  heavy

    with place.open() as store:
        return Marks(tuple(store.corrections()), mine(store), len(store.tagged_posts(MOST_TAGS)))


def unmark(context: JobContext, place: Place, marks: Sequence[Correction]) -> Marks:
    """Take marks away."""
    with place.open() as store:
        store.remove_corrections(marks)
    return read_marks(context, place)


def export_marks(_context: JobContext, place: Place, path: Path) -> int:
    """Write all marks to a file; return how many."""
    from core.corrections import write_corrections  # noqa: PLC0415  heavy

    with place.open() as store:
        return write_corrections(store.corrections(), path)


def import_marks(_context: JobContext, place: Place, path: Path) -> tuple[int, int, int]:
    """Read marks from a file; return how many were taken over, are of unknown posts, and are of unknown subjects."""
    from core.corrections import read_corrections  # noqa: PLC0415  heavy

    marks = read_corrections(path)
    with place.open() as store:
        done, left = store.put_corrections(marks)
    return done, sum(what == "post" for _, what in left), sum(what == "subject" for _, what in left)


def weigh_layer(_context: JobContext, place: Place, *, tags: bool) -> Worth:
    """Say what a layer learned from the marks would be worth."""
    from core.corrections import weigh  # noqa: PLC0415  heavy

    with place.open() as store:
        return weigh(store, tags=tags)


def learn_layer(_context: JobContext, place: Place, *, tags: bool) -> str:
    """Learn a layer from the marks and use it; return the name of its scorer."""
    from core.corrections import learn  # noqa: PLC0415  heavy

    with place.open() as store:
        return learn(store, tags=tags).id.name


def forget_layer(_context: JobContext, place: Place) -> None:
    """Use no layer any more."""
    from core.corrections import forget  # noqa: PLC0415  heavy

    with place.open() as store:
        forget(store)
        store.purge_scores()
