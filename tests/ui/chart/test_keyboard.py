"""Everything by keyboard: panes, both lines of the crosshair, ranges, the menu, and what a screen reader hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from core.model import ClockMode
from core.timeline import RANGES
from ui.chart import ChartStack
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from core.timeline import Tape, View

KEYS = ["price", "volume", "sentiment", "posts"]


@pytest.fixture
def chart(view: View, qtbot: QtBot) -> Iterator[ChartStack]:
    """Give a chart between two line edits, in a window that has the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)
    made = ChartStack(load_theme("dark"))
    column = QVBoxLayout(window)
    for widget in (QLineEdit(), made, QLineEdit()):
        column.addWidget(widget)
    window.resize(900, 760)
    made.show_view(view)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    made.settle()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    yield made
    window.close()


def press(chart: ChartStack, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(chart, key, held)


def described(chart: ChartStack) -> str:
    return QAccessible.queryAccessibleInterface(chart).text(QAccessible.Text.Description)


def test_that_tab_goes_through_the_panes_and_then_on(chart: ChartStack) -> None:
    seen = []
    for _ in range(4):
        press(chart, Qt.Key.Key_Tab)
        seen.append(chart.current)
    assert seen == [p.key for p in chart.panes][:4]
    for _ in range(len(chart.panes) - 4):
        press(chart, Qt.Key.Key_Tab)
    assert chart.hasFocus()
    press(chart, Qt.Key.Key_Tab)
    assert not chart.hasFocus()


def test_that_shift_tab_enters_at_the_last_pane_and_goes_back(chart: ChartStack) -> None:
    after = chart.window().findChildren(QLineEdit)[1]
    after.setFocus()
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    assert chart.hasFocus()
    assert chart.current == chart.panes[-1].key
    press(chart, Qt.Key.Key_Backtab)
    assert chart.current == chart.panes[-2].key


def test_that_the_focused_pane_is_marked_until_the_mouse_is_used(chart: ChartStack) -> None:
    assert not chart.shows_ring(chart.current)
    press(chart, Qt.Key.Key_Tab)
    assert [k.key for k in chart.panes if chart.shows_ring(k.key)] == [chart.current]
    widget = chart.focused_widget
    assert widget is not None
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert not chart.shows_ring(chart.current)


def test_that_up_and_down_move_the_horizontal_line_in_the_focused_pane(chart: ChartStack) -> None:
    press(chart, Qt.Key.Key_Tab, Qt.Key.Key_Up)
    over, pane = chart.overlay, chart.panes[0]
    assert over.pane == pane.key
    assert pane.y is not None
    first = over.y
    press(chart, Qt.Key.Key_Up)
    assert over.y == first - 2
    press(chart, Qt.Key.Key_Down, held=Qt.KeyboardModifier.ShiftModifier)
    assert over.y == first + 18
    value = pane.label(pane.y.value(over.y), pane.fineness(), "en")
    assert f"line at {value}" in described(chart)
    x = over.x
    press(chart, Qt.Key.Key_Left)
    assert (over.pane, over.y) == (pane.key, first + 18)  # the line stays where it was put
    assert over.x is not None
    assert x is not None
    assert over.x < x


def test_that_control_with_up_and_down_zooms(chart: ChartStack) -> None:
    before = chart.sight.viewport
    assert before is not None
    press(chart, Qt.Key.Key_Up, held=Qt.KeyboardModifier.ControlModifier)
    assert chart.sight.viewport is not None
    assert chart.sight.viewport.span == pytest.approx(before.span / 1.4)


def test_that_digits_choose_the_range(chart: ChartStack, qtbot: QtBot) -> None:
    chosen: list[str] = []
    chart.range_wanted.connect(chosen.append)
    press(chart, *(Qt.Key(Qt.Key.Key_1 + k) for k in range(9)))
    assert chosen == list(RANGES)
    del qtbot


def test_that_a_screen_reader_hears_the_pane_the_bar_and_its_figures(chart: ChartStack) -> None:
    press(chart, Qt.Key.Key_Left)
    words = described(chart)
    assert words.startswith(f"{chart.panes[0].name()}; ")
    reading = chart.overlay.reading
    assert reading is not None
    assert f"{reading.close:.2f}" in words
    press(chart, Qt.Key.Key_Tab)
    assert described(chart).startswith(f"{chart.panes[1].name()}; ")


def test_that_the_menu_key_opens_the_menu_of_the_focused_pane(chart: ChartStack) -> None:
    places: list[object] = []
    chart.menu_wanted.connect(places.append)
    press(chart, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Left)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(10, 10), chart.mapToGlobal(QPoint(10, 10)))
    QApplication.sendEvent(chart, event)
    (place,) = places
    assert getattr(place, "pane", None) is chart.panes[1]
    assert getattr(place, "x", None) == chart.overlay.x
    mouse = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(10, 10), chart.mapToGlobal(QPoint(10, 10)))
    QApplication.sendEvent(chart, mouse)
    assert len(places) == 1


def test_that_end_shows_the_newest_bar_and_follows_it(chart: ChartStack) -> None:
    chart.travel.zoom_here(4)
    press(chart, Qt.Key.Key_Home)
    assert not chart.following
    press(chart, Qt.Key.Key_End)
    assert chart.following
    view = chart.sight.view
    assert view is not None
    assert chart.overlay.reading is not None
    assert chart.overlay.reading.index == view.newest


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(ClockMode),
    st.floats(0.0, 1.0),
    st.floats(-60.0, 60.0),
    st.floats(0.02, 0.98),
)
def test_that_the_other_clock_leaves_what_is_under_the_crosshair_there(
    chart: ChartStack, lay: Callable[..., View], mode: ClockMode, centre: float, zoom: float, place: float
) -> None:
    """At any zoom, the limits included; and back again."""
    view = chart.sight.view
    assert view is not None
    chart.show_view(lay(view.tape, mode), fit=True)
    view = chart.sight.view
    assert view is not None
    assert view.extent is not None
    first, last = view.extent
    chart.travel.zoom(first + centre * (last - first), 1.4**zoom)  # far beyond both limits for the outer values
    cut = chart.settle()
    assert cut is not None
    chart.pointer.point(cut.x.position(place * cut.x.width))
    instant, px = chart.pointer.instant, cut.x.at(chart.overlay.x or 0.0)
    other = ClockMode.WALL if mode is ClockMode.TRADING else ClockMode.TRADING
    for turn in (other, mode):
        chart.show_view(lay(view.tape, turn))
        cut = chart.settle()
        assert cut is not None
        assert chart.pointer.instant == instant
        assert cut.x.at(chart.overlay.x or 0.0) == pytest.approx(px, abs=1.5)


def test_that_a_view_read_anew_keeps_the_range_to_the_last_bit(
    show: Callable[..., ChartStack], tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    chart = show(lay(tapes(40)))
    chart.travel.zoom_here(3.3)
    chart.travel.pan(-1234567.8)
    chart.travel.go_to_end(newest=False)
    before = chart.sight.viewport
    chart.show_view(lay(tapes(44)))  # four bars more
    assert chart.sight.viewport == before


def test_that_a_followed_edge_moves_on_by_exactly_the_new_bars(
    show: Callable[..., ChartStack], tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    first, second = lay(tapes(40)), lay(tapes(43))
    chart = show(first)
    chart.travel.zoom_here(3.3)
    chart.travel.go_to_end(newest=True)
    before = chart.sight.viewport
    assert before is not None
    chart.show_view(second)
    after = chart.sight.viewport
    assert after is not None
    by = float(second.right[42]) - float(first.right[39])
    assert (after.x0 - before.x0, after.x1 - before.x1) == (pytest.approx(by), pytest.approx(by))
    assert chart.following
