"""Deleting a metric that was imported, and the way back."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.layout import METRIC
from core.model import subject_key
from ui.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from core.store.metrics import Dropped
    from ui.chart.navigator import MenuPlace
    from ui.charts.cell import ChartCell
    from ui.jobs import Place
    from ui.main_window import MainWindow

_BANNER = "metric"


class MetricRemoval(QObject):
    """Deletes the metric of a pane from the store. No question is asked: it can be undone."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.charts.added.connect(self._adopt)
        for cell in window.charts.cells:
            self._adopt(cell)

    def _adopt(self, cell: ChartCell) -> None:
        cell.panes.menu_parts.append(lambda menu, place: self._fill(cell, menu, place))

    def _fill(self, cell: ChartCell, menu: QMenu, place: MenuPlace) -> None:
        """Offer it in the context menu of a metric's pane."""
        name = metric_of(cell, place.pane.key)
        if name and not place.target:
            menu.addAction(
                tr("Delete {name} and its values").format(name=name.replace("&", "&&")),
                lambda: self._remove(cell, name),
            )

    def remove_current(self) -> None:
        """Delete the metric of the current pane."""
        cell = self._window.charts.active
        name = metric_of(cell, cell.chart.current)
        if name:
            self._remove(cell, name)
        else:
            self._window.status.showMessage(tr("Go to the pane of a metric first."), 8000)

    def _remove(self, cell: ChartCell, name: str) -> None:
        window, view = self._window, cell.state.view
        if view is None:
            return
        if window.state.sample:
            text = tr("The sample cannot be changed; add a symbol or a concept of your own to begin.")
            window.status.showMessage(text, 8000)
            return
        # A stock that nobody names shows what its concept has.
        owner = view.tape.provenance.crowd or subject_key(view.tape.subject)
        place = window.parts.home
        job = functools.partial(_drop, place=place, owner=owner, name=name)
        window.tasks.submit(_BANNER, job, lambda dropped: self._on_dropped(owner, dropped))

    def _on_dropped(self, owner: str, dropped: Dropped | None) -> None:
        if dropped is None:
            return
        window = self._window
        window.state.touch_data()
        told = tr("{name} of {subject} was deleted, with {n} values.").format(
            name=dropped.metric.name, subject=owner, n=f"{len(dropped.times):,}"
        )
        window.banners.put(_BANNER, told, "info", ((tr("Undo"), lambda: self._put_back(owner, dropped)),))

    def _put_back(self, owner: str, dropped: Dropped) -> None:
        window = self._window
        window.banners.remove(_BANNER)
        job = functools.partial(_put, place=window.parts.home, owner=owner, dropped=dropped)
        window.tasks.submit(_BANNER, job, lambda _: window.state.touch_data())


def metric_of(cell: ChartCell, key: str) -> str:
    """Return the metric that a pane of a chart shows, "" where it shows something else."""
    pane = next((p for p in cell.chart.panes if p.key == key), None)
    return pane.name() if pane is not None and pane.kind == METRIC else ""


def _drop(_context: object, place: Place, owner: str, name: str) -> Dropped | None:
    with place.open() as store:
        return store.drop_metric(owner, name)


def _put(_context: object, place: Place, owner: str, dropped: Dropped) -> None:
    with place.open() as store:
        store.put_metric(owner, *dropped)
