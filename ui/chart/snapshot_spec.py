"""How a snapshot is to be made, as a value: no drawing, no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.layout import DEFAULT_LAYOUT

if TYPE_CHECKING:
    from core.clock import Language
    from core.layout import Layout
    from ui.theme import Market, Theme


@dataclass(frozen=True, slots=True)
class SnapshotSpec:
    """How a snapshot is made. `width` and `height` are in points of which a PNG has `scale` pixels each.

    `start` and `end` (ms UTC) default to all of the view; `market` says which colour
    means a rise (None: the custom of the exchange).
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
    made: int | None = None  # ms UTC; now unless given
