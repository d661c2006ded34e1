"""Pieces of text without blanks, cut into tokens when they are first met; the usual ones are remembered.

Each token is a row of arrays, by what it stands for: all numbers of a kind are one row.
"""

from __future__ import annotations

import re
from array import array
from operator import neg
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from core.sentiment.features import DIRECTED, TOKEN, Kind, Token, is_market, item_features, read_token
from core.sentiment.foreign import STRONG
from core.sentiment.hashing import hashes, shifts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.sentiment.feature_table import FeatureTable, Floats
    from core.sentiment.hashing import Hashes, Places

    Flags = NDArray[np.uint16]

# What a token is, as far as scoring cares.
COUNTS, WORD, NEGATES, MARKET, TICKER, NUMBER, PERCENT, DIRECTED_NUMBER, HAN, BREAK, END = (1 << i for i in range(11))
# What a chunk says of the language of its text.
PLAIN, FOREIGN, CHINESE, LATIN = 1, 2, 4, 8
END_CHUNK = "A"  # ends a text: there are no capitals in what is folded

# A batch meets most of its chunks in its first thousand posts; names and typing errors must not fill the memory.
_MOST_CHUNKS = 1 << 15
_MOST_ROWS = 1 << 18
_FIRST_ROWS: Final = 1 << 10
_LONG, _LONG_HAN = 40, 8  # characters; what is longer hardly comes again
_READABLE = re.compile(r"[a-z\u3400-\u9fff\ue000]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W\d_\u3400-\u9fff\ue000]")
_NAMED = re.compile(r"[@\[]")
_FLAGS = {
    Kind.WORD: COUNTS | WORD,
    Kind.NUMBER: COUNTS | NUMBER,
    Kind.SIGN: COUNTS,
    Kind.CASHTAG: COUNTS | TICKER,
    Kind.ACCOUNT: COUNTS,
    Kind.BREAK: BREAK,
    Kind.SKIP: 0,
}


def flags_of(token: Token) -> int:
    """Return what a token is."""
    flags = _FLAGS[token.kind]
    if token.negates:
        flags |= NEGATES
    if flags & COUNTS and is_market(token.key):
        flags |= MARKET
    if token.kind == Kind.NUMBER and token.key.endswith("%"):
        flags |= PERCENT | (DIRECTED_NUMBER if token.key in DIRECTED else 0)
    return flags


class Rows(NamedTuple):
    """What is known of some tokens. A Chinese character has nothing but its flag and its code point."""

    flags: Flags
    codes: NDArray[np.intc]
    hashes: Hashes  # of the key
    shifts: Hashes  # as `hashing.paired` wants them
    weights: Floats  # stance and neutral

    @classmethod
    def empty(cls, count: int) -> Self:
        """Return tokens of which nothing is known."""
        nothing = np.zeros(count, np.uint64)
        return cls(np.zeros(count, np.uint16), np.zeros(count, np.intc), nothing, nothing.copy(), np.zeros((2, count)))

    def at(self, places: Places) -> Self:
        """Return some of the tokens."""
        return self._make(column.take(places, axis=-1) for column in self)

    def put(self, places: Places | slice, tokens: Rows) -> None:
        """Set some of the tokens."""
        for column, new in zip(self, tokens, strict=True):
            column[..., places] = new


class Chunks:
    """The chunks met so far, by number, and their tokens."""

    def __init__(self, table: FeatureTable) -> None:
        self._table = table
        self._clear()

    def _clear(self) -> None:
        self._numbers = _Numbers()
        self._known = 1
        self._rows = Rows.empty(_FIRST_ROWS)
        self._rows.flags[0] = END

    def numbers(self, chunks: list[str]) -> NDArray[np.intc]:
        """Return the number of each chunk; it holds until chunks are numbered again."""
        if self._numbers.is_full():
            self._clear()
        found = np.fromiter(map(self._numbers.__getitem__, chunks), np.intc, len(chunks))
        if self._numbers.new:
            tokens, self._numbers.new = self._numbers.new, []
            self._learn(tokens)
        return found

    def marks(self, numbers: NDArray[np.intc]) -> NDArray[np.uint8]:
        """Return what each chunk says of the language of its text."""
        return np.frombuffer(self._numbers.marks, np.uint8)[numbers]

    def counts(self, numbers: NDArray[np.intc]) -> Places:
        """Return how many tokens each chunk has."""
        return np.frombuffer(self._numbers.counts, np.intc)[numbers].astype(np.intp)

    def rows(self, numbers: NDArray[np.intc], counts: Places) -> Rows:
        """Return the tokens of the chunks, one after the other."""
        # Views of arrays that grow, so that none of them may be kept.
        firsts = np.frombuffer(self._numbers.firsts, np.intc)[numbers]
        places = np.repeat(firsts - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        rows = np.frombuffer(self._numbers.tokens, np.intc)[places]
        found = self._rows.at(np.maximum(rows, 0))
        han = np.flatnonzero(rows < 0)
        found.flags[han] = HAN
        found.codes[han] = -rows[han]
        return found

    def _learn(self, tokens: list[Token]) -> None:
        """Weigh tokens whose rows follow those that there are."""
        new = Rows.empty(len(tokens))
        new.flags[:] = list(map(flags_of, tokens))
        weighed = np.flatnonzero(new.flags & COUNTS)
        keys = [tokens[i].key for i in weighed.tolist()]
        new.hashes[weighed] = hashes(keys)
        new.shifts[weighed] = shifts(np.array(list(map(len, keys)), np.intp))
        features = [item_features(key) for key in keys]
        owners = np.repeat(weighed, list(map(len, features)))
        known = self._table.known(hashes([feature for of_key in features for feature in of_key]))
        for side, weights in enumerate((known.stance, known.neutral)):
            new.weights[side] = np.bincount(owners[known.places], weights, len(tokens))
        first, self._known = self._known, self._known + len(tokens)
        if self._known > len(self._rows.flags):
            before, self._rows = self._rows, Rows.empty(2 * self._known)
            self._rows.put(slice(first), before.at(np.arange(first)))
        self._rows.put(slice(first, self._known), new)


def _marks(chunk: str) -> int:
    """Return what a chunk says of the language of its text."""
    if chunk.isascii():
        # In what is folded all letters are small.
        marks = LATIN if chunk.islower() else 0
        return marks | PLAIN * chunk.isalpha() | FOREIGN * (chunk in STRONG)
    marks = LATIN if _LATIN.search(chunk) else 0
    if _READABLE.fullmatch(chunk):
        marks |= PLAIN
    if chunk in STRONG:
        marks |= FOREIGN
    if not marks and _HAN.search(chunk) and not _NAMED.search(chunk):
        marks |= CHINESE
    return marks


class _Numbers(dict[str, int]):
    """The number of each chunk met so far. What is long is not kept.

    Chunk n is `tokens[firsts[n] : firsts[n] + counts[n]]`: rows, and of Chinese characters the code points, negated.
    `new` has the tokens whose rows nobody has filled yet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.firsts, self.counts, self.marks = array("i"), array("i"), array("i"), array("B")
        self.new: list[Token] = []
        self._rows: dict[str, int] = {}
        self._of_keys: dict[str, int] = {}
        self[END_CHUNK] = self._add([0], 0)

    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self) > _MOST_CHUNKS or len(self.tokens) > _MOST_ROWS

    def __missing__(self, chunk: str) -> int:
        rows: list[int] = []
        tokens = TOKEN.findall(chunk)
        for token in tokens:
            row = self._rows.get(token)
            if row is not None:
                rows.append(row)
            elif "\u3400" <= token[0] <= "\u9fff":
                rows += map(neg, map(ord, token))
            else:
                rows.append(self._row(token))
        number = self._add(rows, _marks(chunk))
        if len(chunk) <= (_LONG if len(rows) == len(tokens) else _LONG_HAN):
            self[chunk] = number
        return number

    def _add(self, rows: list[int], marks: int) -> int:
        self.firsts.append(len(self.tokens))
        self.counts.append(len(rows))
        self.marks.append(marks)
        self.tokens.extend(rows)
        return len(self.firsts) - 1

    def _row(self, token: str) -> int:
        read = read_token(token)
        # A kind without keys is one row.
        key = read.key or read.kind.name
        row = self._of_keys.get(key)
        if row is None:
            row = self._of_keys[key] = len(self._of_keys) + 1
            self.new.append(read)
        self._rows[token] = row
        return row
