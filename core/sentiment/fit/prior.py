"""What is expected of words before any text is seen: our own list, and the valences of VADER's lexicon (MIT)."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from core.errors import InputError
from core.resources import resource_path
from core.sentiment.features import fold

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
    every = {name: words for name, words in groups.items() if name != "neutral"}
    chinese = {word: v for name, words in every.items() if name.startswith("zh") for word, v in words.items()}
    for name, words in every.items():
        if name.startswith("zh"):
            negated = {no + word: -v for word, v in words.items() for no in "不没未别" if len(word) <= 2}
            groups[f"negated-{name}"] = {word: v for word, v in negated.items() if word not in chinese}
        else:
            groups[f"negated-{name}"] = {f"¬{word}": -v for word, v in words.items() if _is_word(word)}
        # Words of either sign make a text less neutral.
        groups[f"strong-{name}"] = {word: abs(v) for word, v in words.items()}
    return groups


def _is_word(feature: str) -> bool:
    return feature.isascii() and feature.isalpha()


def _vader() -> dict[str, float]:
    found = find_spec("vaderSentiment")
    if found is None or found.origin is None:
        raise InputError("The package vaderSentiment is missing; its lexicon is needed to fit the model.")
    lexicon = Path(found.origin).parent / "vader_lexicon.txt"
    rows = (line.split("\t") for line in lexicon.read_text(encoding="utf-8").splitlines())
    return {row[0].lower(): float(row[1]) / 2 for row in rows if len(row) > 1}
