"""Takes a score by the crowd model apart: what each word, character and sign adds to its stance logit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from core.sentiment.base import Contribution
from core.sentiment.features import (
    HAN_NEGATIONS,
    Kind,
    Part,
    han_grams,
    han_runs,
    is_market,
    item_features,
    items_of,
    parts,
)
from core.sentiment.tone import general_tones, tone_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.sentiment.crowd_model import Model


def explain(model: Model, text: str) -> list[Contribution]:
    """Return what each part of the text adds; the values sum to the stance logit.

    What two neighbours add together is split evenly between them, in Chinese between the characters, which are then
    joined to the one to three characters that say most. What the number of tickers adds is split between them; what
    the length adds stands at the end, as nothing in the text does it.
    """
    found = parts(text)
    items, length = items_of(found)
    every = model.weights_of(feature for item in items for feature in item_features(item))
    stances = {feature: weight.real for feature, weight in every.items()}
    runs = han_runs(found)
    shares = _shares(stances, found, runs)
    of_length, of_tickers = (stances.get(item, 0.0) for item in items[-2:])
    tickers = [i for i, part in enumerate(found) if part.kind == Kind.CASHTAG]
    for i in tickers:
        shares[i] += of_tickers / len(tickers)
    rest = of_length if tickers else of_length + of_tickers
    chunks = [(i, i + 1) for i, part in enumerate(found) if part.kind != Kind.HAN]
    for first, last in runs:
        run = "".join(part.key for part in found[first:last])
        chunks += [(first + i, first + j) for i, j in _chunks(stances, run)]
    factor = model.shape.stance * float(model.scale(length))
    made = [_contribution(text, found, shares, factor, first, last) for first, last in sorted(chunks)]
    if model.shape.vader and not any(is_market(part.key) for part in found if part.kind < Kind.HAN):
        made = _with_tone(text, made, model.shape.stance * model.shape.vader)
    made.append(Contribution(len(text), len(text), "", factor * rest, "length"))
    return [contribution for contribution in made if contribution.value]


def _shares(stances: Mapping[str, float], found: list[Part], runs: list[tuple[int, int]]) -> list[float]:
    """Return what stands at each part; what two words or several characters say together is split among them."""
    shares = [sum(stances.get(feature, 0.0) for feature in part.features) for part in found]
    before = -1
    for i, part in enumerate(found):
        if part.paired:
            half = stances.get(part.paired, 0.0) / 2
            shares[i] += half
            shares[before] += half
        if part.kind < Kind.HAN:
            before = i
    for first, last in runs:
        run = "".join(part.key for part in found[first:last])
        for i, gram in han_grams(run):
            share = stances.get(gram, 0.0) / len(gram)
            for j in range(first + i, first + i + len(gram)):
                shares[j] += share
    return shares


def _with_tone(text: str, made: list[Contribution], factor: float) -> list[Contribution]:
    """Add what VADER says, shared out as VADER's own explanation shares it, to the words that stand there."""
    tone = factor * general_tones([text])[0]
    theirs = tone_parts(text) if tone else []
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


def _chunks(stances: Mapping[str, float], run: str) -> list[tuple[int, int]]:
    """Cut a Chinese run into pieces of one to three characters: those that say most first, then what they leave."""
    grams = [(abs(stances[gram]), i, i + len(gram)) for i, gram in han_grams(run) if gram in stances]
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
