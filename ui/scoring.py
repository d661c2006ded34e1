"""What the window does about scores and echoes in the background, the user's marks, and the layer they make."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from core.model import DEFAULT_SCORER, PERSONAL_SCORER
from ui.i18n import tr
from ui.rescoring.bar import RescoringBar
from ui.rescoring.control import Rescoring
from ui.rescoring.jobs import find_echoes

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Scoring(QObject):
    """Binds the commands of the menu Posts, and keeps the choice of scorers and the status bar in step."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        parts = window.parts
        self.rescoring = Rescoring(
            window.tasks, parts.home, parts.data_dir, self._may_run, parts.import_command, self
        )  # fmt: skip
        self.bar = RescoringBar(window.theme, window.status)
        window.status.addPermanentWidget(self.bar)
        self.bar.pause_wanted.connect(self.rescoring.set_paused)
        self.rescoring.changed.connect(self._on_changed)
        self.rescoring.known.connect(self._on_known)
        self.rescoring.finished.connect(self._on_finished)
        self.rescoring.failed.connect(self._on_failed)
        if parts.background:
            window.state.data_changed.connect(self.rescoring.check)
            window.painted.connect(self._on_painted)
        state = window.state
        for signal in (state.scorer_changed, state.chart_changed):
            signal.connect(self._show_scorer)
        self._bind()

    def _bind(self) -> None:
        window, actions = self._window, self._window.actions_
        for verdict in ("bullish", "neutral", "bearish", "off-topic"):
            actions.bind(f"mark.{verdict}", lambda verdict=verdict: window.posts.mark(verdict))
        actions.bind("posts.marks", lambda: window.windows.show_marks())  # noqa: PLW0108  loads them when asked
        actions.bind("posts.export_marks", lambda: window.windows.show_marks("export"))
        actions.bind("posts.import_marks", lambda: window.windows.show_marks("import"))
        actions.bind("posts.moved", lambda: window.windows.show_moved())  # noqa: PLW0108  as above
        actions["posts.mine"].triggered.connect(self._on_mine)
        actions["posts.pause"].triggered.connect(self.rescoring.set_paused)
        actions["posts.mine"].setEnabled(False)

    def close(self) -> None:
        """End what runs in the background; it goes on at the next start."""
        self.rescoring.close()

    def use(self, scorer: str) -> None:
        """Show a scorer that was learned just now, or the one below it where there is none any more."""
        if scorer:
            self._on_known((*self._window.toolbar.scorers, PERSONAL_SCORER))
            self._window.state.set_scorer(scorer)
        elif self._window.state.scorer == PERSONAL_SCORER:
            self._window.state.set_scorer(DEFAULT_SCORER)
        self.rescoring.check(0)

    def _may_run(self) -> bool:
        return not self._window.importing

    def _on_painted(self) -> None:
        self._window.painted.disconnect(self._on_painted)
        self.rescoring.check()
        job = functools.partial(find_echoes, place=self._window.parts.home)
        self._window.tasks.submit("echoes", job, self._on_echoes, self._on_failed)

    def _on_echoes(self, compared: int) -> None:
        """Count anew, where posts were compared that no import had."""
        if compared:
            self._window.state.touch_data()

    def _on_changed(self, scorer: str, share: float, paused: bool) -> None:  # noqa: FBT001  as the signal has it
        self.bar.show_state(scorer, share, paused)
        self._window.actions_["posts.pause"].setChecked(paused)

    def _on_known(self, names: tuple[str, ...]) -> None:
        window = self._window
        window.toolbar.set_scorers(tuple(dict.fromkeys(names)), window.state.scorer)
        window.actions_["posts.mine"].setEnabled(PERSONAL_SCORER in names)
        for cell in window.charts.cells:
            if cell.state.options.scorer not in names:  # a layer or a transformer that is used no more
                cell.state.set_scorer(DEFAULT_SCORER)

    def _on_mine(self, on: bool) -> None:  # noqa: FBT001  as the signal has it
        self._window.state.set_scorer(PERSONAL_SCORER if on else DEFAULT_SCORER)

    def _show_scorer(self, *_: object) -> None:
        self._window.actions_["posts.mine"].setChecked(self._window.state.scorer == PERSONAL_SCORER)

    def _on_finished(self, reports: list[dict[str, Any]]) -> None:
        from core.store.rescoring import Report  # noqa: PLC0415  loaded long since by whoever read the chart
        from ui.rescoring.dialog import summary  # noqa: PLC0415  the dialog is not needed to begin

        window = self._window
        # A line a scorer: a tall banner would push the chart about; the dialog tells all.
        told = "\n".join(" ".join(summary(Report.of(report)).splitlines()[:2]) for report in reports)
        window.banners.put("moved", told, "info", ((tr("What moved"), lambda: window.windows.show_moved()),))  # noqa: PLW0108  as above
        window.state.touch_data()

    def _on_failed(self, problem: Exception | str) -> None:
        if isinstance(problem, Exception):
            self._window.show_error(problem)
        else:
            self._window.banners.put("error", problem, "error")
