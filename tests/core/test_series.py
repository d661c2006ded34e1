"""Columns and prefix sums against brute force."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import MINUTE_MS
from core.series import Bins, Crowd, Rollup, minute_of

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


@given(posts, st.data())
def test_that_an_echo_counts_as_a_post_and_as_an_echo(
    said: list[tuple[int, float | None]], data: st.DataObject
) -> None:
    echo = data.draw(st.lists(st.booleans(), min_size=len(said), max_size=len(said)))
    times = np.array([t for t, _ in said], np.int64)
    bins = Bins.of(times, np.full(len(said), math.nan), np.array(echo, np.bool_))
    crowd = Rollup(bins).within(np.array([0]), np.array([2**62]))
    assert (crowd.posts[0], crowd.echo_posts[0]) == (len(said), sum(echo))
    assert np.isnan(crowd.echo[0]) if not said else crowd.echo[0] == sum(echo) / len(said)


@given(posts, st.integers(-5, 55), st.integers(0, 60))
def test_that_a_span_excludes_its_first_instant_and_includes_its_last(
    said: list[tuple[int, float | None]], low: int, length: int
) -> None:
    base = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS
    start, end = base + low * MINUTE_MS, base + (low + length) * MINUTE_MS
    crowd = Rollup(bins_of(said)).within(np.array([start]), np.array([end]))
    assert crowd.posts[0] == sum(start < t <= end for t, _ in said)


def test_that_the_minute_of_a_post_ends_at_or_after_it() -> None:
    times = np.array([0, 1, 59_999, 60_000, 60_001], np.int64)
    assert minute_of(times).tolist() == [0, 1, 1, 1, 2]


def crowd_of(scores: list[float]) -> Crowd:
    rollup = Rollup(Bins.of(np.full(len(scores), 60_000, np.int64), np.array(scores, np.float64)))
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
    crowd = Rollup(Bins.empty()).within(np.array([0]), np.array([60_000]))
    assert crowd.posts[0] == 0
    assert math.isnan(crowd.mean[0])
    assert math.isnan(crowd.bull[0])
    assert all(math.isnan(bound[0]) for bound in crowd.interval())


def test_that_a_post_without_score_counts_for_attention_only() -> None:
    crowd = Rollup(bins_of([(60_000, None), (60_000, 0.5)])).within(np.array([0]), np.array([60_000]))
    assert (crowd.posts[0], crowd.scored[0], crowd.mean[0]) == (2, 1, 0.5)


@given(posts)
def test_that_posts_sum_up_to_what_their_bins_do(said: list[tuple[int, float | None]]) -> None:
    said.sort(key=lambda post: post[0])
    minute = minute_of(np.array([t for t, _ in said], np.int64))
    units = np.array([0 if s is None else round(s * 10_000) for _, s in said], np.int16)
    has_score = np.array([s is not None for _, s in said], np.bool_)
    echo = np.arange(len(said)) % 3 == 0
    of_posts = Rollup.of_posts(minute, units, has_score, echo)
    of_bins = Rollup(Bins.of_units(minute, units, has_score, echo))
    assert of_posts.extent == of_bins.extent
    edges = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS + np.arange(-2, 55) * MINUTE_MS
    for length in (1, 17):
        a, b = (r.within(edges, edges + length * MINUTE_MS) for r in (of_posts, of_bins))
        assert [getattr(a, f).tolist() for f in COUNTS] == [getattr(b, f).tolist() for f in COUNTS]


@given(posts, st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_that_spans_with_common_bounds_sum_up_like_each_alone(
    said: list[tuple[int, float | None]], bounds: list[int]
) -> None:
    rollup = Rollup(bins_of(said))
    edges = 1_700_000_000_000 // MINUTE_MS * MINUTE_MS + np.array(bounds, np.int64) * MINUTE_MS  # also backwards
    start, end = edges[:-1], edges[1:]
    together = rollup.within(start, end)
    alone = [rollup.within(start[i : i + 1], end[i : i + 1]) for i in range(len(start))]
    for name in COUNTS:
        assert getattr(together, name).tolist() == [int(getattr(crowd, name)[0]) for crowd in alone]
    assert rollup.posts_within(start, end).tolist() == together.posts.tolist()
