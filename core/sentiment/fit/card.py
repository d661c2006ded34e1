"""The model card: what the model was fitted on, how good it is, and where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.sentiment.crowd import CROWD
from core.sentiment.fit.check import reliability, report, vader_areas
from core.sentiment.fit.data import BULL, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.sentiment.crowd_model import Shape
    from core.sentiment.fit.check import Floats
    from core.sentiment.fit.data import Labelled

# How texts are held out.
ROWS, APART, SET = "rows", "plain rows", "set"
_ECHOES = 0.1  # share of a set's texts with a near-duplicate from which on the two ways by row are told apart

_HEAD = """# Model card: {id}

A linear model of bullish (positive), neutral and bearish (negative) for English, Chinese and mixed text. Written by
`python -m core.sentiment.fit`; nothing in it is edited by hand. {words} words and character n-grams, {pairs} pairs of
words, {size:.2f} MB. Rounding to 8 bits and leaving out the smallest weights moves a score by {moved:.4f} on average.

Stance logit = a (Σ weights / sqrt(size + offset) + v VADER), P = softmax(stance/2, neutral, -stance/2), score =
P(bull) - P(bear); a is {latin:.4g}, in Chinese {chinese:.4g}. VADER's compound counts (v = {vader:g}) in English that
names no ticker and no market word. What is known of neutral counts {neutral:.4g} in English about markets, {general:g}
of that in other English, and {calm:g} in Chinese. Names of platforms and well-known firms have no weight: they are what
is talked about. Within three words, or two Chinese characters, of a negation a word has another weight.

## Fitted on

Each set has constants of its own while fitting, so that its share of bulls is not learnt. Beside the sets, a prior:
our own lists of market words, emoji and everyday words (`prior.txt`) and the valences of vaderSentiment's lexicon
(MIT). The lists say what their writer takes words to mean; no label was counted for them. But the writer had looked at
which words and what kinds of posts the sets hold, so a set "left out" below is a little less than wholly unseen.
{echoes} of {texts} texts have a near-duplicate (MinHash over five-character shingles without names, links and numbers);
a group of near-duplicates never straddles fit and check.

"Weight" is what a text of the set counts while fitting, before sets are brought nearer in size.

| set | what | licence | texts | bull | neutral | bear | weight | use |
|---|---|---|---:|---:|---:|---:|---:|---|
"""

_HOW_GOOD = """
## How good

Area under the ROC curve with 95 % bootstrap intervals, in three ways. "Rows": {folds} folds, near-duplicates kept
together. "Plain rows": {folds} folds, each text by itself, where near-duplicates are many; a part split off at random
would show as much. "Set": nothing of the set (or its kin) was seen. "Off": mean distance between P(bull) among bull and
bear, and what the labels say, over ten bins.

| set | held out | bull or bear | each class against the rest | neutral or not | off | VADER, bull or bear |
|---|---|---|---|---|---:|---:|"""

_LIMITS = """
## What it is bad at

- Sarcasm, irony and jokes ("great, another -10 % day"; "my Chinese spy", 猫税): it adds words up and sees no intent.
- Who is who: "shorts will burn" is bullish, "longs will burn" bearish; beyond pairs of neighbouring words it guesses.
- Negation in English of words seldom denied ("not bullish" stays bullish), or beside what it means ("never buying this
  garbage"); beyond three words, or two Chinese characters; double negation, questions, conditions ("if it breaks 100 I
  buy").
- Sets labelled by another rule than those above (see "left out": that is what to expect of a new source). Neutral
  carries over worst, as each set draws that line elsewhere; the probability of neutral is a rough guide.
- Prose far from markets, film reviews most of all.
- Platforms' alerts ("$X call, underlying: …") are labelled by their template, which changes.
- Languages other than English and Chinese get no score, and no part of a score. Those in Latin letters are told from
  English by their commonest words, so that a few words of one may pass for English.
- Prose is judged after VADER where no market is spoken of; a name that is not on the list still counts as its sets did.
"""


class HeldOut(NamedTuple):
    """The probabilities of texts that the model had not seen."""

    folds: int
    chances: Mapping[str, Floats]  # of all texts, by the way they were held out


def write_card(
    data: Labelled, held_out: HeldOut | None, *, words: int, pairs: int, size: int, moved: float, shape: Shape
) -> str:
    """Return the card."""
    counted = np.bincount(data.group, minlength=len(data.group))
    head = _HEAD.format(
        id=CROWD,
        words=words,
        pairs=pairs,
        size=size / 1e6,
        moved=moved,
        latin=shape.latin.stance,
        chinese=shape.chinese.stance,
        neutral=shape.latin.neutral,
        calm=shape.chinese.neutral,
        vader=shape.vader,
        general=shape.general,
        echoes=int((counted[data.group] > 1).sum()),
        texts=len(data.texts),
    )
    for index, known in enumerate(data.sets):
        labels = data.labels[data.set_of == index]
        shares = " | ".join(str(int((labels == label).sum())) for label in range(3))
        use = "fit" if known.fitted else "check only"
        about = f"`{known.name}` | {known.about} | {known.licence}"
        head += f"| {about} | {len(labels)} | {shares} | {known.weight:g} | {use} |\n"
    if held_out is None:
        return head + "\nNot checked (--no-check).\n" + _LIMITS
    return head + _metrics(data, held_out) + _curves(data, held_out) + _LIMITS


def _metrics(data: Labelled, held_out: HeldOut) -> str:
    lines = [_HOW_GOOD.format(folds=held_out.folds)]
    vader = vader_areas(data)
    counted = np.bincount(data.group, minlength=len(data.group))
    for index, known in enumerate(data.sets):
        for way, chance in held_out.chances.items():
            if way != SET and not known.fitted:
                continue
            if way == APART and np.mean(counted[data.group[data.set_of == index]] > 1) < _ECHOES:
                continue
            found = report(data, index, chance)
            theirs = f"{vader[known.name]:.3f}" if known.name in vader else "-"
            areas = f"{found.polar} | {found.rest} | {found.neutral}"
            lines.append(f"| `{found.name}` | {way} | {areas} | {found.off:.3f} | {theirs} |")
    return "\n".join(lines) + "\n"


def _curves(data: Labelled, held_out: HeldOut) -> str:
    lines = ["\n## Calibration\n", "All sets together, each text counting alike; ten bins of equal count.\n"]
    for way in (ROWS, SET):
        chance = held_out.chances[way]
        rows = data.having([known.fitted for known in data.sets])
        polar = rows & (data.labels != NEUTRAL)
        ternary = rows & data.having([known.neutrals for known in data.sets])
        bull = reliability(data.labels[polar] == BULL, chance[polar, 0] / (chance[polar, 0] + chance[polar, 2]))
        calm = reliability(data.labels[ternary] == NEUTRAL, chance[ternary, 1])
        lines += [
            f"| {way} held out | " + " | ".join(str(i) for i in range(1, 11)) + " |",
            "|---" * 11 + "|",
            "| P(bull), not neutral | " + " | ".join(f"{said:.2f}" for said, _, _ in bull) + " |",
            "| share of bulls | " + " | ".join(f"{seen:.2f}" for _, seen, _ in bull) + " |",
            "| P(neutral) | " + " | ".join(f"{said:.2f}" for said, _, _ in calm) + " |",
            "| share of neutrals | " + " | ".join(f"{seen:.2f}" for _, seen, _ in calm) + " |\n",
        ]
    return "\n".join(lines)
