"""From folded texts to arrays of tokens, as `features.parts` reads them.

A text is cut at its blanks. What stands between two of them (a chunk) is mostly a word, a link, an account or a ticker,
which is told of all of them at once; any other is `crowd_chunks`' to cut.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.crowd_chunks import (
    BREAK,
    CHINESE,
    COUNTS,
    END_CHUNK,
    FOREIGN,
    LATIN,
    PLAIN,
    WORD,
    Chunks,
    Rows,
    flags_of,
)
from core.sentiment.features import BEGINNINGS, LATIN_NAMES, MARKET_WORDS, NEGATIONS, read_token
from core.sentiment.foreign import STRONG
from core.sentiment.hashing import OTHER, HashIndex, Substrings, ascii_codes, begun_with, hashes, shifts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.sentiment.feature_table import FeatureTable
    from core.sentiment.hashing import Hashes, Places

    Bools = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

_BLANK, _LETTER, _NAME, _STOP, _MARK, _BEFORE, _AFTER = (1 << i for i in range(7))
_PADDING = " " * 8  # as long as what a link begins with
_LINKS = [np.frombuffer(link, np.uint8) for link in (b"http://", b"https://")]
_FOREIGN = 1 << 15  # a flag of exceptions


def _kinds() -> Bytes:
    """Return what each ASCII character is."""
    kinds = np.zeros(OTHER + 1, np.uint8)
    for code in range(OTHER):
        char = chr(code)
        kinds[code] = (
            _BLANK * char.isspace()
            + _LETTER * ("a" <= char <= "z")
            + _NAME * (char.isalnum() or char in "_-")
            + _STOP * (char in ".,;:")
            + _MARK * (char in "$@")
            + _BEFORE * (char in "#('\"")
            + _AFTER * (char in ".,)'\"")
        )
    return kinds


_KINDS = _kinds()


class Tokens(NamedTuple):
    """The tokens of some texts, in order, each text ending with one that is nothing but its end."""

    rows: Rows
    places: Places  # of which token each of the features below is
    features: Hashes  # whose weights are not yet in those of the rows
    plain: Bools  # by text: whether it is surely English or Chinese, if in no other script


class _Cut(NamedTuple):
    """The chunks of a text. The body of one is what is between its first signs and its last."""

    codes: Bytes  # of the text
    starts: Places
    ends: Places
    begins: Places  # of the body
    stops: Places
    stopped: Bools  # whether the last signs end a clause
    forms: NDArray[np.int8]  # an index into `_USUAL`, or one of the two below


# What stands for the usual chunks that are no words; a stop after one makes it the next.
_USUAL = (END_CHUNK, "", "$t", "$t,", "@a", "@a,")
_ENDING, _LINK, _TICKER, _ACCOUNT = 0, 1, 2, 4
_WORD, _ODD = -1, -2


class Reader:
    """Reads texts for one table of weights."""

    def __init__(self, table: FeatureTable) -> None:
        self._chunks = Chunks(table)
        self._lock = threading.Lock()
        # Words of letters alone that are more than that, or nothing.
        words = sorted(filter(str.isalpha, {*LATIN_NAMES, *NEGATIONS, *MARKET_WORDS, *filter(str.isascii, STRONG)}))
        flags = np.array([flags_of(read_token(word)) | _FOREIGN * (word in STRONG) for word in words], np.uint16)
        known = hashes(words)
        order = np.argsort(known)
        self._exceptions, self._flags = HashIndex(known[order]), flags[order]

    def read(self, folded: Sequence[str]) -> Tokens:
        """Return the tokens of folded texts. Any thread may ask."""
        with self._lock:
            return self._read(folded)

    def _read(self, folded: Sequence[str]) -> Tokens:
        joined = f" {f' {END_CHUNK} '.join(folded)} {END_CHUNK}{_PADDING}"
        cut = _cut(ascii_codes(joined))
        words, others = np.flatnonzero(cut.forms == _WORD), np.flatnonzero(cut.forms != _WORD)
        numbers = self._numbers(joined, cut, others)
        counts = cut.stopped + np.intp(1)
        counts[others] = lengths = self._chunks.counts(numbers)
        offsets = np.cumsum(counts) - counts
        rows = Rows.empty(int(counts.sum()))
        read = self._chunks.rows(numbers, lengths)
        at = np.repeat(offsets[others] - np.cumsum(lengths) + lengths, lengths) + np.arange(len(read.flags))
        rows.put(at, read)

        begin, end, at = cut.begins[words], cut.stops[words], offsets[words]
        substrings = Substrings(cut.codes)
        own = substrings.hashes(begin, end)
        flags = np.full(len(words), COUNTS | WORD, np.uint16)
        exceptions, known = self._exceptions.find(own)
        flags[exceptions] = self._flags[known]
        foreign = flags & _FOREIGN != 0
        flags &= _FOREIGN - 1
        rows.flags[at] = flags
        rows.hashes[at], rows.shifts[at] = own, shifts(end - begin)
        rows.flags[at[cut.stopped[words]] + 1] = BREAK
        weighed = np.flatnonzero(flags)
        places, features = [at[weighed]], [own[weighed]]
        for length in BEGINNINGS:
            longer = weighed[(end - begin)[weighed] > length]
            places.append(at[longer])
            features.append(begun_with("~", substrings.hashes(begin[longer], begin[longer] + length)))

        marks = np.zeros(len(counts), np.uint8)
        marks[others] = np.where(cut.forms[others] == _ODD, self._chunks.marks(numbers), 0)
        alone = (begin == cut.starts[words]) & (end == cut.ends[words])
        marks[words] = LATIN | PLAIN * alone | FOREIGN * (alone & foreign)
        firsts = np.flatnonzero(cut.forms == _ENDING) + 1
        firsts = np.append(0, firsts[:-1])
        of_text = np.bitwise_or.reduceat(marks, firsts)
        plain = (of_text & (PLAIN | FOREIGN) == PLAIN) | (of_text & (CHINESE | LATIN) == CHINESE)
        return Tokens(rows, np.concatenate(places), np.concatenate(features), plain)

    def _numbers(self, joined: str, cut: _Cut, others: Places) -> NDArray[np.intc]:
        """Return the numbers of the chunks that are no words."""
        forms = cut.forms[others]
        odd = np.flatnonzero(forms == _ODD)
        places = others[odd]
        pieces = zip(cut.starts[places].tolist(), cut.ends[places].tolist(), strict=True)
        found = self._chunks.numbers([*_USUAL, *[joined[start:end] for start, end in pieces]])
        numbers = found[forms]
        numbers[odd] = found[len(_USUAL) :]
        return numbers


def _cut(codes: Bytes) -> _Cut:
    """Cut a text at its blanks, with which it begins and ends."""
    kinds = _KINDS.take(codes)
    blank = kinds & _BLANK != 0
    edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    first = codes[starts]
    begins, stops, stopped = _bodies(kinds, starts, ends)
    mark = codes[begins]
    begins += kinds[begins] & _MARK != 0
    forms = np.full(len(starts), _ODD, np.int8)
    bodies = np.empty(2 * len(starts), np.intp)
    bodies[::2], bodies[1::2] = begins, stops
    throughout = np.bitwise_and.reduceat(kinds, bodies)[::2] * (begins < stops)
    letters, names = throughout & _LETTER != 0, throughout & _NAME != 0
    account, ticker = names & (mark == ord("@")), letters & (mark == ord("$"))
    forms[letters] = _WORD
    forms[ticker] = _TICKER + stopped[ticker]
    forms[account] = _ACCOUNT + stopped[account]
    # Three letters alike say that a word is drawn out, which is not told from the ends.
    drawn = np.flatnonzero((codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]) & (kinds[2:] & _LETTER != 0))
    within = np.searchsorted(starts, drawn, side="right") - 1
    forms[within[forms[within] == _WORD]] = _ODD
    for link in _LINKS:
        found = np.flatnonzero((first == link[0]) & (ends - starts > len(link)))
        for i, code in enumerate(link):
            found = found[codes[starts[found] + i] == code]
        forms[found] = _LINK
    forms[first == ord(END_CHUNK)] = _ENDING
    return _Cut(codes, starts, ends, begins, stops, stopped, forms)


def _bodies(kinds: Bytes, starts: Places, ends: Places) -> tuple[Places, Places, Bools]:
    """Return where chunks begin and end without the signs around them, and whether one of the last ends a clause."""
    begins, stops = starts.copy(), ends.copy()
    signs = np.flatnonzero(kinds[starts] & _BEFORE)
    while signs.size:
        begins[signs] += 1
        signs = signs[kinds[begins[signs]] & _BEFORE != 0]
    stopped = np.zeros(len(starts), np.bool_)
    # ":" and ";" are so at the very end alone; before other signs they may be the eyes of a face.
    signs = np.flatnonzero((kinds[ends - 1] & (_STOP | _AFTER) != 0) & (begins < ends))
    while signs.size:
        stops[signs] -= 1
        stopped[signs] |= kinds[stops[signs]] & _STOP != 0
        signs = signs[(kinds[stops[signs] - 1] & _AFTER != 0) & (begins[signs] < stops[signs])]
    return begins, stops, stopped
