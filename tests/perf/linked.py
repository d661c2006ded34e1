"""Time the crosshair and panning in four linked charts of the real window, against the same in one chart.

    python tests/perf/linked.py [--bars 1000000] [--frames 100] [--cpu]

A step is over once every chart has followed; each may be painted once for it, and the crosshair may draw no pane anew.
Prints JSON: median and 95th percentile in milliseconds; with --cpu in processor time, for a look at a busy machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_window import RealWindow
from timing import WATCH, summary, timed
from walk import SYMBOLS, fill_store, make_tape

from core.clock import make_clock
from core.model import ClockMode, Interval
from core.timeline import View
from ui.charts.arrangement import Arrangement
from ui.charts.links import CROSSHAIR, RANGE
from ui.jobs import Loaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.charts.cell import ChartCell

VISIBLE = 500  # bars


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--cpu", action="store_true")
    options = parser.parse_args()
    if options.cpu:
        WATCH.use_processor_time()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        fill_store(Path(name) / "crowdtape.sqlite", [SYMBOLS[0]], 0, 0)
        real = RealWindow(Path(name))
        tape = make_tape(SYMBOLS[0], options.bars, options.bars)
        found: dict[str, Any] = {"bars": options.bars, "by_processor": WATCH.by_processor}
        for arrangement in (Arrangement.ONE, Arrangement.FOUR):
            arrange(real, View(tape, make_clock(ClockMode.TRADING, tape.calendar)), arrangement)
            found[str(arrangement)] = measure(real, options.frames)
        real.close()
    print(json.dumps(found))


def arrange(real: RealWindow, view: View, arrangement: Arrangement) -> None:
    """Show a view in every chart, the newest bars of it, all linked in range and crosshair."""
    area, links = real.window.charts, real.window.links
    area.arrange(arrangement)
    real.rest()
    for cell in area.cells:
        cell.loader.take(Loaded(view, "made up", frozenset({Interval.M1})))
    for link in (RANGE, CROSSHAIR):
        links.set(link, on=True)
    last = len(view.tape.slots) - 1
    real.chart.travel.set_range(int(view.tape.slots.start[last - VISIBLE]), int(view.tape.slots.end[last]))
    area.active.framing.note_ticks()
    real.rest()


def measure(real: RealWindow, frames: int) -> dict[str, Any]:
    """Move the pointer, then pan back and forth; raise RuntimeError where a chart does more than it has to."""
    cells = real.window.charts.cells
    drawn = _drawn(cells)
    pointer = [
        timed(lambda s=k: _until_all(real, lambda: real.point((s + 0.5) / frames, 100 + s))) for k in range(frames)
    ]
    if _drawn(cells) != drawn:
        raise RuntimeError("the crosshair drew a pane anew")
    real.chart.pointer.point(None)
    real.rest()
    width = real.chart.cut.x.x1 - real.chart.cut.x.x0
    pan: list[float] = []
    for k in range(frames):
        cuts = [cell.chart.cuts for cell in cells]
        by = (0.01 if k % 20 >= 10 else -0.01) * width
        pan.append(timed(lambda b=by: _until_all(real, lambda: real.chart.travel.pan(b))))
        if any(cell.chart.cuts - before > 1 for cell, before in zip(cells, cuts, strict=True)):
            raise RuntimeError("a chart was cut twice for one step")
    return {"charts": len(cells), "crosshair": summary(pointer), "pan": summary(pan)}


def _until_all(real: RealWindow, step: Callable[[], object]) -> None:
    """Take a step and let the others follow it: they are told in one turn of the loop, and painted by the next."""
    step()
    real.app.processEvents()
    real.app.processEvents()


def _drawn(cells: list[ChartCell]) -> list[int]:
    return [widget.drawings for cell in cells for widget in cell.chart._column.widgets]


if __name__ == "__main__":
    main()
