from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from core.model import ClockMode, Interval
from core.store import Store
from core.timeline import Span
from tests.ui.conftest import CLOSE, a_post, settle
from ui.charts.arrangement import Arrangement
from ui.charts.cell import CHART_MIME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow

    Make = Callable[..., tuple[MainWindow, list[ChartCell]]]

ONECHANCE, INLY, CONCEPT = "300792.SZ", "603598.SS", "Xiaohongshu"


def test_that_each_chart_has_its_own_subject_interval_and_clock(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(ONECHANCE, INLY)
    second.state.set_interval(Interval.H1)
    second.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    assert first.state.view is not None
    assert second.state.view is not None
    assert (first.state.view.tape.interval, first.state.view.clock.mode) == (Interval.D1, ClockMode.TRADING)
    assert (second.state.view.tape.interval, second.state.view.clock.mode) == (Interval.H1, ClockMode.WALL)
    assert first.title.startswith(ONECHANCE)
    assert second.title.startswith(INLY)
    assert second.header.text == "603598.SS · Inly Media · 1h · Wall · crowd"


def test_that_everything_speaks_of_the_active_chart(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, INLY)
    second.state.set_mode(ClockMode.WALL)
    second.framing.choose("5D")
    settle(window, qtbot)
    assert window.posts_model.total == 30
    window.charts.activate(second)
    settle(window, qtbot)
    assert window.state.subject == window.toolbar.subject.text() == INLY
    assert window.toolbar.clock.value == "wall"
    assert window.toolbar.ranges.value == "5D"
    assert not window.actions_["view.trading"].isChecked()
    assert window.windowTitle().startswith(INLY)
    assert window.watchlist.current == ""  # a member of a concept that is folded has no row
    window.watchlist.subject_wanted.emit(ONECHANCE)
    window.actions_["interval.1h"].trigger()
    settle(window, qtbot)
    assert (first.state.subject, second.state.subject) == (CONCEPT, ONECHANCE)
    assert (first.state.options.interval, second.state.options.interval) == (Interval.D1, Interval.H1)
    window.charts.activate(first)
    assert window.toolbar.interval.currentText() == "1d"
    assert window.actions_["interval.1d"].isChecked()


def test_that_the_posts_are_those_under_the_pointer_of_the_active_chart_only(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, CONCEPT)
    second.state.set_hover(Span(CLOSE, CLOSE + 7_200_000, closed=True))
    settle(window, qtbot)
    assert window.posts_model.total == 30
    window.charts.activate(second)
    settle(window, qtbot)
    assert window.posts_model.total == 2
    first.state.set_selection(Span(CLOSE - 3_600_000, CLOSE))
    settle(window, qtbot)
    assert window.posts_model.total == 2


def test_that_a_chart_with_the_keyboard_is_the_active_one(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY)
    window.activateWindow()
    qtbot.mouseClick(cells[1].chart.findChildren(type(cells[1].chart._axis))[0], Qt.MouseButton.LeftButton)
    cells[2].take_focus()
    qtbot.waitUntil(lambda: window.charts.active is cells[2])
    for expected in (cells[0], cells[1]):
        window.actions_["charts.next"].trigger()
        assert window.charts.active is expected
        assert expected.chart.hasFocus()
    window.actions_["charts.previous"].trigger()
    assert window.charts.active is cells[0]


def test_that_the_keyboard_leaves_a_chart_for_one_that_has_only_a_sentence(make_charts: Make) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    first.take_focus()
    second.say("Nothing to draw.")
    window.actions_["charts.next"].trigger()
    assert window.charts.active is second
    assert not first.chart.hasFocus()


def test_that_there_is_no_header_with_one_chart(make_charts: Make) -> None:
    window, cells = make_charts(CONCEPT)
    assert not cells[0].header.isVisible()
    window.actions_["charts.beside"].trigger()
    assert all(cell.header.isVisible() for cell in window.charts.cells)


def test_that_a_chart_is_added_as_the_active_one_is_and_closed_again(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(ONECHANCE)
    window.activateWindow()
    window.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    shown = window.chart.visible_range()
    window.actions_["charts.add"].trigger()
    settle(window, qtbot)
    assert window.charts.active is cells[1]
    assert (window.state.subject, window.state.mode) == (ONECHANCE, ClockMode.WALL)
    assert window.chart.visible_range() == pytest.approx(shown, abs=60_000)
    for _ in range(2):
        window.actions_["charts.add"].trigger()
    settle(window, qtbot)
    assert window.charts.arrangement is Arrangement.FOUR
    assert not window.actions_["charts.add"].isEnabled()
    for left in (3, 2, 1):
        before = window.charts.cells[window.charts.cells.index(window.charts.active) - 1]
        window.actions_["charts.close"].trigger()
        assert len(window.charts.cells) == left
        assert window.charts.active is before
        assert before.chart.hasFocus()
    assert not window.actions_["charts.close"].isEnabled()


def test_that_the_watchlist_shows_a_subject_in_one_more_chart(make_charts: Make, qtbot: QtBot) -> None:
    window, _ = make_charts(CONCEPT)
    menu = window.watchlist.menu_for(window.watchlist_model.row(1))
    next(a for a in menu.actions() if a.text() == "Show in one more chart").trigger()
    settle(window, qtbot)
    assert [c.state.subject for c in window.charts.cells] == [CONCEPT, ONECHANCE]
    assert window.state.subject == ONECHANCE


def test_that_charts_without_room_are_put_away_but_never_the_active_one(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY, CONCEPT)
    active = cells[3]
    active.state.set_mode(ClockMode.WALL)
    window.charts.activate(active)
    window.actions_["charts.one"].trigger()
    settle(window, qtbot)
    assert window.charts.cells == [active]
    window.actions_["charts.four"].trigger()
    settle(window, qtbot)
    assert [c.state.subject for c in window.charts.cells] == [CONCEPT, CONCEPT, ONECHANCE, INLY]
    assert window.charts.active is active


def test_that_a_maximised_chart_has_all_the_room_until_it_is_restored(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY, CONCEPT)
    widths = [cell.width() for cell in cells]
    cells[1].header.maximise_wanted.emit()
    qtbot.waitUntil(lambda: cells[1].width() == window.charts.width())
    assert [cell.isVisible() for cell in cells] == [False, True, False, False]
    assert window.actions_["charts.maximise"].isChecked()
    window.actions_["charts.next"].trigger()
    assert [cell.isVisible() for cell in cells] == [False, False, True, False]
    window.actions_["charts.maximise"].trigger()
    assert all(cell.isVisible() for cell in cells)
    qtbot.waitUntil(lambda: [cell.width() for cell in cells] == pytest.approx(widths, abs=2))


def test_that_the_keyboard_shares_the_room_out(make_charts: Make, qtbot: QtBot) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY)
    width, height = cells[1].width(), cells[1].height()
    window.charts.activate(cells[1])
    window.actions_["charts.wider"].trigger()
    window.actions_["charts.lower"].trigger()
    qtbot.waitUntil(lambda: cells[1].width() > width and cells[1].height() < height)
    assert cells[0].width() < width
    assert cells[2].height() > height
    for _ in range(30):
        window.actions_["charts.narrower"].trigger()
    qtbot.waitUntil(lambda: cells[1].width() < width)
    assert cells[1].width() >= cells[1].minimumWidth()


def test_that_a_subject_dropped_on_a_chart_is_shown_there(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    model = window.watchlist_model
    data = model.mimeData([model.index(0)])
    where, copy, left, none = QPointF(20, 20), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier  # fmt: skip  # noqa: E501
    assert copy & model.supportedDragActions()
    enter = QDragEnterEvent(QPoint(20, 20), copy, data, left, none)
    second.dragEnterEvent(enter)
    assert enter.isAccepted()
    second.dropEvent(QDropEvent(where, copy, data, left, none))
    settle(window, qtbot)
    assert window.charts.active is second
    assert (first.state.subject, second.state.subject) == (CONCEPT, CONCEPT)
    other = QMimeData()  # an event does not keep it
    files = QDragEnterEvent(QPoint(20, 20), copy, other, left, none)
    second.dragEnterEvent(files)
    assert not files.isAccepted()


def test_that_charts_change_places_by_key_and_by_their_headers(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second, third) = make_charts(CONCEPT, ONECHANCE, INLY)
    window.charts.activate(first)
    window.actions_["charts.wider"].trigger()
    shares = window.charts.shares
    window.actions_["charts.swap"].trigger()
    assert window.charts.cells == [second, first, third]
    assert window.charts.active is first
    data = QMimeData()
    data.setData(CHART_MIME, b"2")
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), copy, data, left, none)
    second.dragEnterEvent(enter)
    assert enter.isAccepted()
    second.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, none))
    assert window.charts.cells == [third, first, second]
    assert [c.state.subject for c in window.charts.cells] == [INLY, CONCEPT, ONECHANCE]
    qtbot.waitUntil(lambda: window.charts.shares[0] == pytest.approx(shares[0], abs=0.02))


def test_that_new_data_are_shown_in_every_chart(make_charts: Make, qtbot: QtBot, store_path: Path) -> None:
    window, cells = make_charts(CONCEPT, CONCEPT)
    with Store.open(store_path) as store:
        store.add_posts([a_post(99, CLOSE + 60_000, "rednote again")])
    window.state.touch_data()
    settle(window, qtbot)
    for cell in cells:
        assert cell.state.view is not None
        assert len(cell.state.view.tape.crowd) == 31


def test_that_a_chart_that_cannot_be_shown_says_why_in_its_place(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    second.state.set_subject("GONE")
    settle(window, qtbot)
    assert "GONE" in second._sentence.text()
    assert not second.chart_shown
    assert first.chart_shown
    assert not window.banners.text("error")


def test_that_nothing_is_told_of_the_last_chart_where_the_active_one_is_empty(make_charts: Make) -> None:
    window, (first, second) = make_charts(CONCEPT, ONECHANCE)
    assert window.status.facts
    second.state.set_subject("")
    window.charts.activate(second)
    assert not window.status.facts
    assert window.posts_model.total == 0
    window.charts.activate(first)
    assert window.status.facts


def test_that_a_removed_subject_leaves_every_chart(make_charts: Make, qtbot: QtBot) -> None:
    window, (first, second) = make_charts(ONECHANCE, CONCEPT)
    window.windows._on_removed(CONCEPT)
    settle(window, qtbot)
    assert first.state.subject == ONECHANCE
    assert second.state.subject != CONCEPT
    assert second.chart_shown


def test_that_a_closed_chart_reads_no_more(make_charts: Make, qtbot: QtBot) -> None:
    window, (_, second) = make_charts(CONCEPT, ONECHANCE)
    second.state.set_subject(INLY)
    window.charts.close_cell(second)
    with qtbot.assertNotEmitted(window.charts.shown):
        settle(window, qtbot)


def test_that_all_charts_make_one_picture(make_charts: Make, tmp_path: Path) -> None:
    window, _ = make_charts(CONCEPT, ONECHANCE, INLY)
    snapshots = window.windows.snapshots
    snapshots.write_all(tmp_path / "all.png")
    assert (tmp_path / "all.png").stat().st_size > 10_000
    picture = snapshots.picture_of_all(1.0)
    assert picture.width() >= 2 * 640
    assert picture.text("Title").count(" | ") == 2
    snapshots.write_all(tmp_path / "missing" / "all.png")
    assert "cannot be written" in window.banners.text("error")


def test_that_all_charts_of_a_picture_come_back(make_charts: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window, (first, second, third) = make_charts(CONCEPT, ONECHANCE, INLY)
    second.state.set_mode(ClockMode.WALL)
    window.links.set("crosshair", on=True)
    settle(window, qtbot)
    third.chart.travel.zoom_here(2.0)
    third.panes.remove("volume")
    settle(window, qtbot)
    shown = third.chart.visible_range()
    snapshots = window.windows.snapshots
    snapshots.write_all(tmp_path / "all.png")
    for cell in (first, second, third):
        cell.state.set_subject(CONCEPT)
    third.panes.reset()
    window.charts.arrange(Arrangement.BESIDE)
    window.links.set("crosshair", on=False)
    settle(window, qtbot)
    snapshots.restore(tmp_path / "all.png")
    settle(window, qtbot)
    cells = window.charts.cells
    assert [c.state.subject for c in cells] == [CONCEPT, ONECHANCE, INLY]
    assert [c.state.options.mode for c in cells] == [ClockMode.TRADING, ClockMode.WALL, ClockMode.TRADING]
    assert [p.key for p in cells[2].chart.panes] == ["price", "sentiment", "posts"]
    assert cells[2].chart.visible_range() == pytest.approx(shown, abs=60_000)
    assert (window.charts.arrangement, window.links.names) == (Arrangement.THREE, ("crosshair",))


def test_that_a_json_of_something_else_is_left_alone(make_charts: Make, tmp_path: Path) -> None:
    window, _ = make_charts(CONCEPT, ONECHANCE)
    (tmp_path / "all.json").write_text("{}")
    window.windows.snapshots.write_all(tmp_path / "all.png")
    assert "something else" in window.banners.text("error")
    assert (tmp_path / "all.json").read_text() == "{}"


def test_that_the_picture_of_all_charts_shows_the_panes_of_each(make_charts: Make) -> None:
    window, (first, second) = make_charts(CONCEPT, CONCEPT)
    snapshots = window.windows.snapshots
    second.panes.remove("volume")
    panes = [[p.key for p in snapshots.spec(1.0, cell).layout.panes] for cell in (first, second)]
    assert "volume" in panes[0]
    assert "volume" not in panes[1]


def test_that_four_charts_fit_a_small_window(make_charts: Make) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY, CONCEPT)
    assert (window.width(), window.height()) == (1280, 800)
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 800
    for cell in cells:
        assert window.rect().contains(cell.rect().translated(cell.mapTo(window, QPoint(0, 0))))
        assert cell.header._close.geometry().right() < cell.header.width()
