"""Takes a score by the crowd model apart: what each word, character and sign adds to its stance logit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from core.sentiment.base import Contribution
from core.sentiment.features import (
    Kind,
    Part,
    counts,
    han_grams,
    han_runs,
    is_market,
    item_features,
    items_of,
    parts,
)
from core.sentiment.tone import general_tones, tone_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    shares = shares_of(stances, found)
    of_length, of_tickers = (stances.get(item, 0.0) for item in items[-2:])
    tickers = [i for i, part in enumerate(found) if part.kind == Kind.CASHTAG]
    for i in tickers:
        shares[i] += of_tickers / len(tickers)
    rest = of_length if tickers else of_length + of_tickers
    chunks = [(i, i + 1) for i, part in enumerate(found) if part.kind != Kind.HAN]
    for first, last in han_runs(found):
        chunks += _chunks(stances, found, first, last)
    latin, han = counts(found)
    stance = model.shape.calibration(chinese=han > latin).stance
    factor = stance * model.scale(length)
    made = [_contribution(text, found, shares, factor, first, last) for first, last in sorted(chunks)]
    if model.shape.vader and not any(is_market(part.key) for part in found if part.kind < Kind.HAN):
        made = _with_tone(text, made, stance * model.shape.vader)
    made.append(Contribution(len(text), len(text), "", factor * rest, "length"))
    return [contribution for contribution in made if contribution.value]


def shares_of(stances: Mapping[str, float], found: Sequence[Part]) -> list[float]:
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
    for first, last in han_runs(found):
        for gram in han_grams(found, first, last):
            share = stances.get(gram.item, 0.0) / (gram.end - gram.start)
            for j in range(gram.start, gram.end):
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


def _chunks(stances: Mapping[str, float], found: list[Part], first: int, last: int) -> list[tuple[int, int]]:
    """Cut a Chinese run into pieces of one to three characters: those that say most first, then what they leave."""
    grams = [gram for gram in han_grams(found, first, last) if gram.item in stances]
    free = set(range(first, last))
    made: list[tuple[int, int]] = []
    for gram in sorted(grams, key=lambda gram: (-abs(stances[gram.item]), gram.start)):
        if free.issuperset(places := range(gram.start, gram.end)):
            free.difference_update(places)
            made.append((gram.start, gram.end))
    return [*made, *((i, i + 1) for i in free)]


_NOTES = {Kind.NUMBER: "number", Kind.CASHTAG: "cashtag", Kind.ACCOUNT: "account"}


def _contribution(
    text: str, found: list[Part], shares: list[float], factor: float, first: int, last: int
) -> Contribution:
    part, start, end = found[first], found[first].start, found[last - 1].end
    note = _NOTES.get(part.kind, "negated" if part.negated else "")
    if part.kind == Kind.SIGN:
        note = "punctuation" if part.key.isascii() else "emoji"
    elif part.kind == Kind.HAN and part.negates:
        note = "negated"
    elif part.kind == Kind.HAN and part.key in "0%":
        note = "number"
    return Contribution(start, end, text[start:end], factor * sum(shares[first:last]), note)
