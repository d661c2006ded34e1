"""How positive or negative a text is: one scorer a file behind one small protocol."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.model import DEFAULT_SCORER, SCORERS
from core.sentiment import transformer
from core.sentiment.base import Contribution, Scorer
from core.sentiment.crowd import CrowdScorer
from core.sentiment.language import language
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Contribution",
    "Scorer",
    "get_scorer",
    "language",
    "scorers",
]

_SCORERS: dict[str, Callable[[], Scorer]] = dict(zip(SCORERS, (CrowdScorer, VaderScorer), strict=True))


def scorers() -> list[str]:
    """Return the names of all scorers that need nothing from the user."""
    return sorted(_SCORERS)


@functools.cache
def get_scorer(name: str = DEFAULT_SCORER) -> Scorer:
    """Return this process's scorer of that name, or the transformer that `transformer.spec_of` named.

    Raises:
        UsageError: there is no such scorer.
        InputError: the transformer's folder holds none.

    """
    if name.startswith(f"{transformer.NAME}:"):
        return transformer.from_spec(name)
    if name not in _SCORERS:
        raise UsageError(f"There is no scorer named '{name}'; known: {', '.join(scorers())}.")
    return _SCORERS[name]()
