"""What was said in a span, against brute force."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import MINUTE_MS
from core.rollup import Rollup
from core.series import Bins

if TYPE_CHECKING:
    from core.series import BoolArray, Crowd, FloatArray, IntArray

BASE = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
COUNTS = ("posts", "scored", "total", "squares", "bull_posts", "bear_posts", "echo_posts")

post = st.tuples(
    st.integers(BASE, BASE + 50 * MINUTE_MS), st.none() | st.integers(-10_000, 10_000).map(lambda n: n / 10_000)
)
posts = st.lists(post, max_size=60)
# Some blocks of them, so that a few spans ask for less than all.
many_posts = st.lists(post, max_size=12).map(lambda few: [(t + k * 1000, s) for k in range(50) for t, s in few])


def columns_of(said: list[tuple[int, float | None]]) -> tuple[IntArray, FloatArray]:
    times = np.array([t for t, _ in said], np.int64)
    return times, np.array([math.nan if s is None else s for _, s in said], np.float64)


def rollup_of(said: list[tuple[int, float | None]], echo: BoolArray | None = None) -> Rollup:
    return Rollup.of(*columns_of(said), echo)


@given(posts, st.data())
def test_that_an_echo_counts_as_a_post_and_as_an_echo(
    said: list[tuple[int, float | None]], data: st.DataObject
) -> None:
    echo = data.draw(st.lists(st.booleans(), min_size=len(said), max_size=len(said)))
    crowd = rollup_of(said, np.array(echo, np.bool_)).within(np.array([0]), np.array([2**62]))
    assert (crowd.posts[0], crowd.echo_posts[0]) == (len(said), sum(echo))
    assert np.isnan(crowd.echo[0]) if not said else crowd.echo[0] == sum(echo) / len(said)


@given(posts, st.integers(-5, 55), st.integers(0, 60))
def test_that_a_span_excludes_its_first_instant_and_includes_its_last(
    said: list[tuple[int, float | None]], low: int, length: int
) -> None:
    base = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
    start, end = base + low * MINUTE_MS, base + (low + length) * MINUTE_MS
    crowd = rollup_of(said).within(np.array([start]), np.array([end]))
    assert crowd.posts[0] == sum(start < t <= end for t, _ in said)


def crowd_of(scores: list[float]) -> Crowd:
    rollup = Rollup.of(np.full(len(scores), 60_000, np.int64), np.array(scores, np.float64))
    return rollup.within(np.array([0]), np.array([60_000]))


def test_that_mean_and_deviation_agree_with_the_standard_library() -> None:
    scores = [0.5, -0.25, 0.75, 0.1, 0.0, -0.9]
    crowd = crowd_of(scores)
    assert crowd.mean[0] == pytest.approx(statistics.mean(scores))
    assert crowd.deviation[0] == pytest.approx(statistics.stdev(scores))


def test_that_the_interval_is_students_t() -> None:
    # t(0.975, 5) = 2.570582 from any table.
    scores = [0.1, 0.2, 0.0, 0.15, 0.05, 0.1]
    low, high = crowd_of(scores).interval()
    half = 2.570582 * statistics.stdev(scores) / math.sqrt(6)
    assert low[0] == pytest.approx(0.1 - half)
    assert high[0] == pytest.approx(0.1 + half)


def test_that_the_interval_of_many_posts_nears_the_normal_one() -> None:
    # t(0.975, 40) = 2.021075, t(0.975, 120) = 1.979930
    for n, t in ((41, 2.021075), (121, 1.979930)):
        scores = [0.1 if i % 2 else -0.1 for i in range(n)]
        low, high = crowd_of(scores).interval()
        assert (high[0] - low[0]) / 2 == pytest.approx(t * statistics.stdev(scores) / math.sqrt(n), abs=1e-6)


def test_that_one_post_says_nothing_about_the_spread() -> None:
    low, high = crowd_of([0.3]).interval()
    assert (low[0], high[0]) == (-1.0, 1.0)


def test_that_silence_is_a_gap_and_never_zero() -> None:
    crowd = Rollup.empty().within(np.array([0]), np.array([60_000]))
    assert crowd.posts[0] == 0
    assert math.isnan(crowd.mean[0])
    assert math.isnan(crowd.bull[0])
    assert all(math.isnan(bound[0]) for bound in crowd.interval())


def test_that_a_post_without_score_counts_for_attention_only() -> None:
    crowd = rollup_of([(60_000, None), (60_000, 0.5)]).within(np.array([0]), np.array([60_000]))
    assert (crowd.posts[0], crowd.scored[0], crowd.mean[0]) == (2, 1, 0.5)


@given(many_posts, st.lists(st.tuples(st.integers(-2, 55), st.integers(0, 60)), max_size=12))
def test_that_a_span_sums_up_what_was_said_in_it(
    said: list[tuple[int, float | None]], spans: list[tuple[int, int]]
) -> None:
    echo = np.arange(len(said)) % 3 == 0
    rollup = rollup_of(said, echo)
    start, end = (BASE + MINUTE_MS * np.array([a + b * k for a, b in spans], np.int64) for k in (0, 1))
    crowd = rollup.within(start, end)
    for row, (low, high) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        inside = [k for k, (t, _) in enumerate(said) if low < t <= high]
        units = [round(s * 10_000) for k in inside if (s := said[k][1]) is not None]
        expected = [
            len(inside), len(units), sum(units), sum(u * u for u in units), sum(u >= 500 for u in units),
            sum(u <= -500 for u in units), int(echo[inside].sum()),
        ]  # fmt: skip
        assert [int(getattr(crowd, name)[row]) for name in COUNTS] == expected


@given(many_posts)
def test_that_the_bins_are_those_of_the_posts(said: list[tuple[int, float | None]]) -> None:
    made, expected = rollup_of(said).bins(), Bins.of(*columns_of(said))
    for name in ("minute", "posts", "scored", "total", "squares", "bull", "bear", "echo"):
        assert getattr(made, name).tolist() == getattr(expected, name).tolist()


@given(posts, st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_that_spans_with_common_bounds_sum_up_like_each_alone(
    said: list[tuple[int, float | None]], bounds: list[int]
) -> None:
    rollup = rollup_of(said)
    edges = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS + np.array(bounds, np.int64) * MINUTE_MS  # also backwards
    start, end = edges[:-1], edges[1:]
    together = rollup.within(start, end)
    alone = [rollup.within(start[i : i + 1], end[i : i + 1]) for i in range(len(start))]
    for name in COUNTS:
        assert getattr(together, name).tolist() == [int(getattr(crowd, name)[0]) for crowd in alone]
    assert rollup.posts_within(start, end).tolist() == together.posts.tolist()
