"""What the window shows just now. One owner: changed on the main thread by named methods, listened to by the panels.

Of several charts one is active, and the panels speak of that one: `AppState` passes its signals on and hands changes to
it, so that a panel need not know which chart it is. When another becomes active, all that differs is said anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.charts.state import ChartState

if TYPE_CHECKING:
    from core.model import Basis, ClockMode, Interval
    from core.timeline import Span, View
    from ui.charts.state import Options

# The signals of a chart that are passed on; each stands with the attribute that it tells of.
_PASSED = {
    "subject_changed": "subject",
    "interval_changed": "interval",
    "mode_changed": "mode",
    "scorer_changed": "scorer",
    "basis_changed": "basis",
    "crowd_changed": "crowd",
    "range_named": "range",
    "hover_changed": "hover",
    "selection_changed": "selection",
    "view_changed": "view",
    "range_changed": "span",
}


class AppState(QObject):
    """What the active chart shows, and what holds for all of them."""

    chart_changed = Signal()  # another chart is active
    subject_changed = Signal(str)
    interval_changed = Signal(object)  # Interval
    mode_changed = Signal(object)  # ClockMode
    scorer_changed = Signal(str)
    basis_changed = Signal(object)  # Basis
    crowd_changed = Signal(str)
    view_changed = Signal(object)  # View | None: what is loaded
    range_changed = Signal(object, object)  # ms UTC: what is visible
    range_named = Signal(str)  # the name of the range, "" where it has none
    hover_changed = Signal(object)  # Span | None
    selection_changed = Signal(object)  # Span | None
    theme_changed = Signal(str)  # "dark", "light", "system"
    zone_changed = Signal(str)  # IANA name, or "" for the exchange's
    sample_changed = Signal(bool)
    data_changed = Signal()  # the store holds more than before: posts, prices, metrics, concepts

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chart = ChartState(self)
        self._pass_on(self.chart)
        self.theme = "system"
        self.zone = ""
        self.sample = False

    # What the active chart shows.

    def follow(self, chart: ChartState) -> None:
        """Speak of another chart from now on, and say what is different there."""
        if chart is self.chart:
            return
        before = [getattr(self, name) for name in _PASSED.values()]
        for signal in _PASSED:
            getattr(self.chart, signal).disconnect(getattr(self, signal))
        self.chart = chart
        self._pass_on(chart)
        for (signal, name), old in zip(_PASSED.items(), before, strict=True):
            new = getattr(self, name)
            if signal == "range_changed":
                if new is not None and new != old:
                    self.range_changed.emit(*new)
            elif new is not old and (signal == "view_changed" or new != old):
                getattr(self, signal).emit(new)
        self.chart_changed.emit()

    def _pass_on(self, chart: ChartState) -> None:
        for signal in _PASSED:
            getattr(chart, signal).connect(getattr(self, signal))

    @property
    def subject(self) -> str:
        """Key of the subject."""
        return self.chart.subject

    @property
    def options(self) -> Options:
        """How the subject is loaded and laid on the clock."""
        return self.chart.options

    @property
    def interval(self) -> Interval:
        """Length of a bar."""
        return self.chart.options.interval

    @property
    def mode(self) -> ClockMode:
        """How time becomes chart position."""
        return self.chart.options.mode

    @property
    def scorer(self) -> str:
        """Name of the scorer whose scores are shown."""
        return self.chart.options.scorer

    @property
    def basis(self) -> Basis:
        """What prices are corrected for."""
        return self.chart.options.basis

    @property
    def crowd(self) -> str:
        """Whose posts are wanted; "" leaves the choice to core.timeline.crowd_of."""
        return self.chart.options.crowd

    @property
    def view(self) -> View | None:
        """What is loaded."""
        return self.chart.view

    @property
    def span(self) -> tuple[int, int] | None:
        """The visible range (ms UTC)."""
        return self.chart.span

    @property
    def range(self) -> str:
        """The name of the visible range, "" where it has none."""
        return self.chart.range

    @property
    def hover(self) -> Span | None:
        """What is under the pointer."""
        return self.chart.hover

    @property
    def selection(self) -> Span | None:
        """What is selected."""
        return self.chart.selection

    @property
    def focus(self) -> Span | None:
        """The span whose posts are wanted: the selection, which is sticky, before what is under the pointer."""
        return self.selection or self.hover

    def set_subject(self, key: str) -> None:
        """Show another subject; what was selected belongs to the old one."""
        self.chart.set_subject(key)

    def set_interval(self, interval: Interval) -> None:
        """Show bars of another length."""
        self.chart.set_interval(interval)

    def set_mode(self, mode: ClockMode) -> None:
        """Lay the tape on another clock."""
        self.chart.set_mode(mode)

    def set_scorer(self, scorer: str) -> None:
        """Show another scorer's scores."""
        self.chart.set_scorer(scorer)

    def set_crowd(self, key: str) -> None:
        """Show the posts of the subject itself or of a concept it belongs to."""
        self.chart.set_crowd(key)

    def set_hover(self, span: Span | None) -> None:
        """Note what is under the pointer."""
        self.chart.set_hover(span)

    def set_selection(self, span: Span | None) -> None:
        """Select a span, or let go of it."""
        self.chart.set_selection(span)

    # What holds for all charts.

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
