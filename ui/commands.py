"""What each command of the table does in the window."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from core.model import ClockMode, Interval
from core.timeline import RANGES
from ui.actions import INTERVALS
from ui.i18n import tr
from ui.panes.studies import StudyEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import MainWindow
    from ui.panes.editor import PaneEditor
    from ui.windows import Windows


class Commands(QObject):
    """Binds the actions; holds no state."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions, state = window.actions_, window.state
        bind = actions.bind
        bind("file.quit", window.close)
        bind("view.subject", window.toolbar.subject.take_focus)
        bind("view.search", self._focus_search)
        bind("view.clear", self._let_go)
        bind("view.fit", functools.partial(self._choose_range, "Max"))
        bind("view.newest", lambda: window.chart.travel.go_to_end(newest=True))
        bind("view.trading", self._toggle_clock)
        bind("view.fullscreen", lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen))
        for name in RANGES:
            bind(f"range.{name}", functools.partial(self._choose_range, name))
        for name in INTERVALS:
            bind(f"interval.{name}", functools.partial(state.set_interval, Interval(name)))
        for name in ("system", "dark", "light"):
            bind(f"theme.{name}", functools.partial(state.set_theme, name))
        for name, dock in window.docks.items():
            action = actions[f"view.{name}"]
            action.triggered.connect(dock.setVisible)
            dock.visibilityChanged.connect(lambda _seen, a=action, d=dock: a.setChecked(not d.isHidden()))
        for action in ("up", "down"):
            bind(f"watch.{action}", functools.partial(self._move_pin, action))
        bind("watch.pin", functools.partial(self._move_pin, "toggle"))
        for action in ("settings", "up", "down", "maximise", "remove"):
            bind(f"pane.{action}", functools.partial(self._act_on_pane, action))
        bind("pane.add", lambda: self._panes.popup_addable())  # noqa: PLW0108  the active chart changes
        for name, act in {
            "study.add": StudyEditor.pick,
            "study.compare": StudyEditor.ask_and_compare,
            "axis.log": lambda studies: studies.toggle_axis("log"),
            "axis.percent": lambda studies: studies.toggle_axis("percent"),
        }.items():
            bind(name, lambda act=act: act(window.charts.active.studies))
        bind("pane.delete_metric", window.metric_removal.remove_current)
        bind("layout.save", window.layouts.ask_and_save)
        bind("layout.manage", window.layouts.manage)
        bind("layout.default", lambda: self._panes.reset())  # noqa: PLW0108  as above
        dialogs: dict[str, Callable[[Windows], None]] = {
            "watch.remove": lambda w: w.remove_subject(self._chosen()),
            "watch.add": lambda w: w.add_symbol(),
            "watch.concept": lambda w: w.edit_concept(""),
            "watch.edit": lambda w: w.edit_concept(self._chosen()),
            "file.import": lambda w: w.import_files(),
            "file.import_posts": lambda w: w.import_files("posts"),
            "file.import_prices": lambda w: w.import_files("prices"),
            "file.import_metrics": lambda w: w.import_files("metrics"),
            "file.import_events": lambda w: w.import_files("events"),
            "file.fetch": lambda w: w.fetch_prices(),
            "file.open_snapshot": lambda w: w.snapshots.open(),
            "file.save_snapshot": lambda w: w.snapshots.save(),
            "file.copy_snapshot": lambda w: w.snapshots.copy(),
            "file.save_charts": lambda w: w.snapshots.save_all(),
            "file.copy_charts": lambda w: w.snapshots.copy_all(),
            "file.settings": lambda w: w.show_settings(),
            "help.palette": lambda w: w.show_palette(),
            "help.keys": lambda w: w.show_keys(),
            "help.sample": lambda w: w.show_sample(),
            "help.log": lambda w: w.show_log(),
            "help.about": lambda w: w.show_about(),
        }
        for name, show in dialogs.items():
            bind(name, functools.partial(self._with_windows, show))
        window.watchlist.set_menu_actions([actions[n] for n in ("watch.add", "watch.concept")])

    def _with_windows(self, show: Callable[[Windows], None]) -> None:
        show(self._window.windows)

    @property
    def _panes(self) -> PaneEditor:
        return self._window.charts.active.panes

    def _act_on_pane(self, action: str) -> None:
        window = self._window
        pane = next((p for p in window.chart.panes if p.key == window.chart.current), None)
        if action == "settings" and pane is not None and not pane.options:
            window.status.showMessage(tr("The pane {name} has no settings").format(name=pane.name()), 8000)
        self._panes.act(action)

    def _choose_range(self, name: str) -> None:
        self._window.framing.choose(name)

    def _toggle_clock(self) -> None:
        self._window.state.set_mode(
            ClockMode.WALL if self._window.state.mode is ClockMode.TRADING else ClockMode.TRADING
        )

    def _let_go(self) -> None:
        if self._window.chart.marker.escape():
            return
        self._window.chart.escape()
        self._window.state.set_selection(None)

    def _focus_search(self) -> None:
        self._window.docks["posts"].show()
        self._window.posts.focus_search()

    def _chosen(self) -> str:
        return self._window.watchlist.current or self._window.state.subject

    def _move_pin(self, action: str) -> None:
        key = self._chosen()
        if key:
            self._window.keeper.pin(key, action)
