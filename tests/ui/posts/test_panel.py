from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel

from core.model import Post, Score
from core.sentiment.vader import VADER, VaderScorer
from core.store import StoredPost
from core.timeline import Span
from ui.posts.feed import heading
from ui.posts.jobs import PostPage, PostQuery, PostRow
from ui.posts.model import PostsModel
from ui.posts.panel import PostsPanel
from ui.theme import load_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NASTY = (
    '<img src="file:///etc/passwd" width=999 height=999><b> great day </b>',
    "<script>alert(1)</script> terrible",
    '<a href="file:///etc/passwd">free & good</a>',
    "",
    "\u202etxet " * 40,
    "行情 👨‍👩‍👧 " * 300,
)


def _row(number: int, text: str) -> PostRow:
    post = Post(
        "<b>src</b>", str(number), 1_736_750_000_000 + number, text, author="<i>a</i>", url="https://x.org/?a&b"
    )
    return PostRow(StoredPost(number, post, 0, Score(0.5, 0.5, 0.5, 0.0), VADER), tuple(VaderScorer().explain(text)))


@pytest.fixture
def panel(qtbot: QtBot) -> PostsPanel:
    model = PostsModel()
    made = PostsPanel(model, load_theme("dark"))
    model.setParent(made)
    made.resize(340, 600)
    qtbot.addWidget(made)
    query = PostQuery("A", 0, 1)
    model.start(query)
    rows = tuple(_row(n, text) for n, text in enumerate(NASTY))
    model.take(PostPage(query, 0, rows, len(rows)))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_every_label_is_plain_text(panel: PostsPanel) -> None:
    panel.set_heading("<b>x</b>", "<img src=x>")
    labels = panel.findChildren(QLabel)
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_that_posts_of_any_text_are_painted_within_the_width(panel: PostsPanel, theme: str) -> None:
    panel.set_theme(load_theme(theme))
    panel.view.setCurrentIndex(panel.view.model().index(5, 0))
    assert not panel.grab().isNull()
    heights = [panel.view.sizeHintForRow(n) for n in range(len(NASTY))]
    assert min(heights) > 40
    # An image of 999 pixels was asked for by the first post; it is text of two lines.
    assert heights[0] < 140
    assert panel.view.horizontalScrollBar().maximum() == 0


def test_that_the_tinted_words_are_seen(panel: PostsPanel) -> None:
    theme = load_theme("dark")
    image = panel.view.viewport().grab().toImage()
    area = panel.view.visualRect(panel.view.model().index(0, 0))
    found = {image.pixelColor(x, y).name() for x in range(area.width()) for y in range(40, area.height() - 4)}
    assert theme.positive in found


def test_that_links_are_shown_and_copied_but_never_opened(panel: PostsPanel) -> None:
    menu = panel.menu_for(panel.view.model().row(0))  # pyright: ignore[reportAttributeAccessIssue]
    texts = {a.text(): a for a in menu.actions()}
    assert "https://x.org/?a&&b" in texts
    assert not texts["https://x.org/?a&&b"].isEnabled()
    texts["Copy link"].trigger()
    assert QGuiApplication.clipboard().text() == "https://x.org/?a&b"
    assert not [t for t in texts if "open" in t.casefold()]


def test_that_the_chosen_post_is_copied_as_it_was_written(panel: PostsPanel, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.view.model().index(1, 0))
    qtbot.keySequence(panel.view, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == NASTY[1]
    assert not QGuiApplication.clipboard().mimeData().hasHtml()


def test_that_order_and_search_are_asked_for(panel: PostsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.search_changed) as searched:
        panel._search.setText("猫税")
    assert searched.args == ["猫税"]
    with qtbot.waitSignal(panel.order_changed) as ordered:
        panel._loudest.click()
    assert ordered.args == ["loudest"]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (1_736_751_600_000, 1_736_818_200_000, "13 Jan 15:00 → 14 Jan 09:30"),
        (1_736_818_200_000, 1_736_821_800_000, "14 Jan 09:30 → 10:30"),
        (1_735_628_400_000, 1_735_785_000_000, "31 Dec 2024 15:00 → 2 Jan 2025 10:30"),
        (1_700_000_000_000, 1_736_818_200_000, "2023-11-15 → 2025-01-14"),
    ],
)
def test_that_the_heading_names_the_span_in_the_exchange_s_zone(start: int, end: int, text: str) -> None:
    assert heading(Span(start, end), "Asia/Shanghai") == text
