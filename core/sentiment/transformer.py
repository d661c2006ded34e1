"""A transformer that the user brings: an ONNX classifier such as FinBERT, from a folder, through onnxruntime.

Off unless a folder is named. The folder holds `model.onnx`; `tokenizer.json`, or `vocab.txt` of a WordPiece tokenizer;
and `config.json`, whose `id2label` says which output is which. onnxruntime and tokenizers are an extra of the package
and imported here alone. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError, UsageError
from core.model import Score, ScorerId
from core.sentiment.base import Contribution, Scorer
from core.sentiment.language import language, readable_part

NAME = "onnx"
_SPEC = re.compile(r"onnx:(?:([a-z]{2}(?:\+[a-z]{2})*):)?(.+)", re.DOTALL)
_LONGEST = 512  # tokens; a longer text is cut, as these models were trained
_BULL, _NEUTRAL, _BEAR = range(3)
_LABELS = {
    **dict.fromkeys(("positive", "bullish", "bull", "pos"), _BULL),
    **dict.fromkeys(("neutral", "none", "neu"), _NEUTRAL),
    **dict.fromkeys(("negative", "bearish", "bear", "neg"), _BEAR),
}


def spec_of(folder: Path, languages: tuple[str, ...] = ("en",)) -> str:
    """Return what names the transformer of a folder that reads these languages, in any process."""
    return f"{NAME}:{'+'.join(sorted(languages))}:{folder}"


def from_spec(spec: str) -> TransformerScorer:
    """Return the scorer that `spec_of` named.

    Raises:
        UsageError: the extra is not installed, or this names no transformer.
        InputError: the folder holds no such model.

    """
    found = _SPEC.fullmatch(spec)
    if found is None:
        raise UsageError(f"'{spec}' names no transformer; write onnx:FOLDER or onnx:en+zh:FOLDER.")
    return TransformerScorer(Path(found[2]), tuple((found[1] or "en").split("+")))


class TransformerScorer(Scorer):
    """Scores with the user's own model. It gives no reasons: `explain` is always empty."""

    def __init__(self, folder: Path, languages: tuple[str, ...] = ("en",)) -> None:
        runtime, tokenizers = _library("onnxruntime"), _library("tokenizers")
        model = folder / "model.onnx"
        if not model.is_file():
            raise InputError(
                f"There is no model.onnx in {folder}; name the folder that the transformer was exported to."
            )
        self._languages = frozenset(languages)
        self._classes = _classes(folder)
        self._tokenizer = _tokenizer(folder, tokenizers)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # posts are scored in as many processes as there are cores
        try:
            self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise InputError(f"onnxruntime cannot read {model}: {_first_line(error)}.") from error
        self._inputs = {given.name for given in self._session.get_inputs()}
        with model.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        self._id = ScorerId(NAME, f"{digest}-{'+'.join(sorted(languages))}")

    @property
    def id(self) -> ScorerId:
        """The name "onnx" and, as its version, what the model file holds and which languages it is asked to read."""
        return self._id

    def score(self, text: str) -> Score | None:
        """Return P(bull) - P(bear) as `value`; `pos`, `neu`, `neg` are the three probabilities."""
        part = readable_part(text, self._languages)
        if part is None or language(part) not in self._languages:
            return None
        bull, neutral, bear = self._chances(part)
        return Score(bull - bear, bull, neutral, bear)

    def explain(self, text: str) -> list[Contribution]:  # noqa: ARG002 (the protocol's)
        """Return nothing: what a transformer says is no sum over words."""
        return []

    def _chances(self, text: str) -> tuple[float, float, float]:
        encoding = self._tokenizer.encode(text)
        given = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([values], dtype=np.int64) for name, values in given.items() if name in self._inputs}
        logits = np.asarray(self._session.run(None, feed)[0], dtype=np.float64)[0]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        chances = [0.0, 0.0, 0.0]
        for share, meaning in zip(shares.tolist(), self._classes, strict=True):
            chances[meaning] += share
        return chances[_BULL], chances[_NEUTRAL], chances[_BEAR]


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"A transformer needs the package {name}: install crowdtape[onnx].") from error


def _classes(folder: Path) -> list[int]:
    """Return what each output of the model means, in order."""
    path = folder / "config.json"
    if not path.is_file():
        raise InputError(f"There is no config.json in {folder}; its id2label says what each output of the model means.")
    try:
        labels: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["id2label"]
        names = [str(labels[str(place)]).lower() for place in range(len(labels))]
        return [_LABELS[name] for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} does not say which output is positive, neutral and negative: its id2label should."
        ) from error


def _tokenizer(folder: Path, library: Any) -> Any:
    """Return the folder's tokenizer, set to cut what is too long."""
    whole, words = folder / "tokenizer.json", folder / "vocab.txt"
    if not whole.is_file() and not words.is_file():
        raise InputError(f"There is neither tokenizer.json nor vocab.txt in {folder}.")
    try:
        if whole.is_file():
            tokenizer = library.Tokenizer.from_file(str(whole))
        else:
            tokenizer = library.BertWordPieceTokenizer(str(words), lowercase=_lowercase(folder))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_LONGEST)
    except Exception as error:
        raise InputError(f"The tokenizer in {folder} cannot be read: {_first_line(error)}.") from error
    return tokenizer


def _lowercase(folder: Path) -> bool:
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return True
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("do_lower_case", True))
    except (ValueError, AttributeError):
        return True


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".") or type(error).__name__
