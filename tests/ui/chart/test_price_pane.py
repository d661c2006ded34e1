"""The price pane: styles, axes, limits, actions, comparison; and what the mouse does on its axis."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from core.layout import DEFAULT_LAYOUT, PaneSpec, StudySpec
from core.model import Action, ActionKind, Instrument
from core.timeline.comparison import Compared
from core.timeline.lines import Line
from ui.chart.cut import Cut, make_cut
from ui.chart.ink import Ink
from ui.chart.pane_widget import PaneWidget
from ui.chart.panes import PricePane, needs_of
from ui.chart.panes.price_tags import Tag, apart
from ui.chart.scale import MINUS
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from core.layout import Value
    from core.timeline import Tape, View
    from ui.chart import ChartStack

WIDTH, HEIGHT, AXIS = 600, 400, 64


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need one."""


def pane_of(studies: tuple[StudySpec, ...] = (), **options: Value) -> PricePane:
    return PricePane(PaneSpec("price", "price", options, studies))


def cut_of(view: View, first: int = 0, last: int | None = None) -> Cut:
    last = len(view.tape.slots) - 1 if last is None else last
    return make_cut(view, float(view.left[first]), float(view.right[last]), WIDTH)


def painted(pane: PricePane, cut: Cut) -> np.ndarray:
    """Return what a pane looks like, rgb of shape (height, width, 3)."""
    image = QImage(WIDTH + AXIS, HEIGHT, QImage.Format.Format_RGB32)
    ink = Ink(load_theme("dark"))
    image.fill(ink["background"])
    pane.prepare(cut, HEIGHT)
    with QPainter(image) as painter:
        pane.paint(painter, cut, ink, AXIS)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, 2::-1].copy()


def has_colour(pixels: np.ndarray, name: str) -> np.ndarray:
    colour = Ink(load_theme("dark"))[name]
    return (pixels == np.array([colour.red(), colour.green(), colour.blue()])).all(axis=2)


@pytest.mark.parametrize("style", ["candles", "hollow", "bars", "line", "area"])
@pytest.mark.parametrize("last", [10, 39])
def test_that_every_style_shows_highest_and_lowest_price_in_range(view: View, style: str, last: int) -> None:
    pane = pane_of(style=style, last=False, limits=False)
    cut = cut_of(view, 0, last)
    seen = painted(pane, cut)
    assert pane.y is not None
    c = view.tape.candles
    high, low = (c.close, c.close) if style in {"line", "area"} else (c.high, c.low)
    names = ("accent",) if style in {"line", "area"} else ("rise", "fall", "flat")
    rows = np.flatnonzero(np.any([has_colour(seen, n)[:, :WIDTH].any(axis=1) for n in names], axis=0))
    for value, row in ((np.max(high[: last + 1]), rows[0]), (np.min(low[: last + 1]), rows[-1])):
        assert abs(pane.y.at(float(value)) - row) <= 3


def test_that_a_hollow_candle_is_hollow_where_it_closed_above_its_open(view: View) -> None:
    full, hollow = (painted(pane_of(style=s, last=False), cut_of(view, 0, 9)) for s in ("candles", "hollow"))
    for name in ("rise", "fall"):
        assert has_colour(full, name).sum() > 0
    assert has_colour(hollow, "rise").sum() < 0.5 * has_colour(full, "rise").sum()


def test_that_a_logarithmic_axis_gives_equal_ratios_equal_room(view: View) -> None:
    pane = pane_of(axis="log")
    pane.prepare(cut_of(view), HEIGHT)
    assert pane.y is not None
    assert pane.y.at(20) - pane.y.at(22) == pytest.approx(pane.y.at(22) - pane.y.at(24.2))


def test_that_a_percent_axis_begins_at_the_first_bar_in_sight(view: View) -> None:
    pane = pane_of(axis="percent")
    for first in (0, 20):
        pane.prepare(cut_of(view, first), HEIGHT)
        base = float(view.tape.candles.close[first])
        assert pane.label(base, 0.0, "en") == "0.00 %"
        assert pane.label(base * 1.1, base / 1000, "en") == "+10.0 %"
        assert pane.label(base * 0.9, base / 1000, "en") == f"{MINUS}10.0 %"
        percents = [100 * (t / base - 1) for t in pane.ticks]
        assert percents == pytest.approx([round(2 * p) / 2 for p in percents], abs=1e-6)


def test_that_percent_may_begin_at_a_date(view: View) -> None:
    pane = pane_of(axis="percent", base="date", base_date="2025-01-10")
    pane.prepare(cut_of(view, 20), HEIGHT)
    assert pane.label(float(view.tape.candles.close[4]), 0.0, "en") == "0.00 %"  # Monday the 6th is the first slot
    never = pane_of(axis="percent", base="date", base_date="soon")
    never.prepare(cut_of(view, 20), HEIGHT)
    assert never.label(float(view.tape.candles.close[20]), 0.0, "en") == "0.00 %"


def compared_with(tape: Tape, close: np.ndarray) -> Tape:
    tape.compared = (Compared(Instrument("META", "Meta"), Line(close)),)
    return tape


def test_that_a_compared_symbol_moves_as_the_subject_would_by_the_same_percent(
    tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    tape = tapes()
    view = lay(compared_with(tape, tape.candles.close * 30))
    pane = pane_of(compared=("META",), style="line", last=False)
    pane.prepare(cut_of(view), HEIGHT)
    assert pane.percent
    reading = view.reading_of(7)
    lines = pane.lines(view, reading, Ink(load_theme("dark")), "en")
    (found,) = [line for line in lines if line[0].text == "META"]
    share = 100 * (tape.candles.close[7] / tape.candles.close[0] - 1)
    assert found[1].text.replace(MINUS, "-") == f"{share:+.2f} %"
    assert {s.target for s in found} == {"compared:META"}
    # The same percents lie on the same pixels: the second line covers the first one.
    seen = painted(pane, cut_of(view))
    assert has_colour(seen, "metric0").sum() > 20
    assert not has_colour(seen, "accent").any()


def test_that_the_newest_figure_of_each_symbol_is_a_tag_in_its_colour(tape: Tape, lay: Callable[..., View]) -> None:
    ink = Ink(load_theme("dark"))
    close = tape.candles.close * 30 * np.linspace(1, 1.3, len(tape.candles.close))
    view = lay(compared_with(tape, close))
    pane = pane_of(compared=("META",), style="line")
    seen = painted(pane, cut_of(view))[:, WIDTH + 2 :]
    colour = ink[ink.metric(0)]
    rows = np.flatnonzero((seen == (colour.red(), colour.green(), colour.blue())).all(axis=2).any(axis=1))
    assert pane.y is not None
    last, first = close[-1] / close[0], float(tape.candles.close[0])
    assert rows.min() - 1 <= pane.y.at(first * last) <= rows.max() + 1
    past = painted(pane_of(compared=("META",), style="line"), cut_of(view, 0, 20))[:, WIDTH + 2 :]
    assert not (past == (colour.red(), colour.green(), colour.blue())).all(axis=2).any()


@given(st.lists(st.floats(-20, 420), max_size=12), st.floats(8, 20))
def test_that_tags_never_cover_each_other_and_stay_in_their_order(middles: list[float], height: float) -> None:
    found = apart([Tag(m, str(m), "rise") for m in middles], height, HEIGHT)
    assert [float(tag.text) for tag in found] == sorted(middles)
    assert all(b.at - a.at >= height * (1 - 1e-9) for a, b in pairwise(found))
    assert all(tag.at <= HEIGHT - height / 2 for tag in found)


def test_that_a_symbol_which_is_not_compared_any_more_leaves_the_axis(
    tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    tape = tapes()
    view = lay(compared_with(tape, tape.candles.close * 30))
    pane = pane_of()
    pane.prepare(cut_of(view), HEIGHT)
    assert not pane.percent
    assert needs_of(DEFAULT_LAYOUT).compared == ()
    spec = PaneSpec("price", "price", {"compared": ("META", "SNAP"), "weights": "equal"})
    assert needs_of(DEFAULT_LAYOUT.replaced(spec)).compared == ("META", "SNAP")
    assert needs_of(DEFAULT_LAYOUT.replaced(spec)).equal_weights


def test_that_a_locked_bar_bears_a_mark_and_says_so(tapes: Callable[..., Tape], lay: Callable[..., View]) -> None:
    tape = tapes()
    # ChiNext: 20 %. Bar 6 closes at its limit, at one price.
    c, before = tape.candles, float(tape.candles.close[5])
    limit = round(before * 1.2, 2)
    for column in (c.open, c.high, c.low, c.close):
        column[6] = limit
    c.high[7:] = np.minimum(c.high[7:], limit)
    view = lay(tape)
    ink = Ink(load_theme("dark"))
    words = [s.text for s in pane_of().legend(view, view.reading_of(6), ink, "en")[0]]
    assert "locked limit up" in words
    assert "locked limit up" not in [s.text for s in pane_of().legend(view, view.reading_of(7), ink, "en")[0]]
    on, off = (painted(pane_of(last=False, limits=shown), cut_of(view, 2, 12)) for shown in (True, False))
    assert has_colour(on, "rise").sum() > has_colour(off, "rise").sum() + 20


def test_that_splits_and_dividends_stand_on_their_bar_and_tell_of_themselves(
    tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    tape = tapes()
    start = tape.slots.start
    tape.actions = (
        Action(int(start[3]), ActionKind.DIVIDEND, 0.47, "a <file>"),
        Action(int(start[8]), ActionKind.SPLIT, 7.0, "Yahoo"),
    )
    view = lay(tape)
    pane = pane_of()
    cut = cut_of(view, 0, 12)
    painted(pane, cut)
    for slot, text in ((3, "Dividend 0.47 CNY a share"), (8, "Split 7:1")):
        middle = cut.x.at((float(view.left[slot]) + float(view.right[slot])) / 2)
        assert text in pane.tip(middle, HEIGHT - 8)
    assert "a &lt;file&gt;" in pane.tip(cut.x.at((float(view.left[3]) + float(view.right[3])) / 2), HEIGHT - 8)
    assert pane.tip(5, 5) == ""
    painted(pane_of(actions=False), cut)


def test_that_the_legend_tells_every_study_at_the_reading(view: View) -> None:
    pane = pane_of((StudySpec("sma", {"period": 3}), StudySpec("bollinger", {"period": 4})))
    pane.prepare(cut_of(view), HEIGHT)
    close = view.tape.candles.close
    lines = pane.lines(view, view.reading_of(9), Ink(load_theme("dark")), "en")
    assert [s.text for s in lines[-2]] == ["SMA 3", f"{close[7:10].mean():.2f}"]
    assert lines[-1][0].text == "BB 4 2"
    assert [s.target for s in lines[-2]] == ["study:0"] * 2
    assert [s.target for s in lines[-1]] == ["study:1"] * 4


def test_that_studies_widen_the_axis_so_that_they_are_seen(view: View) -> None:
    plain, wide = pane_of(), pane_of((StudySpec("bollinger", {"period": 5, "width": 8.0}),))
    for pane in (plain, wide):
        pane.prepare(cut_of(view), HEIGHT)
    assert plain.y is not None
    assert wide.y is not None
    assert wide.y.low < plain.y.low
    assert wide.y.high > plain.y.high


def price_widget(chart: ChartStack) -> PaneWidget:
    return next(w for w in chart.findChildren(PaneWidget) if w.pane.kind == "price")


def test_that_dragging_the_axis_stretches_it_and_a_double_click_fits_it_again(
    show: Callable[[View | None], ChartStack], view: View
) -> None:
    chart = show(view)
    widget = price_widget(chart)
    assert widget.pane.y is not None
    fitted = widget.pane.y.low, widget.pane.y.high
    x = widget.width() - 10
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, 100))
    QTest.mouseMove(widget, QPoint(x, 200))
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, 200))
    chart.settle()
    wide = widget.pane.y.high - widget.pane.y.low
    assert wide == pytest.approx((fitted[1] - fitted[0]) * math.exp(100 / 200), rel=1e-6)
    chart.travel.zoom(float(view.left[5]), 2.0)
    chart.settle()
    assert widget.pane.y.high - widget.pane.y.low == pytest.approx(wide)
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(x, 100))
    chart.travel.fit()
    chart.settle()
    assert (widget.pane.y.low, widget.pane.y.high) == fitted


def test_that_a_chosen_range_outlives_a_change_of_style_but_not_of_subject(
    show: Callable[[View | None], ChartStack], view: View, tapes: Callable[..., Tape], lay: Callable[..., View]
) -> None:
    chart = show(view)
    price_widget(chart).pane.stretch(2.0)
    chosen = price_widget(chart).pane.manual
    assert chosen is not None
    spec = DEFAULT_LAYOUT.panes[0].with_options(style="bars")
    chart.set_layout(DEFAULT_LAYOUT.replaced(spec))
    assert price_widget(chart).pane.manual == chosen
    chart.show_view(lay(tapes(name="603598.SS")))
    assert price_widget(chart).pane.manual is None


def test_that_a_click_on_a_study_in_the_legend_asks_for_its_menu(
    show: Callable[[View | None], ChartStack], view: View
) -> None:
    chart = show(view)
    spec = dataclasses.replace(DEFAULT_LAYOUT.panes[0], studies=(StudySpec("sma", {"period": 3}),))
    chart.set_layout(DEFAULT_LAYOUT.replaced(spec))
    chart.grab()  # the legend is painted
    wanted: list[str] = []
    chart.menu_wanted.connect(lambda place: wanted.append(place.target))
    QTest.mouseClick(price_widget(chart), Qt.MouseButton.LeftButton, pos=QPoint(20, 4 + 2 * 18 + 9))
    assert wanted == ["study:0"]
    assert chart.pointer.selection is None
