"""What an import tells: progress while it runs, a report when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from core.model import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. Bytes are those of the file on disk, compressed where it is."""

    file: str
    done_bytes: int
    total_bytes: int
    rows: int  # read so far, in all files


ProgressCallback: TypeAlias = "Callable[[Progress], None]"
CancelledCallback: TypeAlias = "Callable[[], bool]"


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    `read` counts data rows, rejected ones included. `rejected` counts all rejections, of which the first 1000 are
    kept; a file that could not be read is one rejection with row 0. `moved` counts events that were known at another
    time or by another title. `linked` counts new links by subject.
    """

    read: int = 0
    added: int = 0
    duplicates: int = 0
    moved: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list[Rejection])
    linked: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list[str])
    failures: list[Rejection] = field(default_factory=list[Rejection])

    @property
    def failed_files(self) -> list[Rejection]:
        """The files that could not be read at all."""
        return self.failures

    def reject(self, file: str, row: int, reason: str) -> None:
        """Set a row aside; row 0 is the whole file."""
        self.rejected += 1
        rejection = Rejection(file, row, reason)
        if row == 0:
            self.failures.append(rejection)
        if len(self.rejections) < MAX_KEPT:
            self.rejections.append(rejection)

    def note(self, text: str) -> None:
        """Tell the user something once."""
        if text not in self.notes:
            self.notes.append(text)

    def link(self, counts: Mapping[str, int]) -> None:
        """Add new links by subject."""
        for key, n in counts.items():
            self.linked[key] = self.linked.get(key, 0) + n

    def as_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "read": self.read,
            "added": self.added,
            "duplicates": self.duplicates,
            "moved": self.moved,
            "rejected": self.rejected,
            "rejections": [{"file": r.file, "row": r.row, "reason": r.reason} for r in self.rejections],
            "linked": dict(sorted(self.linked.items())),
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
        }
