from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.sentiment.crowd import CrowdScorer
from core.sentiment.crowd_model import read_model
from core.sentiment.features import items
from core.sentiment.fit.__main__ import main
from core.sentiment.fit.check import area, calibrate, figure, reliability
from core.sentiment.fit.data import SETS, Labelled, folds, near_duplicates, read_sets
from core.sentiment.fit.prior import read_prior
from core.sentiment.fit.train import build, fit, minimise

if TYPE_CHECKING:
    from pathlib import Path

UP = ["wugs", "glimmers", "zorp"]
DOWN = ["frabs", "mopes", "quell"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make two tiny sets in which invented words decide, and one that must never be fitted on."""
    random = np.random.default_rng(7)

    def rows(count: int, labels: dict[str, list[str]], filler: list[str]) -> list[str]:
        made = ["label\ttext"]
        for i in range(count):
            label = list(labels)[i % len(labels)]
            words = [*random.choice(filler, 4), random.choice(labels[label]), *random.choice(filler, 3)]
            made.append(f"{label}\t{' '.join(words)}")
        return made

    filler = [f"w{a}{b}" for a in "abcdef" for b in "ghijkl"]
    ternary = {"bullish": UP, "neutral": ["plain", "stone"], "bearish": DOWN}
    sets = {
        "pyfin_tweets": rows(240, ternary, filler),
        "zh_guba_stock_comments_segmented": rows(
            160, {"positive": ["哗涨"], "negative": ["哗跌"]}, list("甲乙丙丁戊己")
        ),
        "financial_phrasebank_50agree": rows(60, {"positive": ["checkword"], "negative": ["othercheck"]}, filler),
    }
    for name, lines in sets.items():
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_that_the_same_data_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "m.model", tmp_path / "two" / "m.model"
    assert main([str(folder), "--out", str(one)]) == 0
    assert main([str(folder), "--out", str(two)]) == 0
    assert one.read_bytes() == two.read_bytes()
    assert one.with_suffix(".md").read_bytes() == two.with_suffix(".md").read_bytes()


def test_that_the_words_that_decide_are_learnt_and_those_for_checking_are_not(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.model"
    assert main([str(folder), "--out", str(out), "--no-check"]) == 0
    model = read_model(out)
    weights = model.weights_of([*UP, *DOWN, "plain", "checkword"])
    assert all(weights[word].real > 0 for word in UP)
    assert all(weights[word].real < 0 for word in DOWN)
    assert weights["plain"].imag > 0
    assert "checkword" not in weights
    score = CrowdScorer(model).score("wgh zorp wai")
    assert score is not None
    assert score.value > 0


def test_that_the_card_names_every_set_and_what_is_for_checking_only(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.model"
    assert main([str(folder), "--out", str(out), "--folds", "2"]) == 0
    card = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "| 240 | 80 | 80 | 80 | 6 | fit |" in card
    assert "never fitted on" in card
    assert "check only" in card
    assert "| `pyfin_tweets` | rows |" in card
    assert "| `pyfin_tweets` | set |" in card
    assert "| `financial_phrasebank_50agree` | rows |" not in card


def test_that_a_folder_without_sets_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "There is no labelled set in" in capsys.readouterr().err


def test_that_a_line_without_a_tab_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyfin_tweets.tsv").write_text("label\ttext\nbullish buy\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"pyfin_tweets\.tsv, line 2"):
        read_sets(tmp_path)


def test_that_texts_which_differ_in_names_numbers_and_links_are_near_duplicates() -> None:
    texts = [
        "$AMD call, underlying 123.06, volume 1,662 https://t.co/a",
        "Ruling on the merger expected today, watch the tape",
        "$TSLA call, underlying 645.07, volume 659 https://t.co/b",
        "RT @someone: Ruling on the merger expected today, watch the tape closely",
        "an entirely different thing",
        "",
        "🚀",
        "🚀🚀",
    ]
    assert near_duplicates(texts).tolist() == [0, 1, 0, 1, 4, 5, 6, 7]


@given(st.lists(st.text(max_size=40), max_size=30))
def test_that_equal_texts_share_a_group_and_a_group_is_named_by_its_first(texts: list[str]) -> None:
    group = near_duplicates(texts)
    assert all(group[i] <= i and group[group[i]] == group[i] for i in range(len(texts)))
    assert all(group[i] == group[j] for i in range(len(texts)) for j in range(i) if texts[i] == texts[j])


def test_that_no_group_straddles_the_folds() -> None:
    texts = [f"{word} number {i} of the series goes up" for i in range(20) for word in ("buy", "sell")]
    data = labelled(texts, [0] * 40)
    fold_of = folds(data, 5)
    assert all(len(set(fold_of[data.group == group])) == 1 for group in set(data.group.tolist()))


def labelled(texts: list[str], labels: list[int]) -> Labelled:
    zeros = np.zeros(len(texts), dtype=np.int64)
    return Labelled([SETS[0]], texts, np.array(labels), zeros, near_duplicates(texts))


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=1, max_size=30))
def test_that_the_area_is_the_share_of_pairs_in_order(rows: list[tuple[bool, int]]) -> None:
    ups = [score for positive, score in rows if positive]
    downs = [score for positive, score in rows if not positive]
    found = area(np.array([positive for positive, _ in rows]), np.array([float(score) for _, score in rows]))
    if not ups or not downs:
        assert np.isnan(found)
    else:
        wins = sum((up > down) + (up == down) / 2 for up in ups for down in downs)
        assert found == pytest.approx(wins / (len(ups) * len(downs)))


def test_that_an_interval_holds_its_value_and_is_the_same_again() -> None:
    values = np.random.default_rng(1).normal(size=200)
    one = figure(lambda rows: float(values[rows].mean()), 200)
    assert one.low < one.value < one.high
    assert one == figure(lambda rows: float(values[rows].mean()), 200)


def test_that_the_minimum_of_a_bowl_is_found() -> None:
    scale = np.array([1.0, 10.0, 100.0])
    target = np.array([3.0, -2.0, 0.5])
    found = minimise(lambda p: (float(np.sum(scale * (p - target) ** 2)), 2 * scale * (p - target)), np.zeros(3), 200)
    assert found == pytest.approx(target, abs=1e-3)


def test_that_the_fit_ends_where_the_loss_is_flat(folder: Path) -> None:
    data = read_sets(folder)
    matrix = build(data, read_prior())
    everything = data.having([known.fitted for known in data.sets])
    one, two = fit(matrix, data, everything), fit(matrix, data, everything)
    assert np.array_equal(one.weights, two.weights)


def test_that_calibration_makes_doubled_sums_half_as_bold() -> None:
    random = np.random.default_rng(3)
    stance = random.normal(size=4000)
    labels = np.where(random.random(4000) < 1 / (1 + np.exp(-stance)), 0, 2)
    data = Labelled([SETS[1]], [""] * 4000, labels, np.zeros(4000, dtype=np.int64), np.arange(4000))
    everything = np.ones(4000, dtype=np.bool_)
    plain = calibrate(data, stance.astype(np.complex128), everything)
    doubled = calibrate(data, (2 * stance).astype(np.complex128), everything)
    assert plain.stance == pytest.approx(1, abs=0.15)
    assert doubled.stance == pytest.approx(plain.stance / 2, rel=0.02)


def test_that_reliability_bins_hold_equal_counts_in_order_of_chance() -> None:
    chance = np.linspace(0, 1, 100)
    curve = reliability(chance > 0.5, chance)
    assert [count for _, _, count in curve] == [10] * 10
    assert [said for said, _, _ in curve] == sorted(said for said, _, _ in curve)


def test_that_negated_words_of_the_prior_point_the_other_way() -> None:
    prior = read_prior()
    assert prior["en"]["bullish"] > 0 > prior["negated-en"]["¬bullish"]
    assert prior["zh-market"]["涨"] > 0 > prior["negated-zh"]["¬开心"]
    assert prior["vader"]["good"] > 0
    assert "to buy" in prior["en"]
    assert "negated-neutral" not in prior
    assert "negated-zh-market" not in prior


def test_that_every_word_of_the_prior_is_one_that_the_model_can_meet() -> None:
    own = [words for name, words in read_prior().items() if name.startswith(("en", "zh", "neutral"))]
    words = {word for group in own for word in group if word[0] != "#"}  # which stands for any number
    assert [word for word in words if word not in items(word)[0]] == []
