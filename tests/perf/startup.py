"""Time from process start to the first painted chart, against a bare PySide6 and pyqtgraph window in the same run.

Usage: python tests/perf/startup.py [--posts 100000] [--runs 5]. Prints one JSON object; needs no display.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from core.model import Basis, Instrument, Interval, Post, Score  # noqa: E402  the checkout need not be installed
from core.sentiment.vader import VADER  # noqa: E402
from core.series import Bars  # noqa: E402
from core.store import NewPost, Store  # noqa: E402

BARE = """
import time
from PySide6.QtWidgets import QApplication
import numpy, pyqtgraph
app = QApplication([])
plot = pyqtgraph.PlotWidget()
plot.plot(numpy.arange(1000.0))
plot.resize(1280, 800)
plot.show()
while not plot.isVisible() or plot.grab().isNull():
    app.processEvents()
print(time.time())
"""

OURS = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from ui.app import Program, make_application

app = make_application()
program = Program(app, Path(sys.argv[1]))
window = program.start()
window.resize(1280, 800)
loaded = []
window.painted.connect(lambda: loaded.append(True))
while not loaded:
    app.processEvents()
while window.chart.cut is None or window.chart.grab().isNull():
    app.processEvents()
print(time.time())
print(len(window.state.view.tape.crowd), file=sys.stderr)
window.close()
"""


def fill(folder: Path, posts: int) -> None:
    """Make a store with daily bars of four years and `posts` scored posts of one instrument."""
    day, first = 86_400_000, 1_577_975_400_000
    n = 1000
    time_ = first + np.arange(n, dtype=np.int64) * day
    close = 100 + np.cumsum(np.random.default_rng(1).normal(0, 1, n))
    bars = Bars(time_, time_ + 23_400_000, close, close + 1, close - 1, close, np.full(n, 1e6))
    step = n * day // posts
    with Store.open(folder / "crowdtape.sqlite") as store:
        store.put_instrument(Instrument("AAPL", "Apple"))
        store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=first)
        for start in range(0, posts, 5000):
            batch = [
                NewPost(
                    Post("twitter", str(k), first + k * step, f"$AAPL looks good today, number {k}"),
                    [(VADER, Score((k % 200 - 100) / 100, 0.3, 0.4, 0.3))],
                    frozenset({"AAPL"}),
                )
                for k in range(start, min(start + 5000, posts))
            ]
            store.add_posts(batch)
        store.set_pins(["AAPL"])


def run(code: str, *arguments: str) -> float:
    """Run a program in a process of its own and return the seconds until it says that it has painted."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT))
    # Where nothing compiled may be kept, each run would compile the checkout's modules, but none of a package's.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[0]) - begun


def main() -> None:
    """Measure both by turns and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, args.posts)
        run(OURS, name)  # computes the calendar and warms the disk
        run(BARE)
        bare, ours = [], []
        for _ in range(args.runs):
            bare.append(run(BARE))
            ours.append(run(OURS, name))
    found = {
        "posts": args.posts,
        "runs": args.runs,
        "bare_seconds": round(statistics.median(bare), 3),
        "crowdtape_seconds": round(statistics.median(ours), 3),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "goal": 2.0,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
