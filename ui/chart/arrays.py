"""Arrays straight to QPainter. The only file that uses what pyqtgraph keeps to itself.

PySide's `drawRects` wants a list of Qt objects, one Python object a rectangle; handing it a pointer into a numpy array
instead costs 50 ns a rectangle rather than 500. That is how pyqtgraph's `PrimitiveArray` does it, though with QRectF,
which Qt's raster engine sends through its rasterizer; whole numbers go twice as fast. `arrayToQPath` fills a path
through a byte stream in the same spirit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QRect, Qt
from shiboken6 import wrapInstance

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter, QPainterPath

    from core.series import FloatArray


def fill_rects(
    painter: QPainter,
    x: FloatArray,
    y: FloatArray | float,
    width: FloatArray | float,
    height: FloatArray | float,
    fill: QColor,
    ratio: float = 1.0,
) -> None:
    """Fill n rectangles of one colour with one call; `x` has shape (n,), the others that or one value.

    All are in pixels and come out on whole device pixels, of which `ratio` make a pixel; those with no area are left
    out.
    """
    if not len(x):
        return
    # QRect keeps its edges, the right and the bottom one inclusive.
    memory = np.empty((len(x), 4), np.int32)
    left, top = np.rint(x * ratio), np.rint(y * ratio)
    memory[:, 0], memory[:, 1] = left, top
    memory[:, 2], memory[:, 3] = np.rint((x + width) * ratio) - 1, np.rint((y + height) * ratio) - 1
    has = (memory[:, 2] >= memory[:, 0]) & (memory[:, 3] >= memory[:, 1])
    if not has.all():
        memory = np.ascontiguousarray(memory[has])
        if not len(memory):
            return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    if ratio != 1.0:
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
    pointer = wrapInstance(memory.ctypes.data, QRect)
    painter.drawRects(pointer, len(memory))  # pyright: ignore[reportCallIssue, reportArgumentType]  C's own overload
    if ratio != 1.0:
        painter.restore()


def make_path(x: FloatArray, y: FloatArray, joined: NDArray[np.bool_] | None = None) -> QPainterPath:
    """Return the line through n finite points; `joined[i]` says whether a line runs from point i to the next."""
    if joined is None:
        return arrayToQPath(x, y, connect="all", finiteCheck=False)
    flags = joined.astype(np.int32)
    return arrayToQPath(x, y, connect=flags, finiteCheck=False)  # pyright: ignore[reportArgumentType]  typed as str
