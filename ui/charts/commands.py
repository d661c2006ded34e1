"""What the commands of the menu Charts do, and which of them can be done just now."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.charts.arrangement import MOST, Arrangement
from ui.charts.links import LINKS

if TYPE_CHECKING:
    from ui.actions import Actions
    from ui.charts.area import ChartArea
    from ui.charts.links import Links


_STEPS = {"wider": (0.05, 0.0), "narrower": (-0.05, 0.0), "taller": (0.0, 0.05), "lower": (0.0, -0.05)}


class ChartCommands(QObject):
    """Binds the actions and keeps their marks in step; holds no state."""

    def __init__(self, area: ChartArea, links: Links, actions: Actions) -> None:
        super().__init__(area)
        self._area, self._links, self._actions = area, links, actions
        for arrangement in Arrangement:
            actions.bind(f"charts.{arrangement}", functools.partial(area.arrange, arrangement))
        for name in LINKS:
            actions[f"link.{name}"].triggered.connect(lambda on, name=name: links.set(name, on=on))
        actions.bind("charts.add", area.add)
        actions.bind("charts.close", self._close)
        actions.bind("charts.maximise", self._maximise)
        actions.bind("charts.swap", area.swap_with_next)
        for name, step in _STEPS.items():
            actions.bind(f"charts.{name}", functools.partial(area.grow, *step))
        actions.bind("charts.next", functools.partial(area.activate_next, 1))
        actions.bind("charts.previous", functools.partial(area.activate_next, -1))
        links.changed.connect(lambda name, on: actions[f"link.{name}"].setChecked(on))
        area.rearranged.connect(self._show)
        self._show()

    def _close(self) -> None:
        self._area.close_cell(self._area.active)

    def _maximise(self) -> None:
        self._area.set_maximised(maximised=not self._area.maximised)

    def _show(self) -> None:
        area, actions = self._area, self._actions
        several = len(area.cells) > 1
        actions[f"charts.{area.arrangement}"].setChecked(True)
        actions["charts.maximise"].setChecked(area.maximised)
        actions["charts.add"].setEnabled(len(area.cells) < MOST)
        for name in ("close", "maximise", "next", "previous", "swap", *_STEPS):
            actions[f"charts.{name}"].setEnabled(several)
