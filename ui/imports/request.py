"""What the user wants imported, and the command line that does it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One import. Empty texts mean: as the file says."""

    kind: str  # "posts", "prices", "metrics"
    files: tuple[str, ...]
    preset: str = ""
    mapping: tuple[tuple[str, str], ...] = field(default=())
    zone: str = ""
    source: str = ""
    subject: str = ""
    symbol: str = ""
    interval: str = ""
    metric: str = ""
    metric_kind: str = ""

    def arguments(self, data_dir: Path | None) -> list[str]:
        """Return the arguments of `crowdtape`; files last, after `--`, whatever their names."""
        parts = ["--data-dir", str(data_dir)] if data_dir is not None else []
        parts += ["import", self.kind, "--json", "--progress"]
        options = {
            "posts": (("--preset", self.preset), ("--source", self.source), ("--subject", self.subject)),
            "prices": (("--symbol", self.symbol), ("--interval", self.interval)),
            "metrics": (
                ("--subject", self.subject),
                ("--metric", self.metric),
                ("--kind", self.metric_kind),
                ("--source", self.source),
            ),
        }[self.kind]
        for name, value in (*options, ("--tz", self.zone)):
            if value:
                parts.append(f"{name}={value}")
        if self.kind != "prices":
            parts += [f"--map={name}={column}" for name, column in self.mapping if column]
        return [*parts, "--", *self.files]

    @property
    def shown(self) -> str:
        """The files by name, for a title."""
        return Path(self.files[0]).name + (f" +{len(self.files) - 1}" if len(self.files) > 1 else "")


def program() -> list[str]:
    """Return how to start the command line: this very program where it is frozen, else Python with the package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ui.cli"]


def python_path() -> str:
    """Return a PYTHONPATH with which the child finds the packages that this process runs."""
    old = os.environ.get("PYTHONPATH", "")
    return f"{ROOT}{os.pathsep}{old}" if old else str(ROOT)
