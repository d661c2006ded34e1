"""The words on drawings: the user's own, and what a measure tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from core.analysis.measure import measure
from core.drawings import DrawingKind
from core.model import DAY_MS, HOUR_MS, MINUTE_MS
from ui import formats
from ui.chart.scale import MINUS, fixed
from ui.i18n import tr

if TYPE_CHECKING:
    from core.drawings import Drawing
    from core.timeline import View
    from ui.chart.panes import Pane


def label_of(drawing: Drawing, view: View, pane: Pane) -> list[str]:
    """Return the lines of a drawing's text on a pane."""
    lines = drawing.text.splitlines() if drawing.text else []
    return [*measured(drawing, view, pane), *lines] if drawing.kind is DrawingKind.MEASURE else lines


def measured(drawing: Drawing, view: View, pane: Pane) -> list[str]:
    """Return what lies between the two points of a measure on a pane, in three lines."""
    found = measure(view, *drawing.anchors)
    change = pane.difference(found.change)
    if math.isfinite(found.percent):
        change += f" ({fixed(found.percent, 2, sign=True)} %)"
    bars = f"{MINUS if found.bars < 0 else ''}{abs(found.bars):,}"
    counted = tr("1 bar, {time}") if found.bars == 1 else tr("{bars} bars, {time}")
    way = counted.format(bars=bars, time=duration(found.duration))
    posts = formats.posts(found.posts)
    said = posts
    if math.isfinite(found.sentiment):
        said = tr("sentiment {change} · {posts}").format(change=fixed(found.sentiment, 3, sign=True), posts=posts)
    return [change, way, said]


def duration(ms: int) -> str:
    """Return a length of time in its two largest units: `3 d 4 h`, `4 h 30 min`, `12 min`."""
    sign, left = MINUS if ms < 0 else "", abs(ms)
    units = ((DAY_MS, tr("{n} d")), (HOUR_MS, tr("{n} h")), (MINUTE_MS, tr("{n} min")), (1000, tr("{n} s")))
    parts: list[str] = []
    for size, text in units:
        if left >= size or parts:
            if left // size:
                parts.append(text.format(n=left // size))
            if len(parts) == 2 or (parts and left // size == 0):
                break
            left %= size
    return sign + " ".join(parts) if parts else units[-1][1].format(n=0)
