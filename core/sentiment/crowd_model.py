"""The crowd model's weights: the file they are kept in, and the look-up that makes scoring fast."""

from __future__ import annotations

import json
import math
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from core.sentiment.crowd_tokens import Reader
from core.sentiment.feature_table import FeatureTable
from core.sentiment.features import MOST_TICKERS, length_name, size, tickers_item
from core.sentiment.hashing import hashes, line_hashes, paired, shifts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from core.sentiment.feature_table import Floats
    from core.sentiment.hashing import Places

MAGIC = b"crowdtape crowd model 3\n"
NONE = 0j
_MOST_HALF_OCTAVES = 64


class Calibration(NamedTuple):
    """Makes logits of sums of weights."""

    stance: float  # multiplies the sum of stance weights
    neutral: float  # multiplies the sum of neutral weights
    constant: float  # neutral logit of a text without known features


class Shape(NamedTuple):
    """The few numbers that turn sums of weights into probabilities."""

    latin: Calibration
    chinese: Calibration  # of texts that are Chinese for the most part
    offset: float  # added to a text's size before it divides, so that short texts are not shouted
    vader: float  # multiplies VADER's compound in general English before the calibration does
    general: float  # multiplies the sum of neutral weights of a Latin text that speaks of no market

    def calibration(self, *, chinese: bool) -> Calibration:
        """Return what makes logits of a text's sums."""
        return self.chinese if chinese else self.latin

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {**self._asdict(), "latin": self.latin._asdict(), "chinese": self.chinese._asdict()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        latin, chinese = (Calibration(**kept[name]) for name in ("latin", "chinese"))
        return cls(latin, chinese, kept["offset"], kept["vader"], kept["general"])


class Frame(NamedTuple):
    """What the numbers of tokens, Chinese characters and tickers say of each text, and the scale of its sums."""

    weights: Floats  # stance and neutral
    scale: Floats


class Model:
    """The weights, as read from the artefact. Never changes after it is made, but for what its reader remembers."""

    def __init__(self, shape: Shape, table: FeatureTable) -> None:
        self.shape = shape
        self.table = table
        self.reader = Reader(table)
        lengths = [length_name(n, chinese=chinese) for chinese in (False, True) for n in range(_MOST_HALF_OCTAVES)]
        self._lengths = self._weights(lengths)
        self._tickers = self._weights([tickers_item(n) for n in range(MOST_TICKERS + 1)])

    def weights_of(self, features: Iterable[str]) -> dict[str, complex]:
        """Return the weight, stance + i neutral, of each known feature; a pair is both words with a blank between."""
        every = list(dict.fromkeys(features))
        known = self.table.known(hashes(every))
        places: list[int] = known.places.tolist()
        weights = map(complex, known.stance.tolist(), known.neutral.tolist())
        return dict(zip([every[i] for i in places], weights, strict=True))

    def frames(self, latin: Places, han: Places, tickers: Places) -> Frame:
        """Return the frame of texts of so many tokens, Chinese characters and tickers."""
        half_octaves = np.frexp(((latin + han + 1) ** 2).astype(np.float64))[1]
        weights = self._lengths.take(half_octaves + _MOST_HALF_OCTAVES * (han > latin), axis=1)
        weights += self._tickers.take(np.minimum(tickers, MOST_TICKERS), axis=1)
        return Frame(weights, 1.0 / np.sqrt(size(latin, han) + self.shape.offset))

    def scale(self, length: int) -> float:
        """Return what each weight is multiplied by in a text of that size."""
        return 1.0 / math.sqrt(length + self.shape.offset)

    def _weights(self, features: list[str]) -> Floats:
        """Return stance and neutral weights, in two rows, 0 where unknown."""
        known = self.weights_of(features)
        found = [known.get(feature, 0j) for feature in features]
        return np.array([[weight.real for weight in found], [weight.imag for weight in found]])


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
        "shape": shape.as_dict(),
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
    left, right = np.frombuffer(body, "<u4", 2 * pairs, at).reshape(2, pairs)
    steps = np.frombuffer(body, np.int8, 2 * (words + pairs), at + 8 * pairs).reshape(2, words + pairs)
    every, lengths = line_hashes(body[:at])
    both = paired(every[left], shifts(lengths)[left], every[right])
    levels = np.array([unpacked(np.arange(256).astype(np.int8), most) for most in head["largest"]])
    # Words that only form pairs weigh nothing of their own.
    weighed = np.flatnonzero(np.any(steps, axis=0))
    table = FeatureTable(np.concatenate([every, both])[weighed], steps[:, weighed].view(np.uint8), levels)
    return Model(Shape.of(head["shape"]), table)
