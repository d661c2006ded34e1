"""Whom new posts meet among all posts before them, found in one pass over the signatures of these.

The pass takes a tenth of a microsecond a stored post and serves as many new posts as fit into little memory: so they
take hardly longer with ten million posts before them than with a hundred thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.echo import BAND_BYTES, SIGNATURE_BYTES
from core.store import columns

if TYPE_CHECKING:
    import sqlite3

    from core.series import IntArray

Bytes: TypeAlias = NDArray[np.uint8]
Longs: TypeAlias = NDArray[np.uint64]

# Of the leaders that share a band with a post it meets the latest so many. A robot's template has ever more leaders,
# and to compare with all would take ever longer; among 135,000 tweets on stocks no band is shared by more than 178.
MOST_MET: Final = 256
_BANDS: Final = SIGNATURE_BYTES // BAND_BYTES
# What tells the four bytes of one band from the same four bytes of another.
_SALT: Final = np.arange(1, _BANDS + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xFF51AFD7ED558CCD], np.uint64)
_PART: Final = 1 << 16  # stored posts at a time
_LEAST_BITS, _MOST_BITS, _SPARE_BITS = 10, 26, 6
_LOWER: Final = np.uint64(2**32 - 1)


class Window:
    """New posts in a row, and whom they meet.

    Posts have places: first the leaders found before the new posts, in order of their numbers, then all new posts.
    `numbers` and `marks` hold the number and the signature at each place.
    """

    def __init__(self, sql: sqlite3.Connection, new: range) -> None:
        """Look whom the posts with these numbers meet; their signatures are stored, their groups are not yet."""
        marks = columns.span(sql, columns.SIGNATURE, new.start, new.stop)
        signed = np.flatnonzero(marks.any(axis=1))
        past = _Past(_Keys(_bands(marks[signed])), _Keys(_whole(marks[signed])))
        # Backwards, for of too many leaders the latest are met.
        for end in range(new.start, 1, -_PART):
            past.read(sql, max(end - _PART, 1), end)
        leaders, theirs, self._met = past.leaders()
        self.new = new
        self.numbers: IntArray = np.concatenate((leaders, np.arange(new.start, new.stop)))
        self.marks: Bytes = np.concatenate((theirs, marks))
        self._bounds = np.concatenate(([0], np.cumsum(past.met)))
        self._index: dict[int, list[int]] = {}  # the leaders of a band, as far as anybody asked
        shared = (past.bands.count > 1) | (past.met > 0)
        place = past.bands.place.reshape(-1, _BANDS)
        self._shared = np.full((len(new), _BANDS), -1, np.int32)  # bands that another post has as well, else -1
        self._shared[signed] = np.where(shared[place], place, -1)
        self._whole = np.full(len(new), -1, np.int32)
        self._whole[signed] = past.whole.place
        self._twins = past.twins

    def meeting(self, numbers: range) -> list[tuple[int, int, list[int]]]:
        """Return which of the new posts share bands with others: number, place, and the bands."""
        first = numbers.start - self.new.start
        rows = self._shared[first : first + len(numbers)]
        chosen = np.flatnonzero((rows >= 0).any(axis=1)) + first
        places = chosen + len(self.numbers) - len(self.new)
        bands = [[band for band in row if band >= 0] for row in self._shared[chosen].tolist()]
        return list(zip((chosen + self.new.start).tolist(), places.tolist(), bands, strict=True))

    def leaders(self, bands: list[int]) -> list[int]:
        """Return the places of the leaders that have one of the bands, in order."""
        return sorted(set[int]().union(*map(self._of, bands)))

    def lead(self, place: int, bands: list[int]) -> None:
        """Let a new post be met by those that follow."""
        for band in bands:
            known = self._of(band)
            known.append(place)
            if len(known) > MOST_MET:
                del known[0]

    def _of(self, band: int) -> list[int]:
        known = self._index.get(band)
        if known is None:
            found = self._met[self._bounds[band] : self._bounds[band + 1]]
            known = self._index[band] = found[-MOST_MET:].tolist()
        return known

    def twin(self, number: int) -> tuple[int, int]:
        """Return the first post with the very signature of a new one, and its group; zeros where there is none."""
        first, group = self._twins[self._whole[number - self.new.start]].tolist()
        return first, group

    def set_twin(self, number: int, group: int) -> None:
        """Note that a new post is the first with its signature, and its group (0 for none)."""
        self._twins[self._whole[number - self.new.start]] = number, group


class _Keys:
    """The keys of new posts; `distinct` are these, each once, and `place` says which of them each key is."""

    def __init__(self, keys: NDArray[Any]) -> None:
        self.distinct, self.place, self.count = np.unique(keys, return_inverse=True, return_counts=True)
        bits = min(max(len(self.distinct).bit_length() + _SPARE_BITS, _LEAST_BITS), _MOST_BITS)
        self._low = keys.dtype.type((1 << bits) - 1)
        self._table = np.zeros(1 << bits >> 3, np.uint8)
        np.bitwise_or.at(self._table, *self._bit(self.distinct))

    def _bit(self, keys: NDArray[Any]) -> tuple[NDArray[Any], Bytes]:
        """Return where in the table the bit of each key stands: the byte, and that bit of it."""
        return (keys & self._low) >> keys.dtype.type(3), np.uint8(1) << (keys & keys.dtype.type(7)).astype(np.uint8)

    def find(self, keys: NDArray[Any]) -> tuple[IntArray, IntArray]:
        """Return which of other posts' keys are among these, and their places in `distinct`."""
        # Most share nothing; a table of bits tells so ten times as fast as a search.
        byte, bit = self._bit(keys)
        maybe = np.flatnonzero(self._table[byte] & bit)
        place = np.searchsorted(self.distinct, keys[maybe])
        place[place == len(self.distinct)] = 0
        hit = self.distinct[place] == keys[maybe]
        return maybe[hit], place[hit]


class _Past:
    """What was found among the posts before the new ones, part by part, the latest part first."""

    def __init__(self, bands: _Keys, whole: _Keys) -> None:
        self.bands, self.whole = bands, whole
        self.met = np.zeros(len(bands.distinct), np.int64)  # how many leaders have a band
        self.twins = np.zeros((len(whole.distinct), 2), np.int64)  # see `Window.twin`
        self._found: list[tuple[IntArray, Bytes, Longs]] = []

    def read(self, sql: sqlite3.Connection, first: int, end: int) -> None:
        """Look through the posts numbered first … end - 1."""
        numbers = np.arange(first, end)
        marks = columns.span(sql, columns.SIGNATURE, first, end)
        groups = columns.span(sql, columns.ECHO, first, end).astype(np.int64)
        at, band = self.bands.find(_bands(marks))
        post = at // _BANDS
        signed = np.zeros(len(numbers), np.bool_)
        signed[post] = marks[post].any(axis=1)
        # What has the same signature has the same first band.
        alike = post[(at % _BANDS == 0) & signed[post]]
        which, twin = self.whole.find(_whole(marks[alike]))
        firsts = alike[which]
        # Of several values for one place the last is kept: the earliest post.
        self.twins[twin[::-1]] = np.column_stack((numbers[firsts], groups[firsts]))[::-1]
        chosen = (signed & ((groups == 0) | (groups == numbers)))[post] & (self.met[band] < MOST_MET)
        post, band = post[chosen], band[chosen]
        np.add.at(self.met, band, 1)
        leads = np.zeros(len(numbers), np.bool_)
        leads[post] = True
        pairs = band.astype(np.uint64) << np.uint64(32) | numbers[post].astype(np.uint64)
        self._found.append((numbers[leads], marks[leads], pairs))

    def leaders(self) -> tuple[IntArray, Bytes, NDArray[np.int32]]:
        """Return numbers and signatures of the leaders found; and for one band after the other who of them has it."""
        parts = self._found[::-1]
        numbers = np.concatenate([np.zeros(0, np.int64), *(n for n, _, _ in parts)])
        marks = np.concatenate([np.zeros((0, SIGNATURE_BYTES), np.uint8), *(m for _, m, _ in parts)])
        pairs = np.sort(np.concatenate([np.zeros(0, np.uint64), *(p for _, _, p in parts)]))
        return numbers, marks, np.searchsorted(numbers, (pairs & _LOWER).astype(np.int64)).astype(np.int32)


def _bands(marks: Bytes) -> NDArray[np.uint32]:
    """Return the keys of the bands of signatures, post by post."""
    return (marks.view(np.uint32) ^ _SALT).ravel()


def _whole(marks: Bytes) -> Longs:
    """Return a key for each whole signature."""
    return (marks.view(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
