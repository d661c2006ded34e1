"""A user's own layer on top of `crowd`: a small correction of its logits, learned from what the user marked.

With x(f) the count of a feature over the square root of the text's size, and s and n the stance and neutral logit that
`crowd` gives the text,

    s' = s + Σ x(f) w(f) + bias,    n' = n + Σ x(f) v(f) + neutral bias,

and P(bull), P(neutral), P(bear) are the softmax of (s'/2, n', -s'/2), as in `core.sentiment.crowd`. All weights are
drawn to 0 (`core.sentiment.personal_fit`): where nothing was learned, the text keeps the score that `crowd` gave it.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from core.model import PERSONAL_SCORER, Score, ScorerId
from core.sentiment.base import Contribution, Scorer, pieces
from core.sentiment.crowd import CrowdScorer
from core.sentiment.crowd_batch import sums
from core.sentiment.crowd_explain import shares_of
from core.sentiment.crowd_model import Calibration, Model, Shape
from core.sentiment.feature_table import FeatureTable
from core.sentiment.features import features, fold, parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTE = "own marks"
_OFFSET = 10.0  # added to a text's size, so that one word of a short text does not carry everything
_AS_IT_IS = Calibration(1.0, 1.0, 0.0)
_LEAST = 1e-9  # probability; keeps logarithms finite


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What was learned. `base` is the scorer that it corrects, `digest` stands for the marks it was learned from."""

    base: ScorerId
    digest: str
    bias: tuple[float, float] = (0.0, 0.0)  # stance, neutral
    weights: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, "tuple[float, float]"])

    @property
    def id(self) -> ScorerId:
        """Name and version of the scorer that it makes: a new base or other marks make another version."""
        return ScorerId(PERSONAL_SCORER, f"{self.base.version}+{self.digest}")

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "base": [self.base.name, self.base.version],
            "digest": self.digest,
            "bias": list(self.bias),
            "weights": {feature: list(weights) for feature, weights in self.weights.items()},
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        weights = {feature: (float(w), float(v)) for feature, (w, v) in kept["weights"].items()}
        stance, neutral = kept["bias"]
        return cls(ScorerId(*kept["base"]), str(kept["digest"]), (float(stance), float(neutral)), weights)


def counted(text: str) -> dict[str, float]:
    """Return the features of a text and how much each counts."""
    every, size = features(text)
    scale = 1.0 / math.sqrt(size + _OFFSET)
    return {feature: n * scale for feature, n in Counter(every).items()}


def logits(score: Score) -> tuple[float, float]:
    """Return the stance and neutral logit of a score by `crowd`, whose shares are P(bull), P(neutral) and P(bear)."""
    bull, neutral, bear = (math.log(max(p, _LEAST)) for p in (score.pos, score.neu, score.neg))
    return bull - bear, neutral - (bull + bear) / 2


def score_of(stance: float, neutral: float) -> Score:
    """Return the score of two logits."""
    half = stance / 2
    top = max(half, -half, neutral)
    bull, calm, bear = math.exp(half - top), math.exp(neutral - top), math.exp(-half - top)
    whole = bull + calm + bear
    return Score((bull - bear) / whole, bull / whole, calm / whole, bear / whole)


class PersonalScorer(Scorer):
    """Scores as `crowd` does, corrected by a layer; judges the texts that `crowd` judges."""

    def __init__(self, layer: Layer, base: Scorer | None = None) -> None:
        self._layer = layer
        self._base: Scorer = base or CrowdScorer()

    @property
    def id(self) -> ScorerId:
        """Name and version of the layer."""
        return self._layer.id

    def score(self, text: str) -> Score | None:
        """Return P(bull) - P(bear) as `value`; `pos`, `neu`, `neg` are P(bull), P(neutral) and P(bear)."""
        return self.score_many([text])[0]

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        """Return what `score` does of each text."""
        found: list[Score | None] = []
        for piece in pieces(texts):
            more = sums(self._model, list(map(fold, piece)))
            base = self._base.score_many(piece)
            found += map(self._corrected, base, more.stance.tolist(), more.neutral.tolist())
        return found

    @functools.cached_property
    def _model(self) -> Model:
        """The layer as a model of its own, without what makes probabilities of its sums."""
        return Model(Shape(_AS_IT_IS, _AS_IT_IS, _OFFSET, 0.0, 1.0), FeatureTable.of(self._layer.weights))

    def _corrected(self, score: Score | None, more: float, calmer: float) -> Score | None:
        """Return a score by the base with what the layer adds to its logits."""
        if score is None:
            return None
        stance, neutral = logits(score)
        return score_of(stance + more + self._layer.bias[0], neutral + calmer + self._layer.bias[1])

    def explain(self, text: str) -> list[Contribution]:
        """Return what each word adds to the stance logit, log(P(bull) / P(bear)); the values sum to it.

        What the layer adds is part of its word's value; what it adds to every text stands for no place.
        """
        if self._base.score(text) is None:
            return []
        made = self._base.explain(text)
        for start, end, value in self._shares(text):
            _add(made, text, start, end, value)
        if bias := self._layer.bias[0]:
            made.append(Contribution(len(text), len(text), "", bias, NOTE))
        return sorted((part for part in made if part.value), key=lambda part: part.start)

    def _shares(self, text: str) -> list[tuple[int, int, float]]:
        """Return what the layer adds at each place; a feature of several places is split evenly among them."""
        scale = 1.0 / math.sqrt(features(text)[1] + _OFFSET)
        weights = {f: w[0] * scale for f, w in self._layer.weights.items()}
        found = parts(text)
        shares = shares_of(weights, found)
        return [(part.start, part.end, share) for part, share in zip(found, shares, strict=True) if share]


def _add(made: list[Contribution], text: str, start: int, end: int, value: float) -> None:
    """Add a value to the contribution that stands at a place, or make one."""
    for i, part in enumerate(made):
        if part.start < end and start < part.end:
            notes = part.note.split(", ") if part.note else []
            note = ", ".join([*notes, NOTE]) if NOTE not in notes else part.note
            made[i] = dataclasses.replace(part, value=part.value + value, note=note)
            return
    made.append(Contribution(start, end, text[start:end], value, NOTE))
