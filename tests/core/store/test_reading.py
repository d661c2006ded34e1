"""Posts out: order, range, pages, search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Post
from core.store import NewPost, Store

if TYPE_CHECKING:
    from pathlib import Path


def fill(store: Store, *posts: Post) -> None:
    store.add_posts([NewPost(p, stated=frozenset({"GE"})) for p in posts])


def ids(store: Store, **how: object) -> list[str]:
    return [s.post.id for s in store.posts("GE", **how)]  # type: ignore[arg-type]


def test_that_the_range_is_open_at_its_start_and_closed_at_its_end(store: Store) -> None:
    fill(store, *(Post("x", str(t), t) for t in (10, 20, 30)))
    assert ids(store, start_ms=10, end_ms=30) == ["30", "20"]
    assert store.count_posts("GE", 10, 30) == 2
    assert ids(store) == ["30", "20", "10"]


def test_that_loudest_go_by_likes_comments_and_shares_and_then_by_views(store: Store) -> None:
    fill(
        store,
        Post("x", "quiet", 5),
        Post("x", "seen", 1, likes=3, views=9),
        Post("x", "loud", 2, likes=1, comments=2, shares=3),
        Post("x", "unseen", 3, likes=3),
    )
    assert ids(store, order="loudest") == ["loud", "seen", "unseen", "quiet"]
    fill(store, Post("x", "quiet", 5, likes=50))
    assert ids(store, order="loudest")[0] == "quiet"


def test_that_pages_follow_each_other_without_gap_or_overlap(store: Store) -> None:
    fill(store, *(Post("x", str(n), n % 3, likes=n % 4) for n in range(25)))
    for order in ("newest", "loudest"):
        pages = [ids(store, order=order, limit=10, offset=k) for k in (0, 10, 20)]
        assert [len(p) for p in pages] == [10, 10, 5]
        assert [n for p in pages for n in p] == ids(store, order=order)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("refugee", ["tag"]),
        ("REFUGEE tiktok", ["tag"]),
        ("refugee pear", []),
        ("小红书", ["zh"]),
        ("涨停", ["zh"]),
        ("涨", ["zh"]),
        ("概念 涨停", ["zh"]),
        ("ａａｐｌ", ["wide", "plain"]),
        ("aapl", ["wide", "plain"]),
        ("up", ["plain"]),
        ("%", ["percent"]),
        ("_", []),
        ('"quo', ["percent"]),
        ("a*", ["wide", "plain"]),
        ("  ", ["percent", "wide", "plain", "zh", "tag"]),
    ],
)
def test_that_a_search_finds_every_text_that_holds_all_its_words(store: Store, search: str, found: list[str]) -> None:
    fill(
        store,
        Post("x", "tag", 1, "#TikTokRefugee here"),
        Post("x", "zh", 2, "小红书概念爆发，涨停！"),
        Post("x", "plain", 3, "$AAPL goes UP"),
        Post("x", "wide", 4, "＄ＡＡＰＬ"),
        Post("x", "percent", 5, 'gain 5% "quoted"'),
    )
    assert ids(store, search=search) == found
    assert store.count_posts("GE", search=search) == len(found)


def test_that_a_search_stays_within_its_subject_and_range(store: Store) -> None:
    fill(store, Post("x", "1", 1, "apple"), Post("x", "2", 2, "apple"))
    store.add_posts([NewPost(Post("x", "3", 3, "apple"), stated=frozenset({"AAPL"}))])
    assert ids(store, search="apple", start_ms=1) == ["2"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("abAＢ涨停é %_\"'\\", max_size=12), min_size=1, max_size=6),
    st.text("abAＢ涨停é%_\"'\\", min_size=1, max_size=5),
)
def test_that_search_equals_looking_through_every_text(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], word: str
) -> None:
    path: Path = tmp_path_factory.mktemp("search") / "s.sqlite"
    with Store.open(path) as store:
        fill(store, *(Post("x", str(n), n, text) for n, text in enumerate(texts)))
        assert {*ids(store, search=word)} == {str(n) for n, text in enumerate(texts) if holds(text, word)}


def holds(text: str, term: str) -> bool:
    """Whether a word of `text` begins with `term`; its words side by side where it has several."""
    from core.linking import fold  # noqa: PLC0415 - the definition of sameness is the thing under test

    wanted, words = (re.findall(r"[涨停]|[^\W_涨停]+", fold(part)) for part in (term, text))
    if not wanted:
        return fold(term) in fold(text)
    *whole, begun = wanted
    places = range(len(words) - len(whole))
    return any(words[k : k + len(whole)] == whole and words[k + len(whole)].startswith(begun) for k in places)


def test_that_the_newest_arrival_and_the_sources_are_known(store: Store) -> None:
    fill(store)
    store.add_posts([NewPost(Post("x", "1", 5), stated=frozenset({"GE"}), collected=900)])
    store.add_posts([NewPost(Post("y", "1", 5), stated=frozenset({"GE"}), collected=700)])
    store.add_posts([NewPost(Post("y", "2", 5), stated=frozenset({"GE"}), collected=800)])
    assert store.last_collected("GE") == 900
    assert list(store.post_sources("GE").items()) == [("y", 2), ("x", 1)]
    assert store.scorers() == []
