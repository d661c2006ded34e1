"""What was done to the marks or to the panes of a chart, so that it can be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from core.marks import Change

if TYPE_CHECKING:
    from core.layout import Layout

MOST = 200
# Moves of one mark that follow one another this fast (seconds), as by a held arrow key, are one step to take back.
TOGETHER = 1.0


class Undoable(Protocol):
    """A step of a history."""

    @property
    def text(self) -> str:
        """The name by which the user knows it."""
        ...

    @property
    def made(self) -> float:
        """When it was done, in seconds of any clock."""
        ...

    def joined(self, later: Self) -> Self | None:
        """Return this and a later step as one, or None where they are two."""
        ...


@dataclass(frozen=True, slots=True)
class MarkStep:
    """Changes of marks that were made together."""

    text: str
    changes: tuple[Change, ...]
    made: float

    def joined(self, later: MarkStep) -> MarkStep | None:
        """Return two moves of one mark as one step, or None where they are not that."""
        if later.made - self.made > TOGETHER or self.text != later.text:
            return None
        if len(self.changes) != 1 or len(later.changes) != 1:
            return None
        (a,), (b,) = self.changes, later.changes
        if a.owner != b.owner or a.before is None or b.after is None or a.after is None or a.after != b.before:
            return None
        return MarkStep(later.text, (Change(a.owner, a.before, b.after),), later.made)


@dataclass(frozen=True, slots=True)
class LayoutStep:
    """A change of a chart's panes."""

    text: str
    before: Layout
    after: Layout
    made: float

    def joined(self, later: LayoutStep) -> None:  # noqa: ARG002  the protocol's
        """Return None: panes do not change as fast as a held key."""
        return


S = TypeVar("S", bound=Undoable)


class History(Generic[S]):
    """The steps of one chart in their order, the newest last, and how far they are taken back.

    Applies nothing itself: it says which step is to be taken back or done again. At most 200 steps are kept.
    """

    def __init__(self) -> None:
        """Begin with nothing done."""
        self._steps: list[S] = []
        self._done = 0

    @property
    def last(self) -> S | None:
        """The step that would be taken back, None where there is nothing."""
        return self._steps[self._done - 1] if self._done else None

    @property
    def next(self) -> S | None:
        """The step that would be done again, None where there is nothing."""
        return self._steps[self._done] if self._done < len(self._steps) else None

    def add(self, step: S) -> None:
        """Note a step that is being done; what was taken back before it cannot be done again."""
        del self._steps[self._done :]
        joined = self._steps[-1].joined(step) if self._steps else None
        if joined is not None:
            self._steps[-1] = joined
        else:
            self._steps = [*self._steps, step][-MOST:]
        self._done = len(self._steps)

    def undo(self) -> S | None:
        """Go one step back and return the step to take back, None where there is nothing."""
        step = self.last
        self._done -= step is not None
        return step

    def redo(self) -> S | None:
        """Go one step forth again and return the step to do again, None at the newest."""
        step = self.next
        self._done += step is not None
        return step
