"""All charts as one picture, arranged as on screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRect, QSaveFile, QSize
from PySide6.QtGui import QImage, QPainter

from core.errors import CrowdtapeError
from ui.chart.snapshot_file import sidecar_path
from ui.theme import colour

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from ui.chart.snapshot_file import ChartsRecord


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where each chart stands in the picture, in points."""

    size: QSize
    places: tuple[QRect, ...]


def sheet_of(area: QWidget, charts: Sequence[QWidget], least: QSize) -> Sheet:
    """Return the places that charts have in their area, made so much larger that none is smaller than `least`."""
    rects = [QRect(chart.mapTo(area, QPoint(0, 0)), chart.size()) for chart in charts]
    factor = max([1.0, *(least.width() / r.width() for r in rects), *(least.height() / r.height() for r in rects)])
    places = tuple(
        QRect(round(r.x() * factor), round(r.y() * factor), round(r.width() * factor), round(r.height() * factor))
        for r in rects
    )
    return Sheet(area.size() * factor, places)


def join(sheet: Sheet, pictures: Sequence[QImage | None], scale: float, background: str) -> QImage:
    """Return the pictures in their places, with the origin of each as text; None leaves a place empty.

    `scale` is that of the pictures, in pixels a point. Raises CrowdtapeError where there is no memory for it.
    """
    size = sheet.size * scale
    image = QImage(size, QImage.Format.Format_RGB32)
    if image.isNull():
        raise CrowdtapeError(f"There is not enough memory for a picture of {size.width()} × {size.height()} pixels.")
    image.fill(colour(background))
    texts: dict[str, list[str]] = {}
    with QPainter(image) as painter:
        for rect, picture in zip(sheet.places, pictures, strict=True):
            if picture is None:
                continue
            picture.setDevicePixelRatio(1.0)
            painter.drawImage(QPointF(rect.topLeft()) * scale, picture)
            for key in picture.textKeys():
                texts.setdefault(key, []).append(picture.text(key))
    for key, values in texts.items():
        image.setText(key, " | ".join(dict.fromkeys(values)))
    image.setDevicePixelRatio(scale)
    return image


def save_charts(image: QImage, record: ChartsRecord, path: Path) -> None:
    """Write a picture as PNG, and the JSON from which its charts come back; a JSON of something else is left alone.

    Raises CrowdtapeError where that is the case, or the disk says no.
    """
    side = sidecar_path(path)
    if side.exists() and not path.exists():
        raise CrowdtapeError(f"{side} exists already and tells of something else; choose another name.")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # pyright: ignore[reportArgumentType, reportCallIssue]
        raise CrowdtapeError("The picture could not be turned into a PNG.")
    _write(path, bytes(buffer.data().data()))
    _write(side, record.to_json().encode())


def _write(path: Path, content: bytes) -> None:
    file = QSaveFile(str(path))
    if not (file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(content) == len(content) and file.commit()):
        raise CrowdtapeError(f"{path} cannot be written: {file.errorString()}.")
