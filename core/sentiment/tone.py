"""VADER's say within the crowd model: the tone of English that speaks of no market."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment.base import Contribution


@functools.cache
def _vader() -> VaderScorer:
    return VaderScorer()


def general_tones(texts: Sequence[str]) -> list[float]:
    """Return VADER's compound of texts that speak of no market; 0 where it cannot judge one."""
    return [score.value if score else 0.0 for score in _vader().score_many(texts)]


def tone_parts(text: str) -> list[Contribution]:
    """Return what made the tone, in VADER's own units."""
    return _vader().explain(text)
