"""One chart with what it shows, what reads it and what places it; a sentence where there is nothing to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.charts.framing import Framing
from ui.charts.loading import Loader
from ui.charts.state import ChartState
from ui.i18n import tr
from ui.panes.editor import PaneEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.jobs import Loaded, Place
    from ui.tasks import Tasks


class ChartCell(QWidget):
    """The unit of which the area holds one to four. `key` names its jobs."""

    shown = Signal()  # what was loaded has been handed to the screen
    failed = Signal(object)  # Exception

    def __init__(self, chart: Any, tasks: Tasks, place: Callable[[], Place], key: str, parent: QWidget) -> None:
        """Take a chart (`ui.chart.stack.ChartStack` or a stand-in) that is dressed already."""
        super().__init__(parent)
        self.chart = chart
        self.state = ChartState(self)
        self.loader = Loader(self.state, tasks, place, key, self)
        self.framing = Framing(chart, self.state, self)
        self.panes = PaneEditor(chart, self.state, self)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._sentence)
        self._pages.addWidget(chart)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._pages)
        self.setFocusProxy(chart)
        chart.hovered.connect(self.state.set_hover)
        chart.selected.connect(self.state.set_selection)
        self.state.subject_changed.connect(self._on_subject)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_failed)

    @property
    def chart_shown(self) -> bool:
        """Whether the chart, and not a sentence in its place, is on screen."""
        return self._pages.currentWidget() is self.chart

    @property
    def title(self) -> str:
        """What stands above the chart: symbol and name, or the concept."""
        return self.loader.current.title if self.loader.current is not None else self.state.subject

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

    def _on_subject(self, key: str) -> None:
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
        self.shown.emit()

    def _on_failed(self, error: Exception) -> None:
        self.say(tr("Nothing is shown yet."))
        self.failed.emit(error)
