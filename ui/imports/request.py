"""What the user wants imported, and the command line that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ui.processes import with_data_dir


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One import. Empty texts mean: as the file says."""

    kind: str  # "posts", "prices", "metrics", "events"
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
        parts = with_data_dir(["import", self.kind, "--json", "--progress"], data_dir)
        options = {
            "posts": (("--preset", self.preset), ("--source", self.source), ("--subject", self.subject)),
            "prices": (("--symbol", self.symbol), ("--interval", self.interval)),
            "metrics": (
                ("--subject", self.subject),
                ("--metric", self.metric),
                ("--kind", self.metric_kind),
                ("--source", self.source),
            ),
            "events": (("--subject", self.subject),),
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
