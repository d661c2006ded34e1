"""The zone in which times are shown: the exchange's, this machine's, UTC, or any other."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from core.errors import CrowdtapeError
from core.settings import ZONE
from ui import jobs

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from ui.main_window import MainWindow

# What each command makes of the setting; "other" asks.
CHOICES = {"exchange": "exchange", "local": "local", "utc": "UTC"}


class Zones(QObject):
    """Binds the commands of the zone and keeps their marks in step with the setting."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        for name, value in CHOICES.items():
            window.actions_.bind(f"zone.{name}", functools.partial(self.choose, value))
        window.actions_.bind("zone.other", self.ask)
        window.state.zone_changed.connect(self._show)
        for cell in window.charts.cells:
            self.adopt(cell)
        window.charts.added.connect(self.adopt)
        self._show()

    def adopt(self, cell: object) -> None:
        """Let a click on the zone of a chart open the menu of zones there."""
        cell.chart.zone_wanted.connect(self._open_menu)  # pyright: ignore[reportAttributeAccessIssue]  a ChartCell

    def choose(self, value: str) -> None:
        """Keep a zone in the settings and show times in it."""
        try:
            self._window.parts.preferences.change(ZONE, value)
        except CrowdtapeError as problem:
            self._window.show_error(problem)
        self._window.state.set_zone(self._window.parts.preferences.zone)
        self._show()

    def ask(self) -> None:
        """Let the user choose among all zones there are."""
        from ui.settings.zone_dialog import ZoneDialog  # noqa: PLC0415  only when it is wanted

        view, zone = self._window.state.view, self._window.state.zone
        shown = zone or (view.tape.calendar.zone if view is not None else "UTC")
        dialog = ZoneDialog(shown, jobs.now_ms(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.choose)
        dialog.finished.connect(lambda _result: self._show())
        dialog.open()

    def _open_menu(self, point: QPoint) -> None:
        self._window.menus["view/zone"].popup(point)

    def _show(self, *_: object) -> None:
        value = self._window.parts.preferences.text(ZONE)
        name = next((n for n, v in CHOICES.items() if v == value), "other")
        self._window.actions_[f"zone.{name}"].setChecked(True)
