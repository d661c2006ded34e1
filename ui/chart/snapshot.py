"""Pictures of a chart as PNG, SVG, PDF or an image in memory, with their origin written into them.

Drawn by the window's own panes, without a window: any thread-less program with a QGuiApplication can call this.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from core.errors import CrowdtapeError, InputError
from core.model import subject_key
from ui.chart.snapshot_file import SnapshotRecord, read_record, sidecar_path
from ui.chart.snapshot_paint import paint_picture
from ui.chart.snapshot_spec import SnapshotSpec
from ui.chart.snapshot_words import describe, record_of

if TYPE_CHECKING:
    from pathlib import Path

    from core.timeline import View

__all__ = ["FORMATS", "SnapshotSpec", "render_image", "write_snapshot"]

FORMATS = (".png", ".svg", ".pdf")


def render_image(view: View, spec: SnapshotSpec) -> QImage:
    """Return the picture in memory, for the clipboard or a PNG, with its origin as text. Raises CrowdtapeError."""
    size = QSize(round(spec.width * spec.scale), round(spec.height * spec.scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    if image.isNull():
        raise CrowdtapeError(f"There is not enough memory for a picture of {size.width()} × {size.height()} pixels.")
    image.setDevicePixelRatio(spec.scale)
    image.setDotsPerMeterX(round(96 * spec.scale / 0.0254))
    image.setDotsPerMeterY(round(96 * spec.scale / 0.0254))
    with QPainter(image) as painter:
        paint_picture(painter, view, spec, spec.scale)
    for key, text in describe(view, spec).items():
        image.setText(key, text)
    return image


def write_snapshot(view: View, spec: SnapshotSpec, path: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the picture that the ending asks for, and its JSON beside it; return both paths.

    Raises CrowdtapeError for an unknown ending, a file that exists (unless `overwrite`), or a disk that says no.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise CrowdtapeError(f"A snapshot ends in .png, .svg or .pdf, not as {path.name}.")
    if view.tape.extent is None:
        raise CrowdtapeError(f"Nothing is known of {subject_key(view.tape.subject)} yet, so there is nothing to draw.")
    spec = spec if spec.made is not None else replace(spec, made=round(time.time() * 1000))
    record, side = record_of(view, spec), sidecar_path(path)
    if not overwrite:
        _refuse(path, side, record)
    made = {".png": _png, ".svg": _svg, ".pdf": _pdf}[ending](view, spec)
    _write(path, made)
    _write(side, record.to_json().encode())
    return [path, side]


def _refuse(path: Path, side: Path, record: SnapshotRecord) -> None:
    if path.exists():
        raise CrowdtapeError(f"{path} exists already; choose another name or allow it to be overwritten.")
    if not side.exists():
        return
    # A picture of the same view in another format shares its record.
    try:
        old = read_record(side)
    except InputError:
        old = None
    if old is None or (old.subject, old.start, old.end) != (
        record.subject,
        record.start,
        record.end,
    ):
        raise CrowdtapeError(f"{side} exists already and tells of something else; choose another name.")


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CrowdtapeError(f"{path} cannot be written: {error.strerror}.") from None


def _png(view: View, spec: SnapshotSpec) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not render_image(view, spec).save(buffer, "PNG"):  # pyright: ignore[reportArgumentType, reportCallIssue]
        raise CrowdtapeError("The picture could not be turned into a PNG.")
    return bytes(buffer.data().data())


def _svg(view: View, spec: SnapshotSpec) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    facts = describe(view, spec)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(spec.width, spec.height))
    generator.setViewBox(QRect(0, 0, spec.width, spec.height))
    generator.setTitle(facts["Title"])
    generator.setDescription("\n".join(f"{k}: {v}" for k, v in facts.items() if k != "Title"))
    with QPainter(generator) as painter:
        paint_picture(painter, view, spec, 1.0)
    return bytes(buffer.data().data())


def _pdf(view: View, spec: SnapshotSpec) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    facts = describe(view, spec)
    writer = QPdfWriter(buffer)
    writer.setResolution(96)
    page = QPageSize(QSizeF(spec.width * 0.75, spec.height * 0.75), QPageSize.Unit.Point, "Snapshot")
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(" · ".join(v for k, v in facts.items() if k in {"Title", "Range", "Simulated"}))
    writer.setCreator(facts["Software"])
    # The PDF's own fields are few; the rest of what is known of the picture travels inside as a file.
    record = record_of(view, spec).to_json() + "\n".join(f"{k}: {v}" for k, v in facts.items()) + "\n"
    writer.addFileAttachment("crowdtape.txt", QByteArray(record.encode()), "text/plain")
    with QPainter(writer) as painter:
        paint_picture(painter, view, spec, 1.0)
    return bytes(buffer.data().data())
