"""Which range the chart shows: by name, by the user's hand, from a snapshot, or where there is something to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.model import DAY_MS
from core.timeline import RANGES, range_span

if TYPE_CHECKING:
    from core.timeline import Tape, View
    from ui.charts.state import ChartState

DEFAULT_RANGE = "6M"
AROUND_POSTS, BESIDE_POSTS = 60 * DAY_MS, 7 * DAY_MS
_AUTO = "auto"  # stands for a range while nobody has chosen one


class Framing(QObject):
    """Owns the name of the range, and places the chart when a view comes."""

    ranged = Signal()  # the user chose a range, by hand or by name
    placed = Signal()  # a view that came was placed, or the range moved on with the newest bar

    def __init__(self, chart: Any, state: ChartState, parent: QObject) -> None:
        super().__init__(parent)
        self._chart, self._state = chart, state
        self._name = _AUTO
        self._span: tuple[int, int] | None = None
        self._force = False  # whether the next view is shown at the range in _span, whatever the chart shows
        self._shown = ""  # the subject that the chart shows
        self._tape: Tape | None = None  # that the chart shows
        chart.range_changed.connect(self._on_moved)

    @property
    def span(self) -> tuple[int, int] | None:
        """What is visible (ms UTC), or will be once a view comes."""
        return self._span

    def expect(self, name: str = "", span: tuple[int, int] | None = None, *, force: bool = False) -> None:
        """Show this range when the next view comes: by name, or a span; neither leaves it to what there is."""
        self._rename(name if name in RANGES else "" if span is not None else _AUTO)
        self._span, self._force = span, force

    def follow(self, start: int, end: int, name: str) -> None:
        """Show the range of another chart (ms UTC), as near as the data allow, now and when the next view comes."""
        self._rename(name)
        self._span, self._force = (start, end), True
        if self._state.view is not None:
            self._set(start, end)

    def choose(self, name: str) -> None:
        """Show a named range."""
        self._choose(name)
        self.ranged.emit()

    def _choose(self, name: str) -> None:
        view = self._state.view
        span = range_span(view.tape, name) if view is not None else None
        if span is not None:
            self._set(*span)
        self._rename(name)

    def place(self, view: View) -> None:
        """Show the range that was named; else the one that was visible, where it holds something of the tape."""
        self._place(view)
        self.placed.emit()

    def _place(self, view: View) -> None:
        same, self._shown = self._shown == self._state.subject, self._state.subject
        relaid, self._tape = self._tape is view.tape, view.tape
        extent, span, force = view.tape.extent, self._span, self._force
        self._force = False
        if extent is None:
            return
        if relaid and not force and self._chart.pointer.instant is not None:
            self._rename("")
            self.note_visible()  # on the other clock the chart keeps what is under the crosshair where it is
            return
        if span is not None and not (span[0] < extent[1] and span[1] > extent[0]):
            span = None
        if self._name == _AUTO or (not self._name and span is None):
            self._show_where_it_speaks(view, extent)
        elif self._name:
            self._choose(self._name)
        elif span is not None and (force or not same):
            self._set(*span)
        else:
            self.note_visible()  # the chart itself keeps what was visible where it was, on either clock

    def _show_where_it_speaks(self, view: View, extent: tuple[int, int]) -> None:
        """Show the newest months; where all posts are older, the last ones with what came before and after."""
        spoken, newest = view.tape.crowd.extent, range_span(view.tape, DEFAULT_RANGE)
        if spoken is None or newest is None or spoken[1] >= newest[0]:
            self._choose(DEFAULT_RANGE)
            return
        start = max(spoken[0], spoken[1] - AROUND_POSTS) - BESIDE_POSTS
        cut = slice(*np.searchsorted(view.tape.slots.start, (start, spoken[1])).tolist())
        if view.tape.priced and np.isnan(view.tape.candles.close[cut]).all():
            self._choose(DEFAULT_RANGE)  # posts without prices say less than prices without posts
            return
        self._rename("")
        self._set(max(start, extent[0]), min(spoken[1] + BESIDE_POSTS, extent[1]))

    def _set(self, start: int, end: int) -> None:
        self._chart.travel.set_range(start, end)
        self.note_visible()

    def _on_moved(self, start: int, end: int) -> None:
        """Note a range that the user made by hand: it has no name."""
        self._rename("")
        self._note(start, end)
        self.ranged.emit()

    def _rename(self, name: str) -> None:
        self._name = name
        self._state.set_range_name(name if name in RANGES else "")

    def note_ticks(self) -> None:
        """Take note of a range that moved on with the newest bar."""
        before = self._span
        self.note_visible()
        if self._span != before:
            self.placed.emit()

    def note_visible(self) -> None:
        """Take note of the range that the chart shows."""
        shown = self._chart.visible_range()
        if shown is not None:
            self._note(*shown)

    def _note(self, start: int, end: int) -> None:
        self._span = (int(start), int(end))
        self._state.set_span(*self._span)
