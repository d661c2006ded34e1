"""Live prices: ticks of the symbols that are shown, as long as somebody looks.

`YahooStream` keeps a connection alive: it repeats what is wanted, notices silence and cuts, waits before it tries
again, and says at any time how it is doing. What goes over the wire is `core.feeds.stream_client`'s.
"""

from __future__ import annotations

import contextlib
import enum
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.feeds.base import ServiceError
from core.feeds.health import FeedHealth
from core.feeds.transport import check_ca_file, check_proxy

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from core.model import Tick

# So many messages in a row that are no prices: whoever answers, it is not Yahoo as this program knows it.
_MOST_UNREADABLE = 50


class Phase(enum.StrEnum):
    """What a stream is doing: nothing, for no symbol is wanted; connecting; open; or waiting to try again."""

    IDLE = "idle"
    CONNECTING = "connecting"
    OPEN = "open"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class StreamState:
    """How a stream is doing. While it waits, `problem` is one sentence and `until` when it tries again (ms UTC)."""

    phase: Phase = Phase.IDLE
    problem: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits in seconds: to open a connection, between two pings, for an answer to one, and between two requests.

    Yahoo stops sending to who does not repeat what it wants to hear; yfinance repeats it every 15 s.
    """

    opening: float = 10.0
    ping: float = 20.0
    pong: float = 20.0
    repeat: float = 15.0
    look: float = 0.25  # how soon a stop or another symbol is noticed


class PriceStream(Protocol):
    """A service that sends prices as they are made."""

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols are wanted from now on. Any thread may call this."""
        ...

    def run(
        self, deliver: Callable[[Tick], None], report: Callable[[StreamState], None], stop: threading.Event
    ) -> None:
        """Send ticks and states until `stop` is set, through any trouble of the service. Blocks its thread."""
        ...


class YahooStream:
    """Yahoo's live prices through yfinance. One thread runs it; any may change what it watches."""

    name = "Yahoo's live prices"

    def __init__(
        self,
        *,
        proxy: str | None = None,
        ca_file: Path | str | None = None,
        url: str = "",
        pace: Pace | None = None,
        now: Callable[[], int] | None = None,
    ) -> None:
        """Check the settings (raises FeedSettingsError); nothing is imported or asked yet.

        `url` is another server's address than Yahoo's, `now` gives the present instant (ms UTC).
        """
        self._proxy = check_proxy(proxy) if proxy else None
        self._ca_file = check_ca_file(ca_file) if ca_file else None
        self._url = url
        self._pace = pace or Pace()
        self._now = now or (lambda: time.time_ns() // 1_000_000)
        self._wanted: frozenset[str] = frozenset()
        self._heard = False  # whether the present connection brought anything

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols are wanted from now on. Any thread may call this."""
        self._wanted = frozenset(symbols)

    def run(
        self, deliver: Callable[[Tick], None], report: Callable[[StreamState], None], stop: threading.Event
    ) -> None:
        """Send ticks and states until `stop` is set. Each trouble in a row doubles the wait; a tick ends the row."""
        from core.feeds.stream_client import explained  # noqa: PLC0415  yfinance takes seconds

        health = FeedHealth(self.name)
        while not stop.is_set():
            if not self._wanted:
                report(StreamState())
                while not self._wanted and not stop.wait(self._pace.look):
                    pass
                continue
            report(StreamState(Phase.CONNECTING))
            self._heard = False
            try:
                self._listen(deliver, report, stop)
            except Exception as e:
                # Whatever three libraries raise, the stream outlives it.
                error = explained(e, self._proxy, heard=self._heard)
                logging.getLogger("crowdtape").debug("the stream ended", exc_info=e)
                now = self._now()
                if self._heard:
                    health = health.succeeded(now, "")
                health = health.failed(error, now, "")
                report(StreamState(Phase.WAITING, str(error), health.until))
                stop.wait((health.until - now) / 1000)

    def _listen(
        self, deliver: Callable[[Tick], None], report: Callable[[StreamState], None], stop: threading.Event
    ) -> None:
        """Hand on ticks until nothing is wanted any more; raises when the connection does."""
        from core.feeds.stream_client import connect, tick_of  # noqa: PLC0415  yfinance takes seconds

        client = connect(self._url, self._proxy, self._ca_file, self._pace)
        asked: frozenset[str] = frozenset()
        repeat, unreadable = 0.0, 0
        with contextlib.closing(client):
            while self._wanted and not stop.is_set():
                wanted = self._wanted
                if wanted != asked or time.monotonic() >= repeat:
                    if asked - wanted:
                        client.unsubscribe(sorted(asked - wanted))
                    client.subscribe(sorted(wanted))
                    if not asked:
                        report(StreamState(Phase.OPEN))
                    asked, repeat = wanted, time.monotonic() + self._pace.repeat
                message = client.receive(self._pace.look)
                if message is None:
                    continue
                tick = tick_of(message)
                unreadable = 0 if tick is not None else unreadable + 1
                if unreadable > _MOST_UNREADABLE:
                    raise ServiceError("Yahoo's live prices cannot be read; a newer Crowdtape may be needed")
                if tick is not None and tick.symbol in wanted:
                    self._heard = True
                    deliver(tick)
