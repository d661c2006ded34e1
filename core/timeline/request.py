"""What the panes of a chart want of a tape, as a value: beside the price and the chart's own crowd."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrowdKey:
    """Which posts a curve counts and whose scores it shows; () is all, and "" the scorer of the chart.

    `languages` are those that `core.sentiment.language` tells. With `once` each text counts once: echoes and reposts
    are left out.
    """

    scorer: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    once: bool = False


def before_of(scorer: str) -> CrowdKey | None:
    """Return the curve that is shown beside that of the user's own layer (`crowd+mine`): what the layer corrects."""
    base, plus, _ = scorer.partition("+")
    return CrowdKey(scorer=base) if plus else None


EVERYBODY = CrowdKey()


@dataclass(frozen=True, slots=True)
class Needs:
    """Further curves of the crowd, further symbols to compare with, and a concept's members at equal weights.

    `audiences` are those curves of which authors and reach are wanted.
    """

    crowds: frozenset[CrowdKey] = frozenset()
    compared: tuple[str, ...] = ()
    equal_weights: bool = False
    audiences: frozenset[CrowdKey] = frozenset()


NO_NEEDS = Needs()
