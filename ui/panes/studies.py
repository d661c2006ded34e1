"""Studies, comparisons and the looks of the price, as the user adds, changes and removes them in one chart."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialog, QInputDialog, QLineEdit, QMenu

from core.analysis.studies import study_title
from core.analysis.study_panes import with_changed_study, with_study, without_study
from core.errors import CrowdtapeError
from ui.chart.panes.price import PricePane
from ui.chart.panes.price_legend import COMPARED
from ui.chart.studies import TARGET
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.layout import PaneSpec, StudySpec, Value
    from ui.chart.navigator import MenuPlace
    from ui.chart.panes import Pane
    from ui.panes.editor import PaneEditor


class StudyEditor(QObject):
    """Works on the panes of one chart. `known` returns the symbols that can be compared with, and their names."""

    failed = Signal(object)  # CrowdtapeError

    def __init__(
        self, chart: Any, panes: PaneEditor, known: Callable[[], Sequence[tuple[str, str]]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._chart, self._panes, self._known = chart, panes, known
        panes.menu_parts.append(self.fill)

    # -- studies

    def pick(self) -> None:
        """Let the user find a study and add it to the current pane."""
        from ui.panes.study_dialogs import StudyPicker  # noqa: PLC0415  not needed to show a chart

        dialog = StudyPicker(self._chart.window())
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.chosen is not None:
            self.add(dialog.chosen)
        dialog.deleteLater()

    def add(self, spec: StudySpec) -> None:
        """Add a study to the current pane, or below it where it does not share its axis."""
        current = self._pane(self._chart.current)
        own = current.own_source if current is not None else None
        self._panes.change(with_study(self._panes.settled(), spec, self._chart.current, own), tr("add study"))

    def _pane(self, key: str) -> Pane | None:
        return next((p for p in self._chart.panes if p.key == key), None)

    def configure(self, key: str, place: int) -> None:
        """Open the parameters of the study at a place of a pane."""
        from ui.panes.study_dialogs import StudyDialog  # noqa: PLC0415  as above

        pane = self._pane(key)
        if pane is None or not pane.own_source or not 0 <= place < len(pane.spec.studies):
            return
        dialog = StudyDialog(pane.spec.studies[place], pane.own_source, self._chart.window())
        dialog.chosen.connect(functools.partial(self._replace, key, place))
        dialog.exec()
        dialog.deleteLater()

    def _replace(self, key: str, place: int, spec: StudySpec) -> None:
        pane = self._panes.settled().find(key)
        if pane is not None:
            self._panes.replace(with_changed_study(pane, place, spec), tr("change study"))

    def remove(self, key: str, place: int) -> None:
        """Remove the study at a place of a pane."""
        pane = self._panes.settled().find(key)
        if pane is not None:
            self._panes.replace(without_study(pane, place), tr("remove study"))

    # -- comparison

    @property
    def _price(self) -> PaneSpec | None:
        """The price pane that commands speak of: the current one, or else the first."""
        panes = [p for p in self._panes.settled().panes if p.kind == PricePane.kind]
        return next((p for p in panes if p.key == self._chart.current), panes[0] if panes else None)

    def ask_and_compare(self) -> None:
        """Ask for a symbol and show it beside the price."""
        known = {f"{symbol} · {name}" if name else symbol: symbol for symbol, name in self._known()}
        dialog = QInputDialog(self._chart.window())
        dialog.setWindowTitle(tr("Compare with"))
        dialog.setLabelText(tr("Symbol to compare with (its prices must be here already)"))
        dialog.setOkButtonText(tr("Compare"))
        dialog.setCancelButtonText(tr("Cancel"))
        dialog.setMinimumWidth(360)
        line = dialog.findChild(QLineEdit)
        if line is not None:
            completer = QCompleter(list(known), dialog)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.textValue().strip():
            text = dialog.textValue().strip()
            symbol = known.get(text, text.upper())
            if symbol in known.values():
                self.compare(symbol)
            else:
                sentence = tr("{symbol} has no prices here yet; fetch or import them first.")
                self.failed.emit(CrowdtapeError(sentence.format(symbol=symbol)))
        dialog.deleteLater()

    def compare(self, symbol: str) -> None:
        """Show a symbol beside the price, as percent."""
        pane = self._price
        if pane is not None:
            self._set_compared(pane, (*_compared(pane), symbol))

    def stop_comparing(self, symbol: str) -> None:
        """Show a symbol no longer beside the price."""
        pane = self._price
        if pane is not None:
            self._set_compared(pane, tuple(s for s in _compared(pane) if s != symbol))

    def _set_compared(self, pane: PaneSpec, symbols: tuple[str, ...]) -> None:
        self._panes.replace(pane.with_options(compared=tuple(dict.fromkeys(symbols))), tr("compare"))

    # -- the looks of the price

    def set_option(self, name: str, value: Value) -> None:
        """Choose an option of the price pane."""
        pane = self._price
        if pane is not None:
            self._panes.replace(pane.with_options(**{name: value}))

    def toggle_axis(self, axis: str) -> None:
        """Count prices by another axis, or linearly again."""
        pane = self._price
        if pane is not None:
            self.set_option("axis", "linear" if pane.options.get("axis") == axis else axis)

    # -- menus

    def fill(self, menu: QMenu, place: MenuPlace) -> None:
        """Offer what can be done at a place of a pane: with what was clicked in its legend, or with the pane."""
        key = place.pane.key
        kind, _, name = place.target.partition(":")
        if f"{kind}:" == TARGET:
            self._fill_study(menu, place, int(name))
            return
        if f"{kind}:" == COMPARED:
            menu.addAction(tr("Compare no longer with {symbol}").format(symbol=name), lambda: self.stop_comparing(name))
            menu.addAction(tr("Compare with…"), self.ask_and_compare)
            return
        menu.addAction(tr("Add study…"), self.pick)
        if place.pane.kind != PricePane.kind:
            return
        menu.addAction(tr("Compare with…"), self.ask_and_compare)
        for option in (o for o in PricePane.options if o.name in {"style", "axis"}):
            choices = menu.addMenu(tr(option.label))
            chosen = place.pane.option(option.name)
            for value, text in option.choices:
                action = choices.addAction(tr(text), functools.partial(self.set_option, option.name, value))
                action.setCheckable(True)
                action.setChecked(value == chosen)
        if place.pane.manual is not None:
            menu.addAction(tr("Fit the axis"), lambda: self._fit(key))

    def _fill_study(self, menu: QMenu, place: MenuPlace, number: int) -> None:
        key, spec = place.pane.key, place.pane.spec
        if not 0 <= number < len(spec.studies):  # the study of a pane of its own
            return
        title = study_title(spec.studies[number], place.pane.own_source)
        menu.addAction(tr("{study}: settings…").format(study=title), lambda: self.configure(key, number))
        menu.addAction(tr("Remove {study}").format(study=title), lambda: self.remove(key, number))

    def _fit(self, key: str) -> None:
        pane = self._pane(key)
        if pane is not None:
            pane.fit()
            self._chart.invalidate()


def _compared(pane: PaneSpec) -> tuple[str, ...]:
    found = pane.options.get("compared", ())
    return found if isinstance(found, tuple) else ()
