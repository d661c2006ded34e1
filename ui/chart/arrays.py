"""Arrays straight to QPainter.

PySide's `drawRects` wants a list of Qt objects, one Python object a rectangle; handing it a pointer into a numpy array
instead costs 50 ns a rectangle rather than 500. That is how pyqtgraph's `PrimitiveArray` does it, though with QRectF,
which Qt's raster engine sends through its rasterizer; whole numbers go twice as fast. `make_path` fills a path in the
same spirit, as pyqtgraph's `arrayToQPath` does; importing that would load all of pyqtgraph, which takes 0.2 s at every
start and 36 MB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QRect, Qt
from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import VoidPtr, wrapInstance

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from core.series import FloatArray


# Rectangles as QRect keeps them, shape (n, 4): left, top, right and bottom edge in device pixels, the last inclusive.
Rects: TypeAlias = "NDArray[np.int32]"
_POINT = np.dtype([("line", ">i4"), ("x", ">f8"), ("y", ">f8")])


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
    draw_rects(painter, make_rects(x, y, width, height, ratio), fill, ratio)


def make_rects(
    x: FloatArray, y: FloatArray | float, width: FloatArray | float, height: FloatArray | float, ratio: float
) -> Rects:
    """Return the rectangles that `fill_rects` would fill."""
    edges = np.empty((4, len(x)))
    edges[0], edges[1] = x, y
    np.add(x, width, out=edges[2])
    np.add(y, height, out=edges[3])
    if ratio != 1.0:
        edges *= ratio
    np.rint(edges, out=edges)
    edges[2:] -= 1
    has = (edges[2] >= edges[0]) & (edges[3] >= edges[1])
    if not has.all():
        edges = edges[:, has]
    return edges.T.astype(np.int32, order="C")


def draw_rects(painter: QPainter, rects: Rects, fill: QColor, ratio: float) -> None:
    """Fill rectangles of one colour; `ratio` device pixels make a pixel of the painter."""
    if not len(rects):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    if ratio != 1.0:
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
    # Not `rects.ctypes.data`: numpy imports a module each time that is asked for.
    pointer = wrapInstance(rects.__array_interface__["data"][0], QRect)
    painter.drawRects(pointer, len(rects))  # pyright: ignore[reportCallIssue, reportArgumentType]  C's own overload
    if ratio != 1.0:
        painter.restore()


def make_path(x: FloatArray, y: FloatArray, joined: NDArray[np.bool_] | None = None) -> QPainterPath:
    """Return the line through n finite points; `joined[i]` says whether a line runs from point i to the next."""
    path, n = QPainterPath(), len(x)
    if not n:
        return path
    if joined is None or joined[:-1].all():
        polygon = QPolygonF()
        polygon.resize(n)
        memory = VoidPtr(polygon.data(), 16 * n, True)  # pyright: ignore[reportCallIssue]  typed without its length
        points = np.frombuffer(memory, np.float64).reshape(n, 2)  # pyright: ignore[reportCallIssue, reportArgumentType]  a buffer
        points[:, 0], points[:, 1] = x, y
        path.addPolygon(polygon)
        return path
    # A path as Qt writes it into a stream: how many points; for each whether a line leads there (1) or not (0), and
    # where it is; at the end where the last piece began, and the rule by which it would be filled.
    stream = np.zeros(4 + n * _POINT.itemsize + 8, np.uint8)
    stream[:4].view(">i4")[0] = n
    points = stream[4:-8].view(_POINT)
    points["line"][1:] = joined[:-1]
    points["x"], points["y"] = x, y
    path.reserve(n)
    _ = QDataStream(QByteArray(stream.tobytes())) >> path
    return path
