from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from ui.imports.dialog import ImportDialog
from ui.imports.summary import ImportSummary, RejectionsModel
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()
    del qtbot


def _open(path: Path, tasks: Tasks, qtbot: QtBot, kind: str = "") -> ImportDialog:
    dialog = ImportDialog(
        [str(path)], tasks, kind=kind, subjects=["Theme", "AAPL"], concepts=["Theme"], current="Theme"
    )
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: tasks.idle)
    return dialog


def test_that_a_price_file_asks_for_no_more_than_its_name_tells(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    path = tmp_path / "300792.csv"
    path.write_text("date,open,close,high,low,volume\n2025-01-13,1,2,3,1,5\n", encoding="utf-8")
    dialog = _open(path, tasks, qtbot)
    dialog.accept()
    request = dialog.request
    assert request is not None
    assert (request.kind, request.symbol, request.mapping) == ("prices", "300792.SZ", ())


def test_that_columns_that_are_not_known_can_be_mapped(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("wann,was\n2025-01-13 10:00,hallo\n", encoding="utf-8")
    dialog = _open(path, tasks, qtbot)
    assert "time" in dialog.hint.text()
    for column, field in enumerate(("time", "text")):
        box = dialog.preview.cellWidget(0, column)
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(box.findData(field))
    dialog.zone.setEditText("Asia/Shanghai")
    assert dialog.make_request().mapping == (("time", "wann"), ("text", "was"))
    assert dialog.make_request().zone == "Asia/Shanghai"


def test_that_a_recognised_form_needs_no_mapping(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,created_at,text\n1,2025-01-13T10:00:00Z,hello\n", encoding="utf-8")
    assert _open(path, tasks, qtbot).make_request().mapping == ()


def test_that_a_metric_needs_a_subject_and_a_name(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    path = tmp_path / "rank.csv"
    path.write_text("date,rank\n2025-01-13,1\n", encoding="utf-8")
    dialog = _open(path, tasks, qtbot)
    assert dialog.make_request().kind == "metrics"
    assert dialog.subject.currentText() == "Theme"
    dialog.metric_name.setText("")
    assert not dialog._ok.isEnabled()
    dialog.metric_name.setText("US rank")
    assert dialog._ok.isEnabled()


def test_that_events_are_offered_for_the_chart_at_hand_and_metrics_for_whom_is_spoken_of(
    tmp_path: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("date,title\n2025-01-24,Earnings\n", encoding="utf-8")
    dialog = ImportDialog([str(path)], tasks, subjects=["Theme", "AAPL"], current="AAPL", speaker="Theme")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: tasks.idle)
    for kind, subject in (("metrics", "Theme"), ("events", "AAPL"), ("posts", "")):
        dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
        assert dialog.subject.currentText() == subject
    dialog.subject.setEditText("My own")
    dialog.kind.setCurrentIndex(dialog.kind.findData("events"))
    assert dialog.subject.currentText() == "My own"


def test_that_a_file_that_cannot_be_read_is_not_imported(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    dialog = _open(path, tasks, qtbot)
    assert not dialog._ok.isEnabled()
    assert dialog.hint.text()


REPORT = {
    "read": 1234, "added": 1200, "duplicates": 30, "rejected": 4, "linked": {"Theme": 900}, "notes": ["A note."],
    "rejections": [
        {"file": "a.csv", "row": 7, "reason": "no <b>time</b>"},
        {"file": "b.csv", "row": 0, "reason": "cut"},
    ],
}  # fmt: skip


def test_that_the_summary_says_what_was_set_aside_and_copies_it(qtbot: QtBot) -> None:
    dialog = ImportSummary(REPORT, "a.csv")
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "1,234" in texts
    assert "A note." in texts
    assert any("2 of 4" in t for t in texts)
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "a.csv\t7\tno <b>time</b>\nb.csv\twhole file\tcut"


def test_that_posts_of_nobody_known_lead_on_to_a_concept(qtbot: QtBot) -> None:
    lost = ImportSummary({"read": 3, "added": 3, "linked": {}}, "a.csv", posts=True)
    qtbot.addWidget(lost)
    button = next(b for b in lost.findChildren(QPushButton) if "concept" in b.text())
    with qtbot.waitSignals([lost.concept_wanted, lost.accepted]):
        button.click()
    for report, posts in (({"added": 3, "linked": {"AAPL": 3}}, True), ({"added": 3}, False), ({"added": 0}, True)):
        dialog = ImportSummary(report, "a.csv", posts=posts)
        qtbot.addWidget(dialog)
        assert not any("concept" in b.text() for b in dialog.findChildren(QPushButton))


def test_that_the_rejections_model_is_sound(qtbot: QtBot) -> None:
    model = RejectionsModel(REPORT["rejections"])  # pyright: ignore[reportArgumentType]
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert (model.rowCount(), model.columnCount()) == (2, 3)
    del qtbot
