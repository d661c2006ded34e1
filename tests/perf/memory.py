"""Resident memory of the window that shows a million bars and posts, against windows that show nothing.

    python tests/perf/memory.py [--bars 1000000] [--posts 1000000]

Each window is in a process of its own: an empty one of four pyqtgraph plots, the program's own without a subject, and
the program's own after it has read and painted all of the data and gone through them at every span. Prints JSON, in MB.
Reads /proc, so it runs on Linux.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

GOAL_MB = 120
WINDOWS = ("empty_pyqtgraph", "empty_program", "full_program")


def resident() -> float:
    """Return the resident memory of this process (MB)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def show(window: str, folder: Path, bars: int) -> float:
    """Show one kind of window and return what it takes once it has come to rest."""
    if window == "empty_pyqtgraph":
        from real_window import make_application  # noqa: PLC0415  each process loads what its window needs
        from rivals import EmptyWindow  # noqa: PLC0415

        make_application()
        plots = EmptyWindow()
        found = resident()
        plots.close()
        return found
    from real_window import RealWindow  # noqa: PLC0415
    from timing import SPANS, share_of, steps  # noqa: PLC0415
    from walk import SYMBOLS  # noqa: PLC0415

    ours = RealWindow(folder)
    if window == "full_program":
        ours.open(SYMBOLS[0])
        for span in SPANS:
            walk = list(steps(share_of(span, bars), 20))
            ours.at(walk[-1])
            for step in walk:
                ours.show(step)
    ours.rest(seconds=9.0)  # the program tidies up after a pause
    found = resident()
    ours.close()
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--window", choices=WINDOWS, help="show this one window and print what it takes")
    parser.add_argument("--folder", type=Path, help="where its data lie")
    options = parser.parse_args()
    if options.window:
        print(show(options.window, options.folder, options.bars))
        return
    from walk import SYMBOLS, fill_store  # noqa: PLC0415  not in the processes that are measured

    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        empty, full = Path(name, "empty"), Path(name, "full")
        empty.mkdir()
        full.mkdir()
        fill_store(empty / "crowdtape.sqlite", [SYMBOLS[0]], 0, 0)
        fill_store(full / "crowdtape.sqlite", [SYMBOLS[0]], options.bars, options.posts)
        for window in WINDOWS:
            folder = full if window == "full_program" else empty
            command = [sys.executable, __file__, "--window", window, "--folder", str(folder), "--bars"]
            _run([*command, str(options.bars)])  # computes what is kept on disk from then on
            found[window] = _run([*command, str(options.bars)])
    more = found["full_program"] - found["empty_pyqtgraph"]
    own = found["full_program"] - found["empty_program"]
    ends = {"more_than_empty_pyqtgraph": round(more, 1), "more_than_empty_program": round(own, 1), "goal": GOAL_MB}
    print(json.dumps({"bars": options.bars, "posts": options.posts, "mb": found | ends}))


def _run(command: list[str]) -> float:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return round(float(done.stdout.split()[-1]), 1)


if __name__ == "__main__":
    main()
