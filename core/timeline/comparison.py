"""Other instruments beside the subject of a tape, so that they can be compared as percent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.filling import last_index

if TYPE_CHECKING:
    from core.model import Basis, Instrument
    from core.timeline.lines import Line
    from core.timeline.tape import Tape


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """An instrument's closes on the slots of another's tape, each in the slot that ends when its own exchange closed.

    NaN where it made no bar; shape (n,).
    """

    instrument: Instrument
    close: Line
    basis: Basis | None = None

    def last_before(self, index: int) -> float:
        """Return the last close in the slots before `index`, NaN where there was none."""
        found = last_index(self.close.value, index)
        return float("nan") if found is None else float(self.close.value[found])


def closes(tape: Tape) -> Line:
    """Return the tape's own closes as a line."""
    return tape.lines.get(("close",), lambda t: (t.candles.close,))[0]


def base_index(close: Line, index: int) -> int | None:
    """Return the slot whose close is 100 % for what is rebased to slot `index`; None where the line has no value.

    That is the last one at or before it, or where nothing had been made by then, the first one after it.
    """
    before = last_index(close.value, index + 1)
    if before is not None:
        return before
    after = np.flatnonzero(~np.isnan(close.value[max(index, 0) :]))
    return int(after[0]) + max(index, 0) if len(after) else None


def base_value(close: Line, index: int) -> float:
    """Return the close that is 100 % for what is rebased to slot `index`, NaN where the line has no value."""
    found = base_index(close, index)
    return float("nan") if found is None else float(close.value[found])
