"""Time from choosing another subject to its first painted chart, read from the store by the real window.

    python tests/perf/opening.py [--bars 1000000] [--posts 1000000] [--times 12]

Two subjects of a million one-minute bars and the bins of a million posts take turns. Prints JSON, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import RealWindow
from timing import summary, timed
from walk import SYMBOLS, fill_store


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        fill_store(folder / "crowdtape.sqlite", list(SYMBOLS), options.bars, options.posts)
        window = RealWindow(folder)
        times: list[float] = []
        for symbol in SYMBOLS:  # the calendar is computed once and kept
            window.open(symbol)
        for k in range(options.times):
            times.append(timed(lambda k=k: window.switch(SYMBOLS[k % 2])))
            window.rest(seconds=6.0)  # by then the program has given back what the last reading took
        window.close()
    found = {"bars": options.bars, "posts": options.posts, "times": options.times, "least_ms": round(min(times), 1)}
    print(json.dumps(found | summary(times) | {"goal_ms": 150}))


if __name__ == "__main__":
    main()
