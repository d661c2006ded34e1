"""The small JSON beside a snapshot of one chart or of all, from which that very view is restored."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.model import Basis, ClockMode, Interval

if TYPE_CHECKING:
    from pathlib import Path

FORMAT, FORMAT_OF_ALL = "crowdtape snapshot", "crowdtape charts"
VERSION = 1
_SORTS = {"str": (str,), "int": (int,), "float": (int, float)}


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """What a snapshot showed. Times are ms UTC."""

    subject: str
    start: int
    end: int
    crowd: str = ""  # whose posts
    interval: str = "1d"
    mode: str = "trading"
    theme: str = "dark"
    basis: str = ""
    scorer: str = ""
    scorer_version: str = ""
    width: int = 1600
    height: int = 900
    scale: float = 1.0
    zone: str = ""
    language: str = "en"
    market: str = ""
    layout: dict[str, Any] = field(default_factory=dict[str, Any])  # {} is the default one
    program: str = ""
    made: int = 0

    def to_json(self) -> str:
        """Return the text of the file."""
        return _text(FORMAT, asdict(self))


@dataclass(frozen=True, slots=True)
class ChartsRecord:
    """What a picture of all charts showed: how they stood, their shares of the room, what linked them, and each."""

    arrangement: str
    charts: tuple[SnapshotRecord, ...]
    shares: tuple[tuple[float, ...], ...] = ()
    links: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the text of the file."""
        return _text(FORMAT_OF_ALL, asdict(self))


def _text(name: str, values: dict[str, Any]) -> str:
    return json.dumps({"format": name, "version": VERSION, **values}, ensure_ascii=False, indent=2) + "\n"


def sidecar_path(picture: Path) -> Path:
    """Return the JSON file that stands beside a picture."""
    return picture.with_suffix(".json")


def read_record(path: Path) -> SnapshotRecord:
    """Read the record of a snapshot of one chart, given its JSON or the picture beside it. Raises InputError."""
    record = read_records(path)
    if not isinstance(record, SnapshotRecord):
        raise InputError(f"{path} shows several charts.")
    return record


def read_records(path: Path) -> SnapshotRecord | ChartsRecord:
    """Read what a picture of one chart or of all showed, given its JSON or the picture beside it. Raises InputError."""
    path = path if path.suffix.lower() == ".json" else sidecar_path(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"There is no {path.name} beside the picture; without it the view cannot be restored."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} is no snapshot of Crowdtape: it is not valid JSON.") from None
    if not isinstance(found, dict) or found.get("format") not in {FORMAT, FORMAT_OF_ALL}:
        raise InputError(f"{path} is no snapshot of Crowdtape.")
    if not isinstance(found.get("version"), int) or found["version"] > VERSION:
        raise InputError(f"{path} was written by a newer Crowdtape; please update the program to open it.")
    return _checked(found, path) if found["format"] == FORMAT else _checked_charts(found, path)


def _checked_charts(found: dict[str, Any], path: Path) -> ChartsRecord:
    try:
        charts = tuple(_checked(dict(chart), path) for chart in found["charts"])
        shares = tuple(tuple(float(share) for share in group) for group in found.get("shares", ()))
        record = ChartsRecord(str(found["arrangement"]), charts, shares, tuple(map(str, found.get("links", ()))))
        if not charts:
            raise ValueError("charts")  # noqa: TRY301  one sentence for all of them
    except (LookupError, TypeError, ValueError):
        raise _damaged(path) from None
    return record


def _damaged(path: Path) -> InputError:
    return InputError(f"{path} is damaged: it does not say what the snapshot showed.")


def _checked(found: dict[str, Any], path: Path) -> SnapshotRecord:
    values = {f.name: found[f.name] for f in fields(SnapshotRecord) if f.name in found}
    try:
        record = SnapshotRecord(**values)
        for f in fields(SnapshotRecord):
            value = getattr(record, f.name)
            if not isinstance(value, _SORTS.get(str(f.type), dict)) or isinstance(value, bool):
                raise TypeError(f.name)  # noqa: TRY301  one sentence for all of them
        _ = Interval(record.interval), ClockMode(record.mode), record.basis and Basis(record.basis)
        if record.end <= record.start or not record.subject:
            raise ValueError("range")  # noqa: TRY301  as above
    except (TypeError, ValueError):
        raise _damaged(path) from None
    return record
