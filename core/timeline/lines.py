"""Lines derived from a tape: one value a slot, computed once on first need, cheap to draw at any zoom.

An indicator, an average over time or a z-score against the past is a function of a whole tape. `Lines` keeps what such
functions made, under a key that says which function with which parameters it was; every view of the tape shares them,
as a value a slot does not depend on the clock:

    def smooth(tape):  # one array of shape (n,) a line, NaN where there is nothing to draw
        return (sma(tape.candles.close, 20),)

    (line,) = view.lines.get(("sma", 20), smooth)
    columns = line.columns(frame)  # first, lowest, highest and last value of each of the frame's m columns
    line.value_at(reading.index, frame.size)  # the figure for a legend

The first `get` of a million slots costs what the function costs and a few more ms; every later one is a look-up, and
`columns` costs what the frame's pixels cost. `ui.chart.items.curve` draws columns as a line.
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from core.series import BoolArray, FloatArray
    from core.timeline.tape import Tape
    from core.timeline.view import Frame

_FACTOR = 4
# Somebody who tries out every period of an average must not fill the memory with the ones that were no good.
MOST_KEPT = 48


@dataclass(frozen=True, slots=True, eq=False)
class LineColumns:
    """What a line does within each of m columns; all have shape (m,), NaN where a column holds no value.

    A line drawn through first, lowest, highest and last of every column is, to the pixel, the line through all values
    (Jugel et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014). Where a column begins or
    ends in a gap, `first` and `last` are its lowest or highest value instead.
    """

    first: FloatArray
    low: FloatArray
    high: FloatArray
    last: FloatArray

    def scaled(self, factor: float) -> LineColumns:
        """Return the columns with every value times a positive factor."""
        if self.low is self.high:  # one value a column: it stays so
            value = self.last * factor
            return LineColumns(value, value, value, value)
        return LineColumns(self.first * factor, self.low * factor, self.high * factor, self.last * factor)

    def only(self, kept: BoolArray) -> LineColumns:
        """Return the columns with a gap where one is not kept."""
        if self.low is self.high:  # as above
            value = np.where(kept, self.last, np.nan)
            return LineColumns(value, value, value, value)
        return LineColumns(*(np.where(kept, c, np.nan) for c in (self.first, self.low, self.high, self.last)))


class Line:
    """One value a slot, float64 of shape (n,), NaN where there is none, with a pyramid of its extremes. Immutable."""

    __slots__ = ("_levels", "value")

    def __init__(self, value: FloatArray) -> None:
        """Take the values, which must not be changed afterwards."""
        self.value = value
        self._levels: tuple[list[FloatArray], list[FloatArray]] | None = None

    def _extremes(self) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return the levels of the pyramid, made on first need: a line that is shown slot by slot needs none."""
        if self._levels is None:
            low, high = [self.value], [self.value]
            while len(low[-1]) > 2 * _FACTOR:
                low.append(_merged(low[-1], np.fmin))
                high.append(_merged(high[-1], np.fmax))
            self._levels = low, high
        return self._levels

    def __len__(self) -> int:
        return len(self.value)

    def columns(self, frame: Frame) -> LineColumns:
        """Return the line within the columns of a frame of the same tape."""
        return self.groups(frame.first, frame.first + len(frame.left) * frame.size, frame.size)

    def groups(self, first: int, last: int, size: int) -> LineColumns:
        """Return slots first … last - 1 in groups of `size`; `first` must be a multiple of `size`, a power of two."""
        last = min(last, len(self.value))
        if size == 1:
            value = self.value[first:last]
            return LineColumns(value, value, value, value)
        lows, highs = self._extremes()
        level = min((size.bit_length() - 1) // 2, len(lows) - 1)
        below = _FACTOR**level
        cut = slice(first // below, -(-last // below))
        low, high = lows[level][cut], highs[level][cut]
        rest = size // below
        while rest > 1:
            factor = min(rest, _FACTOR)
            low, high, rest = _merged(low, np.fmin, factor), _merged(high, np.fmax, factor), rest // factor
        head = np.arange(first, last, size)
        opening, closing = self.value[head], self.value[np.minimum(head + size, last) - 1]
        falling = opening > closing
        opening = np.where(np.isnan(opening), np.where(falling, high, low), opening)
        closing = np.where(np.isnan(closing), np.where(falling, low, high), closing)
        return LineColumns(opening, low, high, closing)

    def value_at(self, index: int, size: int = 1) -> float:
        """Return the last value among the `size` slots from `index`, NaN where they hold none."""
        part = self.value[index : index + size]
        has = np.flatnonzero(~np.isnan(part))
        return float(part[has[-1]]) if len(has) else float("nan")


def _merged(value: FloatArray, pick: np.ufunc, factor: int = _FACTOR) -> FloatArray:
    """Merge each `factor` (2 or 4) neighbours by fmin or fmax, the last group whatever its length.

    Strided operands are ten times as fast as a reduction along an axis of four.
    """
    whole = len(value) // factor * factor
    parts = [value[k:whole:factor] for k in range(factor)]
    merged: FloatArray = parts[0]
    for part in parts[1:]:
        merged = pick(merged, part)
    return merged if whole == len(value) else np.append(merged, pick.reduce(value[whole:]))


class Lines:
    """The lines of one tape by their keys. May be used from any thread; what is asked for twice may be made twice."""

    __slots__ = ("_kept", "_lock", "_tape")

    def __init__(self, tape: Tape) -> None:
        """Begin with none."""
        # The tape holds its lines; were it held in turn, only the garbage collector would free its hundred megabytes,
        # and that has no reason to run.
        self._tape = weakref.ref(tape)
        self._kept: dict[Hashable, tuple[Line, ...]] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Have all lines made anew when they are next asked for, for the newest bar has moved."""
        with self._lock:
            self._kept.clear()

    def get(self, key: Hashable, make: Callable[[Tape], Sequence[FloatArray]]) -> tuple[Line, ...]:
        """Return the lines of a key; `make` computes their values (one array of shape (n,) each) on the first call.

        The key must name the function and all its parameters. The ones used least lately are forgotten above
        `MOST_KEPT` keys.
        """
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found  # at the end again: the order is that of the last use
                return found
        tape = self._tape()
        if tape is None:
            raise ReferenceError("the lines outlive their tape")
        made = tuple(Line(value) for value in make(tape))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return made
