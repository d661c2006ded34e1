"""Reads many texts for VADER at once, by arrays over all their words, as far as no rule moves a word's valence.

That is so in two thirds of all posts, in half of them as they have no word that VADER knows. The others are for
`vader_engine` to read one by one.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.hashing import OTHER, HashIndex, Substrings, ascii_codes, hashes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from core.sentiment.hashing import Places

    Bytes = NDArray[np.uint8]

_BLANK, _PUNCTUATION, _SMALL = 1, 2, 4
_LONGEST = 10_000  # characters
_REACH = 3  # words
_BARE = 3  # characters that must be left of a word without the punctuation around it


# Signs that stand in no word of the lexicon, and are no emoji: quotes, dashes, currencies.
_SIGNS = "¡¢£¥«»¬°±·´¨¿–—‘’‚“”„†•…‰€"
_EASY = re.compile(f"[\\x00-\\x7f{_SIGNS}]*")


def _kinds() -> Bytes:
    """Return what each ASCII character is."""
    kinds = np.zeros(OTHER + 1, np.uint8)
    for code, char in enumerate(map(chr, range(OTHER))):
        kinds[code] = _BLANK * char.isspace() + _PUNCTUATION * (char in string.punctuation) + _SMALL * char.islower()
    return kinds


_KINDS = _kinds()
_SMALL_LETTERS = np.array([*(ord(chr(code).lower()) for code in range(OTHER)), OTHER], np.uint8)


class Read(NamedTuple):
    """What was read in some texts, by text."""

    plain: list[bool]  # whether no rule moves a valence; the rest is only of those
    words: list[int]  # how many
    firsts: list[int]  # which valences are its own: from this one up to the next text's first
    valences: list[float]


class BatchReader:
    """Knows the words that matter."""

    def __init__(self, lexicon: Mapping[str, float], stirring: Collection[str], special: Collection[str]) -> None:
        """Take the valences, the words that move those after them, and those that ask for a closer look anywhere."""
        words = sorted(word for word in {*lexicon, *stirring, *special} if word.isascii())
        known = hashes(words)
        order = np.argsort(known)
        self._index = HashIndex(known[order])
        self._special = np.array([word in special for word in words])[order]
        self._stirring = np.array([word in stirring for word in words])[order]
        self._valued = np.array([word in lexicon for word in words])[order]
        self._valences = np.array([lexicon.get(word, 0.0) for word in words])[order]

    def read(self, texts: Sequence[str]) -> Read:
        """Read the texts."""
        easy = [text if (text.isascii() or _EASY.fullmatch(text)) and len(text) <= _LONGEST else "" for text in texts]
        codes = ascii_codes(" ".join(["", *easy, ""]))
        kinds, small = _KINDS.take(codes), _SMALL_LETTERS.take(codes)
        blank = kinds & _BLANK != 0
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts, ends = edges[::2], edges[1::2]
        begins, stops = _bare(kinds, starts, ends)
        places, known = self._index.find(Substrings(small).hashes(begins, stops))
        stirring, closer = places[self._stirring[known]], places[self._special[known]]
        valued = np.flatnonzero(self._valued[known])
        places, known = places[valued], known[valued]
        before = np.append(-_REACH - 1, stirring)[np.searchsorted(stirring, places, side="right")]
        # A word in capitals ends with one, and a word like "isn't" negates.
        moved = (before >= places - _REACH) | (kinds[stops[places] - 1] & _SMALL == 0)
        closer = np.concatenate([closer, places[moved]])

        # Of each text, where it ends in the whole, and where its words and its known words do among all of these.
        lengths = np.fromiter(map(len, easy), np.intp, len(easy))
        bounds = np.cumsum(lengths + 1)
        words = np.searchsorted(starts, bounds)
        hits = np.searchsorted(starts[places], bounds)
        plain = lengths > 0
        negated = np.flatnonzero((small[1:-1] == ord("'")) & (small[:-2] == ord("n")) & (small[2:] == ord("t")))
        plain[np.searchsorted(bounds, starts[closer], side="right")] = False
        plain[np.searchsorted(bounds, negated, side="right")] = False
        return Read(
            plain.tolist(), np.diff(words, prepend=0).tolist(), [0, *hits.tolist()], self._valences[known].tolist()
        )


def _bare(kinds: Bytes, starts: Places, ends: Places) -> tuple[Places, Places]:
    """Return where the words begin and end without the punctuation around them, as `vader_engine.bare` has it."""
    begins, stops = starts.copy(), ends.copy()
    signs = np.flatnonzero(kinds[begins] & _PUNCTUATION)
    while signs.size:
        begins[signs] += 1
        signs = signs[kinds[begins[signs]] & _PUNCTUATION != 0]
    signs = np.flatnonzero((kinds[stops - 1] & _PUNCTUATION != 0) & (begins < stops))
    while signs.size:
        stops[signs] -= 1
        signs = signs[kinds[stops[signs] - 1] & _PUNCTUATION != 0]
    little = stops - begins < _BARE
    begins[little], stops[little] = starts[little], ends[little]
    return begins, stops
