"""The field in which a subject is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.choosers import SubjectBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def box(qtbot: QtBot) -> SubjectBox:
    box = SubjectBox()
    qtbot.addWidget(box)
    box.set_known([("300792.SZ", "")])  # nothing that fits: a list that opens wants a real keyboard
    box.set_subject("300792.SZ")
    return box


def test_that_typing_goes_on_when_the_list_of_what_fits_closes(box: SubjectBox) -> None:
    box.take_focus()
    QTest.keyClicks(box, "AA")
    QApplication.sendEvent(box, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.PopupFocusReason))
    QTest.keyClicks(box, "PL")
    assert box.text() == "AAPL"


def test_that_asking_for_the_field_once_more_replaces_what_was_typed(box: SubjectBox) -> None:
    box.take_focus()
    QTest.keyClicks(box, "AAP")
    box.take_focus()
    QTest.keyClicks(box, "META")
    assert box.text() == "META"


def test_that_escape_lets_go_of_what_was_typed(box: SubjectBox) -> None:
    box.take_focus()
    QTest.keyClicks(box, "AAP")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "300792.SZ"
