"""How one to four charts are arranged, as values; knows nothing of widgets."""

from __future__ import annotations

from enum import StrEnum

MOST = 4


class Arrangement(StrEnum):
    """The arrangements there are, in the order of the menu."""

    ONE = "one"
    BESIDE = "beside"
    STACKED = "stacked"
    THREE = "three"
    FOUR = "four"

    @property
    def charts(self) -> int:
        """How many charts there are."""
        return sum(len(group) for group in self.groups)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the charts in each group: side by side the groups, stacked the charts in each."""
        return _GROUPS[self]


_GROUPS: dict[Arrangement, tuple[tuple[int, ...], ...]] = {
    Arrangement.ONE: ((0,),),
    Arrangement.BESIDE: ((0,), (1,)),
    Arrangement.STACKED: ((0, 1),),
    Arrangement.THREE: ((0,), (1, 2)),
    Arrangement.FOUR: ((0, 2), (1, 3)),
}


def with_count(count: int, before: Arrangement) -> Arrangement:
    """Return the arrangement of so many charts: the one before where it has as many, else the usual one."""
    count = min(max(count, 1), MOST)
    return before if before.charts == count else next(a for a in Arrangement if a.charts == count)
