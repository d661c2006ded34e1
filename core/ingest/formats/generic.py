"""Any table of posts: columns recognised by the names that exports use, in English and Chinese, or mapped by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.ingest.formats.base import UNNAMED_SOURCE, ColumnFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

# fmt: off
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id", "id_str", "comment_id", "cid", "tweet_id", "status_id", "message_id", "post_id", "postid", "note_id",
        "aweme_id", "video_id", "content_id", "item_id", "objectid", "uri", "uid", "mid", "作品id", "笔记id", "评论id",
        "微博id", "帖子id", "编号",
    ),
    "time": (
        "created_at", "createdat", "created_utc", "create_time", "createtime", "created_time", "created",
        "published_at", "publishedat", "publish_time", "published", "pub_time", "pub_date", "posted_at", "post_time",
        "post_created",
        "unix_timestamp", "timestamp", "timestamp_ms", "time_us", "taken_at", "create_date_time", "created_at_i",
        "datetime", "date_time", "time", "date", "tweet_created", "发布时间", "发表时间", "创建时间", "评论时间",
        "发布日期", "时间", "日期",
    ),
    "text": (
        "text", "full_text", "body", "content", "message", "desc", "description", "caption", "selftext", "post_text",
        "tweet_text", "tweet", "comment_text", "comment", "content_text", "video_description", "post", "msg", "正文",
        "内容", "文本", "微博正文", "微博内容", "笔记内容", "评论内容", "帖子内容", "作品描述", "描述",
    ),
    "title": ("title", "headline", "display_title", "subject", "标题", "笔记标题", "作品标题", "帖子标题"),
    "author": (
        "author", "user", "username", "user_name", "user_hash", "screen_name", "nickname", "user.username",
        "user.screen_name", "user.name", "author.username", "author.name", "from.name", "creator_hash", "creator",
        "handle", "account", "page_name", "author_name", "user_id", "author_id", "作者", "用户", "用户名", "昵称",
        "作者昵称", "用户昵称", "博主", "作者id", "用户id",
    ),
    "followers": (
        "followers", "follower_count", "followers_count", "user_followers", "user.followers", "user.followers_count",
        "followers_at_posting", "粉丝数", "粉丝数量",
    ),
    "likes": (
        "likes", "like_count", "likes_count", "liked_count", "favorite_count", "favourites_count", "favorites",
        "digg_count", "likes.total", "public_metrics.like_count", "score", "points", "upvotes", "ups", "voteup_count",
        "comment_like_count", "reactions.summary.total_count", "点赞", "点赞数", "点赞数量", "赞", "点赞量", "获赞数",
    ),
    "comments": (
        "comments", "comment_count", "comments_count", "num_comments", "reply_count", "replies", "replies_count",
        "public_metrics.reply_count", "sub_comment_count", "评论", "评论数", "评论数量", "评论量", "回复数",
    ),
    "shares": (
        "shares", "share_count", "shares_count", "shared_count", "retweet_count", "retweets", "reblogs_count",
        "repost_count", "reposts", "public_metrics.retweet_count", "shares.count", "转发", "转发数", "转发数量", "分享",
        "分享数", "分享数量",
    ),
    "views": (
        "views", "view_count", "play_count", "impressions", "impression_count", "public_metrics.impression_count",
        "read_count", "阅读数", "阅读量", "播放数", "播放量", "浏览量",
    ),
    "lang": ("lang", "language", "语言"),
    "tags": ("tags", "hashtags", "hashtag_names", "tag_list", "label", "labels", "标签", "作品标签", "话题"),
    "symbols": ("tickers", "ticker", "symbols", "symbol", "stock_code", "股票代码"),
    "url": (
        "url", "link", "permalink", "permalink_url", "note_url", "post_url", "tweet_url", "aweme_url", "video_url",
        "作品链接", "链接", "笔记链接", "网址",
    ),
    "repost": ("is_retweet", "retweet", "is_repost", "retweeted", "是否转发"),
    "stance": ("stance", "entities.sentiment.basic", "stock_sentiment"),
    "source": ("platform", "source_platform", "平台", "来源平台"),
}
# fmt: on

GENERIC = ColumnFormat("generic", UNNAMED_SOURCE, NAMES, confidence=1)


def variant(
    name: str,
    source: str,
    marks: tuple[frozenset[str], ...],
    *,
    zone: str | None = None,
    first: Mapping[str, tuple[str, ...]] | None = None,
    without: tuple[str, ...] = (),
    confidence: int = 90,
) -> ColumnFormat:
    """Return a platform's format where the usual names mean the usual things.

    `first` gives the platform's own names, which outrank the usual ones; fields in `without` are not read at all.
    """
    columns = {field: names for field, names in NAMES.items() if field not in without}
    for field, names in (first or {}).items():
        columns[field] = (*names, *(name for name in columns.get(field, ()) if name not in names))
    return replace(
        GENERIC, name=name, source=source, columns=columns, marks=marks, zone=zone, confidence=confidence
    )  # fmt: skip
