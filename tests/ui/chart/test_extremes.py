"""That what a trader must see is drawn at any zoom: in every style of the price, to the pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from core.clock import load_calendar, make_clock
from core.layout import PaneSpec
from core.model import MINUTE_MS, ClockMode, Instrument, Interval
from core.rollup import Rollup
from core.series import Bars
from core.timeline import Tape, View
from core.timeline.placing import place
from core.timeline.slots import Slots
from ui.chart.cut import make_cut
from ui.chart.ink import Ink
from ui.chart.panes import PricePane
from ui.theme import load_theme

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from ui.chart.cut import Cut

HEIGHT, AXIS = 260, 60
# Every style that the pane offers, those that are still to come included.
STYLES = [str(value) for value, _ in next(o for o in PricePane.options if o.name == "style").choices]
# A line knows closes alone; of all others high and low are to be seen.
OF_CLOSES = {"line", "area"}


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need one."""


def make_view(count: int, seed: int, gaps: float) -> View:
    """Return a walk of one-minute bars that never rest, some missing, with a spike up and a spike down."""
    random = np.random.default_rng(seed)
    start = 1_736_000_040_000 // MINUTE_MS * MINUTE_MS + np.arange(count, dtype=np.int64) * MINUTE_MS
    close = 100 * np.exp(np.cumsum(random.normal(0, 1e-3, count)))
    up, down = random.integers(count, size=2)
    close[up] *= 1.1
    close[down] /= 1.1
    opened = np.concatenate((close[:1], close[:-1]))
    opened[[up, down]] = close[[up, down]]
    high, low = np.maximum(opened, close) * 1.001, np.minimum(opened, close) / 1.001
    has = random.uniform(size=count) >= gaps
    has[[up, down, count - 1]] = True
    grid = Slots(start, start + MINUTE_MS)
    bars = Bars(start, start + MINUTE_MS, opened, high, low, close, np.ones(count)).take(has)
    calendar = load_calendar("24/7")
    tape = Tape(Instrument("X-USD"), Interval.M1, calendar, grid, place(bars, grid), Rollup.empty())
    return View(tape, make_clock(ClockMode.TRADING, calendar))


def drawn(pane: PricePane, cut: Cut, *, with_price: bool) -> NDArray[Any]:
    """Return the pixels of the plot, shape (height, width, 4) in device pixels."""
    ink, ratio = Ink(load_theme("dark")), cut.x.ratio
    image = QImage(round((cut.x.width + AXIS) * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(ink["background"])
    if not with_price:
        pane.draw = lambda *_: None  # pyright: ignore[reportAttributeAccessIssue]
    with QPainter(image) as painter:
        pane.paint(painter, cut, ink, AXIS)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, : round(cut.x.width * ratio)].copy()


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(1, 5000), seed=st.integers(0, 10_000), gaps=st.sampled_from([0.0, 0.02, 0.6]),
    left=st.floats(0, 1), length=st.floats(0.001, 1), width=st.integers(80, 700), ratio=st.sampled_from([1.0, 2.0]),
)  # fmt: skip
def test_that_highest_lowest_and_newest_are_drawn(
    style: str, count: int, seed: int, gaps: float, left: float, length: float, width: int, ratio: float
) -> None:
    view = make_view(count, seed, gaps)
    assert view.extent is not None
    first, whole = view.extent[0], view.extent[1] - view.extent[0]
    x0 = first + left * (1 - length) * whole
    cut = make_cut(view, x0, x0 + max(length * whole, 5 * MINUTE_MS), width, ratio)
    options = {"style": style, "last": False, "limits": False, "actions": False}
    panes = [PricePane(PaneSpec("price", "price", options)) for _ in range(2)]
    for pane in panes:
        pane.prepare(cut, HEIGHT)
    candles = view.tape.candles
    tops, bottoms = (candles.close, candles.close) if style in OF_CLOSES else (candles.high, candles.low)
    slots = np.arange(count)
    # Bars all of which is in the picture; where they are drawn as a line, also the middle of their column.
    inside = (view.left[slots] >= cut.x.x0) & (view.right[slots] <= cut.x.x1) & ~np.isnan(candles.close)
    column = (slots - cut.frame.first) // cut.frame.size
    column = np.clip(column, 0, len(cut.frame.left) - 1)
    if style in OF_CLOSES:
        middle = (cut.frame.left + cut.frame.right)[column] / 2
        inside &= (middle > cut.x.x0) & (middle < cut.x.x1)
    if not inside.any() or panes[0].y is None:
        return
    seen = (drawn(panes[0], cut, with_price=True) != drawn(panes[1], cut, with_price=False)).any(axis=2)
    y = panes[0].y

    def is_marked(slot: int, top: float, bottom: float) -> bool:
        """Say whether anything was drawn at the prices given (in pixels) within the column of a slot."""
        edges = cut.x.px(np.array([cut.frame.left[column[slot]], cut.frame.right[column[slot]]]))
        a, b = (int(edge * ratio) for edge in (edges[0] - 1, edges[1] + 2))
        c, d = (int(edge * ratio) for edge in (top - 1, bottom + 2))
        return bool(seen[max(c, 0) : max(d, 1), max(a, 0) : max(b, 1)].any())

    highest = int(slots[inside][np.argmax(tops[inside])])
    lowest = int(slots[inside][np.argmin(bottoms[inside])])
    assert is_marked(highest, y.at(float(tops[highest])), y.at(float(tops[highest])))
    assert is_marked(lowest, y.at(float(bottoms[lowest])), y.at(float(bottoms[lowest])))
    newest = view.newest
    assert newest is not None
    if inside[newest]:
        assert is_marked(newest, y.at(float(tops[newest])), y.at(float(bottoms[newest])))
