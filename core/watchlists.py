"""The watchlist: which subjects are pinned, in which order, and the few figures shown beside each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import UsageError
from core.model import DAY_MS, DEFAULT_SCORER, MINUTE_MS, Basis, Concept, Instrument, Subject, subject_key
from core.series import SCORE_SCALE, minute_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store import Store

_SPARK: Final = 24


@dataclass(frozen=True, slots=True)
class Quote:
    """A subject at a glance. A figure that is not known is None; times are ms UTC.

    `last` is in the instrument's currency (None for a concept), `change` a fraction of the previous session's close
    (of a concept: its members' mean by weight). `sentiment` in [-1, 1] and `posts` are of the 24 hours up to the
    subject's newest post. `spark` holds the last daily closes, of a concept relative to the first of them.
    """

    last: float | None
    change: float | None
    as_of: int | None
    sentiment: float | None
    posts: int
    spark: tuple[float, ...]
    simulated: bool = False


def pin(store: Store, subject: str, *, at: int | None = None) -> None:
    """Pin a subject, last or at a place from 0; a pinned one moves there. Raises `UnknownSubjectError`."""
    key = subject_key(store.subject(subject))
    keys = [k for k in store.pins() if k != key]
    keys.insert(len(keys) if at is None else at, key)
    store.set_pins(keys)


def unpin(store: Store, subject: str) -> None:
    """Take a subject off the watchlist; one that is not pinned is no error. Raises `UnknownSubjectError`."""
    key = subject_key(store.subject(subject))
    store.set_pins(k for k in store.pins() if k != key)


def reorder(store: Store, subjects: Sequence[str]) -> None:
    """Put these pinned subjects first, in this order; the others follow in theirs. Raises UsageError."""
    pins = store.pins()
    first = list(dict.fromkeys(subject_key(store.subject(subject)) for subject in subjects))
    for key in first:
        if key not in pins:
            raise UsageError(f"{key} is not pinned; pin it first.")
    store.set_pins([*first, *(key for key in pins if key not in first)])


def quote(store: Store, subject: Subject, scorer: str = DEFAULT_SCORER, basis: Basis = Basis.ADJUSTED) -> Quote:
    """Return the figures of a subject, from what is stored."""
    sentiment, posts = _crowd(store, subject, scorer)
    if isinstance(subject, Instrument):
        last, change, as_of, spark, simulated = _price(store, subject.symbol, basis)
        return Quote(last, change, as_of, sentiment, posts, spark, simulated)
    return _concept(store, subject, basis, sentiment, posts)


def _crowd(store: Store, subject: Subject, scorer: str) -> tuple[float | None, int]:
    newest = store.last_published(subject)
    if newest is None:
        return None, 0
    end = int(minute_of(np.array([newest]))[0]) * MINUTE_MS
    day = store.bins(subject, scorer, since=end - DAY_MS)
    scored = int(day.scored.sum())
    return float(day.total.sum()) / scored / SCORE_SCALE if scored else None, int(day.posts.sum())


_Price = tuple[float | None, float | None, int | None, tuple[float, ...], bool]


def _price(store: Store, symbol: str, basis: Basis) -> _Price:
    """Return last price, change, its instant, the last closes, and whether they are simulated.

    Daily bars decide; without them, the last bar of each UTC day of the finest intraday series stands for the day.
    """
    known = store.bar_series(symbol)
    if not known:
        return None, None, None, (), False
    chosen = min(known, key=lambda s: (s.interval.intraday, s.basis is not basis, s.interval.ms))
    # Twice the days that are wanted, as weekends and holidays have no bar; ten more for the longest holidays.
    since = chosen.last - (2 * _SPARK + 10) * DAY_MS
    bars = store.bars(symbol, chosen.interval, chosen.basis, since)
    if chosen.interval.intraday:
        day = bars.time // DAY_MS
        bars = bars.take(np.flatnonzero(np.append(day[1:] != day[:-1], True)))
    bars = bars.take(~np.isnan(bars.close))
    if not len(bars):
        return None, None, None, (), chosen.simulated
    last, before = float(bars.close[-1]), float(bars.close[-2]) if len(bars) > 1 else 0.0
    change = last / before - 1 if before > 0 else None
    return last, change, int(bars.end[-1]), tuple(bars.close[-_SPARK:].tolist()), chosen.simulated


def _concept(store: Store, concept: Concept, basis: Basis, sentiment: float | None, posts: int) -> Quote:
    """Weigh the members of the newest quote's day; a member without a change counts for nothing."""
    prices = [(m, _price(store, m.symbol, basis)) for m in concept.members]
    instants = [p[2] for _, p in prices if p[2] is not None]
    if not instants:
        return Quote(None, None, None, sentiment, posts, ())
    as_of = max(instants)
    today = dt.datetime.fromtimestamp(as_of / 1000, dt.UTC).date()
    held = [
        (m.weight, p)
        for m, p in prices
        if (m.since is None or m.since <= today) and (m.until is None or today <= m.until) and m.weight > 0
    ]
    changes = [(w, p[1]) for w, p in held if p[1] is not None]
    total = sum(w for w, _ in changes)
    change = sum(w * c for w, c in changes) / total if total else None
    simulated = any(p[4] for _, p in held)
    return Quote(None, change, as_of, sentiment, posts, _basket([(w, p[3]) for w, p in held]), simulated)


def _basket(lines: list[tuple[float, tuple[float, ...]]]) -> tuple[float, ...]:
    """Return the weighted mean of the members' last closes, each relative to its first; short lines are left out."""
    n = max((len(closes) for _, closes in lines), default=0)
    full = [(w, closes) for w, closes in lines if len(closes) == n and n and closes[0] > 0]
    total = sum(w for w, _ in full)
    return tuple(sum(w * c[k] / c[0] for w, c in full) / total for k in range(n)) if full else ()
