"""The user's own layer: small, explained, bound to what it corrects, and honest about what it is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import ScorerId
from core.sentiment import get_scorer
from core.sentiment.batch import score_texts, scorer_of
from core.sentiment.personal import Layer, PersonalScorer, logits, score_of
from core.sentiment.personal_fit import Mark, fit, worth

if TYPE_CHECKING:
    from core.sentiment.personal_fit import Stance

CROWD = get_scorer("crowd")
OTHERS = ["earnings beat, shares up 5%", "the market is closed on Monday", "股价大跌，亏损严重", "利好！涨停", "meh"]
JOKES = [
    "paying the cat tax here", "my chinese spy says hi", "交猫税了", "the refugees are coming to rednote",
    "cat tax paid in full", "猫税在此", "rednote refugees unite", "my spy misses me",
]  # fmt: skip


def value(layer: Layer, text: str) -> float:
    score = PersonalScorer(layer, CROWD).score(text)
    assert score
    return score.value


def base(text: str) -> float:
    score = CROWD.score(text)
    assert score
    return score.value


def test_that_without_marks_nothing_moves() -> None:
    layer = fit([], CROWD)
    for text in OTHERS:
        assert value(layer, text) == pytest.approx(base(text), abs=1e-9)


def test_that_a_mark_moves_its_own_text_towards_it_and_others_hardly() -> None:
    layer = fit([Mark("cat tax paid", "bullish")], CROWD)
    assert value(layer, "cat tax paid") > base("cat tax paid") + 0.03
    assert max(abs(value(layer, text) - base(text)) for text in OTHERS) < 0.03


def test_that_a_layer_learns_what_the_base_cannot_know() -> None:
    words: list[tuple[str, Stance]] = [("zorblax", "bullish"), ("wimblet", "bearish")]
    marks = [Mark(f"{text} {word} {word}!", stance) for word, stance in words for text in JOKES]
    layer = fit(marks, CROWD)
    right = [value(layer, m.text) > 0 for m in marks if m.stance == "bullish"]
    assert sum(right) >= 7
    found = worth(marks, CROWD)
    assert (found.bullish, found.neutral, found.bearish) == (8, 0, 8)
    assert found.accuracy_after.value > found.accuracy_before.value
    assert found.auc_after.low < found.auc_after.value < found.auc_after.high


def test_that_the_gradient_is_zero_at_the_fitted_weights() -> None:
    stances: list[Stance] = ["bullish", "neutral", "bearish"]
    marks = [Mark(t, s) for t, s in zip(JOKES, stances * 2, strict=False)]
    layer = fit(marks, CROWD)

    def loss(shift: float) -> float:
        moved = Layer(layer.base, layer.digest, (layer.bias[0] + shift, layer.bias[1]), layer.weights)
        total = (layer.bias[0] + shift) ** 2 / (2 * 0.15**2)
        for mark in marks:
            score = PersonalScorer(moved, CROWD).score(mark.text)
            assert score
            shares = {"bullish": score.pos, "neutral": score.neu, "bearish": score.neg}
            total -= math.log(shares[mark.stance])
        return total

    assert (loss(1e-4) - loss(-1e-4)) / 2e-4 == pytest.approx(0.0, abs=1e-4)


def test_that_many_marks_of_one_side_do_not_tilt_everything() -> None:
    marks = [Mark(f"{joke} {n}", "bullish") for n in range(9) for joke in JOKES] + [Mark("我的猫", "bearish")]
    layer = fit(marks, CROWD)
    assert max(abs(value(layer, text) - base(text)) for text in OTHERS) < 0.1


def test_that_the_order_of_marks_does_not_matter() -> None:
    marks = [Mark(text, "bullish") for text in JOKES]
    assert fit(marks, CROWD).as_dict() == fit(marks[::-1], CROWD).as_dict()
    assert fit(marks, CROWD).id != fit(marks[1:], CROWD).id


def test_that_the_version_names_the_base_and_the_marks() -> None:
    layer = fit([Mark("up", "bullish")], CROWD)
    assert layer.id.name == "crowd+mine"
    assert layer.id.version.startswith(f"{CROWD.id.version}+")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(OTHERS + JOKES))
def test_that_contributions_sum_to_the_stance(text: str) -> None:
    layer = fit([Mark(t, "bullish") for t in JOKES] + [Mark("涨停板没戏了", "bearish")], CROWD)
    scorer = PersonalScorer(layer, CROWD)
    score = scorer.score(text)
    parts = scorer.explain(text)
    if score is None:
        assert parts == []
        return
    assert sum(part.value for part in parts) == pytest.approx(logits(score)[0], abs=1e-6)
    for part in parts:
        assert part.text == text[part.start : part.end]


@given(st.floats(-7, 7), st.floats(-7, 7))
def test_that_logits_and_shares_are_inverse(stance: float, neutral: float) -> None:
    assert logits(score_of(stance, neutral)) == pytest.approx((stance, neutral), abs=1e-5)


def test_that_a_layer_survives_being_kept() -> None:
    layer = fit([Mark(text, "neutral") for text in JOKES], CROWD)
    again = Layer.of(layer.as_dict())
    assert again.as_dict() == layer.as_dict()
    assert score_texts(again, JOKES) == score_texts(layer, JOKES)
    assert scorer_of(again).id == layer.id != ScorerId("crowd", "1")


def test_that_near_copies_do_not_vouch_for_each_other() -> None:
    rng = np.random.default_rng(1)
    copies = [Mark(f"Buy now! https://x.co/{n} @you{n}", "bearish") for n in range(20)]
    noise = [Mark(" ".join(rng.choice(["cat", "dog", "sun", "tea"], 5)), "bullish") for _ in range(10)]
    assert worth(copies + noise, CROWD).folds <= 11
    alone = worth(copies, CROWD)
    assert alone.folds == 1
    assert alone.accuracy_after.value == alone.accuracy_before.value


def test_that_marks_the_base_cannot_judge_are_left_out() -> None:
    assert worth([Mark("12345", "bullish"), Mark("", "bearish")], CROWD).n == 0
    assert math.isnan(worth([], CROWD).auc_before.value)
