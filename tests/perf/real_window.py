"""The program's own window, built as the program builds it, at the size that is measured."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop

from core.model import Interval, subject_key
from ui.app import Program, make_application
from ui.jobs import Loaded

if TYPE_CHECKING:
    from pathlib import Path

    from timing import Step

    from core.timeline import View
    from ui.main_window import MainWindow

SIZE = (1600, 900)
_PATIENCE = 120.0  # seconds


class RealWindow:
    """The main window with watchlist and posts docked, and the chart in it."""

    def __init__(self, data_dir: Path) -> None:
        """Open the window on a store and wait until it shows its first subject."""
        self.app = make_application()
        self._program = Program(self.app, data_dir)
        self.window: MainWindow = self._program.start()
        self.window.resize(*SIZE)
        self.rest()

    @property
    def chart(self) -> Any:
        """The chart, `ui.chart.stack.ChartStack`."""
        return self.window.chart

    def open(self, subject: str) -> None:
        """Read a subject's one-minute bars from the store and show it."""
        self.window.state.set_interval(Interval.M1)
        self.window.state.set_subject(subject)
        self.rest()

    def switch(self, subject: str) -> None:
        """Choose another subject and return once all its panes are painted."""
        self.window.state.set_subject(subject)
        while not self._painted(subject):
            # Waits without holding up the worker that reads, as the program's own loop does.
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _painted(self, subject: str) -> bool:
        cut, panes = self.chart.cut, self.chart._column.widgets
        return cut is not None and subject_key(cut.view.tape.subject) == subject and all(w._drawn is cut for w in panes)

    def put(self, view: View) -> None:
        """Show a view that was made in memory."""
        self.window.loader.take(Loaded(view, "made up", frozenset({Interval.M1})))
        self.rest()

    def show(self, step: Step) -> None:
        """Pan or zoom as a hand would, and return once the chart is painted."""
        chart, (first, whole) = self.chart, self._whole()
        cuts = chart.cuts
        x0, x1 = first + step.left * whole, first + step.right * whole
        seen = chart.cut.x
        if step.zoom:
            chart.travel.zoom((x0 + x1) / 2, (seen.x1 - seen.x0) / (x1 - x0))
        else:
            chart.travel.pan(x0 - seen.x0)
        self.app.processEvents()
        if chart.cuts != cuts + 1 or chart.cut is None:
            raise RuntimeError(f"a frame was cut {chart.cuts - cuts} times")

    def at(self, step: Step) -> None:
        """Go to a range at once."""
        first, whole = self._whole()
        x0, x1 = first + step.left * whole, first + step.right * whole
        self.chart.travel.go(self.chart.sight.across(x0, x1))
        self.app.processEvents()

    def point(self, share: float, y: float) -> None:
        """Move the pointer over the price pane to a share of the visible range."""
        x = self.chart.cut.x
        self.chart.pointer.point(x.x0 + share * (x.x1 - x.x0), "price", y)
        self.app.processEvents()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self.app.processEvents()

    def _whole(self) -> tuple[float, float]:
        view = self.window.state.view
        if view is None or view.extent is None:
            raise RuntimeError("nothing is shown")
        return view.extent[0], view.extent[1] - view.extent[0]

    def rest(self, seconds: float = 0.25) -> None:
        """Wait until no job has been under way for some time and everything is painted."""
        until, quiet = time.monotonic() + _PATIENCE, time.monotonic()
        while time.monotonic() - quiet < seconds:
            self.app.processEvents()
            time.sleep(0.005)
            if not self.window.tasks.idle or self.window.scoring.rescoring.running:
                quiet = time.monotonic()
            if time.monotonic() > until:
                raise RuntimeError("the window does not come to rest")
