"""Yahoo's prices by yfinance: the only module that calls that library.

yfinance keeps one client a process (session, cookies, settings); so does this module, behind a lock. What it prints
and logs is kept off the user's terminal, what it caches goes below our cache folder, and whatever it raises becomes
one sentence about what Yahoo did (`yahoo_errors`).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import shutil
import threading
import warnings
from typing import TYPE_CHECKING, Any, cast

from core.feeds.base import Found, History, Reach, UnknownSymbolError
from core.feeds.transport import UNKNOWN, Limits, Wire, check_ca_file, check_proxy, make_session
from core.feeds.yahoo_answers import alike, found_of, instrument_of, market_time, meta_of, result_of
from core.feeds.yahoo_errors import explained, is_no_prices, own_fault, short
from core.model import DAY_MS, HOUR_MS, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from core.clock import Calendar

_REACH = {
    Interval.M1: Reach(7 * DAY_MS, 4 * DAY_MS),
    Interval.M5: Reach(60 * DAY_MS, None),
    Interval.M15: Reach(60 * DAY_MS, None),
    Interval.M30: Reach(60 * DAY_MS, None),
    Interval.H1: Reach(730 * DAY_MS, None),
    Interval.D1: Reach(None, None),
}
_SYMBOL = re.compile(r"[A-Za-z0-9.^=&_:-]{1,40}")  # anything else would change the address that is asked

_lock = threading.Lock()
_wire = Wire()
_client: dict[str, Any] = {}  # "session" and "cache": made once a process


class YahooFeed:
    """Prices and search by yfinance. Calls block, may come from any thread, and end in bounded time."""

    name = "Yahoo"

    def __init__(
        self,
        *,
        cache_dir: Path,
        proxy: str | None = None,
        ca_file: Path | str | None = None,
        limits: Limits | None = None,
        calendars: Callable[[str], Calendar] | None = None,
    ) -> None:
        """Check the settings (raises FeedSettingsError); nothing is imported or asked yet.

        `cache_dir` is the program's cache folder; `calendars` gives a symbol's calendar, by default `core.clock`'s.
        """
        self._cache = cache_dir
        self._proxy = check_proxy(proxy) if proxy else None
        self._ca_file = check_ca_file(ca_file) if ca_file else None
        self._limits = limits or Limits()
        self._calendars = calendars

    @property
    def route(self) -> str:
        """The proxy and CA file in use, hashed, as a proxy's address may hold a password; "" for the direct way."""
        way = f"{self._proxy or ''}|{self._ca_file or ''}"
        return hashlib.sha256(way.encode()).hexdigest()[:12] if way != "|" else ""

    def reach(self, interval: Interval) -> Reach:
        """Return how far back Yahoo keeps bars of `interval`, and how much one request may span."""
        return _REACH[interval]

    def calendar(self, symbol: str) -> Calendar:
        """Return the sessions that daily bars of `symbol` stand for."""
        if self._calendars is not None:
            return self._calendars(symbol)
        from core.clock import calendar_for  # noqa: PLC0415  numpy and calendars: not at start

        return calendar_for(symbol, cache_dir=self._cache)

    def history(self, symbol: str, interval: Interval, start_ms: int, end_ms: int) -> History:
        """Return bars that begin in [start_ms, end_ms) and, for daily ones, the same adjusted for dividends.

        Raises FeedError; a span in which Yahoo has nothing is an empty History, no error.
        """
        if not _SYMBOL.fullmatch(symbol):
            raise UnknownSymbolError(UNKNOWN.format(short(symbol)))
        calendar = self.calendar(symbol)
        with _lock:
            try:
                return self._retried(lambda: self._history(symbol, interval, start_ms, end_ms, calendar))
            except _NoPricesError:
                meta = meta_of(_wire.answers)
                return History(instrument_of(symbol, meta), as_of=market_time(meta))

    def search(self, text: str) -> list[Found]:
        """Return instruments whose name or symbol matches, best first. Raises FeedError."""
        wanted = text.strip()
        if not wanted:
            return []
        with _lock:
            return self._retried(lambda: self._search(wanted))

    # ---- below this line the lock is held

    def _retried(self, call: Callable[[], Any]) -> Any:
        """Call once; again where yfinance fell over its own cache before it asked anything.

        Twice again at most: what was thrown away may be written anew by another of our processes meanwhile.
        """
        for tries_left in (2, 1, 0):
            _wire.begin(self._limits)
            try:
                with self._yfinance():
                    return call()
            except _NoPricesError:
                raise
            except Exception as e:
                if tries_left and not _wire.answers and own_fault(e):
                    if "locked" not in str(e):  # by another of our processes: that cache is well
                        self._forget()
                    continue
                raise explained(e, _wire.answers, self._proxy, self._limits) from e
        raise AssertionError("unreachable")

    def _history(self, symbol: str, interval: Interval, start: int, end: int, calendar: Calendar) -> History:
        from core.feeds.frames import to_bars  # noqa: PLC0415  only here

        ticker = _library().Ticker(symbol, session=_client["session"])
        # Whole seconds, and never 0: yfinance takes a start of 0 for none.
        first, stop = start // 1000 or 1, -(-end // 1000)
        try:
            # yfinance cuts bars at "regular hours"; where those are the whole day that loses its last minute.
            frame = ticker.history(
                start=first, end=stop, interval=str(interval), prepost=calendar.session_ms > 20 * HOUR_MS,
                auto_adjust=False, actions=True, repair=False, timeout=self._limits.answer,
            )  # fmt: skip
        except Exception as e:
            if is_no_prices(e, _wire.answers):
                raise _NoPricesError from e
            raise
        answer_meta = meta_of(_wire.answers)
        zone = str(answer_meta.get("exchangeTimezoneName") or calendar.zone)
        bars, actions = to_bars(frame, interval, calendar, zone)
        if not bars:
            raise _NoPricesError
        raw = bars[next(iter(bars))]
        as_of = market_time(answer_meta)
        told = sorted(int(t) * 1000 for t in result_of(_wire.answers[-1])["timestamp"])
        live = told[-1] not in raw.time and not (interval is Interval.D1 and alike(told, zone))
        if as_of is None and live:
            as_of = told[-1]
        running = bool(len(raw)) and (live or (as_of is not None and int(raw.end[-1]) > as_of))
        return History(instrument_of(symbol, answer_meta), bars, running, tuple(actions), as_of)

    def _search(self, text: str) -> list[Found]:
        found = _library().Search(
            text, max_results=15, news_count=0, lists_count=0, include_cb=False, recommended=0,
            session=_client["session"], timeout=self._limits.answer,
        )  # fmt: skip
        if _wire.answers and _wire.answers[-1].status >= 400:
            raise _BadAnswerError
        return [found_of(q) for q in cast("list[dict[str, Any]]", found.quotes)]

    @contextlib.contextmanager
    def _yfinance(self) -> Generator[None]:
        """Set yfinance up for this feed, and leave no open file of its caches behind."""
        yf = _library()
        cache = yf.cache
        # It logs every step, and its warnings and errors are what we say in our own words.
        logging.getLogger("yfinance").setLevel(logging.CRITICAL)
        # yfinance 1.7 sorts with an argument that pandas 3 deprecates: its business, not the user's. Set anew at each
        # call, as importing it puts a filter of its own in front that prints every such warning.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"yfinance\.")
        yf.config.debug.hide_exceptions = False
        yf.config.network.proxy = self._proxy
        yf.config.network.retries = 0
        session = _client.get("session")
        if session is None:
            session = _client["session"] = make_session(_wire)
            _client["verify"] = session.verify  # True, or what the environment names
        session.proxies = {"all": self._proxy} if self._proxy else {}
        session.verify = self._ca_file or _client["verify"]
        self._place_caches(yf, cache)
        # It keeps answers about the past for the process's life, error pages of an outage included.
        yf.data.YfData.cache_get.cache_clear()
        try:
            yield
        finally:
            for kept in (cache.get_tz_cache(), cache.get_cookie_cache()):
                with contextlib.suppress(Exception):  # closing is a courtesy: whatever fails here was never open
                    kept.get_db().close()

    def _place_caches(self, yf: Any, cache: Any) -> None:
        folder = self._cache / "yfinance"
        if _client.get("cache") == folder:
            return
        with contextlib.suppress(OSError):  # yfinance does without caches where it cannot write
            folder.mkdir(parents=True, exist_ok=True)
        yf.set_tz_cache_location(str(folder))
        # That call moves the folder but not the caches already open on the old one.
        cache._TzCacheManager._tz_cache = None  # noqa: SLF001  no public way to close them
        cache._CookieCacheManager._Cookie_cache = None  # noqa: SLF001  as above
        _client["cache"] = folder

    def _forget(self) -> None:
        """Throw yfinance's caches away: a damaged file or a cookie without expiry would fail every call."""
        shutil.rmtree(self._cache / "yfinance", ignore_errors=True)
        _client.clear()


def _library() -> Any:
    import yfinance  # noqa: PLC0415  heavy  # pyright: ignore[reportMissingTypeStubs]  heavy

    return yfinance


class _NoPricesError(Exception):
    """Yahoo answered well and has nothing in that span."""


class _BadAnswerError(Exception):
    """yfinance took an error answer for an empty one."""
