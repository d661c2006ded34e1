"""What a concept looks like as text that a person edits, and back."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from core.errors import InputError
from core.linking import normalise_symbol
from core.model import Concept, Member, Rule
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN = re.compile(r"[,，;；、\n]+")


def split_words(text: str, mark: str = "") -> tuple[str, ...]:
    """Return the words of a field that separates them by commas or lines, without `mark` before them."""
    words = (w.strip().lstrip(mark).strip() for w in _BETWEEN.split(text))
    return tuple(dict.fromkeys(w for w in words if w))


def join_words(words: Sequence[str]) -> str:
    """Return words as a field shows them."""
    return ", ".join(words)


def parse_member(symbol: str, weight: str, since: str, until: str) -> Member:
    """Read a row of the table; raises InputError with a sentence."""
    name = normalise_symbol(symbol)
    try:
        share = float(weight.replace(",", ".")) if weight.strip() else 1.0
    except ValueError:
        share = math.nan
    if not (math.isfinite(share) and share > 0):
        raise InputError(tr("The weight of {symbol} must be a number above 0.").format(symbol=name))
    first, last = _date(since, name), _date(until, name)
    if first is not None and last is not None and first > last:
        raise InputError(tr("{symbol} leaves the concept before it joins it.").format(symbol=name))
    return Member(name, share, first, last)


def parse_concept(
    name: str, rows: Sequence[Sequence[str]], keywords: str, hashtags: str, cashtags: str, excludes: str
) -> Concept:
    """Read the whole form; raises InputError with a sentence."""
    name = " ".join(name.split())
    if not name:
        raise InputError(tr("The concept needs a name."))
    members = tuple(parse_member(*row) for row in rows if row[0].strip())
    seen: set[str] = set()
    for member in members:
        if member.symbol in seen:
            raise InputError(tr("{symbol} stands in the table twice.").format(symbol=member.symbol))
        seen.add(member.symbol)
    rule = Rule(split_words(keywords), split_words(hashtags, "#"), split_words(cashtags, "$"), split_words(excludes))
    if not (members or rule.keywords or rule.hashtags or rule.cashtags):
        raise InputError(tr("The concept needs a member or a word that finds its posts."))
    return Concept(name, members, rule)


def _date(text: str, symbol: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            tr("The date '{date}' of {symbol} must look like 2025-01-14.").format(date=text.strip(), symbol=symbol)
        ) from None
