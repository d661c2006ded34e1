"""A small market and a made-up subject in it, for every test of the chart."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.clock import Calendar, make_clock
from core.model import Basis, ClockMode, Event, Instrument, Interval, Metric, MetricKind, ScorerId
from core.rollup import Rollup
from core.series import Bars, MetricSeries
from core.timeline import Provenance, Tape, View
from core.timeline.placing import place
from core.timeline.slots import Slots
from ui.chart import ChartStack
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

HOUR, DAY = 3_600_000, 86_400_000
MONDAY = 20_094 * DAY  # 2025-01-06


@functools.cache
def market(weeks: int = 60) -> Calendar:
    """Return weekdays from 09:30 to 15:00 in Shanghai without lunch, around January 2025."""
    days = np.arange(20_094 - 7 * 10, 20_094 + 7 * (weeks - 10), dtype=np.int64)
    days = days[(days + 3) % 7 < 5]
    opens = days * DAY + HOUR + HOUR // 2
    closes = days * DAY + 7 * HOUR
    return Calendar("XSHG", "Asia/Shanghai", days, opens, closes, opens, opens, False, 0, 4_000_000_000_000)


def make_tape(sessions: int = 40, *, simulated: bool = False, locked: int = 5, name: str = "300792.SZ") -> Tape:
    """Return daily bars from 2025-01-06 on; bar `locked` trades at one price; 30 posts fall before its open."""
    calendar = market()
    first = int(np.searchsorted(calendar.label, MONDAY // DAY))
    part = slice(first, first + sessions)
    slots = Slots(calendar.open[part], calendar.close[part])
    day_number = np.arange(sessions, dtype=np.float64)
    close = 20 + 3 * np.sin(day_number / 3) + day_number * 0.1
    opened = np.concatenate(([20.0], close[:-1]))
    high, low = np.maximum(opened, close) + 0.4, np.minimum(opened, close) - 0.4
    opened[locked] = high[locked] = low[locked] = close[locked] = 28.0
    bars = Bars(slots.start[:], slots.end[:], opened, high, low, close, day_number * 1e5 + 1e6)
    night = slots.start[locked] - HOUR * np.linspace(1, 10, 30)
    day = slots.start[locked] + np.arange(4) * HOUR // 2 + 60_000
    later = slots.start[locked + 1 : locked + 4].repeat(5) + HOUR
    times = np.sort(np.concatenate((night, day, later)).astype(np.int64))
    scores = np.where(np.arange(len(times)) % 3 == 0, -0.4, 0.6)
    rank = Metric("rank", MetricKind.RANK, source="Qimai")
    metric = MetricSeries(rank, slots.start[2:8] + HOUR, np.array([209.0, 61, 6, 1, 1, 3]))
    event = Event(int(slots.start[locked]), "Limit up <b>", "a note")
    provenance = Provenance(
        price_source="Yahoo",
        price_fetched=int(slots.end[-1]),
        basis=Basis.ADJUSTED,
        post_sources={"xiaohongshu": len(times)},
        collected=int(times[-1]),
        scorer=ScorerId("vader", "3.3.2"),
        simulated=simulated,
    )
    return Tape(
        Instrument(name, "Onechance", "CNY"),
        Interval.D1,
        calendar,
        slots,
        place(bars, slots),
        Rollup.of(times, scores),
        (metric,),
        (event,),
        provenance,
    )


def view_of(tape: Tape, mode: ClockMode = ClockMode.TRADING) -> View:
    """Lay a tape on a clock."""
    return View(tape, make_clock(mode, tape.calendar))


@pytest.fixture
def tape() -> Tape:
    return make_tape()


@pytest.fixture
def view(tape: Tape) -> View:
    return view_of(tape)


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[View | None], ChartStack]:
    """Return a function that opens a chart of 900 × 700 with a view in it."""

    def open_chart(shown: View | None) -> ChartStack:
        chart = ChartStack(load_theme("dark"))
        qtbot.addWidget(chart)
        chart.resize(900, 700)
        chart.show_view(shown)
        with qtbot.waitExposed(chart):
            chart.show()
        chart.settle()
        return chart

    return open_chart


@pytest.fixture
def tapes() -> Callable[..., Tape]:
    """Give the maker of tapes."""
    return make_tape


@pytest.fixture
def lay() -> Callable[..., View]:
    """Give what lays a tape on a clock."""
    return view_of
