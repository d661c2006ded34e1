from __future__ import annotations

import gzip
import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from core.errors import UsageError
from core.sentiment import get_scorer, language, scorers
from core.sentiment.vader import MAX_SCORED, english_part

if TYPE_CHECKING:
    from pathlib import Path

ANALYZER = SentimentIntensityAnalyzer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is great", "en"),
        ("我爱小红书", "zh"),
        ("TikTok refugee 来了 hello to all my friends", "en"),
        ("TikTok 难民来到小红书大家都非常友善和热情", "zh"),
        ("Это очень хорошо", "ru"),
        ("これはとても良いですね", "ja"),
        ("정말 좋아요", "ko"),
        ("", ""),
        ("!!! 100 😀", ""),
        ("https://example.com/abc @somebody", ""),
        ("ＧＯＯＤ ｄａｙ", "en"),
        ("#tiktok[话题]# hello", "en"),
    ],
)
def test_that_language_is_the_script_of_most_words(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize("text", ["", "   \n", "我非常喜欢", "Это хорошо", "good " * MAX_SCORED])
def test_that_what_vader_cannot_judge_gets_no_score(text: str) -> None:
    scorer = get_scorer("vader")
    assert scorer.score(text) is None
    assert scorer.explain(text) == []


def test_that_scores_are_those_of_vadersentiment_to_the_last_digit(shared: Path) -> None:
    scorer = get_scorer("vader")
    with gzip.open(shared / "stocknet" / "FB.posts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(1500), lines, strict=False):
            text = json.loads(line)["text"]
            found, english = scorer.score(text), english_part(text)
            assert (found is None) == (english is None)
            if found is not None and english is not None:
                expected = ANALYZER.polarity_scores(english)
                assert [found.value, found.pos, found.neu, found.neg] == [
                    expected[k] for k in ("compound", "pos", "neu", "neg")
                ]


_PIECES = st.sampled_from(
    ["good", "GREAT", "not", "bad", "very", "kind", "of", "but", "no", "never", "so", "least", "at", "the", "bomb",
     "😀", "💔", "!!!", "??", ":)", "don't", "hardly", "terrible,", "(love)", "\n", "$AAPL", "without", "doubt",
     "😀great"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map(" ".join))
def test_that_contributions_add_up_to_the_score(text: str) -> None:
    parts = get_scorer("vader").explain(text)
    total = sum(part.value for part in parts)
    expected = ANALYZER.polarity_scores(text)["compound"] if text.strip() else 0.0
    assert total / math.sqrt(total * total + 15) == pytest.approx(expected, abs=6e-5)
    for part in parts:
        assert part.text == text[part.start : part.end]
    assert [part.start for part in parts] == sorted(part.start for part in parts)


def test_that_an_explanation_names_the_rules_at_work() -> None:
    def notes(text: str) -> dict[str, str]:
        return {part.text: part.note for part in get_scorer("vader").explain(text)}

    assert notes("It is not good.") == {"good": "negated"}
    assert notes("It is very good") == {"good": "boosted"}
    assert notes("It is GOOD") == {"GOOD": "capitals"}
    assert notes("so good!!!") == {"good": "boosted", "!!!": "punctuation"}
    assert notes("I 😀 it") == {"😀": "emoji"}
    assert notes("good but bad") == {"good": "before 'but'", "bad": "after 'but'"}


def test_that_an_unknown_scorer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="vader"):
        get_scorer("oracle")
    assert scorers() == ["crowd", "vader"]


@pytest.mark.parametrize("name", ["crowd", "vader"])
@settings(deadline=None, max_examples=50)
@given(st.lists(st.text() | st.sampled_from(["good stock", "今天涨停了", "not bad", "Это хорошо", ""])))
def test_that_many_texts_are_scored_as_each_alone(name: str, texts: list[str]) -> None:
    scorer = get_scorer(name)
    assert scorer.score_many(texts) == [scorer.score(text) for text in texts]
