"""Sums and extent of the crowd against its bins."""

from __future__ import annotations

import pytest

from core.model import Instrument, Post, Score
from core.sentiment.vader import VADER
from core.store import NewPost, Store

MINUTE = 60_000
START = 1_736_000_000_000 // MINUTE * MINUTE


def post(number: int, published: int) -> NewPost:
    score = Score((number % 21 - 10) / 10, 0.2, 0.5, 0.3)
    return NewPost(Post("test", str(number), published, f"a word {number % 7}"), [(VADER, score)], frozenset({"AAPL"}))


@pytest.mark.parametrize("apart", [7_000, MINUTE, 45 * MINUTE])
def test_that_sums_and_extent_are_those_of_the_bins(store: Store, apart: int) -> None:
    store.put_instrument(Instrument("AAPL"))
    assert store.spoken("AAPL") is None
    store.add_posts([post(k, START + k * apart + k % 3) for k in range(400)])
    summed, binned = store.rollup("AAPL"), store.bins("AAPL")
    assert store.spoken("AAPL") == summed.extent == ((binned.minute[0] - 1) * MINUTE, binned.minute[-1] * MINUTE)
    for name in ("minute", "posts", "scored", "total", "squares", "bull", "bear", "echo"):
        assert getattr(summed.bins(), name).tolist() == getattr(binned, name).tolist()
    assert len(summed) == 400
