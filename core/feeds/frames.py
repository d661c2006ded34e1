"""From a table of quotes as pandas gives it to bars: zones, sessions, order, duplicates, gaps, the live quote.

The table may be stamped in any zone or in none, hold the same bar twice, rows of nothing, and end with a row that is
the live quote rather than a bar. Nothing here knows which service or library made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.model import DAY_MS, Action, ActionKind, Basis, Interval
from core.series import Bars, FloatArray, IntArray

if TYPE_CHECKING:
    from core.clock import Calendar


def stamps(index: Any, zone: str) -> tuple[IntArray, IntArray]:
    """Return each stamp of a pandas DatetimeIndex as ms UTC and as local date (days since 1970) in `zone`.

    A stamp without a zone is local time. A daily stamp is midnight where it was made: if that is not midnight in
    `zone` but is in the index's own, the date is read there (some versions stamp midnight UTC).
    """
    naive = index.tz is None
    if naive:
        index = index.tz_localize(zone, ambiguous=np.ones(len(index), bool), nonexistent="shift_forward")
    utc, local, own = _ms(index.tz_convert("UTC")), _ms(index.tz_convert(zone)), _ms(index)
    date = own if np.sum(own % DAY_MS == 0) > np.sum(local % DAY_MS == 0) else local
    return utc, date // DAY_MS


def _ms(index: Any) -> IntArray:
    return index.tz_localize(None).to_numpy().astype("datetime64[ms]").astype(np.int64)


def session_spans(days: IntArray, calendar: Calendar) -> tuple[IntArray, IntArray]:
    """Return open and close (ms UTC) of each date's session; an unknown date gets its neighbour's hours."""
    if calendar.always_open or not len(calendar.label):
        return days * DAY_MS, (days + 1) * DAY_MS
    at = np.clip(np.searchsorted(calendar.label, days), 0, len(calendar.label) - 1)
    shift = (days - calendar.label[at]) * DAY_MS
    return calendar.open[at] + shift, calendar.close[at] + shift


def _session_of(time: IntArray, calendar: Calendar) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return each instant's open, start and end of its morning or afternoon, and whether its session was found."""
    at = np.searchsorted(calendar.open, time, side="right") - 1
    known = (at >= 0) & (time < calendar.close[at])
    afternoon = (calendar.break_end[at] > calendar.break_start[at]) & (time >= calendar.break_end[at])
    morning = (calendar.break_end[at] > calendar.break_start[at]) & (time < calendar.break_start[at])
    anchor = np.where(afternoon, calendar.break_end[at], calendar.open[at])
    stop = np.where(morning, calendar.break_start[at], calendar.close[at])
    return calendar.open[at], anchor, stop, known.astype(np.int64)


def slot_spans(time: IntArray, interval: Interval, calendar: Calendar) -> tuple[IntArray, IntArray]:
    """Return first and last instant of intraday bars stamped with their start (ms UTC, in order).

    The last stamp may be the live quote's own time: it is put back to the start of the slot it falls in. A bar ends
    with its session or its morning at the latest.
    """
    time = time.copy()
    step = interval.ms
    if calendar.always_open or not len(calendar.open):
        stop, known = time + step, np.ones_like(time)
        off = time % step
    else:
        opened, anchor, stop, known = _session_of(time, calendar)
        # After lunch the grid may start anew or go on from the open.
        off = np.where((time - opened) % step == 0, 0, (time - anchor) % step)
    if len(time) and known[-1]:
        on_grid = len(time) == 1 or not known[-2] or off[-2] == 0
        if on_grid:
            time[-1] -= off[-1]
    end = time + step
    return time, np.where(known > 0, np.minimum(end, np.maximum(stop, time + 1)), end)


def to_bars(frame: Any, interval: Interval, calendar: Calendar, zone: str) -> tuple[dict[Basis, Bars], list[Action]]:
    """Turn a table with Open, High, Low, Close, Adj Close, Volume, Dividends, Stock Splits into bars and actions.

    Daily tables give both bases; intraday tables only the raw one, as no service adjusts those for dividends.
    `zone` is the exchange's IANA zone, which the index's stamps are read in where they have none.
    """
    if not len(frame):
        return {}, []
    utc, days = stamps(frame.index, zone)
    order = np.argsort(utc, kind="stable")
    utc, days = utc[order], days[order]

    def column(name: str) -> FloatArray:
        if name not in frame.columns:
            return np.full(len(utc), np.nan)
        values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)[order]
        return np.where(np.isfinite(values), values, np.nan)

    time, end = slot_spans(utc, interval, calendar) if interval.intraday else session_spans(days, calendar)
    opens = session_spans(days, calendar)[0]
    actions = [
        Action(int(t), kind, float(v))
        for kind, name, nothing in ((ActionKind.SPLIT, "Stock Splits", 1.0), (ActionKind.DIVIDEND, "Dividends", 0.0))
        for t, v in zip(opens, column(name), strict=True)
        if np.isfinite(v) and v not in {0.0, nothing}
    ]
    # A price of exactly 0 is Yahoo's way of saying "none"; negative ones are real (oil, April 2020).
    prices = [np.where(c == 0, np.nan, c) for c in map(column, ("Open", "High", "Low", "Close"))]
    volume = column("Volume")
    volume = np.where(volume >= 0, volume, np.nan)
    opened, high, low, close = prices
    raw = _clean(Bars(time, end, opened, high, low, close, volume))
    if interval.intraday:
        return {Basis.RAW: raw}, actions
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = column("Adj Close") / close
    usable = np.isfinite(factor) & (factor > 0)
    scaled = Bars(time, end, opened * factor, high * factor, low * factor, close * factor, volume).take(usable)
    return {Basis.RAW: raw, Basis.ADJUSTED: _clean(scaled)}, actions


def _clean(bars: Bars) -> Bars:
    """Drop rows without a price, merge rows of one bar, and make high and low hold all four prices."""
    bars = bars.take(~np.isnan(bars.close))
    if not len(bars):
        return Bars.empty()
    # Stable, so that of two rows of one bar the later is the newer; a live quote put back to its slot stays last.
    bars = bars.take(np.argsort(bars.time, kind="stable"))
    first = np.flatnonzero(np.diff(bars.time, prepend=bars.time[0] - 1))
    last = np.append(first[1:], len(bars)) - 1
    opened = np.where(np.isnan(bars.open[first]), bars.close[first], bars.open[first])
    close = bars.close[last]
    high = np.fmax(np.fmax.reduceat(np.fmax(bars.high, bars.close), first), opened)
    low = np.fmin(np.fmin.reduceat(np.fmin(bars.low, bars.close), first), opened)
    return Bars(bars.time[first], bars.end[first], opened, high, low, close, np.fmax.reduceat(bars.volume, first))
