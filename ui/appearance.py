"""The window's theme, and what changed settings mean for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from core.errors import CrowdtapeError
from ui import theme as themes
from ui.i18n import resolve
from ui.icons import icon

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Appearance(QObject):
    """Owns the theme. Made before the other parts, which are made in its colours; `connect_to_state` comes after."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.theme = themes.pick(window.parts.preferences.theme, _app())

    def connect_to_state(self) -> None:
        """Follow the state and the desktop from now on."""
        self._tint()
        self._window.actions_[f"theme.{self._window.state.theme}"].setChecked(True)
        self._window.state.theme_changed.connect(self._on_theme)
        _app().styleHints().colorSchemeChanged.connect(self._on_colour_scheme)

    def apply_preferences(self) -> None:
        """Let changed settings hold."""
        window = self._window
        preferences, state = window.parts.preferences, window.state
        if resolve(preferences.language) != window.parts.language:
            window.rebuild_wanted.emit()
            return
        state.set_theme(preferences.theme)
        self.apply_theme()
        for cell in window.charts.cells:
            cell.state.set_basis(preferences.basis)
        state.set_zone(preferences.zone)

    def apply_theme(self) -> None:
        """Paint everything in the colours of the settings."""
        window, preferences = self._window, self._window.parts.preferences
        self.theme = themes.pick(preferences.theme, _app())
        themes.apply(_app(), self.theme)
        window.charts.apply_theme(self.theme, preferences.market)
        for part in (window.watchlist, window.posts, window.toolbar, window.status, window.banners, window.scoring.bar):
            part.set_theme(self.theme)
        self._tint()

    def _tint(self) -> None:
        from ui.actions import COMMANDS  # noqa: PLC0415  the table is long; only here is more than its actions wanted

        for command in COMMANDS:
            if command.icon:
                action = self._window.actions_[command.name]
                action.setIcon(icon(command.icon, self.theme.muted, self.theme.disabled))

    def _on_theme(self, name: str) -> None:
        try:
            self._window.parts.preferences.set_theme(name)
        except CrowdtapeError as problem:
            self._window.show_error(problem)
        self._window.actions_[f"theme.{name}"].setChecked(True)
        self.apply_theme()

    def _on_colour_scheme(self, *_: object) -> None:
        if self._window.state.theme == "system":
            self.apply_theme()


def _app() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a window needs an application")
    return app
