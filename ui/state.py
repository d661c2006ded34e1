"""What the window shows just now. One owner: changed on the main thread by named methods, listened to by the panels.

A setter that changes nothing emits nothing, so panels may answer a signal by setting what they were told.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.model import Basis, ClockMode, Interval

if TYPE_CHECKING:
    from core.timeline import Span, View


@dataclass(frozen=True, slots=True)
class Options:
    """How a subject is loaded and laid on the clock."""

    interval: Interval = Interval.D1
    mode: ClockMode = ClockMode.TRADING
    scorer: str = "vader"
    basis: Basis = Basis.ADJUSTED
    crowd: str = ""  # whose posts are shown; "" leaves the choice to core.timeline.crowd_of


class AppState(QObject):
    """Selection, range and options."""

    subject_changed = Signal(str)
    interval_changed = Signal(object)  # Interval
    mode_changed = Signal(object)  # ClockMode
    scorer_changed = Signal(str)
    basis_changed = Signal(object)  # Basis
    crowd_changed = Signal(str)
    view_changed = Signal(object)  # View | None: what is loaded
    range_changed = Signal(object, object)  # ms UTC: what is visible
    hover_changed = Signal(object)  # Span | None
    selection_changed = Signal(object)  # Span | None
    theme_changed = Signal(str)  # "dark", "light", "system"
    zone_changed = Signal(str)  # IANA name, or "" for the exchange's
    sample_changed = Signal(bool)
    data_changed = Signal()  # the store holds more than before: posts, prices, metrics, concepts

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.subject = ""
        self.options = Options()
        self.view: View | None = None
        self.span: tuple[int, int] | None = None
        self.hover: Span | None = None
        self.selection: Span | None = None
        self.theme = "system"
        self.zone = ""
        self.sample = False

    @property
    def interval(self) -> Interval:
        """Length of a bar."""
        return self.options.interval

    @property
    def mode(self) -> ClockMode:
        """How time becomes chart position."""
        return self.options.mode

    @property
    def scorer(self) -> str:
        """Name of the scorer whose scores are shown."""
        return self.options.scorer

    @property
    def basis(self) -> Basis:
        """What prices are corrected for."""
        return self.options.basis

    @property
    def focus(self) -> Span | None:
        """The span whose posts are wanted: the selection, which is sticky, before what is under the pointer."""
        return self.selection or self.hover

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
        if interval is not self.interval:
            self._replace(interval=interval)
            self.interval_changed.emit(interval)

    def set_mode(self, mode: ClockMode) -> None:
        """Lay the tape on another clock."""
        if mode is not self.mode:
            self._replace(mode=mode)
            self.mode_changed.emit(mode)

    def set_scorer(self, scorer: str) -> None:
        """Show another scorer's scores."""
        if scorer != self.scorer:
            self._replace(scorer=scorer)
            self.scorer_changed.emit(scorer)

    def set_basis(self, basis: Basis) -> None:
        """Prefer prices of another basis."""
        if basis is not self.basis:
            self._replace(basis=basis)
            self.basis_changed.emit(basis)

    def set_crowd(self, key: str) -> None:
        """Show the posts of the subject itself or of a concept it belongs to."""
        if key != self.options.crowd:
            self._replace(crowd=key)
            self.crowd_changed.emit(key)

    def set_view(self, view: View | None) -> None:
        """Take what was loaded."""
        self.view = view
        self.view_changed.emit(view)

    def set_span(self, start: int, end: int) -> None:
        """Note the visible range (ms UTC)."""
        if (start, end) != self.span:
            self.span = (start, end)
            self.range_changed.emit(start, end)

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

    def set_theme(self, theme: str) -> None:
        """Choose "dark", "light" or "system"."""
        if theme != self.theme:
            self.theme = theme
            self.theme_changed.emit(theme)

    def set_zone(self, zone: str) -> None:
        """Choose the zone in which times are shown; "" is the exchange's."""
        if zone != self.zone:
            self.zone = zone
            self.zone_changed.emit(zone)

    def set_sample(self, sample: bool) -> None:  # noqa: FBT001  a state, not an option
        """Say whether the bundled sample is shown instead of the user's own store."""
        if sample != self.sample:
            self.sample = sample
            self.sample_changed.emit(sample)

    def touch_data(self) -> None:
        """Say that the store holds more than before."""
        self.data_changed.emit()

    def _replace(self, **changes: Interval | ClockMode | Basis | str) -> None:
        self.options = dataclasses.replace(self.options, **changes)  # type: ignore[arg-type]  the setters' own types hold
