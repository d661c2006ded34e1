"""How positive or negative a text is: one scorer a file behind one small protocol."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.sentiment.base import Contribution, Scorer
from core.sentiment.language import Language, language
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Score

__all__ = [
    "DEFAULT_SCORER",
    "Contribution",
    "Language",
    "Scorer",
    "get_scorer",
    "language",
    "score_batch",
    "scorers",
]

DEFAULT_SCORER = "vader"
_SCORERS = {"vader": VaderScorer}


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


def score_batch(scorer: str, texts: Sequence[tuple[str, str]]) -> list[Score | None]:
    """Score (text, stated language) pairs; pure, so that any `concurrent.futures.Executor` may run it anywhere."""
    score = get_scorer(scorer).score
    return [score(text, lang) for text, lang in texts]
