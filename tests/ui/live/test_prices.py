"""Live prices in the window: what ticks move, what they cost, and how the stream is told about."""

from __future__ import annotations

import queue
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "core" / "feeds"))

from loopback_stream import LoopbackStream, packed  # pyright: ignore[reportMissingImports]  found by the line above

from core.clock import calendar_for
from core.feeds import OfflineError, Phase, StreamState, YahooStream
from core.model import Basis, Interval, Tick
from core.series import Bars
from core.store import Store
from ui.live.words import live_words

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

AAPL = "AAPL"


class Stream:
    """A stream that says what a test hands it."""

    def __init__(self) -> None:
        self.wanted: frozenset[str] = frozenset()
        self.said: queue.Queue[Tick | StreamState] = queue.Queue()
        self.ended = False

    def watch(self, symbols: Iterable[str]) -> None:
        self.wanted = frozenset(symbols)

    def run(
        self, deliver: Callable[[Tick], None], report: Callable[[StreamState], None], stop: threading.Event
    ) -> None:
        while not stop.wait(0.005):
            while not self.said.empty():
                said = self.said.get()
                deliver(said) if isinstance(said, Tick) else report(said)
        self.ended = True


class OfflineFeed:
    """A feed that cannot be reached: nothing is fetched."""

    name, route = "Yahoo", ""

    def reach(self, _interval: Interval) -> Any:
        from core.feeds import Reach  # noqa: PLC0415

        return Reach(None, None)

    def calendar(self, symbol: str) -> Any:
        return calendar_for(symbol)

    def history(self, *_: object) -> Any:
        raise OfflineError("Yahoo cannot be reached, this machine seems to be offline")


@pytest.fixture
def opened(
    tmp_path: Path, calendars: Path, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> tuple[Any, Stream, int]:
    """Return a window that shows ten daily bars of AAPL and is live, its stream, and the open of the day after them."""
    calendar = calendar_for(AAPL, cache_dir=calendars)
    last = int(np.searchsorted(calendar.label, 20_102))  # 2025-01-14
    rows = slice(last - 9, last + 1)
    close = np.linspace(10, 19, 10)
    bars = Bars(calendar.open[rows], calendar.close[rows], close, close, close, close, np.full(10, 100.0))
    path = tmp_path / "data" / "crowdtape.sqlite"
    path.parent.mkdir(exist_ok=True)
    with Store.open(path) as store:
        store.put_bars(AAPL, Interval.D1, Basis.ADJUSTED, bars, source="Yahoo", fetched=int(bars.end[-1]))
        store.set_pins([AAPL])
    stream = Stream()
    window = make_window(make_stream=lambda: stream, make_feed=OfflineFeed)
    qtbot.waitUntil(lambda: window.chart_shown and window.tasks.idle)
    window.live.now = lambda: int(calendar.open[last + 1]) + 1000
    window.actions_["view.live"].trigger()
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window, stream, int(calendar.open[last + 1])


def newest(window: MainWindow) -> tuple[float, ...]:
    view = window.state.view
    assert view is not None
    assert view.newest is not None
    c = view.tape.candles
    return tuple(float(x[view.newest]) for x in (c.open, c.high, c.low, c.close))


def test_that_a_tick_begins_the_bar_of_its_day_and_moves_it(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    assert stream.wanted == {AAPL}
    assert newest(window) == (19, 19, 19, 19)
    stream.said.put(Tick(AAPL, begin + 60_000, 20.0))
    qtbot.waitUntil(lambda: newest(window) == (20, 20, 20, 20))
    stream.said.put(Tick(AAPL, begin + 61_000, 18.5))
    qtbot.waitUntil(lambda: newest(window) == (20, 20, 18.5, 18.5))
    assert window.chart.cut is None or window.chart.cut.view is window.state.view


def test_that_a_session_that_begins_later_gets_its_slots(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    next_day = begin + 86_400_000
    window.live.now = lambda: next_day + 60_000
    stream.said.put(Tick(AAPL, next_day + 50_000, 21.0))
    qtbot.waitUntil(lambda: window.state.view.tape.extent[1] > next_day)
    stream.said.put(Tick(AAPL, next_day + 60_000, 22.0))
    qtbot.waitUntil(lambda: newest(window)[3] == 22.0)


def test_that_a_session_without_slots_is_not_asked_for_again_and_again(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    later = begin + 201 * 86_400_000  # the bars are too old: nothing was fetched for months
    window.live.now = lambda: later
    reads: list[object] = []
    window.charts.active.loader.loaded.connect(reads.append)
    for k in range(5):
        stream.said.put(Tick(AAPL, later + k, 21.0))
        qtbot.wait(60)
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert len(reads) == 1


def test_that_the_watchlist_shows_the_last_price(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    qtbot.waitUntil(lambda: AAPL in window.watchlist_model.quotes)
    stream.said.put(Tick(AAPL, begin + 60_000, 20.9, previous=19.0))
    qtbot.waitUntil(lambda: window.watchlist_model.quotes[AAPL].last == 20.9)
    assert window.watchlist_model.quotes[AAPL].change == pytest.approx(0.1)


def test_that_many_ticks_are_one_repaint(opened: Any, qtbot: QtBot) -> None:
    window, _, begin = opened
    window.live._receive(Tick(AAPL, begin + 1, 20.0))
    qtbot.waitUntil(lambda: newest(window)[3] == 20.0)
    qtbot.wait(50)
    chart, pane = window.chart, window.chart._column.widgets[0]
    cuts, drawings, tape = chart.cuts, pane.drawings, window.state.view.tape
    for k in range(200):
        window.live._receive(Tick(AAPL, begin + 2 + k, 21.0 + k))
    qtbot.waitUntil(lambda: newest(window)[3] == 220.0)
    qtbot.wait(50)
    assert pane.drawings - drawings <= 2
    assert chart.cuts - cuts <= 4  # a new width of the price axis takes a second one
    assert window.state.view.tape is tape  # nothing was read or laid out anew


def test_that_the_range_follows_by_as_much_as_the_newest_bar_moves_on(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    chart = window.chart
    chart.travel.go_to_end(newest=True)
    before, edge = chart.sight.viewport, chart.sight.edge
    assert chart.following
    stream.said.put(Tick(AAPL, begin + 60_000, 20.0))
    qtbot.waitUntil(lambda: newest(window)[0] == 20)
    moved = chart.sight.edge - edge
    assert moved > 0
    assert (chart.sight.viewport.x0 - before.x0, chart.sight.viewport.x1 - before.x1) == (moved, moved)


def test_that_who_has_panned_away_stays_there_and_can_come_back(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    chart = window.chart
    chart.travel.zoom_here(3)
    chart.travel.go_to_end(newest=False)
    assert not chart.following
    qtbot.waitUntil(chart._newest_button.isVisible)
    before = chart.sight.viewport
    stream.said.put(Tick(AAPL, begin + 60_000, 20.0))
    qtbot.waitUntil(lambda: newest(window)[0] == 20)
    assert chart.sight.viewport == before
    chart._newest_button.click()
    assert chart.following
    qtbot.waitUntil(lambda: not chart._newest_button.isVisible())


def test_that_a_view_read_anew_keeps_what_ticks_made(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    stream.said.put(Tick(AAPL, begin + 60_000, 20.0))
    qtbot.waitUntil(lambda: newest(window)[0] == 20)
    before = window.chart.sight.viewport
    window.state.touch_data()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert newest(window) == (20, 20, 20, 20)
    assert window.chart.sight.viewport == before


def test_that_turning_it_off_ends_the_stream_and_says_so(opened: Any, qtbot: QtBot) -> None:
    window, stream, begin = opened
    stream.said.put(StreamState(Phase.OPEN))
    qtbot.waitUntil(lambda: "no price yet" in window.status._live.text())
    stream.said.put(Tick(AAPL, begin + 60_000, 20.0))
    qtbot.waitUntil(lambda: window.status._live.text() == "Live")
    window.status._live.click()
    assert window.status._live.text() == "Live: off"
    qtbot.waitUntil(lambda: stream.ended)
    window.live._receive(Tick(AAPL, begin + 61_000, 33.0))
    assert not window.actions_["view.live"].isChecked()


def test_that_the_sample_listens_to_nothing(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    stream = Stream()
    window = make_window(make_stream=lambda: stream)
    qtbot.waitUntil(lambda: window.chart_shown and window.tasks.idle)
    assert window.state.sample
    window.actions_["view.live"].trigger()
    assert stream.wanted == frozenset()


def test_that_prices_come_from_the_wire_to_the_chart(
    opened: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """yfinance's own client on the loopback, down to the painted bar."""
    window, _, begin = opened
    window.status._live.click()
    server = LoopbackStream()
    stream = YahooStream(url=server.url)
    monkeypatch.setattr(window.live, "_make", lambda: stream)
    try:
        window.status._live.click()
        qtbot.waitUntil(lambda: bool(server.heard), timeout=20_000)
        assert server.heard[0] == {"subscribe": [AAPL]}
        server.send(packed(id=AAPL, price=20.25, time=begin + 60_000, day_high=20.5, day_low=19.75, open_price=20.0))
        qtbot.waitUntil(lambda: newest(window) == (20.0, 20.5, 19.75, 20.25), timeout=20_000)
        assert "newest bars from live prices" in window.state.view.tape.provenance.notes
        window.status._live.click()
    finally:
        assert window.tasks.close()
        server.close()


def test_that_a_wait_is_told_with_its_reason() -> None:
    waiting = StreamState(Phase.WAITING, "Yahoo's live prices ask us to wait", 1_736_870_400_000)
    words, sentence = live_words(waiting, None, 1_736_870_300_000, on=True)
    assert words.startswith("Live: again at ")
    assert sentence == "Yahoo's live prices ask us to wait."
