"""Hashes of strings, of many at once, and an index of those that are known.

The hash of a string of code points c is Σ (c_i + 1) P^(i+1) modulo 2^64, so that from sums along a text follows the
hash of each of its substrings, and from those of parts that of the whole. An unknown string is taken for one of 200,000
known ones once in 10^14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Hashes: TypeAlias = NDArray[np.uint64]
    Places: TypeAlias = NDArray[np.intp]

_P = 0x9E6C_63D0_876A_68EB  # odd, so that it has an inverse, and otherwise without a pattern
_INVERSE = pow(_P, -1, 1 << 64)
_BLANK = np.uint64(ord(" ") + 1)
_LAST = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_BLOCK = 1 << 12  # strings read at once
_KEPT = 1 << 17  # powers
_FEW = 64
OTHER = 128


def _powers(base: int, count: int) -> Hashes:
    """Return as many powers of the base, from the first on."""
    return np.multiply.accumulate(np.full(count, base, np.uint64))


_UP = _powers(_P, _KEPT)
_DOWN = _powers(_INVERSE, _KEPT) * np.uint64(_P)


def _up_and_down(count: int) -> tuple[Hashes, Hashes]:
    """Return the powers of P from 1, and those of its inverse from 0, as many as are asked for at least."""
    if count <= _KEPT:
        return _UP, _DOWN
    return _powers(_P, count), _powers(_INVERSE, count) * np.uint64(_P)


class Substrings:
    """The hashes of all substrings of a text."""

    def __init__(self, codes: NDArray[np.unsignedinteger[Any]]) -> None:
        """Take the text's code points."""
        up, self._down = _up_and_down(len(codes) + 1)
        self._sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum((codes + np.uint64(1)) * up[: len(codes)], out=self._sums[1:])

    def hashes(self, starts: Places, ends: Places) -> Hashes:
        """Return the hashes of the substrings [start, end)."""
        return (self._sums[ends] - self._sums[starts]) * self._down[starts]


def ascii_codes(text: str) -> NDArray[np.uint8]:
    """Return the code points of a text, with `OTHER` for all that are not ASCII."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), OTHER).astype(np.uint8)


def hashes(strings: Sequence[str]) -> Hashes:
    """Return the hash of each string."""
    found = [np.zeros(0, np.uint64)]
    for first in range(0, len(strings), _BLOCK):
        some = strings[first : first + _BLOCK]
        codes = np.frombuffer("".join(some).encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, some), np.intp, len(some))
        ends = np.cumsum(lengths)
        found.append(Substrings(codes).hashes(ends - lengths, ends))
    return np.concatenate(found)


def line_hashes(text: bytes) -> tuple[Hashes, Places]:
    """Return the hash of each line of a text in UTF-8, and its length."""
    found = [np.zeros(0, np.uint64)]
    lengths = [np.zeros(0, np.intp)]
    first = 0
    breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    for last in [*breaks[_BLOCK - 1 :: _BLOCK].tolist(), len(text)]:
        codes = np.frombuffer(text[first:last].decode().encode("utf-32-le"), np.uint32)
        ends = np.append(np.flatnonzero(codes == ord("\n")), len(codes))
        starts = np.append(0, ends[:-1] + 1)
        found.append(Substrings(codes).hashes(starts, ends))
        lengths.append(ends - starts)
        first = last + 1
    return np.concatenate(found), np.concatenate(lengths)


def shifts(lengths: Places) -> Hashes:
    """Return P^(length + 1): what `paired` needs to know of a word of that length."""
    return _up_and_down(int(lengths.max(initial=0)) + 1)[0][lengths]


def paired(left: Hashes, shift: Hashes, right: Hashes) -> Hashes:
    """Return the hashes of two words with a blank between them, from those of the words."""
    return left + shift * (right + _BLANK)


def begun_with(char: str, hashes: Hashes) -> Hashes:
    """Return the hashes of strings with a character before them, from those of the strings."""
    return (hashes + np.uint64(ord(char) + 1)) * np.uint64(_P)


class HashIndex:
    """Finds hashes among known ones, which are in ascending order. Never changes after it is made."""

    def __init__(self, ordered: Hashes) -> None:
        self._hashes = np.append(ordered, _LAST)
        bits = max(len(ordered).bit_length(), 4)
        # Most of what is sought is unknown, of which one bit tells most; the rest begins to look close to its place.
        self._maybe_shift, self._bucket_shift = np.uint64(64 - bits - 2), np.uint64(64 - bits)
        self._maybe = np.zeros(4 << bits, np.bool_)
        self._maybe[ordered >> self._maybe_shift] = True
        buckets = np.arange(1 << bits, dtype=np.uint64) << self._bucket_shift
        self._buckets = np.searchsorted(self._hashes, buckets).astype(np.int32)

    def __len__(self) -> int:
        return len(self._hashes) - 1

    def find(self, sought: Hashes) -> tuple[Places, Places]:
        """Return which of them are known, by their places among them, in order, and where each is in the index."""
        places = np.flatnonzero(self._maybe.take(sought >> self._maybe_shift))
        sought = sought[places]
        at = self._positions(sought)
        hit = np.flatnonzero(self._hashes.take(at) == sought)
        return places[hit], at[hit]

    def _positions(self, sought: Hashes) -> Places:
        """Return what `numpy.searchsorted` does, of many in a fraction of the time."""
        if len(sought) < _FEW:
            return np.searchsorted(self._hashes, sought)
        at = self._buckets.take(sought >> self._bucket_shift).astype(np.intp)
        behind = np.flatnonzero(self._hashes.take(at) < sought)
        while behind.size:
            at[behind] += 1
            behind = behind[self._hashes[at[behind]] < sought[behind]]
        return at
