"""The crowd model's weights: the file they are kept in, and the look-up that makes scoring fast."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.features import Kind, is_market, read_token

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"crowdtape crowd model 1\n"
# A batch meets most of its words in its first thousand posts; names and typing errors must not fill the memory.
_REMEMBERED = 200_000
NONE = 0j
_SHIFT = 20  # a pair is (index of the left word) << 20 | (index of the right word)


class Shape(NamedTuple):
    """The few numbers that turn sums of weights into probabilities."""

    stance: float  # multiplies the sum of stance weights
    neutral: float  # multiplies the sum of neutral weights
    constant: float  # neutral logit of a text without known features
    offset: float  # added to a text's size before it divides, so that short texts are not shouted
    vader: float  # multiplies VADER's compound in general English before `stance` does


class Word(NamedTuple):
    """What is known of a token. Weights are complex: the real part is stance, the imaginary part neutral."""

    weight: complex
    left: int  # its index shifted, to be added to the `right` of the token after it
    right: int
    kind: int  # 0 for whatever needs no special care
    negated: complex
    negates: bool
    market: bool
    key: str


PLAIN, NUMBER, BREAK, SKIP = 0, 1, 2, 3
_SPECIAL = {Kind.NUMBER: NUMBER, Kind.BREAK: BREAK, Kind.SKIP: SKIP}


class _Words(dict[str, Word]):
    """Every token met so far but Chinese ones, looked up once."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, token: str) -> Word:
        key, kind, beginnings, negates = read_token(token)
        weights, index = self._model.weights, self._model.index.get(key, 0)
        weight = sum((weights.get(feature, NONE) for feature in (key, *beginnings)), NONE)
        negated = weights.get(f"¬{key}", NONE) if kind == Kind.WORD else NONE
        special = _SPECIAL.get(kind, PLAIN)
        word = Word(weight, index << _SHIFT, index, special, negated, negates, is_market(key), key)
        if len(self) > _REMEMBERED:
            self.clear()
        self[token] = word
        return word


class Model:
    """The weights, as read from the artefact. Never changes after it is made."""

    def __init__(
        self, shape: Shape, weights: dict[str, complex], index: dict[str, int], pairs: dict[int, complex]
    ) -> None:
        self.shape = shape
        self.weights = weights
        self.index = index  # words that form pairs, from 1
        self.pairs = pairs
        self.words = _Words(self)

    def pair(self, pair: str) -> complex:
        """Return the weight of two tokens in a row, written with one blank between them."""
        left, _, right = pair.partition(" ")
        return self.pairs.get((self.index.get(left, 0) << _SHIFT) + self.index.get(right, 0), NONE)

    def scale(self, length: int) -> float:
        """Return what each weight is multiplied by in a text of that size."""
        return 1.0 / math.sqrt(length + self.shape.offset)


def write_model(path: Path, shape: Shape, weights: dict[str, complex], pairs: dict[tuple[str, str], complex]) -> None:
    """Write the artefact: a line of JSON, the words, and their weights and those of pairs as 16-bit floats."""
    paired = sorted({word for pair in pairs for word in pair})
    keys = [*paired, *sorted(weights.keys() - set(paired))]
    place = {key: i for i, key in enumerate(keys)}
    couples = sorted((place[left], place[right], weight) for (left, right), weight in pairs.items())
    text = "\n".join(keys).encode()
    head = {
        "shape": shape._asdict(),
        "words": len(keys),
        "paired": len(paired),
        "bytes": len(text),
        "pairs": len(couples),
    }
    word_weights = np.array([weights.get(key, NONE) for key in keys], dtype=np.complex128)
    pair_weights = np.array([weight for _, _, weight in couples], dtype=np.complex128)
    with path.open("wb") as file:
        file.write(MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n" + text)
        file.write(np.array([c[:2] for c in couples], dtype="<u4").tobytes())
        for column in (word_weights.real, word_weights.imag, pair_weights.real, pair_weights.imag):
            file.write(column.astype("<f2").tobytes())


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
    words, pairs = int(head["words"]), int(head["pairs"])
    at = line_end + 1 + int(head["bytes"])
    keys = data[line_end + 1 : at].decode().split("\n") if words else []
    couples = np.frombuffer(data, "<u4", 2 * pairs, at).reshape(-1, 2).astype(np.int64)
    at += 8 * pairs
    floats = np.frombuffer(data, "<f2", 2 * (words + pairs), at).astype(np.float64)
    word_weights = floats[:words] + 1j * floats[words : 2 * words]
    pair_weights = floats[2 * words : 2 * words + pairs] + 1j * floats[2 * words + pairs :]
    # Index 0 stands for every unknown word.
    joint = ((couples[:, 0] + 1) << _SHIFT) + couples[:, 1] + 1
    return Model(
        Shape(**head["shape"]),
        dict(zip(keys, word_weights.tolist(), strict=True)),
        dict(zip(keys[: head["paired"]], range(1, words + 1), strict=False)),
        dict(zip(joint.tolist(), pair_weights.tolist(), strict=True)),
    )
