"""Reddit posts and comments in one table; a comment carries the title of its thread, which it does not say itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.ingest.formats.base import without_removal
from core.ingest.formats.generic import variant
from core.ingest.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ingest.formats.columns import Cells, Values


def _comment_alone(fields: dict[str, Cells], rows: Sequence[Values]) -> None:
    for place, values in enumerate(rows):
        if str(values.get("type", "")).strip().lower() == "comment":
            fields["text"][place] = without_removal(clean_text(values.get("content", values.get("body"))))


FORMAT = replace(
    variant(
        "reddit",
        "reddit",
        (frozenset({"subreddit", "created"}), frozenset({"subreddit", "created_utc"})),
        without=("source", "symbols", "tags"),
    ),
    finish=_comment_alone,
)
