"""Count what live ticks cost the real window on a million bars: repaints, and the time of each.

    python tests/perf/live.py [--bars 1000000] [--rate 50] [--seconds 4]

Ticks come as the stream would hand them over, at a rate and then all at once; the network is left out. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import RealWindow
from timing import summary
from walk import SYMBOLS, fill_store, make_tape

from core.clock import make_clock
from core.model import ClockMode, Tick
from core.timeline import View
from ui.live.prices import FRAME_MS


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        fill_store(Path(name) / "crowdtape.sqlite", [SYMBOLS[0]], 0, 0)
        window = RealWindow(Path(name))
        tape = make_tape(SYMBOLS[0], options.bars, options.bars)
        window.put(View(tape, make_clock(ClockMode.TRADING, tape.calendar)))
        last = int(tape.slots.start[-1])
        window.chart.travel.set_range(last - 86_400_000, int(tape.slots.end[-1]))
        window.rest()
        tick(window, last, 0)  # the columns that ticks move are copied once
        window.rest()
        found = {"bars": options.bars, "rate": options.rate, "frame_ms": FRAME_MS}
        found |= at_a_rate(window, last, options.rate, options.seconds)
        found["repaints_for_500_at_once"] = at_once(window, last, 500)
        window.close()
    print(json.dumps(found))


def tick(window: RealWindow, last: int, number: int) -> None:
    """Hand one tick over, within the newest minute and at another price each time."""
    price = 100.0 + (number % 17) / 10
    window.window.live._receive(Tick(SYMBOLS[0], last + number % 59_000 + 1, price))


def at_a_rate(window: RealWindow, last: int, rate: int, seconds: float) -> dict[str, Any]:
    """Send ticks at a steady rate and return how often the chart was painted, and how long that held up the loop."""
    cuts, began, sent = window.chart.cuts, time.perf_counter(), 0
    busy: list[float] = []
    while (now := time.perf_counter() - began) < seconds:
        if now * rate >= sent:
            tick(window, last, sent)
            sent += 1
        before, painted = time.perf_counter(), window.chart.cuts
        window.app.processEvents()
        if window.chart.cuts > painted:
            busy.append(1000 * (time.perf_counter() - before))
        time.sleep(0.001)
    repaints, frames = window.chart.cuts - cuts, seconds * 1000 / FRAME_MS
    return {"ticks": sent, "repaints": repaints, "repaints_a_frame": round(repaints / frames, 2), **summary(busy)}


def at_once(window: RealWindow, last: int, count: int) -> int:
    """Send many ticks in one turn of the loop and return how often the chart was painted."""
    cuts = window.chart.cuts
    for k in range(count):
        tick(window, last, k)
    window.rest()
    return window.chart.cuts - cuts


if __name__ == "__main__":
    main()
