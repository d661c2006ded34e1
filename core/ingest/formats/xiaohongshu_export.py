"""Xiaohongshu (RedNote) notes as a common browser collector exports them; times are Beijing's, without a zone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from core.ingest.formats.generic import variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ingest.formats.columns import Cells, Values

_TOPIC = re.compile(r"#([^#\[\]\n]+)\[话题\]#?")


def topics(text: str) -> list[str]:
    """Return the hashtags in a note's text, which Xiaohongshu writes `#tag[话题]#`."""
    return [tag.strip() for tag in _TOPIC.findall(text) if tag.strip()]


def add_topics(fields: dict[str, Cells], _rows: Sequence[Values]) -> None:
    """Add the hashtags in the texts to those of the tag column."""
    for place, text in enumerate(fields["text"]):
        if "[话题]" in text:
            fields["tags"][place] = tuple(dict.fromkeys([*fields["tags"][place], *topics(text)]))


_HEADER = frozenset({"post_id", "create_time", "label", "like_count", "collect_count"})
FORMAT = replace(
    variant(
        "xiaohongshu",
        "xiaohongshu",
        # The header's own spelling first.
        (_HEADER | {"ip_localtion"}, _HEADER | {"ip_location"}),
        zone="Asia/Shanghai",
        first={"id": ("post_id",), "text": ("content",), "author": ("user_id",), "url": ("address",)},
        without=("source", "symbols"),
        confidence=95,
    ),
    finish=add_topics,
)
