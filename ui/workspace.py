"""What the window looked like when it was last closed, in one small JSON file."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """Geometry and selection. `span` is the visible range (ms UTC); `range` its name where it has one."""

    geometry: bytes = b""
    docks: bytes = b""
    subject: str = ""
    range: str = ""
    span: tuple[int, int] | None = None
    interval: str = "1d"
    mode: str = "trading"
    scorer: str = ""
    order: str = "newest"
    opened: tuple[str, ...] = field(default=())
    layout: dict[str, Any] = field(default_factory=dict[str, Any])  # core.layout.Layout as JSON; {} is the default

    @classmethod
    def load(cls, path: Path) -> Workspace:
        """Read the file; one that is missing or damaged is a fresh start."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls._from(found)
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            return cls()

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all; a full disk must not keep the window from closing."""
        values = dataclasses.asdict(self)
        for name in ("geometry", "docks"):
            values[name] = base64.b64encode(values[name]).decode()
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, path)  # noqa: PTH105  one name for both systems' atomic rename

    @classmethod
    def _from(cls, found: dict[str, Any]) -> Workspace:
        span = found.get("span")
        return cls(
            geometry=base64.b64decode(found.get("geometry", "")),
            docks=base64.b64decode(found.get("docks", "")),
            subject=str(found.get("subject", "")),
            range=str(found.get("range", "")),
            span=(int(span[0]), int(span[1])) if span else None,
            interval=str(found.get("interval", "1d")),
            mode=str(found.get("mode", "trading")),
            scorer=str(found.get("scorer", "")),
            order=str(found.get("order", "newest")),
            opened=tuple(str(k) for k in found.get("opened", ())),
            layout=dict(found.get("layout", {})),
        )
