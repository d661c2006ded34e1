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
`columns` costs what the frame's pixels cost. `ui.chart.items.curve` draws columns as a line. A window does not wait for
the first: it puts its lines off, draws what `find` returns meanwhile, and has a worker run `make_wanted`.
"""

from __future__ import annotations

import contextlib
import math
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Iterator, Sequence

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

    def build(self) -> tuple[list[FloatArray], list[FloatArray]]:
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
        lows, highs = self.build()
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


Make: TypeAlias = "Callable[[Tape], Sequence[FloatArray]]"
_OLD, _NEVER_OLD = -1.0, math.inf


class _Recipe(NamedTuple):
    make: Make
    priced: bool  # whether a tick may change what it makes


class _Kept(NamedTuple):
    recipe: _Recipe
    age: float  # of the tape when they were made
    lines: tuple[Line, ...]


class Lines:
    """The lines of one tape by their keys. May be used from any thread; what is asked for twice may be made twice.

    `get` makes a line there and then. `find` does so too, unless the lines were put off: then it returns what there is
    so far, and has somebody told to run `make_wanted` on a thread where it holds up nobody.
    """

    __slots__ = ("_age", "_kept", "_later", "_lock", "_making", "_tape", "_used", "_wanted")

    def __init__(self, tape: Tape) -> None:
        """Begin with none."""
        # The tape holds its lines; were it held in turn, only the garbage collector would free its hundred megabytes,
        # and that has no reason to run.
        self._tape = weakref.ref(tape)
        self._kept: dict[Hashable, _Kept] = {}
        self._age = 0
        self._used: set[Hashable] = set()
        self._wanted: dict[Hashable, _Recipe] = {}
        self._making: set[Hashable] = set()
        self._later: Callable[[Lines], None] | None = None
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Have lines of prices made anew when they are next asked for, for the newest bar has moved."""
        with self._lock:
            self._age += 1

    def get(self, key: Hashable, make: Make, *, priced: bool = True) -> tuple[Line, ...]:
        """Return the lines of a key; `make` computes their values (one array of shape (n,) each) on the first call.

        The key must name the function and all its parameters, and `make` know nothing but these and the tape that it is
        given; `priced` says whether bars are among what it looks at. The ones used least lately are forgotten above
        `MOST_KEPT` keys.
        """
        with self._lock:
            found = self._look_up(key)
            if found is not None and found.age >= self._age:
                return found.lines
        return self._made(key, _Recipe(make, priced))

    def find(self, key: Hashable, make: Make, *, priced: bool = True) -> tuple[Line, ...] | None:
        """Return the lines of a key as `get` does; if they were put off, those of an older newest bar, or None."""
        with self._lock:
            found, later = self._look_up(key), self._later
            if found is not None and found.age >= self._age:
                return found.lines
            if later is not None and key not in self._making:
                self._wanted[key] = _Recipe(make, priced)
        if later is None:
            return self.get(key, make, priced=priced)
        later(self)
        return None if found is None else found.lines

    def put_off(self, later: Callable[[Lines], None] | None) -> None:
        """Let `find` wait for nothing: `later` is called, perhaps many times over, where `make_wanted` is to be run."""
        self._later = later

    @contextlib.contextmanager
    def at_once(self) -> Generator[None]:
        """Let `find` make lines there and then, even if they were put off: a picture cannot be completed afterwards."""
        later, self._later = self._later, None
        try:
            yield
        finally:
            self._later = later

    def make_wanted(self) -> Iterator[None]:
        """Make what `find` could not return, one key a step, until nothing is wanted or the tape is gone."""
        while True:
            with self._lock:
                if not self._wanted:
                    return
                key = next(iter(self._wanted))
                recipe = self._wanted.pop(key)
                self._making.add(key)
            try:
                for line in self._made(key, recipe):
                    line.build()
            except ReferenceError:  # nobody looks at this tape any more
                return
            finally:
                with self._lock:
                    self._making.discard(key)
            yield

    def take_over(self, other: Lines) -> None:
        """Begin with those of the tape that this one is a copy of; those of prices are as if its bars had moved."""
        with other._lock:
            kept = list(other._kept.items())
        self._kept = {key: k._replace(age=_OLD) if k.recipe.priced else k for key, k in kept}

    def start_frame(self) -> None:
        """Begin to note anew which lines are in use."""
        with self._lock:
            self._used = set()

    def follow(self, other: Lines) -> None:
        """Make the lines that are in use with another tape, so that none goes away when this one takes its place."""
        with other._lock:
            used = [(key, kept.recipe) for key, kept in other._kept.items() if key in other._used]
        for key, recipe in used:
            with contextlib.suppress(KeyError):  # of posts that are not on this tape
                for line in self.get(key, recipe.make, priced=recipe.priced):
                    line.build()

    def _look_up(self, key: Hashable) -> _Kept | None:
        """Return what is kept of a key, as the latest that was used."""
        self._used.add(key)
        found = self._kept.pop(key, None)
        if found is not None:
            self._kept[key] = found
        return found

    def _made(self, key: Hashable, recipe: _Recipe) -> tuple[Line, ...]:
        tape, age = self._tape(), self._age if recipe.priced else _NEVER_OLD
        if tape is None:
            raise ReferenceError("the lines outlive their tape")
        made = _Kept(recipe, age, tuple(Line(value) for value in recipe.make(tape)))
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return made.lines
