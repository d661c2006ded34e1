"""Which scorer a text is for: English (Latin letters), Chinese, another script, or nothing to read."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "zh", "other", ""]

# Links and names of accounts say nothing about the language around them; "[话题]" is Xiaohongshu's mark of a tag.
_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w+|\[话题\]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]+")
_LETTER = re.compile(r"[^\W\d_]")
# A Chinese word has about one and a half characters, a word of another script about five.
_HAN_PER_WORD = 1.5
_LETTERS_PER_WORD = 5.0


def language(text: str) -> Language:
    """Return the script that most words of `text` are written in; "" where it has no letters.

    Latin script counts as "en": languages that share it are not told apart here.
    """
    if text.isascii():
        return "en" if _LETTER.search(_NOISE.sub(" ", text)) else ""
    text = _NOISE.sub(" ", text)
    latin = _LATIN_WORD.findall(text)
    han = len(_HAN.findall(text))
    letters = len(_LETTER.findall(text)) - han - sum(map(len, latin))
    words: dict[Language, float] = {
        "en": float(len(latin)),
        "zh": han / _HAN_PER_WORD,
        "other": letters / _LETTERS_PER_WORD,
    }
    # Japanese is written with Han characters too, but never without kana.
    if re.search(r"[\u3041-\u30ff]{2}", text) and words["other"] * 4 > words["zh"]:
        words["other"] += words["zh"]
        words["zh"] = 0.0
    best = max(words, key=lambda script: words[script])
    return best if words[best] > 0 else ""
