"""The crowd model's weights: the file they are kept in, and the look-up that makes scoring fast."""

from __future__ import annotations

import json
import math
import re
import zlib
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from core.sentiment.features import (
    LINKS,
    MARKET_WORDS,
    TOKEN,
    Kind,
    item_features,
    length_item,
    read_token,
    size,
    tickers_item,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAGIC = b"crowdtape crowd model 2\n"
# A batch meets most of its words in its first thousand posts; names and typing errors must not fill the memory.
_REMEMBERED = 200_000
_LONG = 40  # a longer word is no word
NONE = 0j


class Shape(NamedTuple):
    """The few numbers that turn sums of weights into probabilities."""

    stance: float  # multiplies the sum of stance weights
    neutral: float  # multiplies the sum of neutral weights
    constant: float  # neutral logit of a text without known features
    offset: float  # added to a text's size before it divides, so that short texts are not shouted
    vader: float  # multiplies VADER's compound in general English before `stance` does


# What is known of a token: what it is; its weight; what it adds together with the word after it, by that word's index;
# its index; its weight where it is negated, None where a negation does not reach it; and its key. Weights are complex:
# the real part is stance, the imaginary part neutral. A plain tuple, as tens of thousands are made while a batch is
# read, and the garbage collector lets go of those that hold no others.
Word: TypeAlias = "tuple[int, complex, dict[int, complex] | None, int, complex | None, str]"


# What each word is, as far as scoring cares; the order matters.
PLAIN, NEGATION, MARKET, NUMBER, PERCENT, TICKER, HAN, BREAK, SKIP = range(9)
OF_MARKETS = frozenset([MARKET, PERCENT, TICKER])
_SPECIAL = {
    Kind.NUMBER: NUMBER,
    Kind.CASHTAG: TICKER,
    Kind.HAN: HAN,
    Kind.BREAK: BREAK,
    Kind.SKIP: SKIP,
}


_ACCOUNT = re.compile(r"@[\w\-]+")


class _Chunks(dict[str, tuple[Word, ...]]):
    """The words of what stood between blanks so far. What is easily read again, or all different, is not kept."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model = model
        self._tokens: dict[str, Word] = {}
        self._break = (self._word(","),)
        self._ticker = (self._word("$t"),)

    def __missing__(self, chunk: str) -> tuple[Word, ...]:  # noqa: PLR0911 (one form after the other)
        # What most chunks are is told by their ends, which says what TOKEN would and costs less.
        if chunk.isascii():
            if chunk.isalpha():
                return self._kept(chunk, (self._word(chunk),))
            first, last = chunk[0], chunk[-1]
            if last in ".,;:" and chunk[:-1].isalpha():
                return self[chunk[:-1]] + self._break
            if first == "$" and chunk[1:].isalpha():
                return self._kept(chunk, self._ticker)
            if first == "#" and chunk[1:].isalpha():
                return self[chunk[1:]]
            if first == "@" and (found := _ACCOUNT.match(chunk)) and found[0] != "@a":
                return self["@a" + chunk[found.end() :]]
            if chunk.startswith(LINKS):
                return ()
        made = tuple([self._tokens.get(token) or self._token(token) for token in TOKEN.findall(chunk)])
        if len(chunk) > _LONG or any([word[0] == HAN for word in made]):  # noqa: C419 (faster)
            return made
        return self._kept(chunk, made)

    def _kept(self, chunk: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if len(self) > _REMEMBERED:
            self.clear()
        self[chunk] = words
        return words

    def _token(self, token: str) -> Word:
        """Return a token's word, kept unless it is a run of Chinese."""
        word = self._word(token)
        if word[0] != HAN:
            if len(self._tokens) > _REMEMBERED:
                self._tokens.clear()
            self._tokens[token] = word
        return word

    def _word(self, token: str) -> Word:
        key, kind, negates = read_token(token)
        if kind == Kind.HAN:
            return HAN, NONE, None, 0, None, key
        model = self._model
        index = model.index.get(key, 0)
        negated = model.weights.get(f"¬{key}", NONE) if kind == Kind.WORD else None
        special = NEGATION if negates else MARKET if key in MARKET_WORDS else _SPECIAL.get(kind, PLAIN)
        if special == NUMBER and key[-1] == "%":
            special = PERCENT
        return special, model.weight(key), model.pairs.get(index), index, negated, key


class _Frames(dict[tuple[int, int, int], tuple[complex, float]]):
    """By numbers of tokens, Chinese characters and tickers: what these add to the sum, and the scale of the whole."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, counts: tuple[int, int, int]) -> tuple[complex, float]:
        latin, han, tickers = counts
        get = self._model.weights.get
        extra = get(length_item(latin, han), NONE) + get(tickers_item(tickers), NONE)
        made = extra, self._model.scale(size(latin, han))
        if len(self) > _REMEMBERED:
            self.clear()
        self[counts] = made
        return made


class Pairs:
    """The weights of pairs of words; of each first word a dictionary when it is first asked for."""

    def __init__(self, starts: list[int], second: list[int], weights: list[complex]) -> None:
        """Take, in order of the first words, the index of the second and the weight; `starts` cuts by first word."""
        self._starts, self._second, self._weights = starts, second, weights
        self._made: dict[int, dict[int, complex] | None] = {0: None}

    def get(self, index: int) -> dict[int, complex] | None:
        """Return what a first word adds with each second, by their indices from 1; None where it adds nothing."""
        if index not in self._made:
            first, last = self._starts[index - 1 : index + 1]
            made = dict(zip(self._second[first:last], self._weights[first:last], strict=True))
            self._made[index] = made or None
        return self._made[index]


class Model:
    """The weights, as read from the artefact. Never changes after it is made."""

    def __init__(
        self,
        shape: Shape,
        weights: dict[str, complex],
        index: dict[str, int],
        pairs: Pairs,
    ) -> None:
        self.shape = shape
        self.weights = weights
        self.index = index  # words that form pairs, from 1
        self.pairs = pairs
        self.chunks = _Chunks(self)
        self.frames = _Frames(self)

    def weight(self, item: str) -> complex:
        """Return the sum of the weights of an item's features."""
        return sum(filter(None, map(self.weights.get, item_features(item))), NONE)

    def pair(self, pair: str) -> complex:
        """Return the weight of two tokens in a row, written with one blank between them."""
        left, _, right = pair.partition(" ")
        after = self.pairs.get(self.index.get(left, 0))
        return after.get(self.index.get(right, 0), NONE) if after else NONE

    def scale(self, length: int) -> float:
        """Return what each weight is multiplied by in a text of that size."""
        return 1.0 / math.sqrt(length + self.shape.offset)


def write_model(path: Path, shape: Shape, weights: dict[str, complex], pairs: dict[tuple[str, str], complex]) -> None:
    """Write the artefact: a line of JSON, then, compressed, the features and their weights and those of pairs."""
    paired = sorted({word for pair in pairs for word in pair})
    keys = [*paired, *sorted(weights.keys() - set(paired))]
    place = {key: i for i, key in enumerate(keys)}
    couples = sorted((place[left], place[right], weight) for (left, right), weight in pairs.items())
    text = "\n".join(keys).encode()
    word_weights = np.array([weights.get(key, NONE) for key in keys], dtype=np.complex128)
    pair_weights = np.array([weight for _, _, weight in couples], dtype=np.complex128)
    every = np.concatenate([word_weights, pair_weights])
    largest = [round(float(np.max(np.abs(part), initial=0.0)), 4) for part in (every.real, every.imag)]
    head = {
        "shape": shape._asdict(),
        "words": len(keys),
        "paired": len(paired),
        "bytes": len(text),
        "pairs": len(couples),
        "largest": largest,
    }
    columns = [np.array([couple[i] for couple in couples], dtype="<u4").tobytes() for i in (0, 1)]
    columns += [packed(every.real, largest[0]).tobytes(), packed(every.imag, largest[1]).tobytes()]
    with path.open("wb") as file:
        file.write(MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n")
        file.write(zlib.compress(b"".join([text, *columns]), 9))


def packed(weights: Floats, largest: float) -> NDArray[np.int8]:
    """Return weights in eight bits, fine near zero: the square of a step, as a share of the largest weight."""
    steps = np.round(127.0 * np.sqrt(np.abs(weights) / (largest or 1.0)))
    return (np.sign(weights) * np.minimum(steps, 127.0)).astype(np.int8)


def unpacked(steps: NDArray[np.int8], largest: float) -> Floats:
    """Return the weights that `packed` stood for."""
    wide = steps.astype(np.float64) / 127.0
    return wide * np.abs(wide) * largest


def read_model(path: Path) -> Model:
    """Read the artefact.

    Raises:
        ValueError: the file is no such model.

    """
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"{path.name} is no crowd model")
    line_end = data.index(b"\n", len(MAGIC))
    head = json.loads(data[len(MAGIC) : line_end])
    words, pairs, at = (int(head[name]) for name in ("words", "pairs", "bytes"))
    body = zlib.decompress(memoryview(data)[line_end + 1 :])
    keys = body[:at].decode().split("\n") if words else []
    # Index 0 stands for every unknown word.
    first, second = np.frombuffer(body, "<u4", 2 * pairs, at).reshape(2, pairs).astype(np.int64)
    steps = np.frombuffer(body, np.int8, 2 * (words + pairs), at + 8 * pairs).reshape(2, words + pairs)
    real, imaginary = (unpacked(part, most) for part, most in zip(steps, head["largest"], strict=True))
    weights = (real + 1j * imaginary).tolist()
    starts = np.searchsorted(first, np.arange(int(head["paired"]) + 1))
    return Model(
        Shape(**head["shape"]),
        dict(zip(keys, weights[:words], strict=True)),
        dict(zip(keys[: head["paired"]], range(1, words + 1), strict=False)),
        Pairs(starts.tolist(), (second + 1).tolist(), weights[words:]),
    )
