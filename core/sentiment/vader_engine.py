"""VADER's rules, at full length only for the few words of sentiment in a text and only beside words that matter.

The figures are those of vaderSentiment 3.3.2 to the last digit, so its oddities are kept, and every sum and product is
taken in its order. Where a rule below looks wrong, it is the library's; tests/core/sentiment/test_vader_engine.py
compares the two.
"""

from __future__ import annotations

import bisect
import functools
import heapq
import math
import re
import string
from typing import TYPE_CHECKING, NamedTuple

from core.model import Score
from core.sentiment.language import may_be_other
from core.sentiment.vader_batch import BatchReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.sentiment.vader_batch import Read

NEGATED = -0.74  # times the valence
CAPITALS = 0.733  # more, for a word in capitals among others that are not
_NEVER_SO = 1.25
_FADING = (1.0, 0.95, 0.9)  # what is left of a booster one, two and three words away
_ALPHA = 15.0  # compound = s / sqrt(s² + 15)
_PUNCTUATION = string.punctuation
_SIGNS = "\u2000"
_KELVIN = "\u212a"  # a "k" in small letters

UNREAD = Score(0.0, 0.0, 0.0, 0.0)  # of a text without words
NEUTRAL = Score(0.0, 0.0, 1.0, 0.0)  # of words none of which is known


class Tables(NamedTuple):
    """What vaderSentiment knows of words; `idioms` and `boosters` may hold phrases of several words."""

    lexicon: Mapping[str, float]
    emojis: Mapping[str, str]
    boosters: Mapping[str, float]
    negations: frozenset[str]
    idioms: Mapping[str, float]


def bare(token: str) -> str:
    """Return the token without the punctuation around it, unless little is left, which was an emoticon."""
    word = token.strip(_PUNCTUATION)
    return word if len(word) > 2 else token


def bare_words(text: str) -> list[str]:
    """Return the bare words of the text, in small letters."""
    words = text.lower().split()
    for place, token in enumerate(words):
        # As bare() does it; a call for each would take longer than all the rest.
        if not token.isalnum() and len(word := token.strip(_PUNCTUATION)) > 2:
            words[place] = word
    return words


def in_mixed_case(tokens: Sequence[str]) -> bool:
    """Whether some words are in capitals and some are not, so that capitals mean something."""
    return 0 < sum(map(str.isupper, tokens)) < len(tokens)


def _louder(amount: float, value: float) -> float:
    """Return what is said in capitals of a word of that valence."""
    return amount + CAPITALS if value > 0 else amount - CAPITALS


def _stirring(tables: Tables) -> set[str]:
    """Return the words without which each word keeps the lexicon's valence.

    They change that of others, or have their own changed. A phrase matters where it overlaps the word of sentiment and
    the three before it, or begins with that word; either way its first word of sentiment is among these four, or, if
    it has none, all its words are.
    """
    phrases = [phrase.split() for phrase in (*tables.idioms, *tables.boosters)]
    marks = (next((word for word in phrase if word in tables.lexicon), phrase[0]) for phrase in phrases)
    return {"no", "so", "this", "least"}.union(tables.boosters, tables.negations, marks)


def punctuation(text: str) -> float:
    """Return what exclamation and question marks add, wherever they stand."""
    questions = text.count("?")
    asked = 0.0 if questions <= 1 else questions * 0.18 if questions <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + asked


# Rounding takes longer than most rules do, and the sums of short texts are often the same.
@functools.lru_cache(maxsize=8_192)
def figures(total: float, positive: float, negative: float, neutral: float) -> Score:
    """Return the score from the sum of valences, and from what is positive, negative (below 0) and neutral."""
    size = positive - negative + neutral
    return Score(
        round(total / math.sqrt(total * total + _ALPHA), 4),
        round(positive / size, 3),
        round(neutral / size, 3),
        round(abs(negative) / size, 3),
    )


class Vader:
    """Scores any text, in time that grows with its length alone. It keeps nothing of the texts.

    `elsewhere` holds words of other languages: `score_english` leaves a text alone that may be in one of them.
    """

    def __init__(self, tables: Tables, elsewhere: frozenset[str] = frozenset()) -> None:
        self.lexicon = tables.lexicon
        self._boosters = tables.boosters
        self._negations = tables.negations
        self._idioms = tables.idioms
        # VADER looks at single characters, so that an emoji of several is several. Each is spelled out as words of its
        # own on the left side only: what follows it without a blank becomes one word with its end.
        self.emojis = {emoji: f" {name}" for emoji, name in tables.emojis.items() if len(emoji) == 1}
        # All of them lie behind the letters and the signs of writing, but for a few.
        few = "".join(sorted(emoji for emoji in self.emojis if emoji < _SIGNS))
        first = min((emoji for emoji in self.emojis if emoji >= _SIGNS), default=_SIGNS)
        self._may_be_emoji = re.compile(f"[{few}{first}-\U0010ffff]")
        self._elsewhere = elsewhere.difference(tables.lexicon, {"but"})
        # One look finds both what matters to the score and what speaks against there being one.
        self._notable = set(tables.lexicon).union({"but"}, self._elsewhere)
        self._reader: BatchReader | None = None
        self._stirring = _stirring(tables)
        self._calm = self._stirring.isdisjoint
        self._anywhere = Vader(tables) if elsewhere else self

    def spelled(self, text: str) -> str:
        """Return the text with its emoji in words."""
        return self._may_be_emoji.sub(self._name, text)

    def _name(self, sign: re.Match[str]) -> str:
        return self.emojis.get(sign[0], sign[0])

    def read(self, texts: Sequence[str]) -> Read:
        """Return what is plain in the texts; the others must be scored one by one."""
        if self._reader is None:
            self._reader = BatchReader(self.lexicon, self._stirring, self._elsewhere | {"but"})
        return self._reader.read(texts)

    def score(self, text: str) -> Score:
        """Return compound as `value` and the shares that are positive, neutral and negative."""
        found = self.score_english(text)
        return self._anywhere.score(text) if found is None else found

    def score_english(self, text: str) -> Score | None:
        """Return what `score` does, or None where the words of the text may be of another language."""
        if not text.isascii():
            text = self.spelled(text)
        words = bare_words(text)
        notable = self._notable.intersection(words)
        if not notable:
            return NEUTRAL if words else UNREAD
        if not self._elsewhere.isdisjoint(notable):
            if may_be_other(words, len(notable & self._elsewhere)):
                return None
            notable -= self._elsewhere
            if not notable:
                return NEUTRAL
        but = words.index("but") if "but" in notable else None
        notable.discard("but")
        if len(notable) == 1 and words.count(word := next(iter(notable))) == 1:
            places = [words.index(word)]
        else:
            places = [place for place, word in enumerate(words) if word in notable]
        values = self.valences(text, words, places)
        if but is not None:
            values = weigh(values, bisect.bisect(places, but))
        return self.total(text, len(words), values)

    @staticmethod
    def total(text: str, words: int, values: Sequence[float]) -> Score:
        """Return the score of a text of so many words, some of which have these valences in the end."""
        positive = negative = 0.0
        neutral = words - len(values)
        for value in values:
            if value > 0:
                positive += value + 1  # as a neutral word counts 1
            elif value < 0:
                negative += value - 1
            else:
                neutral += 1
        total = sum(values)
        emphasis = punctuation(text) if "!" in text or "?" in text else 0.0
        if total > 0:
            total += emphasis
        elif total < 0:
            total -= emphasis
        if positive > -negative:
            positive += emphasis
        elif positive < -negative:
            negative -= emphasis
        return figures(total, positive, negative, neutral)

    def valences(self, text: str, words: Sequence[str], places: Sequence[int]) -> list[float]:
        """Return what all rules but that of "but" leave of the valences of the words at `places`.

        `text` has its emoji spelled out, `words` are its bare words, and those at `places` are in the lexicon.
        """
        lexicon = self.lexicon
        contracted = "'" in text and "n't" in text.lower()
        if not contracted and self._calm(words):
            values = [lexicon[words[place]] for place in places]
            # Nothing else but its capitals becomes a word in small letters, so that most need no look at tokens.
            if _KELVIN not in text and not any([words[place].upper() in text for place in places]):  # noqa: C419 (faster)
                return values
            tokens = text.split()
            loud = [tokens[place].isupper() for place in places]
            if not (True in loud and in_mixed_case(tokens)):
                return values
            return [_louder(value, value) if upper else value for value, upper in zip(values, loud, strict=True)]
        tokens = text.split()
        mixed = in_mixed_case(tokens)
        values: list[float] = []
        for place in places:
            first = max(place - 3, 0)
            if contracted or not self._calm(words[first : place + 1]):
                missing = [""] * (3 - place)
                window = [*missing, *words[first : place + 3], "", ""][:6]
                written = [*missing, *tokens[first : place + 1]]
                values.append(self._ruled(window, written, mixed=mixed))
            else:
                value = lexicon[words[place]]
                values.append(_louder(value, value) if mixed and tokens[place].isupper() else value)
        return values

    def _ruled(  # noqa: C901, PLR0912 (the order of the rules is what matters, and seen in one place)
        self, window: Sequence[str], tokens: Sequence[str], *, mixed: bool
    ) -> float:
        """Return the valence of the fourth of six words; there is "" where the text has none.

        `tokens` are the first four as written; `mixed` says whether their capitals mean something.
        """
        third, second, first, word, after, _ = window
        if word == "kind" and after == "of":
            return 0.0
        value = self.lexicon[word]
        if "no" in {first, second} or (third == "no" and first in {"or", "nor"}):
            value *= NEGATED
        elif word == "no" and after in self.lexicon:
            value = 0.0
        if mixed and tokens[3].isupper():
            value = _louder(value, value)
        if first and first not in self.lexicon:
            if first in self._boosters:
                value = self._boosted(value, first, 0, loud=mixed and tokens[2].isupper())
            if self._negates(first):
                value *= NEGATED
        if second and second not in self.lexicon:
            if second in self._boosters:
                value = self._boosted(value, second, 1, loud=mixed and tokens[1].isupper())
            if second == "never" and first in {"so", "this"}:
                value *= _NEVER_SO
            elif self._negates(second) and (second, first) != ("without", "doubt"):
                value *= NEGATED
        if third and third not in self.lexicon:
            if third in self._boosters:
                value = self._boosted(value, third, 2, loud=mixed and tokens[0].isupper())
            # "so" or "this" just before the word is enough, with no "never": the library's own precedence.
            if first in {"so", "this"} or (third == "never" and second in {"so", "this"}):
                value *= _NEVER_SO
            elif self._negates(third) and not (third == "without" and "doubt" in {second, first}):
                value *= NEGATED
            value = self._idiom(value, window)
        if first == "least" and second not in {"at", "very"}:
            value *= NEGATED
        return value

    def _negates(self, word: str) -> bool:
        return word in self._negations or "n't" in word

    def _boosted(self, value: float, word: str, distance: int, *, loud: bool) -> float:
        """Return the valence with what a booster adds that stands `distance` words further off than the neighbour."""
        boost = self._boosters[word]
        if value < 0:
            boost = -boost
        if loud:
            boost = _louder(boost, value)
        return value + boost * _FADING[distance]

    def _idiom(self, value: float, window: Sequence[str]) -> float:
        """Return the valence of a phrase around the word in place of its own, and what a phrase before it adds."""
        third, second, first, word, after, then = window
        ending = (f"{first} {word}", f"{second} {first} {word}")
        before = (f"{second} {first}", f"{third} {second} {first}", f"{third} {second}")
        value = next((self._idioms[phrase] for phrase in ending + before if phrase in self._idioms), value)
        for phrase in (f"{word} {after}", f"{word} {after} {then}"):
            value = self._idioms.get(phrase, value)
        for phrase in (before[1], before[2], before[0]):
            value += self._boosters.get(phrase, 0.0)
        return value


def weigh(valences: Sequence[float], before: int) -> list[float]:
    """Return the valences, less of the first `before`, which stand before "but", and more of those after it.

    The library finds each valence again by its value, so that it is the first word of the same valence at that moment
    that changes: one word may change twice and another not at all.
    """
    values = list(valences)
    same: dict[float, list[int]] = {}
    for order, value in enumerate(values):
        same.setdefault(value, []).append(order)
    for order in range(len(values)):
        value = values[order]
        if not value:
            continue
        first = heapq.heappop(same[value])
        values[first] = value * (0.5 if first < before else 1.5)
        heapq.heappush(same.setdefault(values[first], []), first)
    return values
