"""Yahoo's live prices by yfinance's own client, against a server on the loopback that can misbehave."""

from __future__ import annotations

import base64
import json
import math
import queue
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from loopback_stream import LoopbackStream, SilentStream, packed

from core.feeds import FeedSettingsError, Pace, Phase, State, StreamState, YahooStream, health
from core.feeds.stream_client import tick_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.model import Tick

NOON = 1_736_870_400_000
# A busy machine answers late: only the test of silence may take a late answer for none.
PATIENT = Pace(opening=20.0, ping=20.0, pong=20.0, repeat=30.0, look=0.02)
QUICK = Pace(opening=2.0, ping=0.2, pong=0.2, repeat=30.0, look=0.02)


class Listener:
    """A stream at work in a thread of its own, and what it said."""

    def __init__(self, stream: YahooStream) -> None:
        self.stream = stream
        self.ticks: queue.Queue[Tick] = queue.Queue()
        self.states: queue.Queue[StreamState] = queue.Queue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=stream.run, args=(self.ticks.put, self.states.put, self._stop))

    def start(self, *symbols: str) -> Listener:
        self.stream.watch(symbols)
        self._thread.start()
        return self

    def tick(self) -> Tick:
        return self.ticks.get(timeout=20)

    def until(self, phase: Phase) -> StreamState:
        while True:
            state = self.states.get(timeout=20)
            if state.phase is phase:
                return state

    def end(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def short_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    for state in (State.WAITING, State.FAILING, State.OFFLINE):
        monkeypatch.setitem(health._HOLD, state, (50, 100))


@pytest.fixture
def server() -> Iterator[LoopbackStream]:
    made = LoopbackStream()
    yield made
    made.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def make(url: str, *symbols: str, pace: Pace = PATIENT, **more: Any) -> Listener:
        started.append(Listener(YahooStream(url=url, pace=pace, **more)).start(*symbols))
        return started[-1]

    yield make
    for one in started:
        one.end()


def price(symbol: str = "AAPL", value: float = 227.56, **more: Any) -> str:
    return packed(id=symbol, price=value, time=NOON, market_hours=1, **more)


def test_that_a_price_arrives_as_it_was_sent(server: LoopbackStream, listen: Callable[..., Listener]) -> None:
    listener = listen(server.url, "AAPL")
    listener.until(Phase.OPEN)
    server.wait_for(lambda: server.heard)
    assert server.heard[0] == {"subscribe": ["AAPL"]}
    server.send(price(day_volume=3_000_000_000_000, day_high=228.5, day_low=225.25, open_price=226.5))
    got = listener.tick()
    assert (got.symbol, got.time, got.price) == ("AAPL", NOON, 227.56)  # not the 227.55999755859375 of its 32 bits
    assert (got.opened, got.high, got.low, got.volume) == (226.5, 228.5, 225.25, 3e12)
    assert math.isnan(got.previous)


def test_that_other_symbols_are_asked_for_without_a_new_connection(
    server: LoopbackStream, listen: Callable[..., Listener]
) -> None:
    listener = listen(server.url, "AAPL")
    server.wait_for(lambda: server.heard)
    listener.stream.watch(["BTC-USD"])
    server.wait_for(lambda: len(server.heard) >= 3)
    assert server.heard[1:3] == [{"unsubscribe": ["AAPL"]}, {"subscribe": ["BTC-USD"]}]
    server.send(price("AAPL"), price("BTC-USD", 95_000.5))
    assert listener.tick().symbol == "BTC-USD"  # what nobody wants any more is not handed on
    assert len(server.connections) == 1


def test_that_what_is_wanted_is_said_again_and_again(server: LoopbackStream, listen: Callable[..., Listener]) -> None:
    listen(server.url, "AAPL", pace=Pace(repeat=0.05, look=0.02))
    server.wait_for(lambda: len(server.heard) >= 4)
    assert server.heard[:4] == [{"subscribe": ["AAPL"]}] * 4


def test_that_garbage_between_prices_is_passed_over(server: LoopbackStream, listen: Callable[..., Listener]) -> None:
    listener = listen(server.url, "AAPL")
    listener.until(Phase.OPEN)
    server.wait_for(lambda: server.connections)
    server.send(
        "no json", b"\xff\x00", "[]", "null", "7", "{}", '{"message": 5}', '{"message": "%%%"}',
        json.dumps({"message": base64.b64encode(b"\xff" * 40).decode()}),
        packed(id="AAPL", time=NOON),  # no price
        packed(price=1.0, time=NOON),  # of nothing
        packed(id="AAPL", price=1.0),  # of no time
        "[" * 100_000,
        price(value=99.5),
    )  # fmt: skip
    assert listener.tick().price == 99.5
    assert len(server.connections) == 1


def test_that_nothing_but_garbage_is_a_trouble_of_the_service(
    server: LoopbackStream, listen: Callable[..., Listener]
) -> None:
    listener = listen(server.url, "AAPL")
    listener.until(Phase.OPEN)
    server.wait_for(lambda: server.connections)
    server.send(*["{}"] * 60)
    assert "cannot be read" in listener.until(Phase.WAITING).problem


def test_that_it_comes_back_after_a_cut(server: LoopbackStream, listen: Callable[..., Listener]) -> None:
    listener = listen(server.url, "AAPL")
    server.wait_for(lambda: server.heard)
    server.send(price())
    listener.tick()
    server.cut()
    waiting = listener.until(Phase.WAITING)
    assert "was cut" in waiting.problem
    assert waiting.until > 0
    listener.until(Phase.OPEN)
    server.wait_for(lambda: len(server.heard) >= 2)
    server.send(price(value=230.0))
    assert listener.tick().price == 230.0


def test_that_a_silent_death_of_the_connection_is_noticed(listen: Callable[..., Listener]) -> None:
    server = SilentStream()
    try:
        listener = listen(server.url, "AAPL", pace=QUICK)
        listener.until(Phase.OPEN)
        assert "was cut" in listener.until(Phase.WAITING).problem
        listener.until(Phase.OPEN)
        assert server.taken >= 2
    finally:
        server.close()


@pytest.mark.parametrize(("status", "words"), [(429, "ask us to wait"), (500, "with an error (500)")])
def test_that_a_refusal_is_told_and_outlived(
    server: LoopbackStream, listen: Callable[..., Listener], status: int, words: str
) -> None:
    server.status = [status]
    listener = listen(server.url, "AAPL")
    waiting = listener.until(Phase.WAITING)
    assert words in waiting.problem
    listener.until(Phase.OPEN)


def test_that_a_machine_without_network_says_so(listen: Callable[..., Listener]) -> None:
    listener = listen("ws://127.0.0.1:9", "AAPL")
    assert "offline" in listener.until(Phase.WAITING).problem


def test_that_waits_grow_until_a_price_comes(
    server: LoopbackStream, listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health._HOLD, State.FAILING, (40, 10_000))
    server.status = [500, 500, 500]
    clock = NOON
    listener = listen(server.url, "AAPL", now=lambda: clock)
    waits = [listener.until(Phase.WAITING).until - clock for _ in range(3)]
    assert waits == [40, 80, 160]
    listener.until(Phase.OPEN)
    server.wait_for(lambda: server.heard)
    server.send(price())
    listener.tick()
    server.cut()
    assert listener.until(Phase.WAITING).until - clock <= 50


def test_that_nobody_is_asked_while_nothing_is_wanted(server: LoopbackStream, listen: Callable[..., Listener]) -> None:
    listener = listen(server.url)
    listener.until(Phase.IDLE)
    assert not server.connections
    listener.stream.watch(["AAPL"])
    listener.until(Phase.OPEN)
    listener.stream.watch([])
    listener.until(Phase.IDLE)


def test_that_it_can_be_stopped_while_it_waits(
    listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health._HOLD, State.OFFLINE, (60_000, 60_000))
    listener = listen("ws://127.0.0.1:9", "AAPL")
    listener.until(Phase.WAITING)
    listener.end()


def test_that_unfit_settings_are_refused_at_once() -> None:
    with pytest.raises(FeedSettingsError):
        YahooStream(proxy="nonsense")
    with pytest.raises(FeedSettingsError):
        YahooStream(ca_file="/there/is/none.pem")


@given(
    st.dictionaries(
        st.sampled_from(["id", "time", "price", "day_volume"]), st.none() | st.text() | st.floats() | st.integers()
    )
)
def test_that_any_message_is_a_price_or_none(message: dict[str, Any]) -> None:
    found = tick_of(message)
    assert found is None or (found.symbol and found.time > 0 and found.price > 0)
