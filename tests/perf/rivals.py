"""What the chart is held against: an empty pyqtgraph window of as many panes, and finplot with one pane of candles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication
from real_window import SIZE
from timing import WATCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timing import Step

    from core.series import Bars

ROOT = Path(__file__).resolve().parents[2]
_CHILD = Path(__file__).with_name("finplot_frames.py")
_PLACES = ("build/benchmark/bin/python", "build/benchmark/Scripts/python.exe")
HOW_TO_INSTALL = (
    "python3 -m venv build/benchmark; build/benchmark/bin/python -m pip install -U pip; "
    "build/benchmark/bin/python -m pip install --group benchmark"
)


class EmptyWindow:
    """Four plots under one another with linked ranges and nothing in them: what pyqtgraph itself costs."""

    def __init__(self) -> None:
        """Show it."""
        self.window: Any = pg.GraphicsLayoutWidget()
        self._plots: list[Any] = []
        for row in range(4):
            plot = self.window.addPlot(row=row, col=0)
            plot.hideAxis("left")
            plot.showAxis("right")
            if row < 3:
                plot.hideAxis("bottom")
            if self._plots:
                plot.setXLink(self._plots[0])
            self._plots.append(plot)
        self.window.resize(*SIZE)
        self.window.show()
        QApplication.processEvents()

    def show(self, step: Step) -> None:
        """Show a range of a million."""
        self._plots[0].setXRange(1e6 * step.left, 1e6 * step.right, padding=0)
        QApplication.processEvents()

    def close(self) -> None:
        """Close the window."""
        self.window.close()


class Finplot:
    """finplot in a process of its own, with its own packages: it needs PyQt6 and pandas, which Crowdtape does not."""

    def __init__(self, python: Path, bars: Bars, folder: Path) -> None:
        """Let it show the candles of `bars`; they are handed over by a file in `folder`."""
        data = folder / "candles.npz"
        columns = {name: getattr(bars, name) for name in ("time", "open", "close", "high", "low")}
        np.savez(data, **columns)
        clock = ["processor"] if WATCH.by_processor else []
        self._process = subprocess.Popen(
            [str(python), str(_CHILD), str(data), *map(str, SIZE), *clock],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.version: str = self._read()

    @classmethod
    def found(cls, bars: Bars, folder: Path, python: str = "") -> Self | None:
        """Return it where it is installed (in build/benchmark, or for a given Python), or None."""
        for place in [python] if python else _PLACES:
            if (ROOT / place).exists():
                try:
                    return cls(ROOT / place, bars, folder)
                except RuntimeError:
                    sys.stderr.write(f"finplot does not run with {place}\n")
        return None

    def times(self, steps: Sequence[Step]) -> list[float]:
        """Show the ranges and return the milliseconds of each."""
        return self._ask([(s.left, s.right) for s in steps])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _ask(self, question: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("finplot ended")
        return json.loads(line)
