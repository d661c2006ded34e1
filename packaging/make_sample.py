"""Write the bundled sample: `python packaging/make_sample.py [FOLDER]` (default: resources/sample).

Prices and posts are SIMULATED: made here from a seed, shaped like January 2025 but with no real price and no real
post in them. Ranks, counters and events are real and published; each file names who published it, and each row says
where a time had to be chosen because only a date was published.

The same files come out on every machine: the only source of chance is `random.Random.random`, whose sequence Python
guarantees, and arithmetic is rounded before it is written.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "resources" / "sample"
SEED = 20250114
BEIJING = dt.timezone(dt.timedelta(hours=8))
FIRST, LAST = dt.date(2024, 12, 16), dt.date(2025, 1, 24)
CLOSED = {dt.date(2025, 1, 1)}  # the only exchange holiday between the two

T = TypeVar("T")


class Chance:
    """Draws from a seeded generator by `random()` alone."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - a sample is no secret

    def uniform(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self._random()

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[int(self._random() * len(choices))]

    def weighted(self, weights: Mapping[str, float]) -> str:
        """Return a name, each as likely as its weight says."""
        left = self._random() * sum(weights.values())
        for name, weight in weights.items():
            left -= weight
            if left < 0:
                return name
        return list(weights)[-1]

    def normal(self) -> float:
        """Return roughly a standard normal (Irwin and Hall's sum of twelve), with nothing of libm in it."""
        return sum(self._random() for _ in range(12)) - 6

    def skewed(self, most: float) -> int:
        """Return a count that is mostly small and now and then near `most`."""
        return int(most * self._random() ** 6)


# --- prices -------------------------------------------------------------------------------------------------------


class Stock(NamedTuple):
    """A member of the concept; `first_close` and `shares` (a quiet day's volume) are invented."""

    symbol: str
    name: str
    first_close: float
    limit: float
    shares: int
    weight: float


STOCKS = (
    Stock("300792.SZ", "Onechance 壹网壹创", 18.40, 0.20, 6_200_000, 1.0),
    Stock("603598.SS", "Inly Media 引力传媒", 12.75, 0.10, 9_800_000, 1.0),
    Stock("002291.SZ", "Yaowang 遥望科技", 5.36, 0.10, 31_000_000, 1.0),
)

# What the day of 2025-01-16 and after does to a close, by session; the boards before it are locked.
OPENED = (0.035, -0.078, -0.046, 0.012, -0.037, -0.021, 0.016)
BOARDS = {dt.date(2025, 1, 14), dt.date(2025, 1, 15)}


def sessions() -> list[dt.date]:
    """Return the trading days of the sample."""
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [d for d in days if d.weekday() < 5 and d not in CLOSED]


def bars(stock: Stock, chance: Chance) -> Iterator[str]:
    """Yield the CSV rows of one stock's daily bars."""
    previous = stock.first_close
    after = 0
    for day in sessions():
        if day in BOARDS:
            # A one-price limit board: everybody bids, next to nobody sells.
            close = round(previous * (1 + stock.limit) + 1e-9, 2)
            opened = high = low = close
            volume = stock.shares * chance.uniform(0.15, 0.35)
        elif day > max(BOARDS):
            move = OPENED[after] * (1.6 if stock.limit > 0.1 else 1.0) + 0.008 * chance.normal()
            gap = 0.06 if after == 0 else 0.3 * move
            opened = round(previous * (1 + gap + 0.006 * chance.normal()), 2)
            close = round(previous * (1 + move), 2)
            high = round(max(opened, close) * (1 + chance.uniform(0.01, 0.035)), 2)
            low = round(min(opened, close) * (1 - chance.uniform(0.01, 0.035)), 2)
            volume = stock.shares * (9.5 * 0.8**after) * chance.uniform(0.9, 1.15)
            after += 1
        else:
            close = round(previous * (1 - 0.0015 + 0.017 * chance.normal()), 2)
            opened = round(previous * (1 + 0.006 * chance.normal()), 2)
            high = round(max(opened, close) * (1 + chance.uniform(0.002, 0.018)), 2)
            low = round(min(opened, close) * (1 - chance.uniform(0.002, 0.018)), 2)
            volume = stock.shares * chance.uniform(0.6, 1.5)
        board_high, board_low = round(previous * (1 + stock.limit), 2), round(previous * (1 - stock.limit), 2)
        opened, high, close = (min(p, board_high) for p in (opened, high, close))
        opened, low, close = (max(p, board_low) for p in (opened, low, close))
        yield f"{day},{opened:.2f},{high:.2f},{low:.2f},{close:.2f},{int(volume / 100) * 100}"
        previous = close


# --- posts --------------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """So many posts between two moments, Beijing time, in these moods; `peak` (0 to 1) is where they are densest."""

    start: str
    end: str
    posts: int
    moods: dict[str, float]
    peak: float = 0.5


STRETCHES = (
    Stretch("2024-12-16 08:00", "2025-01-09 08:00", 104, {"quiet": 1}),
    Stretch("2025-01-09 08:00", "2025-01-10 22:00", 26, {"quiet": 1, "ruling": 1}, 0.8),
    Stretch("2025-01-10 22:00", "2025-01-12 12:00", 58, {"ruling": 1}, 0.3),
    Stretch("2025-01-12 12:00", "2025-01-13 09:30", 74, {"ruling": 2, "arrival": 1}, 0.7),
    Stretch("2025-01-13 09:30", "2025-01-13 15:00", 46, {"ruling": 1, "arrival": 3, "quiet": 1}, 0.8),
    # The night of the story: the market is shut, the crowd is awake.
    Stretch("2025-01-13 15:00", "2025-01-14 09:30", 372, {"arrival": 1}, 0.62),
    Stretch("2025-01-14 09:30", "2025-01-14 15:00", 118, {"arrival": 3, "money": 2}, 0.2),
    Stretch("2025-01-14 15:00", "2025-01-15 09:30", 168, {"arrival": 6, "money": 1}, 0.5),
    Stretch("2025-01-15 09:30", "2025-01-16 09:30", 124, {"arrival": 3, "money": 2}, 0.3),
    Stretch("2025-01-16 09:30", "2025-01-17 18:00", 104, {"after": 3, "arrival": 2}, 0.2),
    Stretch("2025-01-17 18:00", "2025-01-20 09:30", 96, {"after": 1, "arrival": 1}, 0.6),
    Stretch("2025-01-20 09:30", "2025-01-24 23:00", 84, {"after": 1}, 0.3),
)

LANGUAGES = {
    "quiet": {"en": 4, "zh": 5, "mixed": 1},
    "ruling": {"en": 6, "zh": 3, "mixed": 1},
    "arrival": {"en": 6, "zh": 3, "mixed": 1},
    "money": {"en": 3, "zh": 6, "mixed": 1},
    "after": {"en": 5, "zh": 4, "mixed": 1},
}


def moment(stretch: Stretch, chance: Chance) -> dt.datetime:
    """Return an instant of the stretch, by a triangle that is highest at the peak."""
    start = dt.datetime.fromisoformat(stretch.start).replace(tzinfo=BEIJING)
    end = dt.datetime.fromisoformat(stretch.end).replace(tzinfo=BEIJING)
    a, b = chance.uniform(0, 1), chance.uniform(0, 1)
    place = max(a, b) * stretch.peak if chance.uniform(0, 1) < stretch.peak else 1 - max(a, b) * (1 - stretch.peak)
    # A whole second after the start, so that no post stands on the bound of two stretches.
    seconds = 1 + int(place * ((end - start).total_seconds() - 1))
    return (start + dt.timedelta(seconds=seconds)).astimezone(dt.timezone.utc)  # noqa: UP017 - also run by old Pythons


def text_of(mood: str, language: str, phrases: dict[str, Any], chance: Chance) -> str:
    """Return one line of a mood with its slots filled."""
    line = chance.pick(phrases[mood][language])
    for slot, choices in phrases["slots"].items():
        while "{" + slot + "}" in line:
            line = line.replace("{" + slot + "}", chance.pick(choices), 1)
    return line


def posts(phrases: dict[str, Any], chance: Chance) -> list[dict[str, Any]]:
    """Return the posts in order of time; ids count from 1."""
    rows: list[dict[str, Any]] = []
    for stretch in STRETCHES:
        for _ in range(stretch.posts):
            mood = chance.weighted(stretch.moods)
            language = chance.weighted(LANGUAGES[mood])
            when = moment(stretch, chance)
            tags = sorted({chance.pick(phrases["tags"][mood]) for _ in range(int(chance.uniform(0, 3)))})
            likes = chance.skewed(24_000 if mood == "arrival" else 1_500)
            rows.append(
                {
                    "created_at": when.isoformat().replace("+00:00", "Z"),
                    "text": text_of(mood, language, phrases, chance),
                    "author": f"sim_{int(chance.uniform(1, 640)):04d}",
                    "lang": "en" if language == "en" else "zh",
                    "tags": tags,
                    "like_count": likes,
                    "comment_count": int(likes * chance.uniform(0.02, 0.2)),
                    "share_count": int(likes * chance.uniform(0.0, 0.08)),
                }
            )
    rows.sort(key=lambda r: (r["created_at"], r["author"], r["text"]))
    return [{"id": f"sim-{n:05d}", "platform": "simulated", **row} for n, row in enumerate(rows, 1)]


# --- what was published -------------------------------------------------------------------------------------------

ZONE_NOTE = "no zone is published, Beijing time is assumed"
AFTERNOON_NOTE = "the first of the afternoon of 13 Jan is drawn at 15:00"
DATE_NOTE = "only the date is published, drawn at noon Beijing time"

METRICS: tuple[dict[str, Any], ...] = (
    {
        "file": "metrics/us_app_store_rank.csv",
        "name": "US App Store rank",
        "kind": "rank",
        "unit": "",
        "source": f"Qimai, as reported; {DATE_NOTE}",
        "rows": (
            ("2025-01-12T12:00:00+08:00", 209, DATE_NOTE),
            ("2025-01-14T12:00:00+08:00", 1, DATE_NOTE),
        ),
    },
    {
        "file": "metrics/tiktokrefugee_notes.csv",
        "name": "#tiktokrefugee notes",
        "kind": "counter",
        "unit": "notes",
        "source": f"Xiaohongshu topic counts, as reported; {ZONE_NOTE}; {AFTERNOON_NOTE}",
        "rows": (
            ("2025-01-13T15:00:00+08:00", 2_000, "about 2,000 on the afternoon, drawn at 15:00 Beijing time"),
            ("2025-01-15T17:00:00+08:00", 339_000, ZONE_NOTE),
        ),
    },
    {
        "file": "metrics/tiktokrefugee_views.csv",
        "name": "#tiktokrefugee views",
        "kind": "counter",
        "unit": "views",
        "source": f"Xiaohongshu topic counts, as reported; {ZONE_NOTE}; {AFTERNOON_NOTE}",
        "rows": (
            ("2025-01-13T15:00:00+08:00", 390_000, "about 390 thousand on the afternoon, drawn at 15:00 Beijing time"),
            ("2025-01-14T21:00:00+08:00", 110_000_000, ZONE_NOTE),
            ("2025-01-15T17:00:00+08:00", 400_000_000, ZONE_NOTE),
        ),
    },
    {
        "file": "metrics/tiktokrefugee_discussions.csv",
        "name": "#tiktokrefugee discussions",
        "kind": "counter",
        "unit": "discussions",
        "source": f"Xiaohongshu topic counts, as reported; {ZONE_NOTE}",
        "rows": (
            ("2025-01-14T21:00:00+08:00", 2_600_000, ZONE_NOTE),
            ("2025-01-15T17:00:00+08:00", 8_417_000, ZONE_NOTE),
        ),
    },
)

EVENTS = (
    (
        "2025-01-10T10:00:00-05:00",
        "US Supreme Court hears TikTok",
        "Only the date is published; drawn at 10:00 in Washington.",
    ),
    (
        "2025-01-12T23:59:00+08:00",
        "RedNote: 61st to 6th, US free social apps",
        "As reported, beside Qimai's figures; only the date is published, drawn at its last minute in Beijing.",
    ),
    (
        "2025-01-13T23:00:00+08:00",
        "RedNote: 1st of all US free apps",
        "As reported, beside Qimai's figures: at 23:00; no zone is published, Beijing time is assumed.",
    ),
    (
        "2025-01-14T15:00:00+08:00",
        "Limit-up: 300792, 603511, 002291, 600556, 603598",
        "As reported for 2025-01-14; only the date is published, drawn at the close.",
    ),
    (
        "2025-01-15T17:00:00+08:00",
        "#tiktokrefugee: 339 thousand notes",
        (
            "As reported: 339 thousand notes, 400 million views, 8.417 million discussions. For the topic #tiktok "
            "6.28 million discussions and 1.39 billion views are reported without a time."
        ),
    ),
    (
        "2025-01-19T00:00:00-05:00",
        "US ban of TikTok due",
        "Only the date is published; drawn at its first minute in Washington.",
    ),
)

CONCEPT: dict[str, Any] = {
    "name": "Xiaohongshu",
    "members": [{"symbol": s.symbol, "name": s.name, "currency": "CNY", "weight": s.weight} for s in STOCKS],
    "keywords": ["小红书", "xiaohongshu", "rednote", "red note", "tiktok refugee", "tiktok refugees", "tiktok难民"],
    "hashtags": ["tiktokrefugee", "xiaohongshu", "rednote", "小红书", "小红书概念"],
    "cashtags": [],
    "excludes": [],
}


def _csv_text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def _lines(rows: Sequence[str]) -> str:
    return "".join(row + "\n" for row in rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def files() -> dict[str, bytes]:
    """Return every file of the sample by its path below the sample's folder."""
    phrases = tomllib.loads((HERE / "sample_phrases.toml").read_text(encoding="utf-8"))
    made: dict[str, str] = {"concept.json": _json(CONCEPT)}
    for n, stock in enumerate(STOCKS):
        rows = bars(stock, Chance(SEED + n))
        made[f"prices/{stock.symbol}.csv"] = _lines(["Date,Open,High,Low,Close,Volume", *rows])
    said = posts(phrases, Chance(SEED))
    made["posts.jsonl"] = _lines([json.dumps(p, ensure_ascii=False) for p in said])
    for metric in METRICS:
        rows = [f"{time},{value},{_csv_text(note)}" for time, value, note in metric["rows"]]
        made[metric["file"]] = _lines(["time,value,note", *rows])
    described = [{k: v for k, v in m.items() if k != "rows"} for m in METRICS]
    made["metrics.json"] = _json(described)
    events = [f"{time},{_csv_text(title)},{_csv_text(note)}" for time, title, note in EVENTS]
    made["events.csv"] = _lines(["time,title,note", *events])
    return {name: text.encode() for name, text in made.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the files."""
    target = Path(arguments[0]) if arguments else TARGET
    for name, content in files().items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{len(content):>8}  {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
