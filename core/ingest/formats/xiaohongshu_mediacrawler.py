"""Xiaohongshu notes and comments as MediaCrawler writes them; times in milliseconds."""

from __future__ import annotations

from dataclasses import replace

from core.ingest.formats.generic import variant
from core.ingest.formats.xiaohongshu_export import add_topics

FORMAT = replace(
    variant(
        "mediacrawler-xhs",
        "xiaohongshu",
        (
            frozenset({"note_id", "desc", "time", "liked_count"}),
            frozenset({"comment_id", "note_id", "create_time", "content"}),
        ),
        zone="Asia/Shanghai",
        first={
            "id": ("comment_id", "note_id"),
            "time": ("create_time", "time"),
            "text": ("desc", "content"),
            "author": ("user_id", "creator_hash", "nickname"),
        },
        without=("source", "symbols"),
    ),
    finish=add_topics,
)
