"""Bullish or bearish, for English, Chinese and mixed text: a linear model whose every score can be taken apart.

With w(f) the weight of a feature, s a factor that shrinks with the text's length, and the sum over all features,

    stance logit = a (s Σ w_stance(f) + v VADER) = log(P(bull) / P(bear)),
    neutral logit = b g s Σ w_neutral(f) + constant,

and P(bull), P(neutral), P(bear) are the softmax of (stance/2, neutral, -stance/2). The score is P(bull) - P(bear).
VADER's compound counts in English that speaks of no market (`is_market`), where it is the better judge; elsewhere
v is 0. a, b and the constant are others in Chinese than in English. What is known of neutral was learned of English
posts by traders mostly, so that there it counts in full (g = 1), and less in those that speak of no market. A text
without a known word has stance 0. `explain` takes the stance logit apart.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.model import Score, ScorerId
from core.resources import resource_path
from core.sentiment.base import Scorer, pieces
from core.sentiment.crowd_batch import sums
from core.sentiment.crowd_explain import explain
from core.sentiment.crowd_model import read_model
from core.sentiment.features import TOKEN, Kind, fold, read_token
from core.sentiment.language import readable_words
from core.sentiment.tone import general_tones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment.base import Contribution
    from core.sentiment.crowd_model import Model
    from core.sentiment.feature_table import Floats

CROWD = ScorerId("crowd", "1.3")
ARTEFACT = "sentiment/crowd.model"
_LANGUAGES = frozenset({"en", "zh"})
# Where none of these stands, there is no script but Latin and Chinese.
_ELSEWHERE = re.compile(
    r"[^\x00-\u024f\u2000-\u2bff\u3000-\u303f\u3400-\u9fff\ufe0f\uff00-\uff65\ufffd\U0001f000-\U0001faff]"
)


class Judged(NamedTuple):
    """What was made of some texts."""

    parts: list[str | None]  # what was read: the text with blanks for words of other languages; None if too little is
    stance: Floats  # logits, which mean nothing where nothing was read
    neutral: Floats


def judge(model: Model, texts: Sequence[str]) -> Judged:
    """Return the logits of each text. Those of one text are the same whatever stands beside it."""
    found = sums(model, list(map(fold, texts)))
    parts: list[str | None] = list(texts)
    doubtful = [i for i, text in enumerate(texts) if not (text.isascii() or _ELSEWHERE.search(text) is None)]
    doubtful += np.flatnonzero(~found.plain).tolist()
    for i in doubtful:
        parts[i] = _readable(texts[i])
    if others := {i: part for i in doubtful if (part := parts[i]) and part != texts[i]}:
        again = sums(model, list(map(fold, others.values())))
        for before, after in zip(found, again, strict=True):
            before[list(others)] = after
    shape = model.shape
    stance = found.stance
    if shape.vader:
        general = {i: part for i in np.flatnonzero(~found.of_markets).tolist() if (part := parts[i])}
        stance[list(general)] += shape.vader * np.array(general_tones(list(general.values())))
    calibration = np.where(found.chinese, *(np.array(each)[:, None] for each in (shape.chinese, shape.latin)))
    neutral = found.neutral * np.where(found.of_markets | found.chinese, 1.0, shape.general)
    return Judged(parts, calibration[0] * stance, calibration[1] * neutral + calibration[2])


def scores(judged: Judged) -> list[Score | None]:
    """Return the scores of logits."""
    logits = np.stack([judged.stance / 2, judged.neutral, -judged.stance / 2])
    shares = np.exp(logits - logits.max(axis=0))
    bull, neutral, bear = shares / shares.sum(axis=0)
    made = map(Score, (bull - bear).tolist(), bull.tolist(), neutral.tolist(), bear.tolist())
    return [None if part is None else score for part, score in zip(judged.parts, made, strict=True)]


def _readable(text: str) -> str | None:
    """Return the text with blanks for words of other languages; None where there is neither word nor emoji to judge."""
    part, words = readable_words(text, _LANGUAGES)
    if part is None or words or any(_is_emoji(token) for token in TOKEN.findall(fold(part))):
        return part
    return None


def _is_emoji(token: str) -> bool:
    return read_token(token).kind == Kind.SIGN and not token.isascii()


@functools.cache
def _model() -> Model:
    """Return this process's model, read on first use."""
    return read_model(resource_path(ARTEFACT))


class CrowdScorer(Scorer):
    """Scores stance in English, Chinese and mixed text; other languages and texts without words get no score."""

    def __init__(self, model: Model | None = None) -> None:
        self._own = model

    @property
    def id(self) -> ScorerId:
        """Name and version of the model."""
        return CROWD

    def score(self, text: str) -> Score | None:
        """Return P(bull) - P(bear) as `value`; `pos`, `neu`, `neg` are P(bull), P(neutral) and P(bear)."""
        return self.score_many([text])[0]

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        """Return what `score` does of each text."""
        model = self._own or _model()
        found: list[Score | None] = []
        for piece in pieces(texts):
            found += scores(judge(model, piece))
        return found

    def explain(self, text: str) -> list[Contribution]:
        """Return what each word adds to the stance logit, log(P(bull) / P(bear)); the values sum to it."""
        model = self._own or _model()
        (part,) = judge(model, [text]).parts
        made = [] if part is None else explain(model, part)
        if part == text:
            return made
        return [dataclasses.replace(found, text=text[found.start : found.end]) for found in made]
