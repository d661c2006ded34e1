"""What every price service looks like from outside: the protocol, what it gives, and how it can fail.

Nothing here knows a particular service. Times are ms UTC; prices are in the instrument's currency.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  a dataclass field: tools that read annotations need it
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from core.errors import FeedError
from core.model import Action, Basis, Instrument, Interval
from core.series import Bars

if TYPE_CHECKING:
    from core.clock import Calendar


class RateLimitError(FeedError):
    """The service asks to wait. `retry_after` is its own wish in ms, or None where it named none."""

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OfflineError(FeedError):
    """The service cannot be reached from here: no route, no name, or a proxy that refuses."""


class ServiceError(FeedError):
    """The service was reached, or should have been, and did not answer as it should (5xx, time-out, HTML)."""


class UnknownSymbolError(FeedError):
    """The service knows no such symbol; the service itself is well."""


class FeedSettingsError(FeedError):
    """A setting of the feed (proxy, CA file) cannot be used; nothing was asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """One answer to a search by name."""

    symbol: str
    name: str
    exchange: str
    kind: str  # "equity", "etf", "cryptocurrency", … in lower case


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Bars of one request, in order and without duplicates; a basis the service does not have is absent.

    `running` says that the last bar had not closed yet. `as_of` is the last trade the service knows of (ms UTC), or
    None where it does not say; bars that end later may still change, delayed exchanges included.
    """

    instrument: Instrument
    bars: Mapping[Basis, Bars] = field(default_factory=dict[Basis, Bars])
    running: bool = False
    actions: tuple[Action, ...] = ()
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back an interval is kept and how much one request may span (ms); None is without bound."""

    back: int | None
    piece: int | None


class PriceFeed(Protocol):
    """A service of price history. Calls block, end in bounded time, and raise `FeedError` only."""

    @property
    def name(self) -> str:
        """The service's name as shown to the user."""
        ...

    @property
    def route(self) -> str:
        """Which way the service is reached; a wait imposed on one route does not bind another."""
        ...

    def reach(self, interval: Interval) -> Reach:
        """Return how far back bars of `interval` can be had."""
        ...

    def calendar(self, symbol: str) -> Calendar:
        """Return the sessions that this service cuts the bars of `symbol` by."""
        ...

    def history(self, symbol: str, interval: Interval, start_ms: int, end_ms: int) -> History:
        """Return the bars that begin in [start_ms, end_ms); none where there are none."""
        ...

    def search(self, text: str) -> list[Found]:
        """Return instruments whose name or symbol matches `text`, best first."""
        ...


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What one fetch did. `problem` is one sentence for the user, or None; `note` is no problem but worth saying.

    `bars` counts new bars and `replaced` those that stood already, of the raw series. `first` and `last` are the
    stored series' extent (ms UTC) after the fetch, None where nothing is stored. `age_ms` is how long ago what is
    stored was known to be all there is, None where it never was.
    """

    symbol: str
    interval: Interval
    bars: int = 0
    replaced: int = 0
    source: str = ""
    age_ms: int | None = None
    first: int | None = None
    last: int | None = None
    problem: str | None = None
    retry_at: int | None = None
    note: str = ""
