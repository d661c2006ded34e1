"""Painting from Python must not wear out the interpreter: PySide6 6.12.0 did, on Python 3.11.

It lost a few references to None with every repaint, until the interpreter aborted ("deallocating None"). From Python
3.12 None is immortal, and this can neither happen nor be seen.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# In a process of its own: other tests' threads would move the count, and an abort would end the whole run.
REPAINTS = """
import sys
from PySide6 import QtGui, QtWidgets
import pyqtgraph

class Canvas(QtWidgets.QWidget):
    def paintEvent(self, event):
        painter = QtGui.QPainter(self)
        painter.setPen(QtGui.QPen(QtGui.QColor("red")))
        painter.setBrush(QtGui.QBrush(QtGui.QColor("blue")))
        painter.drawRect(5, 5, 50, 50)
        painter.drawText(10, 80, "text")
        painter.end()

application = QtWidgets.QApplication([])
widgets = [Canvas(), pyqtgraph.PlotWidget()]
widgets[1].plot([1, 3, 2])
for widget in widgets:
    widget.resize(200, 150)
    widget.show()

def repaint(times):
    for _ in range(times):
        for widget in widgets:
            widget.grab()
        application.processEvents()

repaint(50)  # caches fill
before = sys.getrefcount(None)
repaint(100)
print(sys.getrefcount(None) - before)
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal here, and its count means nothing")
def test_that_a_hundred_repaints_leave_the_references_to_none_in_place() -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", REPAINTS], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert abs(int(done.stdout)) < 50, f"100 repaints moved the count of references to None by {done.stdout}"
