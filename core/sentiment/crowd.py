"""Bullish or bearish, for English, Chinese and mixed text: a linear model whose every score can be taken apart.

With w(f) the weight of a feature, s a factor that shrinks with the text's length, and the sum over all features,

    stance logit = a (s Σ w_stance(f) + v VADER) = log(P(bull) / P(bear)),
    neutral logit = b s Σ w_neutral(f) + constant,

and P(bull), P(neutral), P(bear) are the softmax of (stance/2, neutral, -stance/2). The score is P(bull) - P(bear).
VADER's compound counts in English that speaks of no market (`is_market`), where it is the better judge; elsewhere
v is 0. A text without a known word has stance 0. `explain` takes the stance logit apart.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from itertools import chain, starmap
from operator import add
from typing import TYPE_CHECKING

from core.model import Score, ScorerId
from core.resources import resource_path
from core.sentiment.base import Contribution
from core.sentiment.crowd_model import BREAK, NONE, NUMBER, SKIP, Model, read_model
from core.sentiment.features import (
    HAN_NEGATIONS,
    SCOPE,
    TOKEN,
    Kind,
    Part,
    fold,
    han_grams,
    han_runs,
    is_market,
    parts,
    size,
)
from core.sentiment.language import language
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Callable

CROWD = ScorerId("crowd", "1.0")
ARTEFACT = "sentiment/crowd.model"
_PLAIN_WORD = re.compile(r"(?:^| )[A-Za-z]+(?: |$)")
_LINKS = ("http://", "https://", "www.")


def _han(run: str, get: Callable[[str], complex | None]) -> complex:
    """Return the sum over all runs of one to three characters; most are unknown, which `filter` drops."""
    twos = list(map(add, run, run[1:]))
    return sum(filter(None, map(get, chain(run, twos, map(add, twos, run[2:])))), NONE)


def _total(model: Model, text: str) -> tuple[complex, bool]:  # noqa: C901, PLR0912 (every call costs)
    """Return the weighted sum, and whether the text speaks of markets.

    Says what `parts` says, without making anything that only an explanation needs.
    """
    met, pair, get = model.words.get, model.pairs.get, model.weights.get
    total = NONE
    run = ""
    before = latin = han = scope = 0
    of_markets = False
    for token in TOKEN.findall(fold(text)):
        word = met(token)
        if word is None:
            first = token[0]
            if "\u3400" <= first <= "\u9fff":
                run += token
                before = scope = 0
                continue
            # Links and accounts are all different and all alike: not to be remembered one by one.
            known = "@a" if first == "@" and len(token) > 1 else "www.a" if token.startswith(_LINKS) else token
            word = model.words[known]
        weight, left, right, kind, negated, negates, market, key = word
        if kind == NUMBER and run:
            run += "%" if key[-1] == "%" else "0"
            if key in {"#+%", "#-%"}:
                total += weight
            continue
        if run:
            han += len(run)
            total += _han(run, get)
            run = ""
        if kind == BREAK:
            scope = 0
            continue
        if kind == SKIP:
            continue
        latin += 1
        total += weight
        if market:
            of_markets = True
        if scope and (negated or key[0].isalpha()):
            total += negated
            scope -= 1
        if negates:
            scope = SCOPE
        if before and right and (both := pair(before + right)):
            total += both
        before = left
    if run:
        han += len(run)
        total += _han(run, get)
    return total * model.scale(size(latin, han)), of_markets


@functools.cache
def _vader() -> VaderScorer:
    return VaderScorer()


def general_tone(text: str) -> float:
    """Return VADER's compound of a text that speaks of no market; 0 where it cannot judge the text."""
    score = _vader().score(text)
    return score.value if score else 0.0


def probabilities(model: Model, text: str) -> tuple[float, float, float]:
    """Return P(bull), P(neutral), P(bear)."""
    total, of_markets = _total(model, text)
    shape = model.shape
    stance = total.real
    if not of_markets and shape.vader:
        stance += shape.vader * general_tone(text)
    half = 0.5 * shape.stance * stance
    neutral = shape.neutral * total.imag + shape.constant
    top = max(half, -half, neutral)
    bull, calm, bear = math.exp(half - top), math.exp(neutral - top), math.exp(-half - top)
    whole = bull + calm + bear
    return bull / whole, calm / whole, bear / whole


@functools.cache
def _model() -> Model:
    """Return this process's model, read on first use."""
    return read_model(resource_path(ARTEFACT))


def readable(text: str) -> bool:
    """Whether the model can judge `text`: there are words in it, and most are Latin or Chinese."""
    # A word between blanks is in no link and no name: most posts in English need not be looked at further.
    if text.isascii() and _PLAIN_WORD.search(text):
        return True
    return language(text) in {"en", "zh"}


class CrowdScorer:
    """Scores stance in English, Chinese and mixed text; other scripts and texts without words get no score."""

    def __init__(self, model: Model | None = None) -> None:
        self._own = model

    @property
    def id(self) -> ScorerId:
        """Name and version of the model."""
        return CROWD

    def score(self, text: str, lang: str = "") -> Score | None:  # noqa: ARG002 (the script decides, not the claim)
        """Return P(bull) - P(bear) as `value`; `pos`, `neu`, `neg` are P(bull), P(neutral) and P(bear)."""
        if not readable(text):
            return None
        bull, neutral, bear = probabilities(self._own or _model(), text)
        return Score(bull - bear, bull, neutral, bear)

    def explain(self, text: str, lang: str = "") -> list[Contribution]:  # noqa: ARG002 (as above)
        """Return what each word adds to the stance logit, log(P(bull) / P(bear)); the values sum to it.

        What two neighbours add together is split evenly between them, in Chinese between the characters, which are
        then joined to the one to three characters that say most.
        """
        return _explain(self._own or _model(), text) if readable(text) else []


def _explain(model: Model, text: str) -> list[Contribution]:
    found = parts(text)
    shares = [sum(model.weights.get(feature, NONE).real for feature in part.features) for part in found]
    before = -1
    for i, part in enumerate(found):
        if part.paired:
            half = model.pair(part.paired).real / 2
            shares[i] += half
            shares[before] += half
        if part.kind < Kind.HAN:
            before = i
    runs = han_runs(found)
    chunks = [(i, i + 1) for i, part in enumerate(found) if part.kind != Kind.HAN]
    for first, last in runs:
        run = "".join(part.key for part in found[first:last])
        for width in (2, 3):
            for i in range(len(run) - width + 1):
                share = model.weights.get(run[i : i + width], NONE).real / width
                for j in range(first + i, first + i + width):
                    shares[j] += share
        chunks += [(first + i, first + j) for i, j in _chunks(model, run)]
    han = sum(last - first for first, last in runs)
    latin = sum(part.kind < Kind.HAN for part in found)
    factor = model.shape.stance * model.scale(size(latin, han))
    made = list(starmap(functools.partial(_contribution, text, found, shares, factor), sorted(chunks)))
    if model.shape.vader and not any(is_market(part.key) for part in found if part.kind < Kind.HAN):
        made = _with_tone(text, made, model.shape.stance * model.shape.vader)
    return [contribution for contribution in made if contribution.value]


def _with_tone(text: str, made: list[Contribution], factor: float) -> list[Contribution]:
    """Add what VADER says, shared out as VADER's own explanation shares it, to the words that stand there."""
    tone = factor * general_tone(text)
    theirs = _vader().explain(text) if tone else []
    whole = sum(part.value for part in theirs)
    if not whole:
        return [*made, Contribution(len(text), len(text), "", tone, "tone")]
    for part in theirs:
        value = tone * part.value / whole
        for i, own in enumerate(made):
            if own.start < part.end and part.start < own.end:
                made[i] = dataclasses.replace(own, value=own.value + value, note=own.note or part.note)
                break
        else:
            made.append(Contribution(part.start, part.end, part.text, value, part.note))
    return sorted(made, key=lambda part: part.start)


def _chunks(model: Model, run: str) -> list[tuple[int, int]]:
    """Cut a Chinese run into pieces of one to three characters: those that say most first, then what they leave."""
    grams = [(abs(weight.real), i, i + len(gram)) for i, gram in han_grams(run) if (weight := model.weights.get(gram))]
    free = [True] * len(run)
    made: list[tuple[int, int]] = []
    for _, start, end in sorted(grams, key=lambda gram: (-gram[0], gram[1])):
        if all(free[start:end]):
            free[start:end] = [False] * (end - start)
            made.append((start, end))
    return [*made, *((i, i + 1) for i, alone in enumerate(free) if alone)]


_NOTES = {Kind.NUMBER: "number", Kind.CASHTAG: "cashtag", Kind.ACCOUNT: "account"}


def _contribution(
    text: str, found: list[Part], shares: list[float], factor: float, first: int, last: int
) -> Contribution:
    part, start, end = found[first], found[first].start, found[last - 1].end
    note = _NOTES.get(part.kind, "negated" if part.negated else "")
    if part.kind == Kind.SIGN:
        note = "punctuation" if part.key[0] in "!?" else "emoji"
    elif part.kind == Kind.HAN and (text[start] in HAN_NEGATIONS or (first and _negates(found, first))):
        note = "negated"
    elif part.kind == Kind.HAN and part.key in "0%":
        note = "number"
    return Contribution(start, end, text[start:end], factor * sum(shares[first:last]), note)


def _negates(found: list[Part], first: int) -> bool:
    before = found[first - 1]
    return before.kind == Kind.HAN and before.key in HAN_NEGATIONS
