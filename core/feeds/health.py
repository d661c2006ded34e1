"""How a live service is doing, kept in the store so that the window and the command line share one back-off.

A service is `OK`, `WAITING` (it asked us to wait), `OFFLINE` (cannot be reached from here: a normal state) or
`FAILING` (reached, but answers wrongly or not at all). While a hold lasts nothing is asked, unless another route
(proxy) is tried. Times are ms UTC.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast
from zoneinfo import ZoneInfo

from core.feeds.base import OfflineError, RateLimitError, ServiceError
from core.model import DAY_MS, HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from core.errors import FeedError


class KeyValues(Protocol):
    """The part of the store that keeps small things."""

    def get(self, key: str) -> Any:
        """Return what was put under `key`, or None."""
        ...

    def put(self, key: str, value: Any) -> None:
        """Keep `value` (anything JSON can hold) under `key`."""
        ...


class State(enum.StrEnum):
    """How a service is doing."""

    OK = "ok"
    WAITING = "waiting"
    OFFLINE = "offline"
    FAILING = "failing"


# First hold and longest hold in ms; each further failure in a row doubles the hold.
_HOLD = {
    State.WAITING: (MINUTE_MS, 2 * HOUR_MS),
    State.FAILING: (15_000, 15 * MINUTE_MS),
    State.OFFLINE: (5_000, MINUTE_MS),  # short: a cable may be back any moment, and asking in vain costs nobody
}
_LONGEST_WISH = DAY_MS  # a Retry-After beyond this is taken for a mistake


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One service's state. `until` is the instant before which it is not asked again, 0 where nothing holds.

    `failures` counts troubles in a row, `reason` is the last one as a sentence, `seen` the last good answer.
    """

    name: str
    state: State = State.OK
    since: int = 0
    until: int = 0
    failures: int = 0
    reason: str = ""
    route: str = ""
    seen: int | None = None

    @classmethod
    def load(cls, store: KeyValues, name: str) -> FeedHealth:
        """Read the state of service `name`; an unknown or damaged record is a fresh start."""
        kept = store.get(_key(name))
        if not isinstance(kept, dict):
            return cls(name)
        values = cast("dict[str, Any]", kept)
        known = {f.name: values[f.name] for f in dataclasses.fields(cls) if f.name in values}
        try:
            known["state"] = State(known["state"])
            numbers = (known["since"], known["until"], known["failures"], known.get("seen") or 0)
        except (KeyError, ValueError):
            return cls(name)
        if not all(isinstance(n, int) for n in numbers):
            return cls(name)
        return dataclasses.replace(cls(name), **{**known, "name": name})

    def save(self, store: KeyValues) -> None:
        """Keep this state."""
        store.put(_key(self.name), {**dataclasses.asdict(self), "state": str(self.state)})

    def holds(self, now: int, route: str) -> bool:
        """Whether asking by this route is pointless now. A clock that went back does not hold for ever."""
        longest = max(_LONGEST_WISH, self.until - self.since)
        return self.state is not State.OK and route == self.route and now < self.until <= now + longest

    def succeeded(self, now: int, route: str) -> FeedHealth:
        """Return the state after a good answer."""
        since = self.since if self.state is State.OK else now
        return FeedHealth(self.name, State.OK, since, route=route, seen=now)

    def failed(self, error: FeedError, now: int, route: str) -> FeedHealth:
        """Return the state after a trouble of the service; each trouble in a row doubles the hold."""
        state = _state_of(error)
        same = self.state is state and self.route == route
        failures = self.failures + 1 if same else 1
        first, longest = _HOLD[state]
        hold = min(first * 2 ** min(failures - 1, 30), longest)
        if isinstance(error, RateLimitError) and error.retry_after:
            hold = max(first, min(error.retry_after, _LONGEST_WISH))
        since = self.since if same else now
        return FeedHealth(self.name, state, since, now + hold, failures, str(error), route, self.seen)

    def sentence(self, now: int, zone: str | None, prices_of: int | None = None, *, none_stored: bool = False) -> str:
        """Say in one sentence how the service is doing and which prices are shown meanwhile.

        `zone` is the user's (None: the machine's); `prices_of` is when what is stored was fetched, by default the last
        good answer; `none_stored` says that there is nothing to show. "" while all is well.
        """
        if self.state is State.OK:
            return ""
        shown = None if none_stored else prices_of if prices_of is not None else self.seen
        tail = f"showing prices of {clock_time(shown, now, zone)}" if shown is not None else "no prices are stored yet"
        if self.state is State.WAITING:
            verb = "asks" if self.until > now else "asked"
            return f"{self.name} {verb} us to wait until {clock_time(self.until, now, zone)}; {tail}."
        retry = f"; trying again at {clock_time(self.until, now, zone)}" if self.until > now else ""
        return f"{self.reason.rstrip('.')}{retry}; {tail}."


def _state_of(error: FeedError) -> State:
    if isinstance(error, RateLimitError):
        return State.WAITING
    return State.OFFLINE if isinstance(error, OfflineError) else State.FAILING


def is_service_trouble(error: FeedError) -> bool:
    """Whether the trouble is the service's (and so every symbol's), not one symbol's."""
    return isinstance(error, RateLimitError | OfflineError | ServiceError)


def clock_time(ms: int, now: int, zone: str | None) -> str:
    """Show an instant as the user's clock does: `14:05`, seconds where it is within a minute, else with its date."""
    where = ZoneInfo(zone) if zone else None
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    then = (epoch + dt.timedelta(milliseconds=ms)).astimezone(where)
    today = (epoch + dt.timedelta(milliseconds=now)).astimezone(where).date()
    text = f"{then:%H:%M:%S}" if 0 < ms - now < MINUTE_MS else f"{then:%H:%M}"
    return text if then.date() == today else f"{then:%Y-%m-%d} {text}"


def _key(name: str) -> str:
    return f"feeds/{name.lower()}/health"
