"""The chart: panes under one another on one clock, with one time axis and one crosshair."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from core.layout import DEFAULT_LAYOUT
from ui.chart.cut import Cut, make_cut, newest_reading
from ui.chart.drawings.keys import press_key
from ui.chart.drawings.marker import Marker
from ui.chart.ink import Ink, market_of
from ui.chart.keyboard import Keyboard
from ui.chart.navigator import Navigator
from ui.chart.newest_button import NewestButton
from ui.chart.pane_column import PaneColumn
from ui.chart.pane_controls import PaneControls
from ui.chart.panes import panes_of
from ui.chart.pointer import Pointer
from ui.chart.scale import decimals_of
from ui.chart.sight import Sight, key_of
from ui.chart.time_axis import TimeAxis, corner_width
from ui.chart.travel import Travel
from ui.i18n import tr
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from core.clock import Language
    from core.drawings import Drawing
    from core.layout import Layout
    from core.marks import Flag, Marks
    from core.timeline import Reading, View
    from core.timeline.lines import Lines
    from ui.chart.navigator import MenuPlace
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.panes import Pane
    from ui.theme import Market, Theme

AXIS_STEP = 8.0
# The axis grows at once when a label needs it, but shrinks only when much is to be gained: no jitter while panning.
AXIS_SLACK = 24.0
# What so few of both make is made within a frame: to wait for others would only make it flicker.
FEW_BARS, FEW_POSTS = 10_000, 50_000


class ChartStack(QWidget):
    """Shows a view. Nothing is computed when a range changes; the next paint cuts one frame for all panes."""

    range_changed = Signal(object, object)  # by mouse or keys: start and end in ms UTC, at most once a turn
    hovered = Signal(object)  # Span | None: the bar or closure under the crosshair
    selected = Signal(object)  # Span | None
    layout_changed = Signal(object)  # Layout: by the user
    pane_action = Signal(str, str)  # what is wanted ("settings", "up" …) and the key of the pane
    zone_wanted = Signal(object)  # QPoint of the screen: the user wants another time zone
    menu_wanted = Signal(object)  # MenuPlace: the context menu
    range_wanted = Signal(str)  # name of a range, by a digit
    following_changed = Signal(bool)  # whether the newest bar is followed
    pointed = Signal(object)  # int | None: the instant (ms UTC) that mouse or keys point at, at most once a turn

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._theme = theme or load_theme("dark")
        self._market: Market | None = None
        self.ink = Ink(self._theme)
        self.pointer = Pointer(self)
        self.overlay = self.pointer.overlay
        self.cut: Cut | None = None
        self.axis_width = 64.0
        self.cuts = 0  # how many frames were cut, for tests and benchmarks
        self.sight = Sight()
        self._zone = ""
        self._language: Language = "en"
        self.newest: Reading | None = None  # of the newest bar in range
        self._make_lines: Callable[[Lines], None] | None = None
        self.travel = Travel(self)
        self._layout = DEFAULT_LAYOUT
        self._panes: list[Pane] = []
        self._current = ""
        self.marker = Marker(self)
        self._navigator = Navigator(self)
        self.keyboard = Keyboard(self)
        self._following = True  # as it was last said
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._announce)
        self._build()
        self.apply_theme(self._theme)
        self.show_view(None)

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = PaneColumn(self, self._navigator)
        self._controls = PaneControls()
        self._controls.wanted.connect(self.pane_action)
        self._axis = TimeAxis(self)
        self._corner = QWidget()
        bottom = QHBoxLayout()
        bottom.setSpacing(0)
        bottom.addWidget(self._axis)
        bottom.addWidget(self._corner)
        panes = QWidget()
        column = QVBoxLayout(panes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._column)
        column.addLayout(bottom)
        self._newest_button = NewestButton(self)
        self._newest_button.clicked.connect(lambda: self.travel.go_to_end(newest=True))
        self._message = QLabel()
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._pages = QStackedWidget()
        self._pages.addWidget(panes)
        self._pages.addWidget(self._message)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(960, 640)

    # What is shown.

    def show_view(self, view: View | None, title: str = "", *, fit: bool = False) -> None:
        """Show a view. The range in time stays, unless the subject is another, there was none, or `fit` asks."""
        same = self.sight.is_of(view)
        crosshair = self._take(view, fit=fit)
        name = tr("Chart of {subject}").format(subject=key_of(view)) if view else tr("Chart")
        self.setAccessibleName(title or name)
        if view is None or self.sight.limits is None:
            self._show_message(view)
        else:
            self._pages.setCurrentIndex(0)
            self._show_panes(view)
        if not same:
            self.pointer.show_selection(None)
        self.overlay.x = crosshair
        self.pointer.place_selection()
        self.marker.show(view, view.tape.marks if view is not None else {})
        self.invalidate()

    @property
    def following(self) -> bool:
        """Whether the newest bar is in sight, and followed when it moves on."""
        return self.sight.following

    def _take(self, view: View | None, *, fit: bool) -> float | None:
        """Show a view in place of the one before; return where the crosshair is to stand."""
        self._put_lines_off(view)
        return self.sight.show(view, self.overlay.x, fit=fit)

    def make_lines_by(self, make: Callable[[Lines], None]) -> None:
        """Draw derived lines once they are there: `make` is to see to it that others than this thread make them."""
        self._make_lines = make
        self._put_lines_off(self.sight.view)

    def _put_lines_off(self, view: View | None) -> None:
        if view is not None and (len(view.tape.slots) > FEW_BARS or len(view.tape.crowd) > FEW_POSTS):
            view.tape.lines.put_off(self._make_lines)

    def show_ticks(self, view: View) -> None:
        """Show what ticks made of the newest bars: `view` is of the tape on screen, changed in place."""
        if view is not self.sight.view:
            self.overlay.x = self._take(view, fit=False)
        self.marker.show(view, self.marker.marks)
        self.invalidate()

    def show_marks(self, marks: Mapping[str, Marks]) -> None:
        """Show these events and drawings, by the subjects that they belong to, in place of those of the tape."""
        if marks != self.marker.marks:
            self.marker.show(self.sight.view, marks)

    def marks_at(self, place: MenuPlace) -> tuple[Drawing | None, list[Flag]]:
        """Return the drawing and the flags at a place of the chart."""
        widget = next((w for w in self._column.widgets if w.pane is place.pane), None)
        if widget is None or self.cut is None:
            return None, []
        px = self.cut.x.at(place.x)
        found = self.marker.find(widget, QPointF(px, place.y))
        return found[0] if found is not None else None, widget.layer.flags_at(px, place.y)

    def decimals(self, key: str) -> int:
        """Return the decimals, two or more, in which values of a pane are told apart at the present zoom."""
        pane = next((p for p in self._panes if p.key == key), None)
        return max(decimals_of(pane.fineness()), 2) if pane is not None and pane.fineness() > 0 else 2

    def show_message(self, text: str) -> None:
        """Show a sentence in place of the panes, such as what is being loaded, until the next view comes."""
        self._message.setText(text)
        self._pages.setCurrentIndex(1)

    def _show_message(self, view: View | None) -> None:
        if view is None:
            self.show_message(tr("Choose a stock or a concept, or drop files here"))
        else:
            self.show_message(
                tr("Nothing known of {subject} yet — import a file or fetch prices").format(subject=key_of(view))
            )

    # Panes.

    @property
    def arrangement(self) -> Layout:
        """The layout as it is on screen, with the heights that the user gave."""
        return self._layout.with_heights(self._column.chosen_heights)

    def set_layout(self, layout: Layout) -> None:
        """Arrange the panes as a layout says."""
        self._layout = layout
        self._column.set_chosen_heights({p.key: round(p.height) for p in layout.panes if p.height})
        if self.sight.view is not None:
            self._show_panes(self.sight.view)
            self.invalidate()

    def change_layout(self, layout: Layout) -> None:
        """Arrange the panes as the user wants them, and say so."""
        self.set_layout(layout)
        self.layout_changed.emit(layout)

    def _show_panes(self, view: View) -> None:
        self._controls.detach()
        self._panes = panes_of(self._layout, view.tape, self._panes)
        self._column.show_panes(self._panes)

    @property
    def panes(self) -> list[Pane]:
        """The panes on screen, from the top."""
        return self._panes

    @property
    def current(self) -> str:
        """Key of the pane that commands speak of: the one last pointed at, or else the first."""
        keys = [p.key for p in self._panes]
        return self._current if self._current in keys else next(iter(keys), "")

    def set_current(self, key: str) -> None:
        """Let commands speak of a pane."""
        if key != self._current:
            self._current = key
            self.refresh_ring()

    @property
    def focused_widget(self) -> PaneWidget | None:
        """The widget of the current pane."""
        return next((w for w in self._column.widgets if w.pane.key == self.current), None)

    def shows_ring(self, key: str) -> bool:
        """Say whether a pane is to be marked as the one that the keyboard speaks to."""
        return self.keyboard.ring and key == self.current and self.hasFocus()

    def refresh_ring(self) -> None:
        """Paint the mark of the focused pane anew."""
        for widget in self._column.widgets:
            widget.update()
        widget = self.focused_widget
        if widget is not None and self.keyboard.ring:
            self._column.ensureWidgetVisible(widget, 0, 0)

    def offer_controls(self, widget: PaneWidget | None) -> None:
        """Show the buttons of a pane in it, or of none."""
        if widget is None:
            self._controls.hide()
            return
        self.keyboard.hide_ring()
        self.set_current(widget.pane.key)
        place = next((i for i, w in enumerate(self._column.widgets) if w is widget), 0)
        self._controls.attach(
            widget,
            round(widget.width() - self.axis_width),
            first=place == 0,
            last=place == len(self._column.widgets) - 1,
            configurable=bool(widget.pane.options),
        )

    def place_controls(self, widget: PaneWidget) -> None:
        """Keep the buttons clear of the legend of the pane that they are in."""
        self._controls.place(widget, round(widget.width() - self.axis_width))

    @property
    def pictured(self) -> Layout:
        """The layout with every pane on screen and its height in pixels, as a snapshot shows it."""
        view = self.sight.view
        names = [m.metric.name for m in view.tape.metrics] if view is not None else []
        return self._layout.settled(names).with_heights(self._column.heights())

    # Range.

    def visible_range(self) -> tuple[int, int] | None:
        """Return the first and last visible instant (ms UTC), or None while there is nothing to see."""
        return self.sight.visible_range()

    def escape(self) -> None:
        """Let go of what is drawn or chosen, else of the selection, else of the crosshair."""
        if self.marker.escape():
            return
        self.pointer.let_go()

    # Options.

    def apply_theme(self, theme: Theme, market: Market | None = None) -> None:
        """Paint in the theme's colours; `market` says which one means a rise (None: the custom of the exchange)."""
        self._theme, self._market = theme, market
        self._controls.set_theme(theme)
        self._newest_button.set_theme(theme)
        self._ink_for_market()
        self.setStyleSheet(
            f"QSplitter::handle {{ background: {theme.border}; }} QScrollArea {{ background: {theme.background}; }}"
            f"ChartStack QLabel {{ background: {theme.background}; color: {theme.muted}; }}"
        )
        self.invalidate()

    def _ink_for_market(self) -> None:
        market = self._market or ("west" if self.sight.view is None else market_of(self.sight.view))
        if self.ink.theme is not self._theme or self.ink.market != market:
            self.ink = Ink(self._theme, market)

    def set_zone(self, zone: str) -> None:
        """Show times in a zone (IANA name), or with "" in that of the exchange."""
        self._zone = zone
        self.invalidate()

    @property
    def zone(self) -> str:
        """The zone in which times are shown (IANA name)."""
        view = self.sight.view
        return self._zone or (view.tape.calendar.zone if view is not None else "UTC")

    def set_language(self, language: Language) -> None:
        """Write dates and large figures in a language."""
        self._language = language
        self.invalidate()

    # Painting.

    def invalidate(self) -> None:
        """Have everything cut and drawn anew at the next paint, however often this is called before."""
        self.cut = None
        for widget in self._column.widgets:
            widget.discard()
        self._axis.update()
        self._timer.start()

    def settle(self) -> Cut | None:
        """Return the cut of the present range, made now if the range has changed since the last; None without data."""
        view, viewport = self.sight.view, self.sight.viewport
        if self.cut is not None or view is None or viewport is None:
            return self.cut
        self._ink_for_market()
        view.tape.lines.start_frame()
        for _ in range(2):
            width = max(self._column.pane_width - self.axis_width, 32.0)
            ratio = self.devicePixelRatioF()
            self.cut = make_cut(view, viewport.x0, viewport.x1, width, ratio, self._zone, self._language)
            self.cuts += 1
            for widget in self._column.widgets:
                widget.prepare(self.cut)
            widths = [w.pane.axis_width(self.ink) for w in self._column.widgets]
            needed = max(corner_width(self.cut, self.ink), *widths)
            needed = math.ceil(needed / AXIS_STEP) * AXIS_STEP
            if self.axis_width - AXIS_SLACK < needed <= self.axis_width:
                break
            self.axis_width = needed
        if self.cut is not None:
            self.newest = newest_reading(self.cut)
        self._corner.setFixedWidth(self.width() - self._column.pane_width)
        self.pointer.read()
        return self.cut

    def refresh_overlay(self) -> None:
        """Have crosshair and selection painted where they were and where they are."""
        if self.cut is not None:
            for widget in self._column.widgets:
                widget.refresh_overlay()
            self._axis.update()
        self._timer.start()

    def refresh_marks(self) -> None:
        """Have the marks painted anew; the panes under them stay as they are."""
        for widget in self._column.widgets:
            widget.update()

    def _announce(self) -> None:
        """Tell others what has changed since they were told."""
        if self.travel.arrive():
            shown = self.visible_range()
            if shown is not None:
                self.range_changed.emit(*shown)
        self.settle()
        self._show_following()
        self.pointer.tell()

    def _show_following(self) -> None:
        """Offer the way back to the newest bar where it is not followed."""
        room = self._pages.currentIndex() == 0 and self.sight.view is not None
        self._newest_button.offer(self._axis.geometry().topRight(), self.axis_width, wanted=room and not self.following)
        if self.following != self._following:
            self._following = self.following
            self.following_changed.emit(self.following)

    # Keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steer by keys."""
        if not (press_key(self.marker, self, event) or self.keyboard.press(event)):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  Qt's signature
        """Go from pane to pane before leaving the chart."""
        if self.hasFocus() and self.keyboard.next_pane(1 if forward else -1):
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first pane where Tab led here, at the last where Shift+Tab did."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.keyboard.enter(forward=event.reason() == Qt.FocusReason.TabFocusReason)
        self.refresh_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark of the focused pane away."""
        super().focusOutEvent(event)
        self.refresh_ring()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the focused pane for the menu key; for the mouse the panes do."""
        place = self.keyboard.menu_place() if event.reason() == QContextMenuEvent.Reason.Keyboard else None
        if place is None:
            event.ignore()
        else:
            self.menu_wanted.emit(place)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew when fonts or the language change."""
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.LanguageChange}:
            self.ink = Ink(self._theme, self.ink.market)
            self.invalidate()
        super().changeEvent(event)
