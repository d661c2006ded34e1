from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont

from core.sentiment import Contribution
from ui.posts.text import MOST_LINES, clean, lay_out, utf16_offsets, word_formats
from ui.theme import load_theme

THEME = load_theme("dark")

MARKUP = [
    '<img src="https://example.org/x.png">',
    "<script>alert(1)</script>",
    "<b>bold</b> &amp; <i>more</i>",
    "file:///etc/passwd",
    '<a href="file:///etc/passwd">click</a>',
    "# heading\n**bold** ![x](file:///x.png)",
]


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.usefixtures("qapp")
def test_that_markup_is_laid_out_character_for_character(text: str) -> None:
    layout, _, _ = lay_out(text, [], THEME, QFont(), 300)
    assert layout.text() == text.replace("\n", "\u2028")
    assert not layout.formats()


@given(st.text(max_size=200))
def test_that_cleaning_keeps_every_place(text: str) -> None:
    assert len(clean(text)) == len(text)


def test_that_characters_that_forge_or_steer_are_blank() -> None:
    assert clean("a\u202eb\x00c\x1b[31m\x85\ud800d") == "a b c [31m  d"


@given(st.text(max_size=100))
def test_that_places_are_counted_as_qt_counts_them(text: str) -> None:
    text = clean(text)
    offsets = utf16_offsets(text)
    assert offsets[-1] == len(text.encode("utf-16-le")) // 2


@pytest.mark.usefixtures("qapp")
def test_that_the_words_that_made_the_score_are_tinted_by_their_side() -> None:
    text = "😀 great but sad"
    parts = [Contribution(2, 7, "great", 3.1), Contribution(12, 15, "sad", -2.1), Contribution(15, 15, "!", 0.3)]
    formats = word_formats(text, parts, THEME)
    # The emoji takes two places in UTF-16.
    assert [(f.start, f.length) for f in formats] == [(3, 5), (13, 3)]  # pyright: ignore[reportAttributeAccessIssue]
    tints = [f.format.foreground().color().name() for f in formats]  # pyright: ignore[reportAttributeAccessIssue]
    assert tints == [THEME.positive, THEME.negative]


@pytest.mark.usefixtures("qapp")
def test_that_a_long_post_is_cut_until_it_is_chosen() -> None:
    text = "word " * 700
    short, height, cut = lay_out(text, [], THEME, QFont(), 300)
    assert cut
    whole, more, uncut = lay_out(text, [], THEME, QFont(), 300, 10_000)
    assert not uncut
    assert more > height
    assert whole.lineCount() > MOST_LINES
    del short
