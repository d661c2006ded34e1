"""Scoring many texts: a pure function that any `concurrent.futures.Executor` may run, here or on another machine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

from core.sentiment import get_scorer
from core.sentiment.personal import Layer, PersonalScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Score
    from core.sentiment import Scorer
    from core.store.arrivals import Figures

# What names a scorer in another process: its name, or the user's layer itself.
Spec: TypeAlias = str | Layer


def scorer_of(spec: Spec) -> Scorer:
    """Return the scorer; raises `UsageError` for a name that is none."""
    return PersonalScorer(spec, get_scorer(spec.base.name)) if isinstance(spec, Layer) else get_scorer(spec)


def score_texts(spec: Spec, texts: Sequence[tuple[str, str]]) -> list[Figures | None]:
    """Score (text, language) pairs: value and three shares of each, None where the scorer gives none."""
    if isinstance(spec, str):
        return [_remembered(spec, text, lang) for text, lang in texts]
    scorer = scorer_of(spec)
    return [_figures(scorer.score(text, lang)) for text, lang in texts]


# A retweet stands hundreds of times in a file, mostly near the others.
@functools.lru_cache(maxsize=1 << 14)
def _remembered(name: str, text: str, lang: str) -> Figures | None:
    return _figures(get_scorer(name).score(text, lang))


def _figures(score: Score | None) -> Figures | None:
    return None if score is None else (score.value, score.pos, score.neu, score.neg)
