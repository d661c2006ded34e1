"""Widgets side by side and stacked, with handles between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.charts.arrangement import Arrangement

HANDLE = 5
Shares = tuple[tuple[float, ...], ...]  # of the groups, then of the widgets in each group


class Grid(QWidget):
    """Holds widgets that belong to somebody else as an arrangement says."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._outer: QSplitter | None = None
        self._groups: list[QSplitter] = []
        self._alone_from: Shares = ()  # what the shares were before one widget was given all the room
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)

    def arrange(self, arrangement: Arrangement, widgets: Sequence[QWidget], shares: Shares = ()) -> None:
        """Arrange as many widgets as it takes; `shares` are what `shares` gave before, equal ones if it is empty."""
        before = self._outer
        outer = _splitter(Qt.Orientation.Horizontal)
        self._groups = []
        for numbers in arrangement.groups:
            group = _splitter(Qt.Orientation.Vertical)
            for number in numbers:
                group.addWidget(widgets[number])
            outer.addWidget(group)
            self._groups.append(group)
        self._outer = outer
        self._whole.addWidget(outer)
        self.show_all()
        self._share_out(shares)
        if before is not None:
            before.hide()
            before.deleteLater()

    def show_only(self, widget: QWidget) -> None:
        """Give one widget all the room."""
        self._alone_from = self.shares
        for group in self._groups:
            group.setVisible(group.indexOf(widget) >= 0)
            for held in _held(group):
                held.setVisible(held is widget)

    def show_all(self) -> None:
        """Give every widget its share again."""
        self._alone_from = ()
        for group in self._groups:
            for held in _held(group):
                held.show()
            group.show()
        if self._outer is not None:
            self._outer.show()

    def grow(self, widget: QWidget, wider: float, taller: float) -> None:
        """Give a widget so much more of the whole (shares in [-1, 1]) at the cost of its neighbours."""
        if self._outer is None:
            return
        for number, group in enumerate(self._groups):
            at = group.indexOf(widget)
            if at >= 0:
                _grow(self._outer, number, wider)
                _grow(group, at, taller)

    @property
    def shares(self) -> Shares:
        """The share in [0, 1] of each group, then that of each widget in its group."""
        splitters = [self._outer, *self._groups] if self._outer is not None else []
        return self._alone_from or tuple(_shares(s.sizes()) for s in splitters)

    def _share_out(self, shares: Shares) -> None:
        splitters = [self._outer, *self._groups] if self._outer is not None else []
        for number, splitter in enumerate(splitters):
            wanted = shares[number] if number < len(shares) else ()
            if len(wanted) != splitter.count() or not all(0 < share < math.inf for share in wanted):
                wanted = (1.0,) * splitter.count()
            # Splitters give away what room there is by these sizes, also room that they are only to get.
            splitter.setSizes([round(share / sum(wanted) * 10_000) for share in wanted])
            for index, share in enumerate(wanted):
                splitter.setStretchFactor(index, max(round(share / sum(wanted) * 100), 1))


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName("charts")
    splitter.setHandleWidth(HANDLE)
    splitter.setChildrenCollapsible(False)
    return splitter


def _grow(splitter: QSplitter, at: int, share: float) -> None:
    sizes = splitter.sizes()
    if len(sizes) > 1 and share:
        step = round(share * sum(sizes))
        other = at + 1 if at + 1 < len(sizes) else at - 1
        sizes[at] += step
        sizes[other] -= step
        splitter.setSizes(sizes)


def _held(splitter: QSplitter) -> list[QWidget]:
    return [w for number in range(splitter.count()) if (w := splitter.widget(number)) is not None]


def _shares(sizes: Sequence[int]) -> tuple[float, ...]:
    return tuple(round(size / (sum(sizes) or 1), 4) for size in sizes)
