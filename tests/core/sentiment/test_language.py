"""Languages by script and by their commonest words, part by part."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sentiment.foreign import BY_LANGUAGE, ENGLISH, STRONG
from core.sentiment.language import language, parts, readable_part

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = {
    "es": ["Me encanta esta aplicación, es la mejor", "Muy bueno", "La bolsa sube hoy", "TSLA acciones subiendo mucho"],
    "pt": ["Eu adorei o aplicativo", "O mercado está em alta hoje, não vendam"],
    "fr": ["J'adore cette application", "Très bien", "Le marché est en baisse aujourd'hui"],
    "de": ["Ich liebe diese App", "Sehr gut!", "Die Aktie steigt heute nicht"],
    "it": ["Non mi piace", "Questo mercato è molto forte"],
    "nl": ["Het is niet goed", "Ik heb aandelen gekocht"],
    "id": ["Aplikasi ini sangat bagus", "saham naik hari ini", "aku suka"],
    "tl": ["ang ganda naman ng app"],
    "tr": ["Bu uygulama çok güzel", "Hisse bugün yükseliş için iyi"],
    "vi": ["tôi thích ứng dụng này"],
    "pl": ["To nie jest dobre, ale bardzo lubię"],
    "ru": ["Это очень хорошо"],
    "ja": ["これはとても良いですね", "東京株式市場は上昇しました"],
    "ko": ["정말 좋아요"],
    "ar": ["السوق في ارتفاع اليوم"],
    "th": ["หุ้นขึ้นวันนี้"],
}
ENGLISH_POSTS = [
    "Apple beats Q3 estimates",
    "L'Oréal upgrade, Nestlé cut",
    "Tesla y u no moon",
    "buy the dip in el paso",
    "Los Angeles, San Jose and Las Vegas lead",
    "$AAPL calls, die bears die",
    "Beyoncé is on the app lol",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_that_a_sentence_of_another_language_is_told_and_not_read(code: str, text: str) -> None:
    assert language(text) == code
    assert readable_part(text, frozenset({"en", "zh"})) is None


@pytest.mark.parametrize("text", ENGLISH_POSTS)
def test_that_names_and_slang_stay_english(text: str) -> None:
    assert language(text) == "en"
    assert readable_part(text, frozenset({"en"})) == text


@pytest.mark.parametrize(
    ("text", "languages", "left"),
    [
        ("我爱小红书 love this app so much", {"en"}, "love this app so much"),
        ("我爱小红书 love this app so much", {"zh"}, "我爱小红书"),
        ("Это хорошо. Buy the dip now please", {"en", "zh"}, ". Buy the dip now please"),
        ("小红书概念股 RedNote", {"en"}, None),
        (
            "Me gusta mucho. The app is great and I love it. Pero no tengo dinero",
            {"en"},
            ". The app is great and I love it.",
        ),
    ],
)
def test_that_of_a_mixed_post_each_scorer_gets_its_part(text: str, languages: set[str], left: str | None) -> None:
    found = readable_part(text, frozenset(languages))
    assert found is None if left is None else found is not None and found.strip() == left


def test_that_tickers_links_accounts_and_numbers_are_of_no_language() -> None:
    assert language("$AAPL $TSLA @someone https://es.example/hola 12 ² ⅓ 🚀") == ""
    assert language("$AAPL $TSLA 涨停") == "zh"


def test_that_no_word_is_both_strong_and_english() -> None:
    assert STRONG.isdisjoint(ENGLISH)
    assert all(words & STRONG for words in BY_LANGUAGE.values())


@given(
    st.text() | st.lists(st.sampled_from([t for ts in SENTENCES.values() for t in ts] + ENGLISH_POSTS)).map(" ".join)
)
def test_that_parts_are_in_order_and_within_the_text(text: str) -> None:
    found = parts(text)
    assert all(0 <= part.start < part.end <= len(text) and part.words > 0 for part in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert (language(text) == "") == (not found)
    left = readable_part(text, frozenset({"en", "zh"}))
    if left is not None:
        assert all(new in {old, " "} for new, old in zip(left, text, strict=True))
        assert {part.language for part in parts(left)} <= {"en", "zh", "other"} or left == text


WORDS = ("good", "C'est", "qu’il", "'der'", "it''der", "der's", "también", "Das", "ΑΒ", "小红书", "www.der.com", "$DER")
GLUE = (" ", ", ", "\n", "'", "’", "5", " 🚀 ", "ǅ", "×")


@given(st.lists(st.sampled_from(WORDS + GLUE) | st.characters(max_codepoint=0x2BFF), max_size=12).map("".join))
def test_that_a_text_that_is_plainly_english_is_judged_as_its_parts_are(text: str) -> None:
    weights: dict[str, float] = {}
    for part in parts(text):
        weights[part.language] = weights.get(part.language, 0.0) + part.words
    assert language(text) == max(weights, key=lambda code: weights[code], default="")


def test_that_hardly_any_english_tweet_is_taken_for_another_language(shared: Path) -> None:
    with gzip.open(shared / "throughput" / "tweets_97k.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(5000), lines, strict=False)]
    found = [language(text) for text in texts]
    assert found.count("en") > 0.985 * len(found)
