"""The longest that the real window's loop is held up when a study or measure is first shown on a million bars.

    python tests/perf/studies.py [--bars 1000000] [--processor]

Each is shown, taken away, and shown again; the second time its lines are there already, which is the floor. Prints
JSON, in milliseconds; `ready_ms` is when the first time's lines were on the screen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import RealWindow
from timing import WATCH, timed
from walk import SYMBOLS, fill_store, make_tape

from core.clock import make_clock
from core.layout import DEFAULT_LAYOUT, Layout, StudySpec
from core.model import ClockMode
from core.timeline import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.layout import PaneSpec


def _pane(kind: str) -> PaneSpec:
    found = DEFAULT_LAYOUT.find(kind)
    assert found is not None
    return found


def _over(kind: str, *studies: StudySpec) -> Layout:
    pane = _pane(kind)
    return DEFAULT_LAYOUT.replaced(type(pane)(pane.kind, pane.key, studies=studies))


SEVERAL = (
    *(StudySpec("sma", {"period": n}) for n in (20, 50, 200)),
    *(StudySpec("ema", {"period": n}) for n in (12, 26)),
    StudySpec("bollinger"),
    StudySpec("vwap"),
)
CASES: Mapping[str, Layout] = {
    "sma 20": _over("price", StudySpec("sma")),
    "ema 30": _over("price", StudySpec("ema", {"period": 30})),
    "bollinger 25": _over("price", StudySpec("bollinger", {"period": 25})),
    "vwap by week": _over("price", StudySpec("vwap", {"anchor": "week"})),
    "seven studies": _over("price", *SEVERAL),
    "ema of sentiment": _over("sentiment", StudySpec("ema")),
    "sentiment fading": DEFAULT_LAYOUT.replaced(_pane("sentiment").with_options(half_life=24.0)),
    "sentiment against its past": DEFAULT_LAYOUT.replaced(_pane("sentiment").with_options(measure="zscore")),
    "surprise": DEFAULT_LAYOUT.replaced(_pane("posts").with_options(measure="surprise")),
}


def held_up(window: RealWindow, layout: Layout) -> tuple[float, float]:
    """Arrange the panes; return the longest turn of the loop until all is painted, and how long that took (ms)."""
    began, longest, quiet = time.perf_counter(), 0.0, 0
    cuts, done = window.chart.cuts, began
    longest = timed(lambda: window.chart.change_layout(layout))
    while quiet < 20:
        longest = max(longest, timed(window.app.processEvents))
        quiet = quiet + 1 if window.window.tasks.idle else 0
        if window.chart.cuts != cuts:
            cuts, done = window.chart.cuts, time.perf_counter()
        time.sleep(0.001)
    return longest, 1000 * (done - began)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--processor", action="store_true", help="count the processor's time in place of the wall's")
    options = parser.parse_args()
    if options.processor:
        WATCH.use_processor_time()
    found: dict[str, Any] = {"bars": options.bars}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        fill_store(Path(name) / "crowdtape.sqlite", [SYMBOLS[0]], 0, 0)
        window = RealWindow(Path(name))
        tape = make_tape(SYMBOLS[0], options.bars, options.bars)
        window.put(View(tape, make_clock(ClockMode.TRADING, tape.calendar)))
        window.chart.travel.fit()
        window.rest()
        for case, layout in CASES.items():
            first, ready = held_up(window, layout)
            held_up(window, DEFAULT_LAYOUT)
            again, _ = held_up(window, layout)
            held_up(window, DEFAULT_LAYOUT)
            found[case] = {"first_ms": round(first, 1), "floor_ms": round(again, 1), "ready_ms": round(ready, 1)}
        window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
