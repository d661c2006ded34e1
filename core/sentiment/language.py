"""Which language a text and each of its parts is in, so that a scorer reads what it can and nothing else.

The script decides where it can (Chinese, Japanese, Korean, Russian, …). Languages in Latin letters are told from
English by the words that their sentences can hardly do without (`foreign`); what is no other language is English, as
most of what traders write holds names, tickers and slang that no list knows.
"""

from __future__ import annotations

import functools
import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from core.sentiment.foreign import BY_LANGUAGE, ENGLISH, LETTERS, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Links, accounts and tickers say nothing about the language around them; "[话题]" is Xiaohongshu's mark of a tag.
_NOISE = r"https?://\S+|www\.\S+|@\w+|\$[A-Za-z]+|\[话题\]"
_LATIN = (
    r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
    r"\ufb00-\ufb06\U0001d400-\U0001d7ff"
)
# What is written in a script, by the language that it is mostly written for. Emoji and signs are of no language.
_SCRIPTS = {
    "zh": r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "ja": r"\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d",
    "ko": r"\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "ru": r"\u0400-\u052f",
    "el": r"\u0370-\u03ff\u1f00-\u1fff",
    "ar": r"\u0620-\u064a\u066e-\u06d3\u0750-\u077f",
    "he": r"\u05d0-\u05ea",
    "hi": r"\u0900-\u0963\u0970-\u097f",
    "th": r"\u0e01-\u0e3a\u0e40-\u0e4e",
}
_WORD = re.compile(
    f"(?P<noise>{_NOISE})|(?P<en>[{_LATIN}]+(?:['’][{_LATIN}]+)*)|"
    + "|".join(f"(?P<{code}>[{chars}]+)" for code, chars in _SCRIPTS.items())
    + r"|(?P<other>[^\W\d_\u00b5\u2071-\u218f])|(?P<stop>[.!?;|\n。！？；]+)"
)
# A Chinese word has about one and a half characters, one of another script without blanks about three.
_PER_WORD = {"zh": 1.5, "ja": 2.5, "th": 4.0}
_LETTERS_PER_WORD = 5.0
# Where none of these stands, there are letters of the Latin script at most, with typographic marks, currency signs,
# arrows, symbols and emoji. Most posts hold none, and need no count of words by language.
NOT_LATIN = re.compile(r"[^\x00-\u024f\u2000-\u2bff\ufe0f\ufffd\U0001f000-\U0001faff]")
# Most posts are plain English: a word between blanks is in no link and no name.
_PLAIN_WORD = re.compile(r"(?:^| )[A-Za-z]+(?: |$)")
_ENGLISH_WORDS = re.compile(f"(?:{_NOISE})|([{_LATIN}]+(?:['’][{_LATIN}]+)*)")  # of what is no word, nothing
_ACCENTED = re.compile(r"[\u00aa\u00ba\u00c0-\u024f]")
# Letters in lower case, blanks for all else.
_LETTERS = bytes(c | 32 if chr(c).isalpha() else 32 for c in range(128)) + b" " * 128
_KANA = re.compile(f"[{_SCRIPTS['ja']}]{{2}}")
_ENOUGH = 3  # words that are worth a score though more are in other languages


# The words of STRONG in plain ASCII, without their apostrophes.
_STRONG_PLAIN = frozenset(word.replace("'", "").encode() for word in STRONG if word.isascii())
_PLAINLY_ENGLISH = ENGLISH.difference(*BY_LANGUAGE.values())
_LANGUAGES_OF = {
    word: tuple(code for code, known in BY_LANGUAGE.items() if word in known)
    for word in frozenset[str]().union(*BY_LANGUAGE.values())
}


class Part(NamedTuple):
    """A word or, in scripts without blanks, a run of characters; `start` and `end` are offsets into the text."""

    start: int
    end: int
    language: str
    words: float  # how many words it counts as


def may_be_other(words: Sequence[str], hints: int) -> bool:
    """Whether a text of such words in small letters asks for a closer look: `hints` of them are of other languages."""
    return hints > 2 or (hints > 0 and latin_language(words) != "en")


def latin_language(words: Sequence[str]) -> str:
    """Return the language of some words of Latin letters in a row, in small letters; "en" unless another is likelier.

    A word that English lacks counts one; one that it has too, or one with a letter that it lacks, counts half. Another
    language needs more than there are words of English, and at least two, or one among few words.
    """
    evidence: dict[str, float] = {}
    english = strong = 0
    for word in words:
        if word in _PLAINLY_ENGLISH:
            english += 1
        elif codes := _LANGUAGES_OF.get(word):
            strong += word in STRONG
            for code in codes:
                evidence[code] = evidence.get(code, 0.0) + (1.0 if word in STRONG else 0.5)
        elif not word.isascii():
            for code, letters in LETTERS.items():
                if not letters.isdisjoint(word):
                    evidence[code] = evidence.get(code, 0.0) + 0.5
    if not strong:
        return "en"
    best = max(evidence, key=lambda code: evidence[code])
    most = evidence[best]
    return best if most > english and (most >= 2 or most * 5 >= len(words)) else "en"


def parts(text: str) -> list[Part]:
    """Return the words of the text, in order, each with its language."""
    found = list(_by_script(text))
    if _KANA.search(text):
        found = _japanese(found)
    if any(part.language == "en" for part in found):
        found = _latin(text, found)
    return [part for part in found if part.language != "stop"]


def _by_script(text: str) -> Iterator[Part]:
    """Yield words and what ends a sentence; all that is in Latin letters as English."""
    for match in _WORD.finditer(text):
        code = match.lastgroup or ""
        start, end = match.span()
        # A word character that is neither letter nor decimal digit is a number: ², ⅓, ④.
        if code == "noise" or (code == "other" and not text[start].isalpha()):
            continue
        count = (
            0.0 if code == "stop" else 1.0 if code == "en" else (end - start) / _PER_WORD.get(code, _LETTERS_PER_WORD)
        )
        yield Part(start, end, code, count)


@functools.cache
def _letters(languages: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a letter of the scripts that these languages are written in."""
    return re.compile("[" + "".join(sorted({_SCRIPTS.get(code, _LATIN) for code in languages})) + "]")


def _japanese(found: list[Part]) -> list[Part]:
    """Japanese is written with Chinese characters too, but never without kana: within a sentence they are Japanese."""
    made: list[Part] = []
    for _, group in groupby(found, key=lambda part: part.language == "stop"):
        sentence = list(group)
        kana = sum(part.end - part.start for part in sentence if part.language == "ja")
        han = sum(part.end - part.start for part in sentence if part.language == "zh")
        if kana * 4 > han:
            sentence = [part._replace(language="ja") if part.language == "zh" else part for part in sentence]
        made += sentence
    return made


def _latin(text: str, found: list[Part]) -> list[Part]:
    """Tell languages in Latin letters apart, sentence by sentence; a sentence that does not say is as the whole."""
    words = [text[part.start : part.end].lower().replace("’", "'") if part.language == "en" else "" for part in found]
    latin = [word for word in words if word]
    if not may_be_other(latin, len(STRONG.intersection(latin))):
        return found
    whole = latin_language(latin)
    made: list[Part] = []
    at = 0
    for _, group in groupby(found, key=lambda part: part.language in {"en", "stop"} and part.language):
        sentence = list(group)
        if sentence[0].language == "en":
            own = words[at : at + len(sentence)]
            code = latin_language(own)
            if code == "en" and whole != "en" and _PLAINLY_ENGLISH.isdisjoint(own):
                code = whole
            sentence = [part._replace(language=code) for part in sentence]
        made += sentence
        at += len(sentence)
    return made


def language(text: str) -> str:
    """Return the language of most words of `text` by its ISO 639-1 code, "other" for a script not known here.

    "" where the text has no letters.
    """
    if not _may_be_foreign(text):
        return "en" if _PLAIN_WORD.search(text) or any(_ENGLISH_WORDS.findall(text)) else ""
    weights: dict[str, float] = {}
    for part in parts(text):
        weights[part.language] = weights.get(part.language, 0.0) + part.words
    return max(weights, key=lambda code: weights[code], default="")


def _may_be_foreign(text: str) -> bool:
    """Whether the text holds another script than Latin, or a word that English lacks; now and then a word too many."""
    if not text.isascii():
        if NOT_LATIN.search(text):
            return True
        text = text.replace("’", "'")
        if _ACCENTED.search(text):
            return _has_hints(text)
    plain = text.replace("''", "  ").encode("ascii", "replace").translate(_LETTERS, b"'")
    return not _STRONG_PLAIN.isdisjoint(plain.split()) and _has_hints(text)


def _has_hints(text: str) -> bool:
    """Whether the words of a text in Latin letters ask for a closer look."""
    words = [word.lower() for word in _ENGLISH_WORDS.findall(text) if word]
    return may_be_other(words, len(STRONG.intersection(words)))


def readable_part(text: str, languages: frozenset[str]) -> str | None:
    """Return the text with blanks for the words of other languages, as long as `text`; None if too little is left.

    Enough are half of the words, or three of them and a fifth of all. A text without letters is left as it is.
    """
    return readable_words(text, languages)[0]


def readable_words(text: str, languages: frozenset[str]) -> tuple[str | None, bool]:
    """Return what `readable_part` does, and whether that has a word."""
    if not NOT_LATIN.search(text):
        # Hardly any of it in English: a closer look would tell no more, and takes longer.
        words = text.lower().split()
        if latin_language(words) not in languages and len(_PLAINLY_ENGLISH.intersection(words)) < _ENOUGH:
            return None, False
    elif not _letters(languages).search(text):
        # Most posts in Chinese have no word of English.
        return None if any(part.language != "stop" for part in _by_script(text)) else text, False
    found = parts(text)
    others = [part for part in found if part.language not in languages]
    if not others:
        return text, bool(found)
    all_words = sum(part.words for part in found)
    own = all_words - sum(part.words for part in others)
    if own * 2 < all_words and (own < _ENOUGH or own * 5 < all_words):
        return None, False
    pieces: list[str] = []
    at = 0
    for part in others:
        pieces += [text[at : part.start], " " * (part.end - part.start)]
        at = part.end
    return "".join([*pieces, text[at:]]), own > 0
