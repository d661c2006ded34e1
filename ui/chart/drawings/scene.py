"""All marks of one chart on its panes: flags on every pane, drawings on theirs. Only what is in sight costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.drawings import Drawing, DrawingKind
from core.marks import Marks, flags_of
from core.model import subject_key
from ui.chart.drawings.labels import label_of
from ui.chart.drawings.paint import label_size, paint_shape
from ui.chart.drawings.plane import Plane
from ui.chart.drawings.shape import place
from ui.chart.items.flags import FlagItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter

    from core.timeline import View
    from ui.chart.cut import Cut
    from ui.chart.drawings.shape import Shape
    from ui.chart.ink import Ink
    from ui.chart.panes import Pane


@dataclass(frozen=True, slots=True)
class Placed:
    """A drawing in the pixels of a pane, with the lines of its text."""

    shape: Shape
    lines: tuple[str, ...]


class Scene:
    """Marks on a view. Immutable but for what it remembers of measures; made anew when marks or view change."""

    def __init__(self, view: View, marks: Mapping[str, Marks]) -> None:
        """Take the marks of the subject and of whose posts are shown, by their keys."""
        self.view = view
        self.flags = flags_of(marks)
        self.drawings = marks.get(subject_key(view.tape.subject), Marks()).drawings
        self.flag_x = view.clock.to_x(np.array([f.event.time for f in self.flags], np.int64))
        ends = np.array([[d.anchors[0].time, d.anchors[-1].time] for d in self.drawings], np.int64).reshape(-1, 2)
        x = view.clock.to_x(ends)
        everywhere = np.array([d.kind is DrawingKind.HORIZONTAL for d in self.drawings], np.bool_)
        # Text reaches to the right of its anchor by an unknown number of pixels.
        texts = np.array([bool(d.text) or d.kind is DrawingKind.MEASURE for d in self.drawings], np.bool_)
        self._low = np.where(everywhere, -np.inf, x.min(axis=1, initial=np.inf))
        self._high = np.where(everywhere, np.inf, x.max(axis=1, initial=-np.inf))
        self._texts = texts
        self._labels: dict[tuple[Drawing, float], tuple[str, ...]] = {}

    def flag_item(self) -> FlagItem:
        """Return what draws the flags on one pane."""
        item = FlagItem()
        item.set_data(self.flag_x, self.flags)
        return item

    def within(self, cut: Cut, pane: str) -> list[Drawing]:
        """Return the drawings on a pane that may be in sight, the upper ones last."""
        span = cut.x.x1 - cut.x.x0
        reach = np.where(self._texts, span, 0.05 * span)
        seen = (self._high + reach >= cut.x.x0) & (self._low - reach <= cut.x.x1)
        found = (self.drawings[i] for i in np.flatnonzero(seen))
        return [d for d in found if d.pane == pane or d.kind is DrawingKind.VERTICAL]

    def placed(self, cut: Cut, pane: Pane, ink: Ink, *, without: str = "") -> list[Placed]:
        """Return what of a pane's drawings is in sight, the upper ones last; all but the one with an id."""
        plane = plane_of(cut, pane)
        if plane is None:
            return []
        found = (self.place(d, plane, pane, ink) for d in self.within(cut, pane.key) if d.id != without)
        return [p for p in found if p.shape.visible]

    def place(self, drawing: Drawing, plane: Plane, pane: Pane, ink: Ink) -> Placed:
        """Return one drawing in the pixels of a pane."""
        named = drawing, pane.fineness()
        lines = self._labels.get(named)
        if lines is None:
            if len(self._labels) > 4096:
                self._labels.clear()
            lines = self._labels[named] = tuple(label_of(drawing, self.view, pane))
        if drawing.kind is DrawingKind.VERTICAL and drawing.pane != pane.key:
            lines = ()
        return Placed(place(drawing, plane, label_size(lines, ink)), lines)

    def paint(self, painter: QPainter, cut: Cut, pane: Pane, ink: Ink, *, without: str = "") -> FlagItem:
        """Draw flags and drawings over a pane at (0, 0); return the flags as they stand on it."""
        flags = self.flag_item()
        flags.paint(painter, cut.x, flag_top(pane), pane.height, ink)
        for found in self.placed(cut, pane, ink, without=without):
            paint_shape(painter, found.shape, found.lines, ink)
        return flags


def flag_top(pane: Pane) -> float:
    """Return where the flags of a pane fly: below its legend."""
    return pane.top - 2


def plane_of(cut: Cut, pane: Pane) -> Plane | None:
    """Return the scales of a pane, or None where it has nothing to draw."""
    return Plane(cut.view.clock, cut.x, pane.y, pane.height) if pane.y is not None else None
