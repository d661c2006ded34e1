"""What of the window survives a restart: taken from the workspace file at the start, written to it at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from ui.charts.arrangement import Arrangement
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.main_window import MainWindow

BARS = 1  # raise when bars or docks change: where they were before is then not restored


def restore_charts(window: MainWindow) -> None:
    """Make the charts that there were; the active one is read first, the others after it."""
    w = window.workspace
    arrangement = Arrangement(w.arrangement) if w.arrangement in set(Arrangement) else Arrangement.ONE
    window.charts.restore(arrangement, w.charts, w.active, w.shares)


def restore_links(window: MainWindow) -> None:
    """Link the charts as they were, once each has its subject."""
    window.links.restore(window.workspace.links)
    window.charts.set_maximised(maximised=window.workspace.maximised)


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
    """Write the workspace. What could not be shown this time (the store was damaged, say) is kept for the next."""
    area, before, filled = window.charts, window.workspace, window.opening.filled
    Workspace(
        geometry=bytes(window.saveGeometry().data()),
        docks=bytes(window.saveState(BARS).data()),
        sample=window.state.sample if filled else before.sample,
        charts=tuple(cell.record for cell in area.cells) if filled else before.charts,
        arrangement=str(area.arrangement) if filled else before.arrangement,
        shares=area.shares,
        active=area.cells.index(area.active),
        maximised=area.maximised if filled else before.maximised,
        links=window.links.names if filled else before.links,
        order=window.posts.order,
        opened=tuple(window.watchlist_model.opened),
    ).save(window.parts.workspace_file)
