"""From an anchor (instant and value) to a pixel of one pane and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.drawings import Anchor

if TYPE_CHECKING:
    from core.clock import Clock
    from ui.chart.scale import XScale, YScale


@dataclass(frozen=True, slots=True)
class Plane:
    """The scales of one pane as they are now; `height` is that of the pane in pixels."""

    clock: Clock
    x: XScale
    y: YScale
    height: float

    def px(self, time: int) -> float:
        """Return the pixel of an instant (ms UTC)."""
        return self.x.at(float(self.clock.to_x(time)))

    def point(self, anchor: Anchor) -> tuple[float, float]:
        """Return the pixel of an anchor."""
        return self.px(anchor.time), self.y.at(anchor.value)

    def time(self, px: float) -> int:
        """Return the instant (ms UTC) at a pixel."""
        return int(self.clock.to_ms(self.x.position(px)))

    def anchor(self, px: float, py: float) -> Anchor:
        """Return the anchor at a pixel."""
        return Anchor(self.time(px), float(self.y.value(py)))

    def moved(self, anchor: Anchor, dx: float, dy: float) -> Anchor:
        """Return an anchor moved by pixels; a way of nothing leaves time or value to the last digit."""
        px, py = self.point(anchor)
        return Anchor(
            self.time(px + dx) if dx else anchor.time,
            float(self.y.value(py + dy)) if dy else anchor.value,
        )
