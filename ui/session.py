"""What of the window survives a restart: taken from the workspace file at the start, written to it at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from core.layout import Layout
from core.model import ClockMode, Interval
from ui.chart.panes import needs_of
from ui.charts.state import Options
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.main_window import MainWindow

BARS = 1  # raise when bars or docks change: where they were before is then not restored


def restore_charts(window: MainWindow) -> None:
    """Let the charts expect what they showed."""
    w, preferences = window.workspace, window.parts.preferences
    interval = Interval(w.interval) if w.interval in set(Interval) else Interval.D1
    mode = ClockMode(w.mode) if w.mode in set(ClockMode) else ClockMode.TRADING
    scorer = w.scorer if w.scorer in preferences.scorers else preferences.scorer
    window.charts.active.state.set_options(Options(interval, mode, scorer, preferences.basis))
    layout = Layout.from_json(w.layout)
    if layout is not None:
        window.charts.active.state.set_layout(layout, needs_of(layout))
    window.framing.expect(w.range, w.span)


def restore_geometry(window: MainWindow) -> None:
    """Give window and docks the places that they had."""
    w = window.workspace
    if not (w.geometry and window.restoreGeometry(QByteArray(w.geometry))):
        room = window.screen().availableGeometry()
        window.resize(min(1440, room.width() - 40), min(900, room.height() - 60))
    if w.docks:
        window.restoreState(QByteArray(w.docks), BARS)
    for name, dock in window.docks.items():
        window.actions_[f"view.{name}"].setChecked(not dock.isHidden())


def remember(window: MainWindow) -> None:
    """Write the workspace."""
    state = window.state
    Workspace(
        geometry=bytes(window.saveGeometry().data()),
        docks=bytes(window.saveState(BARS).data()),
        subject="" if state.sample else state.subject,
        range=state.range,
        span=window.framing.span,
        interval=str(state.interval),
        mode=str(state.mode),
        scorer=state.scorer,
        order=window.posts.order,
        opened=tuple(window.watchlist_model.opened),
        layout=window.charts.active.panes.layout.to_json(),
    ).save(window.parts.workspace_file)
