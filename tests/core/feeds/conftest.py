"""A Yahoo on this machine, a feed that reaches it and nothing else, and a store to put its prices in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.feeds import Limits, YahooFeed
from core.store import Store

# The loopback stands beside the tests and is no package: tests of other folders may load it the same way.
sys.path.insert(0, str(Path(__file__).parent))

from loopback_yahoo import LoopbackYahoo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = Limits(answer=5.0, cookie=5.0, call=15.0)


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackYahoo]:
    server = LoopbackYahoo(tmp_path_factory.mktemp("loopback"))
    yield server
    server.close()


@pytest.fixture
def yahoo(_server: LoopbackYahoo) -> Iterator[LoopbackYahoo]:
    """Give the loopback Yahoo, empty and well."""
    _server.reset()
    yield _server
    _server.reset()


@pytest.fixture(scope="session")
def feed_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the cache folder of all feeds: calendars are computed once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def make_feed(yahoo: LoopbackYahoo, feed_cache: Path) -> Callable[..., YahooFeed]:
    """Give a maker of feeds that reach the loopback, unless told of another proxy or CA file."""

    def make(**changes: Any) -> YahooFeed:
        settings: dict[str, Any] = {
            "cache_dir": feed_cache, "proxy": yahoo.proxy, "ca_file": yahoo.ca_file, "limits": QUICK, **changes,
        }  # fmt: skip
        return YahooFeed(**settings)

    return make


@pytest.fixture
def feed(make_feed: Callable[..., YahooFeed]) -> YahooFeed:
    """Give a feed that reaches the loopback Yahoo."""
    return make_feed()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with Store.open(tmp_path / "crowdtape.db") as store:
        yield store
