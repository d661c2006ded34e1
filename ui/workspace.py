"""What the window looked like when it was last closed, in one small JSON file."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.charts.record import ChartRecord

if TYPE_CHECKING:
    from pathlib import Path

    from ui.charts.grid import Shares


@dataclass(frozen=True, slots=True)
class Workspace:
    """Geometry, and the charts: what each shows, how they are arranged and linked, which is active."""

    geometry: bytes = b""
    docks: bytes = b""
    sample: bool = False  # whether the charts are of the bundled sample
    charts: tuple[ChartRecord, ...] = (ChartRecord(),)
    arrangement: str = "one"
    shares: Shares = ()
    active: int = 0
    maximised: bool = False
    links: tuple[str, ...] = ()
    order: str = "newest"
    opened: tuple[str, ...] = ()

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
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        for name in ("geometry", "docks"):
            values[name] = base64.b64encode(values[name]).decode()
        values["charts"] = [record.to_json() for record in self.charts]
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, path)  # noqa: PTH105  one name for both systems' atomic rename

    @classmethod
    def _from(cls, found: dict[str, Any]) -> Workspace:
        # Before there could be several charts, the file held what the one showed by itself.
        charts = found.get("charts") or [found]
        return cls(
            geometry=base64.b64decode(found.get("geometry", "")),
            docks=base64.b64decode(found.get("docks", "")),
            sample=bool(found.get("sample", False)),
            charts=tuple(ChartRecord.from_json(chart) for chart in charts),
            arrangement=str(found.get("arrangement", "one")),
            shares=tuple(tuple(float(share) for share in group) for group in found.get("shares", ())),
            active=int(found.get("active", 0)),
            maximised=bool(found.get("maximised", False)),
            links=tuple(str(name) for name in found.get("links", ())),
            order=str(found.get("order", "newest")),
            opened=tuple(str(k) for k in found.get("opened", ())),
        )
