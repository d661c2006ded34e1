"""Drawing by mouse and keys on a chart that keeps what it is told to, as the window does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.drawings import Anchor, Drawing, DrawingKind
from core.marks import Marks
from core.model import ClockMode, subject_key
from ui.chart.drawings.scene import flag_top
from ui.chart.drawings.tools import POINTER, TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.marks import Change, Flag
    from core.timeline import Tape, View
    from ui.chart import ChartStack
    from ui.chart.cut import Cut
    from ui.chart.pane_widget import PaneWidget
    from ui.chart.scale import YScale

Key, Button, Held = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
HOUR = 3_600_000


class Board:
    """A chart, and what it asked for."""

    def __init__(self, chart: ChartStack, view: View) -> None:
        self.chart, self.view = chart, view
        self.owner = subject_key(view.tape.subject)
        self.marks = dict(view.tape.marks)
        self.said: list[str] = []
        self.edits: list[tuple[Drawing, bool]] = []
        self.events: list[int] = []
        self.flags: list[list[Flag]] = []
        chart.marker.wanted.connect(self.keep)
        chart.marker.edit_wanted.connect(lambda drawing, new: self.edits.append((drawing, new)))
        chart.marker.event_wanted.connect(self.events.append)
        chart.marker.flags_wanted.connect(lambda flags, _point: self.flags.append(flags))
        chart.setFocus()

    def keep(self, text: str, changes: tuple[Change, ...]) -> None:
        self.said.append(text)
        self.marks[self.owner] = self.marks[self.owner].changed(changes)
        self.chart.show_marks(self.marks.copy())

    def add(self, *drawings: Drawing) -> None:
        own = self.marks[self.owner]
        self.marks[self.owner] = Marks(own.events, (*own.drawings, *drawings))
        self.chart.show_marks(self.marks.copy())
        self.paint()

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        return self.marks[self.owner].drawings

    @property
    def cut(self) -> Cut:
        cut = self.chart.settle()
        assert cut is not None
        return cut

    def pane(self, key: str = "price") -> PaneWidget:
        return next(w for w in self.chart._column.widgets if w.pane.key == key)

    def scale(self, key: str = "price") -> YScale:
        scale = self.pane(key).pane.y
        assert scale is not None
        return scale

    def at(self, anchor: Anchor, key: str = "price") -> tuple[float, float]:
        return self.cut.x.at(float(self.cut.view.clock.to_x(anchor.time))), self.scale(key).at(anchor.value)

    def paint(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def mouse(self, kind: QEvent.Type, x: float, y: float, key: str = "price", **how: Any) -> None:
        pane, at = self.pane(key), QPointF(x, y)
        button = how.get("button", Button.LeftButton)
        down = Button.NoButton if kind == QEvent.Type.MouseButtonRelease or how.get("free") else button
        held = how.get("held", Held.NoModifier)
        event = QMouseEvent(kind, at, pane.mapToGlobal(at), Button.NoButton if how.get("free") else button, down, held)
        QApplication.sendEvent(pane, event)

    def press(self, x: float, y: float, **how: Any) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, x, y, **how)

    def move(self, x: float, y: float, **how: Any) -> None:
        self.mouse(QEvent.Type.MouseMove, x, y, **how)

    def release(self, x: float, y: float, **how: Any) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, x, y, **how)

    def click(self, x: float, y: float, **how: Any) -> None:
        self.press(x, y, **how)
        self.release(x, y, **how)

    def drag(self, x: float, y: float, u: float, v: float, **how: Any) -> None:
        self.press(x, y, **how)
        for share in (0.4, 0.8, 1.0):
            self.move(x + share * (u - x), y + share * (v - y), **how)
        self.release(u, v, **how)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        QTest.keyClick(self.chart, key, held)


@pytest.fixture
def board(show: Callable[[View | None], ChartStack], view: View) -> Board:
    made = Board(show(view), view)
    made.paint()
    return made


def line_on(board: Board, number: str = "line", **changes: Any) -> Drawing:
    """Return a trend line across the middle of the price pane."""
    slots = board.view.tape.slots
    anchors = Anchor(int(slots.start[8]) + HOUR, 21.0), Anchor(int(slots.start[24]) + HOUR, 24.0)
    return replace(Drawing(number, DrawingKind.TREND, "price", anchors, made=1), **changes)


def near(found: Anchor, x: float, y: float, board: Board, key: str = "price") -> bool:
    u, v = board.at(found, key)
    return abs(u - x) <= 0.5 and abs(v - y) <= 0.5


# --- making


@pytest.mark.parametrize("tool", [t for t in TOOLS if t.kind is not None], ids=lambda t: t.name)
@pytest.mark.parametrize("dragging", [False, True])
def test_that_every_tool_draws_by_clicks_and_by_a_drag(board: Board, tool: Any, *, dragging: bool) -> None:
    marker = board.chart.marker
    marker.set_tool(tool.name)
    if dragging:
        board.drag(300, 120, 420, 180)
    else:
        board.click(300, 120)
        if tool.kind.anchors == 2:
            assert marker.sketching
            board.move(380, 160, free=True)
            board.click(420, 180)
    found = board.edits[0][0] if tool.kind is DrawingKind.TEXT else board.drawings[-1]
    last = (300, 120) if tool.kind.anchors == 1 and not dragging else (420, 180)
    assert found.kind is tool.kind
    assert found.pane == "price"
    assert near(found.anchors[-1], *last, board)
    if tool.kind.anchors == 2:
        assert near(found.anchors[0], 300, 120, board)
    assert marker.tool == POINTER
    assert tool.kind is DrawingKind.TEXT or marker.chosen == found.id


def test_that_a_text_is_kept_only_once_it_has_words(board: Board) -> None:
    board.chart.marker.set_tool("text")
    board.click(300, 120)
    assert [(d.kind, new) for d, new in board.edits] == [(DrawingKind.TEXT, True)]
    assert board.drawings == ()


def test_that_escape_drops_the_line_then_the_tool_then_the_choice_then_the_selection(board: Board) -> None:
    board.add(line_on(board))
    marker = board.chart.marker
    marker.set_tool("trend")
    board.click(300, 120)
    board.key(Key.Key_Escape)
    assert not marker.sketching
    assert marker.tool == "trend"
    board.key(Key.Key_Escape)
    assert marker.tool == POINTER
    marker.choose("line")
    board.key(Key.Key_Escape)
    assert marker.chosen == ""
    board.chart.pointer.toggle(board.cut.x.position(300))
    board.key(Key.Key_Escape)
    assert board.chart.pointer.selection is None
    assert [d.id for d in board.drawings] == ["line"]


def test_that_the_right_button_puts_a_tool_away_and_opens_no_menu(board: Board) -> None:
    menus: list[object] = []
    board.chart.menu_wanted.connect(menus.append)
    board.chart.marker.set_tool("trend")
    board.click(300, 120, button=Button.RightButton)
    assert board.chart.marker.tool == POINTER
    assert menus == []


def test_that_a_drawing_belongs_to_its_pane_and_a_vertical_line_to_all(board: Board) -> None:
    board.chart.marker.set_tool("horizontal")
    board.click(300, 40, key="sentiment")
    board.chart.marker.set_tool("vertical")
    board.click(420, 120)
    board.chart.marker.choose("")
    board.paint()
    seen = {w.pane.key: {p.shape.kind for p in w.layer.placed} for w in board.chart._column.widgets}
    assert seen["sentiment"] == {DrawingKind.HORIZONTAL, DrawingKind.VERTICAL}
    assert seen["price"] == seen["posts"] == {DrawingKind.VERTICAL}


def test_that_the_magnet_draws_a_point_to_a_price_of_its_bar_and_ctrl_turns_it_round(board: Board) -> None:
    marker, slots = board.chart.marker, board.view.tape.slots
    middle = (int(slots.start[10]) + int(slots.end[10])) // 2
    high = float(board.view.tape.candles.high[10])
    x, y = board.at(Anchor(middle, high))
    marker.magnet = True
    marker.set_tool("horizontal")
    board.click(x + 2, y + 3)
    assert board.drawings[-1].anchors[0] == Anchor(middle, high)
    marker.set_tool("horizontal")
    board.click(x + 2, y + 3, held=Held.ControlModifier)
    assert near(board.drawings[-1].anchors[0], x + 2, y + 3, board)


# --- choosing and moving


def test_that_a_click_chooses_the_uppermost_and_one_beside_lets_go_of_it(board: Board) -> None:
    board.add(line_on(board, "low"), line_on(board, "top", made=9))
    ends = [board.at(a) for a in line_on(board).anchors]
    x, y = (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2
    board.click(x, y)
    assert board.chart.marker.chosen == "top"
    assert board.chart.pointer.selection is None
    board.click(x, y + 90)
    assert board.chart.marker.chosen == ""
    assert board.chart.pointer.selection is not None


def test_that_a_drag_moves_all_of_it_and_a_grip_its_end_alone(board: Board) -> None:
    board.add(line := line_on(board))
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    board.drag((x + u) / 2, (y + v) / 2, (x + u) / 2 + 40, (y + v) / 2 + 20)
    moved = board.drawings[0]
    assert near(moved.anchors[0], x + 40, y + 20, board)
    assert near(moved.anchors[1], u + 40, v + 20, board)
    board.drag(u + 40, v + 20, u + 90, v)
    assert board.drawings[0].anchors[0] == moved.anchors[0]
    assert near(board.drawings[0].anchors[1], u + 90, v, board)
    assert board.said == ["move trend line", "move trend line"]


def test_that_escape_in_the_middle_of_a_drag_leaves_the_drawing_where_it_was(board: Board) -> None:
    board.add(line := line_on(board))
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    board.press((x + u) / 2, (y + v) / 2)
    board.move((x + u) / 2 + 30, (y + v) / 2)
    assert board.chart.marker.live is not None
    board.key(Key.Key_Escape)
    board.move((x + u) / 2 + 60, (y + v) / 2)
    board.release((x + u) / 2 + 60, (y + v) / 2)
    assert board.drawings == (line,)
    assert board.chart.marker.live is None


def test_that_what_is_locked_is_chosen_but_not_moved(board: Board) -> None:
    board.add(line := line_on(board, locked=True))
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    board.drag((x + u) / 2, (y + v) / 2, (x + u) / 2 + 40, (y + v) / 2)
    board.key(Key.Key_Right)
    assert board.drawings == (line,)
    board.chart.marker.lock()
    board.chart.marker.locked = True
    board.key(Key.Key_Right)
    assert board.drawings == (replace(line, locked=False),)
    assert board.said == ["unlock trend line"]


def test_that_panning_stays_what_a_drag_beside_the_drawings_does(board: Board) -> None:
    board.add(line_on(board))
    before = board.chart.visible_range()
    board.drag(400, 330, 460, 330)
    assert board.chart.visible_range() != before
    assert board.drawings == (line_on(board),)


def test_that_arrows_move_by_bars_and_over_the_weekend_to_the_same_time_of_day(board: Board) -> None:
    board.add(line := line_on(board))
    slots = board.view.tape.slots
    board.chart.marker.choose("line")
    board.key(Key.Key_Right)
    first, second = board.drawings[0].anchors
    assert first == Anchor(int(slots.start[9]) + HOUR, 21.0)
    assert second == Anchor(int(slots.start[25]) + HOUR, 24.0)
    board.key(Key.Key_Left)
    assert board.drawings == (line,)
    board.key(Key.Key_Up)
    assert all(new.value > old.value for new, old in zip(board.drawings[0].anchors, line.anchors, strict=True))


def test_that_space_hands_the_arrows_one_end_after_the_other(board: Board) -> None:
    board.add(line := line_on(board))
    board.chart.marker.choose("line")
    board.key(Key.Key_Space)
    board.key(Key.Key_Right)
    assert board.drawings[0].anchors[0] != line.anchors[0]
    assert board.drawings[0].anchors[1] == line.anchors[1]
    board.key(Key.Key_Space)
    board.key(Key.Key_Down)
    assert board.drawings[0].anchors[1].value < line.anchors[1].value
    board.key(Key.Key_Space)
    assert board.chart.marker.grip == -1


def test_that_delete_removes_and_return_edits_the_chosen_one(board: Board) -> None:
    board.add(line := line_on(board))
    board.chart.marker.choose("line")
    board.key(Key.Key_Return)
    assert board.edits == [(line, False)]
    board.key(Key.Key_Delete)
    assert board.drawings == ()
    assert board.said == ["remove trend line"]


def test_that_a_double_click_edits_and_changes_no_range(board: Board) -> None:
    board.add(line := line_on(board))
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    before = board.chart.visible_range()
    board.click((x + u) / 2, (y + v) / 2)
    board.mouse(QEvent.Type.MouseButtonDblClick, (x + u) / 2, (y + v) / 2)
    board.release((x + u) / 2, (y + v) / 2)
    assert board.edits == [(line, False)]
    assert board.chart.visible_range() == before


def test_that_drawings_are_chosen_one_after_the_other_in_order_of_time(board: Board) -> None:
    board.add(line_on(board, "later"), line_on(board, "early", anchors=(Anchor(0, 1.0), Anchor(1, 2.0))))
    chosen = []
    for _ in range(3):
        board.chart.marker.choose_next()
        chosen.append(board.chart.marker.chosen)
    assert chosen == ["early", "later", ""]


# --- the keyboard alone


def test_that_a_line_is_drawn_by_the_keyboard_alone(board: Board) -> None:
    board.chart.marker.set_tool("trend")
    board.key(Key.Key_Left)
    board.key(Key.Key_Left)
    assert board.chart.overlay.pane == "price"
    start = board.chart.overlay.x, board.chart.overlay.y
    board.key(Key.Key_Return)
    for key in (Key.Key_Left, Key.Key_Left, Key.Key_Left, Key.Key_Up, Key.Key_Up):
        board.key(key)
    end = board.chart.overlay.x, board.chart.overlay.y
    board.key(Key.Key_Return)
    (found,) = board.drawings
    assert start[0] is not None
    assert end[0] is not None
    assert near(found.anchors[0], board.cut.x.at(start[0]), start[1], board)
    assert near(found.anchors[1], board.cut.x.at(end[0]), end[1], board)
    assert end[0] < start[0]
    assert end[1] < start[1]


def test_that_an_event_is_asked_for_at_the_keyboard_cursor_and_at_a_click(board: Board) -> None:
    board.chart.marker.set_tool("event")
    board.key(Key.Key_Left)
    board.key(Key.Key_Return)
    board.chart.marker.set_tool("event")
    board.click(300, 120)
    clock = board.view.clock
    slots = board.view.tape.slots
    assert slots.start[-1] <= board.events[0] <= slots.end[-1]
    assert board.events[1] == int(clock.to_ms(board.cut.x.position(300)))
    assert board.chart.marker.tool == POINTER


# --- what it costs


def test_that_moving_the_crosshair_paints_neither_panes_nor_marks(board: Board) -> None:
    board.add(line_on(board))
    board.move(300, 120, free=True)
    board.paint()
    widget = board.pane()
    before = widget.drawings, widget.layer.paintings
    for step in range(12):
        board.move(310 + step * 9, 130 + step, free=True)
        board.paint()
    assert (widget.drawings, widget.layer.paintings) == before


def test_that_dragging_a_drawing_paints_neither_panes_nor_other_marks(board: Board) -> None:
    board.add(line := line_on(board), line_on(board, "other", made=2, width=3.0))
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    board.press((x + u) / 2, (y + v) / 2)
    board.paint()
    widget = board.pane()
    before = widget.drawings, widget.layer.paintings
    for step in range(12):
        board.move((x + u) / 2 + step * 5, (y + v) / 2 + step)
        board.paint()
    assert (widget.drawings, widget.layer.paintings) == before
    assert board.chart.marker.live is not None


def test_that_a_chart_without_marks_pays_for_no_second_picture(
    show: Callable[[View | None], ChartStack], view: View
) -> None:
    chart = show(view)
    chart.show_marks({})
    for _ in range(3):
        QApplication.processEvents()
    assert all(w.layer._picture.isNull() for w in chart._column.widgets)


def test_that_only_drawings_in_sight_are_placed(board: Board) -> None:
    slots = board.view.tape.slots
    board.add(*(line_on(board, f"far{k}", anchors=(Anchor(k, 1.0), Anchor(k + 1, 2.0))) for k in range(50)))
    board.chart.travel.set_range(int(slots.start[10]), int(slots.end[20]))
    board.paint()
    assert board.pane().layer.placed == []


# --- clocks, hiding, flags


def test_that_marks_stay_with_another_clock_at_the_pixels_of_their_instants(
    board: Board, lay: Callable[..., View], tape: Tape
) -> None:
    board.add(line := line_on(board))
    board.chart.show_view(lay(tape, ClockMode.WALL))
    board.chart.show_marks(board.marks)
    board.paint()
    (placed,) = board.pane().layer.placed
    for point, anchor in zip(placed.shape.points, line.anchors, strict=True):
        assert point == pytest.approx(board.at(anchor))
    clock = board.cut.view.clock
    assert clock.mode is ClockMode.WALL
    assert board.at(line.anchors[0])[0] == board.cut.x.at(float(clock.to_x(line.anchors[0].time)))


def test_that_marks_and_what_is_chosen_stay_while_ticks_come_in(
    board: Board, lay: Callable[..., View], tape: Tape
) -> None:
    board.add(line := line_on(board))
    board.chart.marker.choose("line")
    board.chart.show_ticks(lay(tape))
    board.paint()
    assert board.chart.marker.drawing == line
    board.key(Key.Key_Right)
    assert board.drawings[0] != line


def test_that_hidden_marks_are_neither_painted_nor_met(board: Board) -> None:
    board.add(line := line_on(board))
    board.chart.marker.set_hidden(True)
    board.paint()
    (x, y), (u, v) = (board.at(a) for a in line.anchors)
    board.click((x + u) / 2, (y + v) / 2)
    assert board.chart.marker.chosen == ""
    assert all(w.layer.placed == [] for w in board.chart._column.widgets)
    flag = board.view.tape.events[0]
    px = board.cut.x.at(float(board.cut.view.clock.to_x(flag.time)))
    assert board.pane().layer.flags_at(px + 3, flag_top(board.pane().pane) + 4) == []


def test_that_a_click_on_a_flag_tells_its_events_and_selects_nothing(board: Board) -> None:
    event = board.view.tape.events[0]
    px = board.cut.x.at(float(board.cut.view.clock.to_x(event.time)))
    for key in ("price", "sentiment"):
        board.click(px + 3, flag_top(board.pane(key).pane) + 4, key=key)
    assert [[f.event for f in flags] for flags in board.flags] == [[event], [event]]
    assert board.chart.pointer.selection is None
