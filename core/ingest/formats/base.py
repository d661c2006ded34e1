"""The protocol behind which every platform's file stands, and the common case: a table with known column names."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from core.errors import InputError, UsageError
from core.ingest.formats.columns import (
    CONVERTERS,
    Cells,
    Posts,
    Values,
    cells_of,
    identifiers,
    instants,
    lower_bounds,
    posts_of,
    texts,
)

if TYPE_CHECKING:
    import datetime as dt

    from core.ingest.values import DateOrder

Reader: TypeAlias = Callable[[Sequence[Values]], Posts]

FIELDS = (
    "id", "time", "text", "title", "author", "followers", "likes", "comments", "shares", "views", "lang", "tags",
    "symbols", "url", "repost", "stance", "source",
)  # fmt: skip

# One platform under its many names, so that a post has one identity whatever the file calls its source.
_ALIASES = {
    "xhs": "xiaohongshu", "rednote": "xiaohongshu", "red": "xiaohongshu", "redbook": "xiaohongshu",
    "little red book": "xiaohongshu", "小红书": "xiaohongshu", "x": "twitter", "x.com": "twitter", "推特": "twitter",
    "twitter/x": "twitter", "tweet": "twitter", "微博": "weibo", "sina weibo": "weibo", "抖音": "douyin",
    "dy": "douyin", "知乎": "zhihu", "雪球": "xueqiu", "fb": "facebook", "ig": "instagram", "hn": "hackernews",
    "hacker news": "hackernews", "stock twits": "stocktwits", "bsky": "bluesky", "tik tok": "tiktok",
}  # fmt: skip
UNNAMED_SOURCE = "file"
_REMOVED = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]"})


@functools.lru_cache(maxsize=256)
def normalise_source(name: str) -> str:
    """Return a platform's one name: lower case, aliases resolved (xhs, RedNote and 小红书 are xiaohongshu)."""
    clean = " ".join(unicodedata.normalize("NFKC", name).casefold().split()).removesuffix(".com")
    return _ALIASES.get(clean, clean)


@dataclass(frozen=True, slots=True)
class Context:
    """What the user or a look at the whole file settled before rows are read."""

    file: str
    zone: dt.tzinfo | None = None
    order: DateOrder | None = None
    source: str = ""  # given by the user; outranks the file
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])  # field: column


class PostFormat(Protocol):
    """How one platform's files are read. A new platform is one file with one of these, named in the registry."""

    @property
    def name(self) -> str:
        """What `--preset` calls it."""
        ...

    @property
    def zone(self) -> str | None:
        """The zone of times without one, where the platform always means the same."""
        ...

    def recognise(self, columns: Sequence[str]) -> int:
        """Return how sure it is that a table with these columns is its own: 0 not at all, 100 certain."""
        ...

    def time_column(self, columns: Sequence[str], context: Context) -> str:
        """Return the column with the time of a post. Raises InputError that lists the columns if there is none."""
        ...

    def reader(self, columns: Sequence[str], context: Context) -> Reader:
        """Return the function that turns rows into posts, and says what is wrong with those that it cannot use.

        Raises InputError if columns that it needs are missing.
        """
        ...


def column_key(name: str) -> str:
    """Return a column's name as it is compared: case, width, blanks and hyphens do not matter."""
    return re.sub(r"[\s\-]+", "_", unicodedata.normalize("NFKC", name).strip().casefold())


def columns_by_key(columns: Sequence[str]) -> dict[str, str]:
    """Return the columns by their `column_key`; of two with the same the first."""
    by_key: dict[str, str] = {}
    for column in columns:
        by_key.setdefault(column_key(column), column)
    return by_key


def mapped_columns(
    mapping: Mapping[str, str], fields: Sequence[str], columns: Sequence[str], file: str
) -> dict[str, str]:
    """Return the user's column of each field, as the file spells it.

    Raises UsageError for a field that is none of `fields`, InputError for a column that the file does not have.
    """
    by_key = columns_by_key(columns)
    found: dict[str, str] = {}
    for name, column in mapping.items():
        if name not in fields:
            raise UsageError(f"--map knows no field '{name}'; fields are {', '.join(fields)}.")
        if column_key(column) not in by_key:
            raise InputError(f"'{file}' has no column '{column}'; it has {listed(columns)}.")
        found[name] = by_key[column_key(column)]
    return found


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """A table whose columns have known names; nested values are named `outer.inner`.

    `columns` gives for each field of FIELDS the names to look for, best first. The format recognises a table that has
    all columns of one set in `marks`.
    """

    name: str
    source: str
    columns: Mapping[str, tuple[str, ...]]
    marks: tuple[frozenset[str], ...] = ()
    zone: str | None = None
    confidence: int = 90
    # Last touch on the fields of some rows, columns of one length.
    finish: Callable[[dict[str, Cells], Sequence[Values]], None] | None = None

    def recognise(self, columns: Sequence[str]) -> int:
        """Return `confidence` if all columns of one of the marks are there, else 0."""
        have = {column_key(column) for column in columns}
        have |= {column.partition(".")[0] for column in have}
        return self.confidence if any(mark <= have for mark in self.marks) else 0

    def find(self, columns: Sequence[str], context: Context) -> dict[str, list[str]]:
        """Return the columns of each field. Raises UsageError or InputError for a mapping that cannot be."""
        by_key = columns_by_key(columns)
        found: dict[str, list[str]] = {}
        for name, candidates in self.columns.items():
            if present := [by_key[c] for c in candidates if c in by_key]:
                found[name] = present
        mapped = mapped_columns(context.mapping, FIELDS, columns, context.file)
        return found | {name: [column] for name, column in mapped.items()}

    def time_column(self, columns: Sequence[str], context: Context) -> str:
        """Return the column with the time of a post. Raises InputError that lists the columns if there is none."""
        found = self.find(columns, context)
        if "time" not in found:
            raise InputError(
                f"No column of '{context.file}' is known as the time of a post; it has {listed(columns)}: "
                "name it with --map time=COLUMN."
            )
        return found["time"][0]

    def reader(self, columns: Sequence[str], context: Context) -> Reader:
        """Return the function that turns rows into posts."""
        found = self.find(columns, context)
        self.time_column(columns, context)
        if "text" not in found and "title" not in found:
            raise InputError(
                f"No column of '{context.file}' is known as the text of a post; it has {listed(columns)}: "
                "name it with --map text=COLUMN."
            )
        given = normalise_source(context.source)
        default = given or self.source
        get = {name: cells_of(columns) for name, columns in found.items()}
        get_title = get.get("title", _none)

        def read(rows: Sequence[Values]) -> Posts:
            cells = {name: get[name](rows) for name in CONVERTERS if name in get}
            fields = {
                name: convert(cells[name]) if name in cells else [absent] * len(rows)
                for name, (convert, absent) in CONVERTERS.items()
            }
            fields["at_least"] = lower_bounds(cells, len(rows))
            published, errors = instants(get["time"](rows), context.zone, context.order)
            titles = texts(get_title(rows))
            fields["text"] = list(map(with_title, titles, map(without_removal, texts(get.get("text", _none)(rows)))))
            sources = [default] * len(rows)
            if "source" in get and not given:
                sources = [normalise_source(name) or default for name in texts(get["source"](rows))]
            if self.finish is not None:
                self.finish(fields, rows)
            ids = identifiers(get.get("id", _none)(rows))
            for place, (own, source) in enumerate(zip(ids, sources, strict=True)):
                if not own or source == UNNAMED_SOURCE:
                    # No platform vouches for the id: without what the post says, two files' first rows would be one.
                    said = (fields["author"][place], fields["text"][place], fields["url"][place], titles[place])
                    ids[place] = stable_id(own, published[place], *said)
            return posts_of(sources, ids, published, fields, errors)

        return read


def _none(rows: Sequence[Values]) -> Cells:
    """Return the cells of a column that is not there."""
    return [None] * len(rows)


def listed(columns: Sequence[str], most: int = 40) -> str:
    """Return column names for a message."""
    return ", ".join(columns[:most]) + (f" and {len(columns) - most} more" if len(columns) > most else "")


def without_removal(text: str) -> str:
    """Return "" for the mark that a platform leaves in place of a removed text."""
    return "" if text[:1] == "[" and text.lower() in _REMOVED else text


def with_title(title: str, text: str) -> str:
    """Return the text with its title above, unless the text begins with it."""
    if not title or text.startswith(title):
        return text
    return f"{title}\n{text}" if text else title


def stable_id(own: str, published: int, author: str, text: str, url: str, title: str) -> str:
    """Return an id made of what the post says, the same each time the file is read."""
    parts = (own, str(published), author, text, url, title)
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
    return f"{own}:{digest}" if own else f"made-{digest}"
