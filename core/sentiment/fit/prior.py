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
    """Return the valence of features by group, about -1.5 to 1.5. Negated words have groups of their own."""
    groups: dict[str, dict[str, float]] = {}
    for line in resource_path("sentiment/prior.txt").read_text(encoding="utf-8").splitlines():
        if found := _GROUP.fullmatch(line):
            groups[found[1]] = {}
        elif line and not line.startswith("# "):
            strength, *words = line.split()
            groups[list(groups)[-1]].update({fold(word).replace("_", " "): int(strength) / 2 for word in words})
    groups["vader"] = _vader()
    latin = {**groups["vader"], **groups["en"]}
    groups["negated"] = {f"¬{word}": -v for word, v in latin.items() if word.isascii() and word.isalpha()}
    chinese = {**groups["zh"], **groups["zh-market"]}
    groups["negated-zh"] = {
        no + word: -v for word, v in chinese.items() for no in "不没未别" if len(word) <= 2 and no + word not in chinese
    }
    # Words of either sign make a text less neutral.
    groups["strong"] = {word: abs(v) for word, v in groups["en"].items()}
    groups["strong-vader"] = {word: abs(v) for word, v in groups["vader"].items()}
    groups["strong-zh"] = {word: abs(v) for word, v in chinese.items()}
    return groups


def _vader() -> dict[str, float]:
    found = find_spec("vaderSentiment")
    if found is None or found.origin is None:
        raise InputError("The package vaderSentiment is missing; its lexicon is needed to fit the model.")
    lexicon = Path(found.origin).parent / "vader_lexicon.txt"
    rows = (line.split("\t") for line in lexicon.read_text(encoding="utf-8").splitlines())
    return {row[0].lower(): float(row[1]) / 2 for row in rows if len(row) > 1}
