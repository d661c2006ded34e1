"""The small JSON beside a snapshot, from which that very view is restored."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.model import Basis, ClockMode, Interval

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "crowdtape snapshot"
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
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, ensure_ascii=False, indent=2) + "\n"


def sidecar_path(picture: Path) -> Path:
    """Return the JSON file that stands beside a picture."""
    return picture.with_suffix(".json")


def read_record(path: Path) -> SnapshotRecord:
    """Read the record of a snapshot, given its JSON or the picture beside it. Raises InputError."""
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
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(f"{path} is no snapshot of Crowdtape.")
    if not isinstance(found.get("version"), int) or found["version"] > VERSION:
        raise InputError(f"{path} was written by a newer Crowdtape; please update the program to open it.")
    return _checked(found, path)


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
        raise InputError(f"{path} is damaged: it does not say what the snapshot showed.") from None
    return record
