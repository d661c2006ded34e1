"""What every scorer offers, so that the rest of the program need not know which one it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.model import Score, ScorerId


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part of a text and what it adds to the score, in the scorer's own units before normalisation.

    `start` and `end` are offsets into the text as given; both equal len(text) where the part stands for no place.
    `note` says which rules were at work: "negated", "boosted", "capitals", "emoji", "punctuation", …
    """

    start: int
    end: int
    text: str
    value: float
    note: str = ""


class Scorer(Protocol):
    """Reads a text and says how positive or negative it is."""

    @property
    def id(self) -> ScorerId:
        """Name and version, kept with each score."""
        ...

    def score(self, text: str, lang: str = "") -> Score | None:
        """Return the score, or None for a text that this scorer cannot judge. `lang` is as the source states it."""
        ...

    def explain(self, text: str, lang: str = "") -> list[Contribution]:
        """Return what made the score, in order of place; empty where `score` is None."""
        ...
