"""Pictures of a chart as PNG, SVG, PDF or an image in memory, with their origin written into them.

Drawn by the window's own panes, without a window: any thread-less program with a QGuiApplication can call this.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from core.clock import format_span, format_time
from core.errors import CrowdtapeError, InputError
from core.model import Basis, ClockMode, Instrument, subject_key
from core.version import program_version
from ui.chart.cut import make_cut, newest_reading
from ui.chart.ink import Ink
from ui.chart.legend import paint_legend
from ui.chart.panes import panes_for
from ui.chart.panes.base import default_heights
from ui.chart.snapshot_file import SnapshotRecord, read_record, sidecar_path
from ui.chart.stack import CHINESE
from ui.chart.time_axis import HEIGHT as AXIS_HEIGHT
from ui.chart.time_axis import paint_axis
from ui.chart.viewport import fitted
from ui.i18n import tr
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.clock import Language
    from core.timeline import View
    from ui.chart.cut import Cut
    from ui.chart.panes import Pane
    from ui.theme import Market, Theme

FORMATS = (".png", ".svg", ".pdf")
PAD = 12.0
HEADER = 52.0
FOOT_LINE = 16.0


@dataclass(frozen=True, slots=True)
class SnapshotSpec:
    """How a snapshot is made. `width` and `height` are in points of which a PNG has `scale` pixels each.

    `start` and `end` (ms UTC) default to all of the view; `heights` are shares by pane key; `market` says which colour
    means a rise (None: the custom of the exchange).
    """

    width: int = 1600
    height: int = 900
    scale: float = 1.0
    theme: Theme | None = None
    title: str = ""
    start: int | None = None
    end: int | None = None
    zone: str = ""
    language: Language = "en"
    market: Market | None = None
    heights: Mapping[str, float] = field(default_factory=dict[str, float])
    made: int | None = None  # ms UTC; now unless given


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
        _paint(painter, view, spec, spec.scale)
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
    if old is None or (old.subject, old.start, old.end) != (record.subject, record.start, record.end):
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
        _paint(painter, view, spec, 1.0)
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
        _paint(painter, view, spec, 1.0)
    return bytes(buffer.data().data())


def _range(view: View, spec: SnapshotSpec) -> tuple[float, float]:
    whole = fitted(view)
    if whole is None:
        raise CrowdtapeError(f"Nothing is known of {subject_key(view.tape.subject)} yet, so there is nothing to draw.")
    x0 = whole.x0 if spec.start is None else float(view.clock.to_x(spec.start))
    x1 = whole.x1 if spec.end is None else float(view.clock.to_x(spec.end))
    if not x1 > x0:
        raise CrowdtapeError("The range of a snapshot must end after it starts.")
    return x0, x1


def _paint(painter: QPainter, view: View, spec: SnapshotSpec, ratio: float) -> None:
    theme = spec.theme or load_theme("dark")
    custom: Market = "cn" if view.tape.calendar.code in CHINESE else "west"
    ink = Ink(theme, spec.market or custom)
    painter.fillRect(QRectF(0, 0, spec.width, spec.height), ink["background"])
    simulated = view.tape.provenance.simulated
    foot = [(row, line) for row, text in enumerate(footer_lines(view, spec)) for line in _wrapped(text, spec, ink)]
    area = QRectF(0, HEADER, spec.width, spec.height - HEADER - PAD - FOOT_LINE * len(foot) - PAD)
    _paint_header(painter, view, spec, ink)
    _paint_chart(painter, view, spec, ink, area, ratio)
    painter.setFont(ink.axis_font)
    for place, (row, line) in enumerate(foot):
        painter.setPen(ink["warning" if row == 0 and simulated else "muted"])
        baseline = area.bottom() + PAD + place * FOOT_LINE + ink.axis_metrics.ascent()
        text = ink.axis_metrics.elidedText(line, Qt.TextElideMode.ElideRight, spec.width - 2 * PAD)
        painter.drawText(QPointF(PAD, baseline), text)


def _wrapped(text: str, spec: SnapshotSpec, ink: Ink) -> list[str]:
    """Break a line between its parts where it is too long for the picture: citations must not be cut short."""
    lines: list[str] = []
    for part in text.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and ink.axis_metrics.horizontalAdvance(longer) <= spec.width - 2 * PAD:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _paint_header(painter: QPainter, view: View, spec: SnapshotSpec, ink: Ink) -> None:
    painter.setFont(ink.title_font)
    painter.setPen(ink["text"])
    painter.drawText(QPointF(PAD, 22), title_of(view, spec))
    painter.setFont(ink.font)
    painter.setPen(ink["muted"])
    painter.drawText(QPointF(PAD, 41), range_text(view, spec))
    name = "Crowdtape"
    painter.drawText(QPointF(spec.width - PAD - ink.metrics.horizontalAdvance(name), 22), name)
    painter.setPen(ink.pen("border"))
    painter.drawLine(QPointF(0, HEADER - 0.5), QPointF(spec.width, HEADER - 0.5))


def _paint_chart(painter: QPainter, view: View, spec: SnapshotSpec, ink: Ink, area: QRectF, ratio: float) -> None:
    panes = panes_for(view.tape)
    heights = _heights(panes, spec, area.height() - AXIS_HEIGHT)
    x0, x1 = _range(view, spec)
    axis_width = 64.0
    for _ in range(2):
        cut = make_cut(view, x0, x1, spec.width - axis_width, ratio, spec.zone, spec.language)
        for pane, height in zip(panes, heights, strict=True):
            pane.prepare(cut, height)
        axis_width = max(pane.axis_width(ink) for pane in panes)
        axis_width = -(-axis_width // 8) * 8
    cut = make_cut(view, x0, x1, spec.width - axis_width, ratio, spec.zone, spec.language)
    top = area.top()
    for pane, height in zip(panes, heights, strict=True):
        pane.prepare(cut, height)
        painter.save()
        painter.translate(0, top)
        pane.paint(painter, cut, ink, axis_width)
        _paint_legend(painter, pane, view, cut, ink)
        painter.setPen(ink.pen("border"))
        painter.drawLine(QPointF(0, height - 0.5), QPointF(spec.width, height - 0.5))
        painter.restore()
        top += height
    painter.save()
    painter.translate(0, top)
    paint_axis(painter, cut, axis_width, ink)
    painter.restore()


def _paint_legend(painter: QPainter, pane: Pane, view: View, cut: Cut, ink: Ink) -> None:
    reading = newest_reading(cut)
    if reading is not None:
        paint_legend(painter, pane.legend(view, reading, ink, cut.language), cut.x.width, ink)


def _heights(panes: list[Pane], spec: SnapshotSpec, height: float) -> list[float]:
    if any(p.key in spec.heights for p in panes):
        shares = [max(float(spec.heights.get(p.key, 0.0)), 0.0) or p.share for p in panes]
    else:
        shares = default_heights(panes, height)
    edges = np.rint(np.concatenate(([0.0], np.cumsum(shares))) / sum(shares) * height)
    return np.diff(edges).tolist()


# What the picture says of itself.


def title_of(view: View, spec: SnapshotSpec) -> str:
    """Return the subject's key and name, unless the spec has a title."""
    subject = view.tape.subject
    if spec.title:
        return spec.title
    return f"{subject.symbol} {subject.name}".strip() if isinstance(subject, Instrument) else subject.name


def range_text(view: View, spec: SnapshotSpec) -> str:
    """Return range, interval, clock and zone in one line."""
    zone = spec.zone or view.tape.calendar.zone
    start, end = _instants(view, spec)
    clock = tr("trading clock") if view.clock.mode is ClockMode.TRADING else tr("wall clock")
    bars = tr("{interval} bars").format(interval=view.tape.interval)
    return f"{format_span(start, end, zone)} · {bars} · {clock} · {zone}"


def _instants(view: View, spec: SnapshotSpec) -> tuple[int, int]:
    first, last = view.tape.extent or (0, 1)
    return first if spec.start is None else spec.start, last if spec.end is None else spec.end


def footer_lines(view: View, spec: SnapshotSpec) -> list[str]:
    """Return what is written under the chart: where its figures come from, and how old they are."""
    origin, zone = view.tape.provenance, spec.zone or view.tape.calendar.zone
    first: list[str] = []
    if origin.simulated:
        first.append(tr("SIMULATED: prices and posts in this picture are made up"))
    prices: list[str] = []
    if origin.price_source or view.tape.priced:
        prices.append(tr("Prices: {source}").format(source=origin.price_source or tr("file")))
        if origin.price_fetched is not None:
            prices.append(tr("as of {time}").format(time=format_time(origin.price_fetched, zone)))
        if origin.basis is not None:
            adjusted = origin.basis is Basis.ADJUSTED
            prices.append(tr("adjusted for splits and dividends") if adjusted else tr("adjusted for splits"))
    posts: list[str] = []
    if origin.post_sources:
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(origin.post_sources.items()))
        posts.append(tr("Posts: {sources}").format(sources=counts))
        if origin.collected is not None:
            posts.append(tr("collected until {time}").format(time=format_time(origin.collected, zone)))
    if origin.scorer is not None:
        posts.append(tr("scores: {scorer}").format(scorer=origin.scorer))
    by_source: dict[str, list[str]] = {}
    for m in view.tape.metrics:
        by_source.setdefault(m.metric.source, []).append(m.metric.name)
    cited = [f"{', '.join(names)}: {source}" for source, names in by_source.items() if source]
    made = spec.made if spec.made is not None else round(time.time() * 1000)
    last = tr("Drawn {time} by Crowdtape {version}").format(time=format_time(made, zone), version=program_version())
    lines = [" · ".join([*first, *prices]), " · ".join(posts), " · ".join([*cited, last.strip()])]
    return [line for line in lines if line]


def describe(view: View, spec: SnapshotSpec) -> dict[str, str]:
    """Return the picture's metadata by the keywords that PNG knows."""
    made = spec.made if spec.made is not None else round(time.time() * 1000)
    facts = {
        "Title": title_of(view, spec),
        "Range": range_text(view, spec),
        "Description": "; ".join([range_text(view, spec), *footer_lines(view, spec)]),
        "Software": f"Crowdtape {program_version()}",
        "Creation Time": format_time(made, "UTC", seconds=True) + "Z",
        "Source": footer_lines(view, spec)[0],
        "Crowdtape": record_of(view, spec).to_json(),
    }
    if view.tape.provenance.simulated:
        facts["Simulated"] = "SIMULATED"
    return facts


def record_of(view: View, spec: SnapshotSpec) -> SnapshotRecord:
    """Return what must be known to show the same view again."""
    start, end = _instants(view, spec)
    tape = view.tape
    scorer = tape.provenance.scorer
    return SnapshotRecord(
        subject=subject_key(tape.subject),
        start=start,
        end=end,
        crowd=tape.provenance.crowd,
        interval=str(tape.interval),
        mode=str(view.clock.mode),
        theme=(spec.theme or load_theme("dark")).name,
        basis=str(tape.provenance.basis or ""),
        scorer=scorer.name if scorer is not None else "",
        scorer_version=scorer.version if scorer is not None else "",
        width=spec.width,
        height=spec.height,
        scale=spec.scale,
        zone=spec.zone,
        language=spec.language,
        market=spec.market or "",
        panes=dict(spec.heights),
        program=program_version(),
        made=spec.made or 0,
    )
