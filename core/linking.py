"""Which posts speak of which subject: rules compiled into one pass over the text.

Text and rules are compared after NFKC and case folding, so case and full-width forms do not matter.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from core.model import Rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    K = TypeVar("K", bound=Hashable)
else:
    K = TypeVar("K")

# Where a hit must end: "word" not inside a Latin word, "tag" not inside a hashtag, "cash" and "price" not inside a
# longer ticker ($BRK.B is not $BRK) or an amount of money ($300792.50 is not $300792).
_Edge = Literal["", "word", "tag", "cash", "price"]

_TOPIC = "[话题]"  # Xiaohongshu writes #tag[话题]#
_BREAK = "\0"  # separates texts, and tags behind a text, so that no keyword spans two of them
_SUFFIX = re.compile(r"\.[a-z]{1,2}(?![a-z0-9_])|\.\d")
_MAINLAND = {"SZ": ("sz",), "SS": ("ss", "sh"), "SH": ("ss", "sh"), "BJ": ("bj",)}


def fold(text: str) -> str:
    """Return `text` as it is compared: NFKC, case folded."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def fold_tag(tag: str) -> str:
    """Return a hashtag as it is compared: folded, without `#`, Xiaohongshu's topic mark and outer blanks."""
    return " ".join(fold(tag).replace(_TOPIC, "").strip("# \t\r\n").split())


def instrument_rule(symbol: str) -> Rule:
    """Return the rule that every instrument has of its own: its cashtag, in all the ways platforms write it."""
    return Rule(cashtags=(symbol,))


def normalise_symbol(text: str) -> str:
    """Return a ticker as Yahoo writes it: `$aapl` is AAPL, `SZ300792` is 300792.SZ, `BTC.X` is BTC-USD."""
    symbol = unicodedata.normalize("NFKC", text).strip().lstrip("$").upper()
    symbol = symbol.rpartition(":")[2]
    if found := re.fullmatch(r"(SH|SZ|BJ|HK)(\d{4,6})", symbol):
        symbol = f"{found[2]}.{found[1]}"
    if found := re.fullmatch(r"(\d{6})\.SH", symbol):
        return f"{found[1]}.SS"
    if found := re.fullmatch(r"0*(\d{1,5})\.HK", symbol):
        return f"{int(found[1]):04d}.HK"
    if found := re.fullmatch(r"([A-Z0-9]{2,10})\.X", symbol):
        return f"{found[1]}-USD"
    if found := re.fullmatch(r"([A-Z]{1,5})[./]([A-C])", symbol):
        return f"{found[1]}-{found[2]}"
    return symbol


def cashtag_forms(cashtag: str) -> frozenset[str]:
    """Return, folded, every way in which platforms write one ticker.

    `300792.SZ` stands as $300792.SZ, $300792, SZ300792, 300792.SZ and, on Xueqiu, $壹网壹创(SZ300792)$. A bare number
    of fewer than six digits is no cashtag: $700 is money.
    """
    tag = fold(cashtag).strip().lstrip("$")
    if not tag:
        return frozenset()
    forms = {f"${tag}"} if not re.fullmatch(r"\d{1,5}", tag) else set[str]()
    forms.add(f"({tag})$")
    code, _, suffix = tag.rpartition(".")
    if code.isdigit() and suffix == "hk":
        return frozenset(forms | _hong_kong(int(code)))
    if code.isdigit() and (marks := _MAINLAND.get(suffix.upper())):
        forms.add(f"${code}")
        for mark in marks:
            forms |= {f"${code}.{mark}", f"{code}.{mark}", f"{mark}{code}"}
    elif found := re.fullmatch(r"([a-z0-9]{2,10})-usd", tag):
        forms |= {f"${found[1]}", f"${found[1]}.x", f"${found[1]}usd"}
    elif found := re.fullmatch(r"([a-z]{1,5})-([a-z])", tag):
        forms |= {f"${found[1]}.{found[2]}", f"${found[1]}/{found[2]}"}
    elif found := re.fullmatch(r"\^([a-z0-9]+)|([a-z]{6})=x", tag):
        forms.add(f"${found[1] or found[2]}")
    return frozenset(forms)


def _hong_kong(number: int) -> set[str]:
    """Return the forms of a Hong Kong code, which stands with and without leading zeros."""
    forms: set[str] = set()
    for width in (1, 4, 5):
        padded = f"{number:0{width}d}"
        forms |= {f"${padded}.hk", f"{padded}.hk", f"({padded})$"}
        if width > 1:
            forms.add(f"hk{padded}")
        if padded.startswith("0"):
            forms.add(f"${padded}")
    return forms


@dataclass(slots=True)
class _Entry:
    """What a literal means when it stands in a text between the right edges."""

    left: bool  # must not follow a Latin word
    right: _Edge
    wanted: list[int] = field(default_factory=list[int])
    vetoes: list[int] = field(default_factory=list[int])


class Matcher(Generic[K]):
    """Many rules, compiled once; `match` reads a text once for all of them. Never changes after it is made."""

    def __init__(self, rules: Mapping[K, Rule]) -> None:
        self._keys = list(rules)
        self._literals: dict[str, list[_Entry]] = {}
        self._tags: dict[str, tuple[list[int], list[int]]] = {}
        self._symbols: dict[str, list[int]] = {}
        for index, rule in enumerate(rules.values()):
            self._add(index, rule)
        self._pattern = re.compile(_trie(self._literals)) if self._literals else None
        self._inside = {
            text: [entry for size in range(1, len(text) + 1) for entry in self._sized(text, size)]
            for text in self._literals
        }
        self._spaced = any(" " in text for text in self._literals)

    def _sized(self, text: str, size: int) -> Iterable[tuple[int, _Entry]]:
        return ((size, entry) for entry in self._literals.get(text[:size], ()))

    def _add(self, index: int, rule: Rule) -> None:
        for keyword in rule.keywords:
            self._add_word(index, keyword, veto=False)
        for keyword in rule.excludes:
            self._add_word(index, keyword, veto=True)
        for tag in rule.hashtags:
            self._add_tag(index, tag, veto=False)
        for tag in rule.cashtags:
            self._add_cashtag(index, tag, veto=False)

    def _add_word(self, index: int, word: str, *, veto: bool) -> None:
        word = " ".join(fold(word).split())
        if word.startswith("#"):
            self._add_tag(index, word, veto=veto)
        elif word.startswith("$") and len(word) > 1:
            self._add_cashtag(index, word, veto=veto)
        elif word:
            self._put(word, _is_word(word[0]), "word" if _is_word(word[-1]) else "", index, veto=veto)

    def _add_tag(self, index: int, tag: str, *, veto: bool) -> None:
        if tag := fold_tag(tag):
            self._put(f"#{tag}", False, "tag", index, veto=veto)
            self._tags.setdefault(tag, ([], []))[veto].append(index)

    def _add_cashtag(self, index: int, tag: str, *, veto: bool) -> None:
        for form in cashtag_forms(tag):
            if form.endswith("$"):
                self._put(form, False, "", index, veto=veto)
            else:
                edge: _Edge = "price" if form[1:].isdigit() else "cash"
                self._put(form, True, edge, index, veto=veto)
            if not veto:
                self._symbols.setdefault(form.strip("$()"), []).append(index)

    def _put(self, text: str, left: bool, right: _Edge, index: int, *, veto: bool) -> None:  # noqa: FBT001 (an edge)
        entries = self._literals.setdefault(text, [])
        for entry in entries:
            if entry.left == left and entry.right == right:
                break
        else:
            entry = _Entry(left, right)
            entries.append(entry)
        (entry.vetoes if veto else entry.wanted).append(index)

    def match(self, text: str, tags: Sequence[str] = (), symbols: Sequence[str] = ()) -> set[K]:
        """Return the keys of the rules that a post with this text, these tags and these stated symbols satisfies."""
        return self.match_many([(text, tags, symbols)])[0]

    def match_many(self, posts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> list[set[K]]:
        """Return what `match` does of each post, given as text, tags and symbols, in two thirds of the time."""
        wanted: list[set[int]] = []
        vetoes: dict[int, set[int]] = {}  # by the place of the post
        folded: list[str] = []
        for place, (text, tags, symbols) in enumerate(posts):
            told: set[int] = set()
            compared = fold(text)
            if self._spaced:
                compared = " ".join(compared.split())
            if tags:
                clean = [fold_tag(tag) for tag in tags]
                for own, against in (self._tags[tag] for tag in clean if tag in self._tags):
                    told.update(own)
                    vetoes.setdefault(place, set()).update(against)
                compared = _BREAK.join([compared, *clean])
            for symbol in symbols:
                told.update(self._symbols.get(_bare(symbol), ()))
            wanted.append(told)
            folded.append(compared)
        for place, entry in self._hits(folded):
            wanted[place].update(entry.wanted)
            if entry.vetoes:
                vetoes.setdefault(place, set()).update(entry.vetoes)
        for place, against in vetoes.items():
            wanted[place] -= against
        keys = self._keys
        return [{keys[index] for index in told} for told in wanted]

    def _hits(self, folded: Sequence[str]) -> Iterator[tuple[int, _Entry]]:
        """Give what stands in the texts, with the place of the text. All are read as one: starting costs most."""
        if self._pattern is None:
            return
        whole = _BREAK.join(folded)
        ends = list(itertools.accumulate(len(text) + len(_BREAK) for text in folded))
        place = 0
        # Each hit is the longest literal that starts there; the shorter ones inside it are known beforehand.
        search, inside = self._pattern.search, self._inside
        hit = search(whole)
        while hit is not None:
            start = hit.start()
            while ends[place] <= start:
                place += 1
            free = not start or whole[start - 1] == " " or not _is_word(whole[start - 1])
            for size, entry in inside[hit[0]]:
                end = start + size
                if (free or not entry.left) and (whole[end : end + 1] == " " or _ends(whole, end, entry.right)):
                    yield place, entry
            hit = search(whole, start + 1)


@functools.lru_cache(maxsize=4096)
def _bare(symbol: str) -> str:
    """Return a stated symbol as it is looked up."""
    return fold(symbol).strip("$() ")


def _is_word(char: str) -> bool:
    """Whether `char` belongs to a word of a script that is written with blanks between words."""
    return char == "_" or (char.isalnum() and (char < "\u0e00" or "\u1e00" <= char < "\u2000"))


def _ends(text: str, end: int, edge: _Edge) -> bool:
    if end == len(text) or not edge:
        return True
    char = text[end]
    if edge == "tag":
        return not (char == "_" or char.isalnum())
    if _is_word(char):
        return False
    if edge == "word":
        return True
    if edge == "price" and char == "," and text[end + 1 : end + 2].isdigit():
        return False
    return char != "." or _SUFFIX.match(text, end) is None


def _trie(literals: Iterable[str]) -> str:
    """Return a regular expression that finds the longest of the literals at the first place where one starts."""
    words = sorted(set(literals))
    shared = 0
    first, last = words[0], words[-1]
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    head = re.escape(first[:shared])
    if len(words) == 1:
        return head
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[shared : shared + 1], []).append(word[shared:])
    optional = groups.pop("", None) is not None
    body = "|".join(_trie(group) for group in groups.values())
    return f"{head}(?:{body})?" if optional else f"{head}(?:{body})"
