"""How frames are timed: ranges to show, turns taken by several windows, and what came of it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

# Windows take turns of as many frames: the noise of the machine falls on all alike, and none runs with cold caches.
TURN = 10

SPANS: Mapping[str, float | None] = {"500 bars": None, "1 %": 0.01, "10 %": 0.1, "half": 0.5, "all": 1.0}


@dataclass(frozen=True, slots=True)
class Step:
    """A frame to be shown as shares of the data: the range [left, right], reached by panning or by zooming."""

    left: float
    right: float
    zoom: bool


class Window(Protocol):
    """What can be timed."""

    def show(self, step: Step) -> None:
        """Show a range and return once it is painted."""
        ...


class Remote(Protocol):
    """What times itself, in a process of its own."""

    def times(self, steps: Sequence[Step]) -> list[float]:
        """Show the ranges and return the milliseconds of each."""
        ...


def share_of(name: str, bars: int) -> float:
    """Return the length of a named span as a share of the data."""
    share = SPANS[name]
    return 500 / bars if share is None else share


def steps(share: float, frames: int) -> Iterator[Step]:
    """Walk through the data by turns of a pan and a zoom; no frame shows what the one before it showed."""
    left, length = 0.0, share
    for k in range(frames):
        zoom = k % 2 == 1
        if zoom:
            wanted = share * (1 - 0.1 * abs(math.sin(0.3 * k)))
            left, length = left + (length - wanted) / 2, wanted
        else:
            left = (1 - length) * k / frames + 0.01 * length * (k % 4)
        yield Step(left, left + length, zoom)


def take_turns(walks: Mapping[str, tuple[Window | Remote, Sequence[Step]]]) -> dict[str, list[float]]:
    """Show in every window every step of its walk, all of one length, and return the milliseconds that each took."""
    found: dict[str, list[float]] = {name: [] for name in walks}
    for window, walk in walks.values():  # what is made on first need is not a frame
        _times(window, walk[-2:])
    for begin in range(0, max(len(walk) for _, walk in walks.values()), TURN):
        for name, (window, walk) in walks.items():
            found[name] += _times(window, walk[begin : begin + TURN])
    return found


def _times(window: Window | Remote, walk: Sequence[Step]) -> list[float]:
    if not hasattr(window, "show"):
        return window.times(walk)  # pyright: ignore[reportAttributeAccessIssue]  a Remote
    return [timed(lambda s=step: window.show(s)) for step in walk]  # pyright: ignore[reportAttributeAccessIssue]


class Watch:
    """Tells seconds: those on the wall, or those that the processor gave to the calling thread."""

    def __init__(self) -> None:
        """Begin with the wall's."""
        self.now: Callable[[], float] = time.perf_counter
        self.by_processor = False

    def use_processor_time(self) -> None:
        """Leave out what other programs take: for a look at a machine that is busy. Figures are told without it."""
        self.now, self.by_processor = time.thread_time, True


WATCH = Watch()


def timed(call: Callable[[], object]) -> float:
    """Return the milliseconds that a call takes."""
    began = WATCH.now()
    call()
    return 1000 * (WATCH.now() - began)


def summary(times: Sequence[float]) -> dict[str, Any]:
    """Return median and 95th percentile."""
    return {"median_ms": round(float(np.median(times)), 2), "p95_ms": round(float(np.percentile(times, 95)), 2)}


def ratio(times: Sequence[float], floor: Sequence[float]) -> float:
    """Return how many times as long the median of one takes as that of the other."""
    return round(float(np.median(times) / np.median(floor)), 2)
