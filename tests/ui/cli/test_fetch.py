from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.clock import calendar_for
from core.feeds import Found, History, Reach, ServiceError, UnknownSymbolError
from core.model import DAY_MS, Basis, Instrument, Interval
from core.series import Bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.clock import Calendar
    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

FIRST = 1_736_726_400_000  # 2025-01-13 00:00 UTC


class Feed:
    """A service that knows one coin, is in trouble with another, and knows no third."""

    name = "Testbourse"
    route = ""
    settings: dict[str, Any]

    def __init__(self, **settings: Any) -> None:
        Feed.settings = settings

    def reach(self, interval: Interval) -> Reach:
        del interval
        return Reach(None, None)

    def calendar(self, symbol: str) -> Calendar:
        return calendar_for(symbol)

    def history(self, symbol: str, interval: Interval, start_ms: int, end_ms: int) -> History:
        del interval
        if symbol == "SICK-USD":
            raise ServiceError("Testbourse does not answer.")
        if symbol != "BTC-USD":
            raise UnknownSymbolError(f"Testbourse knows no {symbol}.")
        time = np.array([t for t in (FIRST, FIRST + DAY_MS) if start_ms <= t < end_ms], np.int64)
        figures = np.full(len(time), 10.0)
        bars = Bars(time, time + DAY_MS, figures, figures, figures, figures, figures)
        return History(Instrument("BTC-USD", "Bitcoin", "USD"), {Basis.RAW: bars, Basis.ADJUSTED: bars})

    def search(self, text: str) -> list[Found]:
        del text
        return []


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> type[Feed]:
    monkeypatch.setattr("core.feeds.YahooFeed", Feed)
    return Feed


def test_that_fetched_bars_are_stored_and_told(cli: Cli, feed: type[Feed]) -> None:
    del feed
    first = cli("fetch", "btc-usd", "--from", "2025-01-13", "--json")
    assert (first.code, first.err) == (0, "")
    (symbol,) = first.json["symbols"]
    assert (symbol["symbol"], symbol["bars"], symbol["source"]) == ("BTC-USD", 2, "Testbourse")
    assert symbol["problem"] is None
    assert symbol["age"] >= 0
    assert "BTC-USD" in cli("fetch", "BTC-USD").out
    assert len(cli("series", "BTC-USD", "--json").json["rows"]) == 2


def test_that_one_symbols_failure_stops_no_other_and_ends_with_1(cli: Cli, feed: type[Feed]) -> None:
    del feed
    result = cli("fetch", "NONE-USD", "BTC-USD", "--json")
    assert result.code == 1
    assert [bool(s["problem"]) for s in result.json["symbols"]] == [True, False]
    assert result.json["symbols"][1]["bars"] == 2
    assert len(result.err.splitlines()) == 1
    assert "NONE-USD" in result.err


def test_that_trouble_of_the_service_is_one_sentence(cli: Cli, feed: type[Feed]) -> None:
    del feed
    result = cli("fetch", "SICK-USD")
    assert result.code == 1
    assert "Testbourse does not answer" in result.err


def test_that_a_proxy_and_a_ca_file_reach_the_service(cli: Cli, feed: type[Feed]) -> None:
    cli("fetch", "BTC-USD", "--proxy", "http://localhost:1", "--ca-file", "ca.pem")
    assert feed.settings["proxy"] == "http://localhost:1"
    assert feed.settings["ca_file"] == "ca.pem"


def test_that_a_proxy_that_is_none_is_refused_in_a_sentence(cli: Cli) -> None:
    result = cli("fetch", "BTC-USD", "--proxy", "nonsense")
    assert (result.code, result.out) == (1, "")
    assert len(result.err.splitlines()) == 1
