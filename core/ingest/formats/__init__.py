"""One file a platform; this is the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError
from core.ingest.formats import (
    reddit_table,
    stocktwits,
    tweets,
    xiaohongshu_export,
    xiaohongshu_mediacrawler,
)
from core.ingest.formats.base import ColumnFormat, Context, PostFormat, normalise_source
from core.ingest.formats.generic import GENERIC

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ColumnFormat", "Context", "PostFormat", "get_format", "normalise_source", "presets", "recognise"]

_FORMATS: tuple[PostFormat, ...] = (
    xiaohongshu_export.FORMAT,
    xiaohongshu_mediacrawler.FORMAT,
    tweets.FORMAT,
    stocktwits.FORMAT,
    reddit_table.FORMAT,
    GENERIC,
)


def presets() -> list[str]:
    """Return the names that `--preset` knows."""
    return [known.name for known in _FORMATS]


def get_format(name: str) -> PostFormat:
    """Return the format of that name (a platform's alias will do). Raises UsageError that lists all names."""
    for known in _FORMATS:
        if known.name in {name.strip().lower(), normalise_source(name)}:
            return known
    raise UsageError(f"There is no preset '{name}'; known are {', '.join(presets())}.")


def recognise(columns: Sequence[str]) -> PostFormat:
    """Return the format that is surest of these columns, the generic one if none is."""
    return (
        max(_FORMATS[:-1], key=lambda known: known.recognise(columns))
        if any(known.recognise(columns) for known in _FORMATS[:-1])
        else GENERIC
    )
