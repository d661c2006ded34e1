"""The crowd model's weights by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from core.sentiment.hashing import HashIndex, hashes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.sentiment.hashing import Hashes, Places

    Floats = NDArray[np.float64]


class Known(NamedTuple):
    """Which of some features are known, by their places among them, and the two weights of each."""

    places: Places
    stance: Floats
    neutral: Floats


class FeatureTable:
    """The stance and neutral weight of each known feature. Never changes after it is made."""

    def __init__(self, hashes: Hashes, codes: NDArray[np.unsignedinteger[Any]], levels: Floats) -> None:
        """Take the hashes of the features, and of each feature its weights: `levels[side, codes[side, feature]]`.

        Sides are 0, stance, and 1, neutral. Kept so, a weight takes as many bytes as one of `codes`.
        """
        order = np.argsort(hashes)
        self._index = HashIndex(hashes[order])
        self._codes = np.ascontiguousarray(codes[:, order])
        self._levels = levels

    @classmethod
    def of(cls, weights: Mapping[str, tuple[float, float]]) -> Self:
        """Return the table of features and their stance and neutral weights."""
        codes = np.arange(len(weights), dtype=np.uint32)
        levels = np.array(list(weights.values()), np.float64).reshape(-1, 2).T
        return cls(hashes(list(weights)), np.stack([codes, codes]), levels)

    def __len__(self) -> int:
        return len(self._index)

    def known(self, sought: Hashes) -> Known:
        """Return which of the features are known, in their order, and their weights."""
        places, at = self._index.find(sought)
        stance, neutral = (levels.take(codes.take(at)) for levels, codes in zip(self._levels, self._codes, strict=True))
        return Known(places, stance, neutral)
