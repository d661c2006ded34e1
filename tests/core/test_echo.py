"""Copies and near copies: what is compared, and how well a signature tells of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.echo import LEAST_SHINGLES, SAME, plain_text, signatures, similarity

PARTS = st.lists(st.sampled_from([*"abcdefgh 0123", "小", "红", "书", "涨", "RT ", "@who ", "🚀", "!"]), max_size=60)


@pytest.mark.parametrize(
    "copy",
    [
        "RT @trader: Apple's $AAPL beats by 3% in the third quarter https://t.co/abc",
        "apple's $aapl beats by 3% in the THIRD quarter!!",
        "@you Apple’s $AAPL beats, by 3% in the third quarter 🚀",
        "Ａpple's $AAPL beats by 3% in the third quarter http://bit.ly/x",
    ],
)
def test_that_links_names_case_and_punctuation_do_not_make_another_text(copy: str) -> None:
    assert plain_text(copy) == "apple s $aapl beats by 3% in the third quarter"


def test_that_another_number_is_another_text() -> None:
    assert plain_text("up 3%") != plain_text("up 4%")


def test_that_the_mark_of_a_topic_is_no_part_of_a_chinese_text() -> None:
    assert plain_text("小红书概念#小红书[话题]# 今天涨停！") == plain_text("小红书概念 #小红书# 今天涨停")


@given(st.lists(PARTS.map("".join), max_size=6))
def test_that_a_signature_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    assert signatures(texts) == [signatures([t])[0] for t in texts]


@given(PARTS.map("".join))
def test_that_ascii_and_other_text_are_made_plain_alike(text: str) -> None:
    # The same text with a letter that is not ASCII takes the other way.
    assert plain_text(text + " é") == (plain_text(text) + " é").strip()


@given(PARTS.map("".join), PARTS.map("".join))
def test_that_similarity_is_symmetric_and_one_for_equals(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 1.0
    assert 0 <= similarity(one, other) <= 1


def test_that_short_sayings_have_no_signature() -> None:
    assert signatures(["to the moon 🚀", "涨涨涨", ""]) == [bytes(32)] * 3


def shared_share(one: str, other: str) -> float:
    a, b = (np.frombuffer(s, np.uint8) for s in signatures([one, other]))
    return float((a == b).mean())


def test_that_the_share_of_equal_bytes_estimates_the_similarity() -> None:
    random = np.random.default_rng(7)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    errors: list[float] = []
    for _ in range(300):
        base = random.choice(letters, 120)
        other = base.copy()
        cut = int(random.integers(0, 60))
        other[:cut] = random.choice(letters, cut)
        one, two = "".join(base), "".join(other)
        errors.append(shared_share(one, two) - similarity(one, two))
    # A mean of 32 bytes has a standard error of at most 0.09; 1/256 agree by chance.
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < 0.1


def test_that_nearly_all_pairs_above_the_threshold_meet_in_a_band() -> None:
    random = np.random.default_rng(11)
    words = ["".join(random.choice(list("aeioulmnrst"), random.integers(3, 9))) for _ in range(400)]
    met = total = 0
    for _ in range(400):
        base = list(random.choice(words, 20))
        other = [*base]
        other[int(random.integers(0, 20))] = str(random.choice(words))
        one, two = " ".join(base), " ".join(other)
        if similarity(one, two) >= SAME:
            a, b = (np.frombuffer(s, np.uint32) for s in signatures([one, two]))
            total += 1
            met += bool((a == b).any())
    assert total > 250
    assert met / total > 0.97


def test_that_the_least_text_with_a_signature_has_the_stated_shingles() -> None:
    assert signatures(["abcdefghijklmnopqrs"])[0] != bytes(32)  # 19 letters hold 16 shingles
    assert LEAST_SHINGLES == 16
    assert signatures(["abcdefghijklmnopqr"])[0] == bytes(32)
