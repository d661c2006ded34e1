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
from core.sentiment.features import HAN_NEGATIONS, HAN_SCOPE, LONGEST_GRAM, NEGATED, NOT_NEGATING, SCOPE
from core.sentiment.hashing import Substrings, begun_with, paired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.sentiment.crowd_chunks import Flags, Rows
    from core.sentiment.crowd_model import Model
    from core.sentiment.feature_table import Floats
    from core.sentiment.hashing import Hashes, Places

_PAIR_BITS = 21  # of a code point
_HARMLESS = np.array([ord(left) << _PAIR_BITS | ord(right) for left, right in NOT_NEGATING])
_NEGATES = np.zeros(1 << 16, np.bool_)  # by code point; no character that counts as Chinese has a higher one
_NEGATES[list(map(ord, HAN_NEGATIONS))] = True


class Sums(NamedTuple):
    """Of each text."""

    stance: Floats  # weights, scaled
    neutral: Floats
    of_markets: NDArray[np.bool_]
    chinese: NDArray[np.bool_]  # whether most of it is
    plain: NDArray[np.bool_]  # as `Tokens` has it


def sums(model: Model, folded: Sequence[str]) -> Sums:
    """Return the sums over all features of each folded text, scaled as the text's size asks for.

    The order of additions within a text is that of its features, whatever stands around it.
    """
    rows, places, features, plain = model.reader.read(folded)
    flags, count = rows.flags, len(folded)
    text = np.cumsum(flags == END)
    chinese = _chinese(rows) if np.any(flags & HAN) else None
    negated = _negated(flags)
    denied = np.zeros(len(flags), np.bool_)
    denied[negated] = True
    kept = ~denied[places]
    sought = [(places[kept], features[kept]), (negated, begun_with(NEGATED, rows.hashes[negated]))]
    if chinese:
        sought.append(chinese)
    linked = np.flatnonzero(flags & (COUNTS | HAN | END))
    pairs = np.flatnonzero(flags[linked[:-1]] & flags[linked[1:]] & COUNTS)
    left, right = linked[pairs], linked[pairs + 1]
    sought.append((left, paired(rows.hashes[left], rows.shifts[left], rows.hashes[right])))
    known = model.table.known(np.concatenate([hashes for _, hashes in sought]))
    at = np.concatenate([tokens for tokens, _ in sought])[known.places]
    weighed = np.flatnonzero((flags & (COUNTS | DIRECTED_NUMBER) != 0) & ~denied)
    texts = text[np.concatenate([weighed, at])]
    weights = [
        np.bincount(texts, np.concatenate([own, found]), count)
        for own, found in zip(rows.weights[:, weighed], (known.stance, known.neutral), strict=True)
    ]

    def having(flag: int) -> Places:
        """Return how many such tokens each text has."""
        return np.bincount(text[np.flatnonzero(flags & flag)], minlength=count)

    latin, han = having(COUNTS), having(HAN)
    frame = model.frames(latin, han, having(TICKER))
    stance, neutral = (np.array(weights) + frame.weights) * frame.scale
    return Sums(stance, neutral, having(MARKET) > 0, han > latin, plain)


def _chinese(rows: Rows) -> tuple[Places, Hashes]:
    """Return all n-grams of characters without a break, and where each starts; a number among them is a character.

    Those that begin within a negation's scope are negated.
    """
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
    grams = np.concatenate([substrings.hashes(start, start + n) for n, start in enumerate(starts, 1)])
    places = np.concatenate(starts)
    negated = _within(_negations(rows.codes[inside], run), run, HAN_SCOPE)[places]
    grams[negated] = begun_with(NEGATED, grams[negated])
    return inside[places], grams


def _negations(codes: NDArray[np.intc], run: Places) -> NDArray[np.bool_]:
    """Return which Chinese characters are negations."""
    found = _NEGATES[codes]
    maybe = np.flatnonzero(found)
    for left in (maybe - 1, maybe):
        within = (left >= 0) & (left + 1 < len(codes))
        within[within] = run[left[within]] == run[left[within] + 1]
        pairs = codes[left[within]].astype(np.int64) << _PAIR_BITS | codes[left[within] + 1]
        found[maybe[within][np.isin(pairs, _HARMLESS)]] = False
    return found


def _negated(flags: Flags) -> Places:
    """Return which words are negated: those within a negation's scope, up to the end of its clause."""
    words = np.flatnonzero(flags & WORD)
    negations = flags[words] & NEGATES != 0
    if not negations.any():
        return words[:0]
    return words[_within(negations, np.cumsum(flags & (BREAK | HAN | END) != 0)[words], SCOPE)]


def _within(negations: NDArray[np.bool_], clause: Places, scope: int) -> NDArray[np.bool_]:
    """Return what stands within the scope of a negation that is before it in its clause."""
    found = np.zeros(len(negations), np.bool_)
    places = np.flatnonzero(negations)
    for distance in range(1, scope + 1):
        near = places[places + distance < len(negations)]
        found[near + distance] |= clause[near] == clause[near + distance]
    return found
