"""What one chart shows just now: changed on the main thread by named methods, listened to by what belongs to the chart.

A setter that changes nothing emits nothing, so a listener may answer a signal by setting what it was told.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.layout import DEFAULT_LAYOUT
from core.model import DEFAULT_SCORER, Basis, ClockMode, Interval
from core.timeline.request import NO_NEEDS, Needs

if TYPE_CHECKING:
    from core.layout import Layout
    from core.timeline import Span, View


@dataclass(frozen=True, slots=True)
class Options:
    """How a subject is loaded and laid on the clock."""

    interval: Interval = Interval.D1
    mode: ClockMode = ClockMode.TRADING
    scorer: str = DEFAULT_SCORER
    basis: Basis = Basis.ADJUSTED
    crowd: str = ""  # whose posts are shown; "" leaves the choice to core.timeline.crowd_of
    needs: Needs = NO_NEEDS  # what the panes want beside the price and that crowd


class ChartState(QObject):
    """Subject, options, range, and what is pointed at and selected, of one chart."""

    subject_changed = Signal(str)
    interval_changed = Signal(object)  # Interval
    mode_changed = Signal(object)  # ClockMode
    scorer_changed = Signal(str)
    basis_changed = Signal(object)  # Basis
    crowd_changed = Signal(str)
    needs_changed = Signal(object)  # Needs
    layout_changed = Signal(object)  # Layout: the panes and their order
    view_changed = Signal(object)  # View | None: what is loaded
    range_changed = Signal(object, object)  # ms UTC: what is visible
    range_named = Signal(str)  # the name of the range, "" where it has none
    hover_changed = Signal(object)  # Span | None
    selection_changed = Signal(object)  # Span | None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.subject = ""
        self.options = Options()
        self.layout = DEFAULT_LAYOUT
        self.view: View | None = None
        self.span: tuple[int, int] | None = None
        self.range = ""
        self.hover: Span | None = None
        self.selection: Span | None = None

    def set_subject(self, key: str) -> None:
        """Show another subject; what was selected belongs to the old one."""
        if key != self.subject:
            self.subject = key
            self._replace(crowd="")
            self.set_selection(None)
            self.set_hover(None)
            self.subject_changed.emit(key)

    def set_interval(self, interval: Interval) -> None:
        """Show bars of another length."""
        if interval is not self.options.interval:
            self._replace(interval=interval)
            self.interval_changed.emit(interval)

    def set_mode(self, mode: ClockMode) -> None:
        """Lay the tape on another clock."""
        if mode is not self.options.mode:
            self._replace(mode=mode)
            self.mode_changed.emit(mode)

    def set_scorer(self, scorer: str) -> None:
        """Show another scorer's scores."""
        if scorer != self.options.scorer:
            self._replace(scorer=scorer)
            self.scorer_changed.emit(scorer)

    def set_basis(self, basis: Basis) -> None:
        """Prefer prices of another basis."""
        if basis is not self.options.basis:
            self._replace(basis=basis)
            self.basis_changed.emit(basis)

    def set_crowd(self, key: str) -> None:
        """Show the posts of the subject itself or of a concept it belongs to."""
        if key != self.options.crowd:
            self._replace(crowd=key)
            self.crowd_changed.emit(key)

    def set_layout(self, layout: Layout, needs: Needs) -> None:
        """Arrange the panes otherwise; `needs` is what they want of the tape."""
        if layout != self.layout:
            self.layout = layout
            self.layout_changed.emit(layout)
        if needs != self.options.needs:
            self._replace(needs=needs)
            self.needs_changed.emit(needs)

    def set_options(self, options: Options) -> None:
        """Take all options at once."""
        self.set_interval(options.interval)
        self.set_mode(options.mode)
        self.set_scorer(options.scorer)
        self.set_basis(options.basis)
        self.set_crowd(options.crowd)

    def set_view(self, view: View | None) -> None:
        """Take what was loaded."""
        self.view = view
        self.view_changed.emit(view)

    def set_span(self, start: int, end: int) -> None:
        """Note the visible range (ms UTC)."""
        if (start, end) != self.span:
            self.span = (start, end)
            self.range_changed.emit(start, end)

    def set_range_name(self, name: str) -> None:
        """Note the name of the visible range, "" where it has none."""
        if name != self.range:
            self.range = name
            self.range_named.emit(name)

    def set_hover(self, span: Span | None) -> None:
        """Note what is under the pointer."""
        if span != self.hover:
            self.hover = span
            self.hover_changed.emit(span)

    def set_selection(self, span: Span | None) -> None:
        """Select a span, or let go of it."""
        if span != self.selection:
            self.selection = span
            self.selection_changed.emit(span)

    def _replace(self, **changes: Interval | ClockMode | Basis | Needs | str) -> None:
        self.options = dataclasses.replace(self.options, **changes)  # type: ignore[arg-type]  the setters' own types hold
