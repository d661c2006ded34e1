"""Finding and adding instruments, for `ui.tasks` to run off the main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.jobs import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.feeds import Found, PriceFeed
    from core.model import Instrument
    from ui.jobs import Place
    from ui.tasks import JobContext


def add_instrument(_context: JobContext, place: Place, instrument: Instrument) -> str:
    """Keep an instrument and pin it."""
    with place.open() as store:
        store.put_instrument(instrument)
        pins = store.pins()
        if instrument.symbol not in pins:
            store.set_pins([*pins, instrument.symbol])
    return instrument.symbol


def search(context: JobContext, place: Place, make_feed: Callable[[], PriceFeed], text: str) -> list[Found]:
    """Look an instrument up by symbol or name; raises FeedError, also while the service must not be asked."""
    from core.feeds import PriceService  # noqa: PLC0415  heavy

    feed = make_feed()
    context.check()
    with place.open() as store:
        return PriceService(store, feed, now_ms).search(text)
