"""What the watchlist shows and keeps, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Member
    from core.watchlists import Quote
    from ui.jobs import Place
    from ui.tasks import JobContext


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject as the watchlist knows it."""

    key: str
    name: str = ""
    concept: bool = False
    pinned: bool = False
    members: tuple[Member, ...] = ()


def load_entries(place: Place) -> tuple[Entry, ...]:
    """Read which subjects there are: pins in their order, then concepts, then instruments of no concept."""
    with place.open() as store:
        concepts = {c.name: c for c in store.concepts()}
        instruments = {i.symbol: i for i in store.instruments()}
        pins = [p for p in store.pins() if p in concepts or p in instruments]
    members = {m.symbol for c in concepts.values() for m in c.members}
    rest = [*sorted(concepts, key=str.casefold), *sorted(s for s in instruments if s not in members)]
    keys = [*pins, *(k for k in rest if k not in pins)]
    entries: list[Entry] = []
    for key in keys:
        if concept := concepts.get(key):
            entries.append(Entry(key, concept=True, pinned=key in pins, members=concept.members))
        else:
            entries.append(Entry(key, instruments[key].name, pinned=key in pins))
    # Members stand under their concepts; their names come along so that the model need not ask.
    shown = {e.key for e in entries}
    extra = [Entry(s, instruments[s].name if s in instruments else "") for s in sorted(members - shown)]
    return (*entries, *(Entry(e.key, e.name, members=(), pinned=False) for e in extra))


def load_quotes(context: JobContext, place: Place, keys: Sequence[str], scorer: str) -> dict[str, Quote]:
    """Compute what the watchlist shows of each subject."""
    from core.watchlists import quote  # noqa: PLC0415  heavy

    found: dict[str, Quote] = {}
    with place.open() as store:
        for key in keys:
            context.check()
            subject = store.find_subject(key)
            if subject is not None:
                found[key] = quote(store, subject, scorer)
    return found


def save_pins(_context: JobContext, place: Place, pins: list[str]) -> list[str]:
    """Keep the pinned subjects in this order."""
    with place.open() as store:
        store.set_pins(pins)
    return pins
