"""Draws, chooses and moves marks on a chart. Keeps none: it says what is wanted, and then shows what came of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.drawings import Anchor, Drawing, DrawingKind, new_id
from core.marks import Change
from core.model import subject_key
from ui.chart.drawings.magnet import snapped
from ui.chart.drawings.paint import paint_grips, paint_shape
from ui.chart.drawings.scene import Scene, plane_of
from ui.chart.drawings.shape import BODY, dragged, put
from ui.chart.drawings.tools import KIND_NAMES, POINTER, tool_named
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter

    from core.marks import Marks
    from core.timeline import View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.panes import Pane
    from ui.chart.stack import ChartStack


class Marker(QObject):
    """What is marked on one chart, the tool at hand, and the drawing that is chosen."""

    wanted = Signal(str, object)  # what it is called in the menu Edit, and tuple[Change, ...]
    tool_changed = Signal(str)
    chosen_changed = Signal()
    edit_wanted = Signal(object, bool)  # Drawing, whether it is new and not kept yet
    event_wanted = Signal(object)  # an event is to be added at this instant (ms UTC)
    flags_wanted = Signal(object, object)  # list[Flag] under the pointer, QPoint of the screen

    def __init__(self, chart: ChartStack) -> None:
        """Mark `chart`."""
        super().__init__(chart)
        self._chart = chart
        self._marks: Mapping[str, Marks] = {}
        self.scene: Scene | None = None
        self.version = 0  # grows with every change of what the layers show
        self.tool = POINTER
        self.magnet = self.locked = self.hidden = False
        self.chosen = ""
        self.grip = BODY  # what the keys move
        self._live: Drawing | None = None  # in the making, or on the way
        self._original: Drawing | None = None  # of what is on the way; None in the making

    # What is shown.

    def show(self, view: View | None, marks: Mapping[str, Marks]) -> None:
        """Show marks on a view."""
        other = view is None or self.scene is None or self.owner != subject_key(view.tape.subject)
        self._marks = marks
        self.scene = Scene(view, marks) if view is not None else None
        if other:
            self._drop()
            self.choose("")
        elif self.chosen and self.drawing is None:
            self.choose("")
        self.refresh()

    @property
    def marks(self) -> Mapping[str, Marks]:
        """The marks that are shown, by the subjects that they belong to."""
        return self._marks

    @property
    def owner(self) -> str:
        """Key of the subject that is drawn on."""
        return subject_key(self.scene.view.tape.subject) if self.scene is not None else ""

    @property
    def drawing(self) -> Drawing | None:
        """The chosen drawing."""
        found = self.scene.drawings if self.scene is not None else ()
        return next((d for d in found if d.id == self.chosen), None)

    @property
    def moving(self) -> str:
        """Id of the drawing that the layers leave out, for it is painted live: the chosen one."""
        return self.chosen

    @property
    def live(self) -> Drawing | None:
        """What is in the making or on the way."""
        return self._live

    @property
    def sketching(self) -> bool:
        """Whether a drawing is in the making."""
        return self._live is not None and self._original is None

    def set_hidden(self, hidden: bool) -> None:  # noqa: FBT001  a state, not an option
        """Hide all marks, or show them again."""
        self.hidden = hidden
        self.choose("")
        self.refresh()

    def refresh(self) -> None:
        """Have the layers drawn anew."""
        self.version += 1
        self._chart.refresh_marks()

    # Tools and choice.

    def set_tool(self, name: str) -> None:
        """Take a tool, or the pointer."""
        self._drop()
        if name != POINTER:
            self.choose("")
        if name != self.tool:
            self.tool = name
            self.tool_changed.emit(name)
        self._chart.refresh_marks()

    def choose(self, number: str) -> None:
        """Choose the drawing with an id, or none."""
        if number == self.chosen:
            return
        self.chosen, self.grip = number, BODY
        self.refresh()
        self.chosen_changed.emit()

    def choose_next(self, by: int = 1) -> None:
        """Choose the next drawing on the chart in order of time, or none after the last."""
        found = sorted(self.scene.drawings, key=lambda d: (d.anchors[0].time, d.id)) if self.scene else []
        ids = [d.id for d in found]
        at = ids.index(self.chosen) + by if self.chosen in ids else (0 if by > 0 else len(ids) - 1)
        self.choose(ids[at] if 0 <= at < len(ids) else "")
        if self.drawing is not None:
            self._chart.travel.bring_in_sight(self.drawing.anchors[0].time)

    def escape(self) -> bool:
        """Drop what is in the making, else the tool, else the choice; return whether there was any."""
        if self._live is not None:
            self._drop()
        elif self.tool != POINTER:
            self.set_tool(POINTER)
        elif self.chosen:
            self.choose("")
        else:
            return False
        return True

    def _drop(self) -> None:
        if self._live is not None:
            self._live = self._original = None
            self.refresh()

    # Changes.

    def want(self, text: str, before: Drawing | None, after: Drawing | None) -> None:
        """Say that a drawing is to be added, changed or removed."""
        drawing = after or before
        if drawing is not None:
            self.wanted.emit(text.format(what=tr(KIND_NAMES[drawing.kind])), (Change(self.owner, before, after),))

    def remove(self) -> None:
        """Remove the chosen drawing."""
        if (drawing := self.drawing) is not None:
            self.choose("")
            self.want(tr("remove {what}"), drawing, None)

    def lock(self) -> None:
        """Lock the chosen drawing where it is, or let it be moved again."""
        if (drawing := self.drawing) is not None:
            text = tr("unlock {what}") if drawing.locked else tr("lock {what}")
            self.want(text, drawing, replace(drawing, locked=not drawing.locked))

    def edit(self) -> None:
        """Ask for the looks and the exact place of the chosen drawing."""
        if (drawing := self.drawing) is not None:
            self.edit_wanted.emit(drawing, False)

    def may_move(self, drawing: Drawing) -> bool:
        """Whether a drawing may be moved."""
        return not (self.locked or drawing.locked)

    def find(self, widget: PaneWidget, at: QPointF) -> tuple[Drawing, int] | None:
        """Return the uppermost drawing under a pixel of a pane and the grip there; the chosen one comes first."""
        scene, cut, chosen = self.scene, self._chart.cut, self.drawing
        if scene is None or cut is None or self.hidden:
            return None
        plane = plane_of(cut, widget.pane)
        if chosen is not None and plane is not None and _is_on(chosen, widget.pane):
            shape = scene.place(chosen, plane, widget.pane, self._chart.ink).shape
            grip = shape.hit(at.x(), at.y(), grips=True)
            if grip is not None:
                return chosen, grip
        for placed in reversed(widget.layer.placed):
            if placed.shape.hit(at.x(), at.y()) is not None:
                return placed.shape.drawing, BODY
        return None

    # Drawing and moving, for mouse and keys alike.

    def begin(self, pane: Pane, cut: Cut, px: float, py: float, *, free: bool = False) -> None:
        """Begin a drawing of the tool at hand at a pixel of a pane."""
        anchor, kind = self._anchor(pane, cut, px, py, free=free), tool_named(self.tool).kind
        if anchor is None or kind is None:
            return
        below = max((d.made for d in self.scene.drawings), default=0) if self.scene is not None else 0
        made = max(time.time_ns() // 1_000_000, below + 1)  # a clock set back must not put it under the others
        self._live = Drawing(new_id(), kind, pane.key, (anchor,) * kind.anchors, made=made)
        self._original = None
        self._chart.refresh_marks()

    def stretch(self, pane: Pane, cut: Cut, px: float, py: float, *, free: bool = False) -> None:
        """Move the last point of what is in the making to a pixel of its pane."""
        if self._live is None or self._live.pane != pane.key:
            return
        anchor = self._anchor(pane, cut, px, py, free=free)
        if anchor is not None:
            self._live = self._live.with_anchor(len(self._live.anchors) - 1, anchor)
            self._chart.refresh_marks()

    def finish(self) -> None:
        """Keep what is in the making, and go back to the pointer."""
        live, self._live = self._live, None
        if live is None:
            return
        self.set_tool(POINTER)
        if live.kind is DrawingKind.TEXT:
            self.edit_wanted.emit(live, True)
            return
        self.want(tr("draw {what}"), None, live)
        self.choose(live.id)

    def carry(self, pane: Pane, cut: Cut, grip: int, start: QPointF, end: QPointF, *, free: bool = False) -> None:
        """Move the chosen drawing, or a grip of it, from the pixel where it was taken to another."""
        drawing, plane = self._original or self.drawing, plane_of(cut, pane)
        if drawing is None or plane is None or not self.may_move(drawing):
            return
        self._original = drawing
        if grip != BODY and self.magnet != free:
            anchor = self._anchor(pane, cut, end.x(), end.y(), free=free)
            self._live = put(drawing, grip, anchor) if anchor is not None else drawing
        else:
            self._live = dragged(drawing, grip, plane, end.x() - start.x(), end.y() - start.y())
        self._chart.refresh_marks()

    def put_down(self) -> None:
        """Leave what was carried where it is now, and say so."""
        live, original = self._live, self._original
        if live is None or original is None:
            return
        self._live = self._original = None
        if live != original:
            self.want(tr("move {what}"), original, live)
        self.refresh()

    def _anchor(self, pane: Pane, cut: Cut, px: float, py: float, *, free: bool) -> Anchor | None:
        """Return the anchor at a pixel, snapped where the magnet is on; `free` turns the magnet round for once."""
        plane = plane_of(cut, pane)
        if plane is None:
            return None
        px = min(max(px, 0.0), cut.x.width)
        if self.magnet != free:
            return snapped(cut, plane, px, py, prices=pane.kind == "price")
        return plane.anchor(px, py)

    # Painting.

    def paint(self, painter: QPainter, pane: Pane, cut: Cut, ink: Ink) -> None:
        """Draw what is chosen, on the way or in the making over a pane."""
        if self.hidden or self.scene is None:
            return
        drawing, plane = self._live or self.drawing, plane_of(cut, pane)
        if drawing is None or plane is None or not _is_on(drawing, pane):
            return
        placed = self.scene.place(drawing, plane, pane, ink)
        paint_shape(painter, placed.shape, placed.lines, ink, faint=self.sketching and drawing.kind.anchors == 1)
        if drawing.pane == pane.key:
            paint_grips(painter, placed.shape, ink, self.grip if self.grip != BODY else None)


def _is_on(drawing: Drawing, pane: Pane) -> bool:
    return drawing.pane == pane.key or drawing.kind is DrawingKind.VERTICAL
