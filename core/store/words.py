"""How the full-text index cuts text into words, so that Chinese is found too.

Latin words are indexed whole and found by their beginning. Chinese, Japanese and Korean write without spaces, so each
character is a word of its own, and a search for several is a search for them side by side. Against an index of
trigrams this finds terms of one and two characters, takes a third of the time on import and half of the disk.
"""

from __future__ import annotations

import re
from typing import Final

from core.linking import fold

# Ideographs (with extensions A to H and compatibility forms), kana and hangul.
_UNSPACED: Final = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af])")


_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAG: Final = re.compile(r"#(\w*[a-z][A-Z]\w*)")


def index_text(text: str) -> str:
    """Return the text as it is indexed: without case and width, unspaced characters set apart.

    The parts of a hashtag such as #TikTokRefugee are words too.
    """
    if "#" in text:
        text = " ".join([text, *(_HUMP.sub(" ", tag) for tag in _TAG.findall(text))])
    folded = fold(text)
    return folded if folded.isascii() else _UNSPACED.sub(r" \1 ", folded)


def match_query(terms: list[str]) -> str:
    """Return the FTS5 query for folded terms that all must stand in the text, each at the beginning of a word."""
    return " AND ".join('"' + index_text(t).replace('"', '""') + '" *' for t in terms)


def has_words(term: str) -> bool:
    """Whether the index knows anything of the term; emoji and punctuation are no words."""
    return any(c.isalnum() for c in term)
