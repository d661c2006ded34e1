from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QListWidget, QSpinBox

from core.layout import Option
from ui.panes.form import OptionForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

OPTIONS = (
    Option("style", "Style", "candles", (("candles", "Candles"), ("line", "Line"))),
    Option("least", "Least count", 3, low=1, high=100),
    Option("half", "Half-life", 1.5, low=0.0, high=90.0, unit="h"),
    Option("band", "Band", default=True),
    Option("compare", "Compare", ""),
    Option("sources", "Sources", (), (("weibo", "Weibo"), ("x", "X"))),
)


@pytest.fixture
def form(qtbot: QtBot) -> OptionForm:
    made = OptionForm(OPTIONS, {"style": "line", "sources": ("x", "gone"), "least": 0}, lambda o: o.choices)
    qtbot.addWidget(made)
    return made


def test_that_each_option_gets_a_field_of_its_type_with_its_value(form: OptionForm) -> None:
    style, least, half, band, compare, sources = form.fields.values()
    assert isinstance(style, QComboBox)
    assert style.currentText() == "Line"
    assert isinstance(least, QSpinBox)
    assert (least.value(), least.minimum(), least.maximum()) == (3, 1, 100)
    assert isinstance(half, QDoubleSpinBox)
    assert half.text() == "1.50 h"
    assert isinstance(band, QCheckBox)
    assert band.isChecked()
    assert isinstance(compare, QLineEdit)
    assert isinstance(sources, QListWidget)
    checked = [sources.item(i).text() for i in range(3) if sources.item(i).checkState() is Qt.CheckState.Checked]
    assert checked == ["X", "gone"]
    assert all(field.accessibleName() for field in form.fields.values())


def test_that_each_choice_is_said_at_once(form: OptionForm) -> None:
    said: list[tuple[str, object]] = []
    form.changed.connect(lambda name, value: said.append((name, value)))
    style, least, half, band, compare, sources = form.fields.values()
    assert isinstance(style, QComboBox)
    style.setCurrentIndex(0)
    style.activated.emit(0)
    assert isinstance(least, QSpinBox)
    least.setValue(7)
    assert isinstance(half, QDoubleSpinBox)
    half.setValue(2.25)
    assert isinstance(band, QCheckBox)
    band.setChecked(False)
    assert isinstance(compare, QLineEdit)
    compare.setText(" PINS ")
    compare.editingFinished.emit()
    assert isinstance(sources, QListWidget)
    sources.item(0).setCheckState(Qt.CheckState.Checked)
    assert said == [
        ("style", "candles"),
        ("least", 7),
        ("half", 2.25),
        ("band", False),
        ("compare", "PINS"),
        ("sources", ("weibo", "x", "gone")),
    ]


def test_that_a_list_of_nothing_is_left_out(qtbot: QtBot) -> None:
    form = OptionForm((Option("sources", "Sources", ()),), {}, lambda _: ())
    qtbot.addWidget(form)
    assert not form.fields
