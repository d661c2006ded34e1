"""The user's own transformer, with a tiny model that is built here: the mean of its tokens' rows of a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import InputError, UsageError
from core.sentiment import get_scorer, scorers
from core.sentiment.transformer import spec_of

if TYPE_CHECKING:
    from pathlib import Path

onnx = pytest.importorskip("onnx", reason="onnx builds the model of these tests")
pytest.importorskip("onnxruntime", reason="there are no wheels of onnxruntime for Intel Macs")
tokenizers = pytest.importorskip("tokenizers")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "calm", "##s", "涨", "跌"]
# What each word says for negative, neutral and positive.
ROWS = {"good": (0, 0, 6), "bad": (6, 0, 0), "calm": (0, 6, 0), "涨": (0, 0, 6), "跌": (6, 0, 0)}
LABELS = {"0": "Negative", "1": "Neutral", "2": "Positive"}


def make_model(folder: Path, inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids")) -> None:
    """Write model.onnx, whose logits are the mean of the rows of its tokens."""
    helper, types = onnx.helper, onnx.TensorProto
    table = np.array([ROWS.get(word, (0, 0, 0)) for word in WORDS], dtype=np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceMean", ["rows", "axes"], ["logits"], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info(name, types.INT64, [1, "n"]) for name in inputs],
        [helper.make_tensor_value_info("logits", types.FLOAT, [1, 3])],
        [onnx.numpy_helper.from_array(table, "table"), onnx.numpy_helper.from_array(np.array([1]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_model(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"id2label": LABELS}), encoding="utf-8")
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return tmp_path


def test_that_no_transformer_is_among_the_scorers_unless_it_is_named() -> None:
    assert not any(name.startswith("onnx") for name in scorers())


def test_that_the_score_is_what_the_models_outputs_say(folder: Path) -> None:
    scorer = get_scorer(spec_of(folder))
    found = scorer.score("good calm")
    # Four tokens with the two that stand around a text; the mean of their rows is (0, 1.5, 1.5).
    shares = np.exp([0.0, 1.5, 1.5]) / np.exp([0.0, 1.5, 1.5]).sum()
    assert found is not None
    assert (found.neg, found.neu, found.pos) == pytest.approx(tuple(shares), abs=1e-6)
    assert found.value == pytest.approx(found.pos - found.neg)
    assert scorer.explain("good calm") == []


def test_that_only_the_languages_it_was_named_for_are_read(folder: Path) -> None:
    english, both = get_scorer(spec_of(folder)), get_scorer(spec_of(folder, ("en", "zh")))
    assert english.score("涨涨涨") is None
    assert english.score("") is None
    assert english.score("esto es muy bueno") is None
    found = both.score("涨 涨")
    assert found is not None
    assert found.value > 0
    assert english.id != both.id


def test_that_its_version_is_that_of_the_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    for file in folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    assert get_scorer(spec_of(folder)).id == get_scorer(spec_of(other)).id
    make_model(other, ("input_ids",))
    get_scorer.cache_clear()
    assert get_scorer(spec_of(folder)).id != get_scorer(spec_of(other)).id
    assert get_scorer(spec_of(other)).score("good") is not None


def test_that_a_whole_tokenizer_is_preferred_to_a_list_of_words(folder: Path) -> None:
    vocabulary = {"buy" if word == "good" else word: place for place, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    found = get_scorer(spec_of(folder)).score("buy")
    assert found is not None
    assert found.pos == pytest.approx(float(np.exp(6) / (np.exp(6) + 2)), abs=1e-6)


def test_that_a_text_of_many_words_is_cut(folder: Path) -> None:
    found = get_scorer(spec_of(folder)).score("good " * 5000)
    assert found is not None
    assert found.value > 0.9


@pytest.mark.parametrize(
    ("missing", "says"),
    [("model.onnx", "There is no model.onnx in"), ("vocab.txt", "neither tokenizer.json nor vocab.txt"),
     ("config.json", "There is no config.json in")],
)  # fmt: skip
def test_that_what_a_folder_lacks_is_said_in_one_sentence(folder: Path, missing: str, says: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(InputError, match=says):
        get_scorer(spec_of(folder))


def test_that_labels_without_a_stance_and_a_broken_model_are_refused(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"id2label": {"0": "LABEL_0"}}), encoding="utf-8")
    with pytest.raises(InputError, match="id2label"):
        get_scorer(spec_of(folder))
    (folder / "config.json").write_text(json.dumps({"id2label": LABELS}), encoding="utf-8")
    (folder / "model.onnx").write_bytes(b"no model")
    with pytest.raises(InputError, match="onnxruntime cannot read"):
        get_scorer(spec_of(folder))


def test_that_a_name_without_a_folder_is_refused() -> None:
    with pytest.raises(UsageError, match="names no transformer"):
        get_scorer("onnx:")


def test_that_a_missing_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    get_scorer.cache_clear()
    with pytest.raises(UsageError, match=r"install crowdtape\[onnx\]"):
        get_scorer(spec_of(folder))
