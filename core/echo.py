"""Which texts say the same: copies, retweets and near copies, found by signature and proved by comparison.

Two texts are one message when the Jaccard similarity of their shingles is at least `SAME`. Shingles are four letters
long, two in Chinese, of the text without links, names of accounts, marks of retweets, case and punctuation. Numbers
stay: another price is another message.

A signature holds one byte for each of 32 minima of the hashed shingles (one-permutation MinHash: Li, Owen and Zhang,
NIPS 2012; empty bins filled by rotation: Shrivastava and Li, ICML 2014; few bits of each: Li and König, WWW 2010).
Texts that agree in one of its eight bands of four bytes are candidates: of two with similarity s that is so with
probability 1 - (1 - s⁴)⁸, 98.5 % at 0.8.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from core.linking import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIGNATURE_BYTES: Final = 32
BAND_BYTES: Final = 4
SAME: Final = 0.8
# Two who say "to the moon" do not copy each other: below so many shingles a text has no signature.
LEAST_SHINGLES: Final = 16

_NOISE: Final = re.compile(r"https?:\S*|www\.\S+|(?<!\S)rt\s*(?=@)|@[\w-]+|\[话题\]")
_BETWEEN: Final = re.compile(r"[^\w$%]+")
_PLAIN: Final = "".join(chr(c) if chr(c).isalnum() or chr(c) in "_$%" else " " for c in range(128))
_LATIN, _HAN = 4, 2  # letters of a shingle
_HAN_FROM: Final = 0x2E80

_BINS: Final = SIGNATURE_BYTES
_BIN_SHIFT: Final = np.uint32(27)
_EMPTY: Final = np.uint32(2**32 - 1)
_PRIME: Final = np.uint32(0x01000193)
_SLICE: Final = 256  # texts at a time: their columns fit into the processor's cache


def plain_text(text: str) -> str:
    """Return what of a text is compared: folded words, one blank between them."""
    if not text.isascii():
        return _BETWEEN.sub(" ", _NOISE.sub(" ", fold(text))).strip()
    # Most texts in English are plain ASCII; without regular expressions they cost a third.
    words = text.lower().split()
    for k, word in enumerate(words):
        if "@" in word or "http" in word or "www." in word:
            words[k] = _NOISE.sub(" ", word)
            if k and words[k - 1] == "rt" and word.startswith("@"):
                words[k - 1] = ""
    return " ".join(" ".join(words).translate(_PLAIN).split())


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of two texts as `plain_text` gives them, in [0, 1]."""
    if one == other:
        return 1.0
    a, b = _shingles(one), _shingles(other)
    both = len(a & b)
    return both / (len(a) + len(b) - both) if a or b else 0.0


# A text is compared with several others in a row, and the first of a wave with all that follow.
@functools.lru_cache(maxsize=1024)
def _shingles(plain: str) -> frozenset[str]:
    n = len(plain)
    if plain.isascii():
        return frozenset([plain[i : i + _LATIN] for i in range(n - _LATIN + 1)])
    return frozenset(
        {plain[i : i + size] for i in range(n - 1) if i + (size := _HAN if ord(plain[i]) >= _HAN_FROM else _LATIN) <= n}
    )


def signatures(plain: Sequence[str]) -> list[bytes]:
    """Return the signature of each text as `plain_text` gives it, all zero where it is too short for one."""
    flat = b"".join(_signed(plain[i : i + _SLICE]).tobytes() for i in range(0, len(plain), _SLICE))
    return [flat[i : i + SIGNATURE_BYTES] for i in range(0, len(flat), SIGNATURE_BYTES)]


def _signed(plain: Sequence[str]) -> NDArray[np.uint8]:
    sizes = np.array([len(p) + 1 for p in plain], np.int64)
    joined = "\0".join(plain) + "\0" * _LATIN
    code = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    n = len(code) - _LATIN + 1
    text = np.repeat(np.arange(len(sizes)), sizes)
    end = np.repeat(np.cumsum(sizes) - 1, sizes)
    han = code[:n] >= _HAN_FROM
    pair = code[:n] * _PRIME + code[1 : n + 1]
    four = (pair * _PRIME + code[2 : n + 2]) * _PRIME + code[3 : n + 3]
    whole = np.arange(n) + np.where(han, _HAN, _LATIN) <= end
    hashed, text = _mixed(np.where(han, pair, four)[whole]), text[whole]
    least = np.full(len(sizes) * _BINS, _EMPTY)
    np.minimum.at(least, text * _BINS + (hashed >> _BIN_SHIFT), hashed)
    marks = _bytes(least.reshape(-1, _BINS))
    marks[np.bincount(text, minlength=len(sizes)) < LEAST_SHINGLES] = 0
    return marks


def _mixed(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread every bit over all others (the finaliser of MurmurHash3, by Appleby, 2011)."""
    hashed = (hashed ^ (hashed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashed = (hashed ^ (hashed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashed ^ (hashed >> np.uint32(16))


def _bytes(least: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return one byte a bin; an empty bin borrows from the next one that is not, marked by how far it is."""
    found = least.copy()
    empty = least == _EMPTY
    far = 1
    while far < _BINS and empty.any():
        lender = np.roll(least, -far, axis=1)
        fills = empty & (lender != _EMPTY)
        found[fills] = lender[fills] + np.uint32(far * 0x9E3779B1 & 0xFFFFFFFF)
        empty &= ~fills
        far += 1
    return (_mixed(found) >> np.uint32(24)).astype(np.uint8)
