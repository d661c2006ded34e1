"""What every scorer offers, so that the rest of the program need not know which one it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.model import Score, ScorerId

_PIECE: Final = 100_000  # characters


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

    def score(self, text: str) -> Score | None:
        """Return the score, or None for a text that this scorer cannot judge."""
        ...

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        """Return what `score` does of each text, whatever else is among them."""
        return [self.score(text) for text in texts]

    def explain(self, text: str) -> list[Contribution]:
        """Return what made the score, in order of place; empty where `score` is None."""
        ...


def pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut texts into pieces that are worth an operation on arrays and do not fill the memory."""
    first = size = 0
    for last, text in enumerate(texts):
        if size > _PIECE:
            yield texts[first:last]
            first, size = last, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]
