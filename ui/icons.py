"""Line icons from `resources/icons`, tinted by the theme."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.resources import resource_path

_SIZES = (16, 20, 32, 40)


@functools.cache
def _source(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Return the icon as `size` × `size` pixels in a colour such as `#dde2ec`."""
    return _painted(_renderer(name, colour), size)


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


def _painted(renderer: QSvgRenderer, size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


@functools.cache
def icon(name: str, colour: str, disabled: str) -> QIcon:
    """Return the icon for buttons and menus, sharp on screens of any scale."""
    made = QIcon()
    for tint, mode in ((colour, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        renderer = _renderer(name, tint)
        for size in _SIZES:
            made.addPixmap(_painted(renderer, size), mode)
    return made
