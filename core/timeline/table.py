"""The tape as a table: one row a bar, with everything that belongs to it. This is what `crowdtape series` writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from core.model import ClockMode
from core.series import Bars
from core.timeline.crowd_columns import PLAIN, Measures, crowd_columns
from core.timeline.placing import place
from core.timeline.slots import Slots, Spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.model import Interval
    from core.series import Candles, FloatArray, IntArray
    from core.timeline.lines import Line
    from core.timeline.tape import Tape

Column: TypeAlias = "list[str] | FloatArray | IntArray"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Named columns of equal length, in the order in which they are written."""

    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.columns["time"])


def make_table(
    tape: Tape,
    start: int,
    end: int,
    mode: ClockMode = ClockMode.TRADING,
    lines: Mapping[str, Line] = MappingProxyType({}),
    measures: Measures = PLAIN,
) -> Table:
    """Write out the slots that begin in [start, end) (ms UTC), and further columns from `lines` of the tape by name.

    On the trading clock a row is a bar of the exchange's sessions and counts the posts after the close before it, up to
    and including its own. On the wall clock a row is a plain span of time (a calendar day in the exchange's zone for
    daily bars), from its first instant, exclusive, to its last. `time` is the row's first instant in ISO 8601 with the
    exchange's offset. What nobody traded or said is NaN; counts are 0. `measures` says which posts count and how.
    """
    zone = ZoneInfo(tape.calendar.zone)
    if mode is ClockMode.TRADING:
        first, last = (int(tape.slots.start.searchsorted(t)) for t in (start, max(start, end)))
        spans = Spans(tape.slots.start[first:last], tape.slots.end[first:last])
        before = tape.preceding(np.arange(first, last))
        candles = _pick(tape.candles, slice(first, last))
        history = Spans(tape.preceding(np.arange(last)), tape.slots.end[:last])
    else:
        spans = _plain_spans(zone, tape.interval, start, end)
        before = spans.start
        candles = _gather(tape, spans)
        history = _plain_spans(zone, tape.interval, min(start, tape.extent[0] if tape.extent else start), end)
    crowd = tape.crowds[measures.key].within(before, spans.end)
    low, high = crowd.interval()
    columns: dict[str, Column] = {
        "time": [dt.datetime.fromtimestamp(t / 1000, zone).isoformat() for t in spans.start.tolist()],
        "open": candles.open,
        "high": candles.high,
        "low": candles.low,
        "close": candles.close,
        "volume": candles.volume,
        "posts": crowd.posts,
        "scored": crowd.scored,
        "sentiment": crowd.mean,
        "sentiment_low": low,
        "sentiment_high": high,
        "bull": crowd.bull,
        "bear": crowd.bear,
        **crowd_columns(tape, measures, Spans(before, spans.end), history),
    }
    for series in tape.metrics:
        name = series.metric.name
        # A metric that is called like a fixed column ("volume") must not take its place.
        columns[f"metric {name}" if name in columns else name] = _last_within(
            series.time, series.value, before, spans.end
        )
    for name, line in lines.items():
        has = np.flatnonzero(~np.isnan(line.value))
        column = _last_within(tape.slots.end[has], line.value[has], before, spans.end)
        columns[f"line {name}" if name in columns else name] = column
    return Table(columns)


def _pick(candles: Candles, index: IntArray | slice) -> Candles:
    return type(candles)(
        candles.open[index], candles.high[index], candles.low[index], candles.close[index], candles.volume[index]
    )


def _gather(tape: Tape, spans: Spans) -> Candles:
    """Merge the tape's candles into coarser or shifted spans."""
    has = np.flatnonzero(~np.isnan(tape.candles.close))
    c = _pick(tape.candles, has)
    bars = Bars(tape.slots.start[has], tape.slots.end[has], c.open, c.high, c.low, c.close, c.volume)
    return place(bars, Slots(spans.start, spans.end))


def _plain_spans(zone: ZoneInfo, interval: Interval, start: int, end: int) -> Spans:
    if interval.intraday:
        first = start // interval.ms * interval.ms
        edges = np.arange(first, max(end, first) + interval.ms, interval.ms, dtype=np.int64)
        edges = edges[: np.searchsorted(edges, end) + 1]
    else:
        day = dt.datetime.fromtimestamp(start / 1000, zone).date()
        marks: list[int] = []
        while not marks or marks[-1] < end:
            midnight = dt.datetime.combine(day, dt.time(), zone)
            marks.append(round(midnight.timestamp() * 1000))
            day += dt.timedelta(days=1)
        edges = np.array(marks, np.int64)
    return Spans(edges[:-1], edges[1:])


def _last_within(time: IntArray, value: FloatArray, after: IntArray, until: IntArray) -> FloatArray:
    """Return the last value in each span (after, until], NaN where there is none."""
    if not len(time):
        return np.full(len(until), np.nan)
    at = np.searchsorted(time, until, side="right") - 1
    fresh = (at >= 0) & (time[np.maximum(at, 0)] > after)
    return np.where(fresh, value[np.maximum(at, 0)], np.nan)
