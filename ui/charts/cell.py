"""One chart with what it shows, what reads it and what places it; a sentence where there is nothing to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QPainter
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from core.model import ClockMode
from ui.charts.framing import Framing
from ui.charts.header import CellHeader
from ui.charts.lines import LineMaker
from ui.charts.loading import Loader
from ui.charts.record import ChartRecord
from ui.charts.state import ChartState
from ui.i18n import tr
from ui.jobs import known_symbols
from ui.panes.editor import PaneEditor
from ui.panes.studies import StudyEditor
from ui.theme import colour
from ui.watchlist.model import MIME

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent

    from core.timeline import View
    from ui.jobs import Loaded, Place
    from ui.tasks import Tasks
    from ui.theme import Theme

CHART_MIME = "application/x-crowdtape-chart"
LEAST = QSize(160, 120)


class ChartCell(QWidget):
    """The unit of which the area holds one to four. `key` names its jobs. Takes subjects that are dropped on it."""

    shown = Signal()  # what was loaded has been handed to the screen
    failed = Signal(object)  # Exception
    dropped = Signal(str)  # key of a subject
    place_wanted = Signal(int)  # number of a chart that was dropped here: it wants this one's place

    def __init__(
        self, chart: Any, theme: Theme, tasks: Tasks, place: Callable[[], Place], key: str, parent: QWidget
    ) -> None:
        """Take a chart (`ui.chart.stack.ChartStack` or a stand-in) that is dressed already."""
        super().__init__(parent)
        self.chart = chart
        self.state = ChartState(self)
        self.loader = Loader(self.state, tasks, place, key, self)
        self.framing = Framing(chart, self.state, self)
        self.lines = LineMaker(tasks, f"{key} lines", self)
        self.panes = PaneEditor(chart, self.state, self)
        self.studies = StudyEditor(chart, self.panes, lambda: known_symbols(place()), self)
        self._theme, self._framed, self._active = theme, False, False
        self.setMinimumSize(LEAST)
        self.setAcceptDrops(True)
        self.header = CellHeader(theme, self)
        self.header.hide()
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._sentence)
        self._pages.addWidget(chart)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.header)
        self._whole.addWidget(self._pages)
        self._connect()

    def _connect(self) -> None:
        state = self.state
        self.chart.hovered.connect(state.set_hover)
        self.chart.selected.connect(state.set_selection)
        self.chart.range_wanted.connect(self.framing.choose)
        state.subject_changed.connect(self._on_subject)
        for signal in (state.interval_changed, state.mode_changed, state.scorer_changed):
            signal.connect(self._describe)
        self.chart.make_lines_by(self.lines.make)
        self.lines.made.connect(self.chart.invalidate)
        self.lines.failed.connect(self.failed)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)
        self.studies.failed.connect(self.failed)

    # What is shown.

    @property
    def chart_shown(self) -> bool:
        """Whether the chart, and not a sentence in its place, is on screen."""
        return self._pages.currentWidget() is self.chart

    @property
    def title(self) -> str:
        """What stands above the chart: symbol and name, or the concept."""
        loaded = self.loader.current
        fresh = loaded is not None and loaded.crowds[:1] == (self.state.subject,)
        return loaded.title if loaded is not None and fresh else self.state.subject

    @property
    def record(self) -> ChartRecord:
        """What the chart shows, to be kept."""
        options = self.state.options
        return ChartRecord(
            self.state.subject, str(options.interval), str(options.mode), options.scorer, options.crowd,
            self.state.range, self.framing.span, self.panes.layout.to_json(),
        )  # fmt: skip

    def say(self, text: str) -> None:
        """Show a sentence in place of the chart."""
        self._sentence.setText(text)
        self._pages.setCurrentWidget(self._sentence)

    def say_that_nothing_is_there(self) -> None:
        """Tell how to begin."""
        self.say(tr("Nothing here yet.\nAdd a symbol (Ctrl+N), or drop files of posts or prices on this window."))

    def open(self, subject: str, found: Loaded) -> None:
        """Show a subject that was read already."""
        with self.loader.resting():
            self.state.set_subject(subject)
        self.loader.take(found)

    def take_focus(self) -> None:
        """Take the keyboard."""
        (self.chart if self.chart_shown else self._sentence).setFocus()

    def _on_subject(self, key: str) -> None:
        self._describe()
        if not key:
            self.say_that_nothing_is_there()

    def _on_loaded(self, found: Loaded) -> None:
        self.chart.show_view(found.view, found.title)
        if found.view.tape.extent is None:
            self.say(
                tr("{name} has no prices and no posts yet.\nFetch its prices (F5) or import files (Ctrl+O).").format(
                    name=found.title
                )
            )
        else:
            self._pages.setCurrentWidget(self.chart)
            self.framing.place(found.view)
        self._describe()
        self.shown.emit()

    def show_ticks(self, view: View) -> None:
        """Show what ticks made of the newest bars: `view` is of the tape that is shown, or of its first live copy."""
        shown = self.state.view
        if view is not shown:
            self.loader.adopt(view)
            if shown is None or shown.tape is not view.tape:
                self.chart.show_view(view, self.title)
        self.chart.show_ticks(view)
        self.framing.note_ticks()

    def _on_failed(self, error: Exception) -> None:
        self.say(tr("Nothing is shown yet."))
        self.failed.emit(error)

    # Frame and header.

    def set_frame(self, *, framed: bool, active: bool, maximised: bool) -> None:
        """Show header and frame, or with one chart only (`framed` is False) neither."""
        self._framed, self._active = framed, active
        edge = 1 if framed else 0
        self._whole.setContentsMargins(edge, edge, edge, edge)
        self.header.setVisible(framed)
        self.header.set_state(active=active, maximised=maximised)
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Paint frame and header in other colours; the chart has its own method."""
        self._theme = theme
        self.header.set_theme(theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame: the chart's own background would hide it."""
        if self._framed:
            with QPainter(self) as painter:
                painter.setPen(colour(self._theme.accent if self._active else self._theme.border))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _describe(self, *_: object) -> None:
        options = self.state.options
        clock = tr("Trading") if options.mode is ClockMode.TRADING else tr("Wall")
        self.header.set_text(self.title, f"{options.interval} · {clock} · {options.scorer}")

    # Subjects dropped from the watchlist, and charts by their headers; files are the window's.

    def carry(self, number: int) -> None:
        """Let the user drag this chart, which has this number, upon another."""
        data = QMimeData()
        data.setData(CHART_MIME, str(number).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.header.grab())
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take subjects and charts."""
        if event.mimeData().hasFormat(MIME) or event.mimeData().hasFormat(CHART_MIME):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask to show the subject that was dropped, or to give the chart its place."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        key, number = (_text_of(event.mimeData(), kind) for kind in (MIME, CHART_MIME))
        if key:
            self.dropped.emit(key)
        elif number.isdecimal():
            self.place_wanted.emit(int(number))


def _text_of(data: QMimeData, kind: str) -> str:
    return bytes(data.data(kind).data()).decode(errors="replace")
