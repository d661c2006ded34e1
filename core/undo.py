"""What was done to the marks of a chart, so that it can be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass

from core.marks import Change, take_back

MOST = 200
# Moves of one mark that follow one another this fast (seconds), as by a held arrow key, are one step to take back.
TOGETHER = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that were made together, under the name by which the user knows them; `made` in seconds of any clock."""

    text: str
    changes: tuple[Change, ...]
    made: float


class History:
    """The steps of one chart in their order, the newest last, and how far they are taken back.

    Applies nothing itself: it says which changes are to be made. At most 200 steps are kept.
    """

    def __init__(self) -> None:
        """Begin with nothing done."""
        self._steps: list[Step] = []
        self._done = 0

    @property
    def undo_text(self) -> str:
        """The name of what would be taken back, "" where there is nothing."""
        return self._steps[self._done - 1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """The name of what would be done again, "" where there is nothing."""
        return self._steps[self._done].text if self._done < len(self._steps) else ""

    def add(self, step: Step) -> None:
        """Note a step that is being done; what was taken back before it cannot be done again."""
        del self._steps[self._done :]
        before = self._steps[-1] if self._steps else None
        joined = _joined(before, step) if before is not None else None
        if joined is not None:
            self._steps[-1] = joined
        else:
            self._steps = [*self._steps, step][-MOST:]
        self._done = len(self._steps)

    def undo(self) -> tuple[Change, ...]:
        """Go one step back and return the changes that lead there, none where there is nothing to take back."""
        if not self._done:
            return ()
        self._done -= 1
        return take_back(self._steps[self._done].changes)

    def redo(self) -> tuple[Change, ...]:
        """Go one step forth again and return the changes that lead there, none at the newest."""
        if self._done == len(self._steps):
            return ()
        self._done += 1
        return self._steps[self._done - 1].changes


def _joined(first: Step, second: Step) -> Step | None:
    """Return two moves of one mark as one step, or None where they are not that."""
    if second.made - first.made > TOGETHER or first.text != second.text:
        return None
    if len(first.changes) != 1 or len(second.changes) != 1:
        return None
    (a,), (b,) = first.changes, second.changes
    if a.owner != b.owner or a.before is None or b.after is None or a.after is None or a.after != b.before:
        return None
    return Step(second.text, (Change(a.owner, a.before, b.after),), second.made)
