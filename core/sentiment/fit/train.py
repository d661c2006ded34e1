"""Fits the weights: features to a sparse matrix, and a convex loss brought to its minimum. Plain numpy, one order.

Every set has its own two constants while fitting, so that its share of bulls teaches the words nothing; they are not
kept. Sets without neutral labels teach the stance alone. A weight is what a feature earned plus what the prior's
groups say of it times how much the fit trusts each group, so a word never seen in the data has a weight all the same.

Texts hold items and items hold features, and the matrix is kept as these two factors: what a word's
forms share is then summed once a step and not once an occurrence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.features import NEGATED, item_features, items
from core.sentiment.fit.data import BEAR, BULL, NEUTRAL, Labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OFFSET = 4.0
# Chosen together with the sets' weights (`data`) and the strengths below, on two folds by row and one fit a set left
# out: a stronger penalty carries over better to sets unseen, a weaker one to rows unseen.
PENALTY, NEUTRAL_PENALTY = 7.0 / 9.0, 1.0
FEWEST = 3  # a feature must occur in that many texts
BALANCE = 0.5  # a set of n texts weighs n ** BALANCE, times its own weight
# What many words share counts less than what is theirs alone, and a single Chinese character less than a word.
_BEGINNING, _CHARACTER = 0.6, 0.7
_STEPS = 45


class Sparse(NamedTuple):
    """Rows of columns, compressed, each entry with its factor; `starts` is one longer than there are rows."""

    columns: NDArray[np.int32]
    starts: NDArray[np.int64]
    factors: Floats

    def times(self, values: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the sum over each row's columns of factor times value."""
        sums = np.zeros(len(self.columns) + 1, dtype=np.complex128)
        np.cumsum(values[self.columns] * self.factors, out=sums[1:])
        return sums[self.starts[1:]] - sums[self.starts[:-1]]

    def back(self, rows: Floats, width: int) -> Floats:
        """Return the transposed product, `width` columns wide."""
        spread = np.repeat(rows, np.diff(self.starts)) * self.factors
        return np.bincount(self.columns, spread, width).astype(np.float64)

    def squared(self) -> Sparse:
        """Return the same with each factor squared."""
        return self._replace(factors=self.factors * self.factors)

    def rows(self, wanted: NDArray[np.bool_]) -> Sparse:
        """Return some rows."""
        lengths = np.diff(self.starts)
        kept = np.repeat(wanted, lengths)
        starts = np.concatenate([[0], np.cumsum(lengths[wanted])])
        return Sparse(self.columns[kept], starts, self.factors[kept])


class Prior(NamedTuple):
    """What is expected of features, a column a group, as if all were of strength 1; most features are in no group."""

    places: NDArray[np.int64]  # of the features that are
    table: Floats
    features: int  # how many there are in all

    def times(self, trust: Floats) -> Floats:
        """Return what is expected of each feature where the groups are trusted so much."""
        found = np.zeros(self.features)
        found[self.places] = _product(self.table, trust)
        return found

    def back(self, features: Floats) -> Floats:
        """Return the transposed product."""
        return _product(self.table.T, features[self.places])


@dataclass(frozen=True)
class Matrix:
    """Texts by items, and items by features."""

    names: list[str]  # of the features
    items: list[str]
    texts: Sparse  # texts by items; each factor is the text's scale
    parts: Sparse  # items by features; each factor is the feature's strength
    prior: Prior

    def rows(self, wanted: NDArray[np.bool_]) -> Matrix:
        """Return the matrix of some texts."""
        return replace(self, texts=self.texts.rows(wanted))

    def times(self, weights: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the sum of each text's weights, scaled; weights are of the features before their strengths."""
        return self.texts.times(self.parts.times(weights))

    def back(self, rows: Floats) -> Floats:
        """Return the transposed product with one number a text."""
        return self.parts.back(self.texts.back(rows, len(self.items)), len(self.names))

    def curvature(self, rows: Floats) -> Floats:
        """Return about what `rows` times the squared matrix is, items being taken as independent."""
        return self.parts.squared().back(self.texts.squared().back(rows, len(self.items)), len(self.names))


def strength(feature: str) -> float:
    """Return what a feature counts in the fit; the model's weights have it in them."""
    plain = feature.removeprefix(NEGATED)
    if len(plain) == 1:
        return _CHARACTER if "\u3400" <= plain <= "\u9fff" else 1.0
    return _BEGINNING if feature[0] == "~" else 1.0


def build(data: Labelled, prior: Mapping[str, Mapping[str, float]]) -> Matrix:
    """Return the matrix of all texts. The vocabulary counts sets to fit on only, and holds whatever the prior names."""
    place: dict[str, int] = {}
    columns: list[int] = []
    starts = [0]
    scale: list[float] = []
    seen: Counter[int] = Counter()  # by item, in how many texts to fit on
    set_of: list[int] = data.set_of.tolist()
    for text, index in zip(data.texts, set_of, strict=True):
        found, size = items(text)
        row = [place.setdefault(item, len(place)) for item in found]
        columns += row
        starts.append(len(columns))
        scale.append(1.0 / (size + OFFSET) ** 0.5)
        if data.sets[index].fitted:
            seen.update(set(row))
    count: Counter[str] = Counter()
    for item, at in place.items():
        if seen[at]:
            for feature in set(item_features(item)):
                count[feature] += seen[at]
    names = sorted({feature for feature, often in count.items() if often >= FEWEST}.union(*prior.values()))
    return _matrix(names, list(place), np.array(columns, np.int32), np.array(starts, np.int64), np.array(scale), prior)


def _matrix(
    names: list[str],
    every: list[str],
    columns: NDArray[np.int32],
    starts: NDArray[np.int64],
    scale: Floats,
    prior: Mapping[str, Mapping[str, float]],
) -> Matrix:
    """Leave out the items without a known feature, which are most, and put the rest together."""
    at = {name: i for i, name in enumerate(names)}
    known = [[at[feature] for feature in item_features(item) if feature in at] for item in every]
    new = np.cumsum([bool(row) for row in known], dtype=np.int32) - 1
    kept = np.array([bool(row) for row in known], dtype=np.bool_)
    inside = kept[columns]
    row_of = np.repeat(np.arange(len(scale)), np.diff(starts))[inside]
    texts = Sparse(
        new[columns[inside]],
        np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=len(scale)))]),
        scale[row_of],
    )
    features = np.array([feature for row in known for feature in row], dtype=np.int32)
    strengths = np.array([strength(name) for name in names], dtype=np.float64)
    lengths = [len(row) for row in known if row]
    parts = Sparse(features, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), strengths[features])
    inside_prior = sorted({at[feature] for valences in prior.values() for feature in valences})
    row = {place: i for i, place in enumerate(inside_prior)}
    table = np.zeros((len(inside_prior), len(prior)))
    for group, valences in enumerate(prior.values()):
        for feature, valence in valences.items():
            table[row[at[feature]], group] = valence / strengths[at[feature]]
    items_kept = [item for item, row in zip(every, known, strict=True) if row]
    return Matrix(names, items_kept, texts, parts, Prior(np.array(inside_prior, np.int64), table, len(names)))


class Fitted(NamedTuple):
    """Weights (stance + i neutral) of the matrix's features; `trust` is what each group of the prior earned.

    The weights are those before the features' strengths are in them.
    """

    weights: NDArray[np.complex128]
    trust: NDArray[np.complex128]


def fit(matrix: Matrix, data: Labelled, wanted: NDArray[np.bool_]) -> Fitted:
    """Return the weights that explain the labels of the wanted texts best, penalised by the sum of their squares."""
    part = matrix.rows(wanted)
    labels, set_of = data.labels[wanted], data.set_of[wanted]
    sets, terms, groups = len(data.sets), len(matrix.names), matrix.prior.table.shape[1]
    sizes = np.bincount(set_of, minlength=sets)
    share = (sizes[set_of] / 3000.0) ** (BALANCE - 1.0) * np.array([known.weight for known in data.sets])[set_of]
    ternary = np.array([known.neutrals for known in data.sets])[set_of]
    cuts = np.cumsum([terms, terms, groups, groups, sets])

    penalties = np.full(int(cuts[-1]) + sets, PENALTY)
    for first, last in ((cuts[0], cuts[1]), (cuts[2], cuts[3])):
        penalties[first:last] = NEUTRAL_PENALTY
    penalties[cuts[3] :] = 1e-3

    def loss(point: Floats) -> tuple[float, Floats]:
        stance, neutral, trust_s, trust_n, constant_s, constant_n = np.split(point, cuts)
        total_s = stance + matrix.prior.times(trust_s)
        total_n = neutral + matrix.prior.times(trust_n)
        sums = part.times(total_s + 1j * total_n)
        logit_s = sums.real + constant_s[set_of]
        logit_n = np.where(ternary, sums.imag + constant_n[set_of], -1e3)
        chance, logs = softmax(logit_s, logit_n)
        own = np.choose(labels, logs.T)
        value = -np.sum(share * own) + 0.5 * np.sum(point * point * penalties)
        slope_s = share * (0.5 * (chance[:, 0] - chance[:, 2]) - 0.5 * ((labels == BULL) * 1.0 - (labels == BEAR)))
        slope_n = share * (chance[:, 1] - (labels == NEUTRAL)) * ternary
        back_s, back_n = part.back(slope_s), part.back(slope_n)
        slopes = [
            back_s,
            back_n,
            matrix.prior.back(back_s),
            matrix.prior.back(back_n),
            np.bincount(set_of, slope_s, sets),
            np.bincount(set_of, slope_n, sets),
        ]
        return float(value), np.concatenate(slopes) + penalties * point

    # Parameters in units of their own curvature: words occur thrice or in every text, and groups of the prior more.
    half = 0.25 * share
    columns = [part.times(matrix.prior.times(group).astype(np.complex128)).real for group in np.eye(groups)]
    words = part.curvature(half)
    groups_curve = np.array([np.sum(half * column * column) for column in columns])
    sets_curve = np.bincount(set_of, half, sets)
    curve = np.concatenate([words, words, groups_curve, groups_curve, sets_curve, sets_curve])
    unit = 1.0 / np.sqrt(curve + penalties)

    def scaled(point: Floats) -> tuple[float, Floats]:
        value, slope = loss(point * unit)
        return value, slope * unit

    found = minimise(scaled, np.zeros(len(penalties)), _STEPS) * unit
    stance, neutral, trust_s, trust_n = np.split(found, cuts)[:4]
    total_s = stance + matrix.prior.times(trust_s)
    total_n = neutral + matrix.prior.times(trust_n)
    return Fitted(total_s + 1j * total_n, trust_s + 1j * trust_n)


def _product(table: Floats, vector: Floats) -> Floats:
    """Return table @ vector without BLAS, whose threads may add up in any order."""
    return np.sum(table * vector, axis=1)


def softmax(stance: Floats, neutral: Floats) -> tuple[Floats, Floats]:
    """Return the probabilities of bull, neutral and bear, and their logarithms, one row a text."""
    logits = np.stack([stance / 2, neutral, -stance / 2], axis=1)
    logits -= logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return np.exp(logs), logs


def minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Return where the loss is least: L-BFGS with eight pairs (Nocedal and Wright, Numerical Optimization, 7.2)."""
    point = start
    value, slope = loss(point)
    pairs: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        step = -_direction(slope, pairs)
        descent = float(np.sum(step * slope))
        length = 1.0 if pairs else min(1.0, 1.0 / float(np.sum(np.abs(slope)) + 1e-12))
        for _ in range(30):
            trial = point + length * step
            new_value, new_slope = loss(trial)
            if new_value <= value + 1e-4 * length * descent:
                break
            length /= 2
        else:
            break
        moved, turned = trial - point, new_slope - slope
        curvature = float(np.sum(moved * turned))
        if curvature > 1e-12:
            pairs = [*pairs[-7:], (moved, turned, curvature)]
        settled = value - new_value < 1e-7 * abs(value)
        point, value, slope = trial, new_value, new_slope
        if settled:
            break
    return point


def _direction(slope: Floats, pairs: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """Return the slope multiplied by the inverse Hessian that the last steps suggest."""
    direction = slope.copy()
    kept: list[float] = []
    for moved, turned, curvature in reversed(pairs):
        kept.append(float(np.sum(moved * direction)) / curvature)
        direction -= kept[-1] * turned
    if pairs:
        _, turned, curvature = pairs[-1]
        direction *= curvature / float(np.sum(turned * turned))
    for (moved, turned, curvature), factor in zip(pairs, reversed(kept), strict=True):
        direction += (factor - float(np.sum(turned * direction)) / curvature) * moved
    return direction
