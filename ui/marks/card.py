"""What is told of events when their flag is clicked: each with its note and its link, to be edited or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.clock import format_time
from ui.i18n import tr
from ui.marks.rule import Rule
from ui.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint

    from core.marks import Flag

WIDTH, MOST_HEIGHT = 360, 420


class EventCard(QFrame):
    """A small window at the flag that goes away when anything else is clicked. A link opens on a click alone."""

    edit_wanted = Signal(object)  # Flag
    remove_wanted = Signal(object)  # Flag

    def __init__(
        self,
        flags: Sequence[Flag],
        zone: str,
        parent: QWidget | None = None,
        open_link: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._open_link = open_link
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("event_card")
        self.setStyleSheet("#event_card { border: 1px solid palette(mid); }")
        self.setAccessibleName(tr("Events"))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        several = len({f.owner for f in flags}) > 1
        for number, flag in enumerate(flags):
            if number:
                column.addWidget(Rule(inside))
            column.addLayout(self._entry(flag, zone, owner=several))
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(scroll)
        self.setFixedWidth(WIDTH)
        inside.setFixedWidth(WIDTH - 4)
        wanted = column.totalHeightForWidth(WIDTH - 4)
        # Not the size hint: that is of a narrower card, whose lines would break.
        self.setFixedHeight(min(wanted + 4, MOST_HEIGHT))
        if wanted + 4 > MOST_HEIGHT:
            inside.setFixedWidth(WIDTH - 4 - scroll.verticalScrollBar().sizeHint().width())

    def show_at(self, point: QPoint) -> None:
        """Open beside a point of the screen, within it."""
        room = self.screen().availableGeometry()
        x = min(max(point.x() + GRID, room.left()), room.right() - self.width())
        y = min(max(point.y() + GRID, room.top()), room.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.setFocus()

    def _entry(self, flag: Flag, zone: str, *, owner: bool) -> QVBoxLayout:
        event = flag.event
        entry = QVBoxLayout()
        entry.setSpacing(GRID // 2)
        title = self._plain(event.title)
        title.setStyleSheet("font-weight: 600;")
        entry.addWidget(title)
        when = format_time(event.time, zone, seconds=event.time % 60_000 != 0)
        said = self._plain(f"{when} · {zone}" + (f" · {flag.owner}" if owner else ""))
        said.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        entry.addWidget(said)
        if event.note:
            entry.addWidget(self._plain(event.note))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        if event.url:
            link = QPushButton(tr("Open link"), self)
            link.setToolTip(event.url)
            link.setAccessibleName(tr("Open {url}").format(url=event.url))
            link.clicked.connect(lambda: self._follow(event.url))
            row.addWidget(link)
        for text, signal in ((tr("Edit…"), self.edit_wanted), (tr("Remove"), self.remove_wanted)):
            button = QPushButton(text, self)
            button.setAccessibleName(f"{text} {event.title}")
            button.clicked.connect(lambda _checked=False, signal=signal: self._leave(signal, flag))
            row.addWidget(button)
        row.addStretch(1)
        entry.addLayout(row)
        return entry

    def _leave(self, signal: object, flag: Flag) -> None:
        self.close()
        signal.emit(flag)  # pyright: ignore[reportAttributeAccessIssue]  one of the two above

    def _follow(self, url: str) -> None:
        self.close()
        self._open_link(QUrl(url))

    def _plain(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label
