"""The settings as the window uses them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimeZone

from core.model import DEFAULT_SCORER, Basis
from core.settings import BASIS, CA_FILE, LANGUAGE, PROXY, SCORER, THEME, UP_COLOUR, ZONE

if TYPE_CHECKING:
    from core.settings import Setting, Settings
    from ui.theme import Market

# Where a rise is red by custom: mainland China and Taiwan.
_RED_RISES = (".SS", ".SZ", ".BJ", ".TW", ".TWO")

log = logging.getLogger("crowdtape")


class Preferences:
    """Reads and changes the settings; knows what each means on screen."""

    def __init__(self, settings: Settings, scorers: tuple[str, ...] = (DEFAULT_SCORER,)) -> None:
        self.settings = settings
        self.scorers = scorers

    @property
    def theme(self) -> str:
        """The theme: `dark`, `light` or `system`."""
        return self.settings[THEME]

    def set_theme(self, name: str) -> None:
        """Keep the choice of a theme."""
        self.settings.set(THEME, name)

    @property
    def language(self) -> str:
        """The language: `system`, `en` or `zh`."""
        return self.settings[LANGUAGE]

    @property
    def scorer(self) -> str:
        """Name of the scorer to begin with."""
        name = self.settings[SCORER]
        return name if name in self.scorers else self.scorers[0]

    @property
    def basis(self) -> Basis:
        """What prices are corrected for."""
        return Basis(self.settings[BASIS])

    @property
    def zone(self) -> str:
        """IANA name of the zone in which times are shown, "" for the exchange's."""
        name = self.settings[ZONE]
        if name == "exchange":
            return ""
        return bytes(QTimeZone.systemTimeZoneId().data()).decode() if name == "local" else name

    @property
    def proxy(self) -> str | None:
        """Proxy of live services."""
        return self.settings[PROXY] or None

    @property
    def ca_file(self) -> str | None:
        """Certificates that live services may show."""
        return self.settings[CA_FILE] or None

    @property
    def market(self) -> Market | None:
        """Which colour means a rise everywhere, or None for the custom of each market."""
        return {"red": "cn", "green": "west"}.get(self.settings[UP_COLOUR])  # pyright: ignore[reportReturnType]

    def market_of(self, symbol: str) -> Market:
        """Return which colour means a rise for one symbol."""
        return self.market or ("cn" if symbol.upper().endswith(_RED_RISES) else "west")

    def text(self, setting: Setting[str]) -> str:
        """Return a setting as it is kept."""
        return self.settings[setting]

    def change(self, setting: Setting[str], value: str) -> None:
        """Keep a setting; raises UsageError for an unfit value, SettingsError for the disk."""
        if self.settings[setting] != value:
            self.settings.set(setting, value)

    @staticmethod
    def note_failure(error: BaseException) -> None:
        """Write what nobody expected into the log."""
        log.error("unexpected", exc_info=error)
