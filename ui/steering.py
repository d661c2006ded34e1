"""The bar above the charts and the panels beside them: they show what the active chart shows, and steer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.model import ClockMode

if TYPE_CHECKING:
    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow


class Steering(QObject):
    """Hands what the user chooses to the state, and what the state says to toolbar, panels and menus."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._hand_choices_on()
        self._follow_state()
        self._show_options()

    def _hand_choices_on(self) -> None:
        window, state, toolbar = self._window, self._window.state, self._window.toolbar
        toolbar.subject.chosen.connect(self._on_subject_typed)
        toolbar.range_chosen.connect(lambda name: window.framing.choose(name))  # noqa: PLW0108  the active chart changes
        toolbar.interval_chosen.connect(state.set_interval)
        toolbar.mode_chosen.connect(state.set_mode)
        toolbar.scorer_chosen.connect(state.set_scorer)
        window.posts.crowd_chosen.connect(state.set_crowd)
        watchlist, keeper = window.watchlist, window.keeper
        watchlist.subject_wanted.connect(state.set_subject)
        watchlist.beside_wanted.connect(window.charts.add)
        watchlist.pin_wanted.connect(keeper.pin)
        watchlist.edit_wanted.connect(lambda key: window.windows.edit_concept(key))  # noqa: PLW0108  loads them when asked
        watchlist.remove_wanted.connect(lambda key: window.windows.remove_subject(key))  # noqa: PLW0108  as above

    def _follow_state(self) -> None:
        window, state, toolbar = self._window, self._window.state, self._window.toolbar
        keeper = window.keeper
        keeper.entries_changed.connect(lambda: toolbar.subject.set_known(window.watchlist_model.known))
        keeper.entries_changed.connect(lambda: window.watchlist.select(state.subject))
        keeper.failed.connect(window.show_error)
        window.feed.failed.connect(window.show_error)
        state.subject_changed.connect(self._on_subject)
        state.range_named.connect(lambda name: toolbar.ranges.set_value(name or None))
        for signal in (state.interval_changed, state.mode_changed, state.scorer_changed, state.chart_changed):
            signal.connect(self._show_options)
        window.charts.shown.connect(self._on_shown)
        window.charts.rearranged.connect(lambda: toolbar.set_several(several=len(window.charts.cells) > 1))

    def _on_subject_typed(self, text: str) -> None:
        window = self._window
        known = dict(window.watchlist_model.known)
        key = next((k for k in known if k.casefold() == text.strip().casefold()), None)
        if key is not None:
            window.state.set_subject(key)
            window.charts.active.take_focus()
        else:
            window.windows.add_symbol(text.strip())

    def _on_subject(self, key: str) -> None:
        window = self._window
        window.toolbar.subject.set_subject(key)
        window.watchlist.select(key)
        window.setWindowTitle(f"{key} – Crowdtape" if key else "Crowdtape")

    def _on_shown(self, cell: ChartCell) -> None:
        if cell is self._window.charts.active:
            self._show_options()

    def _show_options(self, *_: object) -> None:
        window, state, loaded = self._window, self._window.state, self._window.loader.current
        window.toolbar.set_intervals(state.interval, loaded.stored if loaded is not None else frozenset())
        crowd = loaded.view.tape.provenance.crowd if loaded is not None else ""
        window.posts.set_crowds(crowd, loaded.crowds if loaded is not None else ())
        window.toolbar.clock.set_value(state.mode)
        window.toolbar.scorer.setCurrentText(state.scorer)
        window.actions_["view.trading"].setChecked(state.mode is ClockMode.TRADING)
        window.actions_[f"interval.{state.interval}"].setChecked(True)
