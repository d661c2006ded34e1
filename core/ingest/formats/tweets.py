"""Tweets one a line, each with the tickers it was found under, as the StockNet data set's readers write them."""

from __future__ import annotations

from core.ingest.formats.generic import variant

_TWEET = frozenset({"id", "created_at", "text", "is_retweet"})
FORMAT = variant(
    "tweets",
    "twitter",
    (_TWEET | {"ticker"}, _TWEET | {"tickers"}, _TWEET | {"user"}),
    first={"author": ("user",), "shares": ("retweet_count",), "likes": ("favorite_count",)},
)
