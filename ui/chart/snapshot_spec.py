"""How a snapshot is to be made, as a value: no drawing, no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.layout import DEFAULT_LAYOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.clock import Language
    from core.layout import Layout
    from core.marks import Marks
    from ui.theme import Market, Theme


@dataclass(frozen=True, slots=True)
class SnapshotSpec:
    """How a snapshot is made. `width` and `height` are in points of which a PNG has `scale` pixels each.

    `start` and `end` (ms UTC) default to all of the view; `market` says which colour means a rise (None: the custom of
    the exchange); `marks` are events and drawings by the subjects that they belong to (None: those of the tape).
    """

    width: int = 1600
    height: int = 900
    scale: float = 1.0
    theme: Theme | None = None
    title: str = ""
    start: int | None = None
    end: int | None = None
    zone: str = ""
    language: Language = "en"
    market: Market | None = None
    layout: Layout = DEFAULT_LAYOUT
    marks: Mapping[str, Marks] | None = None
    made: int | None = None  # ms UTC; now unless given
