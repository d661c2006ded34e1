from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from core.model import Post
from core.store import StoredPost
from ui.posts.jobs import PostPage, PostQuery, PostRow
from ui.posts.model import PostsModel, engagement

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

QUERY = PostQuery("AAPL", 0, 1000)


def _page(query: PostQuery, offset: int, count: int, total: int) -> PostPage:
    rows = [PostRow(StoredPost(n, Post("x", str(n), n, f"post {n}"), n)) for n in range(offset, offset + count)]
    return PostPage(query, offset, tuple(rows), total)


@pytest.fixture
def model(qtbot: QtBot) -> PostsModel:
    del qtbot
    return PostsModel()


def test_that_a_lower_bound_is_shown_as_one() -> None:
    post = Post("x", "1", 1, "hello", likes=1000, comments=1, views=20_000, at_least=frozenset({"likes", "views"}))
    assert engagement(PostRow(StoredPost(1, post, 1))) == ["1,000+ likes", "1 comment", "20 K+ views"]


def test_that_the_model_is_sound_while_pages_come(model: PostsModel) -> None:
    # The tester itself asks for the next page whenever there is one.
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.page_wanted.connect(
        lambda query, offset: model.take(_page(query, offset, 3, 8)), Qt.ConnectionType.QueuedConnection
    )
    model.start(QUERY)
    for offset in (0, 3, 6):
        model.take(_page(QUERY, offset, min(3, 8 - offset), 8))
    model.start(None)
    assert model.rowCount() == 0


def test_that_pages_come_as_they_are_asked_for(model: PostsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.page_wanted) as asked:
        model.start(QUERY)
    assert asked.args == [QUERY, 0]
    model.take(_page(QUERY, 0, 3, 5))
    assert model.rowCount() == 3
    assert model.canFetchMore(QModelIndex())
    with qtbot.waitSignal(model.page_wanted) as more:
        model.fetchMore(QModelIndex())
    assert more.args == [QUERY, 3]
    assert not model.canFetchMore(QModelIndex())
    model.take(_page(QUERY, 3, 2, 5))
    assert [model.data(model.index(n)) for n in range(5)] == [f"post {n}" for n in range(5)]
    assert not model.canFetchMore(QModelIndex())


def test_that_a_page_of_an_older_query_is_dropped(model: PostsModel) -> None:
    model.start(QUERY)
    newer = PostQuery("AAPL", 0, 2000)
    model.start(newer)
    model.take(_page(QUERY, 0, 3, 3))
    assert model.rowCount() == 0
    model.take(_page(newer, 0, 1, 1))
    assert model.rowCount() == 1


def test_that_what_is_shown_stays_until_the_next_page_comes(model: PostsModel) -> None:
    model.start(QUERY)
    model.take(_page(QUERY, 0, 3, 3))
    model.start(PostQuery("AAPL", 0, 2000))
    assert model.rowCount() == 3


def test_that_a_page_that_fails_ends_the_list(model: PostsModel) -> None:
    model.start(QUERY)
    model.take(_page(QUERY, 0, 3, 9))
    model.fetchMore(QModelIndex())
    model.fail()
    assert not model.canFetchMore(QModelIndex())


def test_that_fewer_posts_than_were_counted_do_not_ask_for_ever(model: PostsModel) -> None:
    model.start(QUERY)
    model.take(_page(QUERY, 0, 3, 9))
    model.fetchMore(QModelIndex())
    model.take(_page(QUERY, 3, 0, 9))
    assert not model.canFetchMore(QModelIndex())


def test_that_a_post_without_score_says_so(model: PostsModel) -> None:
    model.start(QUERY)
    model.take(_page(QUERY, 0, 1, 1))
    assert "not scored" in model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
