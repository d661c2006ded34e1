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
_FEW = 64
OTHER = 128


def _powers(base: int, count: int) -> Hashes:
    """Return as many powers of the base, from the first on."""
    return np.multiply.accumulate(np.full(count, base, np.uint64))


class _Powers:
    """The powers of P from 1 and those of its inverse from 0, as many as are needed."""

    def __init__(self) -> None:
        self.up = self.down = np.zeros(0, np.uint64)
        self.reserve(1 << 10)

    def reserve(self, count: int) -> None:
        if count > len(self.up):
            size = 1 << (count - 1).bit_length()
            self.up = _powers(_P, size)
            self.down = _powers(_INVERSE, size) * np.uint64(_P)


_POWERS = _Powers()


class Substrings:
    """The hashes of all substrings of a text."""

    def __init__(self, codes: NDArray[np.unsignedinteger[Any]]) -> None:
        """Take the text's code points."""
        _POWERS.reserve(len(codes) + 1)
        self._sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum((codes + np.uint64(1)) * _POWERS.up[: len(codes)], out=self._sums[1:])

    def hashes(self, starts: Places, ends: Places) -> Hashes:
        """Return the hashes of the substrings [start, end)."""
        return (self._sums[ends] - self._sums[starts]) * _POWERS.down[starts]


def ascii_codes(text: str) -> NDArray[np.uint8]:
    """Return the code points of a text, with `OTHER` for all that are not ASCII."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), OTHER).astype(np.uint8)


def hashes(strings: Sequence[str]) -> Hashes:
    """Return the hash of each string."""
    codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, strings), np.intp, len(strings)))
    return Substrings(codes).hashes(np.append(np.intp(0), ends[:-1]) if len(ends) else ends, ends)


def shifts(lengths: Places) -> Hashes:
    """Return P^(length + 1): what `paired` needs to know of a word of that length."""
    _POWERS.reserve(int(lengths.max(initial=0)) + 1)
    return _POWERS.up[lengths]


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
