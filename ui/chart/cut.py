"""What all panes share for one picture: the frame, the pixels of its columns, ticks and closures. Made once a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.clock.ticks import Language, Tick, ticks
from core.quantiles import median
from ui.chart.closures import ClosureLabel, closures_in
from ui.chart.items.shade import Shade
from ui.chart.knowledge import unknown_parts
from ui.chart.scale import XScale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.series import FloatArray
    from core.timeline import Frame, Reading, View

# A label such as "30 Dec" or "12月30日" and air around it.
TICK_PX = 64


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A view cut to a range and a width in pixels. Arrays of m columns as in the frame; `seen` marks those in range.

    `left` is where the bar of a column begins: the frame's, but for columns of several slots that straddle a closure,
    whose bars keep to the side after it instead of covering the night.
    `before` is the last close before each column, NaN where there is none. `unknown` are the parts of the plot, from
    pixel to pixel, in which sessions are assumed.
    """

    view: View
    x: XScale
    frame: Frame
    left: FloatArray
    seen: NDArray[np.bool_]
    before: FloatArray
    ticks: list[Tick]
    shade: Shade
    closures: list[ClosureLabel]
    unknown: list[tuple[float, float]]
    zone: str
    language: Language


def make_cut(
    view: View, x0: float, x1: float, width: float, ratio: float = 1.0, zone: str = "", language: Language = "en"
) -> Cut:
    """Cut a view to the range [x0, x1] (chart positions) on `width` pixels of `ratio` device pixels each."""
    scale = XScale(x0, x1, width, ratio)
    frame = view.frame(x0, x1, max(int(width), 1))
    zone = zone or view.tape.calendar.zone
    marks = ticks(view.clock, x0, x1, max(int(width // TICK_PX), 2), zone, language)
    place = np.array([t.x for t in marks], np.float64)
    major = np.array([t.major for t in marks], np.bool_)
    px = scale.px(place)
    left, right, closures = closures_in(view, scale, language)
    return Cut(
        view=view,
        x=scale,
        frame=frame,
        left=_bar_left(frame),
        seen=(frame.right > x0) & (frame.left < x1),
        before=_closes_before(view, frame),
        ticks=marks,
        shade=Shade(scale, left, right, px[~major], px[major]),
        closures=closures,
        unknown=unknown_parts(view, scale),
        zone=zone,
        language=language,
    )


def _bar_left(frame: Frame) -> FloatArray:
    if frame.size == 1 or not len(frame.left):
        return frame.left
    return np.maximum(frame.left, frame.right - 1.05 * median(frame.right - frame.left))


def _closes_before(view: View, frame: Frame) -> FloatArray:
    close = frame.candles.close
    if not len(close):
        return close
    before = np.concatenate(([view.close_before(frame.first)], close[:-1]))
    last = np.maximum.accumulate(np.where(np.isnan(before), 0, np.arange(len(before))))
    return before[last]


def newest_reading(cut: Cut) -> Reading | None:
    """Return the figures of the newest bar in range, of the last slot where no bar is, or None beyond the tape."""
    seen = np.flatnonzero(cut.seen)
    if not len(seen):
        return None
    priced = seen[~np.isnan(cut.frame.candles.close[seen])]
    column = int(priced[-1] if len(priced) else seen[-1])
    return cut.view.reading_of(cut.frame.first + column * cut.frame.size, size=cut.frame.size)
