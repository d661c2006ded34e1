"""Posts in: duplicates, links, counts; bins against a brute-force twin."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.echo import plain_text
from core.errors import UnknownSubjectError
from core.model import Basis, Concept, Instrument, Interval, Post, Rule, Score, ScorerId
from core.sentiment import language as detect
from core.series import Bars
from core.store import NewPost, PostFilter, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.series import Bins

VADER = ScorerId("vader", "3.3.2")
CROWD = ScorerId("crowd", "1.0")
MINUTE = 60_000


def post(number: int | str, published: int = 0, text: str = "", **fields: Any) -> Post:
    return Post("twitter", str(number), published, text, **fields)


def new(
    number: int | str, published: int = 0, text: str = "", *, score: float | None = None, subjects: Sequence[str] = (),
    stated: Sequence[str] = (), **fields: Any,
) -> NewPost:  # fmt: skip
    scores = () if score is None else ((VADER, Score(score, 0.1, 0.8, 0.1)),)
    return NewPost(post(number, published, text, **fields), scores, frozenset(subjects), frozenset(stated))


class Markers:
    """Stands in for the matcher: a text speaks of a subject that it names in angle brackets."""

    def __init__(self, *keys: str) -> None:
        self._keys = keys

    def match_many(self, posts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> list[set[str]]:
        return [{key for key in self._keys if f"<{key}>" in text} for text, _, _ in posts]


def test_that_a_batch_reports_what_it_added_and_linked(store: Store) -> None:
    store.put_instrument(Instrument("AAPL"))
    result = store.add_posts([new(1, subjects=["AAPL"]), new(2, stated=["aapl", "ge"]), new(1)])
    assert (result.added, result.duplicates, result.linked) == (2, 1, {"AAPL": 2, "GE": 1})
    assert store.posts_total() == 2
    assert [i.symbol for i in store.instruments()] == ["AAPL", "GE"]


def test_that_an_empty_batch_changes_nothing(store: Store) -> None:
    assert store.add_posts([]).added == 0


def test_that_a_post_comes_back_as_it_went_in(store: Store) -> None:
    full = Post(
        "xiaohongshu", "67845f2a000000000101a1b2", 1_736_700_000_123, "第一行\n“TikTok refugee” 🐱", "u_1", 5, 76_000,
        10, 1_000, 3, "zh", ("猫税", "a b"), ("300792.SZ",), "https://example.com/x", True, "bullish",
    )  # fmt: skip
    scores = [(VADER, Score(0.4215, 0.3, 0.7, 0.0)), (CROWD, Score(-0.5, 0.0, 0.5, 0.5))]
    store.add_posts([NewPost(full, scores, stated=frozenset({"300792.SZ"}), collected=77)], now=88)
    (stored,) = store.posts("300792.SZ", scorer="crowd")
    assert stored.post == full
    assert (stored.collected, stored.scored) == (77, 88)
    assert (stored.score, stored.scorer) == (scores[1][1], CROWD)
    assert store.posts("300792.SZ", scorer="nobody")[0].score is None
    assert store.scorers() == [VADER, CROWD]


def test_that_posts_that_share_all_they_say_are_stored_each(store: Store) -> None:
    bare = Post("", "", 0, "")
    assert store.add_posts([NewPost(bare, [], stated=frozenset({"A"}))]).added == 1
    assert store.posts("A")[0].post == bare
    huge = [Post("x", str(n), 7, "same", likes=2**70, views=2**62) for n in range(3)]
    assert store.add_posts([NewPost(p, [], stated=frozenset({"B"})) for p in huge]).added == 3
    assert [(s.post.likes, s.post.views) for s in store.posts("B")] == [(None, 2**62)] * 3
    assert store.check() == []


def test_that_ids_are_unique_within_their_source_only(store: Store) -> None:
    other = NewPost(Post("reddit", "1", 0), stated=frozenset({"GE"}))
    assert store.add_posts([new(1, stated=["GE"]), other]).added == 2
    assert store.post_sources("GE") == {"reddit": 1, "twitter": 1}


def test_that_a_duplicate_brings_its_links_symbols_and_missing_counts_only(store: Store) -> None:
    store.add_posts([new(1, 5, "first", score=0.5, likes=3, symbols=("AAPL",), stated=["AAPL"])])
    again = new(1, 99, "second", score=-0.5, likes=7, comments=2, symbols=("GOOG",), stated=["GOOG"])
    result = store.add_posts([again])
    assert (result.added, result.duplicates, result.linked) == (0, 1, {"GOOG": 1})
    (stored,) = store.posts("GOOG", scorer="vader")
    assert stored.post == post(1, 5, "first", likes=3, comments=2, symbols=("AAPL", "GOOG"))
    assert stored.score
    assert stored.score.value == 0.5
    assert store.bins("GOOG", "vader").total.tolist() == [5000]
    assert store.add_posts([again]).linked == {}


def test_that_a_stated_symbol_links_to_an_instrument_that_is_known(store: Store) -> None:
    store.put_instrument(Instrument("AAPL"))
    assert store.add_posts([new(1, symbols=("aapl", "MSFT"))]).linked == {"AAPL": 1}


def test_that_an_instrument_added_later_gets_the_posts_that_state_it(store: Store) -> None:
    store.add_posts([new(1, symbols=("MSFT",), likes=2), new(2, text="$MSFT up"), new(3, text="nothing")])
    store.put_instrument(Instrument("MSFT"))
    assert {s.post.id for s in store.posts("MSFT")} == {"1", "2"}
    assert store.bins("MSFT").posts.tolist() == [2]
    assert store.post_sources("MSFT") == {"twitter": 2}


def test_that_an_instrument_that_came_with_its_prices_gets_the_posts_that_state_it(store: Store) -> None:
    store.add_posts([new(1, symbols=("MSFT",))])
    store.put_bars("MSFT", Interval.D1, Basis.RAW, Bars.empty(), source="file", fetched=1)
    assert store.count_posts("MSFT") == 1


def test_that_instruments_of_an_import_are_relinked_when_asked_for(store: Store) -> None:
    store.add_posts([new(1, text="I like $GE"), new(2, stated=["GE"])])
    assert store.count_posts("GE") == 1
    assert store.relink_stale() == {"GE": 2}
    assert store.count_posts("GE") == 2
    assert store.relink_stale() == {}


def test_that_a_changed_rule_replaces_rule_links_and_keeps_stated_ones(store: Store) -> None:
    store.put_concept(Concept("Theme", rule=Rule(keywords=("apple",))))
    store.add_posts([new(1, text="apple", subjects=["Theme"]), new(2, text="pear"), new(3, stated=["theme"])])
    store.put_concept(Concept("Theme", rule=Rule(keywords=("pear",))))
    assert {s.post.id for s in store.posts("Theme")} == {"2", "3"}
    assert store.bins("Theme").posts.sum() == 2


def test_that_stopping_a_relink_changes_nothing(store: Store) -> None:
    store.put_concept(Concept("Theme"))
    store.add_posts([new(1, text="<Theme>")])

    def stop(done: int, total: int) -> None:
        raise InterruptedError(f"{done}/{total}")

    with pytest.raises(Exception, match="1/1"):
        store.relink("Theme", Markers("Theme"), stop)
    assert store.count_posts("Theme") == 0
    assert store.relink("Theme", Markers("Theme")) == 1


def test_that_a_subject_key_of_no_one_is_left_out_and_reading_it_is_refused(store: Store) -> None:
    assert store.add_posts([new(1, subjects=["Gone"])]).linked == {}
    with pytest.raises(UnknownSubjectError, match="Gone"):
        store.bins("Gone")


def test_that_text_and_numbers_no_database_holds_are_kept_as_far_as_they_go(store: Store) -> None:
    odd = new(1, 1, "half \ud83d pair", likes=2**70, shares=4, author="\udc00", stated=["GE"])
    store.add_posts([odd, new(2, 2, "nul \0 byte", stated=["GE"])])
    second, first = (s.post for s in store.posts("GE"))
    assert (first.text, first.likes, first.shares, first.author) == ("half ? pair", None, 4, "?")
    assert second.text == "nul \0 byte"


def test_that_a_failing_batch_leaves_nothing_behind(store: Store) -> None:
    store.add_posts([new(1, stated=["GE"])])
    with pytest.raises(ValueError, match="calendar"):
        store.add_posts([new(2, stated=["GE", "NEW"]), new(3, 2**62, stated=["GE"])])
    assert store.posts_total() == 1
    assert store.find_subject("NEW") is None
    assert store.check() == []


@pytest.mark.parametrize("published", [-62_135_596_800_000, 253_402_300_799_999])
def test_that_the_first_and_the_last_year_have_bins(store: Store, published: int) -> None:
    store.add_posts([new(1, published, stated=["GE"]), new(2, 0, stated=["GE"])])
    assert store.bins("GE").minute.tolist() == sorted([-(-published // MINUTE), 0])


def test_that_a_post_counts_whatever_scorer_is_asked_for(store: Store) -> None:
    store.add_posts([new(1, 1, score=0.25, stated=["GE"]), new(2, 1, stated=["GE"]), new(3, 90_000, stated=["GE"])])
    vader, nobody = store.bins("GE", "vader"), store.bins("GE", "nobody")
    assert vader.posts.tolist() == nobody.posts.tolist() == [2, 1]
    assert (vader.scored.tolist(), nobody.scored.tolist()) == ([1, 0], [0, 0])
    assert (vader.total.tolist(), vader.squares.tolist(), vader.bull.tolist()) == ([2500, 0], [6_250_000, 0], [1, 0])


# -- brute-force twin


def rows_of(bins: Bins) -> list[list[int]]:
    names = (bins.minute, bins.posts, bins.scored, bins.total, bins.squares, bins.bull, bins.bear, bins.echo)
    return np.column_stack(names).tolist()


KEYS = ("AAPL", "GE", "Theme")
CHUNK = 8192 * MINUTE
CHINESE = "<GE> 小红书概念股大涨"
REPEATED = "<Theme> this very sentence is said by many again and again"
instants = st.one_of(
    st.integers(-3 * MINUTE, 3 * MINUTE),
    st.builds(lambda k, d: k * CHUNK + d, st.integers(-2, 300), st.integers(-MINUTE, MINUTE)),
)
arrivals = st.builds(
    lambda number, at, score, crowd, subjects, stated, symbols, text: NewPost(
        post(number, at, text, symbols=symbols),
        [(s, Score(v, 0.0, 1.0, 0.0)) for s, v in ((VADER, score), (CROWD, crowd)) if v is not None],
        subjects,
        stated,
    ),
    st.integers(0, 15),
    instants,
    st.none() | st.integers(-10_000, 10_000).map(lambda u: u / 10_000),
    st.none() | st.floats(-1, 1),
    st.frozensets(st.sampled_from(KEYS)),
    st.frozensets(st.sampled_from(KEYS), max_size=1),
    st.lists(st.sampled_from(["AAPL", "GE", "MSFT"]), max_size=2, unique=True).map(tuple),
    st.sampled_from(
        ["", "<AAPL>", "<Theme> <GE>", "nothing", REPEATED, REPEATED.upper() + "!", "<GE> 中国小红书上涨很多"]
    ),
)
steps = st.lists(st.lists(arrivals, min_size=1, max_size=8) | st.sampled_from(KEYS), max_size=8)


@dataclass
class Twin:
    """What the store should hold, kept as plainly as can be."""

    posts: dict[str, NewPost] = field(default_factory=dict[str, NewPost])
    symbols: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    links: dict[str, dict[str, bool]] = field(default_factory=lambda: {k: {} for k in KEYS})

    def add(self, arrival: NewPost) -> None:
        number = arrival.post.id
        self.posts.setdefault(number, arrival)
        self.symbols.setdefault(number, set()).update(arrival.post.symbols)
        stated = arrival.stated | ({*arrival.post.symbols} & {*KEYS})
        for key in arrival.subjects | stated:
            self.links[key][number] = self.links[key].get(number, False) or key in stated

    def relink(self, key: str) -> None:
        links = {n: True for n, stated in self.links[key].items() if stated}
        for number, p in self.posts.items():
            if key in self.symbols[number]:
                links[number] = True
            elif f"<{key}>" in p.post.text:
                links.setdefault(number, False)
        self.links[key] = links

    def said(self, key: str, language: str = "", *, once: bool = False) -> list[tuple[str, bool]]:
        """Return the posts that count, in order of time, and whether each repeats one before."""
        order = list(self.posts)
        numbers = sorted(self.links[key], key=lambda n: (self.posts[n].post.published, order.index(n)))
        found: list[tuple[str, bool]] = []
        before: set[str] = set()
        for n in numbers:
            text = self.posts[n].post.text
            if language and detect(text) != language:
                continue
            repeated = plain_text(text) in before
            if "again" in text.lower():
                before.add(plain_text(text))
            if not (once and repeated):
                found.append((n, repeated))
        return found

    def rows(self, key: str, scorer: str, language: str = "", *, once: bool = False) -> list[list[int]]:
        rows: dict[int, list[int]] = {}
        for number, repeated in self.said(key, language, once=once):
            p = self.posts[number]
            minute = -(-p.post.published // MINUTE)
            row = rows.setdefault(minute, [minute, 0, 0, 0, 0, 0, 0, 0])
            row[1] += 1
            row[7] += repeated
            for s, score in p.scores:
                if s.name == scorer:
                    units = round(score.value * 10_000)
                    change = (1, units, units * units, units >= 500, units <= -500)
                    row[2:7] = [a + b for a, b in zip(row[2:7], change, strict=True)]
        return [rows[m] for m in sorted(rows)]


@settings(max_examples=80, deadline=None)
@given(steps)
def test_that_every_curve_equals_a_brute_force_count_after_any_history(history: list[list[NewPost] | str]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.sqlite") as store:
        twin = Twin()
        store.put_concept(Concept("Theme"))
        for symbol in ("AAPL", "GE"):
            store.put_instrument(Instrument(symbol))
        for step in history:
            if isinstance(step, str):
                store.relink(step, Markers(step))
                twin.relink(step)
            else:
                store.add_posts(step)
                store.group_echoes()
                for arrival in step:
                    twin.add(arrival)
        for key in KEYS:
            for scorer in ("vader", "crowd", "nobody"):
                bins = store.bins(key, scorer)
                assert rows_of(bins) == twin.rows(key, scorer)
                once = store.bins(key, scorer, chosen=PostFilter(languages=("en", "zz"), once=True))
                assert rows_of(once) == twin.rows(key, scorer, "en", once=True)
                since = store.bins(key, scorer, since=CHUNK + 30_000)
                assert since.total.tolist() == bins.total[bins.minute > CHUNK // MINUTE].tolist()
            assert store.count_posts(key) == len(twin.links[key])
            census = store.census(key)
            assert (census.posts, census.echoes) == (len(twin.links[key]), sum(e for _, e in twin.said(key)))
            assert sum(c.posts for c in census.languages) == census.posts
            assert len(store.bins(key, chosen=PostFilter(sources=("reddit",)))) == 0
            assert store.last_published(key) == max(
                (twin.posts[n].post.published for n in twin.links[key]), default=None
            )
            assert {s.post.id for s in store.posts(key)} == twin.links[key].keys()
            assert store.post_sources(key) == Counter("twitter" for _ in twin.links[key])
        assert store.check() == []
