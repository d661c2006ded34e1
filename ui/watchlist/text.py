"""A watchlist row in words, for the tool tip and for those who listen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import formats
from ui.i18n import tr

if TYPE_CHECKING:
    from ui.watchlist.model import Row


def tooltip_text(row: Row) -> str:
    """Return name, symbol and where the figures stand."""
    lines = [f"{row.name} ({row.key})" if row.name else row.key]
    lines.append(tr("Concept") if row.concept else tr("Instrument"))
    quote = row.quote
    if quote is not None:
        lines.append(tr("Last {price}, {change}").format(price=formats.price(quote.last), change=formats.change(quote.change)))  # fmt: skip  # noqa: E501
        lines.append(tr("Sentiment {score}, {n} posts").format(score=formats.score(quote.sentiment), n=formats.count(quote.posts)))  # fmt: skip  # noqa: E501
    return "\n".join(lines)


def accessible_text(row: Row) -> str:
    """Return the whole row as one sentence."""
    return ", ".join(tooltip_text(row).splitlines()) + (", " + tr("pinned") if row.pinned else "")
