from __future__ import annotations

import pytest

from core.clock import EXCHANGES, exchange_of
from core.clock.exchanges import unknown_suffix


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("AAPL", "XNYS"),
        ("aapl", "XNYS"),
        ("BRK-B", "XNYS"),
        ("BAC-PL", "XNYS"),
        ("^GSPC", "XNYS"),
        ("^HSI", "XHKG"),
        ("300792.SZ", "XSHG"),
        ("603598.SS", "XSHG"),
        ("000001.SS", "XSHG"),
        ("0700.HK", "XHKG"),
        ("7203.T", "XTKS"),
        ("VOD.L", "XLON"),
        ("ERIC-B.ST", "XSTO"),
        ("BTC-USD", "24/7"),
        ("ETH-BTC", "24/7"),
        ("EURUSD=X", "24/5"),
        ("ES=F", "us_futures"),
        ("WHAT.XX", "24/7"),
        ("", "24/7"),
    ],
)
def test_that_a_symbol_keeps_the_time_of_its_exchange(symbol: str, code: str) -> None:
    assert exchange_of(symbol) == code


def test_that_only_a_suffix_that_nobody_knows_is_told() -> None:
    assert unknown_suffix("WHAT.XX") == ".XX"
    assert [unknown_suffix(s) for s in ("AAPL", "300792.SZ", "BTC-USD", "EURUSD=X", "^GSPC", "")] == [""] * 6


def test_that_suffixes_are_upper_case_without_a_dot() -> None:
    assert all(s.isalnum() and s == s.upper() for s in EXCHANGES)
