"""What a study can be made of: one value a slot, from prices, volume, or what the crowd said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.series import Crowd, FloatArray
    from core.timeline.tape import Tape

# What a figure is measured in: only figures of one kind share an axis.
Measure: TypeAlias = Literal["price", "volume", "score", "share", "posts"]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of value a slot; `label` is English, to be translated where it is shown.

    `steady` says that the value still stands where a slot has none: a price does, what nobody said does not.
    """

    name: str
    label: str
    measure: Measure
    read: Callable[[Tape], FloatArray]

    @property
    def steady(self) -> bool:
        """Whether a line of it runs on over slots without a value."""
        return self.measure in {"price", "volume"}


def _crowd(tape: Tape) -> Crowd:
    every = np.arange(len(tape.slots), dtype=np.int64)
    return tape.crowd.within(tape.preceding(every), tape.slots.end)


def _mean_of(*columns: str) -> Callable[[Tape], FloatArray]:
    def read(tape: Tape) -> FloatArray:
        found: list[FloatArray] = [getattr(tape.candles, c) for c in columns]
        total = found[0].copy()
        for column in found[1:]:
            total += column
        return total / len(found)

    return read


_ALL = (
    Source("close", "Close", "price", lambda t: t.candles.close),
    Source("open", "Open", "price", lambda t: t.candles.open),
    Source("high", "High", "price", lambda t: t.candles.high),
    Source("low", "Low", "price", lambda t: t.candles.low),
    Source("hl2", "(High + low) / 2", "price", _mean_of("high", "low")),
    Source("hlc3", "(High + low + close) / 3", "price", _mean_of("high", "low", "close")),
    Source("ohlc4", "(Open + high + low + close) / 4", "price", _mean_of("open", "high", "low", "close")),
    Source("volume", "Volume", "volume", lambda t: t.candles.volume),
    Source("sentiment", "Sentiment", "score", lambda t: _crowd(t).mean),
    Source("bull", "Share of bulls", "share", lambda t: _crowd(t).bull),
    Source("bear", "Share of bears", "share", lambda t: _crowd(t).bear),
    Source("posts", "Posts", "posts", lambda t: _crowd(t).posts.astype(np.float64)),
)
SOURCES: dict[str, Source] = {s.name: s for s in _ALL}


def source_of(name: str) -> Source:
    """Return the source of a name; raises UsageError."""
    found = SOURCES.get(name.strip().lower())
    if found is None:
        raise UsageError(f"There is no source '{name}' for a study; there are {', '.join(SOURCES)}.")
    return found
