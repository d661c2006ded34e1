"""Undo and redo of the chart at hand: of its marks, which belong to its subject, and of its panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.i18n import tr

if TYPE_CHECKING:
    from core.undo import LayoutStep, MarkStep
    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow
    from ui.marks.book import Book
    from ui.panes.editor import PaneEditor


class Steps(QObject):
    """Binds the two commands. Each goes along the two histories in the order in which things were done."""

    def __init__(self, window: MainWindow, book: Book, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._book = window, book
        window.actions_.bind("edit.undo", self._undo)
        window.actions_.bind("edit.redo", self._redo)
        book.steps_changed.connect(self._show)
        for cell in window.charts.cells:
            self._adopt(cell)
        window.charts.added.connect(self._adopt)
        window.state.chart_changed.connect(self._show)
        self._show()

    def _adopt(self, cell: ChartCell) -> None:
        cell.panes.steps_changed.connect(self._show)

    @property
    def _last(self) -> MarkStep | LayoutStep | None:
        """What would be taken back: the newer of the two."""
        return max(_there(self._book.history.last, self._panes.history.last), key=lambda s: s.made, default=None)

    @property
    def _next(self) -> MarkStep | LayoutStep | None:
        """What would be done again: the older of the two, taken back last, unless something was done since."""
        step = min(_there(self._book.history.next, self._panes.history.next), key=lambda s: s.made, default=None)
        last = self._last
        return step if step is not None and (last is None or step.made > last.made) else None

    @property
    def _panes(self) -> PaneEditor:
        return self._window.charts.active.panes

    def _undo(self) -> None:
        if self._last is self._panes.history.last:
            self._panes.undo()
        else:
            self._book.undo()

    def _redo(self) -> None:
        if self._next is self._panes.history.next:
            self._panes.redo()
        else:
            self._book.redo()

    def _show(self, *_: object) -> None:
        for name, step, plain, full in (
            ("edit.undo", self._last, tr("&Undo"), tr("&Undo: {what}")),
            ("edit.redo", self._next, tr("&Redo"), tr("&Redo: {what}")),
        ):
            action = self._window.actions_[name]
            action.setText(full.format(what=step.text) if step is not None else plain)
            action.setEnabled(step is not None)


def _there(*steps: MarkStep | LayoutStep | None) -> list[MarkStep | LayoutStep]:
    return [step for step in steps if step is not None]
