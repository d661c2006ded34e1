"""Which store is shown, and what of it: at the start, after an import, on the way into the sample and out of it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from core.errors import UnknownSubjectError
from core.layout import DEFAULT_LAYOUT, Layout
from core.model import Basis, ClockMode, Interval
from ui import jobs, session
from ui.chart.panes import needs_of
from ui.charts.arrangement import Arrangement, with_count
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.chart.snapshot_file import ChartsRecord, SnapshotRecord
    from ui.charts.cell import ChartCell
    from ui.jobs import Place
    from ui.main_window import MainWindow


# The charts beside the active one are read when that has been painted; so long does a frame take at the most.
A_FRAME_MS = 30


class Opening(QObject):
    """Owns the place of the data that are shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.place: Place = window.parts.home
        self.filled = False  # whether the charts show what they showed when the program was last closed

    def begin(self) -> None:
        """Read what was shown last, or the sample where the store is empty."""
        window = self._window
        for cell in window.charts.cells:
            cell.say(tr("Opening…"))
        active = window.charts.cells.index(window.charts.active)
        self._open(window.workspace.charts[active].subject)

    def show_imported(self, key: str) -> None:
        """Leave the sample for the user's own store, to what was imported or else to whatever is there."""
        self._window.framing.expect()
        self._open(key)

    def show_place(self, place: Place, subject: str = "", span: tuple[int, int] | None = None) -> None:
        """Show another store: the sample, or the user's own."""
        self._turn_to(place)
        self._window.keeper.reload()
        charts = self._window.charts
        for cell in sorted(charts.cells, key=lambda c: c is not charts.active):
            _show(cell, subject, span)

    def show_home(self, subject: str = "") -> None:
        """Show the user's own store, for something was added to it."""
        state = self._window.state
        if state.sample:
            self.show_place(self._window.parts.home, subject)
        else:
            state.touch_data()
            if subject:
                state.set_subject(subject)

    def restore_view(self, record: SnapshotRecord) -> None:
        """Show in the active chart what a snapshot shows."""
        if self._knows([record]):
            self._restore(self._window.charts.active, record)

    def restore_charts(self, record: ChartsRecord) -> None:
        """Show the charts of a picture of all as they stood, linked as they were."""
        window = self._window
        if not self._knows(record.charts):
            return
        known = record.arrangement in set(Arrangement)
        arrangement = with_count(
            len(record.charts), Arrangement(record.arrangement) if known else window.charts.arrangement
        )
        window.links.restore(())  # each chart goes to its own place first
        window.charts.arrange(arrangement, record.shares)
        for cell, chart in zip(window.charts.cells, record.charts, strict=False):
            self._restore(cell, chart)
        window.links.restore(record.links)

    def _knows(self, records: Sequence[SnapshotRecord]) -> bool:
        """Whether all subjects are known here; the first that is not is told."""
        known = {key for key, _ in self._window.watchlist_model.known}
        missing = next((r.subject for r in records if r.subject not in known), None)
        if missing is not None:
            text = tr("'{name}' is not known here; add it or import it first.").format(name=missing)
            self._window.show_error(UnknownSubjectError(text))
        return missing is None

    def _restore(self, cell: ChartCell, record: SnapshotRecord) -> None:
        state = cell.state
        cell.framing.expect(span=(record.start, record.end), force=True)
        with cell.loader.resting():
            state.set_interval(Interval(record.interval))
            state.set_mode(ClockMode(record.mode))
            if record.scorer in self._window.parts.preferences.scorers:
                state.set_scorer(record.scorer)
            if record.basis:
                state.set_basis(Basis(record.basis))
            state.set_subject(record.subject)
            state.set_crowd(record.crowd)
            layout = Layout.from_json(record.layout) or DEFAULT_LAYOUT
            state.set_layout(layout, needs_of(layout))
        cell.loader.load()

    def _open(self, subject: str) -> None:
        parts = self._window.parts
        job = functools.partial(
            jobs.begin, home=parts.home, open_sample=parts.open_sample, subject=subject,
            options=self._window.state.options,
        )  # fmt: skip
        self._window.tasks.submit("begin", job, self._on_begun, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        for cell in self._window.charts.cells:
            if not cell.chart_shown:
                cell.say(tr("Nothing is shown yet."))
        self._window.show_error(error)

    def _on_begun(self, begun: jobs.Begun) -> None:
        window = self._window
        self._turn_to(begun.place)
        if begun.span is not None:
            window.framing.expect(span=begun.span)
        if begun.loaded is not None:
            window.charts.active.open(begun.subject, begun.loaded)
        else:
            window.charts.active.say_that_nothing_is_there()
        if begun.problem is not None:
            window.show_error(begun.problem)
        window.charts.active.take_focus()
        window.keeper.show(begun.entries)
        same = begun.place.read_only == window.workspace.sample
        QTimer.singleShot(A_FRAME_MS, self, lambda: self._fill(begun, same=same))

    def _fill(self, begun: jobs.Begun, *, same: bool) -> None:
        """Let the other charts follow: with what they showed, or where that is of another store with the subject."""
        charts = self._window.charts
        if same and not self.filled:
            charts.fill(self._window.workspace.charts)
        else:
            for cell in charts.cells:
                if cell is not charts.active:
                    _show(cell, begun.subject, begun.span)
        if not self.filled:
            session.restore_links(self._window)
        self.filled = True

    def _turn_to(self, place: Place) -> None:
        if place != self.place:
            self._window.charts.forget_put_away()
        self.place = place
        self._window.state.set_sample(place.read_only)


def _show(cell: ChartCell, subject: str, span: tuple[int, int] | None) -> None:
    """Show a subject of another store than the one before, be it of the same name."""
    cell.framing.expect(span=span)
    if subject and subject == cell.state.subject:
        cell.loader.load()
    else:
        cell.state.set_subject(subject)
