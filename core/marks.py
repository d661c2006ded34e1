"""The user's marks on charts: events and drawings of a subject, and changes to them that can be taken back.

A change holds what was before and what is after, so that taking it back is the same change the other way round; the
store and the window apply the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from core.model import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.drawings import Drawing

Mark: TypeAlias = "Event | Drawing"


@dataclass(frozen=True, slots=True)
class Marks:
    """The events of one subject in order of time, and the drawings on its chart, the upper ones last."""

    events: tuple[Event, ...] = ()
    drawings: tuple[Drawing, ...] = ()

    def drawing(self, number: str) -> Drawing | None:
        """Return the drawing with an id, or None."""
        return next((d for d in self.drawings if d.id == number), None)

    def changed(self, changes: Iterable[Change]) -> Marks:
        """Return the marks after some changes of this subject. What is taken away need not be there."""
        events = {key_of(e): e for e in self.events}
        drawings = {key_of(d): d for d in self.drawings}
        for change in changes:
            for mark, there in ((change.before, False), (change.after, True)):
                if mark is None:
                    continue
                place = events if isinstance(mark, Event) else drawings
                place.pop(key_of(mark), None)
                if there:
                    place[key_of(mark)] = mark  # pyright: ignore[reportArgumentType]  one kind a place
        return Marks(
            tuple(sorted(events.values(), key=lambda e: (e.time, e.title))),
            tuple(sorted(drawings.values(), key=lambda d: (d.made, d.id))),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One mark of the subject `owner` that was added (`before` is None), changed or removed (`after` is None)."""

    owner: str
    before: Mark | None
    after: Mark | None

    @property
    def reverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.owner, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Flag:
    """An event and the subject that it belongs to: a stock's chart also shows the events of its theme."""

    owner: str
    event: Event


def key_of(mark: Mark) -> tuple[object, ...]:
    """Return what tells a mark from all others of its subject: an event's time and title, a drawing's id."""
    return (mark.time, mark.title) if isinstance(mark, Event) else (mark.id,)


def take_back(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that take these back, in the order in which they must be made."""
    return tuple(change.reverse for change in reversed(tuple(changes)))


def flags_of(marks: Mapping[str, Marks]) -> list[Flag]:
    """Return the events of several subjects in order of time."""
    found = [Flag(owner, event) for owner, own in marks.items() for event in own.events]
    return sorted(found, key=lambda f: (f.event.time, f.event.title))
