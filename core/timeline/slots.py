"""The slots that bars may stand in, kept as runs of equal steps: a million of them take no more than their sessions.

Within a session slots begin at one distance from one another, and each ends where the next one begins. So a run takes
three numbers however many slots it has, and a division tells which of them holds an instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, overload

import numpy as np

from core.quantiles import median

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from core.series import IntArray

Side: TypeAlias = Literal["left", "right"]

# The usual step among so many slots makes the longest runs; any would do.
_LOOKED_AT: Final = 999


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Any m spans of time; `start` and `end` (ms UTC) have shape (m,)."""

    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """n slots as r runs: run k has the slots first[k] … first[k + 1] - 1, so `first` has shape (r + 1,).

    The first slot of a run begins at `begin` (ms UTC), every other a `step` later. The last one ends at `until`, every
    other where the next begins.
    """

    first: IntArray
    begin: IntArray
    until: IntArray
    step: int

    def __len__(self) -> int:
        return int(self.first[-1])

    def within(self, low: int, high: int) -> tuple[slice, IntArray]:
        """Return the runs that slots low … high - 1 lie in, and how many of these each has; there is at least one."""
        runs = slice(*np.searchsorted(self.first, (low, high - 1), side="right").tolist())
        runs = slice(runs.start - 1, runs.stop)
        return runs, np.diff(self.first[runs.start : runs.stop + 1].clip(low, high))

    def origin(self, runs: slice) -> IntArray:
        """Return where slot 0 would begin if each of the runs reached back to it (ms UTC)."""
        return self.begin[runs] - self.first[:-1][runs] * self.step


def _runs_of(start: IntArray, end: IntArray) -> _Runs:
    """Return the runs of slots with these columns."""
    apart = np.diff(start)
    step = max(int(median(apart[:_LOOKED_AT])), 1) if len(apart) else 1
    broken = np.flatnonzero((apart != step) | (start[1:] != end[:-1])) + 1
    first = np.concatenate(([0], broken, [len(start)])) if len(start) else np.zeros(1, np.int64)
    return _Runs(first, start[first[:-1]], end[first[1:] - 1], step)


def _runs_cut(begin: IntArray, until: IntArray, step: int) -> _Runs:
    """Return the runs that spans are cut into."""
    return _Runs(np.concatenate(([0], np.cumsum(-(-(until - begin) // step)))), begin, until, step)


class Instants:
    """The starts or the ends of slots (ms UTC), computed where they are asked for.

    They are indexed and searched like the ascending array of shape (n,) that they stand for; `[:]` makes it.
    """

    __slots__ = ("_at_end", "_runs")

    def __init__(self, runs: _Runs, *, at_end: bool) -> None:
        self._runs, self._at_end = runs, at_end

    def __len__(self) -> int:
        return len(self._runs)

    @overload
    def __getitem__(self, index: int | np.integer) -> int: ...
    @overload
    def __getitem__(self, index: slice | NDArray[Any]) -> IntArray: ...
    def __getitem__(self, index: int | np.integer | slice | NDArray[Any]) -> int | IntArray:
        if isinstance(index, slice):
            low, high, step = index.indices(len(self))
            return self._between(low, high)[::step] if step > 0 else self._at(np.arange(low, high, step))
        if isinstance(index, np.ndarray):
            return self._at(np.flatnonzero(index) if index.dtype == np.bool_ else index)
        if not -len(self) <= index < len(self):
            raise IndexError(f"slot {index} of {len(self)}")
        return self._one(int(index) % len(self))

    def __array__(self, dtype: Any = None, **_: Any) -> IntArray:
        return np.asarray(self[:], dtype)

    def __iter__(self) -> Iterator[int]:
        return iter(self.tolist())

    def tolist(self) -> list[int]:
        """Return all of them."""
        return self[:].tolist()

    def _one(self, slot: int) -> int:
        """Do what `_at` does for one slot without making arrays: a frame asks for some twenty."""
        runs = self._runs
        run = int(runs.first.searchsorted(slot, side="right")) - 1
        if self._at_end and slot + 1 == runs.first[run + 1]:
            return int(runs.until[run])
        return int(runs.begin[run]) + (slot - int(runs.first[run]) + self._at_end) * runs.step

    def _at(self, slot: NDArray[Any]) -> IntArray:
        runs = self._runs
        if not slot.size:
            return np.empty(slot.shape, np.int64)
        slot = np.where(slot < 0, slot + len(self), slot)
        if slot.min() < 0 or slot.max() >= len(self):
            raise IndexError(f"a slot beyond the {len(self)} that there are")
        run = np.searchsorted(runs.first, slot, side="right") - 1
        start = runs.begin[run] + (slot - runs.first[run]) * runs.step
        return np.where(slot + 1 == runs.first[run + 1], runs.until[run], start + runs.step) if self._at_end else start

    def _between(self, low: int, high: int) -> IntArray:
        """Return those of slots low … high - 1; neighbours need no search."""
        if low >= high:
            return np.empty(0, np.int64)
        runs = self._runs
        part, count = runs.within(low, high)
        found = np.arange(low, high, dtype=np.int64)
        found *= runs.step
        found += np.repeat(runs.origin(part), count)
        if self._at_end:
            found += runs.step
            last = runs.first[part.start + 1 : part.stop + 1] - 1
            inside = last < high
            found[last[inside] - low] = runs.until[part][inside]
        return found

    @overload
    def searchsorted(self, v: int, side: Side = "left", sorter: None = None) -> np.intp: ...
    @overload
    def searchsorted(self, v: IntArray, side: Side = "left", sorter: None = None) -> NDArray[np.intp]: ...
    def searchsorted(self, v: int | IntArray, side: Side = "left", sorter: None = None) -> Any:  # noqa: ARG002  numpy's signature
        """Return how many lie below each instant, or with "right" at it or below; `numpy.searchsorted` asks this."""
        runs, time = self._runs, np.asarray(v, np.int64)
        if not len(runs.begin):
            return np.zeros(time.shape, np.intp)[()]
        # The run that the answer lies in: the last one that has begun, or the first one that has not ended.
        run = np.searchsorted(runs.until, time, side) if self._at_end else np.searchsorted(runs.begin, time, side) - 1
        inside = np.clip(run, 0, len(runs.begin) - 1)
        since = time - runs.begin[inside] - (runs.step if self._at_end else 0)
        passed = since // runs.step + 1 if side == "right" else -(-since // runs.step)
        # The last end of a run is no whole step from the others, and is not passed while the run has not ended.
        most = runs.first[inside + 1] - runs.first[inside] - (1 if self._at_end else 0)
        return (runs.first[inside] + np.clip(passed, 0, most) + (run > inside))[()]


class Slots:
    """The spans that bars may stand in: n of them, ascending and not overlapping."""

    __slots__ = ("_runs", "end", "start")

    def __init__(self, start: IntArray, end: IntArray, step: int = 0) -> None:
        """Take where each begins and ends (ms UTC, shape (n,)), or with a `step` (ms) spans that are cut into slots.

        Of the slots that a span is cut into the last may be short; no span is empty.
        """
        runs = _runs_of(start, end) if step == 0 else _runs_cut(start, end, step)
        self._runs = runs
        self.start, self.end = Instants(runs, at_end=False), Instants(runs, at_end=True)

    def __len__(self) -> int:
        return len(self._runs)

    def joined(self, time: IntArray, until: IntArray) -> Slots:
        """Return these slots and one more for each of m spans (ms UTC) that begins outside of all of them.

        Such a one is cut short where the next slot begins.
        """
        outside = self.find(time) < 0
        start, order = np.unique(np.concatenate((self.start[:], time[outside])), return_index=True)
        end = np.concatenate((self.end[:], until[outside]))[order]
        return Slots(start, np.minimum(end, np.append(start[1:], end[-1:])))

    def find(self, time: IntArray) -> IntArray:
        """Return the slot that holds each of m ascending instants (ms UTC), -1 where none does.

        Only the runs are searched for: for a million bars that takes a fifth of the time of a search for each.
        """
        runs = self._runs
        if not len(self) or not len(time):
            return np.full(len(time), -1)
        # The runs from the one in which the first instant lies to the one in which the last does.
        low, high = (np.searchsorted(runs.begin, (time[0], time[-1]), side="right") - 1).clip(0).tolist()
        part = slice(low, high + 1)
        begin = np.searchsorted(time, runs.begin[part])
        count = np.diff(begin, append=len(time))
        after = time[begin[0] :]
        place = after - np.repeat(runs.origin(part), count)
        place //= runs.step
        # Instants after a run's last slot has begun, however long it is, may only lie in that one.
        np.minimum(place, np.repeat(runs.first[low + 1 : high + 2] - 1, count), out=place)
        place[after >= np.repeat(runs.until[part], count)] = -1
        return np.concatenate((np.full(begin[0], -1), place)) if begin[0] else place

    def closing(self, time: IntArray) -> IntArray:
        """Return the slot whose span (start, end] holds each of m instants (ms UTC), -1 where none does."""
        if not len(self):
            return np.full(len(time), -1)
        place = self.end.searchsorted(time)
        inside = np.minimum(place, len(self) - 1)
        return np.where((place < len(self)) & (time > self.start[inside]), inside, -1)
