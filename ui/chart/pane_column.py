"""Panes under one another with handles between them, and the height each has; scrolls where they would be too low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter

from ui.chart.pane_widget import PaneWidget
from ui.chart.panes.base import default_heights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.chart.navigator import Navigator
    from ui.chart.panes import Pane
    from ui.chart.stack import ChartStack


class PaneColumn(QScrollArea):
    """Holds a widget a pane. Heights that the user gave outlive the panes: they come back with a pane of that key."""

    def __init__(self, host: ChartStack, pointer: Navigator) -> None:
        """Begin without panes; `host` and `pointer` are those of the widgets to come."""
        super().__init__()
        self.widgets: list[PaneWidget] = []
        self._host, self._pointer = host, pointer
        self._heights: dict[str, int] = {}
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.splitterMoved.connect(self._remember_heights)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._splitter)

    @property
    def pane_width(self) -> int:
        """Width of a pane in pixels: that of the column without its scroll bar."""
        return self._splitter.width()

    def show_panes(self, panes: Sequence[Pane]) -> None:
        """Show these panes from the top; a widget stays with the pane of its key."""
        if [p.key for p in panes] == [w.pane.key for w in self.widgets]:
            for widget, pane in zip(self.widgets, panes, strict=True):
                widget.show_pane(pane)
            return
        kept = {w.pane.key: w for w in self.widgets}
        self.widgets = []
        for place, pane in enumerate(panes):
            widget = kept.pop(pane.key, None) or PaneWidget(pane, self._host, self._pointer)
            widget.show_pane(pane)
            self._splitter.insertWidget(place, widget)
            self._splitter.setStretchFactor(place, round(pane.share * 10))
            self.widgets.append(widget)
        for widget in kept.values():
            widget.setParent(None)
            widget.deleteLater()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height out anew, unless the user has moved a handle."""
        super().resizeEvent(event)
        if not self._heights:
            self._arrange()

    def _arrange(self) -> None:
        """Give each pane its share of the height, or what the user gave it."""
        panes = [w.pane for w in self.widgets]
        shares = default_heights(panes, self.viewport().height())
        self._splitter.setSizes([self._heights.get(p.key, round(h)) for p, h in zip(panes, shares, strict=True)])

    def heights(self) -> dict[str, int]:
        """Return the height in pixels of every pane by its key."""
        return {w.pane.key: w.height() for w in self.widgets}

    @property
    def chosen_heights(self) -> Mapping[str, int]:
        """The heights that the user gave, by the pane's key."""
        return self._heights

    def set_chosen_heights(self, heights: Mapping[str, int]) -> None:
        """Take the heights of a layout in place of those that the user gave; panes without one share the rest."""
        self._heights = dict(heights)
        self._arrange()

    def _remember_heights(self) -> None:
        if len(self.widgets) > 1:  # a pane shown alone has all of it, which says nothing
            sizes = zip(self.widgets, self._splitter.sizes(), strict=True)
            self._heights.update({w.pane.key: size for w, size in sizes})
