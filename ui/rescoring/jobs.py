"""Scores and echoes that are to be made anew, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.store import Store
    from core.store.rescoring import Report
    from ui.jobs import Place
    from ui.tasks import JobContext

# Posts a transaction for what runs beside the window: neither it nor another writer waits long.
_GENTLE = 5000


def find_echoes(context: JobContext, place: Place) -> int:
    """Compare the posts that were not compared yet with all before them; return how many these were.

    An import does so itself; these are of a store of an older program, or of an import that was cut short.
    """
    if not place.store.exists() or place.read_only:
        return 0
    with place.open() as store:
        due = store.ungrouped()
        if due:
            store.group_echoes(lambda _done, _total: context.check(), most=_GENTLE)
        return due


@dataclass(frozen=True, slots=True)
class RescoringState:
    """Which scores are being made anew ("" for none), how far that is in [0, 1], and whether the user paused it."""

    scorer: str
    share: float
    paused: bool
    scorers: tuple[str, ...]  # the names of all there are, the user's own layer included


def _rescoring(store: Store) -> RescoringState:
    from core.corrections import specs  # noqa: PLC0415  heavy
    from core.rescoring import is_paused  # noqa: PLC0415  heavy
    from core.sentiment.batch import scorer_of  # noqa: PLC0415  heavy

    ids = [scorer_of(spec).id for spec in specs(store)]
    # A scorer that is not in use here, such as a layer that was forgotten meanwhile, is nobody's business.
    found = [job for job in store.rescoring() if job.scorer in ids]
    share = found[0].cursor / max(found[0].total, 1) if found else 0.0
    return RescoringState(
        str(found[0].scorer) if found else "", share, is_paused(store), tuple(scorer.name for scorer in ids)
    )


def plan_rescoring(_context: JobContext, place: Place) -> RescoringState:
    """Look whether stored posts lack scores of today's scorers, and note it in the store."""
    from core.corrections import specs  # noqa: PLC0415  heavy
    from core.rescoring import plan  # noqa: PLC0415  heavy
    from core.sentiment import scorers  # noqa: PLC0415  heavy

    if not place.store.exists():
        return RescoringState("", 0.0, False, tuple(scorers()))
    with place.open() as store:
        plan(store, specs(store))
        return _rescoring(store)


def pause_rescoring(_context: JobContext, place: Place, *, paused: bool) -> RescoringState:
    """Pause what is under way, in whichever process, or let it go on."""
    from core.rescoring import pause  # noqa: PLC0415  heavy

    with place.open() as store:
        pause(store, paused=paused)
        return _rescoring(store)


def read_reports(_context: JobContext, place: Place) -> list[Report]:
    """Read what scoring anew changed, the latest first."""
    with place.open() as store:
        return store.rescored()
