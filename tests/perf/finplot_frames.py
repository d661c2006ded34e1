"""finplot with one pane of candles, driven by `rivals.Finplot`: ranges come in on stdin, milliseconds go out on stdout.

Runs with the Python of an environment that finplot is installed in, and with nothing of Crowdtape.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import finplot  # pyright: ignore[reportMissingImports]  in an environment of its own
import numpy as np
import pandas as pd  # pyright: ignore[reportMissingImports]
from pyqtgraph.Qt import QtWidgets


def say(answer: object) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Show the candles of the file named first, in a window of the size named next."""
    data = np.load(sys.argv[1])
    frame = pd.DataFrame({name: data[name] for name in ("time", "open", "close", "high", "low")})
    frame["time"] = pd.to_datetime(frame["time"], unit="ms")
    ax = finplot.create_plot("candles", rows=1)
    finplot.candlestick_ochl(frame, ax=ax)
    finplot.show(qt_exec=False)
    ax.vb.win.resize(int(sys.argv[2]), int(sys.argv[3]))
    QtWidgets.QApplication.processEvents()
    now = time.thread_time if "processor" in sys.argv else time.perf_counter
    say(finplot.__version__)
    for line in sys.stdin:
        times: list[float] = []
        for left, right in json.loads(line):
            began = now()
            ax.vb.update_y_zoom(left * len(frame), right * len(frame))
            QtWidgets.QApplication.processEvents()
            times.append(1000 * (now() - began))
        say(times)


if __name__ == "__main__":
    main()
