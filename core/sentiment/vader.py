"""vaderSentiment's scores, to the last digit, and the words that made them.

Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM 2014, as implemented in vaderSentiment 3.3.2.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import re
import string
from dataclasses import dataclass
from typing import Any

from core.model import Score, ScorerId
from core.sentiment.base import Contribution
from core.sentiment.language import language

VADER = ScorerId("vader", "3.3.2")
# VADER's time grows with the square of the length; no platform lets anybody post more than this.
MAX_SCORED = 50_000


def _vader() -> Any:
    """Return the library; imported on first use, never at the program's start."""
    return importlib.import_module("vaderSentiment.vaderSentiment")


@functools.cache
def _analyzer() -> Any:
    """Return this process's analyzer; made on first use, as it reads a lexicon of 7,500 words."""
    return _vader().SentimentIntensityAnalyzer()


def readable(text: str) -> bool:
    """Whether VADER can judge `text`: there is some, it is no book, and most of it is no other script."""
    return not text.isspace() and 0 < len(text) <= MAX_SCORED and language(text) in {"en", ""}


# A retweet stands hundreds of times in a file, mostly near the others; one process meets few other texts twice.
@functools.lru_cache(maxsize=20_000)
def _scores(text: str) -> Score | None:
    if not readable(text):
        return None
    found: dict[str, float] = _analyzer().polarity_scores(text)
    return Score(found["compound"], found["pos"], found["neu"], found["neg"])


class VaderScorer:
    """Scores English with vaderSentiment's own analyzer; Chinese, other scripts and empty texts get no score."""

    @property
    def id(self) -> ScorerId:
        """Name and version of vaderSentiment."""
        return VADER

    def score(self, text: str, lang: str = "") -> Score | None:  # noqa: ARG002 (the script decides, not the claim)
        """Return VADER's compound as `value` and its shares, or None where it cannot judge the text."""
        return _scores(text)

    def explain(self, text: str, lang: str = "") -> list[Contribution]:  # noqa: ARG002 (as above)
        """Return the valence of each word as VADER's rules leave it, and the emphasis of punctuation.

        The values add up to VADER's sum before it is normalised: compound = s / sqrt(s² + 15), rounded to 4 digits.
        """
        return _explain(text) if readable(text) else []


@dataclass(frozen=True, slots=True)
class _Word:
    """A token as VADER sees it, and where it stands in the text as given."""

    text: str
    start: int
    end: int
    emoji: bool


def _words(text: str, emojis: dict[str, str]) -> tuple[str, list[_Word]]:
    """Return the text with emoji spelled out as VADER does it, and its tokens with their places in `text`."""
    spelled: list[str] = []
    origin: list[int] = []
    after_blank = True
    for place, char in enumerate(text):
        piece = emojis.get(char)
        if piece is None:
            after_blank = char == " "
            piece = char
        else:
            piece = piece if after_blank else f" {piece}"
            after_blank = False
        spelled.append(piece)
        origin.extend([place] * len(piece))
    whole = "".join(spelled)
    words: list[_Word] = []
    for token in re.finditer(r"\S+", whole):
        word, first = token[0], token.start()
        # VADER's own rule: punctuation goes, unless little is left, which was an emoticon.
        if len(bare := word.strip(string.punctuation)) > 2:
            first += len(word) - len(word.lstrip(string.punctuation))
            word = bare
        start, end = origin[first], origin[first + len(word) - 1] + 1
        words.append(_Word(word, start, end, any(char in emojis for char in text[start:end])))
    return whole.strip(), words


def _explain(text: str) -> list[Contribution]:
    analyzer = _analyzer()
    spelled, words = _words(text, analyzer.emojis)
    boosters = _vader().BOOSTER_DICT
    senti = _vader().SentiText(spelled)
    tokens = [word.text for word in words]
    valences: list[float] = []
    for i, token in enumerate(tokens):
        kind_of = token.lower() == "kind" and tokens[i + 1 : i + 2] and tokens[i + 1].lower() == "of"
        if token.lower() in boosters or kind_of:
            valences.append(0)
        else:
            valences = analyzer.sentiment_valence(0, senti, token, i, valences)
    plain = list(valences)
    valences = analyzer._but_check(tokens, valences)  # noqa: SLF001 (VADER offers no public way to its parts)
    found: list[Contribution] = []
    for word, before, value in zip(words, plain, valences, strict=True):
        if not value:
            continue
        base = analyzer.lexicon[word.text.lower()]
        note = _note(word, base, before, value, capitals=word.text.isupper() and senti.is_cap_diff)
        last = found[-1] if found else None
        if last is not None and word.emoji and (last.start, last.end) == (word.start, word.end):
            # One emoji is spelled out in several words.
            found[-1] = dataclasses.replace(last, value=last.value + value)
        else:
            found.append(Contribution(word.start, word.end, text[word.start : word.end], value, note))
    total = sum(valences)
    emphasis = analyzer._punctuation_emphasis(spelled)  # noqa: SLF001 (as above)
    marks = re.search(r"[!?]+", text)
    if total and emphasis and marks is not None:
        value = emphasis if total > 0 else -emphasis
        found.append(Contribution(marks.start(), marks.end(), marks[0], value, "punctuation"))
        found.sort(key=lambda part: part.start)
    return found


def _note(word: _Word, base: float, before: float, value: float, *, capitals: bool) -> str:
    """Say which rules moved a word from its place in the lexicon to its contribution."""
    notes = ["emoji"] if word.emoji else []
    if capitals:
        notes.append("capitals")
        base += 0.733 if base > 0 else -0.733
    if before * base < 0:
        notes.append("negated")
    elif abs(before) > abs(base) + 1e-9:
        notes.append("boosted")
    elif abs(before) < abs(base) - 1e-9:
        notes.append("dampened")
    if value != before:
        notes.append("before 'but'" if abs(value) < abs(before) else "after 'but'")
    return ", ".join(notes)
