"""Marks in the window: what is drawn is kept, taken back, shown in every chart, and asked for in dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton

from core.drawings import Anchor, Drawing, DrawingKind
from core.marks import Change, Flag, Marks
from core.model import Event
from core.store import Store
from tests.ui.conftest import CLOSE, DAY, settle  # pyright: ignore[reportMissingImports]
from ui.chart.drawings.scene import flag_top
from ui.chart.navigator import MenuPlace
from ui.marks.card import EventCard
from ui.marks.drawing_dialog import REMOVE as REMOVE_DRAWING
from ui.marks.drawing_dialog import DrawingDialog
from ui.marks.event_dialog import EventDialog
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

    Make = Callable[..., MainWindow]

LINE = Drawing("a", DrawingKind.TREND, "price", (Anchor(CLOSE - 3 * DAY, 10.1), Anchor(CLOSE, 10.4)), made=1)
HEARING = Event(CLOSE - DAY, "Hearing", "a note", "https://example.org/")
ZONE = "Asia/Shanghai"


@pytest.fixture
def window(make_window: Make, store_path: Path, qtbot: QtBot) -> MainWindow:
    made = make_window()
    made.state.set_subject("300792.SZ")
    settle(made, qtbot)
    assert store_path.exists()
    return made


def stored(path: Path, subject: str = "300792.SZ") -> Marks:
    with Store.open(path) as store:
        return store.marks(subject)


def draw(window: MainWindow, drawing: Drawing = LINE) -> None:
    window.chart.marker.want("draw {what}", None, drawing)


def answer(kind: type[QDialog], how: Callable[[Any], object]) -> None:
    """Do something with the dialog of a kind as soon as it is open."""

    def look() -> None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
        if found:
            how(found[0])
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


# --- keeping


def test_that_what_is_drawn_is_stored_and_taken_back_by_the_menu(
    window: MainWindow, store_path: Path, qtbot: QtBot
) -> None:
    undo, redo = window.actions_["edit.undo"], window.actions_["edit.redo"]
    assert not undo.isEnabled()
    draw(window)
    assert undo.text() == "&Undo: draw trend line"
    settle(window, qtbot)
    assert stored(store_path).drawings == (LINE,)
    undo.trigger()
    assert window.chart.marker.scene.drawings == ()
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo: draw trend line")
    settle(window, qtbot)
    assert stored(store_path).drawings == ()
    redo.trigger()
    settle(window, qtbot)
    assert stored(store_path).drawings == (LINE,)


def test_that_undo_speaks_of_the_subject_at_hand_and_outlives_a_look_at_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    draw(window)
    window.state.set_subject("603598.SS")
    settle(window, qtbot)
    assert not window.actions_["edit.undo"].isEnabled()
    window.state.set_subject("300792.SZ")
    settle(window, qtbot)
    assert window.chart.marker.scene.drawings == (LINE,)
    window.actions_["edit.undo"].trigger()
    assert window.chart.marker.scene.drawings == ()


def test_that_panes_and_drawings_are_taken_back_in_the_order_in_which_they_were_done(
    window: MainWindow, qtbot: QtBot
) -> None:
    undo, redo = window.actions_["edit.undo"], window.actions_["edit.redo"]
    before = [p.key for p in window.chart.panes]
    window.charts.active.panes.remove("volume")
    draw(window)
    window.charts.active.panes.move("posts", -1)
    settle(window, qtbot)
    told: list[str] = []
    while undo.isEnabled():
        told.append(undo.text())
        undo.trigger()
    assert told == ["&Undo: move pane", "&Undo: draw trend line", "&Undo: remove pane"]
    assert ([p.key for p in window.chart.panes], window.chart.marker.scene.drawings) == (before, ())
    while redo.isEnabled():
        redo.trigger()
    assert [p.key for p in window.chart.panes] == ["price", "posts", "sentiment"]
    assert window.chart.marker.scene.drawings == (LINE,)
    undo.trigger()
    window.state.set_subject("603598.SS")
    assert redo.text() == "&Redo: move pane"
    window.charts.active.panes.maximise("price")
    assert not redo.isEnabled()


def test_that_what_was_taken_back_is_gone_once_something_else_is_done(window: MainWindow, qtbot: QtBot) -> None:
    window.charts.active.panes.remove("volume")
    window.actions_["edit.undo"].trigger()
    draw(window)
    settle(window, qtbot)
    assert not window.actions_["edit.redo"].isEnabled()
    assert [p.key for p in window.chart.panes] == ["price", "volume", "sentiment", "posts"]


def test_that_drawings_outlive_a_change_of_clock_and_interval(window: MainWindow, qtbot: QtBot) -> None:
    draw(window)
    for action in ("view.trading", "interval.1h", "interval.1d"):
        window.actions_[action].trigger()
        settle(window, qtbot)
        assert window.chart.marker.scene.drawings == (LINE,), action


def test_that_two_charts_of_a_subject_show_the_same_marks(window: MainWindow, qtbot: QtBot) -> None:
    window.charts.add()
    settle(window, qtbot)
    first, second = (cell.chart.marker for cell in window.charts.cells)
    first.want("draw {what}", None, LINE)
    assert second.scene.drawings == first.scene.drawings == (LINE,)


def test_that_closing_at_once_loses_nothing(make_window: Make, store_path: Path, qtbot: QtBot) -> None:
    window = make_window()
    window.state.set_subject("300792.SZ")
    settle(window, qtbot)
    draw(window)
    window.close()
    assert stored(store_path).drawings == (LINE,)


def test_that_the_sample_says_what_becomes_of_marks_on_it(make_window: Make, qtbot: QtBot) -> None:
    window = make_window()
    settle(window, qtbot)
    assert window.state.sample
    draw(window)
    assert window.chart.marker.scene.drawings == (LINE,)
    assert "gone when you leave it" in window.banners.text("marks")


def test_that_all_drawings_are_removed_and_taken_back_as_one(window: MainWindow) -> None:
    draw(window)
    draw(window, LINE.with_anchor(0, Anchor(1, 2.0)))
    draw(window, Drawing("b", DrawingKind.HORIZONTAL, "price", (Anchor(1, 10.0),), made=2))
    window.actions_["draw.clear"].trigger()
    assert window.chart.marker.scene.drawings == ()
    window.actions_["edit.undo"].trigger()
    assert [d.id for d in window.chart.marker.scene.drawings] == ["a", "b"]


def test_that_events_of_the_theme_stand_on_the_stock_and_change_there(
    window: MainWindow, store_path: Path, qtbot: QtBot
) -> None:
    flag = Flag("Xiaohongshu", HEARING)
    cell = window.charts.active
    window.desk.book.do("300792.SZ", "add event", (Change(flag.owner, None, HEARING),))
    assert window.chart.marker.scene.flags == [flag]
    window.desk.remove_event(cell, flag)
    window.desk.book.undo()
    settle(window, qtbot)
    assert stored(store_path, "Xiaohongshu").events == (HEARING,)


# --- tools and menus


def test_that_a_tool_is_down_while_it_is_at_hand(window: MainWindow) -> None:
    window.actions_["draw.trend"].trigger()
    assert window.chart.marker.tool == "trend"
    assert window.drawing_bar.buttons["draw.trend"].isChecked()
    window.actions_["view.clear"].trigger()
    assert window.chart.marker.tool == "pointer"
    assert window.drawing_bar.buttons["draw.pointer"].isChecked()


def test_that_what_is_chosen_can_be_edited_locked_and_removed_by_command(window: MainWindow) -> None:
    names = ("draw.edit", "draw.lock", "draw.remove")
    assert not any(window.actions_[n].isEnabled() for n in names)
    draw(window)
    window.actions_["draw.next"].trigger()
    assert all(window.actions_[n].isEnabled() for n in names)
    window.actions_["draw.lock"].trigger()
    assert window.chart.marker.drawing.locked
    window.actions_["draw.remove"].trigger()
    assert window.chart.marker.scene.drawings == ()
    assert not any(window.actions_[n].isEnabled() for n in names)


def test_that_switches_hold_for_every_chart_and_those_to_come(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("magnet", "lock_all", "hide_all"):
        window.actions_[f"draw.{name}"].trigger()
    window.charts.add()
    settle(window, qtbot)
    for cell in window.charts.cells:
        marker = cell.chart.marker
        assert (marker.magnet, marker.locked, marker.hidden) == (True, True, True)


def test_that_a_tool_brings_hidden_marks_back(window: MainWindow) -> None:
    window.actions_["draw.hide_all"].trigger()
    assert window.chart.marker.hidden
    window.actions_["draw.trend"].trigger()
    assert not window.chart.marker.hidden
    assert not window.actions_["draw.hide_all"].isChecked()
    assert window.chart.marker.tool == "trend"


def test_that_the_context_menu_offers_an_event_and_what_is_under_the_pointer(window: MainWindow) -> None:
    window.desk.book.do("300792.SZ", "add event", (Change("300792.SZ", None, HEARING),))
    QApplication.processEvents()
    chart = window.chart
    cut = chart.settle()
    widget = chart._column.widgets[0]
    x = float(cut.view.clock.to_x(HEARING.time))
    menu = QMenu()
    place = MenuPlace(widget.pane, QPoint(), cut.x.position(cut.x.at(x) + 3), flag_top(widget.pane) + 4)
    window.desk._fill_menu(window.charts.active, menu, place)
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == ["Hearing", "Add event here…"]


# --- dialogs


def test_that_an_event_is_added_at_the_pointer_to_the_minute(
    window: MainWindow, store_path: Path, qtbot: QtBot
) -> None:
    def fill(dialog: EventDialog) -> None:
        assert not dialog._ok.isEnabled()
        dialog.title.setText("  First   limit-up ")
        dialog.url.setText("example.org")
        assert not dialog._ok.isEnabled()
        dialog.url.setText("https://example.org/a")
        dialog.accept()

    answer(EventDialog, fill)
    window.chart.marker.event_wanted.emit(CLOSE + 12_345)
    settle(window, qtbot)
    assert stored(store_path).events == (Event(CLOSE, "First limit-up", "", "https://example.org/a"),)
    assert window.actions_["edit.undo"].text() == "&Undo: add event"


def test_that_an_event_can_be_moved_to_the_theme_and_removed(
    window: MainWindow, store_path: Path, qtbot: QtBot
) -> None:
    cell = window.charts.active
    window.desk.book.do("300792.SZ", "add event", (Change("300792.SZ", None, HEARING),))

    def hand_over(dialog: EventDialog) -> None:
        dialog.owner.setCurrentText("Xiaohongshu")
        dialog.accept()

    answer(EventDialog, hand_over)
    window.desk.edit_event(cell, Flag("300792.SZ", HEARING))
    assert window.chart.marker.scene.flags == [Flag("Xiaohongshu", HEARING)]
    answer(EventDialog, lambda dialog: dialog.done(2))
    window.desk.edit_event(cell, Flag("Xiaohongshu", HEARING))
    assert window.chart.marker.scene.flags == []
    settle(window, qtbot)
    assert stored(store_path) == stored(store_path, "Xiaohongshu") == Marks()


def test_that_a_second_event_of_the_same_time_and_title_is_refused(qtbot: QtBot) -> None:
    dialog = EventDialog(Flag("X", Event(HEARING.time, "")), ["X"], ZONE, lambda f: f.event.title == "Hearing")
    qtbot.addWidget(dialog)
    dialog.title.setText("Hearing")
    assert not dialog._ok.isEnabled()
    assert "already" in dialog._hint.text()
    dialog.title.setText("Another")
    assert dialog._ok.isEnabled()


@pytest.mark.parametrize("kind", list(DrawingKind))
def test_that_a_dialog_that_is_not_touched_changes_no_digit(kind: DrawingKind, qtbot: QtBot) -> None:
    anchors = (Anchor(CLOSE + 1, 10.123456789), Anchor(CLOSE + DAY + 999, -3.987654321))[: kind.anchors]
    drawing = Drawing("a", kind, "price", anchors, "#123456", 2.5, "two\nlines", made=7)
    dialog = DrawingDialog(drawing, ZONE, 2, load_theme("dark"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.drawing == drawing


def test_that_a_drawing_is_given_text_colour_width_time_and_value(qtbot: QtBot) -> None:
    dialog = DrawingDialog(LINE, ZONE, 2, load_theme("dark"))
    qtbot.addWidget(dialog)
    dialog.text.setPlainText("neckline")
    dialog.colour.choose("#e8c14d")
    dialog.thick.setValue(3)
    when, value = dialog.places[1]
    when.setDateTime(when.dateTime().addSecs(60))
    value.setValue(11.25)
    assert dialog.drawing == Drawing(
        "a", DrawingKind.TREND, "price", (LINE.anchors[0], Anchor(CLOSE + 60_000, 11.25)), "#e8c14d", 3.0, "neckline",
        made=1,
    )  # fmt: skip


def test_that_the_dialog_of_a_drawing_can_remove_it(window: MainWindow) -> None:
    draw(window)
    window.chart.marker.choose("a")
    answer(DrawingDialog, lambda dialog: dialog.done(REMOVE_DRAWING))
    window.actions_["draw.edit"].trigger()
    assert window.chart.marker.scene.drawings == ()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_that_a_link_opens_on_a_click_alone_and_words_are_plain_text(qtbot: QtBot) -> None:
    opened: list[QUrl] = []
    flag = Flag("X", Event(CLOSE, "<b>Bold</b>", "<img src=x>", "https://example.org/a?b"))
    card = EventCard([flag, Flag("Y", HEARING)], ZONE, open_link=opened.append)
    qtbot.addWidget(card)
    card.show_at(QPoint(10, 10))
    assert opened == []
    edited: list[Flag] = []
    card.edit_wanted.connect(edited.append)
    buttons = {b.accessibleName(): b for b in card.findChildren(QPushButton)}
    buttons["Edit… <b>Bold</b>"].click()
    assert edited == [flag]
    buttons["Open https://example.org/a?b"].click()
    assert opened == [QUrl("https://example.org/a?b")]
