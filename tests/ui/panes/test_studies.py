"""Adding, changing and removing studies and comparisons in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.layout import DEFAULT_LAYOUT, StudySpec
from ui.chart.navigator import MenuPlace
from ui.panes.study_dialogs import StudyDialog, StudyPicker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow
    from ui.panes.studies import StudyEditor


@pytest.fixture
def window(store_path: object, make_window: Callable[..., MainWindow]) -> MainWindow:
    del store_path
    return make_window()


@pytest.fixture
def studies(window: MainWindow) -> StudyEditor:
    return window.charts.active.studies


def place_of(window: MainWindow, target: str = "") -> MenuPlace:
    return MenuPlace(window.chart.panes[0], QPoint(), 0.0, 0.0, target)


def texts(window: MainWindow, target: str = "") -> list[str]:
    menu = window.charts.active.panes.menu(place_of(window, target))
    found = [a.text() for a in menu.actions() if a.text()]
    menu.deleteLater()
    return found


def test_that_a_study_is_added_and_its_line_in_the_legend_offers_to_remove_it(
    window: MainWindow, studies: StudyEditor
) -> None:
    studies.add(StudySpec("sma", {"period": 5}))
    assert window.chart.panes[0].spec.studies == (StudySpec("sma", {"period": 5}),)
    assert texts(window, "study:0") == ["SMA 5: settings…", "Remove SMA 5"]
    studies.remove("price", 0)
    assert window.chart.panes[0].spec.studies == ()
    assert "Add study…" in texts(window)


def test_that_comparing_needs_the_tape_anew_and_can_be_ended(window: MainWindow, studies: StudyEditor) -> None:
    studies.compare("META")
    studies.compare("META")
    assert window.charts.active.state.options.needs.compared == ("META",)
    assert texts(window, "compared:META")[0] == "Compare no longer with META"
    studies.stop_comparing("META")
    assert window.charts.active.state.options.needs.compared == ()


def test_that_an_axis_is_chosen_and_the_same_command_takes_it_back(window: MainWindow, studies: StudyEditor) -> None:
    window.actions_["axis.log"].trigger()
    assert window.chart.panes[0].spec.options["axis"] == "log"
    window.actions_["axis.percent"].trigger()
    assert window.chart.panes[0].spec.options["axis"] == "percent"
    window.actions_["axis.percent"].trigger()
    assert window.chart.panes[0].spec.options["axis"] == "linear"
    studies.set_option("style", "area")
    assert window.chart.panes[0].spec.options["style"] == "area"


def test_that_the_picker_finds_by_parts_of_a_name(qtbot: QtBot) -> None:
    picker = StudyPicker()
    qtbot.addWidget(picker)
    picker.search.setText("aver sim")
    assert picker.chosen == StudySpec("sma", {}, "")
    picker.search.setText("RSI")
    picker.source.setCurrentIndex(picker.source.findData("sentiment"))
    assert picker.chosen == StudySpec("rsi", {}, "sentiment")
    picker.search.setText("no such study")
    assert picker.chosen is None
    picker.search.setText("average")
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    assert picker.chosen is not None
    picker.search.setText("atr")
    assert picker.chosen == StudySpec("atr", {}, "")  # it takes whole bars, whatever was chosen before


def test_that_parameters_hold_at_once_and_cancel_brings_them_back(qtbot: QtBot) -> None:
    before = StudySpec("bollinger", {"period": 20})
    dialog = StudyDialog(before, "close")
    qtbot.addWidget(dialog)
    said: list[StudySpec] = []
    dialog.chosen.connect(said.append)
    dialog.form.changed.emit("period", 5)
    dialog.form.changed.emit("source", "high")
    assert said[-1] == StudySpec("bollinger", {"period": 5}, "high")
    dialog.reject()
    assert said[-1] == before


def test_that_a_layout_with_studies_survives_being_written_and_read(window: MainWindow, studies: StudyEditor) -> None:
    studies.add(StudySpec("bollinger", {"period": 5, "width": 2.0}))
    studies.add(StudySpec("macd"))
    layout = window.charts.active.panes.layout
    again = type(layout).from_json(layout.to_json())
    assert again is not None
    assert [(p.kind, p.studies, p.options) for p in again.panes] == [
        (p.kind, p.studies, p.options) for p in layout.panes
    ]
    assert layout != DEFAULT_LAYOUT
