"""Live services, one file each, behind small protocols. Nothing of pandas or yfinance is imported until a call."""

from core.feeds.base import (
    FeedSettingsError,
    FetchReport,
    Found,
    History,
    OfflineError,
    PriceFeed,
    RateLimitError,
    Reach,
    ServiceError,
    UnknownSymbolError,
)
from core.feeds.health import FeedHealth, State, clock_time
from core.feeds.prices import PriceService, fetch_prices
from core.feeds.stream import Pace, Phase, PriceStream, StreamState, YahooStream
from core.feeds.transport import Limits
from core.feeds.yahoo import YahooFeed

__all__ = [
    "FeedHealth",
    "FeedSettingsError",
    "FetchReport",
    "Found",
    "History",
    "Limits",
    "OfflineError",
    "Pace",
    "Phase",
    "PriceFeed",
    "PriceService",
    "PriceStream",
    "RateLimitError",
    "Reach",
    "ServiceError",
    "State",
    "StreamState",
    "UnknownSymbolError",
    "YahooFeed",
    "YahooStream",
    "clock_time",
    "fetch_prices",
]
