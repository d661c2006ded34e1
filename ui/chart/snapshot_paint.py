"""What a snapshot looks like: header, panes, axis and footer, painted on any device by the window's own panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from core.errors import CrowdtapeError
from core.model import subject_key
from ui.chart.cut import make_cut, newest_reading
from ui.chart.drawings.scene import Scene
from ui.chart.ink import Ink, market_of
from ui.chart.legend import paint_legend
from ui.chart.panes import panes_of
from ui.chart.panes.base import default_heights
from ui.chart.snapshot_words import footer_lines, range_text, title_of
from ui.chart.time_axis import HEIGHT as AXIS_HEIGHT
from ui.chart.time_axis import corner_width, paint_axis
from ui.chart.viewport import fitted
from ui.theme import load_theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from core.timeline import View
    from ui.chart.cut import Cut
    from ui.chart.panes import Pane
    from ui.chart.snapshot_spec import SnapshotSpec

PAD = 12.0
HEADER = 52.0
FOOT_LINE = 16.0


def _range(view: View, spec: SnapshotSpec) -> tuple[float, float]:
    whole = fitted(view)
    if whole is None:
        raise CrowdtapeError(f"Nothing is known of {subject_key(view.tape.subject)} yet, so there is nothing to draw.")
    x0 = whole.x0 if spec.start is None else float(view.clock.to_x(spec.start))
    x1 = whole.x1 if spec.end is None else float(view.clock.to_x(spec.end))
    if not x1 > x0:
        raise CrowdtapeError("The range of a snapshot must end after it starts.")
    return x0, x1


def paint_picture(painter: QPainter, view: View, spec: SnapshotSpec, ratio: float) -> None:
    """Paint the whole picture; `ratio` is how many pixels the painter's device has a point.

    Raises CrowdtapeError where there is nothing to draw.
    """
    theme = spec.theme or load_theme("dark")
    ink = Ink(theme, spec.market or market_of(view))
    painter.fillRect(QRectF(0, 0, spec.width, spec.height), ink["background"])
    simulated = view.tape.provenance.simulated
    foot = [(row, line) for row, text in enumerate(footer_lines(view, spec)) for line in _wrapped(text, spec, ink)]
    area = QRectF(0, HEADER, spec.width, spec.height - HEADER - PAD - FOOT_LINE * len(foot) - PAD)
    _paint_header(painter, view, spec, ink)
    with view.tape.lines.at_once():
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
    panes = panes_of(spec.layout, view.tape)
    heights = _heights(panes, area.height() - AXIS_HEIGHT)
    x0, x1 = _range(view, spec)
    axis_width = 64.0
    for _ in range(2):
        cut = make_cut(view, x0, x1, spec.width - axis_width, ratio, spec.zone, spec.language)
        for pane, height in zip(panes, heights, strict=True):
            pane.prepare(cut, height)
        axis_width = max(corner_width(cut, ink), *(pane.axis_width(ink) for pane in panes))
        axis_width = -(-axis_width // 8) * 8
    cut = make_cut(view, x0, x1, spec.width - axis_width, ratio, spec.zone, spec.language)
    scene = Scene(view, view.tape.marks if spec.marks is None else spec.marks)
    top = area.top()
    for pane, height in zip(panes, heights, strict=True):
        pane.prepare(cut, height)
        painter.save()
        painter.translate(0, top)
        pane.paint(painter, cut, ink, axis_width)
        scene.paint(painter, cut, pane, ink)
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
        paint_legend(painter, pane.lines(view, reading, ink, cut.language), cut.x.width, ink)


def _heights(panes: list[Pane], height: float) -> list[float]:
    shares = [p.spec.height or h for p, h in zip(panes, default_heights(panes, height), strict=True)]
    edges = np.rint(np.concatenate(([0.0], np.cumsum(shares))) / sum(shares) * height)
    return np.diff(edges).tolist()
