"""The values that every part of Crowdtape shares. All are frozen; none knows files, stores or screens.

Times are int64 milliseconds since 1970-01-01 UTC. A zone appears only where text is parsed or shown.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

# The scorers by name. What they are is `core.sentiment`'s to say, which takes a while to load.
DEFAULT_SCORER = "crowd"
SCORERS = (DEFAULT_SCORER, "vader")
PERSONAL_SCORER = f"{DEFAULT_SCORER}+mine"  # corrected by the user's own marks

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000


class Interval(enum.StrEnum):
    """Length of a bar. Intraday bars have a fixed length; a daily bar is one session of its exchange."""

    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    M30 = "30m"
    H1 = "1h"
    D1 = "1d"

    @property
    def ms(self) -> int:
        """Nominal length in milliseconds; for `D1` a calendar day, though the bar spans a session."""
        return _INTERVAL_MS[self]

    @property
    def intraday(self) -> bool:
        """Whether bars are cut by the clock, inside a session."""
        return self is not Interval.D1


_INTERVAL_MS = {
    Interval.M1: MINUTE_MS,
    Interval.M5: 5 * MINUTE_MS,
    Interval.M15: 15 * MINUTE_MS,
    Interval.M30: 30 * MINUTE_MS,
    Interval.H1: HOUR_MS,
    Interval.D1: DAY_MS,
}


class ClockMode(enum.StrEnum):
    """How time becomes chart position. `TRADING` squeezes closures, `WALL` is plain time."""

    TRADING = "trading"
    WALL = "wall"


class Basis(enum.StrEnum):
    """What a price was corrected for. Series of different bases are never mixed."""

    RAW = "raw"  # splits only, as exchanges and Yahoo's plain OHLC show it
    ADJUSTED = "adjusted"  # splits and dividends


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something with a price. `symbol` is Yahoo's (`300792.SZ`, `AAPL`, `BTC-USD`), upper case."""

    symbol: str
    name: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """An instrument's share in a concept, from `since` to `until` (both included; None: without bound)."""

    symbol: str
    weight: float = 1.0
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which posts speak of a subject: any keyword, hashtag or cashtag, and no excluded word.

    Latin words match at word boundaries, Chinese as text; case and full-width forms do not matter.
    Tags are kept without their `#` or `$`.
    """

    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    cashtags: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A theme, the instruments that move on it, and the rule that finds its posts."""

    name: str
    members: tuple[Member, ...] = ()
    rule: Rule = field(default_factory=Rule)


Subject = Instrument | Concept


def subject_key(subject: Subject) -> str:
    """Return the text by which a user names the subject: a symbol or a concept's name."""
    return subject.symbol if isinstance(subject, Instrument) else subject.name


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody said. `source` and `id` together identify it; a missing count is None, never 0."""

    source: str  # platform in lower case: "xiaohongshu", "twitter", "reddit", …
    id: str  # the platform's own id as text
    published: int  # ms UTC
    text: str = ""  # entities unescaped, title included where the platform shows it above the text
    author: str = ""
    followers: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    lang: str = ""  # as stated by the source
    tags: tuple[str, ...] = ()  # hashtags without '#'
    symbols: tuple[str, ...] = ()  # instruments the source itself says the post is about
    url: str = ""
    repost: bool = False
    stance: str = ""  # the author's own "bullish" or "bearish" tag
    at_least: frozenset[str] = frozenset()  # the names of the counts that are lower bounds only (an export's `10+`)


@dataclass(frozen=True, slots=True)
class ScorerId:
    """A scorer and the version of it that made a score."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Score(NamedTuple):
    """One post's score. `value` is in [-1, 1]; the three shares are VADER's pos, neu and neg."""

    # A tuple is made in a third of the time that a dataclass takes, and every post has several.

    value: float
    pos: float
    neu: float
    neg: float


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was set aside. `row` counts data rows from 1 as the file shows them; 0 is the file itself."""

    file: str
    row: int
    reason: str


class MetricKind(enum.StrEnum):
    """How a metric is drawn and how several items at one instant merge."""

    RANK = "rank"  # 1 is best: inverted axis; items merge to the smallest
    LEVEL = "level"  # heat, price-like; items add up
    COUNTER = "counter"  # grows over time: reads, discussions; items add up


@dataclass(frozen=True, slots=True)
class Metric:
    """A named quantity of a subject over time that is neither price nor post."""

    name: str
    kind: MetricKind
    unit: str = ""
    source: str = ""  # who published it, with the citation shown to the user


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant, shown as a flag.

    `origin` is what the calendar or table that it came from knows it by, so that it is found again when it has moved
    there; "" for one that has no such name, or that the user has changed since. It is no part of what the event says.
    """

    time: int  # ms UTC
    title: str
    note: str = ""
    url: str = ""
    origin: str = field(default="", compare=False)


class ActionKind(enum.StrEnum):
    """What a company did to its shares."""

    SPLIT = "split"
    DIVIDEND = "dividend"


@dataclass(frozen=True, slots=True)
class Action:
    """A split (`value` is new shares for one old: 7.0 for 7:1) or a dividend (`value` a share, in the currency).

    `time` is the open of the first session that trades without it (ms UTC): the ex-date. Dividends before a split are
    in its terms, as prices are. `source` says who told it, or how it was inferred.
    """

    time: int
    kind: ActionKind
    value: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A live price of `symbol` at `time` (ms UTC). NaN is what the service did not say.

    `opened`, `high`, `low` and `volume` are those of the trading day so far, `previous` is the last day's close.
    """

    symbol: str
    time: int
    price: float
    opened: float = math.nan
    high: float = math.nan
    low: float = math.nan
    volume: float = math.nan
    previous: float = math.nan
