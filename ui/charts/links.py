"""What charts share, as the user chooses: the subject, the visible range, the instant under the pointer."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ui.charts.area import ChartArea
    from ui.charts.cell import ChartCell

SYMBOL, RANGE, CROSSHAIR = LINKS = ("symbol", "range", "crosshair")


class Links(QObject):
    """Passes on what happens in one chart to the others.

    Ranges and instants are passed as time (ms UTC): each chart lays them on its own clock. What a chart does because it
    was told to is not passed on, so nothing goes round in circles. A range is passed on when the user made it, in
    whatever chart, or when the active chart came to it by itself; the others then come as near as their data allow,
    and that leads nobody.
    """

    changed = Signal(str, bool)  # name of a link, whether it is on

    def __init__(self, area: ChartArea) -> None:
        super().__init__(area)
        self._area = area
        self._on: set[str] = set()
        self._passing = False
        for cell in area.cells:
            self._adopt(cell)
        area.added.connect(self._adopt)
        area.rearranged.connect(self._align)

    @property
    def names(self) -> tuple[str, ...]:
        """The links that are on."""
        return tuple(name for name in LINKS if name in self._on)

    def set(self, name: str, *, on: bool) -> None:
        """Link the charts in one thing, from now on and with the active one as the measure, or let them go."""
        if on == (name in self._on):
            return
        self._on.symmetric_difference_update({name})
        self._align()
        if name == CROSSHAIR and not on:
            self._point(self._area.active, None)
        self.changed.emit(name, on)

    def restore(self, names: Iterable[str]) -> None:
        """Link the charts as they were."""
        for name in LINKS:
            self.set(name, on=name in names)

    def _adopt(self, cell: ChartCell) -> None:
        cell.state.subject_changed.connect(functools.partial(self._on_subject, cell))
        cell.framing.ranged.connect(functools.partial(self._on_ranged, cell))
        cell.framing.placed.connect(functools.partial(self._on_placed, cell))
        cell.chart.pointed.connect(functools.partial(self._on_pointed, cell))

    @contextlib.contextmanager
    def _to_others(self, cell: ChartCell) -> Iterator[list[ChartCell]]:
        """Give the charts that something is passed on to: none while something is being passed on already."""
        others = [] if self._passing else [c for c in self._area.cells_in_sight if c is not cell]
        before, self._passing = self._passing, True
        try:
            yield others
        finally:
            self._passing = before

    def _align(self) -> None:
        """Bring all charts in line with the active one."""
        active = self._area.active
        if active.state.subject:
            self._on_subject(active, active.state.subject)
        if active.state.view is not None:
            self._on_ranged(active)

    def _on_subject(self, cell: ChartCell, key: str) -> None:
        if SYMBOL in self._on:
            with self._to_others(cell) as others:
                for other in others:
                    other.state.set_subject(key)

    def _on_ranged(self, cell: ChartCell) -> None:
        span = cell.framing.span
        if RANGE in self._on and span is not None:
            with self._to_others(cell) as others:
                for other in others:
                    other.framing.follow(*span, cell.state.range)

    def _on_placed(self, cell: ChartCell) -> None:
        active = self._area.active
        if cell is active:
            self._on_ranged(cell)
        elif RANGE in self._on and active.state.view is not None and active.framing.span is not None:
            with self._to_others(active) as others:
                if cell in others:
                    cell.framing.follow(*active.framing.span, active.state.range)

    def _on_pointed(self, cell: ChartCell, instant: int | None) -> None:
        if CROSSHAIR in self._on:
            self._point(cell, instant)

    def _point(self, cell: ChartCell, instant: int | None) -> None:
        with self._to_others(cell) as others:
            for other in others:
                other.chart.pointer.point_at(instant)
