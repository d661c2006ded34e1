from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.feeds import FeedSettingsError, YahooFeed
from core.feeds.transport import check_proxy, retry_after, shown_proxy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "proxy",
    ["", "   ", "nonsense", "127.0.0.1:3128", "ftp://host:1", "http://", "http://host:99999", "http://ho st:1"],
)
def test_that_what_is_no_proxy_address_is_refused_with_an_example(proxy: str) -> None:
    with pytest.raises(FeedSettingsError, match=r"no address such as http://host:3128"):
        check_proxy(proxy)


@pytest.mark.parametrize("proxy", ["http://host:3128", "https://u:p@host:1", "socks5://[::1]:1080", "socks5h://host"])
def test_that_the_usual_proxy_addresses_are_taken(proxy: str) -> None:
    assert check_proxy(f" {proxy} ") == proxy


def test_that_a_proxys_password_is_never_shown() -> None:
    assert shown_proxy("http://user:secret@host:3128") == "http://host:3128"
    assert shown_proxy("http://host:3128") == "http://host:3128"
    with pytest.raises(FeedSettingsError) as caught:
        check_proxy("ftp://user:secret@host:3128")
    assert "secret" not in str(caught.value)


def test_that_a_ca_file_that_cannot_serve_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    with pytest.raises(FeedSettingsError, match=r"missing\.pem does not exist: name a PEM file"):
        YahooFeed(cache_dir=tmp_path, ca_file=tmp_path / "missing.pem")
    with pytest.raises(FeedSettingsError, match=r"empty\.pem holds no certificate"):
        YahooFeed(cache_dir=tmp_path, ca_file=empty)
    with pytest.raises(FeedSettingsError, match="cannot be read"):
        YahooFeed(cache_dir=tmp_path, ca_file=tmp_path)


def test_that_the_route_tells_proxies_apart_without_holding_their_password(tmp_path: Path) -> None:
    direct, one = YahooFeed(cache_dir=tmp_path), YahooFeed(cache_dir=tmp_path, proxy="http://u:secret@host:1")
    assert direct.route == ""
    assert one.route not in {"", YahooFeed(cache_dir=tmp_path, proxy="http://host:2").route}
    assert "secret" not in one.route


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        (None, None),
        ("", None),
        ("120", 120_000),
        ("soon", None),
        ("Tue, 14 Jan 2025 06:05:00 GMT", 120_000),
        ("Tue, 14 Jan 2025 06:00:00 GMT", 0),
    ],
)
def test_that_retry_after_is_read_in_both_forms(value: str | None, wait: int | None) -> None:
    assert retry_after(value, "Tue, 14 Jan 2025 06:03:00 GMT") == wait
