"""Columns against brute force."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.model import MINUTE_MS
from core.series import Bins, minute_of

posts = st.lists(
    st.tuples(
        st.integers(1_700_000_000_000, 1_700_000_000_000 + 50 * MINUTE_MS),
        st.none() | st.integers(-10_000, 10_000).map(lambda n: n / 10_000),
    ),
    max_size=60,
)


COUNTS = ("posts", "scored", "total", "squares", "bull_posts", "bear_posts", "echo_posts")


def bins_of(said: list[tuple[int, float | None]]) -> Bins:
    times = np.array([t for t, _ in said], np.int64)
    return Bins.of(times, np.array([math.nan if s is None else s for _, s in said], np.float64))


def columns(bins: Bins) -> list[list[int]]:
    names = ("minute", "posts", "scored", "total", "squares", "bull", "bear")
    return [getattr(bins, name).tolist() for name in names]


@given(posts)
def test_that_every_bin_counts_what_a_loop_counts(said: list[tuple[int, float | None]]) -> None:
    bins = bins_of(said)
    expected: dict[int, list[float | None]] = {}
    for time, score in said:
        expected.setdefault(math.ceil(time / MINUTE_MS), []).append(score)
    assert bins.minute.tolist() == sorted(expected)
    for row, minute in enumerate(sorted(expected)):
        scores = [s for s in expected[minute] if s is not None]
        assert bins.posts[row] == len(expected[minute])
        assert bins.scored[row] == len(scores)
        assert bins.total[row] == sum(round(s * 10_000) for s in scores)
        assert bins.squares[row] == sum(round(s * 10_000) ** 2 for s in scores)
        assert bins.bull[row] == sum(s >= 0.05 for s in scores)
        assert bins.bear[row] == sum(s <= -0.05 for s in scores)


@given(posts, st.randoms(use_true_random=False))
def test_that_bins_do_not_depend_on_the_order_of_posts(said: list[tuple[int, float | None]], random: object) -> None:
    whole = bins_of(said)
    random.shuffle(said)  # type: ignore[attr-defined]
    assert columns(bins_of(said)) == columns(whole)


def test_that_the_minute_of_a_post_ends_at_or_after_it() -> None:
    times = np.array([0, 1, 59_999, 60_000, 60_001], np.int64)
    assert minute_of(times).tolist() == [0, 1, 1, 1, 2]
