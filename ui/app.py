"""The composition root of the window: builds the parts, hands them to each other, and runs until it is closed."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from core.layout import Layouts
from core.model import PERSONAL_SCORER, SCORERS
from core.paths import paths
from core.resources import resource_path
from core.settings import Settings
from ui import theme as themes
from ui.housekeeping import forget_sources
from ui.i18n import Translation, tr
from ui.jobs import Place, Sample
from ui.main_window import MainWindow
from ui.parts import Parts
from ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from core.feeds import PriceFeed, PriceStream
    from core.paths import Paths
    from ui.theme import Theme

# One after the other until a family has the glyph: what each system ships for Latin, then for Chinese.
FAMILIES = (
    "Inter", "Segoe UI", "SF Pro Text", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Arial",
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei",
    "Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji",
)  # fmt: skip

log = logging.getLogger("crowdtape")


class Program:
    """The running program: one application, one window at a time."""

    def __init__(self, app: QApplication, data_dir: Path | None = None) -> None:
        self.app = app
        self._data_dir = data_dir
        self.places: Paths = paths(data_dir)
        self.log_file = self.places.data / "crowdtape.log"
        self.settings = Settings.load(self.places.settings)
        self.preferences = Preferences(self.settings, (*SCORERS, PERSONAL_SCORER))
        self.translation = Translation(app)
        self._qt_texts: QTranslator | None = None
        self.window: MainWindow | None = None

    def start(self) -> MainWindow:
        """Show the window and begin to read."""
        start_log(self.log_file)
        self.app.setFont(interface_font())
        themes.apply(self.app, themes.pick(self.preferences.theme, self.app))
        for note in self.settings.notes:
            log.warning(note)
        return self._show_window()

    def _show_window(self) -> MainWindow:
        self.translation.use(self.preferences.language)
        self._use_qt_texts()
        window = MainWindow(self.parts())
        window.rebuild_wanted.connect(self._rebuild)
        for note in self.settings.notes:
            window.banners.put("settings", note, "warning")
        self.window = window
        window.begin()
        window.show()
        return window

    def _rebuild(self) -> None:
        """Make the window anew in another language; what it shows is remembered on the way."""
        old = self.window
        self.app.setQuitOnLastWindowClosed(False)
        if old is not None and not old.close():
            self.app.setQuitOnLastWindowClosed(True)
            return
        themes.apply(self.app, themes.pick(self.preferences.theme, self.app))
        self._show_window()
        if old is not None:
            old.deleteLater()
        self.app.setQuitOnLastWindowClosed(True)

    def parts(self) -> Parts:
        """Return what a window is built from."""
        cache = self.places.cache
        return Parts(
            home=Place(self.places.store, cache),
            workspace_file=self.places.config / "workspace.json",
            log_file=self.log_file,
            preferences=self.preferences,
            make_chart=_make_chart,
            make_feed=self._make_feed,
            make_stream=self._make_stream,
            open_sample=_sample_opener(cache),
            layouts=Layouts(self.places.layouts),
            language=self.translation.language,
            data_dir=self._data_dir,
        )

    def _make_feed(self) -> PriceFeed:
        from core.feeds import YahooFeed  # noqa: PLC0415  heavy, and called by a worker

        return YahooFeed(cache_dir=self.places.cache, proxy=self.preferences.proxy, ca_file=self.preferences.ca_file)

    def _make_stream(self) -> PriceStream:
        from core.feeds import YahooStream  # noqa: PLC0415  only where it is wanted

        return YahooStream(proxy=self.preferences.proxy, ca_file=self.preferences.ca_file)

    def _use_qt_texts(self) -> None:
        """Let Qt's own dialogs speak the language as well, where its translations are installed."""
        if self._qt_texts is not None:
            self.app.removeTranslator(self._qt_texts)
            self._qt_texts = None
        if self.translation.language == "zh":
            texts = QTranslator(self.app)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if texts.load(QLocale("zh_CN"), "qtbase", "_", folder):
                self.app.installTranslator(texts)
                self._qt_texts = texts


def run(data_dir: Path | None = None) -> int:
    """Run the window until it is closed and return the exit code."""
    app = make_application()
    program = Program(app, data_dir)
    sys.excepthook = _failure_shower(program)
    program.start()
    code = app.exec()
    # The window goes before the application does: Qt's own order at exit is not to be relied upon.
    program.window = None
    return code


def make_application() -> QApplication:
    """Return the application, named so that the desktop knows it."""
    forget_sources()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("crowdtape")
    app.setApplicationDisplayName("Crowdtape")
    app.setDesktopFileName("crowdtape")
    app.setWindowIcon(QIcon(str(resource_path("icons/crowdtape.svg"))))
    return app


def interface_font() -> QFont:
    """Return the interface font: what this system has of FAMILIES, Chinese included, with tabular numerals."""
    have = set(QFontDatabase.families())
    font = QFont()
    default = font.families() or [font.family()]
    font.setFamilies([f for f in FAMILIES if f in have] or default)
    font.setPixelSize(13)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def start_log(path: Path) -> None:
    """Write warnings and failures into a file of bounded size; without the folder, do without."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    log.setLevel(logging.INFO)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)


def _failure_shower(
    program: Program,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what Python calls for an exception that nobody took: log it, and say so in the window."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            program.app.quit()
            return
        log.critical("unhandled", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        if program.window is not None:
            text = tr("Something unexpected went wrong ({what}); the log has the details.")
            program.window.banners.put("error", text.format(what=f"{kind.__name__}: {error}"), "error")

    return show


def _make_chart(theme: Theme) -> Any:
    from ui.chart.stack import ChartStack  # noqa: PLC0415  so that tests of the rest need no chart

    return ChartStack(theme)


def _sample_opener(cache: Path) -> Callable[[], Sample]:
    def open_it() -> Sample:
        from core.sample import STORY, open_sample  # noqa: PLC0415  read only where it is shown

        subject, start, end = STORY
        return Sample(Place(open_sample(cache), cache, read_only=True), subject, (start, end))

    return open_it
