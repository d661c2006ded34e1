"""StockTwits messages, with the tickers and the stance that their authors gave."""

from __future__ import annotations

from core.ingest.formats.generic import variant

FORMAT = variant(
    "stocktwits",
    "stocktwits",
    (frozenset({"id", "body", "created_at", "symbols"}),),
    first={"author": ("user.username",), "followers": ("user.followers",), "likes": ("likes.total",)},
    without=("source", "tags", "title"),
)
