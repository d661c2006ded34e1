"""Scoring many texts: a pure function that any `concurrent.futures.Executor` may run, here or on another machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from core.sentiment import get_scorer
from core.sentiment.personal import Layer, PersonalScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment import Scorer
    from core.store.arrivals import Figures

# What names a scorer in another process: its name, or the user's layer itself.
Spec: TypeAlias = str | Layer


def scorer_of(spec: Spec) -> Scorer:
    """Return the scorer; raises `UsageError` for a name that is none."""
    return PersonalScorer(spec, get_scorer(spec.base.name)) if isinstance(spec, Layer) else get_scorer(spec)


def score_texts(spec: Spec, texts: Sequence[tuple[str, str]]) -> list[Figures | None]:
    """Score (text, language) pairs: value and three shares of each, None where the scorer gives none."""
    score = scorer_of(spec).score
    found = (score(text, lang) for text, lang in texts)
    return [None if s is None else (s.value, s.pos, s.neu, s.neg) for s in found]
