"""The same made-up market for every benchmark: a walk of one-minute bars, and posts spread over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.clock import calendar_for, slots
from core.model import Basis, Instrument, Interval, Post, Score
from core.rollup import Rollup
from core.sentiment import get_scorer, scorers
from core.sentiment.vader import VADER
from core.series import Bars, score_units
from core.store import NewPost, Store, catalogue, columns, roll
from core.store.database import Database
from core.timeline import Tape
from core.timeline.placing import place
from core.timeline.slots import Slots

if TYPE_CHECKING:
    from pathlib import Path

    from core.clock import Calendar
    from core.series import FloatArray, IntArray, UnitArray

SEED = 20250114
FIRST = 1_262_304_000_000  # 2010-01-01
# In one minute of a hundred nobody trades: it has no bar, as in the minutes of any but the largest stocks.
SILENT = 0.01
TOLD = 5000
SYMBOLS = ("600000.SS", "600001.SS")


def make_bars(calendar: Calendar, count: int, seed: int = SEED) -> tuple[Slots, Bars]:
    """Return `count` one-minute bars of an exchange from 2010 on, always the same, and the slots they lie among."""
    random = np.random.default_rng(seed)
    minutes = round(count / (1 - SILENT)) + 1
    sessions = calendar.open[np.searchsorted(calendar.open, FIRST) :]
    length = np.cumsum(calendar.close - calendar.open)[: len(sessions)] // 60_000  # lunch counts: more than enough
    until = sessions[min(int(np.searchsorted(length, minutes * 2)), len(sessions) - 1)]
    start, end = (c[:minutes] for c in slots(calendar, Interval.M1, int(sessions[0]), int(until)))
    has = np.sort(random.permutation(len(start))[:count])
    close = 100 * np.exp(np.cumsum(random.normal(0, 4e-4, len(has))))
    opened = np.concatenate(([100.0], close[:-1]))
    spread = np.abs(random.normal(0, 3e-4, (2, len(has)))) * close
    high, low = np.maximum(opened, close) + spread[0], np.minimum(opened, close) - spread[1]
    volume = random.integers(100, 100_000, len(has)).astype(np.float64)
    return Slots(start, end), Bars(start[has], end[has], opened, high, low, close, volume)


def make_posts(first: int, last: int, count: int, seed: int = SEED) -> tuple[IntArray, FloatArray]:
    """Return instants (ms UTC, ascending) and scores of `count` posts between two instants."""
    random = np.random.default_rng(seed + 1)
    return np.sort(random.integers(first, last, count)), random.uniform(-1, 1, count)


def make_tape(symbol: str, bars: int, posts: int) -> Tape:
    """Return a tape made in memory."""
    calendar = calendar_for(symbol)
    grid, walk = make_bars(calendar, bars)
    times, scores = make_posts(int(grid.start[0]), int(grid.end[-1]), posts)
    return Tape(Instrument(symbol), Interval.M1, calendar, grid, place(walk, grid), Rollup.of(times, scores))


def fill_store(path: Path, symbols: list[str], bars: int, posts: int) -> None:
    """Make a store of instruments with as many one-minute bars each, and as many posts that speak of all of them.

    The newest few of the posts lie there with their texts, so that the posts panel has what to show. Of the others
    there is what they are counted from: to write a million texts would take longer than all that is measured.
    """
    calendar = calendar_for(symbols[0])
    with Store.open(path) as store:
        for symbol in symbols:
            store.put_instrument(Instrument(symbol, "A made-up walk"))
        store.set_pins(symbols)
        if not bars:
            return
        walks = [make_bars(calendar, bars, SEED + k)[1] for k in range(len(symbols))]
        for symbol, walk in zip(symbols, walks, strict=True):
            store.put_bars(symbol, Interval.M1, Basis.ADJUSTED, walk, source="benchmark", fetched=int(walk.end[-1]))
        times, scores = make_posts(int(walks[0].time[0]), int(walks[0].end[-1]), posts)
        told = min(TOLD, posts)
        rows = zip(times[-told:].tolist(), scores[-told:].tolist(), strict=True)
        store.add_posts([_post(k, published, score, symbols) for k, (published, score) in enumerate(rows)])
        _count(path, symbols, times[:-told], score_units(scores[:-told]))


def _post(number: int, published: int, score: float, symbols: list[str]) -> NewPost:
    post = Post("twitter", f"{number}", published, f"A word, number {number}")
    # By every scorer there is: the program would score what is missing in the background, and be timed with that.
    scores = [(get_scorer(name).id, Score(score, 0.3, 0.4, 0.3)) for name in scorers()]
    return NewPost(post, scores, frozenset(symbols))


def _count(path: Path, symbols: list[str], times: IntArray, units: UnitArray) -> None:
    """Add posts to what is counted of the subjects, by the store's own code."""
    database = Database.open(path)
    with database.write() as sql:
        numbers = TOLD + 1 + np.arange(len(times), dtype=np.int64)
        for symbol in symbols:
            roll.add(sql, np.full(len(times), catalogue.need(sql, symbol).id), times, numbers)
        scorer = int(sql.execute("SELECT id FROM scorer WHERE name = ?", (VADER.name,)).fetchone()[0])
        columns.put(sql, columns.score_column(scorer), numbers, units)
    database.close()
