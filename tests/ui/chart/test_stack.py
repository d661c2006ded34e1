"""The chart as a user meets it."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from core.clock import slots
from core.model import ClockMode, Instrument, Interval
from core.rollup import Rollup
from core.series import Bars, Candles
from core.timeline import Span, Tape, View
from core.timeline.placing import place
from core.timeline.slots import Slots
from ui.chart.cut import newest_reading
from ui.chart.drawings.scene import flag_top
from ui.chart.legend import LINE, TOP
from ui.chart.navigator import flag_text
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.chart import ChartStack
    from ui.chart.cut import Cut
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.scale import YScale

    Show = Callable[[View | None], ChartStack]
    Tapes = Callable[..., Tape]
    Lay = Callable[..., View]

HOUR = 3_600_000


def panes(chart: ChartStack) -> dict[str, PaneWidget]:
    return {w.pane.key: w for w in chart._column.widgets}


def cut_of(chart: ChartStack) -> Cut:
    cut = chart.settle()
    assert cut is not None
    return cut


def index_of(chart: ChartStack) -> int:
    chart.settle()
    assert chart.overlay.reading is not None
    return chart.overlay.reading.index


def scale_of(chart: ChartStack, key: str) -> YScale:
    cut_of(chart)
    scale = panes(chart)[key].pane.y
    assert scale is not None
    return scale


def turn(chart: ChartStack, px: float, notches: float, *, sideways: bool = False) -> None:
    """Turn the wheel over the price pane."""
    pane = panes(chart)["price"]
    at = QPointF(px, 60)
    angle = QPoint(round(120 * notches), 0) if sideways else QPoint(0, round(120 * notches))
    event = QWheelEvent(
        at, pane.mapToGlobal(at), QPoint(), angle, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane, event)


def mouse(
    pane: PaneWidget,
    kind: QEvent.Type,
    x: float,
    y: float = 60,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    at = QPointF(x, y)
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    QApplication.sendEvent(pane, QMouseEvent(kind, at, pane.mapToGlobal(at), button, pressed, keys))


def drag(chart: ChartStack, x0: float, x1: float, **how: Any) -> None:
    pane = panes(chart)["price"]
    mouse(pane, QEvent.Type.MouseButtonPress, x0, **how)
    for share in (0.3, 0.7, 1.0):
        mouse(pane, QEvent.Type.MouseMove, x0 + share * (x1 - x0), **how)
        chart.settle()
    mouse(pane, QEvent.Type.MouseButtonRelease, x1, **how)


def instant_at(chart: ChartStack, px: float) -> int:
    return int(cut_of(chart).view.clock.to_ms(cut_of(chart).x.position(px)))


def pixel_of(chart: ChartStack, ms: int) -> float:
    return cut_of(chart).x.at(float(cut_of(chart).view.clock.to_x(ms)))


def test_that_there_is_a_pane_for_each_kind_and_metric(show: Show, view: View) -> None:
    chart = show(view)
    assert list(panes(chart)) == ["price", "volume", "sentiment", "posts", "metric:rank"]
    assert [w.accessibleName() for w in panes(chart).values()] == ["Price", "Volume", "Sentiment", "Posts", "rank"]
    assert "300792.SZ" in chart.accessibleName()


@pytest.mark.parametrize("px", [120.0, 400.0, 700.0])
def test_that_the_wheel_leaves_the_instant_under_the_pointer(show: Show, view: View, px: float) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[10]), int(view.tape.slots.end[30]))
    before = instant_at(chart, px)
    turn(chart, px, 3)
    assert pixel_of(chart, before) == pytest.approx(px, abs=0.01)
    turn(chart, px, -2)
    assert pixel_of(chart, before) == pytest.approx(px, abs=0.01)


def test_that_a_drag_carries_the_chart_along(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[10]), int(view.tape.slots.end[30]))
    before = instant_at(chart, 300)
    with qtbot.waitSignal(chart.range_changed):
        drag(chart, 300, 180)
    assert pixel_of(chart, before) == pytest.approx(180, abs=0.5)


def test_that_setting_a_range_is_not_told_as_the_users(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    with qtbot.assertNotEmitted(chart.range_changed, wait=50):
        chart.travel.set_range(int(view.tape.slots.start[3]), int(view.tape.slots.end[12]))


def test_that_many_changes_are_told_and_cut_once(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    qtbot.wait(20)
    told: list[tuple[int, int]] = []
    chart.range_changed.connect(lambda a, b: told.append((a, b)))
    cuts = chart.cuts
    for _ in range(10):
        turn(chart, 300, 0.3)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(20)
    assert len(told) == 1
    assert told[0] == chart.visible_range()
    # The wheel needs the present scale, so each turn may cut once; nothing may cut twice.
    assert chart.cuts - cuts <= 10


def test_that_a_range_comes_back_as_it_was_set(show: Show, view: View) -> None:
    chart = show(view)
    wanted = int(view.tape.slots.start[4]), int(view.tape.slots.end[20])
    chart.travel.set_range(*wanted)
    assert chart.visible_range() == pytest.approx(wanted, abs=2)


def test_that_double_click_shows_everything_and_takes_the_first_click_back(
    show: Show, view: View, qtbot: QtBot
) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[10]), int(view.tape.slots.end[20]))
    pane = panes(chart)["price"]
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    assert chart.pointer.selection is not None
    mouse(pane, QEvent.Type.MouseButtonDblClick, 300)
    mouse(pane, QEvent.Type.MouseButtonRelease, 300)
    shown = chart.visible_range()
    assert shown is not None
    assert shown[0] < view.tape.slots.start[0]
    assert shown[1] > view.tape.slots.end[-1]
    assert chart.pointer.selection is None


def test_that_zooming_stops_at_five_slots(show: Show, view: View) -> None:
    chart = show(view)
    for _ in range(40):
        turn(chart, 400, 3)
        chart.settle()
    pitch = view.left[1] - view.left[0]
    assert cut_of(chart).x.x1 - cut_of(chart).x.x0 == pytest.approx(5 * pitch)


@pytest.mark.parametrize(
    "how",
    [
        {"keys": Qt.KeyboardModifier.ShiftModifier},
        {"keys": Qt.KeyboardModifier.ControlModifier},
        {"button": Qt.MouseButton.RightButton},
    ],
)
def test_that_a_held_drag_selects_whole_bars(show: Show, view: View, qtbot: QtBot, how: dict[str, Any]) -> None:
    chart = show(view)
    slots = view.tape.slots
    a, b = (pixel_of(chart, int((slots.start[i] + slots.end[i]) // 2)) for i in (10, 14))
    before = chart.visible_range()
    with qtbot.waitSignal(chart.selected) as told:
        drag(chart, a, b, **how)
    assert told.args == [Span(int(slots.end[9]), int(slots.end[14]))]
    assert chart.visible_range() == before
    with qtbot.waitSignal(chart.selected) as told:
        qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert told.args == [None]


def test_that_a_click_selects_the_closure_under_it_and_lets_it_go(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    slots = view.tape.slots
    middle = int((slots.end[14] + slots.start[15]) // 2)
    at = QPoint(round(pixel_of(chart, middle)), 60)
    with qtbot.waitSignal(chart.selected) as told:
        qtbot.mouseClick(panes(chart)["price"], Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [Span(int(slots.end[14]), int(slots.start[15]), closed=True)]
    with qtbot.waitSignal(chart.selected) as told:
        qtbot.mouseClick(panes(chart)["price"], Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [None]


@pytest.mark.parametrize("px", [None, 250.0, 610.0])
def test_that_switching_the_clock_leaves_the_instant_where_it_is(
    show: Show, view: View, lay: Lay, px: float | None
) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[6]), int(view.tape.slots.end[25]))
    chart.settle()
    at = cut_of(chart).x.width / 2 if px is None else px
    if px is not None:
        chart.pointer.point(cut_of(chart).x.position(px), "price", 50)
    before = instant_at(chart, at)
    for mode in (ClockMode.WALL, ClockMode.TRADING):
        chart.show_view(lay(view.tape, mode))
        assert pixel_of(chart, before) == pytest.approx(at, abs=0.01)


def test_that_new_data_of_the_subject_keeps_the_range(show: Show, view: View, tapes: Tapes, lay: Lay) -> None:
    chart = show(view)
    wanted = int(view.tape.slots.start[6]), int(view.tape.slots.end[25])
    chart.travel.set_range(*wanted)
    longer = lay(tapes(60))
    chart.show_view(longer)
    assert chart.visible_range() == pytest.approx(wanted, abs=2)
    chart.show_view(longer, fit=True)
    shown = chart.visible_range()
    assert shown is not None
    assert shown[0] < wanted[0]


def test_that_another_subject_is_shown_whole_and_unselected(show: Show, view: View, tapes: Tapes, lay: Lay) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[6]), int(view.tape.slots.end[25]))
    chart.pointer.show_selection(Span(1, 2))
    chart.show_view(lay(tapes(name="603598.SS")))
    shown = chart.visible_range()
    assert shown is not None
    assert shown[0] < view.tape.slots.start[0]
    assert chart.pointer.selection is None


def test_that_the_crosshair_redraws_no_pane(show: Show, view: View) -> None:
    chart = show(view)
    QApplication.processEvents()
    before = [w.drawings for w in panes(chart).values()]
    cuts = chart.cuts
    for px in range(100, 700, 20):
        chart.pointer.point(cut_of(chart).x.position(px), "price", 80)
        QApplication.processEvents()
    assert [w.drawings for w in panes(chart).values()] == before
    assert chart.cuts == cuts


def test_that_the_crosshair_stands_in_every_pane(show: Show, view: View) -> None:
    chart = show(view)
    QApplication.processEvents()
    chart.pointer.point(cut_of(chart).x.position(333), "price", 90)
    for pane in panes(chart).values():
        image = pane.grab().toImage()
        column = {image.pixelColor(333, y).name() for y in range(30, pane.height())}
        assert chart.ink["crosshair"].name() in column


def test_that_a_crosshair_is_not_left_behind_when_the_range_jumps(show: Show, view: View) -> None:
    chart = show(view)
    mouse(panes(chart)["price"], QEvent.Type.MouseMove, 60, button=Qt.MouseButton.NoButton)
    assert chart.overlay.x is not None
    ends = view.extent
    assert ends is not None
    chart.travel.go(chart.sight.across(ends[1] - 0.2 * (ends[1] - ends[0]), ends[1]))
    assert chart.overlay.x is None
    assert index_of(chart) == len(view.left) - 1
    chart.pointer.point_at(int(view.tape.slots.start[1]))  # as a linked chart does
    chart.travel.go(chart.sight.across(*ends))
    chart.travel.go(chart.sight.across(ends[1] - 0.2 * (ends[1] - ends[0]), ends[1]))
    assert chart.overlay.x is not None


def test_that_hovering_tells_bar_and_closure_once_each(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    told: list[Span | None] = []
    chart.hovered.connect(told.append)
    slots = view.tape.slots
    price = panes(chart)["price"]
    for instant in (int(slots.end[15]) - 2 * HOUR, int(slots.end[15]) - HOUR, int(slots.end[15]) + HOUR):
        mouse(price, QEvent.Type.MouseMove, pixel_of(chart, instant), button=Qt.MouseButton.NoButton)
        qtbot.wait(10)
    QApplication.sendEvent(price, QEvent(QEvent.Type.Leave))
    qtbot.wait(10)
    night = Span(int(slots.end[15]), int(slots.start[16]), closed=True)
    assert told == [Span(int(slots.end[14]), int(slots.end[15])), night, None]


def figures(chart: ChartStack) -> str:
    """Return what all panes say of the bar at the crosshair, or of the newest."""
    cut, reading = chart.settle(), chart.overlay.reading
    assert cut is not None
    assert reading is not None
    lines = [pane.legend(cut.view, reading, chart.ink, cut.language)[0] for pane in chart.panes]
    return " ".join(segment.text for line in lines for segment in line)


def sentence(chart: ChartStack) -> str:
    """Return what stands in place of the panes."""
    return " ".join(label.text() for label in chart.findChildren(QLabel))


def test_that_the_read_out_is_of_the_newest_bar_without_a_pointer(show: Show, view: View) -> None:
    chart = show(view)
    last = view.reading_of(39)
    assert f"C {last.close:.2f}" in figures(chart)
    chart.pointer.point(float(view.clock.to_x(int(view.tape.slots.start[5] + HOUR))), "price", 50)
    text = figures(chart)
    assert "C 28.00" in text
    assert "Posts 34 open 4 before the open 30" in text


def test_that_the_arrows_walk_from_bar_to_bar(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    chart.settle()
    assert index_of(chart) == 39
    for _ in range(3):
        qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert index_of(chart) == 36
    assert f"C {view.reading_of(36).close:.2f}" in chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert index_of(chart) == 0
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert index_of(chart) == 1
    with qtbot.waitSignal(chart.selected) as told:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert told.args == [view.reading_of(1).span]


def test_that_walking_out_of_sight_brings_the_chart_along(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[10]), int(view.tape.slots.end[20]))
    chart.settle()
    for _ in range(16):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
        chart.settle()
    shown, index = chart.visible_range(), index_of(chart)
    assert shown is not None
    assert index > 21
    assert shown[0] < view.tape.slots.start[index] < view.tape.slots.end[index] < shown[1]


def test_that_keys_zoom_and_pan(show: Show, view: View, qtbot: QtBot) -> None:
    chart = show(view)
    chart.travel.set_range(int(view.tape.slots.start[10]), int(view.tape.slots.end[30]))
    chart.settle()
    before = cut_of(chart).x
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    chart.settle()
    assert cut_of(chart).x.x1 - cut_of(chart).x.x0 < before.x1 - before.x0
    qtbot.keyClick(chart, Qt.Key.Key_Minus)
    chart.settle()
    assert (cut_of(chart).x.x0, cut_of(chart).x.x1) == pytest.approx((before.x0, before.x1))
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    chart.settle()
    assert cut_of(chart).x.x0 == pytest.approx(before.x0 + 0.1 * (before.x1 - before.x0))


def test_that_the_posts_of_a_night_stand_in_the_night(show: Show, view: View) -> None:
    chart = show(view)
    QApplication.processEvents()
    pane = panes(chart)["posts"]
    slots = view.tape.slots
    image = pane.grab().toImage()
    closed = chart.ink["posts_closed"].name()
    columns = [
        x for x in range(round(cut_of(chart).x.width)) if image.pixelColor(x, pane.height() - 3).name() == closed
    ]
    low, high = pixel_of(chart, int(slots.end[4])), pixel_of(chart, int(slots.start[5]))
    assert columns
    assert low - 1 <= min(columns) <= max(columns) <= high + 1


def test_that_narrow_closures_are_stacked_on_their_bar(tapes: Tapes, lay: Lay, show: Show) -> None:
    chart = show(lay(tapes(250)))
    pane = panes(chart)["posts"]
    pane.grab()
    assert cut_of(chart).frame.closed is not None
    assert scale_of(chart, "posts").high == 34  # 30 of the night upon 4 of the day


def test_that_red_rises_in_shanghai_unless_the_user_says_otherwise(show: Show, view: View) -> None:
    theme = load_theme("dark")
    chart = show(view)
    assert chart.ink["rise"].name() == theme.down
    chart.apply_theme(theme, "west")
    chart.settle()
    assert chart.ink["rise"].name() == theme.up


def test_that_a_chart_without_anything_says_so(show: Show, tape: Tape, lay: Lay) -> None:
    chart = show(None)
    assert "Choose a stock" in sentence(chart)
    none = np.empty(0, np.int64)
    empty = Tape(tape.subject, tape.interval, tape.calendar, Slots(none, none), tape.candles, Rollup.empty())
    chart.show_view(lay(empty))
    assert "Nothing known of 300792.SZ yet" in sentence(chart)
    chart.grab()


def test_that_a_chart_without_prices_still_shows_posts(show: Show, tape: Tape, lay: Lay) -> None:
    nothing = place(Bars.empty(), tape.slots)
    only_posts = Tape(Instrument("PINS"), tape.interval, tape.calendar, tape.slots, nothing, tape.crowd)
    chart = show(lay(only_posts))
    assert panes(chart)["price"].pane.y is None
    assert panes(chart)["posts"].pane.y is not None
    chart.grab()


def test_that_many_panes_scroll_and_keep_their_least_height(show: Show, tape: Tape, lay: Lay) -> None:
    metrics = tuple(replace(m, metric=replace(m.metric, name=f"m{i}")) for i in range(8) for m in tape.metrics)
    many = Tape(
        tape.subject, tape.interval, tape.calendar, tape.slots, tape.candles, tape.crowd, metrics, (), tape.provenance
    )
    chart = show(lay(many))
    QApplication.processEvents()
    assert len(panes(chart)) == 12
    assert all(w.height() >= w.pane.least for w in panes(chart).values())
    assert chart._column.verticalScrollBar().maximum() > 0


def test_that_ranks_have_the_best_on_top(show: Show, view: View) -> None:
    chart = show(view)
    scale = scale_of(chart, "metric:rank")
    assert scale.at(1) < scale.at(209)
    assert 1 in panes(chart)["metric:rank"].pane.ticks


def test_that_a_flag_tells_its_event_as_plain_text(show: Show, view: View) -> None:
    chart = show(view)
    QApplication.processEvents()
    x = pixel_of(chart, view.tape.events[0].time)
    for widget in panes(chart).values():
        found = widget.layer.flags_at(x + 3, flag_top(widget.pane) + 4)
        assert [f.event for f in found] == [view.tape.events[0]]
        assert "Limit up &lt;b&gt;" in flag_text(found, chart.zone)
        assert widget.layer.flags_at(x + 60, flag_top(widget.pane) + 4) == []


def test_that_the_buttons_of_a_pane_stand_clear_of_its_figures(show: Show, view: View) -> None:
    chart = show(view)
    for width in (900, 560, 420):
        chart.resize(width, 700)
        for widget in panes(chart).values():
            chart.offer_controls(widget)
            widget.grab()
            buttons = chart._controls.geometry()
            rows = [QRectF(0, TOP + k * LINE + 2, end, LINE - 4) for k, end in enumerate(widget.legend_ends)]
            assert not any(row.intersects(QRectF(buttons)) for row in rows), widget.pane.key
            assert buttons.right() <= chart.settle().x.width  # type: ignore[union-attr]  there is a view
            assert buttons.bottom() <= widget.height()


def test_that_simulated_data_is_marked(show: Show, tapes: Tapes, lay: Lay) -> None:
    chart = show(lay(tapes(simulated=True)))
    reading = newest_reading(cut_of(chart))
    assert reading is not None
    lines = panes(chart)["price"].pane.legend(cut_of(chart).view, reading, chart.ink, "en")
    assert any(s.text == "SIMULATED" for line in lines for s in line)


def test_that_a_hundred_repaints_lose_no_references_to_none(show: Show, view: View) -> None:
    chart = show(view)

    first = float(view.left[0])

    def repaint(count: int) -> None:
        for k in range(count):
            chart.travel.zoom(first, 1.01 if k % 2 else 1 / 1.01)
            chart.pointer.point(first + k, "price", 50)
            QApplication.processEvents()

    repaint(20)
    gc.collect()  # what earlier tests left behind holds references too
    before = sys.getrefcount(None)
    repaint(100)
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 50


def test_that_a_chart_can_be_made_very_small(show: Show, view: View) -> None:
    chart = show(view)
    chart.resize(60, 40)
    QApplication.processEvents()
    chart.grab()


def test_that_nothing_of_an_old_selection_stays_behind(show: Show, view: View) -> None:
    chart = show(view)
    pane = panes(chart)["price"]
    clean = pane.grab().toImage()
    chart.pointer.show_selection(Span(int(view.tape.slots.end[9]), int(view.tape.slots.end[14])))
    QApplication.processEvents()
    turn(chart, 300, 3)
    QApplication.processEvents()
    chart.travel.fit()
    QApplication.processEvents()
    chart.pointer.show_selection(None)
    QApplication.processEvents()
    assert pane.grab().toImage() == clean


def test_that_the_overlay_knows_what_it_covers_after_a_zoom(show: Show, view: View) -> None:
    chart = show(view)
    pane = panes(chart)["price"]
    start = int(view.tape.slots.end[9])
    chart.pointer.show_selection(Span(start, int(view.tape.slots.end[14])))
    QApplication.processEvents()
    turn(chart, 300, 3)
    QApplication.processEvents()
    assert pane._covered.contains(QPoint(round(pixel_of(chart, start)), 200))


def test_that_a_pane_that_cannot_be_painted_is_logged_and_harms_nobody(
    show: Show, view: View, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = show(view)

    def fail(*_: object) -> None:
        raise IndexError("planted")

    monkeypatch.setattr(panes(chart)["volume"].pane, "draw", fail)
    chart.invalidate()
    QApplication.processEvents()
    assert "the pane volume could not be painted" in caplog.text
    assert panes(chart)["price"].drawings > 1


def test_that_the_posts_of_a_night_stay_in_the_night_when_bars_are_grouped(tape: Tape, lay: Lay, show: Show) -> None:
    calendar = tape.calendar
    start, end = slots(calendar, Interval.M1, int(calendar.open[60]), int(calendar.close[63]))
    flat = np.full(len(start), 20.0)
    night = calendar.close[61] + np.arange(1, 51) * 60_000
    crowd = Rollup.of(night, np.zeros(50))
    bars = Candles(flat, flat, flat, flat, flat)
    minutes = Tape(Instrument("300792.SZ"), Interval.M1, calendar, Slots(start, end), bars, crowd)
    chart = show(lay(minutes))
    assert cut_of(chart).frame.size > 1
    pane = panes(chart)["posts"]
    image = pane.grab().toImage()
    closed = chart.ink["posts_closed"].name()
    columns = [
        x for x in range(round(cut_of(chart).x.width)) if image.pixelColor(x, pane.height() - 3).name() == closed
    ]
    low, high = pixel_of(chart, int(calendar.close[61])), pixel_of(chart, int(calendar.open[62]))
    assert columns
    assert low - 1 <= min(columns) <= max(columns) <= high + 1
    assert scale_of(chart, "posts").high == 50
