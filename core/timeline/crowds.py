"""The further curves of a tape: other scorers, some sources or languages, each text once, and who spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.store import PostFilter
from core.timeline.audience import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.model import Subject
    from core.rollup import Rollup
    from core.store import Store
    from core.timeline.request import CrowdKey
    from core.timeline.slots import Slots


def read_crowds(store: Store, speaker: Subject, scorer: str, keys: Iterable[CrowdKey]) -> dict[CrowdKey, Rollup]:
    """Count the posts of each key; `scorer` is the chart's own."""
    return {
        key: store.rollup(speaker, key.scorer or scorer, chosen=filter_of(key))
        for key in keys
    }  # fmt: skip


def read_audiences(
    store: Store, speaker: Subject, scorer: str, keys: Iterable[CrowdKey], slots: Slots
) -> dict[CrowdKey, Audience]:
    """Return who spoke in the posts of each key."""
    return {
        key: Audience(store.voices(speaker, key.scorer or scorer, chosen=filter_of(key)), slots)
        for key in keys
    }  # fmt: skip


def filter_of(key: CrowdKey) -> PostFilter:
    """Return which posts a key counts."""
    return PostFilter(key.sources, key.languages, key.once)
