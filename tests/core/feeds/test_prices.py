"""Fetching into a real store from yfinance itself, against a Yahoo on this machine."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from loopback_yahoo import TOO_MANY, LoopbackYahoo, Market, Reply, Request, daily, error, intraday, stamp

from core.errors import FeedError, UsageError
from core.feeds import FeedHealth, FetchReport, PriceService, State, YahooFeed, fetch_prices
from core.model import DAY_MS, HOUR_MS, MINUTE_MS, Basis, Instrument, Interval
from core.series import Bars
from core.store import Store

if TYPE_CHECKING:
    from pathlib import Path

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
Fetch = Callable[..., FetchReport]


def _at(zone: str, *when: int) -> int:
    return stamp(zone, *when) * 1000


@pytest.fixture
def fetch(store: Store, feed: YahooFeed) -> Fetch:
    """Give a fetch into the store, of AAPL's daily bars unless told otherwise; `now` is New York time."""

    def run(*now: int, symbol: str = "AAPL", interval: Interval = Interval.D1, **rest: Any) -> FetchReport:
        rest = {"feed": feed, "zone": NEW_YORK, **rest}
        return fetch_prices(store, symbol, interval, now=_at(NEW_YORK, *now), **rest)

    return run


def _january(yahoo: LoopbackYahoo, last: int = 31) -> Market:
    return yahoo.add(daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, last)))


def _days(bars: Bars) -> list[int]:
    return [dt.datetime.fromtimestamp(t / 1000, dt.UTC).day for t in bars.time]


# ---- missing spans only


def test_that_daily_bars_come_in_both_bases_with_the_instruments_name(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch
) -> None:
    market = _january(yahoo, 10)
    market.rows = [(t, o, h, lo, c, c / 2, v) for t, o, h, lo, c, _, v in market.rows]
    report = fetch(2025, 1, 11, 12)
    assert (report.bars, report.replaced, report.source, report.problem) == (7, 0, "Yahoo", None)
    assert (report.age_ms, report.first, report.last) == (
        0, _at(NEW_YORK, 2025, 1, 2, 9, 30), _at(NEW_YORK, 2025, 1, 10, 9, 30),
    )  # fmt: skip
    raw, adjusted = (store.bars("AAPL", Interval.D1, b) for b in (Basis.RAW, Basis.ADJUSTED))
    assert adjusted.close.tolist() == (raw.close / 2).tolist()
    assert store.instruments() == [Instrument("AAPL", "Test Company", "USD")]


def test_that_what_is_stored_and_closed_is_not_asked_again(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    _january(yahoo, 10)
    fetch(2025, 1, 10, 18)
    yahoo.requests.clear()
    report = fetch(2025, 1, 12, 12)  # Sunday: nothing has traded since
    assert not yahoo.requests
    assert (report.bars, report.problem, report.age_ms) == (0, None, 0)
    _january(yahoo, 14)
    assert fetch(2025, 1, 14, 18).bars == 2
    assert yahoo.spans == [(stamp(NEW_YORK, 2025, 1, 10), stamp(NEW_YORK, 2025, 1, 15, 18))]


def test_that_the_running_bar_is_replaced_and_closed_ones_are_not(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch
) -> None:
    market = _january(yahoo, 8)
    fetch(2025, 1, 8, 11)
    time, opened, _, low, _, _, _ = market.rows[-1]
    market.rows[-1] = (time, opened, 30_000.0, low, 29_999.0, 29_999.0, 5_000)
    day, *rest = market.rows[-2]
    market.rows[-2] = (day, rest[0], rest[1] + 50, *rest[2:])  # a closed bar that Yahoo changed: not ours to rewrite
    report = fetch(2025, 1, 8, 12)
    raw = store.bars("AAPL", Interval.D1, Basis.RAW)
    assert (report.bars, report.replaced) == (0, 1)
    assert (raw.close[-1], raw.high[-1]) == (29_999.0, 30_000.0)
    assert raw.high[-2] == rest[1]
    market.rows[-1] = (time, opened, 31_000.0, low, 30_500.0, 30_500.0, 9_000)
    assert fetch(2025, 1, 8, 18).replaced == 1  # closed by now
    yahoo.requests.clear()
    assert fetch(2025, 1, 8, 19).replaced == 0
    assert not yahoo.requests


def test_that_an_earlier_start_asks_for_what_lies_before_only(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo)
    fetch(2025, 1, 31, 18, start=_at(NEW_YORK, 2025, 1, 20))
    yahoo.requests.clear()
    report = fetch(2025, 1, 31, 18, start=_at(NEW_YORK, 2025, 1, 6))
    assert (report.bars, report.replaced) == (10, 0)
    low, high = yahoo.spans[0]
    assert len(yahoo.spans) == 1
    assert low == stamp(NEW_YORK, 2025, 1, 6)
    assert high <= stamp(NEW_YORK, 2025, 1, 22)  # to the first stored bar, to compare
    assert _days(store.bars("AAPL", Interval.D1, Basis.RAW))[0] == 6


def test_that_years_before_the_listing_are_asked_for_once(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    _january(yahoo)
    fetch(2025, 1, 31, 18)
    yahoo.requests.clear()
    assert fetch(2025, 1, 31, 19, start=_at(NEW_YORK, 1990, 1, 1)).bars == 0
    assert not yahoo.requests


def test_that_a_later_start_leaves_no_hole(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo)
    fetch(2025, 1, 10, 18)
    fetch(2025, 1, 31, 18, start=_at(NEW_YORK, 2025, 1, 28))
    assert len(store.bars("AAPL", Interval.D1, Basis.RAW)) == 22


def test_that_a_symbol_in_any_case_is_one_series(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo)
    assert fetch(2025, 1, 31, 18, symbol=" aapl ").symbol == "AAPL"
    assert [i.symbol for i in store.instruments()] == ["AAPL"]


# ---- intraday and the service's reach


def _minutes(*days: int, step: int = 60, zone: str = NEW_YORK) -> list[int]:
    return [stamp(zone, 2025, 1, d, 9, 30) + k for d in days for k in range(0, 23_400, step)]


def test_that_minutes_are_asked_for_in_pieces_within_seven_days(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch
) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(13, 14, 15, 16, 17)))
    report = fetch(2025, 1, 18, 12, interval=Interval.M1, start=_at(NEW_YORK, 2024, 12, 1))
    now = stamp(NEW_YORK, 2025, 1, 18, 12)
    assert len(yahoo.spans) > 1
    assert min(a for a, _ in yahoo.spans) >= now - 7 * 86_400
    assert max(b - a for a, b in yahoo.spans) <= 7 * 86_400
    assert "keeps 1m prices for 7 days only: asked from 2025-01-11" in report.note
    raw = store.bars("AAPL", Interval.M1, Basis.RAW)
    assert (report.bars, len(raw)) == (5 * 390, 5 * 390)
    assert not len(store.bars("AAPL", Interval.M1, Basis.ADJUSTED))
    assert (raw.end - raw.time == MINUTE_MS).all()


@pytest.mark.parametrize(("interval", "days"), [(Interval.M5, 60), (Interval.M15, 60), (Interval.H1, 730)])
def test_that_other_intraday_bars_are_asked_for_within_their_reach(
    yahoo: LoopbackYahoo, fetch: Fetch, interval: Interval, days: int
) -> None:
    first = stamp(NEW_YORK, 2025, 1, 8, 9, 30)
    yahoo.add(intraday("AAPL", NEW_YORK, str(interval), [first, first + interval.ms // 1000]))
    assert fetch(2025, 1, 8, 18, interval=interval).bars == 2
    low = min(a for a, _ in yahoo.spans)
    oldest = stamp(NEW_YORK, 2025, 1, 8, 18) - days * 86_400
    assert oldest < low <= oldest + 2 * 86_400


def test_that_only_unfinished_minutes_are_asked_for_again(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    stamps = _minutes(17)
    market = yahoo.add(intraday("AAPL", NEW_YORK, "1m", stamps[:60]))
    market.market_time = stamps[59] + 30  # in the sixtieth minute
    fetch(2025, 1, 17, 10, 30, interval=Interval.M1)
    yahoo.requests.clear()
    full = intraday("AAPL", NEW_YORK, "1m", stamps[:90])
    market.rows = [*full.rows[:59], (full.rows[59][0], 159.0, 500.0, 1.0, 499.0, None, 77), *full.rows[60:]]
    market.market_time = stamps[89] + 30
    report = fetch(2025, 1, 17, 11, interval=Interval.M1)
    assert yahoo.spans[0][0] == stamps[58]  # one closed bar to compare with
    assert (report.bars, report.replaced) == (30, 1)
    raw = store.bars("AAPL", Interval.M1, Basis.RAW)
    assert (raw.close[59], raw.close[58], len(raw)) == (499.0, 159.0, 90)


def test_that_a_delayed_exchanges_newest_minutes_stay_unfinished(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    stamps = _minutes(17)
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", stamps[:45]))  # no word of when the last trade was
    fetch(2025, 1, 17, 10, 15, interval=Interval.M1)
    yahoo.requests.clear()
    fetch(2025, 1, 17, 10, 16, interval=Interval.M1)
    assert yahoo.spans[0][0] < stamps[26]


def test_that_a_closed_market_is_not_asked_for_minutes(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "5m", _minutes(17, step=300)[:50]))  # no trade in the last hours
    fetch(2025, 1, 17, 20, interval=Interval.M5)
    yahoo.requests.clear()
    assert fetch(2025, 1, 19, 20, interval=Interval.M5).problem is None
    assert not yahoo.requests


def test_that_bars_of_shanghai_leave_out_lunch(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    morning = stamp(SHANGHAI, 2025, 1, 14, 9, 30)
    stamps = [morning + 300 * k for k in range(24)] + [morning + 12_600 + 300 * k for k in range(24)]
    yahoo.add(intraday("300792.SZ", SHANGHAI, "5m", stamps, (34_200, 54_000)))
    fetch(2025, 1, 14, 12, symbol="300792.SZ", interval=Interval.M5)
    raw = store.bars("300792.SZ", Interval.M5, Basis.RAW)
    assert raw.time.tolist() == [s * 1000 for s in stamps]
    assert int(raw.end[23]) == _at(SHANGHAI, 2025, 1, 14, 11, 30)
    assert int(raw.end[-1]) == _at(SHANGHAI, 2025, 1, 14, 15)


# ---- splits and dividends


def _split(market: Market, day: int, ratio: int) -> None:
    """Let Yahoo's whole past be told anew: prices by `ratio` lower before `day`, volume higher."""
    at = stamp(NEW_YORK, 2025, 1, day, 9, 30)
    market.rows = [(r[0], *(p and p / ratio for p in r[1:6]), r[6] * ratio) if r[0] < at else r for r in market.rows]
    market.splits.append((at, ratio, 1))


def test_that_a_split_fetches_the_whole_series_anew(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    fetch_1 = daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 14))
    yahoo.add(fetch_1)
    fetch(2025, 1, 14, 18)
    market = daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 17))
    _split(market, 16, 4)
    yahoo.add(market)
    report = fetch(2025, 1, 17, 18)
    raw = store.bars("AAPL", Interval.D1, Basis.RAW)
    expected = [r[4] for r in market.rows if dt.datetime.fromtimestamp(r[0], dt.UTC).day != 9]
    assert [c for t, c in zip(_days(raw), raw.close, strict=True) if t != 9] == pytest.approx(expected)
    assert (report.bars, report.problem) == (3, None)
    assert report.replaced == len(fetch_1.rows)
    assert "fetched anew" in report.note
    yahoo.requests.clear()
    assert fetch(2025, 1, 18, 12).bars == 0
    assert not yahoo.requests


def test_that_a_dividend_changes_adjusted_prices_only(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo, 14)
    fetch(2025, 1, 14, 18)
    before = store.bars("AAPL", Interval.D1, Basis.RAW)
    market = _january(yahoo, 17)
    at = stamp(NEW_YORK, 2025, 1, 16, 9, 30)
    market.dividends.append((at, 20.1))
    market.rows = [(*r[:5], r[5] * 0.999, r[6]) if r[0] < at else r for r in market.rows]
    report = fetch(2025, 1, 17, 18)
    raw, adjusted = (store.bars("AAPL", Interval.D1, b) for b in (Basis.RAW, Basis.ADJUSTED))
    assert raw.close[: len(before)].tolist() == before.close.tolist()
    assert adjusted.close == pytest.approx(np.where(adjusted.time < at * 1000, raw.close * 0.999, raw.close))
    assert (report.bars, report.replaced) == (3, 0)


def test_that_minutes_beyond_reach_are_brought_to_the_splits_terms(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch
) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(6, 7, 8)))
    fetch(2025, 1, 8, 18, interval=Interval.M1)
    old = store.bars("AAPL", Interval.M1, Basis.RAW)
    market = intraday("AAPL", NEW_YORK, "1m", _minutes(6, 7, 8, 10, 13, 14))
    _split(market, 10, 2)
    market.rows = [r for r in market.rows if r[0] >= stamp(NEW_YORK, 2025, 1, 8)]  # the rest is out of reach by now
    yahoo.add(market)
    report = fetch(2025, 1, 14, 18, interval=Interval.M1)
    raw = store.bars("AAPL", Interval.M1, Basis.RAW)
    assert report.problem is None
    assert len(raw) == 6 * 390
    assert raw.close[: len(old)] == pytest.approx(old.close / 2)
    assert raw.volume[: len(old)] == pytest.approx(old.volume * 2)


def test_that_a_split_in_a_hole_beyond_reach_is_seen(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(2, 3)))
    fetch(2025, 1, 4, 12, interval=Interval.M1)
    old = store.bars("AAPL", Interval.M1, Basis.RAW)
    days = daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 30))
    _split(days, 10, 5)  # no minute bar that is still told shows it
    yahoo.add(days)
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(28, 29, 30)))
    report = fetch(2025, 1, 30, 18, interval=Interval.M1)
    raw = store.bars("AAPL", Interval.M1, Basis.RAW)
    assert (report.problem, report.bars, len(raw)) == (None, 3 * 390, 5 * 390)
    assert raw.close[: len(old)] == pytest.approx(old.close / 5)
    assert raw.close[-1] == 101.0 + 3 * 390 - 1
    assert "brought to its terms" in report.note


def test_that_a_refetch_that_fails_half_way_mixes_nothing(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo, 14)
    fetch(2025, 1, 14, 18)
    before = store.bars("AAPL", Interval.D1, Basis.RAW)
    market = _january(yahoo, 17)
    _split(market, 16, 4)
    late = stamp(NEW_YORK, 2025, 1, 10)

    def answer(request: Request) -> Reply | None:
        return Reply(502, "x", "text/html") if request.span and request.span[0] < late else None

    yahoo.always = answer
    report = fetch(2025, 1, 17, 18)
    after = store.bars("AAPL", Interval.D1, Basis.RAW)
    assert "an error (502)" in (report.problem or "")
    assert after.close.tolist() == before.close.tolist()
    yahoo.always = None
    assert fetch(2025, 1, 17, 19).problem is None
    assert store.bars("AAPL", Interval.D1, Basis.RAW).close[0] == pytest.approx(before.close[0] / 4)


# ---- beside other sources


def _imported(store: Store, market: Market, factor: float = 1.0, *, simulated: bool = False) -> Bars:
    """Put a market's rows as a file would bring them: raw only, or both bases."""
    time = np.array([r[0] for r in market.rows], np.int64) * 1000
    opened, high, low, close = (np.array([r[k] for r in market.rows], np.float64) * factor for k in (1, 2, 3, 4))
    bars = Bars(time, time + 390 * MINUTE_MS, opened, high, low, close, np.full(len(time), 10.0))
    for basis in Basis:
        store.put_bars(
            market.symbol, Interval.D1, basis, bars, source="a file", fetched=_at(NEW_YORK, 2025, 1, 9),
            simulated=simulated,
        )  # fmt: skip
    return bars


def test_that_bars_of_a_file_that_agree_are_continued(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _imported(store, daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 8)))
    _january(yahoo)
    report = fetch(2025, 1, 31, 18, start=_at(NEW_YORK, 2025, 1, 2))
    assert min(a for a, _ in yahoo.spans) == stamp(NEW_YORK, 2025, 1, 7)
    assert (report.problem, len(store.bars("AAPL", Interval.D1, Basis.RAW))) == (None, 22)


def test_that_bars_of_a_file_on_other_terms_are_never_mixed(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _imported(store, daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 8)), 0.37)
    market = _january(yahoo)
    fetch(2025, 1, 31, 18)
    raw = store.bars("AAPL", Interval.D1, Basis.RAW)
    assert raw.close.tolist() == [r[4] for r in market.rows]


def test_that_older_bars_of_a_file_on_unclear_terms_are_kept_and_it_is_said(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch
) -> None:
    old = daily("AAPL", NEW_YORK, dt.date(2024, 12, 2), dt.date(2025, 1, 14))
    old.rows = [(t, *(p * (0.3 + k / 100) for p in r[:5]), r[5]) for k, (t, *r) in enumerate(old.rows)]
    kept = _imported(store, old)
    _january(yahoo)
    report = fetch(2025, 1, 31, 18)
    assert "differ from Yahoo's" in (report.problem or "")
    assert store.bars("AAPL", Interval.D1, Basis.RAW).close.tolist() == kept.close.tolist()


def test_that_real_prices_take_the_place_of_simulated_ones(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _imported(store, daily("AAPL", NEW_YORK, dt.date(2024, 12, 2), dt.date(2025, 1, 14)), 3.0, simulated=True)
    market = _january(yahoo)
    report = fetch(2025, 1, 31, 18)
    assert store.bars("AAPL", Interval.D1, Basis.RAW).close.tolist() == [r[4] for r in market.rows]
    assert not any(s.simulated for s in store.bar_series("AAPL"))
    assert "Simulated 1d prices gave way" in report.note


def test_that_a_failed_fetch_leaves_simulated_prices(store: Store, fetch: Fetch) -> None:
    kept = _imported(store, daily("AAPL", NEW_YORK, dt.date(2025, 1, 2), dt.date(2025, 1, 8)), simulated=True)
    assert fetch(2025, 1, 31, 18).problem is not None
    assert len(store.bars("AAPL", Interval.D1, Basis.RAW)) == len(kept)


# ---- health


def test_that_a_rate_limit_is_shared_by_all_symbols_and_processes_until_it_ends(
    yahoo: LoopbackYahoo, store: Store, fetch: Fetch, tmp_path: Path, feed: YahooFeed
) -> None:
    _january(yahoo)
    fetch(2025, 1, 10, 9, 31)
    yahoo.always = Reply(429, "Too Many Requests", "text/plain", {"Retry-After": "120"})
    report = fetch(2025, 1, 10, 14, 3)
    assert report.problem == "Yahoo asks us to wait until 14:05; showing prices of 09:31."
    assert report.retry_at == _at(NEW_YORK, 2025, 1, 10, 14, 5)
    assert (report.age_ms, report.source) == (4 * HOUR_MS + 32 * MINUTE_MS, "Yahoo")
    yahoo.always = None
    yahoo.requests.clear()
    with Store.open(tmp_path / "crowdtape.db") as other:  # the window, say, while the command line was told to wait
        held = fetch_prices(other, "MSFT", Interval.D1, now=_at(NEW_YORK, 2025, 1, 10, 14, 4), feed=feed, zone=NEW_YORK)
    assert held.problem == "Yahoo asks us to wait until 14:05; no prices are stored yet."
    assert not yahoo.requests
    assert fetch(2025, 1, 10, 14, 5).problem is None
    assert FeedHealth.load(store, "Yahoo").state is State.OK


def test_that_rate_limits_in_a_row_wait_longer(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    yahoo.always = TOO_MANY
    waits = [(fetch(2025, 1, 10, 9 + k).retry_at or 0) - _at(NEW_YORK, 2025, 1, 10, 9 + k) for k in range(3)]
    assert waits == [MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS]


def test_that_another_proxy_may_be_tried_at_once(
    yahoo: LoopbackYahoo, fetch: Fetch, make_feed: Callable[..., YahooFeed]
) -> None:
    _january(yahoo)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    dead = make_feed(proxy=f"http://127.0.0.1:{port}")
    report = fetch(2025, 1, 10, 18, feed=dead)
    assert "does not answer: check the proxy setting" in (report.problem or "")
    assert "no prices are stored yet" in (report.problem or "")
    assert fetch(2025, 1, 10, 18, 0, 1).problem is None


def test_that_offline_shows_the_age_of_what_is_stored(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo)
    fetch(2025, 1, 10, 12)
    yahoo.refuse("503 Service Unavailable")
    report = fetch(2025, 1, 11, 12)
    assert FeedHealth.load(store, "Yahoo").state is State.OFFLINE
    assert "showing prices of 2025-01-10 12:00." in (report.problem or "")
    assert report.age_ms == DAY_MS
    assert report.last == _at(NEW_YORK, 2025, 1, 10, 9, 30)


def test_that_one_unknown_symbol_stops_no_other(yahoo: LoopbackYahoo, store: Store, feed: YahooFeed) -> None:
    _january(yahoo)
    yahoo.add(dataclasses.replace(_january(yahoo), symbol="MSFT"))
    service = PriceService(store, feed, lambda: _at(NEW_YORK, 2025, 1, 31, 18), NEW_YORK)
    first, unknown, last = service.fetch(["AAPL", "XYZQ", "MSFT"], Interval.D1)
    assert (first.bars, last.bars) == (22, 22)
    assert unknown.problem == "Yahoo knows no symbol 'XYZQ': check its spelling, or search by name."
    assert service.health().state is State.OK
    assert [i.symbol for i in store.instruments()] == ["AAPL", "MSFT"]


def test_that_an_outage_is_asked_about_once_for_many_symbols(
    yahoo: LoopbackYahoo, store: Store, feed: YahooFeed
) -> None:
    yahoo.always = Reply(502, "x", "text/html")
    service = PriceService(store, feed, lambda: _at(NEW_YORK, 2025, 1, 31, 18), NEW_YORK)
    reports = service.fetch(["AAPL", "MSFT", "META"], Interval.D1)
    assert all("an error (502)" in (r.problem or "") for r in reports)
    assert {r.symbol for r in yahoo.requests} == {"AAPL"}
    with pytest.raises(FeedError, match=r"an error \(502\)"):
        service.search("apple")


def test_that_a_search_that_is_refused_is_part_of_the_health(
    yahoo: LoopbackYahoo, store: Store, feed: YahooFeed
) -> None:
    service = PriceService(store, feed, lambda: _at(NEW_YORK, 2025, 1, 31, 18), NEW_YORK)
    assert service.search("apple") == []
    yahoo.always = TOO_MANY
    with pytest.raises(FeedError, match="Yahoo asks us to wait until 18:01") as caught:
        service.search("pear")
    assert caught.value.retry_at == _at(NEW_YORK, 2025, 1, 31, 18, 1)
    assert service.health().state is State.WAITING


def test_that_a_symbol_without_prices_says_so(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    yahoo.add(Market("EMPTY", NEW_YORK, []))
    assert fetch(2025, 1, 31, symbol="EMPTY").problem == "Yahoo has no 1d prices of EMPTY."
    late = fetch(2025, 1, 31, symbol="EMPTY", start=_at(NEW_YORK, 2025, 1, 6))
    assert late.problem == "Yahoo has no 1d prices of EMPTY since 2025-01-06."


def test_that_a_symbols_own_trouble_shows_what_is_stored(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    _january(yahoo, 10)
    fetch(2025, 1, 10, 12)
    yahoo.always = error(422, "Unprocessable Entity", "something about AAPL.")
    report = fetch(2025, 1, 13, 12)
    assert report.problem == (
        "Yahoo refuses the request (422): something about AAPL; showing prices of 2025-01-10 12:00."
    )
    assert FeedHealth.load(store, "Yahoo").state is State.OK


def test_that_pieces_got_before_a_trouble_are_kept(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(13, 14, 15, 16, 17)))
    late = stamp(NEW_YORK, 2025, 1, 14)

    def answer(request: Request) -> Reply | None:
        return TOO_MANY if request.span and request.span[0] > late else None

    yahoo.always = answer
    report = fetch(2025, 1, 18, 12, interval=Interval.M1)
    assert "asks us to wait" in (report.problem or "")
    assert 0 < report.bars == len(store.bars("AAPL", Interval.M1, Basis.RAW))
    yahoo.always = None
    fetch(2025, 1, 18, 13, interval=Interval.M1)
    assert len(store.bars("AAPL", Interval.M1, Basis.RAW)) == 5 * 390


def test_that_a_symbol_must_be_named(fetch: Fetch) -> None:
    with pytest.raises(UsageError, match="Name a symbol"):
        fetch(2025, 1, 31, symbol="  ")


@pytest.mark.parametrize("symbol", ["BRK B", "../../X", "A?B=C", "小红书", "A" * 300, "US0378331005", "^X%", "'--"])
def test_that_an_odd_symbol_is_the_symbols_trouble_only(store: Store, fetch: Fetch, symbol: str) -> None:
    report = fetch(2025, 1, 31, symbol=symbol)
    assert report.problem is not None
    assert "\n" not in report.problem
    assert FeedHealth.load(store, "Yahoo").state is State.OK
    assert not store.instruments()


def test_that_an_empty_answer_leaves_no_hole_behind(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    market = _january(yahoo)
    fetch(2025, 1, 10, 18)
    yahoo.bodies["AAPL"] = json.dumps(dataclasses.replace(market, rows=[]).chart(0, 2_000_000_000))
    assert fetch(2025, 1, 31, 18).bars == 0
    yahoo.bodies.clear()
    fetch(2025, 1, 31, 19)
    assert len(store.bars("AAPL", Interval.D1, Basis.RAW)) == len(market.rows)


def test_that_a_halted_share_is_told_of_in_full(yahoo: LoopbackYahoo, fetch: Fetch) -> None:
    _january(yahoo, 8)
    fetch(2025, 1, 8, 18)
    fetch(2025, 1, 27, 18)
    yahoo.requests.clear()
    fetch(2025, 1, 28, 18)
    low, _ = yahoo.spans[0]
    assert low <= stamp(NEW_YORK, 2025, 1, 8)  # always one bar to compare with


def test_that_prices_got_in_part_are_not_called_fresh(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    yahoo.add(intraday("AAPL", NEW_YORK, "1m", _minutes(13, 14, 15, 16, 17)))
    late = stamp(NEW_YORK, 2025, 1, 14)
    yahoo.always = lambda request: TOO_MANY if request.span and request.span[0] > late else None
    report = fetch(2025, 1, 18, 12, interval=Interval.M1)
    newest = store.bars("AAPL", Interval.M1, Basis.RAW).time[-1]
    assert report.age_ms == _at(NEW_YORK, 2025, 1, 18, 12) - newest


def test_that_a_series_the_user_removed_is_asked_for_anew(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    market = _january(yahoo)
    fetch(2025, 1, 31, 18)
    for basis in Basis:
        store.drop_bars("AAPL", Interval.D1, basis)
    assert fetch(2025, 1, 31, 19).bars == len(market.rows)
    for basis in Basis:
        store.drop_bars("AAPL", Interval.D1, basis)
    _imported(store, daily("AAPL", NEW_YORK, dt.date(2025, 1, 20), dt.date(2025, 1, 22)))
    assert fetch(2025, 1, 31, 20).bars == len(market.rows) - 3


def test_that_a_recorded_live_row_is_replaced_by_the_closed_bar(
    yahoo: LoopbackYahoo, store: Store, feed: YahooFeed, shared: Path
) -> None:
    name = "misc__600497.SS-2017-11-null-first-row-live-last-row.body.json"
    body = (shared / "yahoo_chart" / "bodies" / name).read_text("utf-8")
    yahoo.bodies["600497.SS"] = body
    now = _at(SHANGHAI, 2017, 11, 27, 15, 1)
    first = fetch_prices(store, "600497.SS", Interval.D1, now=now, feed=feed)
    assert (first.bars, first.last) == (8, _at(SHANGHAI, 2017, 11, 27, 9, 30))
    # The next morning the row is stamped at the open, with the official close.
    closed = body.replace("1511766003", "1511746200").replace("6.510000228881836]", "6.529999]")
    yahoo.bodies["600497.SS"] = closed
    second = fetch_prices(store, "600497.SS", Interval.D1, now=now + 16 * HOUR_MS, feed=feed)
    assert (second.bars, second.replaced) == (0, 1)
    raw = store.bars("600497.SS", Interval.D1, Basis.RAW)
    assert (len(raw), raw.close[-1]) == (8, 6.529999)


def test_that_a_quote_after_the_end_asked_for_is_no_bar(yahoo: LoopbackYahoo, store: Store, fetch: Fetch) -> None:
    market = _january(yahoo, 17)
    quote = stamp(NEW_YORK, 2025, 1, 17, 16, 0) + 1
    market.rows[-1] = (quote, *market.rows[-1][1:])
    market.ends_with_quote = True
    fetch(2025, 1, 17, 15)
    assert fetch(2025, 1, 17, 18, start=_at(NEW_YORK, 2025, 1, 1)).problem is None
    assert _days(store.bars("AAPL", Interval.D1, Basis.RAW)).count(17) == 1
