"""What the crowd model makes of many texts at once, by arrays over all of their tokens.

It says what `features.parts` says, text by text, without making anything that only an explanation needs; what a text
gets does not depend on what else is in the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.crowd_chunks import (
    BREAK,
    COUNTS,
    DIRECTED_NUMBER,
    END,
    HAN,
    MARKET,
    NEGATES,
    NUMBER,
    PERCENT,
    TICKER,
    WORD,
)
from core.sentiment.features import LONGEST_GRAM, SCOPE
from core.sentiment.hashing import Substrings, begun_with, paired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.sentiment.crowd_chunks import Flags, Rows
    from core.sentiment.crowd_model import Model
    from core.sentiment.feature_table import Floats
    from core.sentiment.hashing import Hashes, Places


class Sums(NamedTuple):
    """Of each text."""

    stance: Floats  # weights, scaled
    neutral: Floats
    of_markets: NDArray[np.bool_]
    plain: NDArray[np.bool_]  # as `Tokens` has it


def sums(model: Model, folded: Sequence[str]) -> Sums:
    """Return the sums over all features of each folded text, scaled as the text's size asks for.

    The order of additions within a text is that of its features, whatever stands around it.
    """
    rows, places, features, plain = model.reader.read(folded)
    flags, count = rows.flags, len(folded)
    text = np.cumsum(flags == END)
    sought = [(places, features)]
    if np.any(flags & HAN):
        sought.append(_chinese(rows))
    negated = _negated(flags)
    sought.append((negated, begun_with("¬", rows.hashes[negated])))
    linked = np.flatnonzero(flags & (COUNTS | HAN | END))
    pairs = np.flatnonzero(flags[linked[:-1]] & flags[linked[1:]] & COUNTS)
    left, right = linked[pairs], linked[pairs + 1]
    sought.append((left, paired(rows.hashes[left], rows.shifts[left], rows.hashes[right])))
    known = model.table.known(np.concatenate([hashes for _, hashes in sought]))
    at = np.concatenate([tokens for tokens, _ in sought])[known.places]
    weighed = np.flatnonzero(flags & (COUNTS | DIRECTED_NUMBER))
    texts = text[np.concatenate([weighed, at])]
    weights = [
        np.bincount(texts, np.concatenate([own, found]), count)
        for own, found in zip(rows.weights[:, weighed], (known.stance, known.neutral), strict=True)
    ]

    def having(flag: int) -> Places:
        """Return how many such tokens each text has."""
        return np.bincount(text[np.flatnonzero(flags & flag)], minlength=count)

    frame = model.frames(having(COUNTS), having(HAN), having(TICKER))
    stance, neutral = (np.array(weights) + frame.weights) * frame.scale
    return Sums(stance, neutral, having(MARKET) > 0, plain)


def _chinese(rows: Rows) -> tuple[Places, Hashes]:
    """Return all n-grams of characters without a break, and where each starts; a number among them is a character."""
    flags = rows.flags
    inside = np.flatnonzero(flags & (HAN | NUMBER))
    # A number belongs to the Chinese just before it, as do those that follow it.
    run = np.cumsum(np.diff(inside, prepend=inside[0]) != 1)
    begun = np.maximum.accumulate(np.where(flags[inside] & HAN, run, -1)) == run
    inside, run = inside[begun], run[begun]
    numbers = inside[flags[inside] & NUMBER != 0]
    rows.codes[numbers] = np.where(flags[numbers] & PERCENT, ord("%"), ord("0"))
    flags[numbers] = HAN | flags[numbers] & DIRECTED_NUMBER
    substrings = Substrings(rows.codes[inside].astype(np.uint32))
    starts = [np.flatnonzero(run[: len(run) - n] == run[n:]) for n in range(LONGEST_GRAM)]
    grams = [substrings.hashes(start, start + n) for n, start in enumerate(starts, 1)]
    return inside[np.concatenate(starts)], np.concatenate(grams)


def _negated(flags: Flags) -> Places:
    """Return which words are negated: those within a negation's scope, up to the end of its clause."""
    words = np.flatnonzero(flags & WORD)
    negations = np.flatnonzero(flags[words] & NEGATES)
    if not negations.size:
        return negations
    clause = np.cumsum(flags & (BREAK | HAN | END) != 0)[words]
    negated = np.zeros(len(words), np.bool_)
    for distance in range(1, SCOPE + 1):
        within = negations[negations + distance < len(words)]
        negated[within + distance] |= clause[within] == clause[within + distance]
    return words[negated]
