"""Every score before and after as one picture: what lies off the diagonal moved.

Drawn by pyqtgraph, which is loaded when this is first shown rather than at the program's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from core.store.rescoring import CELLS
from ui.i18n import tr
from ui.theme import GRID, colour, number_font

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from ui.theme import Theme

_FAINTEST = 0.2  # opacity of a cell with one post; the fullest cell has 1
_STEP = 2 / CELLS


class ShiftPlot(pg.PlotWidget):
    """Shows how many posts went from which score to which, more bullish ones above the diagonal."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=theme.background)
        self._theme = theme
        self.counts: NDArray[np.int64] = np.zeros((CELLS, CELLS), np.int64)
        self._image = pg.ImageItem()
        self._plot: Any = self.getPlotItem()  # the library says too little of its types
        plot = self._plot
        plot.addItem(self._image)
        line = QPen(colour(theme.muted), 0)
        plot.addItem(pg.PlotDataItem([-1, 1], [-1, 1], pen=line))
        faint = QPen(colour(theme.zero), 0)
        for angle in (0, 90):
            plot.addItem(pg.InfiniteLine(0, angle, pen=faint))
        for side, name in (("bottom", tr("Score before")), ("left", tr("Score after"))):
            axis = plot.getAxis(side)
            axis.setPen(colour(theme.border))
            axis.setTextPen(colour(theme.muted))
            axis.setTickFont(number_font(theme.small_px))
            axis.setTicks([[(v, f"{v:+g}".replace("-", "−") if v else "0") for v in (-1, -0.5, 0, 0.5, 1)]])
            axis.setStyle(hideOverlappingLabels=False)  # or -1 and +1 would be left out
            axis.enableAutoSIPrefix(enable=False)
            axis.setLabel(name, color=theme.muted)
        plot.setContentsMargins(GRID, GRID, GRID, GRID)
        plot.setRange(xRange=(-1, 1), yRange=(-1, 1), padding=0.06)
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(enableMenu=False)
        plot.hideButtons()
        plot.setAspectLocked(lock=True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Scores before and after"))
        scene: Any = self.scene()
        scene.sigMouseMoved.connect(self._on_moved)

    def show_counts(self, cells: tuple[int, ...]) -> None:
        """Show counts of posts as `Shift.cells` has them."""
        self.counts = np.array(cells, np.int64).reshape(CELLS, CELLS)
        self._image.setImage(tinted(self.counts, self._theme), levels=None)
        self._image.setRect(QRectF(-1, -1, 2, 2))

    def told(self, before: float, after: float) -> str:
        """Return what the cell at two scores counts; "" outside."""
        row, column = int((before + 1) // _STEP), int((after + 1) // _STEP)
        if not (0 <= row < CELLS and 0 <= column < CELLS):
            return ""
        spans = [f"{_edge(i)} … {_edge(i + 1)}" for i in (row, column)]
        return tr("Before {before} · after {after} · posts: {n}").format(
            before=spans[0], after=spans[1], n=f"{int(self.counts[row, column]):,}"
        )

    def _on_moved(self, at: QPointF) -> None:
        point = self._plot.vb.mapSceneToView(at)
        self.setToolTip(self.told(point.x(), point.y()))


def _edge(cell: int) -> str:
    return f"{cell * _STEP - 1:+.1f}".replace("-", "−")


def tinted(counts: NDArray[np.int64], theme: Theme) -> NDArray[np.uint8]:
    """Return the picture, shape (before, after, RGBA): one hue for more bullish, one for more bearish, by log count."""
    side = np.arange(len(counts))
    turn = np.sign(side - side[:, None])  # 1 where the new score is the higher
    hues = [(c.red(), c.green(), c.blue()) for c in map(colour, (theme.flat, theme.positive, theme.negative))]
    made = np.empty((*counts.shape, 4), np.uint8)
    made[..., :3] = np.array(hues, np.uint8)[turn]  # -1 is the last of the three
    strength = np.log1p(counts) / np.log1p(max(int(counts.max()), 1))
    made[..., 3] = np.where(counts > 0, 255 * (_FAINTEST + (1 - _FAINTEST) * strength), 0)
    return made
