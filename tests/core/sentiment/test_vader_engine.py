"""Our rules beside vaderSentiment's own: the same four figures for any text, to the last bit."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import sys
from typing import TYPE_CHECKING

import pytest
import vaderSentiment.vaderSentiment as library  # noqa: N813 (the module bears its product's name)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.sentiment.foreign import STRONG
from core.sentiment.language import language
from core.sentiment.vader import MAX_SCORED, VaderScorer, english_part, judge, judge_many, tables
from core.sentiment.vader_engine import Vader, punctuation, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANALYZER = library.SentimentIntensityAnalyzer()
OURS = Vader(tables(), STRONG)
# A longer search of generated texts, and all real text instead of a sample, on request.
WHOLE = bool(os.environ.get("CROWDTAPE_WHOLE_DATA"))
EXAMPLES = int(os.environ.get("CROWDTAPE_VADER_EXAMPLES", "400"))


def assert_same(text: str) -> None:
    expected, found = ANALYZER.polarity_scores(text), OURS.score(text)
    four = tuple(expected[key] for key in ("compound", "pos", "neu", "neg"))
    # repr tells -0.0 from 0.0.
    assert repr((found.value, found.pos, found.neu, found.neg)) == repr(four), ascii(text)
    if english_part(text) == text:
        assert VaderScorer().score(text) == found, ascii(text)
    among_others = judge_many(OURS, ["good, but never so", text, "good"])
    assert repr(among_others[1]) == repr(judge(OURS, text)), ascii(text)


_PHRASES = [*library.SPECIAL_CASES, *library.SENTIMENT_LADEN_IDIOMS, *(b for b in library.BOOSTER_DICT if " " in b)]
_LEXICON = sorted(ANALYZER.lexicon)
_EMOTICONS = [word for word in _LEXICON if not word.isalnum()]
_ROLES = [
    "no",
    "or",
    "nor",
    "never",
    "so",
    "this",
    "without",
    "doubt",
    "least",
    "at",
    "very",
    "but",
    "kind",
    "of",
    "the",
]
_WORD = st.one_of(
    st.sampled_from(_ROLES),
    st.sampled_from(["good", "bad", "great", "love", "hate", "die", "shit", "ass", "heart", "kiss", "stop", "no"]),
    st.sampled_from(_PHRASES),
    st.sampled_from([word for phrase in _PHRASES for word in phrase.split()]),
    st.sampled_from(sorted(library.BOOSTER_DICT)),
    st.sampled_from(library.NEGATE),
    st.sampled_from(["foon't", "n't", "plain", "x", "ok", "$AAPL", "https://t.co/n't", "@who", "#tag", "1.5%"]),
    st.sampled_from(_LEXICON),
    st.sampled_from(_EMOTICONS),
    st.sampled_from(sorted(ANALYZER.emojis)),
    # Letters that become others in small letters: Kelvin's sign, a dotted I, sigma at the end of a word.
    st.sampled_from(
        ["\u212aind", "THAN\u212aS", "\u0130t", "!\u0130a", "ΛΟΓΟΣ", "Straße", "我喜欢", "ＧＯＯＤ", "Þ", ":-Þ"]
    ),
    st.text(max_size=4),
)
_SHAPED = st.tuples(
    st.sampled_from(["", "", "", "", "(", "'", '"', "#", "!", "..", "😀", "💔"]),
    st.tuples(_WORD, st.sampled_from([str, str, str, str.upper, str.title, str.lower, str.swapcase])),
    st.sampled_from(
        ["", "", "", "", ",", ".", "!", "!!!!!!", "?", "??", "???", "????", "...", "'", ")", "😀", "\ufe0f"]
    ),
).map(lambda parts: parts[0] + parts[1][1](parts[1][0]) + parts[2])
_BLANK = st.sampled_from(
    [" "] * 12 + ["", "  ", "\t", "\n", "\r\n", "\x1c", "\x85", "\xa0", "\u2003", "\u200b", "\u3000"]
)
_TEXT = st.lists(st.tuples(_SHAPED, _BLANK), max_size=18).map(lambda parts: "".join(a + b for a, b in parts))
_ANY_CHARACTER = st.characters(exclude_categories=()) | st.characters(categories=("Cc", "Cs", "Zs", "So", "Po", "Lu"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(_TEXT)
@example("")
@example("   \n\t")
@example("never so good, this was no good or bad but good GOOD no no good")
@example("kind of good, just enough of the bomb, yeah right to die for")
@example("good but great good 1.9 but bad good")
@example("🆙 good 🔛")
@example("\ud83d\ude00 good")
@example("at least good, very least good, least good")
def test_that_texts_made_of_the_rules_words_score_alike(text: str) -> None:
    assert_same(text)


# Few words, so that the rules meet each other.
_KNOT = st.sampled_from(
    [*_ROLES, "good", "bad", "GOOD", "VERY", "hardly", "isn't", "NOT", "bus", "stop", "beating", "heart", "to", "die",
     "for", "just", "enough", "sort", "shit", "bomb", "yeah", "right", "kiss", "death", "plain", "Plain"]
)  # fmt: skip


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(st.lists(_KNOT, max_size=9).map(" ".join))
def test_that_entangled_rules_score_alike(text: str) -> None:
    assert_same(text)


def test_that_any_three_words_that_matter_before_a_word_score_alike() -> None:
    for three in itertools.product([*_ROLES, "VERY", "hardly", "isn't", "plain", "bad"], repeat=3):
        assert_same(" ".join(("x", *three, "good")))


def test_that_any_two_phrases_together_score_alike() -> None:
    for two in itertools.product([*_PHRASES, "good", "plain"], repeat=2):
        assert_same(" ".join(("x", *two, "x")))
        assert_same(" ".join(two))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(_ANY_CHARACTER, max_size=60), st.sampled_from(["", " good ", " NOT bad", ":)", " but great"]))
def test_that_any_characters_score_alike(text: str, end: str) -> None:
    assert_same(text + end)


def test_that_every_word_alone_negated_and_after_punctuation_scores_alike() -> None:
    for word in (*_LEXICON, *library.BOOSTER_DICT, *library.NEGATE, *ANALYZER.emojis, *_PHRASES):
        assert_same(f"{word} a not b {word.upper()}! ({word})")


@pytest.mark.parametrize("seed", range(2))
def test_that_a_text_of_a_hundred_thousand_characters_scores_alike(seed: int) -> None:
    # The library's time grows with the square of the number of words of sentiment, so that there are few.
    pick = random.Random(seed)
    words = ["plain" * pick.randint(1, 40) for _ in range(1300)]
    words += pick.choices([*_ROLES, "good", "BAD", "isn't", "hardly", "😀", ":)", "great!"], k=150)
    pick.shuffle(words)
    text = " ".join(words)
    text += "x" * (100_000 - len(text))
    assert len(text) >= 100_000
    assert_same(text)
    assert_same(text + " 好" * 10)


def test_that_one_word_of_a_hundred_thousand_characters_scores_alike() -> None:
    assert_same("good " + "!" * 100_000)
    assert_same("😀" * 300 + "n't good" + " " * 90_000 + "BAD")
    assert_same(("a" * 99_990) + " good")


def test_that_a_million_characters_are_scored_and_explained() -> None:
    text = ("good but bad, not great! " * (MAX_SCORED // 25))[:MAX_SCORED]
    score = VaderScorer().score(text)
    assert score is not None
    assert score.value == -1.0 or score.value == 1.0  # noqa: PLR1714 (floats)
    assert VaderScorer().score(text + "!") is None


@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0, 1.5, 3.0, -1.0, -2.0, -1.5]), max_size=14), st.integers(0, 14)
)
def test_that_valences_around_but_are_weighed_as_in_the_library(values: list[float], before: int) -> None:
    before = min(before, len(values))
    whole = [*values[:before], 0, *values[before:]]
    words = ["x"] * before + ["but"] + ["x"] * (len(values) - before)
    expected = ANALYZER._but_check(words, whole)
    assert weigh(values, before) == expected[:before] + expected[before + 1 :]


@settings(max_examples=EXAMPLES, deadline=None)
@given(_TEXT)
@example("good 🆙")
def test_that_an_explanation_adds_up_to_the_librarys_sum(text: str) -> None:
    parts = VaderScorer().explain(text)
    english = english_part(text)
    if english is None:
        assert parts == []
        return
    total = sum(part.value for part in parts)
    expected = ANALYZER.polarity_scores(english)["compound"]
    assert total / (total * total + 15) ** 0.5 == pytest.approx(expected, abs=6e-5)
    assert all(part.text == text[part.start : part.end] for part in parts)
    assert [part.start for part in parts] == sorted(part.start for part in parts)


def test_that_the_marks_of_an_emojis_name_are_explained() -> None:
    (good, mark) = VaderScorer().explain("good 🆙")
    assert (good.text, mark.note, mark.text) == ("good", "punctuation", "")


_FOREIGN = ["hola", "amigos", "es", "la", "mejor", "nicht", "und", "我爱小红书", "Это", "хорошо", "日本の株", "é", "😀"]
_MIXED = st.lists(
    st.text(_ANY_CHARACTER, max_size=6) | st.sampled_from([*_FOREIGN, "the", "stock", "great"]), max_size=14
)


@settings(max_examples=EXAMPLES)
@given(_MIXED.map(" ".join))
def test_that_what_is_english_in_a_text_is_read_and_nothing_else(text: str) -> None:
    part, found = english_part(text), judge(OURS, text)
    if part is None:
        # Words that stand between signs alone are seen by the closer look only.
        assert found in {None, OURS.score(text)}
    else:
        assert found == OURS.score(part)
        assert all(new in {old, " "} for new, old in zip(part, text, strict=True))


def test_that_no_single_character_is_read_unless_its_language_is() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        readable = not char.isspace() and language(char) in {"en", ""}
        assert (judge(OURS, char) is not None) == readable, ascii(char)


def test_that_the_library_is_what_the_rules_take_for_granted() -> None:
    known = tables()
    assert not known.boosters.keys() & known.lexicon.keys()
    assert not known.negations & known.lexicon.keys()
    assert "but" not in known.lexicon
    names = "".join(known.emojis.values())
    assert not set(names) & OURS.emojis.keys()  # so that spelling out once is enough
    assert punctuation("?!?!!!!!") == 4 * 0.292 + 2 * 0.18


def _texts(folder: Path) -> Iterator[str]:
    for file in sorted((*folder.rglob("*.posts.jsonl.gz"), *folder.glob("throughput/*.gz"))):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
    for name in ("labelled", "rednote-2025", "samples"):
        for file in sorted((folder / name).rglob("*")):
            if file.is_file() and file.suffix in {".tsv", ".csv", ".json", ".jsonl"}:
                yield from file.read_text(encoding="utf-8", errors="replace").split("\n")


def test_that_real_texts_score_alike(shared: Path) -> None:
    texts = sorted({text for text in _texts(shared) if len(text) < 20_000})
    for text in texts if WHOLE else random.Random(4).sample(texts, 6_000):
        assert_same(text)
