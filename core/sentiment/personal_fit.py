"""Learns a user's layer (`core.sentiment.personal`) from marked texts, and says what it is worth.

The weights are those of greatest posterior probability: logistic loss of the three classes, and a normal prior around
0 for every weight, narrower for the biases. So a mark moves its own text by a fraction of its surprise, texts that
share words with it by less, and all others hardly at all, however few marks there are. Bullish and bearish marks count
the same in sum: who marks more of the one does not say that the world is so.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.sentiment.features import fold
from core.sentiment.personal import Layer, counted, logits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.sentiment.base import Scorer

Stance: TypeAlias = Literal["bullish", "neutral", "bearish"]
CLASSES: Final[tuple[Stance, ...]] = ("bullish", "neutral", "bearish")

# Standard deviations of the prior, in units of a logit.
_WEIGHT: Final = 1.2
_BIAS: Final = 0.15
_HEAVIEST: Final = 4.0  # of a mark whose side is rare
_FOLDS: Final = 10
ENOUGH: Final = 20  # marks of the user's own, to be checked on these alone
_NEWTON_STEPS: Final = 25
_TOLERANCE: Final = 1e-8
_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w+|[\d\W_]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A text and what it says; `own` tells the user's marks from tags that the authors gave."""

    text: str
    stance: Stance
    own: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or an area in [0, 1] and its 95 % interval; NaN where there is nothing to tell it from."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What a layer is worth on marks it was not fitted on, beside its base on the same marks.

    `bullish`, `neutral` and `bearish` count them. `auc` tells bullish from bearish marks by their score (area under the
    ROC curve), `accuracy` is the share of marks whose class is the most probable one.
    """

    bullish: int
    neutral: int
    bearish: int
    folds: int
    own: bool  # whether only the user's marks were checked; below `ENOUGH` of them, authors' tags were as well
    auc_before: Figure
    auc_after: Figure
    accuracy_before: Figure
    accuracy_after: Figure

    @property
    def n(self) -> int:
        """How many marks were checked."""
        return self.bullish + self.neutral + self.bearish


Array: TypeAlias = "NDArray[np.float64]"


class _Data:
    """Marks as a sparse matrix: `value` at (`row`, `column`), and the base's logits of each row."""

    def __init__(self, marks: Sequence[Mark], base: Scorer) -> None:
        self.place: dict[str, int] = {}
        row: list[int] = []
        column: list[int] = []
        value: list[float] = []
        logit: list[tuple[float, float]] = []
        self.kept: list[Mark] = []
        scores = base.score_many([mark.text for mark in marks])
        for mark, score in zip(marks, scores, strict=True):
            if score is None:
                continue
            for feature, amount in counted(mark.text).items():
                row.append(len(self.kept))
                column.append(self.place.setdefault(feature, len(self.place)))
                value.append(amount)
            logit.append(logits(score))
            self.kept.append(mark)
        self.row, self.column = np.array(row, np.intp), np.array(column, np.intp)
        self.value = np.array(value, np.float64)
        self.logit: Array = np.array(logit, np.float64).reshape(-1, 2)
        self.label = np.array([CLASSES.index(m.stance) for m in self.kept], np.intp)

    def times(self, weights: Array) -> Array:
        """Return the matrix times weights of shape (features, 2): shape (n, 2)."""
        n = len(self.kept)
        return np.array([np.bincount(self.row, self.value * w[self.column], n) for w in weights.T], np.float64).T

    def back(self, errors: Array) -> Array:
        """Return the transposed matrix times values of shape (n, 2): shape (features, 2)."""
        n = len(self.place)
        return np.array([np.bincount(self.column, self.value * e[self.row], n) for e in errors.T], np.float64).T


def fit(marks: Sequence[Mark], base: Scorer) -> Layer:
    """Learn a layer from marks; those that the base cannot judge are left out. The order of marks does not matter."""
    ordered = sorted(set(marks), key=lambda m: (m.text, m.stance, m.own))
    data = _Data(ordered, base)
    weights, bias = _fit(data, np.ones(len(data.kept), np.bool_))
    found = {f: (float(weights[i, 0]), float(weights[i, 1])) for f, i in data.place.items()}
    return Layer(base.id, digest_of(ordered), (float(bias[0]), float(bias[1])), found)


def digest_of(marks: Sequence[Mark]) -> str:
    """Return eight digits that stand for the marks, whatever their order."""
    lines = sorted(f"{m.stance}\t{m.text}" for m in set(marks))
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "replace"), digest_size=4).hexdigest()


def worth(marks: Sequence[Mark], base: Scorer) -> Worth:
    """Cross-validate: each tenth of the marks is judged by a layer fitted on the others, near copies kept together."""
    ordered = sorted(set(marks), key=lambda m: (m.text, m.stance, m.own))
    data = _Data(ordered, base)
    groups = [_NOISE.sub(" ", fold(m.text)).strip() or m.text for m in data.kept]
    order = sorted(set(groups), key=lambda g: hashlib.blake2b(g.encode("utf-8", "replace"), digest_size=8).digest())
    folds = min(_FOLDS, len(order))
    fold_of = {g: i % max(folds, 1) for i, g in enumerate(order)}
    fold_ = np.array([fold_of[g] for g in groups], np.intp)
    after = data.logit.copy()
    for k in range(folds if folds > 1 else 0):
        weights, bias = _fit(data, fold_ != k)
        held = fold_ == k
        after[held] += (data.times(weights) + bias)[held]
    own = np.array([m.own for m in data.kept], np.bool_)
    enough = int(own.sum()) >= ENOUGH or bool(own.all())
    checked = own if enough else np.ones(len(own), np.bool_)
    label = data.label[checked]
    bullish, neutral, bearish = (int((label == c).sum()) for c in range(3))
    before, after = _shares(data.logit[checked]), _shares(after[checked])
    return Worth(
        bullish, neutral, bearish, folds, enough, _auc(before, label), _auc(after, label),
        _accuracy(before, label), _accuracy(after, label),
    )  # fmt: skip


def _balanced(label: NDArray[np.intp], chosen: NDArray[np.bool_]) -> Array:
    """Return how much each mark counts: those that are not chosen nothing, bullish and bearish ones the same in sum."""
    weight = chosen.astype(np.float64)
    sides = [chosen & (label == c) for c in (0, 2)]
    sizes = [int(side.sum()) for side in sides]
    if all(sizes):
        for side, n in zip(sides, sizes, strict=True):
            weight[side] = min(sum(sizes) / 2 / n, _HEAVIEST)
    return weight


def _fit(data: _Data, chosen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the weights of features, shape (features, 2), and the biases, by Newton's method with conjugate gradients.

    `chosen` are the marks that count.
    """
    weight = _balanced(data.label, chosen)
    prior = np.array([1 / _WEIGHT**2, 1 / _BIAS**2])
    weights, bias = np.zeros((len(data.place), 2)), np.zeros(2)
    target = np.eye(3)[data.label]
    for _ in range(_NEWTON_STEPS):
        shares = _shares(data.logit + data.times(weights) + bias)
        # By the logits: stance counts half for bullish and half against bearish.
        error = (shares - target) * weight[:, None]
        slope = np.stack([(error[:, 0] - error[:, 2]) / 2, error[:, 1]], axis=1)
        gradient = data.back(slope) + prior[0] * weights, slope.sum(axis=0) + prior[1] * bias
        if max(float(np.abs(g).max(initial=0.0)) for g in gradient) < _TOLERANCE:
            break
        step = _solve(data, shares, weight, prior, gradient)
        weights, bias = weights - step[0], bias - step[1]
    return weights, bias


def _solve(
    data: _Data, shares: Array, weight: Array, prior: Array, gradient: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Solve (Hessian) x = gradient by conjugate gradients."""
    bull, calm, bear = shares.T
    lean = bull - bear
    a = weight * (bull + bear - lean**2) / 4
    b = weight * (-lean * calm / 2)
    c = weight * calm * (1 - calm)

    def times(x: Array, z: Array) -> tuple[Array, Array]:
        inner = data.times(x) + z
        outer = np.stack([a * inner[:, 0] + b * inner[:, 1], b * inner[:, 0] + c * inner[:, 1]], axis=1)
        return data.back(outer) + prior[0] * x, outer.sum(axis=0) + prior[1] * z

    x, z = np.zeros_like(gradient[0]), np.zeros(2)
    r, s = gradient
    p, q = r.copy(), s.copy()
    rest = float((r * r).sum() + (s * s).sum())
    aim = rest * 1e-16 + 1e-30
    for _ in range(200):
        if rest <= aim:
            break
        hp, hq = times(p, q)
        alpha = rest / float((p * hp).sum() + (q * hq).sum())
        x, z = x + alpha * p, z + alpha * q
        r, s = r - alpha * hp, s - alpha * hq
        new = float((r * r).sum() + (s * s).sum())
        p, q = r + new / rest * p, s + new / rest * q
        rest = new
    return x, z


def _shares(logit: Array) -> Array:
    """Return P(bull), P(neutral), P(bear) of stance and neutral logits: shape (n, 3)."""
    half = logit[:, 0] / 2
    every = np.stack([half, logit[:, 1], -half], axis=1)
    every = np.exp(every - every.max(axis=1, keepdims=True, initial=-np.inf))
    return every / every.sum(axis=1, keepdims=True)


def _auc(shares: Array, label: NDArray[np.intp]) -> Figure:
    """Return the area under the ROC curve of bullish against bearish, with Hanley and McNeil's interval (1982)."""
    score = shares[:, 0] - shares[:, 2]
    bull, bear = score[label == 0], score[label == 2]
    n, m = len(bull), len(bear)
    if not n or not m:
        return Figure(math.nan, math.nan, math.nan)
    below = np.searchsorted(np.sort(bear), bull, side="left").sum()
    upto = np.searchsorted(np.sort(bear), bull, side="right").sum()
    area = float(below + upto) / 2 / (n * m)
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (n - 1) * (q1 - area**2) + (m - 1) * (q2 - area**2)) / (n * m)
    half = 1.959963985 * math.sqrt(max(variance, 0.0))
    return Figure(area, max(area - half, 0.0), min(area + half, 1.0))


def _accuracy(shares: Array, label: NDArray[np.intp]) -> Figure:
    """Return the share of marks whose class is the most probable, with Wilson's interval (1927)."""
    n = len(label)
    if not n:
        return Figure(math.nan, math.nan, math.nan)
    p, z = float((shares.argmax(axis=1) == label).mean()), 1.959963985
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Figure(p, max(middle - half, 0.0), min(middle + half, 1.0))
