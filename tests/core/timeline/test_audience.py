"""Authors and reach at any zoom, against counting one by one."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.model import MINUTE_MS
from core.timeline.audience import Audience
from core.timeline.slots import Slots
from core.voices import Voices

BASE = 1_700_000_040_000
counts = st.none() | st.integers(0, 5_000_000_000)
posts = st.lists(
    st.tuples(st.integers(-40, 900), st.integers(0, 6), counts, st.none() | st.integers(-10_000, 10_000)), max_size=60
).map(lambda said: sorted(said, key=lambda p: p[0]))


def audience(said: list[tuple[int, int, int | None, int | None]], slots: Slots) -> Audience:
    reach = np.array([-1 if r is None else r for _, _, r, _ in said], np.int64)
    voices = Voices(
        np.array([BASE + s * 1000 * 6 for s, _, _, _ in said], np.int64),
        np.array([a for _, a, _, _ in said], np.uint64),
        np.full(len(said), -1),
        np.full(len(said), -1),
        reach,
        np.array([u or 0 for _, _, _, u in said], np.int16),
        np.array([u is not None for _, _, _, u in said], np.bool_),
    )
    return Audience(voices, slots)


def hourly(n: int) -> Slots:
    start = BASE + np.arange(n, dtype=np.int64) * 15 * MINUTE_MS
    return Slots(start, start + 10 * MINUTE_MS)


def inside(time: int, start: int, end: int) -> bool:
    return start // MINUTE_MS < math.ceil((BASE + time * 6000) / MINUTE_MS) <= end // MINUTE_MS


@given(posts, st.integers(1, 6), st.sampled_from([1, 2, 4, 8]))
def test_that_an_author_counts_once_in_each_group_of_slots_at_any_zoom(
    said: list[tuple[int, int, int | None, int | None]], n: int, size: int
) -> None:
    slots = hourly(n)
    found = audience(said, slots).authors(0, n, size)
    edges = [int(slots.start[0]), *slots.end.tolist()]
    expected: list[int] = []
    for first in range(0, n, size):
        start, end = edges[first], edges[min(first + size, n)]
        expected.append(len({a for t, a, _, _ in said if a and inside(t, start, end)}))
    assert found.tolist() == expected


@given(posts, st.integers(-5, 95), st.integers(0, 95))
def test_that_a_span_tells_authors_nameless_posts_reach_and_a_mean_by_reach(
    said: list[tuple[int, int, int | None, int | None]], low: int, length: int
) -> None:
    who = audience(said, hourly(6))
    start, end = BASE + low * MINUTE_MS, BASE + (low + length) * MINUTE_MS
    chosen = [p for p in said if inside(p[0], start, end)]
    after = BASE + 96 * MINUTE_MS
    authors, nameless = who.authors_within(np.array([start, after]), np.array([end, after + MINUTE_MS]))
    assert authors[0] == len({a for _, a, _, _ in chosen if a})
    assert nameless[0] == sum(a == 0 for _, a, _, _ in chosen)
    amount, known = who.reach("engagement", np.array([start]), np.array([end]))
    assert amount[0] == sum(r for _, _, r, _ in chosen if r is not None)
    assert known[0] == sum(r is not None for _, _, r, _ in chosen)
    weighted = [(min(r, 100_000_000), u) for _, _, r, u in chosen if r is not None and u is not None]
    mean = who.weighted_mean("engagement", np.array([start]), np.array([end]))[0]
    total = sum(w for w, _ in weighted)
    if total:
        assert mean == sum(w * u for w, u in weighted) / total / 10_000
    else:
        assert math.isnan(mean)
    assert who.reach("views", np.array([start]), np.array([end]))[1][0] == 0


def test_that_the_kind_of_reach_that_most_posts_have_is_known() -> None:
    assert audience([(1, 1, 5, None), (2, 1, None, None)], hourly(2)).known_best() == "engagement"
