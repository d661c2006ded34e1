"""How unusual a figure is against its own past: the mood against the last months, attention against the hour of week.

Only what was known at the time counts: the past of an instant ends before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.clock.zones import offsets
from core.model import DAY_MS, HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.rollup import Rollup
    from core.series import FloatArray, IntArray

# Fewer figures than this are no past to compare with.
LEAST_PAST: Final = 20
WEEKS: Final = 12
LEAST_WEEKS: Final = 4
_MOST_MINUTES: Final = 30_000_000  # 57 years
# Instants that are worked on at a time: what stays in the processor's cache is done nearly twice as fast.
_BLOCK: Final = 16_384


def against_past(end: IntArray, value: FloatArray, window_ms: int) -> tuple[FloatArray, IntArray]:
    """Return the z-score of each of n values against those of the window before it, and how many these were.

    z = (x - mean) / s, with the sample standard deviation s. A value's past holds the values whose `end` (ms UTC,
    ascending) lies in [its own end - window, its own end), without itself; NaN values count nowhere. z is NaN below
    `LEAST_PAST` values, and where these were all the same.
    """
    has = ~np.isnan(value)
    # Distances from the mean of all, so that squares of nearly equal numbers lose no digits.
    centred = np.where(has, value - (float(value[has].mean()) if has.any() else 0.0), 0.0)
    count, total, squares = (
        np.concatenate(([0.0], np.cumsum(c))) for c in (has.astype(np.float64), centred, centred**2)
    )
    here = np.arange(len(end))
    low = np.searchsorted(end, end - window_ms, side="left")
    n, s, q = (c[here] - c[low] for c in (count, total, squares))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = s / n
        spread = np.sqrt(np.maximum((q - s * mean) / (n - 1), 0.0))
        z = np.where((n >= LEAST_PAST) & (spread > 1e-9), (centred - mean) / spread, np.nan)
    return np.where(has, z, np.nan), n.astype(np.int64)


def _posts_upto(crowd: Rollup, extent: tuple[int, int]) -> Callable[[IntArray], IntArray]:
    """Return what tells how many posts there are up to each of many instants (ms UTC, to the whole minute below).

    It is asked for every bar some twenty times over: a table of all minutes answers ten times as fast as a search.
    """
    bins = crowd.bins()
    total = np.concatenate(([0], np.cumsum(bins.posts)))
    first, last = extent[0] // MINUTE_MS, extent[1] // MINUTE_MS
    if last - first > _MOST_MINUTES:
        return lambda instant: total[np.searchsorted(bins.minute, instant // MINUTE_MS, side="right")]
    table = np.zeros(last - first + 1, np.int32)
    table[bins.minute - first] = bins.posts
    np.cumsum(table, out=table)
    return lambda instant: table[np.clip(instant // MINUTE_MS - first, 0, last - first)].astype(np.int64)


def surprise(crowd: Rollup, end: IntArray, length_ms: int, zone: str) -> tuple[FloatArray, IntArray]:
    """Return how surprising the number of posts up to each of n instants is, and from how many weeks this is known.

    What is compared is y = ln(1 + posts) of the `length_ms` (an hour at least) up to the instant, with y at the same
    hour of the same weekday (by the clocks of `zone`) in each of the `WEEKS` weeks before:
    z = (y - mean) / max(s, 1/√(1 + λ)), where s is the sample standard deviation of the past y and λ the mean of the
    past counts. The lower bound is what chance alone makes of a Poisson count of that size (by the delta method), so
    that a steady past cannot make a surprise out of one post. Weeks before the first post are unknown, not silent;
    z is NaN below `LEAST_WEEKS` weeks.
    """
    length = max(length_ms, HOUR_MS)
    extent = crowd.extent
    if extent is None or not len(end):
        return np.full(len(end), np.nan), np.zeros(len(end), np.int64)
    offset, posts_upto = offsets(zone).at_array, _posts_upto(crowd, extent)
    blocks = [
        _surprise(end[start : start + _BLOCK], length, extent[0], offset, posts_upto)
        for start in range(0, len(end), _BLOCK)
    ]
    z, weeks = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return z, weeks


def _surprise(
    end: IntArray,
    length: int,
    first: int,
    offset: Callable[[IntArray], IntArray],
    posts_upto: Callable[[IntArray], IntArray],
) -> tuple[FloatArray, IntArray]:
    """Do what `surprise` says, with posts from `first` (ms UTC) on and what tells offsets and counts at instants."""
    here = offset(end)
    weeks = np.zeros(len(end), np.int64)
    counts, logs, squares = np.zeros(len(end)), np.zeros(len(end)), np.zeros(len(end))
    for week in range(1, WEEKS + 1):
        before = end - 7 * week * DAY_MS
        then = before + here - offset(before)  # the clocks show what they show at `end`
        known = then - length >= first
        if not known.any():
            break
        posts = np.where(known, posts_upto(then) - posts_upto(then - length), 0)
        y = np.log1p(posts)
        weeks += known
        counts += posts
        logs += y
        squares += y * y
    now = np.log1p(posts_upto(end) - posts_upto(end - length))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = logs / weeks
        spread = np.sqrt(np.maximum((squares - logs * mean) / (weeks - 1), 0.0))
        least = 1 / np.sqrt(1 + counts / weeks)
        z = np.where(weeks >= LEAST_WEEKS, (now - mean) / np.maximum(spread, least), np.nan)
    return z, weeks
