"""Marks on posts: what they hide, what they bring back, and that nothing but the user takes them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model import Post, Score, ScorerId
from core.store import NewPost, Store
from core.store.corrections import VERDICTS, Correction

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

VADER = ScorerId("vader", "1")


def fill(store: Store, *, subjects: frozenset[str] = frozenset({"GE", "T"})) -> None:
    scores = ((VADER, Score(0.5, 0.1, 0.8, 0.1)),)
    store.add_posts([NewPost(Post("x", str(n), n * 1000, f"text {n}"), scores, stated=subjects) for n in range(1, 6)])


def numbers(store: Store, key: str, *, off_topic: bool = False) -> list[int]:
    return [p.number for p in store.posts(key, off_topic=off_topic)]


def test_that_a_stance_is_shown_with_every_subject(store: Store) -> None:
    fill(store)
    store.mark_post(2, "GE", "bearish", now=9)
    assert (
        [p.verdict for p in store.posts("GE")] == [p.verdict for p in store.posts("T")] == ["", "", "", "bearish", ""]
    )
    assert store.corrections() == [Correction("x", "2", "bearish", "", 9, 2000, "text 2")]
    store.mark_post(2, "T", None, now=10)
    assert store.corrections() == []


def test_that_a_post_off_topic_leaves_the_counts_of_its_subject_only(store: Store) -> None:
    fill(store)
    store.mark_post(2, "GE", "off-topic", now=9)
    assert numbers(store, "GE") == [5, 4, 3, 1]
    assert numbers(store, "T") == [5, 4, 3, 2, 1]
    assert (store.count_posts("GE"), store.count_posts("GE", off_topic=True)) == (4, 5)
    assert store.post_sources("GE") == {"x": 4}
    bins = store.bins("GE", "vader")
    assert (bins.posts.sum(), bins.total.sum()) == (4, 4 * 5000)
    assert numbers(store, "GE", off_topic=True) == [5, 4, 3, 2, 1]
    assert store.posts("GE", off_topic=True)[3].verdict == "off-topic"
    store.mark_post(2, "GE", None, now=10)
    assert store.bins("GE", "vader").total.sum() == 5 * 5000
    assert store.check() == []


def test_that_importing_a_post_again_does_not_bring_it_back_on_topic(store: Store) -> None:
    fill(store)
    store.mark_post(2, "GE", "off-topic", now=9)
    fill(store)
    assert numbers(store, "GE") == [5, 4, 3, 1]


class _All:
    def match_many(self, posts: Sequence[object]) -> list[set[str]]:
        return [{"GE"} for _ in posts]


def test_that_linking_anew_leaves_posts_off_topic(store: Store) -> None:
    fill(store, subjects=frozenset({"T"}))
    fill(store, subjects=frozenset({"GE"}))
    store.mark_post(2, "GE", "off-topic", now=9)
    store.relink("GE", _All())
    assert numbers(store, "GE") == [5, 4, 3, 1]
    store.mark_post(2, "GE", None, now=10)
    assert numbers(store, "GE") == [5, 4, 3, 2, 1]


def test_that_a_stance_below_comes_back_when_a_post_is_on_topic_again(store: Store) -> None:
    fill(store)
    store.mark_post(2, "GE", "bullish", now=8)
    store.mark_post(2, "GE", "off-topic", now=9)
    assert len(store.corrections()) == 2
    store.mark_post(2, "GE", None, now=10)
    assert [c.verdict for c in store.corrections()] == ["bullish"]


def test_that_marks_go_over_to_another_store(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    fill(store)
    store.mark_post(2, "GE", "bullish", now=8)
    store.mark_post(3, "GE", "off-topic", now=9)
    with Store.open(tmp_path_factory.mktemp("other") / "s.sqlite") as other:
        assert other.put_corrections(store.corrections()) == (0, [(mark, "post") for mark in store.corrections()])
        fill(other)
        assert other.put_corrections(store.corrections()) == (2, [])
        assert other.corrections() == store.corrections()
        assert numbers(other, "GE") == [5, 4, 2, 1]


steps = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from(["GE", "T"]), st.sampled_from([None, *VERDICTS])), max_size=12
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_that_counts_follow_any_history_of_marks(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, str, str | None]]
) -> None:
    off: dict[str, set[int]] = {"GE": set(), "T": set()}
    with Store.open(tmp_path_factory.mktemp("marks") / "s.sqlite") as store:
        fill(store)
        for post, key, verdict in history:
            store.mark_post(post, key, verdict, now=1)  # pyright: ignore[reportArgumentType]  one of VERDICTS
            (off[key].add if verdict == "off-topic" else off[key].discard)(post)
        for key, gone in off.items():
            assert set(numbers(store, key)) == {1, 2, 3, 4, 5} - gone
            assert store.bins(key, "vader").total.sum() == 5000 * (5 - len(gone))
            assert sum(store.post_sources(key).values()) == 5 - len(gone)
        assert store.check() == []
