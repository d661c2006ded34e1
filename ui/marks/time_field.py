"""A field for an instant, shown in a zone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QTime, QTimeZone
from PySide6.QtWidgets import QDateTimeEdit

from core.clock import local_time, zone_info

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class TimeField(QDateTimeEdit):
    """Edits an instant to the second. What is not touched keeps its milliseconds."""

    def __init__(self, time: int, zone: str, parent: QWidget | None = None) -> None:
        """Begin at an instant (ms UTC), shown in a zone (IANA name)."""
        super().__init__(parent)
        self._zone = zone
        self._began = time
        self.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
        self.setCalendarPopup(True)
        # The wall clock of the zone, written as if it were UTC: the desktop's own zone and its gaps play no part.
        self.setTimeZone(QTimeZone.utc())
        self.setMinimumDate(QDate(1970, 1, 2))
        self.setMaximumDate(QDate(2199, 12, 31))
        self._shown = self._wall(time)
        self.setDateTime(self._shown)
        self.setToolTip(zone)

    @property
    def time_ms(self) -> int:
        """The instant (ms UTC)."""
        found = self.dateTime()
        if found == self._shown:
            return self._began
        date, clock = found.date(), found.time()
        wall = dt.datetime(
            date.year(), date.month(), date.day(), clock.hour(), clock.minute(), clock.second(),
            tzinfo=zone_info(self._zone),
        )  # fmt: skip
        return round(wall.timestamp() * 1000)

    def _wall(self, time: int) -> QDateTime:
        local = local_time(time, self._zone)
        date, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute, local.second)
        return QDateTime(date, clock, QTimeZone.utc())
