"""Paints a post: source, time and score; author and counts; the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import formats
from ui.i18n import tr
from ui.posts.model import ROW_ROLE, copies_mark, engagement
from ui.posts.text import MOST_LINES, clean, lay_out, part_under
from ui.posts.verdicts import verdict_name
from ui.theme import GRID, colour, number_font

if TYPE_CHECKING:
    from PySide6.QtGui import QTextLayout
    from PySide6.QtWidgets import QListView

    from core.sentiment import Contribution
    from ui.posts.jobs import PostRow
    from ui.theme import Theme

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
OFF_TOPIC = "off-topic"
_LINE = 18
_CHIP = 46
_MOST_CACHED = 600


class PostDelegate(QStyledItemDelegate):
    """One post, as high as its text needs. Layouts are kept until the width, theme or zone changes."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._zone = "UTC"
        self._layouts: dict[tuple[int, str, int, bool], tuple[QTextLayout, float, bool]] = {}

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self._layouts.clear()

    def set_zone(self, zone: str) -> None:
        """Show times in this zone."""
        self._zone = zone

    def forget(self) -> None:
        """Drop all layouts: other posts are shown."""
        self._layouts.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height that the post's text needs at the view's width."""
        del option
        row: PostRow | None = index.data(ROW_ROLE)
        width = self._view.viewport().width()
        if row is None:
            return QSize(width, 0)
        _, height, cut = self._layout(row, width, chosen=self._chosen(index))
        extra = _LINE if cut else 0
        has_text = bool(row.stored.post.text.strip())
        return QSize(width, int(2 * GRID + 2 * _LINE + (height if has_text else _LINE) + extra))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the post."""
        row: PostRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  missing in PySide6's stubs
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, colour(theme.raised, 0.6))
            painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), colour(theme.accent))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colour(theme.border))
        inner = area.adjusted(GRID + 2, GRID, -GRID, -GRID)
        head = QRect(inner.left(), inner.top(), inner.width(), _LINE)
        if row.stored.verdict == OFF_TOPIC:
            painter.setOpacity(0.45)
        self._paint_head(painter, head, row)
        self._paint_author(painter, head.translated(0, _LINE), row)
        self._paint_text(painter, inner, inner.top() + 2 * _LINE, row, chosen=self._chosen(index))
        painter.restore()

    def _paint_head(self, painter: QPainter, area: QRect, row: PostRow) -> None:
        from core.clock import format_time  # noqa: PLC0415  loaded long since by whoever made the view

        theme, post = self._theme, row.stored.post
        small = number_font(theme.small_px, bold=True)
        painter.setFont(small)
        painter.setPen(colour(theme.text))
        source = QFontMetrics(small).elidedText(clean(post.source), Qt.TextElideMode.ElideRight, area.width() // 3)
        painter.drawText(area, _LEFT, source)
        left = QFontMetrics(small).horizontalAdvance(source) + GRID
        painter.setFont(number_font(theme.small_px))
        painter.setPen(colour(theme.muted))
        when = format_time(post.published, self._zone)
        if post.repost:
            when += "  " + tr("repost")
        if row.stored.copies > 1:
            when += "  " + copies_mark(row)
        mark = verdict_name(row.stored.verdict)
        marked = painter.fontMetrics().horizontalAdvance(mark) + GRID if mark else 0
        room = max(area.width() - left - _CHIP - 2 * GRID - marked, 0)
        when = painter.fontMetrics().elidedText(when, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area.adjusted(left, 0, 0, 0), _LEFT, when)
        self._paint_chip(painter, QRect(area.right() - _CHIP, area.top() + 1, _CHIP, 15), row)
        if mark:
            self._paint_mark(
                painter, QRect(area.right() - _CHIP - GRID - marked, area.top() + 1, marked, 15), row, mark
            )

    def _paint_mark(self, painter: QPainter, area: QRect, row: PostRow, mark: str) -> None:
        """Paint what the user says of the post, framed: a judgement of another kind than the score."""
        theme = self._theme
        tints = {"bullish": theme.positive, "bearish": theme.negative}
        painter.setFont(number_font(theme.small_px))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour(tints.get(row.stored.verdict, theme.muted)))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)

    def _paint_chip(self, painter: QPainter, area: QRect, row: PostRow) -> None:
        theme, score = self._theme, row.stored.score
        painter.setFont(number_font(theme.small_px))
        if score is None:
            painter.setPen(colour(theme.muted))
            painter.drawText(area, _RIGHT, tr("no score"))
            return
        tint = theme.positive if score.value >= 0.05 else theme.negative if score.value <= -0.05 else theme.muted
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint, 0.22))
        painter.drawRoundedRect(QRectF(area), 3, 3)
        painter.setPen(colour(tint if tint != theme.muted else theme.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, formats.score(score.value))

    def _paint_author(self, painter: QPainter, area: QRect, row: PostRow) -> None:
        theme = self._theme
        small = number_font(theme.small_px)
        painter.setFont(small)
        painter.setPen(colour(theme.muted))
        metrics = QFontMetrics(small)
        shown = engagement(row)[:3]
        while shown and metrics.horizontalAdvance(" · ".join(shown)) > area.width():
            shown.pop()
        counts = " · ".join(shown)
        width = metrics.horizontalAdvance(counts)
        painter.drawText(area, _RIGHT, counts)
        author = clean(row.stored.post.author)
        if len(author) > 24:
            author = author[:23] + "…"
        room = max(area.width() - width - GRID, 0)
        painter.drawText(area, _LEFT, metrics.elidedText(author, Qt.TextElideMode.ElideRight, room))

    def _paint_text(self, painter: QPainter, area: QRect, top: int, row: PostRow, *, chosen: bool) -> None:
        theme = self._theme
        if not row.stored.post.text.strip():
            painter.setPen(colour(theme.muted))
            font = number_font(theme.font_px)
            font.setItalic(True)
            painter.setFont(font)
            painter.drawText(QRect(area.left(), top, area.width(), _LINE), _LEFT, tr("no text"))
            return
        layout, height, cut = self._layout(row, self._view.viewport().width(), chosen=chosen)
        painter.setPen(colour(theme.text))
        layout.draw(painter, QPointF(area.left(), top))
        if cut:
            painter.setPen(colour(theme.accent))
            painter.setFont(number_font(theme.small_px))
            more = QRect(area.left(), top + int(height), area.width(), _LINE)
            painter.drawText(more, _LEFT, tr("… select to read on"))

    def part_at(self, index: QModelIndex | QPersistentModelIndex, where: QPoint) -> Contribution | None:
        """Return the part of the post's score that stands at a place within the view."""
        row: PostRow | None = index.data(ROW_ROLE)
        if row is None or not row.parts:
            return None
        area = self._view.visualRect(index)
        layout, _, _ = self._layout(row, self._view.viewport().width(), chosen=self._chosen(index))
        x = where.x() - area.left() - GRID - 2
        y = where.y() - area.top() - GRID - 2 * _LINE
        return part_under(row, layout, x, y)

    def _chosen(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        return self._view.currentIndex().row() == index.row()

    def _layout(self, row: PostRow, width: int, *, chosen: bool) -> tuple[QTextLayout, float, bool]:
        key = (row.stored.number, str(row.stored.scorer), width, chosen)
        found = self._layouts.get(key)
        if found is None:
            if len(self._layouts) > _MOST_CACHED:
                self._layouts.clear()
            font = number_font(self._theme.font_px)
            room = width - 2 * GRID - 2
            most = 1000 if chosen else MOST_LINES
            found = lay_out(row.stored.post.text, row.parts, self._theme, font, room, most)
            self._layouts[key] = found
        return found
