"""The middle of the window: one to four charts, how they are arranged, and which of them is active."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.chart.panes import needs_of
from ui.charts.arrangement import MOST, Arrangement, with_count
from ui.charts.cell import ChartCell
from ui.charts.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ui.charts.grid import Shares
    from ui.charts.record import ChartRecord
    from ui.charts.state import Options
    from ui.jobs import Place
    from ui.state import AppState
    from ui.tasks import Tasks
    from ui.theme import Market, Theme


class ChartArea(QWidget):
    """Owns the cells. `make_chart` returns a chart that is dressed already, `options_of` the options of a record."""

    shown = Signal(object)  # ChartCell: what it loaded has been handed to the screen
    failed = Signal(object, object)  # ChartCell, Exception
    added = Signal(object)  # ChartCell
    rearranged = Signal()  # another arrangement, or a chart was maximised or restored
    activated = Signal(object)  # ChartCell

    def __init__(
        self,
        state: AppState,
        tasks: Tasks,
        place: Callable[[], Place],
        make_chart: Callable[[], Any],
        options_of: Callable[[ChartRecord], Options],
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._state, self._tasks, self._place = state, tasks, place
        self._make_chart, self._options_of, self._theme = make_chart, options_of, theme
        self._made = 0
        self._moving = False  # whether cells are being put elsewhere
        self._put_away: list[ChartRecord] = []  # of charts that an arrangement had no room for, the last one last
        self._grid = Grid(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._grid)
        self.arrangement = Arrangement.ONE
        self.maximised = False
        self.cells = [self._make_cell()]
        self.active = self.cells[0]
        self._grid.arrange(self.arrangement, self.cells)
        state.follow(self.active.state)
        state.zone_changed.connect(self._set_zone)
        state.data_changed.connect(self.reload)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    # Which charts there are.

    @property
    def cells_in_sight(self) -> list[ChartCell]:
        """The charts that can be seen: all, or the maximised one."""
        return [self.active] if self.maximised else list(self.cells)

    @property
    def shares(self) -> Shares:
        """How the room is shared out, as `restore` takes it."""
        return self._grid.shares

    def restore(self, arrangement: Arrangement, records: Sequence[ChartRecord], active: int, shares: Shares) -> None:
        """Make the charts that were there, with options and range but without their subjects yet; see `fill`."""
        for record in records[1 : arrangement.charts]:
            self._add_cell(record)
        self._prepare(self.cells[0], records[0])
        self.arrangement = with_count(len(self.cells), arrangement)
        self._grid.arrange(self.arrangement, self.cells, shares)
        self.activate(self.cells[active if 0 <= active < len(self.cells) else 0])
        self._show_frames()
        self.rearranged.emit()

    def fill(self, records: Sequence[ChartRecord]) -> None:
        """Let every chart but the active one read its subject."""
        for cell, record in zip(self.cells, records, strict=False):
            if cell is not self.active:
                self._open_cell(cell, record)

    def arrange(self, arrangement: Arrangement, shares: Shares = ()) -> None:
        """Show so many charts in this way. What has no room is put away and comes back when there is some again."""
        while len(self.cells) > arrangement.charts:
            last = next(c for c in reversed(self.cells) if c is not self.active)
            self._put_away.append(last.record)
            self._drop(last)
        while len(self.cells) < arrangement.charts:
            cell = self._add_cell(record := self._put_away.pop() if self._put_away else self.active.record)
            self._open_cell(cell, record)
        self._rearrange(arrangement, shares)

    def forget_put_away(self) -> None:
        """Let what was put away be: it is of another store."""
        self._put_away.clear()

    def add(self, subject: str = "") -> None:
        """Show one more chart as the active one is, of another subject if one is given, and make it the active one."""
        if len(self.cells) == MOST:
            return
        record = self.active.record
        if subject:
            record = dataclasses.replace(record, subject=subject, crowd="")
        cell = self._add_cell(record)
        self._open_cell(cell, record)
        self._rearrange(with_count(len(self.cells), self.arrangement))
        self.activate(cell, focus=True)

    def close_cell(self, cell: ChartCell) -> None:
        """Close a chart, unless it is the only one."""
        if len(self.cells) == 1:
            return
        at = self.cells.index(cell)
        if cell is self.active:
            self.activate(self.cells[at - 1 if at else 1], focus=True)
        self._drop(cell)
        self._rearrange(with_count(len(self.cells), self.arrangement))

    def swap(self, number: int, other: int) -> None:
        """Let two charts change places; the room of each place stays as it is."""
        count = len(self.cells)
        if number % count != other % count and number < count:
            first, second = self.cells[number], self.cells[other % count]
            self.cells[number], self.cells[other % count] = second, first
            self._rearrange(self.arrangement, self._grid.shares)

    def swap_with_next(self) -> None:
        """Let the active chart change places with the one after it."""
        at = self.cells.index(self.active)
        self.swap(at, at + 1)

    def set_maximised(self, *, maximised: bool) -> None:
        """Give the active chart all the room, or all their shares again."""
        self.maximised = maximised and len(self.cells) > 1
        self._show_room()
        self._show_frames()
        self.rearranged.emit()

    def grow(self, wider: float, taller: float) -> None:
        """Give the active chart so much more of the room (shares in [-1, 1]), or less of it."""
        self._grid.grow(self.active, wider, taller)

    # Which chart is active.

    def activate(self, cell: ChartCell, *, focus: bool = False) -> None:
        """Let toolbar, panels and commands speak of a chart; `focus` hands it the keyboard as well."""
        if cell is not self.active:
            self.active = cell
            self._state.follow(cell.state)
            if self.maximised:
                self._show_room()
            self._show_frames()
            self.activated.emit(cell)
        if focus:
            cell.take_focus()

    def activate_next(self, step: int) -> None:
        """Go `step` charts on, round and round, with the keyboard."""
        at = self.cells.index(self.active)
        self.activate(self.cells[(at + step) % len(self.cells)], focus=True)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        cell = next((c for c in self.cells if new is not None and c.isAncestorOf(new)), None)
        if cell is not None and not self._moving:
            self.activate(cell)

    # What holds for all charts.

    def reload(self) -> None:
        """Read anew what every chart shows, the active one first: the store holds more than before."""
        for cell in sorted(self.cells, key=lambda c: c is not self.active):
            cell.loader.load()

    def replace_subject(self, key: str, by: str) -> None:
        """Show another subject wherever this one is shown: it is there no more."""
        for cell in self.cells:
            if cell.state.subject == key:
                cell.state.set_subject(by)

    def apply_theme(self, theme: Theme, market: Market | None) -> None:
        """Paint every chart in other colours."""
        self._theme = theme
        for cell in self.cells:
            cell.apply_theme(theme)
            cell.chart.apply_theme(theme, market)

    def _set_zone(self, zone: str) -> None:
        for cell in self.cells:
            cell.chart.set_zone(zone)

    # Making and dropping cells.

    def _make_cell(self) -> ChartCell:
        self._made += 1
        cell = ChartCell(self._make_chart(), self._theme, self._tasks, self._place, f"load.{self._made}", self)
        cell.shown.connect(lambda: self.shown.emit(cell))
        cell.failed.connect(lambda error: self.failed.emit(cell, error))
        cell.dropped.connect(lambda key: self._on_dropped(cell, key))
        cell.place_wanted.connect(lambda number: self.swap(number, self.cells.index(cell)))
        cell.header.dragged.connect(lambda: cell.carry(self.cells.index(cell)))
        cell.header.pressed.connect(lambda: self.activate(cell, focus=True))
        cell.header.maximise_wanted.connect(lambda: self._on_maximise_wanted(cell))
        cell.header.close_wanted.connect(lambda: self.close_cell(cell))
        return cell

    def _add_cell(self, record: ChartRecord) -> ChartCell:
        cell = self._make_cell()
        self._prepare(cell, record)
        self.cells.append(cell)
        self.added.emit(cell)
        return cell

    def _prepare(self, cell: ChartCell, record: ChartRecord) -> None:
        with cell.loader.resting():
            cell.state.set_options(self._options_of(record))
            cell.state.set_layout(record.layout, needs_of(record.layout))
        cell.framing.expect(record.range, record.span)

    def _open_cell(self, cell: ChartCell, record: ChartRecord) -> None:
        if not record.subject:
            cell.say_that_nothing_is_there()
            return
        with cell.loader.resting():
            cell.state.set_subject(record.subject)
            cell.state.set_crowd(record.crowd)
        cell.loader.load()

    def _drop(self, cell: ChartCell) -> None:
        self.cells.remove(cell)
        cell.loader.stop()
        cell.lines.stop()
        cell.hide()
        cell.deleteLater()

    def _rearrange(self, arrangement: Arrangement, shares: Shares = ()) -> None:
        focused = QApplication.focusWidget()
        self.arrangement, self.maximised = arrangement, False
        # A widget that gets another parent loses the keyboard, and Qt hands it to whatever comes next.
        self._moving = True
        self._grid.arrange(arrangement, self.cells, shares)
        self._moving = False
        self._show_frames()
        if focused is not None and self.active.isAncestorOf(focused):
            self.active.take_focus()
        self.rearranged.emit()

    def _show_room(self) -> None:
        if self.maximised:
            self._grid.show_only(self.active)
        else:
            self._grid.show_all()

    def _show_frames(self) -> None:
        several = len(self.cells) > 1
        for cell in self.cells:
            cell.set_frame(framed=several, active=cell is self.active, maximised=self.maximised)

    def _on_dropped(self, cell: ChartCell, key: str) -> None:
        self.activate(cell, focus=True)
        cell.state.set_subject(key)

    def _on_maximise_wanted(self, cell: ChartCell) -> None:
        self.activate(cell, focus=True)
        self.set_maximised(maximised=not self.maximised)
