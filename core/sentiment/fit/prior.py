"""What is expected of words before any text is seen: our own list, and the valences of VADER's lexicon (MIT)."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from core.errors import InputError
from core.resources import resource_path
from core.sentiment.features import LONGEST_GRAM, NEGATED, fold

# Whoever writes 没涨停 mostly hopes for 涨停: a negation does not turn these words round.
_UNDENIED = "zh-market"
_GROUP = re.compile(r"\[([a-z-]+)\]")


def read_prior() -> dict[str, dict[str, float]]:
    """Return the valence of features by group, about -1.5 to 1.5. Negated words have groups of their own.

    How much each group counts is left to the fit: it is trusted for stance as far as the labels agree, and for neutral.
    """
    groups: dict[str, dict[str, float]] = {}
    for line in resource_path("sentiment/prior.txt").read_text(encoding="utf-8").splitlines():
        if found := _GROUP.fullmatch(line):
            groups[found[1]] = {}
        elif line and not line.startswith("# "):
            strength, *words = line.split()
            groups[list(groups)[-1]].update({fold(word).replace("_", " "): int(strength) / 2 for word in words})
    groups["vader"] = _vader()
    for name, words in [(name, words) for name, words in groups.items() if name != "neutral"]:
        if name != _UNDENIED:
            groups[f"negated-{name}"] = {f"{NEGATED}{word}": -v for word, v in words.items() if _may_be_negated(word)}
        # Words of either sign make a text less neutral.
        groups[f"strong-{name}"] = {word: abs(v) for word, v in words.items()}
    return groups


def _may_be_negated(feature: str) -> bool:
    return feature.isalpha() and (feature.isascii() or len(feature) <= LONGEST_GRAM)


def _vader() -> dict[str, float]:
    found = find_spec("vaderSentiment")
    if found is None or found.origin is None:
        raise InputError("The package vaderSentiment is missing; its lexicon is needed to fit the model.")
    lexicon = Path(found.origin).parent / "vader_lexicon.txt"
    rows = (line.split("\t") for line in lexicon.read_text(encoding="utf-8").splitlines())
    return {row[0].lower(): float(row[1]) / 2 for row in rows if len(row) > 1}
