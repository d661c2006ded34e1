"""Ticks on the newest bars: the same as bars built from all ticks anew, at every zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.basket import Basket
from core.clock import load_calendar, make_clock, merge, parse_when, session_days, slots
from core.model import MINUTE_MS, ClockMode, Concept, Instrument, Interval, Member, Tick
from core.pyramid import Pyramid
from core.rollup import Rollup
from core.series import Bars, Candles
from core.timeline import LiveBars, Tape, View
from core.timeline.comparison import Compared
from core.timeline.lines import Line
from core.timeline.placing import Placing, place
from core.timeline.slots import Slots

if TYPE_CHECKING:
    from core.clock import Calendar

OPEN = parse_when("2025-01-14T09:30", "America/New_York")[0]
FIRST = OPEN - 5 * 86_400_000
HOUR = 60 * MINUTE_MS


@pytest.fixture(scope="module", autouse=True)
def calendars_in_memory() -> None:
    """Compute calendars and clocks before a property's deadline runs."""
    for view in (view_of(Interval.M1, last=OPEN), basket_view(OPEN)):
        LiveBars(view)


def view_of(interval: Interval, *, last: int, calendar: Calendar | None = None) -> View:
    """Return a view whose bars fill all slots up to the instant `last`, each at a price of its own."""
    calendar = calendar or load_calendar("XNYS")
    grid = Slots(*slots(calendar, interval, FIRST, OPEN + 2 * 86_400_000))
    count = int(np.searchsorted(grid.end, last, side="right"))
    close = 100 + np.sin(np.arange(count))
    bars = Bars(grid.start[:count], grid.end[:count], close, close + 1, close - 1, close, np.full(count, 10.0))
    tape = Tape(Instrument("AAPL"), interval, calendar, grid, place(bars, grid), Rollup.empty())
    return View(tape, make_clock(ClockMode.TRADING, calendar))


def same(a: Candles, b: Candles) -> bool:
    return all(
        np.array_equal(x, y, equal_nan=True)
        for x, y in ((a.open, b.open), (a.high, b.high), (a.low, b.low), (a.close, b.close), (a.volume, b.volume))
    )


ticks_of_a_day = st.lists(
    st.tuples(st.integers(0, 390 * MINUTE_MS - 1), st.floats(50, 150)), min_size=1, max_size=40
).map(lambda rows: [Tick("AAPL", OPEN + at, price) for at, price in sorted(rows)])


@given(st.sampled_from([Interval.M1, Interval.M5, Interval.H1]), ticks_of_a_day)
def test_that_ticks_make_the_bars_that_a_count_of_all_ticks_makes(interval: Interval, ticks: list[Tick]) -> None:
    before = view_of(interval, last=OPEN)
    live = LiveBars(before)
    live.take(ticks)
    tape = live.view.tape
    groups: dict[int, list[float]] = {}
    for tick in ticks:
        groups.setdefault(int(np.searchsorted(tape.slots.start, tick.time, side="right")) - 1, []).append(tick.price)
    for index, prices in groups.items():
        bar = [float(c[index]) for c in (tape.candles.open, tape.candles.high, tape.candles.low, tape.candles.close)]
        assert bar == [prices[0], max(prices), min(prices), prices[-1]]
    assert live.view.newest == max(groups)
    traded = ~np.isnan(tape.candles.close)
    assert traded.sum() == len(groups) + (~np.isnan(before.tape.candles.close)).sum()


@given(ticks_of_a_day)
def test_that_every_zoom_shows_what_bars_read_anew_would_show(ticks: list[Tick]) -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    fresh_at = len(ticks) // 2
    live.take(ticks[:fresh_at])
    live.take(ticks[fresh_at:])
    tape = live.view.tape
    fresh = Pyramid(tape.candles.copy())
    for size in (1, 2, 8, 32, 64, 512, 4096):
        assert same(tape.pyramid.groups(0, len(tape.slots), size), fresh.groups(0, len(tape.slots), size))


def test_that_the_view_it_began_with_is_left_as_it_was() -> None:
    before = view_of(Interval.M1, last=OPEN + 10 * MINUTE_MS)
    kept = before.tape.candles.copy()
    live = LiveBars(before)
    assert live.take([Tick("AAPL", OPEN + 11 * MINUTE_MS, 200.0)])
    assert same(before.tape.candles, kept)
    assert (before.newest, live.view.newest) != (live.view.newest, before.newest)


def test_that_the_provenance_says_that_ticks_moved_the_newest_bars() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    assert live.view.tape.provenance.notes == ()
    live.take([Tick("AAPL", OPEN + 1, 100.0), Tick("AAPL", OPEN + 2, 100.0)])
    assert live.view.tape.provenance.notes == ("newest bars from live prices",)


def test_that_the_view_changes_only_with_the_newest_slot() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    live.take([Tick("AAPL", OPEN + 1, 100.0)])
    first = live.view
    live.take([Tick("AAPL", OPEN + 2, 101.0)])
    assert live.view is first
    live.take([Tick("AAPL", OPEN + MINUTE_MS, 101.0)])
    assert live.view is not first


@pytest.mark.parametrize(
    "tick",
    [
        Tick("MSFT", OPEN + 1, 100.0),  # another symbol
        Tick("AAPL", OPEN - HOUR, 100.0),  # before the open
        Tick("AAPL", OPEN + 1, 0.0),  # no price
        Tick("AAPL", OPEN + 1, float("nan")),
        Tick("AAPL", OPEN - 24 * HOUR, 100.0),  # older than the newest bar
        Tick("AAPL", OPEN + 60 * 24 * HOUR, 100.0),  # beyond the tape
    ],
)
def test_that_some_ticks_move_nothing(tick: Tick) -> None:
    before = view_of(Interval.M1, last=OPEN + 10 * MINUTE_MS)
    live = LiveBars(before)
    assert not live.take([tick])
    assert same(live.view.tape.candles, before.tape.candles)


def test_that_the_closing_auction_belongs_to_the_last_bar() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    assert live.take([Tick("AAPL", OPEN + 390 * MINUTE_MS, 100.0)])
    assert live.view.newest is not None
    assert live.view.tape.slots.end[live.view.newest] == OPEN + 390 * MINUTE_MS


def test_that_a_daily_bar_takes_the_extremes_and_the_volume_of_its_day() -> None:
    live = LiveBars(view_of(Interval.D1, last=OPEN))
    live.take([Tick("AAPL", OPEN + HOUR, 101.0, opened=100.5, high=102.0, low=99.0, volume=5e6)])
    live.take([Tick("AAPL", OPEN + 2 * HOUR, 103.0)])
    c, k = live.view.tape.candles, live.view.newest
    assert [float(x[k]) for x in (c.open, c.high, c.low, c.close, c.volume)] == [100.5, 103.0, 99.0, 103.0, 5e6]


def test_that_volume_counts_from_one_tick_to_the_next_of_a_day() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    day = 24 * HOUR
    live.take([
        Tick("AAPL", OPEN + 1, 100.0, volume=1000.0),  # what was traded before anybody looked is in no bar
        Tick("AAPL", OPEN + 2, 100.0, volume=1300.0),
        Tick("AAPL", OPEN + MINUTE_MS, 100.0, volume=1400.0),
        Tick("AAPL", OPEN + MINUTE_MS + 1, 100.0, volume=900.0),  # a correction is no trade
        Tick("AAPL", OPEN + day, 100.0, volume=50.0),
    ])  # fmt: skip
    volume = live.view.tape.candles.volume
    start = live.view.tape.slots.start
    at = [int(np.searchsorted(start, t)) for t in (OPEN, OPEN + MINUTE_MS, OPEN + day)]
    assert volume[at].tolist() == [300.0, 100.0, 0.0]


def test_that_on_a_shared_axis_a_tick_stands_where_its_bar_will() -> None:
    both = merge((load_calendar("XLON"), load_calendar("XNYS")))
    live = LiveBars(view_of(Interval.H1, last=OPEN - HOUR, calendar=both))
    live.take([Tick("AAPL", OPEN + 10, 100.0)])  # its hour ends at 15:30 UTC, within the axis' hour from 15:00
    assert live.view.newest is not None
    assert live.view.tape.slots.start[live.view.newest] == OPEN + HOUR // 2


def basket_view(last: int) -> View:
    """Return a concept of a New York and a London stock on their common clock."""
    both = merge((load_calendar("XNYS"), load_calendar("XLON")))
    grid = Slots(*slots(both, Interval.M30, FIRST, OPEN + 2 * 86_400_000))
    members = (Member("AAPL", 2.0), Member("BP.L", 1.0))
    placed: list[Candles] = []
    for code, level in (("XNYS", 100.0), ("XLON", 400.0)):
        start, end = slots(load_calendar(code), Interval.M30, FIRST, OPEN)
        keep = end <= last
        close = level + np.cos(np.arange(int(keep.sum())))
        bars = Bars(start[keep], end[keep], close, close + 1, close - 1, close, np.full(len(close), 10.0))
        placing = Placing(grid)
        placing.put(bars, grid.closing(bars.end))
        placed.append(placing.candles())
    basket = Basket(members, placed, session_days(both, grid.start[:], grid.end[:]))
    tape = Tape(Concept("Both", members), Interval.M30, both, grid, basket.candles(), Rollup.empty(), basket=basket)
    return View(tape, make_clock(ClockMode.TRADING, both))


@given(
    st.lists(
        st.tuples(st.sampled_from(["AAPL", "BP.L"]), st.integers(0, 120 * MINUTE_MS - 1), st.floats(50, 500)),
        min_size=1,
        max_size=20,
    )
)
def test_that_a_concept_moves_as_its_basket_read_anew_would(rows: list[tuple[str, int, float]]) -> None:
    live = LiveBars(basket_view(OPEN))
    assert live.symbols == {"AAPL", "BP.L"}
    assert live.take([Tick(s, OPEN + at, p) for s, at, p in sorted(rows, key=lambda r: r[1])])
    tape = live.view.tape
    assert tape.basket is not None
    fresh = tape.basket.candles()
    for shown, expected in ((tape.candles.close, fresh.close), (tape.candles.high, fresh.high)):
        assert shown == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_that_what_ticks_made_outlives_bars_that_come_late() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    live.take([Tick("AAPL", OPEN + k * MINUTE_MS, 100.0 + k) for k in range(20)])
    fetched = view_of(Interval.M1, last=OPEN + 5 * MINUTE_MS)  # a delayed exchange: five of the twenty minutes
    again = LiveBars(fetched, live)
    start = again.view.tape.slots.start
    at = np.searchsorted(start, OPEN + np.arange(20) * MINUTE_MS)
    close = again.view.tape.candles.close[at]
    assert close[6:].tolist() == [100.0 + k for k in range(6, 20)]
    assert close[:4].tolist() == fetched.tape.candles.close[at[:4]].tolist()
    assert again.view.newest == live.view.newest


def test_that_another_interval_begins_anew() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))
    live.take([Tick("AAPL", OPEN + 1, 100.0)])
    hours = view_of(Interval.H1, last=OPEN)
    assert LiveBars(hours, live).view.newest == hours.newest


def test_that_derived_lines_follow_once_a_second() -> None:
    live = LiveBars(view_of(Interval.M1, last=OPEN))

    def newest() -> float:
        (line,) = live.view.lines.get("close", lambda tape: (tape.candles.close.copy(),))
        return line.value_at(live.view.newest or 0)

    live.take([Tick("AAPL", OPEN + 1, 100.0)])
    assert newest() == 100.0
    live.take([Tick("AAPL", OPEN + 500, 101.0)])
    assert newest() == 100.0
    live.take([Tick("AAPL", OPEN + 1001, 102.0)])
    assert newest() == 102.0


def compared_view(close: list[float]) -> View:
    """Return a view of daily bars that META is compared with, which has these closes in the newest slots but one."""
    view = view_of(Interval.M1, last=OPEN)
    line = np.full(len(view.tape.slots), np.nan)
    newest = int(view.newest or 0)
    line[newest - len(close) + 1 : newest + 1] = close
    view.tape.compared = (Compared(Instrument("META"), Line(line)),)
    return view


def test_that_a_symbol_that_is_compared_with_moves_as_well() -> None:
    before = compared_view([500.0, 501.0])
    kept = before.tape.compared[0].close.value.copy()
    live = LiveBars(before)
    assert live.symbols == {"AAPL", "META"}
    assert live.take([Tick("META", OPEN + 1, 510.0), Tick("META", OPEN + 2, 505.0)])
    slot = int(before.newest or 0) + 1
    (compared,) = live.view.tape.compared
    assert compared.close.value[slot] == 505.0
    assert np.isnan(live.view.tape.candles.close[slot])
    assert np.array_equal(before.tape.compared[0].close.value, kept, equal_nan=True)
    everything = compared.close.groups(0, 1 << 20, 1 << 20)
    live.take([Tick("META", OPEN + 2000, 700.0)])
    assert live.view.tape.compared[0].close.groups(0, 1 << 20, 1 << 20).high[0] == 700.0 > everything.high[0]


def test_that_what_ticks_made_of_a_compared_symbol_is_carried_over() -> None:
    live = LiveBars(compared_view([500.0]))
    live.take([Tick("META", OPEN + 1, 510.0)])
    again = LiveBars(compared_view([500.0]), live)
    slot = int(again.view.newest or 0) + 1
    assert again.view.tape.compared[0].close.value[slot] == 510.0
