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
from core.sentiment.base import Contribution, Scorer
from core.sentiment.crowd_model import (
    BREAK,
    HAN,
    NEGATION,
    NONE,
    NUMBER,
    OF_MARKETS,
    PERCENT,
    TICKER,
    Model,
    read_model,
)
from core.sentiment.features import (
    DIRECTED,
    HAN_NEGATIONS,
    SCOPE,
    TOKEN,
    Kind,
    Part,
    fold,
    han_grams,
    han_runs,
    is_market,
    length_item,
    parts,
    read_token,
    size,
    tickers_item,
)
from core.sentiment.foreign import STRONG
from core.sentiment.language import parts as language_parts
from core.sentiment.language import readable_part
from core.sentiment.vader import VaderScorer

if TYPE_CHECKING:
    from collections.abc import Callable

CROWD = ScorerId("crowd", "1.1")
ARTEFACT = "sentiment/crowd.model"
_LANGUAGES = frozenset({"en", "zh"})
# Where none of these stands, there is no script but Latin and Chinese.
_ELSEWHERE = re.compile(
    r"[^\x00-\u024f\u2000-\u2bff\u3000-\u303f\u3400-\u9fff\ufe0f\uff00-\uff65\ufffd\U0001f000-\U0001faff]"
)
_PLAIN_WORD = re.compile(r"(?:^| )[A-Za-z\u3400-\u9fff]+(?: |$)")


def _han(run: str, get: Callable[[str], complex | None]) -> complex:
    """Return the sum over all runs of one to three characters; most are unknown, which `filter` drops."""
    twos = list(map(add, run, run[1:]))
    return sum(filter(None, map(get, chain(run, twos, map(add, twos, run[2:])))), NONE)


def _total(model: Model, chunks: list[str]) -> tuple[complex, bool]:  # noqa: C901, PLR0912 (every call costs)
    """Return the weighted sum of a folded text cut at its blanks, and whether the text speaks of markets.

    Says what `parts` says, without making anything that only an explanation needs.
    """
    get = model.weights.get
    total = NONE
    run = ""
    before = None
    latin = han = scope = tickers = 0
    of_markets = False
    for kind, weight, after, place, negated, key in chain.from_iterable(map(model.chunks.__getitem__, chunks)):
        if kind or run:
            if kind == HAN:
                run += key
                before, scope = None, 0
                continue
            if run:
                if NUMBER <= kind <= PERCENT:
                    run += "%" if kind == PERCENT else "0"
                    if key in DIRECTED:
                        total += weight
                    continue
                han += len(run)
                total += _han(run, get)
                run = ""
            if kind >= BREAK:
                if kind == BREAK:
                    scope = 0
                continue
            if kind == TICKER:
                tickers += 1
            of_markets = of_markets or kind in OF_MARKETS
        latin += 1
        total += weight
        if scope and negated is not None:
            total += negated
            scope -= 1
        if kind == NEGATION:
            scope = SCOPE
        if before is not None and (both := before.get(place)):
            total += both
        before = after
    if run:
        han += len(run)
        total += _han(run, get)
    extra, scale = model.frames[latin, han, tickers]
    return (total + extra) * scale, of_markets


@functools.cache
def _vader() -> VaderScorer:
    return VaderScorer()


def general_tone(text: str) -> float:
    """Return VADER's compound of a text that speaks of no market; 0 where it cannot judge the text."""
    score = _vader().score(text)
    return score.value if score else 0.0


def probabilities(model: Model, text: str) -> tuple[float, float, float]:
    """Return P(bull), P(neutral), P(bear)."""
    return _chances(model, text, fold(text).split())


def _chances(model: Model, text: str, chunks: list[str]) -> tuple[float, float, float]:
    total, of_markets = _total(model, chunks)
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


def readable(text: str) -> str | None:
    """Return the text with blanks for words of other languages; None where there is neither word nor emoji to judge."""
    return text if _is_plain(text, fold(text).split()) else _readable(text)


def _is_plain(text: str, chunks: list[str]) -> bool:
    """Whether the text is surely English or Chinese and has words, so that it need not be looked at further."""
    if not text.isascii() and _ELSEWHERE.search(text):
        return False
    # A word between blanks is in no link and no name.
    return STRONG.isdisjoint(chunks) and _PLAIN_WORD.search(text) is not None


def _readable(text: str) -> str | None:
    part = readable_part(text, _LANGUAGES)
    if part is None or language_parts(part) or any(_is_emoji(token) for token in TOKEN.findall(fold(part))):
        return part
    return None


def _is_emoji(token: str) -> bool:
    return read_token(token).kind == Kind.SIGN and not token.isascii()


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
        chunks = fold(text).split()
        if not _is_plain(text, chunks):
            part = _readable(text)
            if part is None:
                return None
            text, chunks = part, fold(part).split()
        bull, neutral, bear = _chances(self._own or _model(), text, chunks)
        return Score(bull - bear, bull, neutral, bear)

    def explain(self, text: str) -> list[Contribution]:
        """Return what each word adds to the stance logit, log(P(bull) / P(bear)); the values sum to it.

        What two neighbours add together is split evenly between them, in Chinese between the characters, which are
        then joined to the one to three characters that say most. What the number of tickers adds is split between
        them; what the length adds stands at the end, as nothing in the text does it.
        """
        part = readable(text)
        made = [] if part is None else _explain(self._own or _model(), part)
        if part == text:
            return made
        return [dataclasses.replace(found, text=text[found.start : found.end]) for found in made]


def _explain(model: Model, text: str) -> list[Contribution]:
    found = parts(text)
    runs = han_runs(found)
    han = sum(last - first for first, last in runs)
    latin = sum(part.kind < Kind.HAN for part in found)
    tickers = [i for i, part in enumerate(found) if part.kind == Kind.CASHTAG]
    shares = _shares(model, found, runs)
    for i in tickers:
        shares[i] += model.weight(tickers_item(len(tickers))).real / len(tickers)
    rest = model.weight(length_item(latin, han)).real + (0.0 if tickers else model.weight(tickers_item(0)).real)
    chunks = [(i, i + 1) for i, part in enumerate(found) if part.kind != Kind.HAN]
    for first, last in runs:
        chunks += [(first + i, first + j) for i, j in _chunks(model, "".join(part.key for part in found[first:last]))]
    factor = model.shape.stance * model.scale(size(latin, han))
    made = list(starmap(functools.partial(_contribution, text, found, shares, factor), sorted(chunks)))
    if model.shape.vader and not any(is_market(part.key) for part in found if part.kind < Kind.HAN):
        made = _with_tone(text, made, model.shape.stance * model.shape.vader)
    made.append(Contribution(len(text), len(text), "", factor * rest, "length"))
    return [contribution for contribution in made if contribution.value]


def _shares(model: Model, found: list[Part], runs: list[tuple[int, int]]) -> list[float]:
    """Return what stands at each part; what two words or several characters say together is split among them."""
    shares = [sum(model.weight(item).real for item in part.items) for part in found]
    before = -1
    for i, part in enumerate(found):
        if part.paired:
            half = model.pair(part.paired).real / 2
            shares[i] += half
            shares[before] += half
        if part.kind < Kind.HAN:
            before = i
    for first, last in runs:
        run = "".join(part.key for part in found[first:last])
        for i, gram in han_grams(run):
            share = model.weights.get(gram, NONE).real / len(gram)
            for j in range(first + i, first + i + len(gram)):
                shares[j] += share
    return shares


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
        note = "punctuation" if part.key.isascii() else "emoji"
    elif part.kind == Kind.HAN and (text[start] in HAN_NEGATIONS or (first and _negates(found, first))):
        note = "negated"
    elif part.kind == Kind.HAN and part.key in "0%":
        note = "number"
    return Contribution(start, end, text[start:end], factor * sum(shares[first:last]), note)


def _negates(found: list[Part], first: int) -> bool:
    before = found[first - 1]
    return before.kind == Kind.HAN and before.key in HAN_NEGATIONS
