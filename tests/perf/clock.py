"""What the session clock costs, against numpy's own interpolation over the same break points in the same run.

Usage: python tests/perf/clock.py. Prints one JSON object: nanoseconds a position, microseconds a set of ticks,
milliseconds for the slots of ten years of minutes.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from core.clock import load_calendar, make_clock, parse_when, slots
from core.clock.ticks import ticks
from core.model import DAY_MS, HOUR_MS, MINUTE_MS, ClockMode, Interval

if TYPE_CHECKING:
    from collections.abc import Callable


def median(call: Callable[[], object], runs: int = 15) -> float:
    """Return the median seconds of a call after one that is not counted."""
    call()
    taken: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure Shanghai, which has lunch, holidays and no summer time, on the trading clock."""
    calendar = load_calendar("XSHG")
    clock = make_clock(ClockMode.TRADING, calendar)
    start, end = parse_when("2014-01-01", "UTC")[0], parse_when("2024-01-01", "UTC")[0]
    many = np.linspace(start, end, 1_000_000).astype(np.int64)
    breaks = np.sort(np.concatenate((calendar.open, calendar.break_start, calendar.break_end, calendar.close)))
    places = np.arange(len(breaks), dtype=np.float64)
    middle = float(clock.to_x(parse_when("2020-06-01", "UTC")[0]))
    spans = (20 * MINUTE_MS, 6 * HOUR_MS, 2 * DAY_MS, 20 * DAY_MS, 300 * DAY_MS, 3000 * DAY_MS)
    figures = {
        "name": "clock",
        "to_x_ns": round(median(lambda: clock.to_x(many)) * 1e3, 1),
        "numpy_interp_ns": round(median(lambda: np.interp(many, breaks, places)) * 1e3, 1),
        "ticks_us": {
            f"{span / HOUR_MS:g} h": round(
                median(lambda s=span: ticks(clock, middle - s / 2, middle + s / 2, 12)) * 1e6
            )
            for span in spans
        },
        "slots_ms": round(median(lambda: slots(calendar, Interval.M1, start, end), 5) * 1e3, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
