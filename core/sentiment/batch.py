"""Scoring many texts: a pure function that any `concurrent.futures.Executor` may run, here or on another machine."""

from __future__ import annotations

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


def score_texts(spec: Spec, texts: Sequence[str]) -> list[Figures | None]:
    """Score texts: value and three shares of each, None where the scorer gives none."""
    # A retweet stands hundreds of times in a file, mostly near the others.
    unique = list(dict.fromkeys(texts))
    scores = scorer_of(spec).score_many(unique)
    figures = dict(zip(unique, map(_figures, scores), strict=True))
    return [figures[text] for text in texts]


def _figures(score: Score | None) -> Figures | None:
    # A plain tuple, as these travel between processes.
    return None if score is None else (score[0], score[1], score[2], score[3])
