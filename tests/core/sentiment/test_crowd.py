from __future__ import annotations

import math
import subprocess
import sys
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.resources import resource_path
from core.sentiment.crowd import ARTEFACT, CROWD, CrowdScorer, judge
from core.sentiment.crowd_chunks import BREAK, END, HAN, flags_of
from core.sentiment.crowd_model import Calibration, Model, Shape, packed, read_model, unpacked, write_model
from core.sentiment.features import (
    TOKEN,
    Kind,
    counts,
    features,
    fold,
    is_market,
    item_features,
    items,
    parts,
    read_token,
)
from core.sentiment.hashing import hashes
from core.sentiment.language import language
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "I am not bullish on $TSLA, sold everything!! 📉 https://t.co/x",
    "No no no. not good, never buying 5,000 shares at $12.50 (-3%) :(",
    "今天涨停了 ， 主力 拉升 85% 加仓 +10%，別賣 buy buy buy",
    "［心］ ＧＯＯＤ ｄａｙ [哈哈] 猫税🐱 don't",
    "净利 增 3.5% 20 30 跌",
    "非常好，特 别 涨 不 断，没 有 5% 的人会卖，别人不买，无量涨停 未来不会跌 no 不 not 跌",
    "½ cup, ² squared, İstanbul ﬁne ß ŉ",
]
PIECES = [
    *"aB不没非常特别不涨跌停停!?.，。 \n$#%+-5€🚀📉\u200d\ufe0f",
    *(
        " not ",
        " buy ",
        " $AAPL",
        "+20%",
        "don't",
        "@you ",
        "http://x.y ",
        "[心]",
        "&amp;",
        "\ud800",
        "\x00",
        "ﷺ",
        "漲",
    ),
]
texts = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)


@pytest.fixture(scope="module")
def scorer() -> CrowdScorer:
    return CrowdScorer()


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(resource_path(ARTEFACT))


def stance_logit(model: Model, text: str) -> float:
    return float(judge(model, [text]).stance[0])


def test_that_the_scorer_names_itself_and_its_version(scorer: CrowdScorer) -> None:
    assert scorer.id == CROWD
    assert str(scorer.id) == "crowd 1.3"


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "!!! 100", "$AAPL", "https://a.example @b", "Это хорошо", "これはとても良いですね", "정말 좋아요",
     "Esto es muy bueno para todos", "Ich liebe diese App und kaufe mehr", "c'est très bien pour nous"],
)  # fmt: skip
def test_that_texts_without_words_and_other_languages_get_no_score(scorer: CrowdScorer, text: str) -> None:
    assert scorer.score(text) is None
    assert scorer.explain(text) == []


@settings(deadline=None)
@given(texts)
def test_that_any_text_gets_probabilities_or_no_score(text: str) -> None:
    scorer = CrowdScorer()
    score = scorer.score(text)
    if score is None:
        assert scorer.explain(text) == []
    else:
        assert -1 <= score.value <= 1
        assert min(score.pos, score.neu, score.neg) >= 0
        assert score.pos + score.neu + score.neg == pytest.approx(1)
        assert score.value == pytest.approx(score.pos - score.neg)


@settings(deadline=None)
@given(texts)
def test_that_the_contributions_sum_to_the_stance_logit(text: str) -> None:
    model = read_once()
    found = CrowdScorer(model).explain(text)
    if found:
        assert sum(part.value for part in found) == pytest.approx(stance_logit(model, text), abs=1e-6)
    assert all(part.text == text[part.start : part.end] for part in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def read_once(kept: list[Model] = []) -> Model:  # noqa: B006 (hypothesis cannot use a fixture of the function's scope)
    if not kept:
        kept.append(read_model(resource_path(ARTEFACT)))
    return kept[0]


@pytest.mark.parametrize("text", TEXTS)
def test_that_the_fast_path_sees_what_the_explanation_sees(model: Model, text: str) -> None:
    found = CrowdScorer(model).explain(text)
    assert sum(part.value for part in found) == pytest.approx(stance_logit(model, text), abs=1e-9)


def test_that_a_score_can_be_taken_apart_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "tiny.model"
    weights = {"buy": 1 + 0.5j, "~some": -0.25 + 0j, "¬buy": -2 + 0j, "涨": 0.5 + 0j, "涨停": 1 + 0j, "¬涨": -2 + 0j}
    shape = Shape(Calibration(2.0, 1.0, -1.0), Calibration(3.0, 1.0, -1.0), 0.0, 0.0, 1.0)
    write_model(path, shape, weights, {("buy", "buy"): 0.5 + 0j})
    model = read_model(path)
    assert stance_logit(model, "buy buy") == pytest.approx(2 * (1 + 1 + 0.5) / math.sqrt(4), abs=0.03)
    assert stance_logit(model, "never buy") == pytest.approx(2 * -2 / math.sqrt(4), abs=0.03)
    assert stance_logit(model, "something") == pytest.approx(2 * -0.25 / math.sqrt(2), abs=0.03)
    assert stance_logit(model, "涨 停") == pytest.approx(3 * 1.5 / math.sqrt(6), abs=0.03)
    assert stance_logit(model, "不涨") == pytest.approx(3 * -2 / math.sqrt(6), abs=0.03)
    assert [(part.text, part.value) for part in CrowdScorer(model).explain("涨停")] == [
        ("涨停", pytest.approx(3 * 1.5 / math.sqrt(6), abs=0.03))
    ]


def test_that_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.model"
    path.write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"other\.model is no crowd model"):
        read_model(path)


@pytest.mark.parametrize(
    ("text", "part", "note"),
    [
        ("I am not happy", "happy", "negated"),
        ("$TSLA is great", "$TSLA", "cashtag"),
        ("to the moon 🚀", "🚀", "emoji"),
        ("it is up +20% today", "+20%", "number"),
        ("great!!!", "!!!", "punctuation"),
        ("今天 不看好", "不看好", "negated"),
    ],
)
def test_that_an_explanation_says_what_was_at_work(scorer: CrowdScorer, text: str, part: str, note: str) -> None:
    assert any(found.note == note and found.text in part for found in scorer.explain(text))


@pytest.mark.parametrize(
    ("traditional", "simplified"), [("漲停", "涨停"), ("賠錢賣出", "赔钱卖出"), ("利空，會跌", "利空，会跌")]
)
def test_that_traditional_and_simplified_score_alike(scorer: CrowdScorer, traditional: str, simplified: str) -> None:
    assert scorer.score(traditional) == scorer.score(simplified)


@pytest.mark.parametrize(("text", "sign"), [("🚀🚀🚀", 1), ("$TSLA 🚀", 1), ("📉📉", -1), ("[怒]", -1)])
def test_that_emoji_alone_are_judged(scorer: CrowdScorer, text: str, sign: int) -> None:
    score = scorer.score(text)
    assert score is not None
    assert score.value * sign > 0.2
    assert {part.note for part in scorer.explain(text)} <= {"emoji", "cashtag", "length"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Great stock, buying more. Это очень плохо", "Great stock, buying more."),
        ("今天涨停了。 とても悪いです。", "今天涨停了。"),
        ("I love this app. Hola, la bolsa es muy mala para todos", "I love this app."),
    ],
)
def test_that_only_the_parts_in_known_languages_count(scorer: CrowdScorer, text: str, part: str) -> None:
    whole, own = scorer.score(text), scorer.score(part)
    assert whole is not None
    assert own is not None
    assert whole.value == pytest.approx(own.value, abs=0.05)
    assert all(found.start <= len(part) for found in scorer.explain(text) if found.text)


@pytest.mark.parametrize("name", ["小红书", "RedNote", "TikTok", "特斯拉", "Tesla", "抖音"])
def test_that_the_name_of_what_is_talked_about_is_no_news(scorer: CrowdScorer, name: str) -> None:
    assert all(not part.text for part in scorer.explain(name))
    for text in ("{} 今天", "this is {}"):
        with_name, without = scorer.score(text.format(name)), scorer.score(text.format(""))
        assert with_name is not None
        assert with_name == without


def test_that_blanks_inside_chinese_do_not_count(scorer: CrowdScorer) -> None:
    assert scorer.score("大 托单 还 狂跌") == scorer.score("大托单还狂跌")


def test_that_a_ticker_is_a_cashtag_whatever_its_name(scorer: CrowdScorer) -> None:
    assert scorer.score("buying $AAPL here") == scorer.score("buying $ZZZQ here")


@settings(deadline=None)
@given(texts)
def test_that_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert [part.start for part in parts(text)] == sorted(part.start for part in parts(text))


@settings(deadline=None)
@given(texts)
def test_that_a_character_folds_alike_in_any_company(text: str) -> None:
    found = fold(text)
    if "\ue000" not in found:
        assert found == "".join(map(fold, text))


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ("+20%", "#+%"),
        ("-3%", "#-%"),
        ("$1,234.50", "#$"),
        ("155c", "#c"),
        ("2019", "#year"),
        ("10k", "#m"),
        ("$btc.x", "$t"),
        ("sooooo", "soo"),
        ("!!!!", "!!"),
        ("!?!", "!?"),
        ("@someone", "@"),
    ],
)
def test_that_tokens_are_read_by_what_they_stand_for(token: str, key: str) -> None:
    assert TOKEN.findall(token) == [token]
    assert read_token(token).key == key


@pytest.mark.parametrize(
    ("text", "read", "instead_of"),
    [
        ("not so good", "¬good", "good"),
        ("not so. good", "good", "¬good"),
        ("not as far from good", "good", "¬good"),
        ("不看好", "¬看好", "看好"),
        ("不 会 跌", "¬跌", "跌"),
        ("没有人会跌", "跌", "¬跌"),
        ("非 常好", "好", "¬好"),
        ("特别好", "好", "¬好"),
        ("特 别好", "好", "¬好"),
        ("别好", "¬好", "好"),
        ("不，跌", "跌", "¬跌"),
        ("跌不", "跌", "¬跌"),
        ("不是没有跌", "¬跌", "跌"),
        ("not 涨", "涨", "¬涨"),
    ],
)
def test_that_a_word_is_another_one_within_reach_of_a_negation(text: str, read: str, instead_of: str) -> None:
    found = features(text)[0]
    assert read in found
    assert instead_of not in found


def test_that_a_number_inside_chinese_is_a_character_without_its_size() -> None:
    assert "增%" in features("净利增85%")[0]
    assert features("净利增85%") == features("净利增3.1%")


def test_that_characters_fold_alike_in_ascii_and_in_other_texts() -> None:
    ascii_text = "".join(map(chr, range(32, 127)))
    assert fold(ascii_text + "涨") == fold(ascii_text) + "涨"
    assert fold("ＢＵＹ 𝐁𝐔𝐘") == "buy buy"
    assert unicodedata.is_normalized("NFKC", fold("ＢＵＹ"))


@pytest.mark.parametrize("text", ["What a lovely sunny day, I am so happy!", "He is VERY rude, but kind :)"])
def test_that_vader_has_a_say_in_general_english_and_the_explanation_shows_it(model: Model, text: str) -> None:
    deaf = Model(model.shape._replace(vader=0.0), model.table)
    compound = VaderScorer().score(text)
    assert compound is not None
    said = model.shape.latin.stance * model.shape.vader * compound.value
    assert stance_logit(model, text) - stance_logit(deaf, text) == pytest.approx(said, abs=1e-9)
    assert sum(part.value for part in CrowdScorer(model).explain(text)) == pytest.approx(stance_logit(model, text))


@pytest.mark.parametrize(
    "text", ["$TSLA what a lovely day", "the stock is a joy", "happy with +5%", "今天真是个好日子 so happy"]
)
def test_that_vader_has_none_where_markets_or_chinese_are_spoken(model: Model, text: str) -> None:
    deaf = Model(model.shape._replace(vader=0.0), model.table)
    assert stance_logit(model, text) == stance_logit(deaf, text)


@settings(deadline=None)
@given(texts)
def test_that_what_is_read_is_the_text_with_blanks_for_other_languages(text: str) -> None:
    (part,) = judge(read_once(), [text]).parts
    if part is not None:
        assert all(new in {old, " "} for new, old in zip(part, text, strict=True))
    if language(text) in {"en", "zh"}:
        assert part is not None


def test_that_an_explanation_in_chinese_names_words(scorer: CrowdScorer) -> None:
    assert {"涨停", "拉升", "加仓"} <= {part.text for part in scorer.explain("今天涨停了，主力拉升，加仓")}


@settings(deadline=None)
@given(st.lists(texts), st.integers(1, 3))
def test_that_a_text_gets_the_same_logits_in_any_company(batch: list[str], copies: int) -> None:
    model = read_once()
    together = judge(model, batch * copies) if batch else None
    for i, text in enumerate(batch):
        alone = judge(model, [text])
        assert together is not None
        assert together.parts[i] == alone.parts[0]
        assert together.stance[i] == alone.stance[0]
        assert together.neutral[i] == alone.neutral[0]


@settings(deadline=None)
@given(texts)
def test_that_the_neutral_sum_is_that_of_the_features(text: str) -> None:
    model = read_once()
    (part,) = judge(model, [text]).parts
    every, length = items(part or "")
    known = model.weights_of(feature for item in every for feature in item_features(item))
    total = sum(known.get(feature, 0j).imag for item in every for feature in item_features(item))
    found = judge(model, [text]).neutral[0]
    if part is not None:
        latin, han = counts(parts(part))
        of_markets = any(is_market(p.key) for p in parts(part) if p.kind < Kind.HAN)
        calibration = model.shape.calibration(chinese=han > latin)
        counted = calibration.neutral * (1 if of_markets or han > latin else model.shape.general)
        expected = counted * model.scale(length) * total + calibration.constant
        assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "chunk",
    ["buy", "buy,", "#buy", "#buy.", "$buy", "$buy.", "@buy", "@buy:", "@b-1_", "@", "$", "#", "#$", "http://",
     "(buy", "(buy).", "'buy'", '"buy,"', "buy...", "buy:)", "buy;)", "buy):", "(", "()", "('", "(:", ".)", ":)",
     "(@buy:", "(@", "($buy),", "##buy", "#$buy", "$#buy", "#@buy", "''", "buy'", "@buy'", "$buy.,",
     "https://buy.it", "www.buy.it", "don't", "10%", "buy!", "soooo", "not", "tesla", "tesla:", ".", "a.b", "#a.b",
     "$a.b", "@a.b", "买", "买buy"],
)  # fmt: skip
def test_that_a_chunk_is_read_as_its_tokens_are(model: Model, chunk: str) -> None:
    rows = model.reader.read([chunk]).rows
    found = [row for row in zip(rows.flags.tolist(), rows.codes.tolist(), rows.hashes.tolist(), strict=True) if row[0]]
    expected: list[tuple[int, int, int]] = []
    for read in map(read_token, TOKEN.findall(chunk)):
        if read.kind == Kind.HAN:
            expected += [(HAN, ord(char), 0) for char in read.key]
        elif read.kind != Kind.SKIP:
            expected.append((flags_of(read), 0, int(hashes([read.key])[0])))
    # A clause ends once.
    once = [row for row, before in zip(expected, [None, *expected], strict=False) if row[0] != BREAK or row != before]
    assert found == [*once, (END, 0, 0)]


def test_that_what_is_remembered_stays_small_and_moves_no_score(model: Model) -> None:
    scorer = CrowdScorer(Model(model.shape, model.table))
    text = "hello @first http://one.example (buy) 12%"
    before = scorer.score(text)
    for n in range(40):
        scorer.score_many([f"({n}.{k}) [{k}-{n}] «word{n}x{k}»" for k in range(1000)])
    assert scorer.score(text) == before


def test_that_weights_of_eight_bits_are_fine_near_zero_and_keep_their_order() -> None:
    weights = np.linspace(-4, 4, 2001)
    found = unpacked(packed(weights, 4.0), 4.0)
    assert np.all(np.diff(found) >= 0)
    assert np.max(np.abs(found - weights)) < 0.04
    assert np.max(np.abs(found - weights)[np.abs(weights) < 0.1]) < 0.006


def test_that_the_artefact_is_small_and_its_card_lies_beside_it() -> None:
    path = resource_path(ARTEFACT)
    assert path.stat().st_size <= 3_000_000
    card = path.with_suffix(".md").read_text(encoding="utf-8")
    assert "financial_phrasebank_50agree" in card
    assert str(CROWD) in card


def test_that_scoring_needs_neither_the_fit_nor_scikit_learn() -> None:
    code = (
        "import sys; from core.sentiment.crowd import CrowdScorer; CrowdScorer().score('buy'); "
        "print([m for m in sys.modules if m.startswith(('sklearn', 'scipy', 'pandas', 'core.sentiment.fit'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_that_more_of_the_same_word_never_lowers_its_class(model: Model) -> None:
    # Calibration is a positive factor on the summed weights, so it keeps their order.
    for calibration in (model.shape.latin, model.shape.chinese):
        assert calibration.stance > 0
        assert calibration.neutral > 0
    values = judge(model, [f"the stock is {'bullish ' * n}" for n in range(5)]).stance.tolist()
    assert values == sorted(values)
