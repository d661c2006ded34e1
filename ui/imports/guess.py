"""A first look at a file: its columns, its first rows, and what it seems to hold. Runs in a worker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import CrowdtapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.tasks import JobContext

KINDS = ("posts", "prices", "metrics", "events")
PREVIEW_ROWS = 6
_CELL = 200

_PRICE_COLUMNS = {"open", "high", "low", "close"}
_PRICE_COLUMNS_ZH = {"开盘", "收盘", "最高", "最低"}
_METRIC_COLUMNS = {"rank", "snapshot_at", "hot", "chart", "value", "heat", "排名", "热度", "read_count"}
_METRIC_ONLY = {"snapshot_at", "rank", "排名"}
_EVENT_TITLES = {"title", "event", "summary", "subject", "headline", "标题", "事件", "主题", "事项"}
_EVENT_TIMES = {"time", "date", "datetime", "start", "start_date", "start date", "when", "时间", "日期", "开始日期"}
# What a post has and an event has not.
_POST_ONLY = {"id", "author", "user", "username", "likes", "like_count", "liked_count", "views", "comments", "body"}
_SINA = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at one file found; `problem` is a sentence where it could not be read."""

    path: str
    kind: str = "posts"
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    preset: str = ""
    found: tuple[tuple[str, str], ...] = ()  # field, column: how posts would be read
    symbol: str = ""
    problem: str = ""
    calendar: bool = False  # an ICS file, which has no columns to map


def look(_context: JobContext, path: str) -> Look:
    """Look at the beginning of a file; never raises for what is wrong with it."""
    from core.ingest.ics import is_calendar  # noqa: PLC0415  not needed to start
    from core.ingest.tables import Table  # noqa: PLC0415  as above

    try:
        if is_calendar(Path(path)):
            return _look_at_calendar(path)
        with Table(Path(path)) as table:
            columns = tuple(table.columns)
            rows = [row.values for row in table.sample(PREVIEW_ROWS) if not row.fault]
    except CrowdtapeError as problem:
        return Look(path, problem=str(problem))
    except OSError as problem:
        return Look(path, problem=f"{Path(path).name}: {problem.strerror or problem}.")
    kind = guess_kind(columns)
    preset, found = _recognise(columns, Path(path).name)
    cells = tuple(tuple(_cell(values, column) for column in columns) for values in rows)
    return Look(path, kind, columns, cells, preset, found, guess_symbol(path))


def _look_at_calendar(path: str) -> Look:
    """Show the first events of an ICS file as rows."""
    from core.ingest.events import horizon  # noqa: PLC0415  as above
    from core.ingest.ics import read_calendar  # noqa: PLC0415

    found = read_calendar(Path(path), horizon())
    read = [one for events in found.events.values() if isinstance(events, list) for one in events[:1]]
    rows = tuple(
        tuple(" ".join(text[:_CELL].split()) for text in (str(one.start), one.title, one.note, one.url))
        for one in read[:PREVIEW_ROWS]
    )
    return Look(path, "events", ("time", "title", "note", "url"), rows, calendar=True)


def guess_kind(columns: Sequence[str]) -> str:
    """Return "posts", "prices", "metrics" or "events" by the names of the columns."""
    names = {c.strip().casefold().lstrip("\ufeff") for c in columns}
    if names >= _PRICE_COLUMNS or names >= _PRICE_COLUMNS_ZH:
        return "prices"
    if names & _EVENT_TITLES and names & _EVENT_TIMES and not names & (_POST_ONLY | _METRIC_COLUMNS | {"text", "正文"}):
        return "events"
    texts = {"text", "body", "content", "desc", "message", "caption", "selftext", "正文", "内容"}
    if names & _METRIC_ONLY and not names & texts:
        return "metrics"
    return "metrics" if names & _METRIC_COLUMNS and not names & (texts | {"title", "id"}) else "posts"


def guess_symbol(path: str) -> str:
    """Return the symbol that a file's name seems to hold: 300792.csv is 300792.SZ, AAPL.prices.csv is AAPL."""
    name = Path(path).name
    if found := _SINA.search(name):
        code = found[1]
        return f"{code}.SS" if code[0] in "59" or code[:2] in {"60", "68"} else f"{code}.SZ"
    stem = name.split(".")[0].split("_")[0]
    return stem.upper() if re.fullmatch(r"[A-Z]{1,5}(-[A-Z]{1,4})?", stem) else ""


def _recognise(columns: Sequence[str], name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    from core.ingest.formats import recognise  # noqa: PLC0415  as above
    from core.ingest.formats.base import Context  # noqa: PLC0415

    if not columns:
        return "", ()
    form = recognise(columns)
    find: Any = getattr(form, "find", None)  # formats that are no table of columns have nothing to map
    try:
        found = find(columns, Context(name)) if find is not None else {}
    except CrowdtapeError:
        found = {}
    return form.name, tuple((field, names[0]) for field, names in found.items())


def _cell(values: dict[str, Any], column: str) -> str:
    at: Any = values
    if column in values:
        at = values[column]
    else:
        for part in column.split("."):
            at = at.get(part) if isinstance(at, dict) else None
    text = "" if at is None else str(at)
    return " ".join(text[:_CELL].split())
