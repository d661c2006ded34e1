"""Posts as those who said them: author, reach and score of each, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.series import BoolArray, IntArray

# What is known of how far a post went. They are not added to each other: a follower is no view.
Reach: TypeAlias = Literal["views", "followers", "engagement"]
REACHES: Final[tuple[Reach, ...]] = ("views", "followers", "engagement")


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """Posts in order of time, all columns of shape (n,): what an audience is counted from.

    `author` is a mark of 64 bits, 0 for an unnamed one. Counts are NaN-free whole numbers, -1 where the platform gave
    none. `units` are scores in whole ten-thousandths where `scored`.
    """

    published: IntArray  # ms UTC
    author: NDArray[np.uint64]
    views: IntArray
    followers: IntArray
    engagement: IntArray
    units: NDArray[np.int16]
    scored: BoolArray

    def __len__(self) -> int:
        return len(self.published)
