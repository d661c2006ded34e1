"""How good a fitted model is: on rows it has not seen, and on whole sets it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from core.sentiment import tone
from core.sentiment.crowd_model import Calibration
from core.sentiment.features import Kind, counts, is_market, parts
from core.sentiment.fit.data import BEAR, BULL, NEUTRAL, Labelled, folds
from core.sentiment.fit.train import Matrix, fit, minimise, softmax
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Sums = NDArray[np.complex128]

_RESAMPLES = 100


def area(positive: NDArray[np.bool_], score: Floats) -> float:
    """Return the area under the ROC curve: the chance that a positive stands above a negative, ties counting half."""
    ups = int(positive.sum())
    downs = len(positive) - ups
    if not ups or not downs:
        return float("nan")
    values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse] if len(values) else score
    return float((ranks[positive].sum() - ups * (ups + 1) / 2) / (ups * downs))


class Figure(NamedTuple):
    """A metric and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return "-" if np.isnan(self.value) else f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def figure(metric: Callable[[NDArray[np.int64]], float], count: int) -> Figure:
    """Return a metric of row numbers with its interval; the resamples are the same in every run."""
    random = np.random.default_rng(count)
    drawn = [metric(random.integers(0, count, count)) for _ in range(_RESAMPLES)] if count else [float("nan")]
    low, high = np.nanquantile(drawn, [0.025, 0.975]) if not np.isnan(drawn).all() else (float("nan"),) * 2
    return Figure(metric(np.arange(count)), float(low), float(high))


class Kinds(NamedTuple):
    """How scoring tells texts apart."""

    of_markets: NDArray[np.bool_]
    chinese: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Return the kinds of texts."""
        every = [parts(text) for text in texts]
        markets = [any(is_market(part.key) for part in found if part.kind < Kind.HAN) for found in every]
        chinese = [han > latin for latin, han in map(counts, every)]
        return cls(np.array(markets, np.bool_), np.array(chinese, np.bool_))


class General(NamedTuple):
    """What scoring does where no market is spoken of.

    VADER's compound, times `vader`, is added to the stance sum, and in Latin texts the neutral sum is multiplied by
    `calm`.
    """

    vader: float
    calm: float

    def applied(self, data: Labelled, kinds: Kinds, *every: Sums) -> list[Sums]:
        """Return sums, each of all texts, as scoring has them."""
        general = np.flatnonzero(~kinds.of_markets)
        tones = np.zeros(len(data.texts))
        tones[general] = tone.general_tones([data.texts[i] for i in general])
        factors = np.where(kinds.of_markets | kinds.chinese, 1.0, self.calm)
        return [sums.real + self.vader * tones + 1j * factors * sums.imag for sums in every]


def chances(sums: Sums, kinds: Kinds, latin: Calibration, chinese: Calibration) -> Floats:
    """Return the probabilities of bull, neutral and bear, one row a text."""
    stance, neutral, constant = np.where(kinds.chinese, *(np.array(each)[:, None] for each in (chinese, latin)))
    return softmax(stance * sums.real, neutral * sums.imag + constant)[0]


def calibrate(data: Labelled, sums: Sums, wanted: NDArray[np.bool_], *, counted: float | None = None) -> Calibration:
    """Return what makes the sums of unseen texts into probabilities that are right on average.

    A set counts by the root of its weight, whatever its size. What multiplies the neutral sums is found as well,
    unless it is given as `counted`.
    """
    rows = np.flatnonzero(wanted)
    set_of, labels = data.set_of[rows], data.labels[rows]
    weights = np.sqrt([known.weight for known in data.sets]) / np.bincount(data.set_of)
    share = weights[set_of]
    sums = sums[rows]
    ternary = np.array([known.neutrals for known in data.sets])[set_of]

    def loss(point: Floats) -> tuple[float, Floats]:
        factor = float(point[2]) if counted is None else counted
        neutral = np.where(ternary, factor * sums.imag + point[1], -1e3)
        chance, logs = softmax(point[0] * sums.real, neutral)
        slope_s = share * 0.5 * (chance[:, 0] - chance[:, 2] - (labels == BULL) + (labels == BEAR))
        slope_n = share * (chance[:, 1] - (labels == NEUTRAL)) * ternary
        slopes = [np.sum(slope_s * sums.real), np.sum(slope_n), np.sum(slope_n * sums.imag)]
        return float(-np.sum(share * np.choose(labels, logs.T))), np.array(slopes if counted is None else slopes[:2])

    found = minimise(loss, np.array([1.0, -1.0, 1.0] if counted is None else [1.0, -1.0]), 100)
    neutral = float(found[2]) if counted is None else counted
    return Calibration(round(float(found[0]), 4), round(neutral, 4), round(float(found[1]), 4))


def by_row(matrix: Matrix, data: Labelled, count: int, *, apart: bool = False) -> tuple[Sums, NDArray[np.bool_]]:
    """Return each text's sum from the model that did not see it; one model for each of so many folds.

    Near-duplicates are not seen either, unless each text is taken `apart`: so are sets parted that others have made.
    """
    fold_of = np.random.default_rng(count).integers(0, count, len(data.texts)) if apart else folds(data, count)
    fitted_on = data.having([known.fitted for known in data.sets])
    sums = np.zeros(len(data.texts), dtype=np.complex128)
    for k in range(count):
        held = fold_of == k
        sums[held] = matrix.rows(held).times(fit(matrix, data, fitted_on & ~held).weights)
    return sums, fitted_on


def by_set(matrix: Matrix, data: Labelled) -> tuple[Sums, NDArray[np.bool_]]:
    """Return each text's sum from the model that saw nothing of its set, its set's kin, or any near-duplicate."""
    sums = np.zeros(len(data.texts), dtype=np.complex128)
    fitted_on = data.having([known.fitted for known in data.sets])
    for kin in dict.fromkeys(known.kin or known.name for known in data.sets if known.fitted):
        held = data.having([(known.kin or known.name) == kin for known in data.sets])
        echoes = np.isin(data.group, data.group[held])
        sums[held] = matrix.rows(held).times(fit(matrix, data, fitted_on & ~held & ~echoes).weights)
    checked = data.having([not known.fitted for known in data.sets])
    if checked.any():
        echoes = np.isin(data.group, data.group[checked])
        sums[checked] = matrix.rows(checked).times(fit(matrix, data, fitted_on & ~echoes).weights)
    return sums, np.ones(len(data.texts), dtype=np.bool_)


@dataclass(frozen=True)
class Report:
    """The metrics of one set: of bull against bear, of each class against the rest, and how far off the chances are."""

    name: str
    count: int
    polar: Figure
    rest: Figure
    neutral: Figure
    off: float  # mean distance of P(bull | bull or bear) from what happened, over ten equally filled bins


def report(data: Labelled, index: int, every: Floats) -> Report:
    """Return the metrics of one set from the chances of all texts."""
    rows = data.set_of == index
    labels, chance = data.labels[rows], every[rows]
    stance = chance[:, 0] - chance[:, 2]
    polar = labels != NEUTRAL
    bulls, polar_stance = labels[polar] == BULL, stance[polar]

    def rest(drawn: NDArray[np.int64]) -> float:
        return float(np.mean([area(labels[drawn] == label, chance[drawn, label]) for label in (BULL, NEUTRAL, BEAR)]))

    missing = Figure(float("nan"), float("nan"), float("nan"))
    ternary = data.sets[index].neutrals
    curve = reliability(bulls, chance[polar, 0] / (chance[polar, 0] + chance[polar, 2]))
    return Report(
        data.sets[index].name,
        int(rows.sum()),
        figure(lambda drawn: area(bulls[drawn], polar_stance[drawn]), len(bulls)),
        figure(rest, len(labels)) if ternary else missing,
        figure(lambda drawn: area(labels[drawn] == NEUTRAL, chance[drawn, 1]), len(labels)) if ternary else missing,
        sum(abs(said - seen) * n for said, seen, n in curve) / max(1, sum(n for _, _, n in curve)),
    )


def reliability(happened: NDArray[np.bool_], chance: Floats, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean chance, share that happened, count) of equally filled bins."""
    order = np.argsort(chance, kind="stable")
    return [
        (float(chance[part].mean()), float(happened[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    ]


def vader_areas(data: Labelled) -> dict[str, float]:
    """Return VADER's area of bull against bear on the sets that it can read."""
    scorer = VaderScorer()
    found: dict[str, float] = {}
    for index, known in enumerate(data.sets):
        if known.name.startswith("zh_"):
            continue
        rows = np.flatnonzero((data.set_of == index) & (data.labels != NEUTRAL))
        scores = scorer.score_many([data.texts[i] for i in rows])
        values = np.array([score.value if score else 0.0 for score in scores])
        found[known.name] = area(data.labels[rows] == BULL, values)
    return found
