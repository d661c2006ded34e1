"""Which posts a curve counts: what the panes ask of a tape, from the store to the line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.model import HOUR_MS, Instrument, Interval, Post, Score, ScorerId
from core.store import NewPost, Store
from core.timeline import View, load_tape
from core.timeline.mood import attention_score, crowd_in, faded, mood_score
from core.timeline.request import CrowdKey, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.timeline import Tape

VADER, CROWD = ScorerId("vader", "3.3.2"), ScorerId("crowd", "1.0")
START = round(dt.datetime(2025, 1, 6, 15, tzinfo=dt.UTC).timestamp() * 1000)
COPIED = "Everybody says the very same thing about this one stock today"
EN = CrowdKey(languages=("en",))
ONCE = CrowdKey(once=True)
REDDIT = CrowdKey(scorer="crowd", sources=("reddit",))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calendars")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        opened.put_instrument(Instrument("AAPL"))
        said = [
            ("reddit", "a", 0, "the price will rise", 0.5, 0.9),
            ("reddit", "b", 1, COPIED, 0.5, 0.1),
            ("twitter", "b", 2, f"RT @x: {COPIED}!", 0.5, 0.1),
            ("twitter", "c", 3, "小红书概念股大涨", -0.5, 0.7),
            ("twitter", "", 4, "🚀🚀", None, None),
        ]
        opened.add_posts([
            NewPost(
                Post(source, f"p{k}", START + k * 60_000, text, author, views=10 * k or None, likes=k),
                [(s, Score(v, 0, 1, 0)) for s, v in ((VADER, vader), (CROWD, crowd)) if v is not None],
                frozenset({"AAPL"}),
            )
            for k, (source, author, _, text, vader, crowd) in enumerate(said)
        ])  # fmt: skip
        opened.group_echoes()
        yield opened


def tape_of(store: Store, cache: Path, *keys: CrowdKey) -> Tape:
    needs = Needs(crowds=frozenset(keys), audiences=frozenset({CrowdKey(), *keys}))
    return load_tape(store, store.subject("AAPL"), Interval.D1, scorer="vader", cache_dir=cache, needs=needs)


def all_of(tape: Tape, key: CrowdKey) -> tuple[int, int, float]:
    crowd = tape.crowds[key].within(np.array([START - HOUR_MS]), np.array([START + HOUR_MS]))
    return int(crowd.posts[0]), int(crowd.echo_posts[0]), round(float(crowd.mean[0]), 4)


def test_that_curves_of_other_sources_languages_and_scorers_stand_beside_the_charts_own(
    store: Store, cache: Path
) -> None:
    tape = tape_of(store, cache, EN, ONCE, REDDIT)
    assert all_of(tape, CrowdKey()) == (5, 1, 0.25)
    assert all_of(tape, EN) == (3, 1, 0.5)
    assert all_of(tape, ONCE) == (4, 0, 0.1667)
    assert all_of(tape, REDDIT) == (2, 0, 0.5)
    assert dict(tape.provenance.languages) == {"en": 3, "zh": 1, "": 1}
    assert set(tape.provenance.scorers) == {"vader", "crowd"}


def test_that_authors_and_reach_are_those_of_the_key(store: Store, cache: Path) -> None:
    tape = tape_of(store, cache, ONCE)
    start, end = np.array([START - HOUR_MS]), np.array([START + HOUR_MS])
    every, once = tape.audiences[CrowdKey()], tape.audiences[ONCE]
    assert [n.tolist() for n in every.authors_within(start, end)] == [[4], [1]]  # b of reddit is not b of twitter
    assert [n.tolist() for n in once.authors_within(start, end)] == [[3], [1]]
    amount, known = once.reach("views", start, end)
    assert (amount[0], known[0]) == (10 + 30 + 40, 3)


def test_that_a_tape_without_a_curve_says_so(store: Store, cache: Path) -> None:
    tape = tape_of(store, cache)
    from core.clock import make_clock  # noqa: PLC0415 - the clock is of no matter here
    from core.model import ClockMode  # noqa: PLC0415 - as above

    frame = View(tape, make_clock(ClockMode.WALL, tape.calendar)).frame(0, 1e6, 100)
    assert crowd_in(tape, frame, EN) is None
    assert faded(tape, EN, 1) is None
    assert mood_score(tape, EN, 90, 1, 0) is None
    assert attention_score(tape, EN) is None


def test_that_a_line_is_made_once_and_keeps_to_its_slots(store: Store, cache: Path) -> None:
    tape = tape_of(store, cache)
    one, other = faded(tape, CrowdKey(), 24), faded(tape, CrowdKey(), 24)
    assert one is not None and other is not None  # noqa: PT018 - for the type checker
    assert one.mean is other.mean
    assert len(one.mean) == len(tape.slots)
    assert one.mean.value[-1] == pytest.approx(0.25, abs=0.01)
