"""What the window tells beside what it shows: failures, whose data these are and how old, what is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from core.errors import CrowdtapeError
from ui import jobs
from ui.i18n import tr
from ui.live.words import live_words
from ui.statusbar import facts_of

if TYPE_CHECKING:
    from ui.charts.cell import ChartCell
    from ui.live.prices import LivePrices
    from ui.main_window import MainWindow

AGE_MS = 30_000  # how often the ages in the status bar are brought up to date


class Notices(QObject):
    """Owns the words in banners and status bar."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setInterval(AGE_MS)
        self._timer.timeout.connect(self.show_facts)
        self._timer.start()
        window.state.sample_changed.connect(self._on_sample)
        window.state.subject_changed.connect(self._on_subject)
        window.state.view_changed.connect(self.show_facts)
        window.tasks.changed.connect(lambda: window.status.set_jobs(window.tasks.running()))
        window.tasks.unhandled.connect(self.show_error)
        window.status.cancel_wanted.connect(window.tasks.cancel)

    def follow(self, live: LivePrices) -> None:
        """Say how live prices are doing, from now on, and turn them on and off by command."""
        action = self._window.actions_["view.live"]
        self._window.status.set_live_action(action)
        action.toggled.connect(lambda on: self._turn_live(live, on=on))
        live.changed.connect(lambda: self._show_live(live))
        self._timer.timeout.connect(lambda: self._show_live(live))
        self._show_live(live)

    def _turn_live(self, live: LivePrices, *, on: bool) -> None:
        try:
            live.set_on(on=on)
        except CrowdtapeError as problem:  # a setting that cannot be used
            self.show_error(problem)
        self._window.actions_["view.live"].setChecked(live.on)

    def _show_live(self, live: LivePrices) -> None:
        self._window.status.set_live(*live_words(live.state, live.last_tick, jobs.now_ms(), on=live.on))

    def show_error(self, error: Exception) -> None:
        """Say in one sentence what went wrong."""
        window = self._window
        if not window.chart_shown:
            window.charts.active.say(tr("Nothing is shown yet."))
        window.banners.put("error", self._sentence_of(error), "error")

    def show_failure(self, cell: ChartCell, error: Exception) -> None:
        """Say why a chart cannot be shown: of the active one above all charts, of another in its own place."""
        if cell is self._window.charts.active:
            self.show_error(error)
        else:
            cell.say(self._sentence_of(error))

    def show_facts(self, *_: object) -> None:
        """Say where the figures of the active chart come from."""
        view = self._window.state.view
        self._window.status.set_facts(facts_of(view.tape.provenance, jobs.now_ms()) if view is not None else "")

    def _sentence_of(self, error: Exception) -> str:
        if isinstance(error, CrowdtapeError):
            return str(error)
        self._window.parts.preferences.note_failure(error)
        return tr("Something unexpected went wrong ({what}); the log has the details.").format(
            what=f"{type(error).__name__}: {error}"
        )

    def _on_subject(self, _key: str) -> None:
        """Take away what was said of another subject."""
        self._window.banners.remove("error")
        self._window.banners.remove("feed")

    def _on_sample(self, sample: bool) -> None:  # noqa: FBT001  as the signal has it
        window = self._window
        if not sample:
            window.banners.remove("sample")
            return
        text = tr(
            "Sample data: prices and posts are SIMULATED; ranks, counters and events are real, as published. "
            "Import files or add a symbol to begin."
        )
        buttons = (
            (tr("Import files…"), window.actions_["file.import"].trigger),
            (tr("Add symbol…"), window.actions_["watch.add"].trigger),
        )
        window.banners.put("sample", text, "info", buttons)
