"""Paints a watchlist row: name and price, course, sentiment, posts, change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import formats
from ui.i18n import tr
from ui.theme import GRID, colour, number_font
from ui.watchlist.model import ROW_ROLE, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from ui.theme import Market, Theme
    from ui.watchlist.model import Row

ROW_HEIGHT = 6 * GRID
ARROW = 2 * GRID  # width of the place where a concept opens and folds
SPARK = QSize(48, 18)
CHIP = 36
CHANGE = 52  # width of the change in percent
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class WatchlistDelegate(QStyledItemDelegate):
    """One row in two lines."""

    def __init__(self, theme: Theme, market: Callable[[str], Market], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._market = market

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the same height for every row."""
        del option, index
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row."""
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  missing in PySide6's stubs
        self._paint_ground(painter, area, row, option)
        left = area.left() + GRID + ARROW + row.depth * GRID
        self._paint_mark(painter, QRect(area.left() + GRID // 2, area.top(), ARROW, area.height()), row)
        inner = QRect(left, area.top() + 5, area.right() - GRID - left, area.height() - 10)
        top = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        bottom = QRect(inner.left(), top.bottom() + 1, inner.width(), inner.height() - top.height())
        self._paint_top(painter, top, row)
        self._paint_bottom(painter, bottom, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colour(self._theme.raised))
            painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), colour(self._theme.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, colour(self._theme.raised, 0.5))
        if row.first_unpinned:
            painter.fillRect(QRect(area.left(), area.top(), area.width(), 1), colour(self._theme.border))

    def _paint_mark(self, painter: QPainter, area: QRect, row: Row) -> None:
        """Paint a concept's arrow, or the dot of a pinned instrument."""
        middle = QPointF(area.center()) + QPointF(0.5, 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if row.concept:
            painter.setBrush(colour(self._theme.accent if row.pinned else self._theme.muted))
            points = [QPointF(-3.5, -2), QPointF(3.5, -2), QPointF(0, 3)]
            if not row.expanded:
                points = [QPointF(-2, -3.5), QPointF(-2, 3.5), QPointF(3, 0)]
            painter.drawPolygon(QPolygonF([middle + p for p in points]))
        elif row.pinned:
            painter.setBrush(colour(self._theme.accent))
            painter.drawEllipse(middle, 2.5, 2.5)

    def _paint_top(self, painter: QPainter, area: QRect, row: Row) -> None:
        theme = self._theme
        figures = number_font(theme.font_px)
        last = row.quote.last if row.quote is not None else None
        text = formats.price(last) if last is not None else ""
        width = QFontMetrics(figures).horizontalAdvance(text)
        painter.setFont(figures)
        painter.setPen(colour(theme.text))
        painter.drawText(area, _RIGHT, text)
        font = number_font(theme.font_px)
        font.setWeight(QFont.Weight.Normal if row.depth else QFont.Weight.DemiBold)
        room = area.width() - width - GRID
        painter.setFont(font)
        title = QFontMetrics(font).elidedText(title_of(row), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, _LEFT, title)

    def _paint_bottom(self, painter: QPainter, area: QRect, row: Row) -> None:
        theme, quote = self._theme, row.quote
        small = number_font(theme.small_px)
        painter.setFont(small)
        below = row.key if row.name else (tr("concept") if row.concept else "")
        if quote is None:
            painter.setPen(colour(theme.muted))
            painter.drawText(area, _LEFT, below)
            return
        up, down = theme.price_colours(self._market(row.lead))
        change = quote.change
        rising = change is not None and change > 0
        falling = change is not None and change < 0
        painter.setPen(colour(up if rising else down if falling else theme.muted))
        painter.drawText(area, _RIGHT, formats.change(change) if change is not None else "")
        spark = QRect(area.right() - CHANGE - SPARK.width(), area.top() + 1, SPARK.width(), area.height() - 2)
        self._paint_spark(painter, spark, quote.spark)
        chip = QRect(spark.left() - GRID // 2 - CHIP, area.center().y() - 7, CHIP, 15)
        self._paint_chip(painter, chip, quote.sentiment, quote.posts)
        room = chip.left() - GRID // 2 - area.left()
        painter.setFont(small)
        painter.setPen(colour(theme.muted))
        painter.drawText(area, _LEFT, QFontMetrics(small).elidedText(below, Qt.TextElideMode.ElideRight, max(room, 0)))

    def _paint_chip(self, painter: QPainter, area: QRect, sentiment: float | None, posts: int) -> None:
        """Paint the number of posts upon a bar that leans to the side of their sentiment."""
        theme = self._theme
        if not posts:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.border))
        painter.drawRoundedRect(area, 3, 3)
        if sentiment is not None and not math.isnan(sentiment):
            middle = area.left() + area.width() / 2
            reach = (area.width() / 2) * max(-1.0, min(1.0, sentiment))
            bar = QRectF(min(middle, middle + reach), area.bottom() - 2, abs(reach), 3)
            painter.fillRect(bar, colour(theme.positive if sentiment > 0 else theme.negative))
            painter.fillRect(QRectF(middle - 0.5, area.bottom() - 2, 1, 3), colour(theme.muted))
        painter.setPen(colour(theme.text))
        painter.setFont(number_font(theme.small_px - 1))
        painter.drawText(area.adjusted(0, -2, 0, -1), Qt.AlignmentFlag.AlignCenter, formats.count(posts))

    def _paint_spark(self, painter: QPainter, area: QRect, values: Sequence[float]) -> None:
        """Paint the recent closes as a line; gaps are bridged."""
        points = [(i, v) for i, v in enumerate(values) if not math.isnan(v)]
        if len(points) < 2:
            return
        low, high = min(v for _, v in points), max(v for _, v in points)
        scale = (area.height() - 2) / (high - low) if high > low else 0.0
        step = area.width() / max(len(values) - 1, 1)
        base = area.bottom() - (0 if high > low else area.height() / 2)
        line = QPolygonF([QPointF(area.left() + i * step, base - (v - low) * scale) for i, v in points])
        painter.setPen(QPen(colour(self._theme.muted), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)
