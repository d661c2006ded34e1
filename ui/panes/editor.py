"""Changes the layout of one chart as the user asks: by the buttons of a pane, its menu, or a command."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from core.layout import DEFAULT_LAYOUT, METRIC, PaneSpec
from core.layout.panes import metric_pane
from core.undo import History, LayoutStep
from ui.chart.panes import KINDS, needs_of
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.layout import Layout
    from ui.chart.navigator import MenuPlace
    from ui.charts.state import ChartState


class PaneEditor(QObject):
    """Turns wishes into layouts. `menu_parts` add to the context menu of the chart what other features offer there.

    `history` holds what was done, the newest last; each step knows the panes before and after it.
    """

    steps_changed = Signal()  # what can be taken back or done again is something else now

    def __init__(self, chart: Any, state: ChartState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chart, self._state = chart, state
        self.menu_parts: list[Callable[[QMenu, MenuPlace], None]] = []
        self.history: History[LayoutStep] = History()
        chart.set_layout(state.layout)
        chart.pane_action.connect(self.act)
        chart.menu_wanted.connect(self.show_menu)
        chart.layout_changed.connect(self._keep)
        state.layout_changed.connect(self._show)

    @property
    def layout(self) -> Layout:
        """The layout as it is on screen."""
        return self._chart.arrangement

    # -- what the user can do

    def act(self, action: str, key: str = "") -> None:
        """Do what a button asks for with a pane, or with the current one, such as "settings" or "up"."""
        acts: dict[str, Callable[[str], None]] = {
            "settings": self.configure,
            "up": lambda k: self.move(k, -1),
            "down": lambda k: self.move(k, 1),
            "maximise": self.maximise,
            "remove": self.remove,
        }
        acts[action](key or self._chart.current)

    def addable(self) -> list[tuple[str, PaneSpec]]:
        """Return what can be added: name and spec of each pane."""
        layout = self.settled()
        found = [
            (tr(kind.title), PaneSpec(name, layout.free_key(name)))
            for name, kind in KINDS.items()
            if kind.listed and name != METRIC and (kind.several or layout.find(name) is None)
        ]
        named = {p.options.get(METRIC) for p in layout.panes}
        return found + [(name, metric_pane(name)) for name in self._metrics() if name not in named]

    def add(self, spec: PaneSpec) -> None:
        """Add a pane below the current one."""
        layout = self.settled()
        keys = [p.key for p in layout.panes]
        at = keys.index(self._chart.current) + 1 if self._chart.current in keys else len(keys)
        self.change(layout.added(spec, keys[at] if at < len(keys) else ""), tr("add pane"))
        self._chart.set_current(spec.key)

    def remove(self, key: str) -> None:
        """Remove a pane; the last one stays."""
        if len(self._chart.panes) > 1 or self._chart.arrangement.maximised:
            self.change(self.settled().removed(key), tr("remove pane"))

    def move(self, key: str, by: int) -> None:
        """Move a pane up or down by one of those that are seen."""
        keys = [p.key for p in self._chart.panes]
        if key not in keys or not 0 <= keys.index(key) + by < len(keys):
            return
        rest = [k for k in keys if k != key]
        at = keys.index(key) + by
        self.change(self.settled().moved(key, rest[at] if at < len(rest) else ""), tr("move pane"))

    def maximise(self, key: str) -> None:
        """Show a pane alone, or all of them again."""
        layout = self.settled()
        text = tr("show all panes") if layout.maximised else tr("maximise pane")
        self.change(layout.alone("" if layout.maximised else key), text)

    def configure(self, key: str) -> None:
        """Open the options of a pane."""
        from ui.panes.dialog import PaneDialog  # noqa: PLC0415  not needed to show a chart

        pane = next((p for p in self._chart.panes if p.key == key), None)
        if pane is None or not pane.options or self._state.view is None:
            return
        dialog = PaneDialog(pane, self._state.view, self._chart.window())
        dialog.chosen.connect(self.replace)
        dialog.exec()
        dialog.deleteLater()

    def replace(self, spec: PaneSpec, text: str = "") -> None:
        """Let a pane be as a spec says; `text` names what is done in the menu."""
        self.change(self.settled().replaced(spec), text or tr("change pane"))

    def apply(self, layout: Layout) -> None:
        """Arrange the chart as a saved layout says."""
        self.change(layout, tr("change layout"))

    def popup_addable(self) -> None:
        """Offer the panes that can be added, in the middle of the chart."""
        menu = QMenu(self._chart)
        self.fill_addable(menu)
        if menu.isEnabled():
            menu.setActiveAction(menu.actions()[0])
            menu.exec(self._chart.mapToGlobal(self._chart.rect().center()))
        menu.deleteLater()

    def reset(self) -> None:
        """Go back to the layout that the program comes with."""
        self.change(DEFAULT_LAYOUT, tr("default layout"))

    # -- the menu of a pane

    def show_menu(self, place: MenuPlace) -> None:
        """Show the context menu of a pane."""
        self._chart.set_current(place.pane.key)
        menu = self.menu(place)
        menu.exec(place.point)
        menu.deleteLater()

    def menu(self, place: MenuPlace) -> QMenu:
        """Return the context menu of a pane."""
        menu = QMenu(self._chart)
        for part in self.menu_parts:
            part(menu, place)
            if place.target and not menu.isEmpty():
                return menu  # of what was clicked in the legend, and of nothing else
        if self.menu_parts:
            menu.addSeparator()
        key = place.pane.key
        if place.pane.options:
            menu.addAction(tr("Pane settings…"), lambda: self.configure(key))
        keys = [p.key for p in self._chart.panes]
        for text, by in ((tr("Move pane up"), -1), (tr("Move pane down"), 1)):
            action = menu.addAction(text, lambda by=by: self.move(key, by))
            action.setEnabled(key in keys and 0 <= keys.index(key) + by < len(keys))
        alone = bool(self._chart.arrangement.maximised)
        menu.addAction(tr("Show all panes") if alone else tr("Maximise pane"), lambda: self.maximise(key))
        menu.addAction(tr("Remove pane"), lambda: self.remove(key)).setEnabled(len(keys) > 1)
        self.fill_addable(menu.addMenu(tr("Add pane")))
        return menu

    def fill_addable(self, menu: QMenu) -> None:
        """Fill a menu with the panes that can be added."""
        menu.clear()
        for name, spec in self.addable():
            menu.addAction(name.replace("&", "&&"), lambda spec=spec: self.add(spec))
        menu.setEnabled(not menu.isEmpty())

    # -- keeping in step

    def _metrics(self) -> list[str]:
        view = self._state.view
        return [m.metric.name for m in view.tape.metrics] if view is not None else []

    def settled(self) -> Layout:
        """Return the layout with a pane of its own for every metric that is shown."""
        return self._chart.arrangement.settled(self._metrics())

    def change(self, layout: Layout, text: str) -> None:
        """Arrange the chart as a layout says; `text` is the name of that in the menu, where it can be taken back."""
        before = self._chart.arrangement
        if layout != before:
            self.history.add(LayoutStep(text, before, layout, time.monotonic()))
            self._chart.change_layout(layout)
            self.steps_changed.emit()

    def undo(self) -> None:
        """Take back what was last done to the panes."""
        step = self.history.undo()
        if step is not None:
            self._chart.change_layout(step.before)
            self.steps_changed.emit()

    def redo(self) -> None:
        """Do again what was last taken back of the panes."""
        step = self.history.redo()
        if step is not None:
            self._chart.change_layout(step.after)
            self.steps_changed.emit()

    def _keep(self, layout: Layout) -> None:
        self._state.set_layout(layout, needs_of(layout))

    def _show(self, layout: Layout) -> None:
        if layout != self._chart.arrangement:
            self._chart.set_layout(layout)
