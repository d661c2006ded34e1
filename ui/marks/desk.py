"""Brings together what marks are made of: the charts on which they are drawn, the book that keeps them, the dialogs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from core.errors import CrowdtapeError
from core.marks import Change, Flag, key_of
from core.model import MINUTE_MS, Event, subject_key
from ui.chart.drawings.tools import POINTER, TOOLS
from ui.i18n import tr
from ui.marks.book import Book
from ui.marks.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QMenu

    from core.drawings import Drawing
    from ui.chart.drawings.marker import Marker
    from ui.chart.navigator import MenuPlace
    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow


class Desk(QObject):
    """One for the window; takes in each chart when it first shows something."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._told = False
        self.book = Book(window.tasks, lambda: window.place, self)
        self.book.changed.connect(self._on_changed)
        self.book.failed.connect(window.show_error)
        for cell in window.charts.cells:
            self._adopt(cell)
        window.charts.added.connect(self._adopt)
        window.charts.shown.connect(self._on_shown)
        window.state.subject_changed.connect(self._on_turned)
        window.state.chart_changed.connect(self._on_turned)
        window.state.sample_changed.connect(self._on_sample)
        self._bind()

    @property
    def marker(self) -> Marker:
        """What draws on the active chart."""
        return self._window.chart.marker

    def finish(self) -> None:
        """Write what is not written yet: the window is closing."""
        try:
            self.book.finish()
        except CrowdtapeError as error:
            self._window.parts.preferences.note_failure(error)

    # -- commands

    def _bind(self) -> None:
        actions = self._window.actions_
        for tool in TOOLS:
            actions.bind(f"draw.{tool.name}", functools.partial(self._take_tool, tool.name))
        actions["draw.pointer"].setChecked(True)
        for name, act in (
            ("draw.next", self._choose_next),
            ("draw.previous", functools.partial(self._choose_next, -1)),
            ("draw.edit", functools.partial(self._act, "edit")),
            ("draw.lock", functools.partial(self._act, "lock")),
            ("draw.remove", functools.partial(self._act, "remove")),
            ("draw.clear", self._clear),
            ("draw.magnet", lambda: self._switch("magnet")),
            ("draw.lock_all", lambda: self._switch("lock_all")),
            ("draw.hide_all", lambda: self._switch("hide_all")),
        ):
            actions.bind(name, act)
        Steps(window=self._window, book=self.book, parent=self)
        self._show_choice()

    def _show_choice(self) -> None:
        cell = self._window.charts.active
        chosen = cell.chart.marker.drawing is not None
        for name in ("draw.edit", "draw.lock", "draw.remove"):
            self._window.actions_[name].setEnabled(chosen)

    def _act(self, action: str) -> None:
        getattr(self.marker, action)()

    def _choose_next(self, by: int = 1) -> None:
        self.marker.choose_next(by)
        self._window.chart.setFocus()

    def _take_tool(self, name: str) -> None:
        """Give a tool to every chart: the one that is clicked draws. An event at the crosshair needs no click."""
        chart = self._window.chart
        if name != POINTER and self._window.actions_["draw.hide_all"].isChecked():
            self._window.actions_["draw.hide_all"].trigger()  # what is drawn now is to be seen
        if name == "event" and chart.hasFocus() and chart.overlay.x is not None and chart.cut is not None:
            time = int(chart.cut.view.clock.to_ms(chart.overlay.x))
            self._set_tool(POINTER)
            self.add_event(self._window.charts.active, time)
            return
        self._set_tool(name)
        chart.setFocus()

    def _set_tool(self, name: str) -> None:
        for cell in self._window.charts.cells:
            cell.chart.marker.set_tool(name)
        self._window.actions_[f"draw.{name}"].setChecked(True)

    def _switch(self, name: str) -> None:
        on = self._window.actions_[f"draw.{name}"].isChecked()
        for cell in self._window.charts.cells:
            marker = cell.chart.marker
            if name == "magnet":
                marker.magnet = on
            elif name == "lock_all":
                marker.locked = on
            else:
                marker.set_hidden(on)

    def _clear(self) -> None:
        marker = self.marker
        drawings = marker.scene.drawings if marker.scene is not None else ()
        if drawings:
            marker.choose("")
            self._do(
                self._window.charts.active, tr("remove all drawings"), [Change(marker.owner, d, None) for d in drawings]
            )

    # -- charts

    def _on_shown(self, cell: ChartCell) -> None:
        view = cell.state.view
        if view is not None:
            self.book.take(view.tape.marks)
            cell.chart.show_marks(self.book.of(view.tape.marks))
        self._on_turned()

    def _adopt(self, cell: ChartCell) -> None:
        marker, actions = cell.chart.marker, self._window.actions_
        marker.wanted.connect(lambda text, changes: self._do(cell, text, changes))
        marker.tool_changed.connect(lambda name: name == POINTER and self._set_tool(POINTER))
        marker.chosen_changed.connect(self._show_choice)
        marker.edit_wanted.connect(lambda drawing, new: self.edit_drawing(cell, drawing, new=new))
        marker.event_wanted.connect(lambda time: self.add_event(cell, time))
        marker.flags_wanted.connect(lambda flags, point: self.show_flags(cell, flags, point))
        marker.magnet = actions["draw.magnet"].isChecked()
        marker.locked = actions["draw.lock_all"].isChecked()
        marker.hidden = actions["draw.hide_all"].isChecked()
        cell.panes.menu_parts.insert(0, lambda menu, place: self._fill_menu(cell, menu, place))

    def _on_changed(self, owner: str) -> None:
        for cell in self._window.charts.cells:
            view = cell.state.view
            if view is not None and owner in view.tape.marks:
                cell.chart.show_marks(self.book.of(view.tape.marks))
        self._show_choice()

    def _on_turned(self, *_: object) -> None:
        if self._window.state.subject:
            self.book.activate(self._window.state.subject)
        self._show_choice()

    def _on_sample(self, _sample: bool) -> None:  # noqa: FBT001  as the signal has it
        self._told = False
        self._window.banners.remove("marks")

    def _do(self, cell: ChartCell, text: str, changes: Sequence[Change]) -> None:
        self.book.do(cell.state.subject, text, changes)
        if self._window.place.read_only and not self._told:
            self._told = True
            self._window.banners.put(
                "marks",
                tr(
                    "The sample cannot be changed: what you mark on it is gone when you leave it. "
                    "Add a symbol (Ctrl+N) or import files to mark charts of your own."
                ),
                "info",
            )

    # -- dialogs

    def edit_drawing(self, cell: ChartCell, drawing: Drawing, *, new: bool = False) -> None:
        """Ask for the looks and the place of a drawing."""
        from ui.marks.drawing_dialog import REMOVE, DrawingDialog  # noqa: PLC0415  not needed to show a chart

        chart = cell.chart
        dialog = DrawingDialog(
            drawing, chart.zone, chart.decimals(drawing.pane), self._window.theme, self._window, new=new
        )
        result, found = dialog.exec(), dialog.drawing
        dialog.deleteLater()
        marker = chart.marker
        if result == QDialog.DialogCode.Accepted:
            marker.want(tr("draw {what}") if new else tr("change {what}"), None if new else drawing, found)
            marker.choose(found.id)
        elif result == REMOVE:
            marker.remove()
        chart.setFocus()

    def add_event(self, cell: ChartCell, time: int) -> None:
        """Ask for an event at the minute of an instant (ms UTC)."""
        self._ask_event(cell, Flag(cell.state.subject, Event(time // MINUTE_MS * MINUTE_MS, "")))

    def edit_event(self, cell: ChartCell, flag: Flag) -> None:
        """Ask what an event is to be."""
        self._ask_event(cell, flag)

    def remove_event(self, cell: ChartCell, flag: Flag) -> None:
        """Remove an event; it can be taken back."""
        self._do(cell, tr("remove event"), (Change(flag.owner, flag.event, None),))

    def show_flags(self, cell: ChartCell, flags: list[Flag], point: QPoint) -> None:
        """Tell of the events whose flag was clicked."""
        from ui.marks.card import EventCard  # noqa: PLC0415  as above

        card = EventCard(flags, cell.chart.zone, self._window)
        card.edit_wanted.connect(lambda flag: self.edit_event(cell, flag))
        card.remove_wanted.connect(lambda flag: self.remove_event(cell, flag))
        card.show_at(point)

    def _ask_event(self, cell: ChartCell, flag: Flag) -> None:
        from ui.marks.event_dialog import REMOVE, EventDialog  # noqa: PLC0415  as above

        view, old = cell.state.view, flag if flag.event.title else None
        if view is None:
            return
        owners = [subject_key(view.tape.subject), *(k for k in view.tape.marks if k != subject_key(view.tape.subject))]
        dialog = EventDialog(flag, owners, cell.chart.zone, lambda f: self._taken(f, old), self._window)
        result, found = dialog.exec(), dialog.flag
        dialog.deleteLater()
        if result == REMOVE and old is not None:
            self.remove_event(cell, old)
        elif result == QDialog.DialogCode.Accepted and old is None:
            self._do(cell, tr("add event"), (Change(found.owner, None, found.event),))
        elif result == QDialog.DialogCode.Accepted and old is not None and old.owner == found.owner:
            self._do(cell, tr("change event"), (Change(old.owner, old.event, found.event),))
        elif result == QDialog.DialogCode.Accepted and old is not None:
            changes = (Change(old.owner, old.event, None), Change(found.owner, None, found.event))
            self._do(cell, tr("change event"), changes)
        cell.chart.setFocus()

    def _taken(self, flag: Flag, old: Flag | None) -> bool:
        if old is not None and (old.owner, key_of(old.event)) == (flag.owner, key_of(flag.event)):
            return False
        there = self.book.of([flag.owner])[flag.owner].events
        return any(key_of(e) == key_of(flag.event) for e in there)

    # -- the context menu

    def _fill_menu(self, cell: ChartCell, menu: QMenu, place: MenuPlace) -> None:
        """Add what can be done with the marks at a place; the menu's own entries follow.

        A menu of something else, such as an entry of the legend, is not about marks.
        """
        if place.target:
            return
        chart, actions = cell.chart, self._window.actions_
        drawing, flags = chart.marks_at(place)
        if drawing is not None:
            chart.marker.choose(drawing.id)
            for name in ("draw.edit", "draw.lock", "draw.remove"):
                menu.addAction(actions[name])
            menu.addSeparator()
        for flag in flags:
            sub = menu.addMenu(
                menu.fontMetrics().elidedText(flag.event.title, Qt.TextElideMode.ElideRight, 240).replace("&", "&&")
            )
            sub.addAction(tr("Edit…"), lambda f=flag: self.edit_event(cell, f))
            sub.addAction(tr("Remove"), lambda f=flag: self.remove_event(cell, f))
        time = int(cell.state.view.clock.to_ms(place.x)) if cell.state.view is not None else 0
        menu.addAction(tr("Add event here…"), lambda: self.add_event(cell, time))
        if chart.marker.scene is not None and chart.marker.scene.drawings:
            menu.addAction(actions["draw.clear"])
        menu.addSeparator()
