"""Time frames of the real window on very many bars against few: a frame costs what its pixels cost.

    python tests/perf/sizes.py [--few 100000] [--many 10000000] [--posts 1000000] [--frames 60]

Two windows, one with each number of one-minute bars of a market that never closes, take turns. Prints JSON: medians and
95th percentiles in milliseconds per span, and how many times as long a frame takes on the many. Ten million bars need
some GB of memory while they are made up.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import RealWindow
from timing import SPANS, WATCH, ratio, share_of, steps, summary, take_turns
from walk import fill_store, make_tape

from core.clock import make_clock
from core.model import ClockMode
from core.timeline import View

SYMBOL = "BTC-USD"
GOAL = 1.3


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=10_000_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--processor", action="store_true", help="count processor time: for a look at a busy machine")
    options = parser.parse_args()
    if options.processor:
        WATCH.use_processor_time()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        windows = {k: open_window(Path(name, k), getattr(options, k), options.posts) for k in ("few", "many")}
        found: dict[str, Any] = {"few": options.few, "many": options.many, "posts": options.posts, "goal": GOAL}
        for span in SPANS:
            walks = {k: list(steps(share_of(span, getattr(options, k)), options.frames)) for k in windows}
            for k, window in windows.items():
                window.at(walks[k][0])
            times = take_turns({k: (windows[k], walks[k]) for k in windows})
            told = {k: summary(times[k]) for k in windows}
            found[span] = told | {"many_to_few": ratio(times["many"], times["few"])}
        for window in windows.values():
            window.close()
    print(json.dumps(found, indent=2))


def open_window(folder: Path, bars: int, posts: int) -> RealWindow:
    """Return a window that shows a view made in memory."""
    folder.mkdir()
    fill_store(folder / "crowdtape.sqlite", [SYMBOL], 0, 0)
    window = RealWindow(folder)
    tape = make_tape(SYMBOL, bars, posts)
    window.put(View(tape, make_clock(ClockMode.TRADING, tape.calendar)))
    return window


if __name__ == "__main__":
    main()
