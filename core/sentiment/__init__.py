"""How positive or negative a text is: one scorer a file behind one small protocol."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.sentiment.base import Contribution, Scorer
from core.sentiment.crowd import CrowdScorer
from core.sentiment.language import Language, language
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DEFAULT_SCORER",
    "Contribution",
    "Language",
    "Scorer",
    "get_scorer",
    "language",
    "scorers",
]

DEFAULT_SCORER = "vader"
_SCORERS: dict[str, Callable[[], Scorer]] = {"crowd": CrowdScorer, "vader": VaderScorer}


def scorers() -> list[str]:
    """Return the names of all scorers."""
    return sorted(_SCORERS)


@functools.cache
def get_scorer(name: str = DEFAULT_SCORER) -> Scorer:
    """Return this process's scorer of that name.

    Raises:
        UsageError: there is no such scorer.

    """
    if name not in _SCORERS:
        raise UsageError(f"There is no scorer named '{name}'; known: {', '.join(scorers())}.")
    return _SCORERS[name]()
