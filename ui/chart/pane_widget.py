"""A pane on the screen: its drawing kept as a pixmap, the overlay painted over it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.chart.drawings.layer import MarkLayer
from ui.chart.legend import LINE, TOP, Written, paint_legend
from ui.chart.overlay import paint_overlay, paint_value

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from core.timeline import View
    from ui.chart.cut import Cut
    from ui.chart.ink import Ink
    from ui.chart.navigator import Navigator
    from ui.chart.panes import Pane
    from ui.chart.stack import ChartStack

_log = logging.getLogger(__name__)


class PaneWidget(QWidget):
    """Paints a pane from the stack's cut. Moving the crosshair repaints strips of the overlay only."""

    def __init__(self, pane: Pane, host: ChartStack, pointer: Navigator) -> None:
        """Show `pane`."""
        super().__init__()
        self.pane = pane
        self._host = host
        self._pointer = pointer
        self._picture = QPixmap()
        self.layer = MarkLayer(host.marker)
        self._drawn: Cut | None = None
        self._lines = 0
        self._written = Written()
        self._covered = QRegion()
        self.drawings = 0  # how often the pane itself was drawn, for tests and benchmarks
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.show_pane(pane)

    def show_pane(self, pane: Pane) -> None:
        """Show another pane, or the same one turned to another tape."""
        self.pane = pane
        self.setMinimumHeight(pane.least)
        self.setAccessibleName(pane.name())
        self._drawn = None

    def sizeHint(self) -> QSize:
        """Return a height by the pane's share."""
        return QSize(640, max(int(self.pane.share * 64), self.pane.least))

    def discard(self) -> None:
        """Forget the drawing, so that the next paint makes it anew."""
        self._drawn = None
        self.update()

    def prepare(self, cut: Cut) -> None:
        """Fit the pane's scale to a cut."""
        self.pane.prepare(cut, self.height())

    def refresh_overlay(self) -> None:
        """Repaint where the overlay was and where it is now."""
        covered = self._overlay_region()
        self.update(covered.united(self._covered))
        self._covered = covered

    def _overlay_region(self) -> QRegion:
        host, cut = self._host, self._host.cut
        region = QRegion(0, 0, self.width(), int(TOP + LINE * max(self._lines, 1)) + 2)
        if cut is None:
            return region
        over = host.overlay
        for span in (over.band, over.selection, None if over.x is None else (over.x, over.x)):
            if span is not None:
                left = int(max(min(cut.x.at(span[0]), self.width()), 0)) - 2
                right = int(max(min(cut.x.at(span[1]), self.width()), 0)) + 3
                region = region.united(QRect(left, 0, right - left, self.height()))
        if over.pane == self.pane.key:
            region = region.united(QRect(0, int(over.y) - 12, self.width(), 24))
        return region

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the drawing and paint the overlay."""
        try:
            self._paint(event)
        except Exception:  # noqa: BLE001
            # PySide 6.11 may crash the process when an exception leaves an overridden method; a blank pane is better.
            _log.exception("the pane %s could not be painted", self.pane.key)

    def _paint(self, event: QPaintEvent) -> None:
        self._host.settle()
        cut, ink = self._host.cut, self._host.ink
        if cut is not None and self._drawn is not cut:
            self._draw(cut)
        # An exception must not leave a painter behind on a device that is gone: Qt would crash.
        with QPainter(self) as painter:
            if cut is None:
                painter.fillRect(event.rect(), ink["background"])
            else:
                painter.drawPixmap(0, 0, self.layer.over(self._picture, self.drawings, self.pane, cut, ink))
                self._host.marker.paint(painter, self.pane, cut, ink)
                self._paint_overlay(painter, cut, ink)
        self._covered = self._overlay_region()

    def _paint_overlay(self, painter: QPainter, cut: Cut, ink: Ink) -> None:
        over = self._host.overlay
        paint_overlay(painter, over, cut, self.height(), ink)
        if over.pane == self.pane.key and self.pane.y is not None and over.x is not None:
            text = self.pane.label(self.pane.y.value(over.y), self.pane.fineness(), cut.language)
            paint_value(painter, over.y, text, cut, self._host.axis_width, ink)
        self._paint_legend(painter, cut.view, cut)
        if self._host.shows_ring(self.pane.key):
            painter.setPen(ink.pen("accent"))
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1))

    def _paint_legend(self, painter: QPainter, view: View, cut: Cut) -> None:
        reading = self._host.overlay.reading
        if reading is None:
            return
        lines = self.pane.lines(view, reading, self._host.ink, cut.language)
        self._lines = len(lines)
        self._written = paint_legend(painter, lines, cut.x.width, self._host.ink)
        self._host.place_controls(self)

    def target_at(self, at: QPointF) -> str:
        """Return what the piece of the legend under a pixel stands for, "" for nothing."""
        return next((target for place, target in self._written.targets if place.contains(at)), "")

    @property
    def legend_ends(self) -> list[float]:
        """The pixel at which each line of the legend ends."""
        return self._written.ends

    def _draw(self, cut: Cut) -> None:
        if self.pane.height != self.height():
            self.pane.prepare(cut, self.height())
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._picture.size() != size or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(self._host.ink["background"])
        with QPainter(self._picture) as painter:
            self.pane.paint(painter, cut, self._host.ink, self._host.axis_width)
        self._drawn = cut
        self.drawings += 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew; a new width needs a new cut."""
        if event.size().width() != event.oldSize().width():
            self._host.invalidate()
        self.discard()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hand on to the navigator."""
        self._pointer.press(self, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand on to the navigator."""
        self._pointer.move(self, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Hand on to the navigator."""
        self._pointer.release(self, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hand on to the navigator."""
        self._pointer.double(self, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Hand on to the navigator."""
        self._pointer.wheel(self, event)

    def enterEvent(self, event: object) -> None:
        """Offer what can be done with the pane."""
        del event
        self._host.offer_controls(self)

    def leaveEvent(self, event: object) -> None:
        """Hand on to the navigator."""
        del event
        self._host.offer_controls(None)
        self._pointer.leave()
