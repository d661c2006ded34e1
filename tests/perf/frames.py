"""Time a frame of the chart at any zoom, against an empty pyqtgraph window of as many panes in the same run.

    python tests/perf/frames.py [--bars 1000000] [--frames 100]

Prints JSON: per span the median and the 95th percentile in milliseconds, and their ratio to the floor.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from core.clock import load_calendar, make_clock, slots
from core.model import ClockMode, Instrument, Interval
from core.series import Bins, Candles, Rollup
from core.timeline import Tape, View
from core.timeline.tape import Slots
from ui.chart import ChartStack
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1600, 900)
SEED = 20250114


def make_view(bars: int, posts: int) -> View:
    """Return a made-up walk of one-minute bars of Shanghai and the bins of as many posts, always the same."""
    random = np.random.default_rng(SEED)
    calendar = load_calendar("XSHG")
    first = int(calendar.open[np.searchsorted(calendar.open, 1_262_304_000_000)])  # from 2010 on
    years = 1 + bars // 58_000
    start, end = slots(calendar, Interval.M1, first, first + years * 366 * 86_400_000)
    start, end = start[:bars], end[:bars]
    close = 100 * np.exp(np.cumsum(random.normal(0, 4e-4, len(start))))
    opened = np.concatenate(([100.0], close[:-1]))
    spread = np.abs(random.normal(0, 3e-4, (2, len(start)))) * close
    high, low = np.maximum(opened, close) + spread[0], np.minimum(opened, close) - spread[1]
    candles = Candles(opened, high, low, close, random.integers(100, 100_000, len(start)).astype(np.float64))
    times = np.sort(random.integers(start[0], end[-1], posts))
    crowd = Rollup(Bins.of(times, random.uniform(-1, 1, posts)))
    tape = Tape(Instrument("600000.SS"), Interval.M1, calendar, Slots(start, end), candles, crowd)
    return View(tape, make_clock(ClockMode.TRADING, calendar))


def spans_of(view: View) -> dict[str, float]:
    """Return the lengths of range that are timed, in chart positions."""
    assert view.extent is not None
    whole = view.extent[1] - view.extent[0]
    return {
        "500 bars": whole * 500 / len(view.left),
        "1 %": whole / 100,
        "10 %": whole / 10,
        "half": whole / 2,
        "all": whole,
    }


def time_frames(
    show: Callable[[float, float], None], first: float, whole: float, span: float, frames: int
) -> list[float]:
    """Pan and zoom about a span and return the milliseconds of every frame, events processed and painted."""
    times: list[float] = []
    for k in range(frames):
        share = k / frames
        length = span * (1 - 0.1 * abs(np.sin(6.3 * share)))
        left = first + (whole - length) * share
        began = time.perf_counter()
        show(left, left + length)
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))
    return times


def summary(times: list[float]) -> dict[str, Any]:
    """Return median and 95th percentile."""
    return {"median_ms": round(float(np.median(times)), 3), "p95_ms": round(float(np.percentile(times, 95)), 3)}


def floor_window() -> tuple[Any, Callable[[float, float], None]]:
    """Return an empty pyqtgraph window of four panes with linked ranges."""
    window: Any = pg.GraphicsLayoutWidget()
    plots = []
    for row in range(4):
        plot = window.addPlot(row=row, col=0)
        plot.hideAxis("left")
        plot.showAxis("right")
        if row < 3:
            plot.hideAxis("bottom")
        if plots:
            plot.setXLink(plots[0])
        plots.append(plot)
    window.resize(*SIZE)
    window.show()
    return window, lambda a, b: plots[0].setXRange(a, b, padding=0)


def finplot_state() -> str:
    """Say whether finplot is there to be compared with; it is installed for this benchmark only."""
    return "present, not timed by this issue" if importlib.util.find_spec("finplot") else "absent"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=100)
    options = parser.parse_args()
    app = QApplication([])
    view = make_view(options.bars, options.posts)
    assert view.extent is not None
    first, whole = view.extent[0], view.extent[1] - view.extent[0]
    chart = ChartStack(load_theme("dark"))
    chart.resize(*SIZE)
    chart.show_view(view)
    chart.show()
    app.processEvents()
    empty, show_empty = floor_window()
    app.processEvents()
    spans: dict[str, dict[str, Any]] = {}
    for name, span in spans_of(view).items():
        painted = chart.cuts
        found: dict[str, Any] = summary(time_frames(chart.show_positions, first, whole, span, options.frames))
        found["frames"] = chart.cuts - painted
        floor = summary(time_frames(show_empty, first, whole, span, options.frames))
        found["floor"] = floor
        found["ratio"] = round(found["median_ms"] / floor["median_ms"], 2)
        spans[name] = found
    pointer: list[float] = []
    for k in range(options.frames):
        began = time.perf_counter()
        chart.point(first + whole * (k + 0.5) / options.frames, "price", 100 + k)
        app.processEvents()
        pointer.append(1000 * (time.perf_counter() - began))
    result = {
        "bars": len(view.left),
        "posts": options.posts,
        "size": SIZE,
        "spans": spans,
        "crosshair": summary(pointer),
        "finplot": finplot_state(),
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    empty.close()
    chart.close()


if __name__ == "__main__":
    main()
