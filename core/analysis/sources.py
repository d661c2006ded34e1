"""What a study can be made of: one value a slot, from prices, volume, or what the crowd said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.series import Crowd, FloatArray
    from core.timeline.request import CrowdKey
    from core.timeline.tape import Tape

# What a figure is measured in: only figures of one kind share an axis.
Measure: TypeAlias = Literal["price", "volume", "score", "share", "balance", "dispersion", "posts"]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of value a slot; `label` is English, to be translated where it is shown.

    `read` takes a tape and which of its posts count, which means nothing to a price.

    `steady` says that the value still stands where a slot has none: a price does, what nobody said does not.
    """

    name: str
    label: str
    measure: Measure
    read: Callable[[Tape, CrowdKey], FloatArray]

    @property
    def steady(self) -> bool:
        """Whether a line of it runs on over slots without a value."""
        return self.measure in {"price", "volume"}


def _crowd(tape: Tape, key: CrowdKey) -> Crowd:
    """Return what was said in each slot by the posts of a key, or by all where the tape was read without them."""
    every = np.arange(len(tape.slots), dtype=np.int64)
    return tape.crowds.get(key, tape.crowd).within(tape.preceding(every), tape.slots.end[:])


def _mean_of(*columns: str) -> Callable[[Tape, CrowdKey], FloatArray]:
    def read(tape: Tape, _key: CrowdKey) -> FloatArray:
        found: list[FloatArray] = [getattr(tape.candles, c) for c in columns]
        total = found[0].copy()
        for column in found[1:]:
            total += column
        return total / len(found)

    return read


_ALL = (
    Source("close", "Close", "price", lambda t, _: t.candles.close),
    Source("open", "Open", "price", lambda t, _: t.candles.open),
    Source("high", "High", "price", lambda t, _: t.candles.high),
    Source("low", "Low", "price", lambda t, _: t.candles.low),
    Source("hl2", "(High + low) / 2", "price", _mean_of("high", "low")),
    Source("hlc3", "(High + low + close) / 3", "price", _mean_of("high", "low", "close")),
    Source("ohlc4", "(Open + high + low + close) / 4", "price", _mean_of("open", "high", "low", "close")),
    Source("volume", "Volume", "volume", lambda t, _: t.candles.volume),
    Source("sentiment", "Sentiment", "score", lambda t, key: _crowd(t, key).mean),
    Source("bull", "Share of bulls", "share", lambda t, key: _crowd(t, key).bull),
    Source("bear", "Share of bears", "share", lambda t, key: _crowd(t, key).bear),
    Source("balance", "Bulls minus bears", "balance", lambda t, key: _crowd(t, key).bull - _crowd(t, key).bear),
    Source("dispersion", "Dispersion", "dispersion", lambda t, key: _crowd(t, key).deviation),
    Source("posts", "Posts", "posts", lambda t, key: _crowd(t, key).posts.astype(np.float64)),
)
SOURCES: dict[str, Source] = {s.name: s for s in _ALL}


def source_of(name: str) -> Source:
    """Return the source of a name; raises UsageError."""
    found = SOURCES.get(name.strip().lower())
    if found is None:
        raise UsageError(f"There is no source '{name}' for a study; there are {', '.join(SOURCES)}.")
    return found
