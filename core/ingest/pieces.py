"""What an import has its workers do with a piece of a file: parse it, judge it, lay it out for the store.

Pure, so that any `concurrent.futures.Executor` may run it.
"""

from __future__ import annotations

import functools
import pickle
from typing import TYPE_CHECKING, NamedTuple

from core.ingest.formats import get_format
from core.ingest.formats.base import Context
from core.ingest.judging import judge_batch
from core.sentiment.batch import scorer_of
from core.store.arrivals import Batch, unpack, words_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from core.ingest.formats.base import Reader
    from core.ingest.judging import Rules
    from core.ingest.tables import Piece
    from core.ingest.values import DateOrder
    from core.sentiment.batch import Spec
    from core.store.arrivals import Columns


class Form(NamedTuple):
    """How the rows of one file become posts: all that `formats.base.Context` says, as a key that can be sent."""

    preset: str
    columns: tuple[str, ...]
    file: str
    zone: dt.tzinfo | None
    order: DateOrder | None
    source: str
    mapping: tuple[tuple[str, str], ...]


class Task(NamedTuple):
    """What is the same for all pieces of a file; it travels pickled, so that a worker takes it apart only once."""

    form: Form
    scorers: tuple[Spec, ...]
    rules: Rules
    subjects: tuple[str, ...]  # that the user named for all posts


class Read(NamedTuple):
    """The posts of a piece. `read` counts its rows; a rejection names its row, from 1 within the piece."""

    read: int
    rejections: list[tuple[int, str]]
    posts: Columns


class Prepared(NamedTuple):
    """The posts of a piece, ready for the store."""

    read: int
    rejections: list[tuple[int, str]]
    batch: Batch


@functools.lru_cache(maxsize=8)
def _reader(form: Form) -> Reader:
    context = Context(form.file, form.zone, form.order, form.source, dict(form.mapping))
    return get_format(form.preset).reader(form.columns, context)


def read_piece(form: Form, piece: Piece) -> Read:
    """Read the rows of a piece; those that cannot be used are set aside."""
    rows = piece.rows()
    found = _reader(form)([values for values, fault in rows if not fault])
    rejections = [(number, fault) for number, (_, fault) in enumerate(rows, 1) if fault]
    if found.errors:
        numbers = [number for number, (_, fault) in enumerate(rows, 1) if not fault]
        rejections = sorted([*rejections, *((numbers[place], error) for place, error in found.errors.items())])
    return Read(len(rows), rejections, found.columns)


@functools.lru_cache(maxsize=8)
def _unpickled(task: bytes) -> Task:
    return pickle.loads(task)  # noqa: S301  made by this program a moment ago


def prepare(pickled: bytes, piece: Piece) -> Prepared:
    """Read a piece, score its posts and find whom they speak of. `pickled` is a `Task`."""
    task = _unpickled(pickled)
    read, rejections, posts = read_piece(task.form, piece)
    said = list(zip(posts.text, map(unpack, posts.tags), map(unpack, posts.symbols), strict=True))
    judged = judge_batch(task.scorers, task.rules, said)
    batch = Batch(
        posts,
        list(map(words_of, posts.text)),
        judged.subjects,
        _stated(task.subjects, posts.symbols),
        {scorer_of(spec).id: column for spec, column in zip(task.scorers, judged.scores, strict=True)},
        [None] * len(said),
        posts.facts(),
    )
    return Prepared(read, rejections, batch)


def _stated(subjects: tuple[str, ...], symbols: Iterable[str]) -> list[tuple[str, ...]]:
    """Return whom each post is said to speak of: by the user, and by the symbols (packed) that its source gives."""
    known: dict[str, tuple[str, ...]] = {}
    return [known.get(s) or known.setdefault(s, tuple(dict.fromkeys(subjects + unpack(s)))) for s in symbols]
