"""Drawings, looked at pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from core.marks import Flag
from core.model import Event
from core.series import Candles
from core.timeline.lines import Line
from ui.chart.arrays import fill_rects
from ui.chart.ink import Ink
from ui.chart.items.band import BandItem
from ui.chart.items.candles import CandleItem
from ui.chart.items.curve import CurveItem
from ui.chart.items.flags import FlagItem
from ui.chart.items.histogram import HistogramItem
from ui.chart.items.line import LineItem, cut_line, make_steps, split_line
from ui.chart.scale import XScale, YScale
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from core.series import FloatArray

WIDTH, HEIGHT = 200, 100
RED = QColor("#ff0000")
BLUE = QColor("#0000ff")


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need one."""


def picture(draw: Callable[[QPainter], None], ratio: float = 1.0) -> np.ndarray:
    """Return what was drawn on black as rgb, shape (height, width, 3)."""
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        draw(painter)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, 2::-1].copy()


def marked(pixels: np.ndarray) -> NDArray[np.bool_]:
    """Return where anything is, shape (height, width)."""
    return np.asarray(pixels.max(axis=2) > 0)


def positions(count: int) -> FloatArray:
    return np.arange(count, dtype=np.float64)


def painted(pixels: np.ndarray, colour: QColor) -> NDArray[np.bool_]:
    """Return where exactly this colour is, shape (height, width)."""
    return np.asarray((pixels == (colour.red(), colour.green(), colour.blue())).all(axis=2))


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_that_rectangles_cover_whole_device_pixels(ratio: float) -> None:
    x, y = np.array([10.0, 50.0]), np.array([5.0, 20.0])
    seen = painted(picture(lambda p: fill_rects(p, x, y, 4.0, 3.0, RED, ratio), ratio), RED)
    assert seen.sum() == 2 * 12 * ratio**2
    assert seen[int(5 * ratio), int(10 * ratio)]
    assert seen[int(22.5 * ratio), int(53.5 * ratio)]


def test_that_rectangles_without_area_leave_nothing() -> None:
    seen = picture(lambda p: fill_rects(p, np.array([10.0, 20.0]), 5.0, np.array([0.0, -3.0]), 3.0, RED))
    assert not seen.any()


def candles(*rows: tuple[float, float, float, float]) -> Candles:
    o, h, low, c = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    return Candles(o, h, low, c, np.ones(len(o)))


def draw_candles(bars: Candles, before: float, *, x1: float | None = None, ratio: float = 1.0) -> np.ndarray:
    n = len(bars.close)
    left = np.arange(n, dtype=np.float64)
    item, ink = CandleItem(), Ink(load_theme("dark"))
    item.set_data(left, left + 1, bars, np.concatenate(([before], bars.close[:-1])))
    x, y = XScale(0, x1 or n, WIDTH, ratio), YScale(0, 10, 0, HEIGHT)
    return picture(lambda p: item.paint(p, x, y, ink), ratio)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_that_a_locked_bar_is_a_thick_dash_in_the_colour_of_its_jump(ratio: float) -> None:
    ink = Ink(load_theme("dark"))
    seen = draw_candles(candles((5, 5, 5, 5)), before=4.5, ratio=ratio)
    rise = painted(seen, ink["rise"])
    assert np.flatnonzero(rise.any(axis=1)).size >= 3 * ratio
    assert np.flatnonzero(rise.any(axis=0)).size >= WIDTH * 0.7 * ratio
    assert painted(draw_candles(candles((5, 5, 5, 5)), before=5.5), ink["fall"]).any()


@pytest.mark.parametrize(("slot", "body"), [(2.5, 1), (3.0, 3), (4.0, 3), (6.0, 5), (10.0, 7), (20.0, 15)])
def test_that_a_body_is_wider_than_its_wick_down_to_three_pixels_a_bar(slot: float, body: int) -> None:
    bars = candles(*[(4, 9, 1, 6)] * int(WIDTH / slot))
    seen = marked(draw_candles(bars, before=4.0, x1=WIDTH / slot))
    assert seen[50, : round(2 * slot)].sum() == pytest.approx(2 * body, abs=1)
    assert seen[15, : round(2 * slot)].sum() == pytest.approx(2, abs=1)


def test_that_a_flag_leaves_room_for_the_number_on_the_one_before_it() -> None:
    item = FlagItem()
    item.set_data(np.array([10.0, 15.0, 27.0, 45.0]), [_flag(), _flag(), _flag(), _flag()])
    picture(lambda p: item.paint(p, XScale(0, WIDTH, WIDTH), 10, HEIGHT, Ink(load_theme("dark"))))
    assert [len(item.at(px, 12)) for px in (12, 47)] == [3, 1]


def _flag() -> Flag:
    return Flag("AAPL", Event(0, "x"))


def test_that_a_missing_bar_leaves_its_slot_empty() -> None:
    seen = draw_candles(candles((4, 6, 3, 5), (np.nan, np.nan, np.nan, np.nan), (4, 6, 3, 5)), before=4.0)
    assert not seen[:, 70:130].any()


def test_that_china_paints_a_rise_in_the_wests_colour_of_a_fall() -> None:
    theme = load_theme("dark")
    assert Ink(theme, "cn")["rise"] == Ink(theme, "west")["fall"]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 10_000))
def test_that_the_extremes_and_the_newest_bar_are_drawn(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    close = random.uniform(3, 7, count)
    opened = random.uniform(3, 7, count)
    high, low = np.maximum(opened, close) + 0.1, np.minimum(opened, close) - 0.1
    high[random.integers(count)] = 9.9
    low[random.integers(count)] = 0.1
    seen = marked(draw_candles(Candles(opened, high, low, close, np.ones(count)), before=5.0))
    rows = np.flatnonzero(seen.any(axis=1))
    assert rows[0] <= 2
    assert rows[-1] >= HEIGHT - 3
    newest = seen[:, int((count - 1) / count * WIDTH) :]
    assert newest.any()


def test_that_a_line_never_runs_over_a_gap() -> None:
    item = LineItem()
    value = np.array([5.0, 5, 5, np.nan, np.nan, 5, 5])
    item.set_data(positions(7), value, np.ones(7, np.bool_))
    x, y = XScale(0, 6, WIDTH), YScale(0, 10, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED)))
    assert seen[:, 30].any()
    assert not seen[:, 75:160].any()
    assert seen[:, 180].any()


def test_that_a_lonely_value_is_a_point() -> None:
    item = LineItem()
    item.set_data(positions(5), np.array([np.nan, np.nan, 5, np.nan, np.nan]), np.ones(5, np.bool_))
    x, y = XScale(0, 4, WIDTH), YScale(0, 10, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED)))
    assert seen[50, 100]
    assert seen.sum() <= 36


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 8), st.integers(0, 10_000))
def test_that_a_derived_line_shows_its_extremes_and_its_newest_value(count: int, power: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    value = random.uniform(4, 6, count)
    value[random.integers(count)] = 9.9
    value[random.integers(count)] = 0.1
    size = 2**power
    head = np.arange(0, count, size)
    left, right = head.astype(float), np.minimum(head + size, count).astype(float)
    item = CurveItem()
    item.set_data(left, right, Line(value).groups(0, count, size))
    x, y = XScale(0, count, WIDTH), YScale(0, 10, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED)))
    rows = np.flatnonzero(seen.any(axis=1))
    assert rows[-1] >= 98 if value.min() == 0.1 else rows[0] <= 2
    newest = float(right[-1] + left[-1]) / 2 / count * WIDTH
    assert seen[:, max(int(newest) - 2, 0) : int(newest) + 3].any()


def test_that_a_derived_line_bridges_a_gap_only_where_asked() -> None:
    value = np.array([5.0, 5, 5, np.nan, np.nan, 5, 5])
    x, y = XScale(0, 7, WIDTH), YScale(0, 10, 0, HEIGHT)
    for bridged in (False, True):
        item = CurveItem(dots=False)
        item.set_data(np.arange(7.0), np.arange(1.0, 8.0), Line(value).groups(0, 7, 1), bridged=bridged)
        seen = marked(picture(lambda p, item=item: item.paint(p, x, y, RED)))
        assert seen[:, 80:150].any() == bridged


def test_that_a_line_changes_its_colour_where_it_crosses() -> None:
    item = LineItem()
    item.set_data(np.array([0.0, 2.0]), np.array([10.0, -10.0]), np.ones(2, np.bool_))
    x, y = XScale(0, 2, WIDTH), YScale(-10, 10, 0, HEIGHT)
    seen = picture(lambda p: item.paint(p, x, y, RED, below=(0.0, BLUE)))
    left, right = seen[:, 10:90].sum(axis=(0, 1)), seen[:, 110:190].sum(axis=(0, 1))
    assert left[0] > 0
    assert left[2] == 0
    assert right[0] == 0
    assert right[2] > 0


@given(st.lists(st.floats(-50, 250), min_size=2, max_size=30, unique=True), st.integers(0, 2**30))
def test_that_a_cut_line_stays_inside_and_keeps_its_points(places: list[float], bits: int) -> None:
    px = np.sort(np.array(places))
    py = np.cos(px)
    joined = np.array([bool(bits >> i & 1) for i in range(len(px))])
    joined[-1] = False
    x, y, kept = cut_line(px, py, joined, 200.0)
    assert ((x >= 0) & (x <= 200)).all()
    inside = (px >= 0) & (px <= 200)
    assert set(px[inside]) <= set(x)
    assert len(x) == len(y) == len(kept)
    assert not len(kept) or not kept[-1] or x[-1] == 200.0
    assert (np.abs(y) <= 1 + 1e-9).all()


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30))
def test_that_a_split_line_has_no_piece_on_both_sides(values: list[float]) -> None:
    y = np.array(values)
    x = positions(len(y))
    joined = np.ones(len(y), np.bool_)
    joined[-1] = False
    sx, sy, kept = split_line(x, y, joined, 0.0)
    pieces = np.flatnonzero(kept)
    assert (sy[pieces] * sy[pieces + 1] >= 0).all()
    assert (np.diff(sx) >= 0).all()
    assert np.interp(x, sx, sy) == pytest.approx(y, abs=1e-9)


def test_that_a_step_holds_its_value_until_the_next() -> None:
    x, y, joined = make_steps(np.array([0.0, 1, 2]), np.array([5.0, 7, 6]), np.array([True, True, False]))
    assert x.tolist() == [0, 1, 1, 2, 2]
    assert y.tolist() == [5, 5, 7, 7, 6]
    assert joined.tolist() == [True, True, True, True, False]


@pytest.mark.parametrize("columns", [7, 100])
def test_that_a_band_has_the_gaps_of_its_data(columns: int) -> None:
    item = BandItem()
    left = positions(columns)
    low, high = np.full(columns, -5.0), np.full(columns, 5.0)
    gap = slice(columns // 3, 2 * columns // 3)
    low[gap] = high[gap] = np.nan
    item.set_data(left, left + 1, low, high)
    x, y = XScale(0, columns, WIDTH), YScale(-10, 10, 0, HEIGHT)
    seen = picture(lambda p: item.paint(p, x, y, RED, BLUE))
    inside = marked(seen)
    first, last = round(gap.start / columns * WIDTH), round(gap.stop / columns * WIDTH)
    assert not inside[:, first + 2 : last - 2].any()
    assert inside[30:70, : first - 2].all()
    assert inside[30:70, last + 2 :].all()
    assert painted(seen, RED)[30:48, 5].all()
    assert painted(seen, BLUE)[52:70, 5].all()


def test_that_runs_of_one_column_do_not_touch() -> None:
    item = BandItem()
    low = np.array([-5.0, np.nan, -5, np.nan, -5])
    item.set_data(positions(5), positions(5) + 1.0, low, -low)
    x, y = XScale(0, 5, WIDTH), YScale(-10, 10, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED, BLUE)))
    assert seen[50, 20]
    assert not seen[:, 42:78].any()
    assert not seen[:, 122:158].any()


def test_that_a_single_post_still_shows_beside_a_thousand() -> None:
    item = HistogramItem()
    item.set_data(np.array([0.0, 1, 2]), np.array([1.0, 2, 3]), np.array([1000.0, 1, 0]))
    x, y = XScale(0, 3, WIDTH), YScale(0, 1000, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED)))
    assert seen[HEIGHT - 1, 100]
    assert seen[:, 100].sum() == 1
    assert not seen[:, 160:].any()


def test_that_nothing_is_drawn_outside_of_the_scale() -> None:
    item = HistogramItem()
    item.set_data(np.array([-1.0, 0.5]), np.array([0.5, 5.0]), np.array([1.0, 1.0]))
    x, y = XScale(0, 1, 100), YScale(0, 1, 0, HEIGHT)
    seen = marked(picture(lambda p: item.paint(p, x, y, RED, 1.0)))
    assert seen[:, :100].all(axis=0).sum() >= 98
    assert not seen[:, 100:].any()
