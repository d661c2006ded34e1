"""The middle of the window: the charts, and which of them is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.charts.cell import ChartCell

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ui.jobs import Place
    from ui.state import AppState
    from ui.tasks import Tasks
    from ui.theme import Market, Theme


class ChartArea(QWidget):
    """Makes the cells and keeps the state with the active one. `make_chart` returns a chart that is dressed already."""

    shown = Signal(object)  # ChartCell: what it loaded has been handed to the screen
    failed = Signal(object, object)  # ChartCell, Exception

    def __init__(
        self, state: AppState, tasks: Tasks, place: Callable[[], Place], make_chart: Callable[[], Any], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._state, self._tasks, self._place, self._make_chart = state, tasks, place, make_chart
        self._made = 0
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.cells = [self._make_cell()]
        self.active = self.cells[0]
        whole.addWidget(self.active)
        state.follow(self.active.state)
        state.zone_changed.connect(self._set_zone)
        state.data_changed.connect(self.reload)

    def reload(self) -> None:
        """Read anew what every chart shows: the store holds more than before."""
        for cell in self.cells:
            cell.loader.load()

    def apply_theme(self, theme: Theme, market: Market | None) -> None:
        """Paint every chart in other colours."""
        for cell in self.cells:
            cell.chart.apply_theme(theme, market)

    def _set_zone(self, zone: str) -> None:
        for cell in self.cells:
            cell.chart.set_zone(zone)

    def _make_cell(self) -> ChartCell:
        self._made += 1
        cell = ChartCell(self._make_chart(), self._tasks, self._place, f"load.{self._made}", self)
        cell.shown.connect(lambda: self.shown.emit(cell))
        cell.failed.connect(lambda error: self.failed.emit(cell, error))
        return cell
