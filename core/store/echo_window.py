"""Whom new posts meet among all posts before them, found in one pass over the signatures of these.

The pass takes a fraction of a microsecond a stored post and serves as many new posts as fit into little memory: so they
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

# Of the leaders that share a band with a post it meets the latest so many. A robot's template has ever more leaders,
# and to compare with all would take ever longer; among 135,000 tweets on stocks no band is shared by more than 178.
MOST_MET: Final = 256
_BANDS: Final = SIGNATURE_BYTES // BAND_BYTES
# What tells the four bytes of one band from the same four bytes of another.
_SALT: Final = np.arange(1, _BANDS + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
_PRIME: Final = np.uint32(0x85EBCA6B)
_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xFF51AFD7ED558CCD], np.uint64)
_PART: Final = 1 << 16  # stored posts at a time
_LEAST_BITS, _MOST_BITS, _SPARE_BITS = 10, 26, 6


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
        self.new = new
        self.numbers: IntArray
        self.marks: Bytes
        self.numbers, self.marks, self._old = past.leaders(new, marks)
        self._bounds = np.concatenate(([0], np.cumsum(past.met)))
        self._fresh: dict[int, list[int]] = {}  # the leaders of a band among the new posts
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
        met: set[int] = set()
        for band in bands:
            fresh = self._fresh.get(band, ())
            first, end = self._bounds[band], self._bounds[band + 1]
            if first < end:
                met.update(self._old[max(first, end - MOST_MET + len(fresh)) : end].tolist())
            met.update(fresh)
        return sorted(met)

    def lead(self, place: int, bands: list[int]) -> None:
        """Let a new post be met by those that follow."""
        for band in bands:
            fresh = self._fresh.setdefault(band, [])
            fresh.append(place)
            if len(fresh) > MOST_MET:
                del fresh[0]

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
        self._shift = keys.dtype.type(8 * keys.dtype.itemsize - bits)
        self._table = np.zeros(1 << bits >> 3, np.uint8)
        np.bitwise_or.at(self._table, *self._bit(self.distinct))

    def _bit(self, keys: NDArray[Any]) -> tuple[NDArray[Any], Bytes]:
        """Return where in the table the bit of each key stands: the byte, and that bit of it."""
        place = keys >> self._shift
        return place >> place.dtype.type(3), np.uint8(1) << (place & place.dtype.type(7)).astype(np.uint8)

    def find(self, keys: NDArray[Any]) -> tuple[IntArray, IntArray]:
        """Return which of other posts' keys are among these, and their places in `distinct`."""
        # Most share nothing; a table of bits tells so ten times as fast as a search.
        byte, bit = self._bit(keys)
        maybe = np.flatnonzero(self._table[byte] & bit)
        maybe = maybe[np.argsort(keys[maybe])]  # what is looked up in order is found in the processor's cache
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
        # Of each part the leaders' numbers and signatures; and bands, and which of these leaders has each.
        self._found: list[tuple[IntArray, Bytes, NDArray[np.int32], NDArray[np.int32]]] = []

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
        latest_first = np.argsort(-alike[which])
        firsts = alike[which][latest_first]  # of several values for one place the last is kept: the earliest post
        self.twins[twin[latest_first]] = np.column_stack((numbers[firsts], groups[firsts]))
        chosen = (signed & ((groups == 0) | (groups == numbers)))[post] & (self.met[band] < MOST_MET)
        post, band = post[chosen], band[chosen]
        np.add.at(self.met, band, 1)
        leads = np.zeros(len(numbers), np.bool_)
        leads[post] = True
        leader = np.cumsum(leads)[post] - 1
        self._found.append((numbers[leads], marks[leads], band.astype(np.int32), leader.astype(np.int32)))

    def leaders(self, new: range, marks: Bytes) -> tuple[IntArray, Bytes, NDArray[np.int32]]:
        """Return numbers and signatures at all places; and for one band after the other the places of its leaders.

        What was found is given away: there is not room for it twice.
        """
        size = sum(len(part[0]) for part in self._found)
        numbers = np.empty(size + len(new), np.int64)
        every = np.empty((len(numbers), SIGNATURE_BYTES), np.uint8)
        numbers[size:], every[size:] = np.arange(new.start, new.stop), marks
        pairs = np.empty(int(self.met.sum()), np.int64)  # band in the upper half, place in the lower
        place = end = 0
        while self._found:
            theirs, their_marks, band, leader = self._found.pop()
            numbers[place : place + len(theirs)], every[place : place + len(theirs)] = theirs, their_marks
            pairs[end : end + len(band)] = band.astype(np.int64) << 32 | leader + place
            place, end = place + len(theirs), end + len(band)
        pairs.sort()
        return numbers, every, pairs.astype(np.int32)  # the lower half


def _bands(marks: Bytes) -> NDArray[np.uint32]:
    """Return the keys of the bands of signatures, post by post; their upper bits are mixed of all others."""
    return ((marks.view(np.uint32) ^ _SALT) * _PRIME).ravel()


def _whole(marks: Bytes) -> NDArray[np.uint64]:
    """Return a key for each whole signature."""
    return (marks.view(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
