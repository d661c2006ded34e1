"""Lines made of thin ones, against the outlines that Qt would fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator

from ui.chart.arrays import make_path
from ui.chart.items.stroke import stroke

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

WIDTH, HEIGHT = 120, 60
LINE = np.array([5.0, 30, 60, 62, 90, 115]), np.array([50.0, 10, 10, 50, 20, 22])


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Images need one."""


def light(draw: Callable[[QPainter], None], ratio: float) -> np.ndarray:
    """Return how bright each device pixel of something drawn in white on black is, in [0, 255]."""
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        draw(painter)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, 0].astype(np.int64)


def outline(painter: QPainter, width: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor("white"), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(make_path(*LINE))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [1.0, 1.4, 1.6])
def test_that_a_line_looks_as_thick_as_it_is_meant(width: float, ratio: float) -> None:
    meant = light(lambda p: outline(p, width), ratio)
    drawn = light(lambda p: stroke(p, make_path(*LINE), QColor("white"), width, ratio), ratio)
    assert drawn.sum() == pytest.approx(meant.sum(), rel=0.15)
    around = np.pad(meant, 1)
    near = np.lib.stride_tricks.sliding_window_view(around, (3, 3)).max(axis=(2, 3))
    assert not drawn[near == 0].any()


def test_that_a_transparent_line_stays_thin() -> None:
    thin, thick = (
        light(lambda p, w=width: stroke(p, make_path(*LINE), QColor(255, 255, 255, 100), w, 1.0), 1.0)
        for width in (1.0, 3.0)
    )
    assert (thin == thick).all()


def test_that_a_drawing_file_has_one_line_of_its_own_width() -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    file = QSvgGenerator()
    file.setOutputDevice(buffer)
    file.setViewBox(QRectF(0, 0, WIDTH, HEIGHT))
    with QPainter(file) as painter:
        stroke(painter, make_path(*LINE), QColor("white"), 1.6, 1.0)
    text = bytes(buffer.data().data()).decode()
    assert text.count("<path") == 1
    assert 'stroke-width="1.6"' in text
