"""The user's marks outside the store: written to and read from files, and made into a layer of the user's own."""

from __future__ import annotations

import datetime as dt
import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from core.errors import InputError, StoreError, UsageError
from core.model import PERSONAL_SCORER
from core.sentiment import get_scorer, scorers
from core.sentiment.batch import scorer_of
from core.sentiment.personal import Layer
from core.sentiment.personal_fit import Mark, digest_of, fit, worth
from core.sentiment.transformer import NAME as ONNX
from core.store.corrections import OFF_TOPIC, VERDICTS, Correction
from core.transformer_choice import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from core.model import ScorerId
    from core.sentiment import Scorer
    from core.sentiment.batch import Spec
    from core.sentiment.personal_fit import Stance, Worth
    from core.store import Store

_KEY: Final = "layer"  # in the store
MOST_TAGS: Final = 5_000
_BASE: Final = "crowd"


# -- files


def write_corrections(corrections: Iterable[Correction], path: Path) -> int:
    """Write marks as one JSON object a line and return how many; raises `StoreError` where the disk refuses."""
    lines = [json.dumps(_as_dict(c), ensure_ascii=False) + "\n" for c in corrections]
    try:
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(f"The marks cannot be written to {path}: {error.strerror}; choose another place.") from error
    return len(lines)


def _as_dict(c: Correction) -> dict[str, Any]:
    return {
        "source": c.source,
        "id": c.id,
        "verdict": c.verdict,
        "subject": c.subject,
        "marked": _iso(c.marked),
        "published": _iso(c.published),
        "text": c.text,
    }


def _iso(ms: int) -> str:
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def read_corrections(path: Path) -> list[Correction]:
    """Read what `write_corrections` wrote; raises `InputError` that names the line which is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise InputError(f"There is no file '{path}'.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{path.name}' cannot be read as marks ({error}).") from None
    found: list[Correction] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_correction(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise InputError(
                    f"Line {number} of '{path.name}' is no mark: it must have source, id, verdict "
                    f"({', '.join(VERDICTS)}) and marked, and a subject where it is off-topic."
                ) from None
    return found


def _correction(value: dict[str, Any]) -> Correction:
    verdict, subject = value["verdict"], str(value.get("subject") or "")
    if verdict not in VERDICTS or (verdict == OFF_TOPIC) != bool(subject):
        raise ValueError
    marked = dt.datetime.fromisoformat(value["marked"])
    if marked.tzinfo is None:
        raise ValueError
    instant = round(marked.timestamp() * 1000)
    return Correction(str(value["source"]), str(value["id"]), verdict, subject, instant)


# -- the layer


@dataclass(frozen=True, slots=True)
class Mine:
    """The user's layer as the store keeps it. `marks` counts what it was learned from, `fresh` what came since."""

    layer: Layer
    tags: bool  # whether it learned from authors' own tags as well
    marks: int
    fresh: int


def marks_of(store: Store, *, tags: bool) -> list[Mark]:
    """Return the texts that a layer learns from: the user's stances, and with `tags` those of authors."""
    own = [Mark(c.text, c.verdict) for c in store.corrections() if c.verdict != OFF_TOPIC and c.text]
    if not tags:
        return own
    known = {mark.text for mark in own}
    theirs = [
        Mark(text, cast("Stance", stance), own=False)
        for text, stance in store.tagged_posts(MOST_TAGS)
        if text not in known
    ]
    return own + theirs


def weigh(store: Store, *, tags: bool) -> Worth:
    """Return what a layer would be worth, by cross-validation on the marks there are."""
    return worth(marks_of(store, tags=tags), get_scorer(_BASE))


def learn(store: Store, *, tags: bool) -> Layer:
    """Learn a layer from the marks there are and use it from now on; `core.rescoring` brings its scores."""
    marks = marks_of(store, tags=tags)
    layer = fit(marks, get_scorer(_BASE))
    store.put(_KEY, {"layer": layer.as_dict(), "tags": tags, "marks": len(marks)})
    return layer


def forget(store: Store) -> None:
    """Use no layer any more; the marks stay."""
    store.put(_KEY, None)
    store.drop_scorer(PERSONAL_SCORER)


def layer_of(store: Store) -> Layer | None:
    """Return the layer in use, None where there is none.

    A layer belongs to one version of `crowd`: with another one, it is learned anew from the marks there are.
    """
    kept = store.get(_KEY)
    if not kept:
        return None
    layer = Layer.of(kept["layer"])
    base = get_scorer(_BASE)
    return layer if layer.base == base.id else _learned_anew(tuple(marks_of(store, tags=bool(kept["tags"]))), base.id)


@functools.lru_cache(maxsize=1)
def _learned_anew(marks: tuple[Mark, ...], base: ScorerId) -> Layer:
    """Learn a layer on the current version of its base; remembered, as every look at the layer asks for it."""
    return fit(marks, get_scorer(base.name))


def mine(store: Store) -> Mine | None:
    """Return the layer in use and how it stands to the marks there are, None where there is none."""
    kept, layer = store.get(_KEY), layer_of(store)
    if not kept or layer is None:
        return None
    tags, learned = bool(kept["tags"]), int(kept["marks"])
    marks = marks_of(store, tags=tags)
    fresh = 0 if digest_of(marks) == layer.digest else max(len(marks) - learned, 1)
    return Mine(layer, tags, learned, fresh)


def specs(store: Store) -> list[Spec]:
    """Return the scorers of every post: all there are, and the user's own layer and transformer where there are any."""
    layer, transformer = layer_of(store), chosen(store)
    return [*scorers(), *([layer] if layer else []), *([transformer.spec] if transformer else [])]


def scorer_named(store: Store, name: str) -> Scorer:
    """Return the scorer of that name, the user's own layer included; raises `UsageError` where there is none."""
    if name == ONNX:
        transformer = chosen(store)
        if transformer is None:
            raise UsageError(
                f"There is no scorer '{ONNX}' yet: name a folder first (crowdtape transformer use FOLDER)."
            )
        return scorer_of(transformer.spec)
    layer = layer_of(store) if name == PERSONAL_SCORER else None
    if name == PERSONAL_SCORER and layer is None:
        raise UsageError(
            f"There is no scorer '{name}' yet: mark posts, then learn from them (crowdtape corrections learn)."
        )
    return scorer_of(layer or name)
