"""What a user draws on a chart: lines, boxes, texts and measures, each anchored in time and value.

Anchors are instants (ms UTC) and values on a pane's own axis, never pixels, so that a drawing holds at every zoom, with
every interval, on both clocks and on every kind of axis.
"""

from __future__ import annotations

import enum
import json
import math
import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST_WIDTH, MOST_WIDTH = 1.0, 8.0
MOST_TEXT = 2000


class DrawingKind(enum.StrEnum):
    """What is drawn. A vertical line and a measure's posts hold for all panes, the rest for the pane drawn on."""

    TREND = "trend"
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    RECTANGLE = "rectangle"
    TEXT = "text"
    MEASURE = "measure"

    @property
    def anchors(self) -> int:
        """How many points such a drawing has."""
        return 2 if self in {DrawingKind.TREND, DrawingKind.RECTANGLE, DrawingKind.MEASURE} else 1


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point of a chart: an instant (ms UTC) and a value on the pane's axis."""

    time: int
    value: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing on the pane with the key `pane`.

    `colour` is `#rrggbb`, or empty for that of the theme; `width` is in device-independent pixels. A `locked` drawing
    is not moved by the mouse. Later `made` (ms UTC) lies above. Raises ValueError for what cannot be drawn.
    """

    id: str
    kind: DrawingKind
    pane: str
    anchors: tuple[Anchor, ...]
    colour: str = ""
    width: float = 1.5
    text: str = ""
    locked: bool = False
    made: int = 0

    def __post_init__(self) -> None:
        """Refuse what no chart could show."""
        if not self.id:
            raise ValueError("a drawing needs an id")
        if len(self.anchors) != self.kind.anchors:
            raise ValueError(f"a {self.kind} has {self.kind.anchors} anchors, not {len(self.anchors)}")
        if not all(math.isfinite(a.value) for a in self.anchors):
            raise ValueError("an anchor's value must be a finite number")
        if self.colour and not _COLOUR.fullmatch(self.colour):
            raise ValueError(f"{self.colour!r} is no colour such as #d2a24c")
        if not LEAST_WIDTH <= self.width <= MOST_WIDTH:
            raise ValueError(f"a width lies between {LEAST_WIDTH:g} and {MOST_WIDTH:g}, not at {self.width:g}")

    def with_anchor(self, index: int, anchor: Anchor) -> Drawing:
        """Return the drawing with one of its points elsewhere."""
        return replace(self, anchors=(*self.anchors[:index], anchor, *self.anchors[index + 1 :]))

    def to_json(self) -> dict[str, Any]:
        """Return the drawing as JSON can hold it; times are ms UTC."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "pane": self.pane,
            "anchors": [{"time": a.time, "value": a.value} for a in self.anchors],
            "colour": self.colour,
            "width": self.width,
            "text": self.text,
            "locked": self.locked,
            "made": self.made,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Drawing:
        """Return the drawing that `to_json` wrote. Raises InputError where it is none."""
        try:
            anchors = tuple(Anchor(int(a["time"]), float(a["value"])) for a in cast("list[Any]", found["anchors"]))
            return cls(
                id=str(found["id"]),
                kind=DrawingKind(found["kind"]),
                pane=str(found["pane"]),
                anchors=anchors,
                colour=str(found.get("colour", "")),
                width=float(found.get("width", 1.5)),
                text=str(found.get("text", ""))[:MOST_TEXT],
                locked=bool(found.get("locked", False)),
                made=int(found.get("made", 0)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"This is no drawing: {json.dumps(dict(found), default=str)[:200]} ({error}).") from None


def new_id() -> str:
    """Return an id that no other drawing has."""
    return uuid.uuid4().hex
