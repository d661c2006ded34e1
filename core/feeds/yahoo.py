"""Yahoo's prices by yfinance: the only module that knows that library and the errors it hides.

yfinance keeps one client a process (session, cookies, settings); so does this module, behind a lock. What it prints
and logs is kept off the user's terminal, what it caches goes below our cache folder, and whatever it raises becomes
one sentence about what Yahoo did.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import logging
import re
import shutil
import threading
import warnings
from typing import TYPE_CHECKING, Any, cast

from core.clock import local_time
from core.errors import FeedError
from core.feeds.base import (
    Found,
    History,
    OfflineError,
    RateLimitError,
    Reach,
    ServiceError,
    UnknownSymbolError,
)
from core.feeds.transport import UNKNOWN, Answer, Limits, Wire, check_ca_file, check_proxy, make_session, shown_proxy
from core.model import DAY_MS, HOUR_MS, Instrument, Interval

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
_TOO_MANY = frozenset({429, 999})  # 999 is what Yahoo's edge used to say
# curl's codes, as its manual lists them.
_NO_PROXY_NAME, _NO_NAME, _NO_CONNECTION, _TIMED_OUT, _PROXY = 5, 6, 7, 28, 97
_TLS = frozenset({35, 53, 58, 59, 60, 64, 66, 77, 83, 91})

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
            raise UnknownSymbolError(UNKNOWN.format(_short(symbol)))
        calendar = self.calendar(symbol)
        with _lock:
            try:
                return self._retried(lambda: self._history(symbol, interval, start_ms, end_ms, calendar))
            except _NoPricesError:
                meta = _meta_of(_wire.answers)
                return History(_instrument(symbol, meta), as_of=_market_time(meta))

    def search(self, text: str) -> list[Found]:
        """Return instruments whose name or symbol matches, best first. Raises FeedError."""
        wanted = text.strip()
        if not wanted:
            return []
        with _lock:
            return self._retried(lambda: self._search(wanted))

    # ---- below this line the lock is held

    def _retried(self, call: Callable[[], Any]) -> Any:
        """Call once; a second time where yfinance fell over its own cache before it asked anything."""
        for again in (False, True):
            _wire.begin(self._limits)
            try:
                with self._yfinance():
                    return call()
            except _NoPricesError:
                raise
            except Exception as e:
                if not again and not _wire.answers and _own_fault(e):
                    if "locked" not in str(e):  # by another of our processes: that cache is well
                        self._forget()
                    continue
                raise self._explained(e) from e
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
            if _is_no_prices(e, _wire.answers):
                raise _NoPricesError from e
            raise
        answer_meta = _meta_of(_wire.answers)
        zone = str(answer_meta.get("exchangeTimezoneName") or calendar.zone)
        bars, actions = to_bars(frame, interval, calendar, zone)
        if not bars:
            raise _NoPricesError
        raw = bars[next(iter(bars))]
        as_of = _market_time(answer_meta)
        told = sorted(int(t) * 1000 for t in _result_of(_wire.answers[-1])["timestamp"])
        live = told[-1] not in raw.time and not (interval is Interval.D1 and _alike(told, zone))
        if as_of is None and live:
            as_of = told[-1]
        running = bool(len(raw)) and (live or (as_of is not None and int(raw.end[-1]) > as_of))
        return History(_instrument(symbol, answer_meta), bars, running, tuple(actions), as_of)

    def _search(self, text: str) -> list[Found]:
        found = _library().Search(
            text, max_results=15, news_count=0, lists_count=0, include_cb=False, recommended=0,
            session=_client["session"], timeout=self._limits.answer,
        )  # fmt: skip
        if _wire.answers and _wire.answers[-1].status >= 400:
            raise _BadAnswerError
        return [_found(q) for q in cast("list[dict[str, Any]]", found.quotes)]

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

    def _explained(self, error: Exception) -> FeedError:
        """Turn whatever yfinance or curl raised into one sentence, with the help of what Yahoo answered."""
        if isinstance(error, FeedError):
            return error
        code = getattr(error, "code", None)
        if isinstance(error, OSError) and code:
            return self._unreachable(int(code), str(error))
        last = _wire.answers[-1] if _wire.answers else None
        if isinstance(error, ValueError) and "ISIN" in str(error):  # it takes twelve letters and digits for one
            return UnknownSymbolError(UNKNOWN.format(str(error).rpartition(" ")[2]))
        if type(error).__name__ == "YFRateLimitError" or (last is not None and _asks_to_wait(last)):
            wishes = [a.retry_after for a in _wire.answers if a.retry_after is not None]
            return RateLimitError("Yahoo asks us to wait", retry_after=max(wishes, default=None))
        if last is None:
            return FeedError(f"Yahoo could not be asked ({type(error).__name__}: {_short(str(error))})")
        return _bad_answer(last, error)

    def _unreachable(self, code: int, text: str) -> FeedError:
        via = f"the proxy {shown_proxy(self._proxy)}" if self._proxy else ""
        if code in _TLS:
            return ServiceError(
                "Yahoo's certificate is not trusted here: where a company proxy re-signs traffic, name its CA file in "
                "the settings or with --ca-file"
            )
        if code in {_PROXY, _NO_PROXY_NAME} or "CONNECT" in text:
            return OfflineError(f"Yahoo cannot be reached, {via or 'a proxy'} refuses: check the proxy setting")
        if code in {_NO_NAME, _NO_CONNECTION}:
            if via:
                return OfflineError(f"Yahoo cannot be reached, {via} does not answer: check the proxy setting")
            return OfflineError("Yahoo cannot be reached, this machine seems to be offline")
        if code == _TIMED_OUT:
            return ServiceError(f"Yahoo did not answer within {self._limits.answer:g} s")
        return ServiceError("The connection to Yahoo was cut")


def _library() -> Any:
    import yfinance  # noqa: PLC0415  heavy  # pyright: ignore[reportMissingTypeStubs]  heavy

    return yfinance


class _NoPricesError(Exception):
    """Yahoo answered well and has nothing in that span."""


class _BadAnswerError(Exception):
    """yfinance took an error answer for an empty one."""


def _alike(stamps: list[int], zone: str) -> bool:
    """Whether the last daily stamp is of the same hour as the one before, or midnight: else it is a live quote's."""
    hours = [local_time(t, zone).time() for t in stamps[-2:]]
    return hours[-1] in {dt.time(0), *hours[:-1]}


def _own_fault(error: Exception) -> bool:
    """Whether yfinance failed by itself, not by the network or Yahoo."""
    if isinstance(error, FeedError) or type(error).__module__.startswith("yfinance"):
        return False
    return not (isinstance(error, OSError) and getattr(error, "code", None))


def _asks_to_wait(answer: Answer) -> bool:
    return answer.status in _TOO_MANY or ("json" not in answer.kind and "Too Many Requests" in answer.text[:200])


def _json_of(answer: Answer) -> dict[str, Any] | None:
    try:
        value: Any = json.loads(answer.text)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _error_of(answer: Answer) -> dict[str, Any]:
    """Return Yahoo's own error object (code, description), {} where it sent none."""
    body = _json_of(answer) or {}
    for part in ("chart", "finance"):
        error = cast("dict[str, Any]", body.get(part) or {}).get("error")
        if isinstance(error, dict):
            return cast("dict[str, Any]", error)
    return {}


def _result_of(answer: Answer) -> dict[str, Any]:
    """Return the first result of a chart answer, {} where there is none."""
    chart = cast("dict[str, Any]", (_json_of(answer) or {}).get("chart") or {})
    results = cast("list[dict[str, Any]]", chart.get("result") or [])
    return (results[0] or {}) if results else {}


def _is_no_prices(error: Exception, answers: list[Answer]) -> bool:
    """Whether Yahoo answered well, but with no bar in the span asked for (yfinance raises one of several errors)."""
    if isinstance(error, FeedError) or not answers:
        return False
    last = answers[-1]
    if last.status == 400:
        return "doesn't exist for startdate" in str(_error_of(last).get("description")).lower()
    result = _result_of(last)
    return last.status == 200 and bool(result.get("meta")) and not result.get("timestamp")


def _bad_answer(answer: Answer, error: Exception) -> FeedError:  # noqa: PLR0911  one return a kind of trouble
    """Say what was wrong with an answer that is neither prices nor a rate limit."""
    if answer.status >= 500:
        return ServiceError(f"Yahoo answers with an error ({answer.status})")
    if answer.status in {401, 403, 451}:
        return ServiceError(f"Yahoo refuses this network ({answer.status}): a proxy in another one may help")
    if "Will be right back" in answer.text:
        return ServiceError("Yahoo is down for maintenance")
    if _json_of(answer) is None:
        what = "a web page" if "<" in answer.text[:200] else "something unreadable" if answer.text else "nothing"
        return ServiceError(f"Yahoo answered with {what} instead of prices")
    said = _error_of(answer)
    text = _short(str(said.get("description") or said.get("code") or ""))
    if answer.status == 404 or str(said.get("code")) == "Not Found":
        return UnknownSymbolError(UNKNOWN.format(answer.symbol))
    if text:
        return FeedError(f"Yahoo refuses the request ({answer.status}): {text}")
    return ServiceError(f"Yahoo's answer could not be read ({type(error).__name__}: {_short(str(error))})")


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 200 else line[:199] + "…"


def _meta_of(answers: list[Answer]) -> dict[str, Any]:
    return cast("dict[str, Any]", _result_of(answers[-1]).get("meta") or {}) if answers else {}


def _market_time(meta: dict[str, Any]) -> int | None:
    seconds = meta.get("regularMarketTime")
    return int(seconds) * 1000 if isinstance(seconds, int | float) else None


def _instrument(symbol: str, meta: dict[str, Any]) -> Instrument:
    name = str(meta.get("longName") or meta.get("shortName") or "")
    return Instrument(symbol, name, str(meta.get("currency") or ""))


def _found(quote: dict[str, Any]) -> Found:
    name = str(quote.get("longname") or quote.get("shortname") or "")
    exchange = str(quote.get("exchDisp") or quote.get("exchange") or "")
    return Found(
        str(quote["symbol"]), name, exchange, str(quote.get("quoteType") or quote.get("typeDisp") or "").lower()
    )
