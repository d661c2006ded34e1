"""The marks of one pane, painted over its picture and kept with it: moving the crosshair copies, and draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPixmap

from ui.chart.drawings.paint import paint_shape
from ui.chart.drawings.scene import flag_top

if TYPE_CHECKING:
    from core.marks import Flag
    from ui.chart.cut import Cut
    from ui.chart.drawings.marker import Marker
    from ui.chart.drawings.scene import Placed
    from ui.chart.ink import Ink
    from ui.chart.items.flags import FlagItem
    from ui.chart.panes import Pane


class MarkLayer:
    """A picture of the pane with its marks but the one that is being moved; drawn anew when any of them changes."""

    def __init__(self, marker: Marker) -> None:
        """Show what `marker` holds."""
        self._marker = marker
        self._picture = QPixmap()
        self._made_of: tuple[Cut, int, int] | None = None
        self._flags: FlagItem | None = None
        self.placed: list[Placed] = []
        self.paintings = 0  # how often marks were drawn, for tests and benchmarks

    def settle(self, pane: Pane, cut: Cut, ink: Ink) -> None:
        """Place the marks on a pane's present cut."""
        scene = self._marker.scene
        if scene is None or self._marker.hidden:
            self._flags, self.placed = None, []
            return
        self.placed = scene.placed(cut, pane, ink, without=self._marker.moving)
        self._flags = scene.flag_item() if scene.flags else None

    def over(self, picture: QPixmap, drawing: int, pane: Pane, cut: Cut, ink: Ink) -> QPixmap:
        """Return a pane's picture with its marks; `drawing` counts how often the picture was made."""
        made_of = (cut, drawing, self._marker.version)
        if self._made_of is not None and made_of[0] is self._made_of[0] and made_of[1:] == self._made_of[1:]:
            return self._picture if self._flags is not None or self.placed else picture
        self._made_of = made_of
        self.settle(pane, cut, ink)
        if self._flags is None and not self.placed:
            if not self._picture.isNull():
                self._picture = QPixmap()  # a chart without marks pays nothing for them
            return picture
        if self._picture.size() != picture.size() or self._picture.devicePixelRatio() != picture.devicePixelRatio():
            self._picture = QPixmap(picture.size())
            self._picture.setDevicePixelRatio(picture.devicePixelRatio())
        with QPainter(self._picture) as painter:
            painter.drawPixmap(0, 0, picture)
            if self._flags is not None:
                self._flags.paint(painter, cut.x, flag_top(pane), pane.height, ink)
            for found in self.placed:
                paint_shape(painter, found.shape, found.lines, ink)
        self.paintings += 1
        return self._picture

    def flags_at(self, px: float, py: float) -> list[Flag]:
        """Return the events whose flag is under a pixel."""
        return self._flags.at(px, py) if self._flags is not None else []
