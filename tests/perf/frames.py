"""Time frames of the real window at any zoom, against an empty pyqtgraph window and finplot in the same run.

    python tests/perf/frames.py [--bars 1000000] [--posts 1000000] [--frames 100] [--python PYTHON_WITH_FINPLOT]

Opens the main window offscreen at 1600×900, watchlist and posts docked, four panes, on one-minute bars read from a
store, and pans and zooms at five spans. Prints JSON: per span median and 95th percentile in milliseconds, the same for
the floor (an empty window of four linked plots) and for finplot with one pane of candles of the same bars, and the
ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import SIZE, RealWindow
from rivals import HOW_TO_INSTALL, EmptyWindow, Finplot
from timing import SPANS, WATCH, Step, ratio, share_of, steps, summary, take_turns, timed
from walk import SYMBOLS, fill_store, make_bars

from core.clock import calendar_for


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--python", default="", help=f"a Python with finplot ({HOW_TO_INSTALL})")
    parser.add_argument("--processor", action="store_true", help="count processor time: for a look at a busy machine")
    options = parser.parse_args()
    if options.processor:
        WATCH.use_processor_time()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        sys.stdout.write(json.dumps(measure(Path(name), options), indent=2) + "\n")


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return what is printed."""
    symbol = SYMBOLS[0]
    fill_store(folder / "crowdtape.sqlite", [symbol], options.bars, options.posts)
    finplot = Finplot.found(make_bars(calendar_for(symbol), options.bars)[1], folder, options.python)
    ours = RealWindow(folder)
    ours.open(symbol)
    floor = EmptyWindow()
    rivals = {"floor": floor} | ({"finplot": finplot} if finplot is not None else {})
    found: dict[str, Any] = {
        "bars": options.bars,
        "posts": options.posts,
        "size": SIZE,
        "panes": [pane.key for pane in ours.chart.panes],
        "finplot": finplot.version if finplot is not None else f"absent; {HOW_TO_INSTALL}",
        "spans": {},
    }
    for span in SPANS:
        walk = list(steps(share_of(span, options.bars), options.frames))
        ours.at(walk[0])
        times = take_turns({name: (window, walk) for name, window in {"ours": ours, **rivals}.items()})
        told: dict[str, Any] = summary(times["ours"])
        told["floor"], told["to_floor"] = summary(times["floor"]), ratio(times["ours"], times["floor"])
        if "finplot" in times:
            told["finplot"] = summary(times["finplot"])
            told["finplot_to_ours"] = ratio(times["finplot"], times["ours"])
        found["spans"][span] = told
    found["crosshair"] = crosshair(ours, options.frames)
    for window in (ours, *rivals.values()):
        window.close()
    return found


def crosshair(ours: RealWindow, frames: int) -> dict[str, Any]:
    """Move the pointer across a pane; nothing but what lies over the panes may be painted."""
    ours.at(Step(0.0, 0.1, zoom=False))
    cuts = ours.chart.cuts
    times = [timed(lambda k=k: ours.point((k + 0.5) / frames, 100 + k)) for k in range(frames)]
    return summary(times) | {"panes_drawn_anew": ours.chart.cuts - cuts}


if __name__ == "__main__":
    main()
