"""vaderSentiment's scores, to the last digit, and the words that made them.

Source: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text",
ICWSM 2014, as implemented in vaderSentiment 3.3.2.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import importlib
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.model import Score, ScorerId
from core.sentiment.base import Contribution, Scorer, pieces
from core.sentiment.foreign import STRONG
from core.sentiment.language import NOT_LATIN, readable_part
from core.sentiment.vader_engine import (
    CAPITALS,
    NEUTRAL,
    UNREAD,
    Tables,
    Vader,
    bare,
    bare_words,
    in_mixed_case,
    punctuation,
    weigh,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The version of vaderSentiment, and of what of a text is given to it.
VADER = ScorerId("vader", "3.3.2+en1")
# A text longer than this is a book, and no post.
MAX_SCORED = 1_000_000
# A retweet stands hundreds of times in a file, mostly near the others; one process meets few other texts twice.
_REMEMBERED_TEXTS = 20_000
_REMEMBERED_LENGTH = 1_000


def tables() -> Tables:
    """Return vaderSentiment's own lexicon, emoji and lists; imported on first use, never at the program's start."""
    library: Any = importlib.import_module("vaderSentiment.vaderSentiment")
    analyzer = library.SentimentIntensityAnalyzer()
    return Tables(
        lexicon=analyzer.lexicon,
        emojis=analyzer.emojis,
        boosters=library.BOOSTER_DICT,
        negations=frozenset(library.NEGATE),
        idioms=library.SPECIAL_CASES,
    )


@functools.cache
def _vader() -> Vader:
    """Return this process's engine; made on first use, as it reads a lexicon of 7,500 words."""
    return Vader(tables(), STRONG)


_ENGLISH = frozenset({"en"})


def english_part(text: str) -> str | None:
    """Return the text with blanks for words that are not English; None where VADER has too little to read."""
    if not 0 < len(text) <= MAX_SCORED or text.isspace():
        return None
    return readable_part(text, _ENGLISH)


def judge(vader: Vader, text: str) -> Score | None:
    """Return the score of what is English in the text, or None where VADER has too little to read."""
    if (text.isascii() or not NOT_LATIN.search(text)) and len(text) <= MAX_SCORED:
        score = vader.score_english(text)
        if score is not None:
            return None if score is UNREAD else score
    part = english_part(text)
    return None if part is None else vader.score(part)


def judge_many(vader: Vader, texts: Sequence[str]) -> list[Score | None]:
    """Return what `judge` does of each text."""
    found: list[Score | None] = []
    for piece in pieces(texts):
        plain, words, firsts, valences = vader.read(piece)
        for i, text in enumerate(piece):
            if not plain[i]:
                found.append(judge(vader, text))
            elif firsts[i] == firsts[i + 1]:
                found.append(NEUTRAL if words[i] else None)
            else:
                found.append(vader.total(text, words[i], valences[firsts[i] : firsts[i + 1]]))
    return found


class _Memory:
    """The scores of the last texts, for all scorers of this process. Any thread may ask."""

    def __init__(self) -> None:
        self._scores: dict[str, Score | None] = {}
        self._lock = threading.Lock()

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        """Return the score of each text."""
        with self._lock:
            if len(self._scores) > _REMEMBERED_TEXTS:
                self._scores.clear()
            new = [text for text in dict.fromkeys(texts) if text not in self._scores]
            found = dict(zip(new, judge_many(_vader(), new), strict=True))
            self._scores.update((text, score) for text, score in found.items() if len(text) <= _REMEMBERED_LENGTH)
            return [found[text] if text in found else self._scores[text] for text in texts]


_memory = _Memory()


class VaderScorer(Scorer):
    """Scores English, and the English part of other posts, as vaderSentiment does; all else gets no score."""

    @property
    def id(self) -> ScorerId:
        """Name and version of vaderSentiment."""
        return VADER

    def score(self, text: str) -> Score | None:
        """Return VADER's compound as `value` and its shares, or None where it cannot judge the text."""
        return judge(_vader(), text)

    def score_many(self, texts: Sequence[str]) -> list[Score | None]:
        """Return what `score` does of each text."""
        return _memory.score_many(texts)

    def explain(self, text: str) -> list[Contribution]:
        """Return the valence of each word as VADER's rules leave it, and the emphasis of punctuation.

        The values add up to VADER's sum before it is normalised: compound = s / sqrt(s² + 15), rounded to 4 digits.
        """
        part = english_part(text)
        made = [] if part is None else _explain(part)
        if part == text:
            return made
        return [dataclasses.replace(found, text=text[found.start : found.end]) for found in made]

    def whole(self, text: str) -> Score:
        """Return vaderSentiment's figures of any text, whatever it is written in; 0.0 all four of an empty one."""
        return _vader().score(text)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as VADER sees it, and where it stands in the text as given."""

    text: str
    start: int
    end: int
    emoji: bool


def _tokens(text: str, emojis: Mapping[str, str]) -> list[_Token]:
    """Return the words of the text with its emoji spelled out, with their places in `text`."""
    spelled: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        piece = emojis.get(char, char)
        spelled.append(piece)
        origin.extend([place] * len(piece))
    tokens: list[_Token] = []
    for found in re.finditer(r"\S+", "".join(spelled)):
        word = bare(found[0])
        first = found.start() + found[0].index(word)
        start, end = origin[first], origin[first + len(word) - 1] + 1
        tokens.append(_Token(word, start, end, any(char in emojis for char in text[start:end])))
    return tokens


def _explain(text: str) -> list[Contribution]:
    vader = _vader()
    tokens = _tokens(text, vader.emojis)
    spelled = vader.spelled(text)
    words = bare_words(spelled)
    places = [place for place, word in enumerate(words) if word in vader.lexicon]
    plain = vader.valences(spelled, words, places)
    final = weigh(plain, bisect.bisect(places, words.index("but"))) if "but" in words else plain
    mixed = in_mixed_case([token.text for token in tokens])
    found: list[Contribution] = []
    for place, before, value in zip(places, plain, final, strict=True):
        if not value:
            continue
        token = tokens[place]
        note = _note(token, vader.lexicon[words[place]], before, value, capitals=mixed and token.text.isupper())
        last = found[-1] if found else None
        if last is not None and token.emoji and (last.start, last.end) == (token.start, token.end):
            # One emoji is spelled out in several words.
            found[-1] = dataclasses.replace(last, value=last.value + value)
        else:
            found.append(Contribution(token.start, token.end, text[token.start : token.end], value, note))
    total = sum(final)
    emphasis = punctuation(spelled)
    marks = re.search(r"[!?]+", text)
    if total and emphasis:
        # Where there is none in the text, it is in the name of an emoji.
        start, end = marks.span() if marks is not None else (len(text), len(text))
        value = emphasis if total > 0 else -emphasis
        found.append(Contribution(start, end, text[start:end], value, "punctuation"))
        found.sort(key=lambda part: part.start)
    return found


def _note(token: _Token, base: float, before: float, value: float, *, capitals: bool) -> str:
    """Say which rules moved a word from its place in the lexicon to its contribution."""
    notes = ["emoji"] if token.emoji else []
    if capitals:
        notes.append("capitals")
        base += CAPITALS if base > 0 else -CAPITALS
    if before * base < 0:
        notes.append("negated")
    elif abs(before) > abs(base) + 1e-9:
        notes.append("boosted")
    elif abs(before) < abs(base) - 1e-9:
        notes.append("dampened")
    if value != before:
        notes.append("before 'but'" if abs(value) < abs(before) else "after 'but'")
    return ", ".join(notes)
