"""Fits the weights: features to a sparse matrix, and a convex loss brought to its minimum. Plain numpy, one order.

Every set has its own two constants while fitting, so that its share of bulls teaches the words nothing; they are not
kept. Sets without neutral labels teach the stance alone. A weight is what a feature earned plus what the prior's
groups say of it times how much the fit trusts each group, so a word never seen in the data has a weight all the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.features import features
from core.sentiment.fit.data import BEAR, BULL, NEUTRAL, Labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OFFSET = 4.0
PENALTY = 1.0 / 9.0
FEWEST = 3  # a feature must occur in that many texts
BALANCE = 0.5  # a set of n texts weighs n ** BALANCE
_BEGINNING = 0.6  # beginnings of words count less than words
_STEPS = 60


@dataclass(frozen=True)
class Matrix:
    """Texts by features, rows compressed; each entry of a row equals that row's scale."""

    names: list[str]
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]  # one more than there are rows
    scale: Floats
    prior: Floats  # features by groups of the prior

    def rows(self, wanted: NDArray[np.bool_]) -> Matrix:
        """Return the matrix of some rows."""
        lengths = np.diff(self.starts)
        columns = self.columns[np.repeat(wanted, lengths)]
        starts = np.concatenate([[0], np.cumsum(lengths[wanted])])
        return Matrix(self.names, columns, starts, self.scale[wanted], self.prior)

    def times(self, weights: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the sum of each row's weights, scaled."""
        sums = np.zeros(len(self.columns) + 1, dtype=np.complex128)
        np.cumsum(weights[self.columns], out=sums[1:])
        return (sums[self.starts[1:]] - sums[self.starts[:-1]]) * self.scale

    def back(self, rows: Floats) -> Floats:
        """Return the transposed product with one number a row."""
        spread = np.repeat(rows * self.scale, np.diff(self.starts))
        return np.bincount(self.columns, spread, len(self.names)).astype(np.float64)


def build(data: Labelled, prior: Mapping[str, Mapping[str, float]]) -> Matrix:
    """Return the matrix of all texts. The vocabulary counts sets to fit on only, and holds whatever the prior names."""
    rows: list[list[str]] = []
    scale: list[float] = []
    count: Counter[str] = Counter()
    set_of: list[int] = data.set_of.tolist()
    for text, index in zip(data.texts, set_of, strict=True):
        found, size = features(text)
        rows.append(found)
        scale.append(1.0 / (size + OFFSET) ** 0.5)
        if data.sets[index].fitted:
            count.update(set(found))
    kept = {feature for feature, seen in count.items() if seen >= FEWEST}
    names = sorted(kept.union(*prior.values()))
    place = {name: i for i, name in enumerate(names)}
    columns: list[int] = []
    starts = [0]
    for row in rows:
        columns.extend(place[feature] for feature in row if feature in place)
        starts.append(len(columns))
    table = np.zeros((len(names), len(prior)))
    for group, valences in enumerate(prior.values()):
        for feature, valence in valences.items():
            table[place[feature], group] = valence
    return Matrix(names, np.array(columns, np.int32), np.array(starts, np.int64), np.array(scale), table)


class Fitted(NamedTuple):
    """Weights (stance + i neutral) of the matrix's features; `trust` is what each group of the prior earned."""

    weights: NDArray[np.complex128]
    trust: NDArray[np.complex128]


def fit(matrix: Matrix, data: Labelled, wanted: NDArray[np.bool_]) -> Fitted:
    """Return the weights that explain the labels of the wanted texts best, penalised by the sum of their squares."""
    part = matrix.rows(wanted)
    labels, set_of = data.labels[wanted], data.set_of[wanted]
    sets, terms, groups = len(data.sets), len(matrix.names), matrix.prior.shape[1]
    sizes = np.bincount(set_of, minlength=sets)
    share = (sizes[set_of] / 3000.0) ** (BALANCE - 1.0)
    ternary = np.array([known.neutrals for known in data.sets])[set_of]
    strength = np.array([_BEGINNING if name.startswith("~") else 1.0 for name in matrix.names], dtype=np.float64)
    cuts = np.cumsum([terms, terms, groups, groups, sets])

    penalties = np.full(int(cuts[-1]) + sets, PENALTY)
    penalties[cuts[3] :] *= 1e-3

    def loss(point: Floats) -> tuple[float, Floats]:
        stance, neutral, trust_s, trust_n, constant_s, constant_n = np.split(point, cuts)
        total_s = stance * strength + _product(matrix.prior, trust_s)
        total_n = neutral * strength + _product(matrix.prior, trust_n)
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
            back_s * strength,
            back_n * strength,
            _product(matrix.prior.T, back_s),
            _product(matrix.prior.T, back_n),
            np.bincount(set_of, slope_s, sets),
            np.bincount(set_of, slope_n, sets),
        ]
        return float(value), np.concatenate(slopes) + penalties * point

    # Parameters in units of their own curvature: words occur thrice or in every text, and groups of the prior more.
    half = 0.25 * share
    columns = [part.times(group + 0j).real for group in matrix.prior.T]
    words = part.back(half * part.scale) * strength * strength
    groups_curve = np.array([np.sum(half * column * column) for column in columns])
    sets_curve = np.bincount(set_of, half, sets)
    curve = np.concatenate([words, words, groups_curve, groups_curve, sets_curve, sets_curve])
    unit = 1.0 / np.sqrt(curve + penalties)

    def scaled(point: Floats) -> tuple[float, Floats]:
        value, slope = loss(point * unit)
        return value, slope * unit

    found = minimise(scaled, np.zeros(len(penalties)), _STEPS) * unit
    stance, neutral, trust_s, trust_n = np.split(found, cuts)[:4]
    total_s = stance * strength + _product(matrix.prior, trust_s)
    total_n = neutral * strength + _product(matrix.prior, trust_n)
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
