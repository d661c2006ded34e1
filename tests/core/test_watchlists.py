"""The watchlist: order, and figures at a glance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import UnknownSubjectError, UsageError
from core.model import DAY_MS, Basis, Concept, Instrument, Interval, Member, Post, Score, ScorerId
from core.series import Bars
from core.store import NewPost, Store
from core.watchlists import Quote, pin, quote, reorder, unpin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HOUR = 3_600_000
DAY = 20_000 * DAY_MS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "s.sqlite") as opened:
        for symbol in ("A", "B", "C"):
            opened.put_instrument(Instrument(symbol))
        yield opened


def put(
    store: Store, symbol: str, closes: Sequence[float], interval: Interval = Interval.D1, basis: Basis = Basis.ADJUSTED,
    *, simulated: bool = False,
) -> None:  # fmt: skip
    time = DAY + np.arange(len(closes), dtype=np.int64) * interval.ms
    close = np.array(closes, np.float64)
    bars = Bars(time, time + interval.ms // 4, close, close, close, close, close)
    store.put_bars(symbol, interval, basis, bars, source="file", fetched=1, simulated=simulated)


def say(store: Store, subject: str, *posts: tuple[int, float | None]) -> None:
    scorer = ScorerId("vader", "1")
    store.add_posts(
        [
            NewPost(
                Post("x", f"{subject} {k}", at),
                [] if v is None else [(scorer, Score(v, 0, 1, 0))],
                stated=frozenset({subject}),
            )
            for k, (at, v) in enumerate(posts)
        ]
    )


def test_that_pins_are_added_moved_and_taken_off(store: Store) -> None:
    for symbol in ("a", "B", "c"):
        pin(store, symbol)
    assert store.pins() == ["A", "B", "C"]
    pin(store, "C", at=0)
    pin(store, "A")
    assert store.pins() == ["C", "B", "A"]
    unpin(store, "b")
    unpin(store, "b")
    assert store.pins() == ["C", "A"]
    with pytest.raises(UsageError, match="B is not pinned"):
        reorder(store, ["A", "B"])
    pin(store, "B")
    reorder(store, ["b", "A"])
    assert store.pins() == ["B", "A", "C"]
    with pytest.raises(UnknownSubjectError):
        pin(store, "Z")


def test_that_a_subject_without_data_has_a_quote_of_gaps(store: Store) -> None:
    nothing = Quote(None, None, None, None, 0, ())
    store.put_concept(Concept("Theme", (Member("A"),)))
    assert quote(store, Instrument("A")) == nothing
    assert quote(store, store.subject("Theme")) == nothing
    store.put_concept(Concept("Empty"))
    assert quote(store, store.subject("Empty")) == nothing


def test_that_a_quote_compares_the_last_close_with_the_one_before(store: Store) -> None:
    put(store, "A", [*range(1, 31), float("nan"), 33.0])
    q = quote(store, Instrument("A"))
    assert (q.last, q.change, q.as_of) == (33.0, pytest.approx(0.1), DAY + 31 * DAY_MS + DAY_MS // 4)
    assert q.spark == (*(float(n) for n in range(8, 31)), 33.0)
    assert not q.simulated


def test_that_the_wanted_basis_and_daily_bars_come_first(store: Store) -> None:
    put(store, "A", [1.0, 2.0], basis=Basis.RAW, simulated=True)
    put(store, "A", [5.0], Interval.H1)
    assert quote(store, Instrument("A")).last == 2.0
    assert quote(store, Instrument("A")).simulated
    put(store, "A", [1.0, 3.0])
    assert quote(store, Instrument("A")).last == 3.0


def test_that_intraday_bars_are_compared_by_the_day(store: Store) -> None:
    put(store, "A", [1.0] * 24 + [2.0] * 20, Interval.H1)
    q = quote(store, Instrument("A"))
    assert (q.last, q.change, q.spark) == (2.0, 1.0, (1.0, 2.0))


def test_that_the_crowd_is_that_of_the_day_before_the_newest_post(store: Store) -> None:
    say(store, "A", (DAY - 25 * HOUR, 0.9), (DAY - HOUR, 0.5), (DAY - HOUR, None), (DAY, -0.1))
    q = quote(store, Instrument("A"), "vader")
    assert (q.sentiment, q.posts) == (pytest.approx(0.2), 3)
    assert quote(store, Instrument("A"), "nobody").sentiment is None
    assert quote(store, Instrument("A"), "nobody").posts == 3


def test_that_a_concept_moves_as_its_members_do_by_weight(store: Store) -> None:
    put(store, "A", [10.0, 11.0])
    put(store, "B", [10.0, 9.0], simulated=True)
    put(store, "C", [10.0, 30.0])
    past = dt.datetime.fromtimestamp(DAY / 1000, dt.UTC).date() - dt.timedelta(days=1)
    concept = Concept("Theme", (Member("A", 3.0), Member("B", 1.0), Member("C", 9.0, until=past), Member("D", 5.0)))
    store.put_concept(concept)
    q = quote(store, concept)
    assert q.last is None
    assert q.change == pytest.approx((3 * 0.1 - 0.1) / 4)
    assert q.spark == (1.0, pytest.approx((3 * 1.1 + 0.9) / 4))
    assert q.simulated
