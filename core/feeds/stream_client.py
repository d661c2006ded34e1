"""Yahoo's stream on the wire: yfinance's client on a connection of ours, its messages as ticks, its troubles as words.

yfinance knows the address, the words of the protocol and how a price is packed. Waiting is ours: its own loop neither
ends when it is asked to nor comes back after a cut. Importing this module loads nothing heavy; `connect` does.
"""

from __future__ import annotations

import json
import logging
import math
import ssl
from typing import TYPE_CHECKING, Any, cast

from core.errors import FeedError
from core.feeds.base import FeedSettingsError, OfflineError, RateLimitError, ServiceError
from core.feeds.transport import shown_proxy
from core.model import Tick

if TYPE_CHECKING:
    from core.feeds.stream import Pace

_TOO_MANY = frozenset({429, 503, 999})


def connect(url: str, proxy: str | None, ca_file: str | None, pace: Pace) -> Any:
    """Return yfinance's client, connected; `url` is "" for Yahoo's. Raises whatever the libraries do: see `explained`.

    It has `subscribe`, `unsubscribe` and `close` as yfinance made them, and `receive`, a wait that ends.
    """
    import yfinance  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]  seconds
    from google.protobuf.message import DecodeError  # noqa: PLC0415  only here
    from websockets.sync import client as websockets  # noqa: PLC0415  as above

    base: Any = yfinance.WebSocket

    class Client(base):  # pyright: ignore[reportUntypedBaseClass]  yfinance has no types
        _ws: Any

        def _connect(self) -> None:
            if self._ws is None:
                context = ssl.create_default_context(cafile=ca_file) if self.url.startswith("wss:") else None
                self._ws = websockets.connect(
                    self.url, proxy=proxy or True, ssl=context, open_timeout=pace.opening, close_timeout=1,
                    ping_interval=pace.ping, ping_timeout=pace.pong, legacy=True,
                )  # fmt: skip

        def open(self) -> None:
            self._connect()

        def receive(self, timeout: float) -> dict[str, Any] | None:
            """Return the next message decoded ({} where it is none), or None after so many seconds of silence."""
            try:
                message = json.loads(self._ws.recv(timeout=timeout))
                return self._decode_message(message["message"])
            except TimeoutError:
                return None
            except (ValueError, TypeError, KeyError, RecursionError, DecodeError):
                return {}

    client: Any = Client(url, verbose=False) if url else Client(verbose=False)
    # What cannot be read is counted by who listens; the library would write a traceback for each.
    client.logger = logging.getLogger("crowdtape.stream")
    client.logger.setLevel(logging.CRITICAL)
    client.open()
    return client


def tick_of(message: dict[str, Any]) -> Tick | None:
    """Return what a decoded message says, or None where it holds no price."""
    symbol, at, price = message.get("id"), _number(message.get("time")), _number(message.get("price"))
    if not isinstance(symbol, str) or not symbol or not price > 0 or not 1 <= at < 2**53:
        return None
    return Tick(
        symbol,
        int(at),
        price,
        opened=_number(message.get("open_price")),
        high=_number(message.get("day_high")),
        low=_number(message.get("day_low")),
        volume=_number(message.get("day_volume")),
        previous=_number(message.get("previous_close")),
    )


def _number(value: object) -> float:
    """Return a figure of a message: 64-bit integers arrive as text, what is missing is NaN."""
    try:
        number = float(cast("Any", value))
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def explained(error: Exception, proxy: str | None, *, heard: bool) -> FeedError:
    """Turn whatever was raised into one sentence; `heard` says whether the connection had brought prices."""
    way = f"the proxy {shown_proxy(proxy)}" if proxy else ""
    if isinstance(error, FeedError):
        return error
    if type(error).__module__.startswith("websockets"):
        return _of_protocol(error, way, heard=heard)
    if isinstance(error, OSError):
        return _of_network(error, way)
    if isinstance(error, ImportError):
        return FeedSettingsError(f"Live prices cannot go through {way or 'a SOCKS proxy'}: name an HTTP proxy")
    return ServiceError(f"Yahoo's live prices could not be asked ({type(error).__name__})")


def _of_network(error: OSError, way: str) -> FeedError:
    if isinstance(error, ssl.SSLError):
        return ServiceError(
            "The certificate of Yahoo's live prices is not trusted here: where a company proxy re-signs traffic, name "
            "its CA file in the settings"
        )
    if isinstance(error, TimeoutError):
        return ServiceError("Yahoo's live prices did not answer in time")
    if way:
        return OfflineError(f"Yahoo's live prices cannot be reached, {way} does not answer: check the proxy setting")
    return OfflineError("Yahoo's live prices cannot be reached, this machine seems to be offline")


def _of_protocol(error: Exception, way: str, *, heard: bool) -> FeedError:
    from websockets.exceptions import ConnectionClosed, InvalidStatus, ProxyError  # noqa: PLC0415  loaded by now

    if isinstance(error, ConnectionClosed):
        text = "The connection to Yahoo's live prices was cut"
        # After prices have come, a cut is the network's: worth trying again soon.
        return OfflineError(text) if heard else ServiceError(text)
    if isinstance(error, ProxyError):
        return OfflineError(
            f"Yahoo's live prices cannot be reached, {way or 'a proxy'} refuses: check the proxy setting"
        )
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        if status in _TOO_MANY:
            return RateLimitError("Yahoo's live prices ask us to wait")
        return ServiceError(f"Yahoo's live prices answered with an error ({status})")
    return ServiceError("What answered in place of Yahoo's live prices does not speak as they do")
