"""VADER's say within the crowd model: the tone of English that speaks of no market."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from core.sentiment.base import Contribution


@functools.cache
def _vader() -> VaderScorer:
    return VaderScorer()


def general_tone(text: str) -> float:
    """Return VADER's compound of a text that speaks of no market; 0 where it cannot judge the text."""
    score = _vader().score(text)
    return score.value if score else 0.0


def tone_parts(text: str) -> list[Contribution]:
    """Return what made the tone, in VADER's own units."""
    return _vader().explain(text)
