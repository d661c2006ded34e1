"""yfinance itself, unpatched, against a Yahoo on this machine."""

from __future__ import annotations

import datetime as dt
import gc
import json
import logging
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from loopback_yahoo import HTML, NOT_FOUND, TOO_MANY, LoopbackYahoo, Reply, Request, daily, error, intraday, stamp

from core.errors import FeedError
from core.feeds import (
    Found,
    History,
    Limits,
    OfflineError,
    RateLimitError,
    ServiceError,
    UnknownSymbolError,
    YahooFeed,
)
from core.model import DAY_MS, Basis, Interval

if TYPE_CHECKING:
    from collections.abc import Callable

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
BODIES = "yahoo_chart/bodies"


def _ms(*when: int) -> int:
    return int(dt.datetime(*when, tzinfo=dt.UTC).timestamp()) * 1000  # type: ignore[arg-type]


def _all(feed: YahooFeed, symbol: str, interval: Interval = Interval.D1) -> History:
    return feed.history(symbol, interval, _ms(1990, 1, 1), _ms(2026, 1, 1))


# ---- recordings


RECORDED = [
    ("AAPL", "1d", "devel__chart-AAPL-2020-08-31-to-2020-11-07"),
    ("AAPL", "1d", "devel__chart-AAPL-2020-01-01-to-2020-01-03"),
    ("AAPL", "1m", "v2x__chart-AAPL-2024-10-02-to-2024-10-03-includePrePost-false-interval-1m"),
    ("AZT.OL", "1d", "v2x__chart-AZT.OL-2020-01-01-to-2020-01-03"),
    ("BTC-USD", "1d", "devel__chart-BTC-USD-2020-01-01-to-2020-01-03"),
    ("EURUSD=X", "1d", "devel__chart-EURUSD_X-2020-01-01-to-2020-01-03"),
    ("GC=F", "1d", "devel__chart-GC_F-2020-01-01-to-2020-01-03"),
    ("WSU.DE", "1d", "devel__chart-WSU.DE-2023-08-04-to-2023-08-09"),
    ("MSFT", "1d", "devel__historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31"),
    ("TSLA", "1d", "devel__historical-via-chart-dividends-TSLA-no-dividends"),
    ("600497.SS", "1d", "misc__600497.SS-2017-11-null-first-row-live-last-row"),
]


@pytest.mark.parametrize(("symbol", "interval", "name"), RECORDED)
def test_that_a_recorded_answer_becomes_its_own_rows(
    yahoo: LoopbackYahoo, feed: YahooFeed, shared: Path, symbol: str, interval: str, name: str
) -> None:
    text = (shared / BODIES / f"{name}.body.json").read_text("utf-8")
    yahoo.bodies[symbol] = text
    history = _all(feed, symbol, Interval(interval))
    result = json.loads(text)["chart"]["result"][0]
    quote = result["indicators"]["quote"][0]
    rows = [k for k, c in enumerate(quote["close"]) if c is not None]
    if interval == "1m":
        rows = rows[:-1]  # stamped at the close: the auction, which no session has a minute for
    raw = history.bars[Basis.RAW]
    assert raw.close.tolist() == [quote["close"][k] for k in rows]
    assert raw.volume.tolist() == [quote["volume"][k] for k in rows]
    assert (raw.high >= np.maximum(raw.open, raw.close)).all()
    assert (raw.low <= np.minimum(raw.open, raw.close)).all()
    assert history.instrument.currency == result["meta"]["currency"]
    assert history.instrument.name == result["meta"].get("longName", history.instrument.name)
    calendar = feed.calendar(symbol)
    if interval == "1d":
        adjusted = result["indicators"]["adjclose"][0]["adjclose"]
        assert history.bars[Basis.ADJUSTED].close == pytest.approx([adjusted[k] for k in rows], rel=1e-12)
        if not calendar.always_open:
            assert np.isin(raw.time, calendar.open).all()
            assert np.isin(raw.end, calendar.close).all()
    # The recorded stamp lies in the bar, or is its very end (a live quote after the bell).
    stamps = np.array([result["timestamp"][k] for k in rows]) * 1000
    assert ((raw.time <= stamps) & (stamps <= raw.end + 60_000)).all()


def test_that_a_live_quote_makes_the_running_bar_and_an_empty_first_row_none(
    yahoo: LoopbackYahoo, feed: YahooFeed, shared: Path
) -> None:
    name = "misc__600497.SS-2017-11-null-first-row-live-last-row.body.json"
    yahoo.bodies["600497.SS"] = (shared / BODIES / name).read_text("utf-8")
    history = _all(feed, "600497.SS")
    raw = history.bars[Basis.RAW]
    assert history.running
    assert len(raw) == 8
    assert raw.time[-1] == _ms(2017, 11, 27, 1, 30)
    assert raw.end[-1] == _ms(2017, 11, 27, 7)


def test_that_recorded_splits_and_dividends_are_told(yahoo: LoopbackYahoo, feed: YahooFeed, shared: Path) -> None:
    text = (shared / BODIES / "devel__chart-AAPL-2020-08-31-to-2020-11-07.body.json").read_text("utf-8")
    yahoo.bodies["AAPL"] = text
    actions = _all(feed, "AAPL").actions
    assert {(a.kind, a.value) for a in actions} == {("split", 4.0), ("dividend", 0.205)}
    assert next(a.time for a in actions if a.kind == "split") == _ms(2020, 8, 31, 13, 30)


def test_that_stamps_apart_from_the_calendars_open_are_no_live_quote(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    # Gold's session opens the evening before; Yahoo stamps its days at midnight.
    market = yahoo.add(daily("GC=F", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10), (0, 0)))
    market.market_time = stamp(NEW_YORK, 2025, 1, 10, 18)
    assert not _all(feed, "GC=F").running
    market.market_time = stamp(NEW_YORK, 2025, 1, 10, 12)
    assert _all(feed, "GC=F").running


@pytest.mark.parametrize(
    "name",
    [
        "v2x__chart-APS.AX-2020-01-01-to-2020-01-03",
        "v2x__chart-_VXAPL-2020-01-01-to-2020-01-03",
        "v2x__chart-notimestamp-quotes-length.fake",
        "devel__chart-notimestamp-weird-quote.fake",
        "devel__chart-TSLA-2025-01-01-to-2025-01-02-interval-1h.fake",
        "v2x__chart-TSLA-2021-11-23-to-2021-11-23-interval-1h.fake",
        "devel__chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m",
    ],
)
def test_that_an_answer_without_timestamps_is_an_empty_history(
    yahoo: LoopbackYahoo, feed: YahooFeed, shared: Path, name: str
) -> None:
    yahoo.bodies["SOME"] = (shared / BODIES / f"{name}.body.json").read_text("utf-8")
    interval = Interval.H1 if "1h" in name else Interval.M1 if "1m" in name else Interval.D1
    history = _all(feed, "SOME", interval)
    assert not history.bars
    assert history.instrument.currency == json.loads(yahoo.bodies["SOME"])["chart"]["result"][0]["meta"]["currency"]


# ---- what is asked, and the forms of answers that were not recorded


def test_that_every_request_goes_through_the_proxy_with_cookie_and_crumb(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    history = feed.history("AAPL", Interval.D1, _ms(2025, 1, 7), _ms(2025, 1, 9))
    assert yahoo.spans == [(_ms(2025, 1, 7) // 1000, _ms(2025, 1, 9) // 1000)]
    assert yahoo.requests[-1].query["crumb"] == "loopback"
    assert [dt.datetime.fromtimestamp(t / 1000, dt.UTC).day for t in history.bars[Basis.RAW].time] == [7, 8]


def test_that_thirty_minute_bars_are_told_like_the_others(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    first = stamp(NEW_YORK, 2025, 1, 8, 9, 30)
    yahoo.add(intraday("AAPL", NEW_YORK, "15m", [first + 900 * k for k in range(26)]))
    raw = feed.history("AAPL", Interval.M30, first * 1000 - DAY_MS, first * 1000 + DAY_MS).bars[Basis.RAW]
    assert (len(raw), raw.time[0], raw.end[-1]) == (13, first * 1000, stamp(NEW_YORK, 2025, 1, 8, 16) * 1000)
    assert (raw.open[1], raw.close[1], raw.high[1], raw.low[1]) == (102.0, 104.0, 105.0, 100.0)


def test_that_no_minute_of_a_coins_day_is_lost(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    first = stamp("UTC", 2025, 1, 11)  # a Saturday
    yahoo.add(intraday("BTC-USD", "UTC", "1m", [first + 60 * k for k in range(1440)], (0, 86_340)))
    raw = feed.history("BTC-USD", Interval.M1, first * 1000, first * 1000 + DAY_MS).bars[Basis.RAW]
    assert len(raw) == 1440


def test_that_search_gives_symbols_with_names(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    yahoo.found += [
        {"symbol": "300792.SZ", "shortname": "ONECHANCE", "longname": "Hangzhou Onechance", "exchDisp": "Shenzhen",
         "quoteType": "EQUITY"},
        {"name": "a company without a symbol"},
        {"symbol": "BTC-USD", "shortname": "Bitcoin USD", "exchange": "CCC", "quoteType": "CRYPTOCURRENCY"},
    ]  # fmt: skip
    assert feed.search(" onechance ") == [
        Found("300792.SZ", "Hangzhou Onechance", "Shenzhen", "equity"),
        Found("BTC-USD", "Bitcoin USD", "CCC", "cryptocurrency"),
    ]
    assert yahoo.requests[-1].query["q"] == "onechance"
    yahoo.requests.clear()
    assert feed.search("  ") == []
    assert not yahoo.requests


# ---- troubles


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (TOO_MANY, RateLimitError, "asks us to wait"),
        (Reply(999, "", "text/html"), RateLimitError, "asks us to wait"),
        (Reply(200, "Too Many Requests", "text/html"), RateLimitError, "asks us to wait"),
        (Reply(500, "oops", "text/html"), ServiceError, r"an error \(500\)"),
        (error(502, "Internal", "backend"), ServiceError, r"an error \(502\)"),
        (Reply(503, "", "text/html"), ServiceError, r"an error \(503\)"),
        (Reply(403, "<html>no</html>", "text/html"), ServiceError, r"refuses this network \(403\)"),
        (HTML, ServiceError, "a web page instead of prices"),
        (Reply(200, "Will be right back", "text/html"), ServiceError, "down for maintenance"),
        (Reply(200, ""), ServiceError, "nothing instead of prices"),
        (Reply(200, '{"chart": {"resu'), ServiceError, "something unreadable instead of prices"),
        (Reply(200, "{}"), ServiceError, "could not be read"),
        (Reply(200, "[]"), ServiceError, "unreadable"),
        (Reply(200, '{"chart": {"result": null, "error": null}}'), ServiceError, "could not be read"),
        (Reply(200, "{}" * 1000, cut=True), ServiceError, "was cut"),
        (NOT_FOUND, UnknownSymbolError, "no symbol 'AAPL'"),
        (
            error(422, "Unprocessable Entity", "1m data not available for startTime=1"),
            FeedError,
            r"\(422\): 1m data not",
        ),
    ],
)
def test_that_each_trouble_is_one_sentence_and_passes(
    yahoo: LoopbackYahoo, feed: YahooFeed, reply: Reply, kind: type[FeedError], says: str
) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    yahoo.always = reply
    with pytest.raises(kind, match=says) as caught:
        _all(feed, "AAPL")
    assert "\n" not in str(caught.value)
    yahoo.always = None  # an error page must not be kept for later
    assert len(_all(feed, "AAPL").bars[Basis.RAW]) == 5


@pytest.mark.parametrize("reply", [TOO_MANY, Reply(500, "x", "text/html"), HTML, Reply(404, "{}")])
def test_that_a_failed_search_is_no_empty_answer(yahoo: LoopbackYahoo, feed: YahooFeed, reply: Reply) -> None:
    yahoo.always = reply
    with pytest.raises(FeedError):
        feed.search("apple")
    yahoo.always = None
    assert feed.search("apple") == []


def test_that_a_symbol_that_is_known_but_has_no_such_dates_is_no_error(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    def answer(request: Request) -> Reply | None:
        return error(400, "Bad Request", "Data doesn't exist for startDate = 1, endDate = 2") if request.span else None

    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    yahoo.always = answer
    assert not _all(feed, "AAPL").bars


def test_that_an_unknown_symbol_costs_one_question(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    with pytest.raises(UnknownSymbolError, match="Yahoo knows no symbol 'XYZQ': check its spelling"):
        _all(feed, "XYZQ")
    assert len(yahoo.requests) == 1


def test_that_the_wish_in_retry_after_is_passed_on(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    yahoo.always = Reply(429, "Too Many Requests", "text/plain", {"Retry-After": "90"})
    with pytest.raises(RateLimitError) as caught:
        _all(feed, "AAPL")
    assert caught.value.retry_after == 90_000


def test_that_a_refused_crumb_does_not_stop_prices(
    yahoo: LoopbackYahoo, feed: YahooFeed, capfd: pytest.CaptureFixture[str]
) -> None:
    yahoo.crumb = TOO_MANY
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    assert len(_all(feed, "AAPL").bars[Basis.RAW]) == 5
    assert capfd.readouterr() == ("", "")


def test_that_silence_ends_in_bounded_time(
    yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed], capfd: pytest.CaptureFixture[str]
) -> None:
    yahoo.always = Reply(200, "{}", delay=20)
    feed = make_feed(limits=Limits(answer=0.3, cookie=0.3, call=0.8))
    began = time.monotonic()
    with pytest.raises(ServiceError, match=r"did not answer within 0\.3 s"):
        _all(feed, "AAPL")
    assert time.monotonic() - began < 20  # sooner than the server would have answered
    assert capfd.readouterr() == ("", "")


def test_that_the_whole_call_is_bounded_too(yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed]) -> None:
    yahoo.crumb = Reply(200, "late", "text/plain", delay=20)
    yahoo.always = Reply(500, "x", "text/html", delay=0.3)
    began = time.monotonic()
    with pytest.raises(ServiceError):
        _all(make_feed(limits=Limits(answer=5, cookie=5, call=0.5)), "AAPL")
    assert time.monotonic() - began < 20  # sooner than the server would have answered


def test_that_a_dead_proxy_is_the_offline_state(make_feed: Callable[..., YahooFeed]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(OfflineError, match=rf"the proxy http://127\.0\.0\.1:{port} does not answer: check the proxy"):
        _all(make_feed(proxy=f"http://user:secret@127.0.0.1:{port}"), "AAPL")


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])
def test_that_a_proxy_that_refuses_is_the_offline_state(yahoo: LoopbackYahoo, feed: YahooFeed, status: str) -> None:
    yahoo.refuse(status)
    with pytest.raises(OfflineError, match=r"the proxy http://127\.0\.0\.1:\d+ refuses: check the proxy"):
        _all(feed, "AAPL")


def test_that_an_untrusted_certificate_points_to_the_ca_file(make_feed: Callable[..., YahooFeed]) -> None:
    with pytest.raises(ServiceError, match=r"not trusted here: .* CA file"):
        _all(make_feed(ca_file=None), "AAPL")


# ---- the library's own habits


def test_that_a_cookie_without_expiry_does_not_break_later_calls(
    yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed], tmp_path: Path
) -> None:
    yahoo.cookie_expires = False
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    for _ in range(2):
        assert len(_all(make_feed(cache_dir=tmp_path), "AAPL").bars[Basis.RAW]) == 5


def test_that_a_damaged_cache_is_thrown_away(
    yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed], tmp_path: Path
) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    folder = tmp_path / "yfinance"
    folder.mkdir()
    for name in ("tkr-tz.db", "cookies.db"):
        (folder / name).write_bytes(b"no database at all" * 100)
    assert len(_all(make_feed(cache_dir=tmp_path), "AAPL").bars[Basis.RAW]) == 5


def test_that_caches_stay_below_the_folder_given_and_may_vanish(
    yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed], tmp_path: Path
) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    feed = make_feed(cache_dir=tmp_path / "a")
    _all(feed, "AAPL")
    assert (tmp_path / "a" / "yfinance" / "tkr-tz.db").is_file()
    shutil.rmtree(tmp_path / "a")
    assert len(_all(feed, "AAPL").bars[Basis.RAW]) == 5
    _all(make_feed(cache_dir=tmp_path / "b"), "AAPL")
    assert (tmp_path / "b" / "yfinance" / "tkr-tz.db").is_file()


def test_that_a_cache_folder_that_cannot_be_written_costs_nothing(
    yahoo: LoopbackYahoo, make_feed: Callable[..., YahooFeed], tmp_path: Path, feed_cache: Path
) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    (tmp_path / "file").write_text("in the way")
    calendars = YahooFeed(cache_dir=feed_cache).calendar
    feed = make_feed(cache_dir=tmp_path / "file", calendars=calendars)
    assert len(_all(feed, "AAPL").bars[Basis.RAW]) == 5


def test_that_nothing_of_the_library_reaches_terminal_or_log(
    yahoo: LoopbackYahoo, feed: YahooFeed, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for reply in (HTML, TOO_MANY, NOT_FOUND, Reply(500, "x", "text/html")):
            yahoo.always = reply
            with pytest.raises(FeedError):
                _all(feed, "AAPL")
    assert capfd.readouterr() == ("", "")
    assert not [r for r in caplog.records if r.name.startswith("yfinance")]


def test_that_two_threads_may_ask_at_once(yahoo: LoopbackYahoo, feed: YahooFeed) -> None:
    symbols = ["AAPL", "MSFT", "META", "PINS"]
    for n, symbol in enumerate(symbols):
        yahoo.add(daily(symbol, NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 7 + n)))
    with ThreadPoolExecutor(4) as pool:
        histories = list(pool.map(lambda s: _all(feed, s), symbols))
    gc.collect()  # connections left open by a thread would warn now
    assert [len(h.bars[Basis.RAW]) for h in histories] == [2, 3, 4, 5]
    assert [h.instrument.symbol for h in histories] == symbols


def test_that_nothing_is_printed_by_a_program_of_its_own(yahoo: LoopbackYahoo, feed_cache: Path) -> None:
    yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 6), dt.date(2025, 1, 10)))
    yahoo.crumb = TOO_MANY  # of which yfinance warns
    code = (
        "import logging, sys; from pathlib import Path; from core.feeds import YahooFeed; from core.model import *;"
        "logging.basicConfig();"
        "feed = YahooFeed(cache_dir=Path(sys.argv[1]), proxy=sys.argv[2], ca_file=sys.argv[3]);"
        "print(len(feed.history('AAPL', Interval.D1, 1, 2**41).bars[Basis.RAW]))"
    )
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-X", "dev", "-c", code, str(feed_cache), yahoo.proxy, str(yahoo.ca_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert (done.stdout, done.stderr) == ("5\n", "")


def test_that_importing_the_feeds_imports_no_heavy_library() -> None:
    code = "import core.feeds, sys; print([m for m in ('pandas', 'yfinance', 'curl_cffi') if m in sys.modules])"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
