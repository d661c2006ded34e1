from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from core.model import Member
from core.watchlists import Quote
from ui.watchlist.jobs import Entry
from ui.watchlist.model import MIME, WatchlistModel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ENTRIES = (
    Entry("Theme", concept=True, pinned=True, members=(Member("AAA"), Member("BBB"))),
    Entry("CCC", "Company C", pinned=True),
    Entry("DDD", pinned=True),
    Entry("EEE"),
    Entry("AAA", "Company A"),
    Entry("BBB"),
)


@pytest.fixture
def model(qtbot: QtBot) -> WatchlistModel:
    made = WatchlistModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_entries(ENTRIES)
    del qtbot
    return made


def _keys(model: WatchlistModel) -> list[str]:
    return [model.row(n).key for n in range(model.rowCount())]


def _drop(model: WatchlistModel, key: str, before: int) -> None:
    data = model.mimeData([model.find(key)])
    assert data.hasFormat(MIME)
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, before, 0, QModelIndex())


def test_that_members_stand_under_their_concept_once_it_is_open(model: WatchlistModel) -> None:
    assert _keys(model) == ["Theme", "CCC", "DDD", "EEE"]
    model.toggle("Theme")
    assert _keys(model) == ["Theme", "AAA", "BBB", "CCC", "DDD", "EEE"]
    assert [model.row(n).depth for n in range(3)] == [0, 1, 1]
    assert model.row(1).name == "Company A"
    assert model.opened == ["Theme"]


@pytest.mark.parametrize(
    ("key", "before", "order"),
    [
        ("DDD", 0, ["DDD", "Theme", "CCC"]),
        ("Theme", 3, ["CCC", "DDD", "Theme"]),
        ("CCC", -1, ["Theme", "DDD", "CCC"]),
        ("EEE", 1, ["Theme", "EEE", "CCC", "DDD"]),
    ],
)
def test_that_a_dropped_subject_asks_for_its_new_place(
    model: WatchlistModel, qtbot: QtBot, key: str, before: int, order: list[str]
) -> None:
    with qtbot.waitSignal(model.order_wanted) as asked:
        _drop(model, key, before)
    assert asked.args == [order]
    assert _keys(model) == ["Theme", "CCC", "DDD", "EEE"]  # the rows move once the store has kept the order


def test_that_a_member_is_dragged_as_other_subjects_are_and_pinned_where_it_is_dropped(
    model: WatchlistModel, qtbot: QtBot
) -> None:
    model.toggle("Theme")
    member = model.row(1)
    assert member.depth == 1
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsDragEnabled
    with qtbot.waitSignal(model.order_wanted) as asked:
        _drop(model, member.key, 0)
    assert asked.args == [[member.key, *(p for p in model.pins if p != member.key)]]


@pytest.mark.parametrize(
    ("key", "action", "pins"),
    [
        ("EEE", "toggle", ["Theme", "CCC", "DDD", "EEE"]),
        ("CCC", "toggle", ["Theme", "DDD"]),
        ("DDD", "up", ["Theme", "DDD", "CCC"]),
        ("DDD", "down", ["Theme", "CCC", "DDD"]),
        ("Theme", "up", ["Theme", "CCC", "DDD"]),
        ("EEE", "unpin", ["Theme", "CCC", "DDD"]),
    ],
)
def test_that_pins_move_as_asked(model: WatchlistModel, key: str, action: str, pins: list[str]) -> None:
    assert model.pins_after(key, action) == pins


def test_that_figures_reach_every_row_of_a_subject(model: WatchlistModel, qtbot: QtBot) -> None:
    quote = Quote(21.5, 0.2, 0, 0.3, 205, (1.0, 2.0))
    with qtbot.waitSignal(model.dataChanged):
        model.set_quotes({"CCC": quote})
    index = model.find("CCC")
    said = model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert "Company C" in said
    assert "+20.0%" in said
    assert "205" in said
