"""What the status bar says of live prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import formats
from ui.i18n import tr

if TYPE_CHECKING:
    from core.feeds.stream import StreamState


def live_words(state: StreamState | None, last_tick: int | None, now: int, *, on: bool) -> tuple[str, str]:
    """Return a few words about the stream, and a sentence. Times are ms UTC; the user's clock is the machine's."""
    if not on:
        return tr("Live: off"), tr("Live prices are off; click to turn them on")
    from core.feeds import Phase, clock_time  # noqa: PLC0415  loaded by who listens; not needed at the start

    if state is not None and state.phase is Phase.WAITING:
        return tr("Live: again at {time}").format(time=clock_time(state.until, now, None)), f"{state.problem}."
    if state is None or state.phase is Phase.CONNECTING:
        return tr("Live: connecting…"), tr("Connecting to Yahoo's live prices")
    if state.phase is Phase.IDLE:
        return tr("Live: idle"), tr("Nothing on the charts or in the watchlist has live prices")
    if last_tick is None:
        return tr("Live: no price yet"), tr("Connected, but no price has come yet; the markets may be closed")
    return tr("Live"), tr("Last live price: {age}").format(age=formats.age(max(now - last_tick, 0)))
