"""What a file of events changes in those there are: what is new, what says more, and what has moved since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.marks import Change, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import Event


@dataclass(slots=True)
class EventChanges:
    """Changes for the store; how many events are new, and those that moved, as they were and as they are."""

    changes: list[Change] = field(default_factory=list[Change])
    added: int = 0
    moved: list[tuple[Event, Event]] = field(default_factory=list["tuple[Event, Event]"])


def changes_of(owner: str, known: Iterable[Event], read: Iterable[Event]) -> EventChanges:
    """Return what the events of a file change in the known ones of the subject `owner`.

    Events are one where time and title agree; a note or link that the file does not have stays. Of events of one
    origin, those that the file has no more make place for those that are new in it, in order of time: they moved.
    Others that the file lacks stay: it may be of another year.
    """
    there = {key_of(e): e for e in known}
    fresh: dict[tuple[object, ...], Event] = {}
    for event in read:
        old = fresh.get(key_of(event)) or there.get(key_of(event))
        fresh[key_of(event)] = event if old is None else _fuller(event, old)
    before = _moved(there, fresh)
    result = EventChanges()
    for key, event in fresh.items():
        old = before.get(key)
        if old is not None:
            result.moved.append((old, _fuller(event, old)))
            result.changes.append(Change(owner, *result.moved[-1]))
            continue
        result.added += key not in there
        result.changes.append(Change(owner, None, event))
    return result


def _fuller(event: Event, old: Event) -> Event:
    return replace(event, note=event.note or old.note, url=event.url or old.url, origin=event.origin or old.origin)


def _moved(
    there: dict[tuple[object, ...], Event], fresh: dict[tuple[object, ...], Event]
) -> dict[tuple[object, ...], Event]:
    """Return what each event that moved was before, by its key of now."""
    gone, come = defaultdict[str, list["Event"]](list), defaultdict[str, list["Event"]](list)
    for events, others, found in ((there, fresh, gone), (fresh, there, come)):
        for key, event in sorted(events.items(), key=lambda item: item[1].time):
            if event.origin and key not in others:
                found[event.origin].append(event)
    return {key_of(now): old for origin, events in come.items() for old, now in zip(gone[origin], events, strict=False)}
