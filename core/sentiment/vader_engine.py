"""VADER's rules, each word looked up once and only words of sentiment judged in context.

The figures are those of vaderSentiment 3.3.2 to the last digit, so its oddities are kept, and every sum and product is
taken in its order. Where a rule below looks wrong, it is the library's; tests/core/sentiment/test_vader_engine.py
compares the two.
"""

from __future__ import annotations

import heapq
import math
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.model import Score

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NEGATED = -0.74  # times the valence
CAPITALS = 0.733  # more, for a word in capitals among others that are not
_NEVER_SO = 1.25
_FADING = (1.0, 0.95, 0.9)  # what is left of a booster one, two and three words away
_ALPHA = 15.0  # compound = s / sqrt(s² + 15)

# Words that change the valence of others by rules of their own.
_RULED = frozenset({"no", "or", "nor", "never", "so", "this", "without", "doubt", "least", "at", "very", "but"})
_PUNCTUATION = string.punctuation
# A process meets the same words again and again; longer ones are mostly addresses, each seen once.
_REMEMBERED_WORDS = 50_000
_REMEMBERED_LENGTH = 40


class Tables(NamedTuple):
    """What vaderSentiment knows of words; `idioms` and `boosters` may hold phrases of several words."""

    lexicon: Mapping[str, float]
    emojis: Mapping[str, str]
    boosters: Mapping[str, float]
    negations: Collection[str]
    idioms: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """Everything about a word that depends on it alone. `valence` is None for a word that the lexicon lacks."""

    lower: str = ""
    valence: float | None = None
    upper: bool = False
    boost: float = 0.0
    negates: bool = False
    stirs: bool = False  # may change the valence of its neighbours, or have its own changed by them
    notable: bool = False  # has a valence or is "but"


_PLAIN = Word()
_PLAIN_UPPER = Word(upper=True)
# Stand before the first word and after the last, where the rules find nothing. The rules pass over a word with a
# valence, so that the missing ones before the first count as having one.
_BEFORE = Word(valence=0.0)
_AFTER = Word()

_UNREAD = Score(0.0, 0.0, 0.0, 0.0)
_NEUTRAL = Score(0.0, 0.0, 1.0, 0.0)


class Words(dict[str, Word]):
    """The words met so far, by the piece of text between blanks; a bounded number of them."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables
        phrases = [phrase.split() for phrase in (*tables.idioms, *tables.boosters) if " " in phrase]
        self._openers = {words[0] for words in phrases}
        self._known = {*tables.lexicon, *tables.boosters, *tables.negations, *_RULED}.union(*phrases)

    def __missing__(self, token: str) -> Word:
        text = bare(token)
        lower = text.lower()
        if lower in self._known or "n't" in lower:
            word = self._look_up(lower, upper=text.isupper())
        else:
            word = _PLAIN_UPPER if text.isupper() else _PLAIN
        if len(token) <= _REMEMBERED_LENGTH:
            if len(self) >= _REMEMBERED_WORDS:
                self.clear()
            self[token] = word
        return word

    def _look_up(self, lower: str, *, upper: bool) -> Word:
        valence = self._tables.lexicon.get(lower)
        boost = self._tables.boosters.get(lower, 0.0)
        negates = lower in self._tables.negations or "n't" in lower
        stirs = bool(boost) or negates or lower in {"no", "so", "this", "least"} or lower in self._openers
        return Word(lower, valence, upper, boost, negates, stirs, valence is not None or lower == "but")


def bare(token: str) -> str:
    """Return the token without the punctuation around it, unless little is left, which was an emoticon."""
    word = token.strip(_PUNCTUATION)
    return word if len(word) > 2 else token


class Vader:
    """Scores any text in time that grows with its length alone."""

    def __init__(self, tables: Tables) -> None:
        self.words = Words(tables)
        self._idioms = tables.idioms
        self._boosters = tables.boosters
        # VADER looks at single characters, so that an emoji of several is several. Each is spelled out as words of its
        # own on the left side only: what follows it without a blank becomes one word with its end.
        self.emojis = {emoji: f" {name}" for emoji, name in tables.emojis.items() if len(emoji) == 1}
        self._no_emoji_in = frozenset(self.emojis).isdisjoint

    def score(self, text: str) -> Score:
        """Return compound as `value` and the shares that are positive, neutral and negative."""
        if not text.isascii() and not self._no_emoji_in(text):
            text = "".join(map(self.emojis.get, text, text))
        words = list(map(self.words.__getitem__, text.split()))
        values = [value for _, value in self.valences(words)]
        if not values:
            return _NEUTRAL if words else _UNREAD
        positive = negative = 0.0
        neutral = len(words) - len(values)
        for value in values:
            if value > 0:
                positive += value + 1  # as a neutral word counts 1
            elif value < 0:
                negative += value - 1
            else:
                neutral += 1
        total = sum(values)
        emphasis = punctuation(text)
        if total > 0:
            total += emphasis
        elif total < 0:
            total -= emphasis
        if positive > -negative:
            positive += emphasis
        elif positive < -negative:
            negative -= emphasis
        size = positive - negative + neutral
        return Score(
            round(total / math.sqrt(total * total + _ALPHA), 4),
            round(positive / size, 3),
            round(neutral / size, 3),
            round(abs(negative) / size, 3),
        )

    def valences(self, words: Sequence[Word]) -> list[tuple[int, float]]:
        """Return place and valence of each word of the lexicon, as all rules leave it."""
        found, but = self.plain_valences(words)
        return found if but is None else weigh(found, but)

    def plain_valences(self, words: Sequence[Word]) -> tuple[list[tuple[int, float]], int | None]:
        """Return place and valence of each word of the lexicon but for the rule of "but", and where that stands."""
        notable = [place for place, word in enumerate(words) if word.notable]
        if not notable:
            return [], None
        capitals = 0 < [word.upper for word in words].count(True) < len(words)
        padded = (_BEFORE, _BEFORE, _BEFORE, *words, _AFTER, _AFTER)
        found: list[tuple[int, float]] = []
        but: int | None = None
        for place in notable:
            third, second, first, word = padded[place : place + 4]
            value = word.valence
            if value is None:
                but = place if but is None else but
                continue
            if first.stirs or word.stirs or second.stirs or third.stirs:
                value = self._in_context(padded[place : place + 6], value, capitals=capitals)
            elif capitals and word.upper:
                value += CAPITALS if value > 0 else -CAPITALS
            found.append((place, value))
        return found, but

    def _in_context(self, window: Sequence[Word], valence: float, *, capitals: bool) -> float:
        """Return the valence of a word from the three before it and the two after it."""
        third, second, first, word, after, _ = window
        if word.lower == "kind" and after.lower == "of":
            return 0.0
        value = valence
        if word.lower == "no" and after.valence is not None:
            value = 0.0
        if "no" in {first.lower, second.lower} or (third.lower == "no" and first.lower in {"or", "nor"}):
            value = valence * NEGATED
        if capitals and word.upper:
            value += CAPITALS if value > 0 else -CAPITALS
        if first.valence is None:
            value = _boosted(value, first, 0, capitals=capitals)
            if first.negates:
                value *= NEGATED
        if second.valence is None:
            value = _boosted(value, second, 1, capitals=capitals)
            if second.lower == "never" and first.lower in {"so", "this"}:
                value *= _NEVER_SO
            elif second.negates and not (second.lower == "without" and first.lower == "doubt"):
                value *= NEGATED
        if third.valence is None:
            value = _boosted(value, third, 2, capitals=capitals)
            # "so" or "this" just before the word is enough, with no "never": the library's own precedence.
            if first.lower in {"so", "this"} or (third.lower == "never" and second.lower in {"so", "this"}):
                value *= _NEVER_SO
            elif third.negates and not (third.lower == "without" and "doubt" in {second.lower, first.lower}):
                value *= NEGATED
            value = self._idiom(value, window)
        if first.lower == "least" and second.lower not in {"at", "very"}:
            value *= NEGATED
        return value

    def _idiom(self, value: float, window: Sequence[Word]) -> float:
        """Return the valence of a phrase around the word in place of its own, and what a phrase before it adds."""
        third, second, first, word, after, then = (word.lower for word in window)
        ending = (f"{first} {word}", f"{second} {first} {word}")
        before = (f"{second} {first}", f"{third} {second} {first}", f"{third} {second}")
        value = next((self._idioms[phrase] for phrase in ending + before if phrase in self._idioms), value)
        for phrase in (f"{word} {after}", f"{word} {after} {then}"):
            value = self._idioms.get(phrase, value)
        for phrase in reversed(before):
            value += self._boosters.get(phrase, 0.0)
        return value


def _boosted(value: float, word: Word, distance: int, *, capitals: bool) -> float:
    """Return the valence with what the booster adds that stands `distance` words further off than the neighbour."""
    boost = word.boost
    if not boost:
        return value
    if value < 0:
        boost = -boost
    if capitals and word.upper:
        boost += CAPITALS if value > 0 else -CAPITALS
    return value + boost * _FADING[distance]


def weigh(found: Sequence[tuple[int, float]], but: int) -> list[tuple[int, float]]:
    """Return the valences, less of those before "but" and more of those after it.

    The library finds each valence again by its value, so that it is the first word of the same valence at that moment
    that changes: one word may change twice and another not at all.
    """
    values = [value for _, value in found]
    same: dict[float, list[int]] = {}
    for order, value in enumerate(values):
        same.setdefault(value, []).append(order)
    for order in range(len(values)):
        value = values[order]
        if not value:
            continue
        first = heapq.heappop(same[value])
        values[first] = value * (0.5 if found[first][0] < but else 1.5)
        heapq.heappush(same.setdefault(values[first], []), first)
    return [(place, value) for (place, _), value in zip(found, values, strict=True)]


def punctuation(text: str) -> float:
    """Return what exclamation and question marks add, wherever they stand."""
    questions = text.count("?")
    asked = 0.0 if questions <= 1 else questions * 0.18 if questions <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + asked
