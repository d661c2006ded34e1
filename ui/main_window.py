"""The window: puts the parts together and hands them to each other. What they do is theirs."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QWidget,
)

from core.errors import CrowdtapeError, UnknownSubjectError
from core.model import Basis, ClockMode, Interval
from ui import jobs
from ui import theme as themes
from ui.actions import Actions
from ui.banners import Banners, banner_bar
from ui.commands import Commands
from ui.framing import Framing
from ui.i18n import resolve, tr
from ui.icons import icon
from ui.loading import Loader
from ui.posts.feed import PostsFeed
from ui.posts.model import PostsModel
from ui.posts.panel import PostsPanel
from ui.state import AppState, Options
from ui.statusbar import StatusBar, facts_of
from ui.tasks import Tasks
from ui.toolbar import Toolbar
from ui.watchlist.keeper import WatchlistKeeper
from ui.watchlist.model import WatchlistModel
from ui.watchlist.panel import WatchlistPanel
from ui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

    from core.feeds import PriceFeed
    from ui.chart.snapshot_file import SnapshotRecord
    from ui.jobs import Loaded, Place
    from ui.preferences import Preferences
    from ui.theme import Theme
    from ui.windows import Windows

CHINESE_FAMILIES = ("CJK", "Han", "YaHei", "PingFang", "WenQuanYi")
LEAST_WIDTHS = {Qt.DockWidgetArea.LeftDockWidgetArea: 216, Qt.DockWidgetArea.RightDockWidgetArea: 304}
LAYOUT = 1  # raise when bars or docks change: an older layout is then not restored
WATCHLIST_WIDTH, POSTS_WIDTH = 260, 340


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is built from; the composition root makes it, tests make another."""

    home: Place  # the user's own store
    workspace_file: Path
    log_file: Path
    preferences: Preferences
    make_chart: Callable[[Theme], Any]  # ui.chart.stack.ChartStack or a stand-in
    make_feed: Callable[[], PriceFeed]
    open_sample: Callable[[], jobs.Sample]
    language: str = "en"
    data_dir: Path | None = None  # as the command line names it
    import_command: list[str] | None = None


class MainWindow(QMainWindow):
    """The one window."""

    rebuild_wanted = Signal()  # another language: texts are made when a window is
    painted = Signal()  # a chart of data has been handed to the screen for the first time

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.theme = themes.pick(parts.preferences.theme, _app())
        self.workspace = Workspace.load(parts.workspace_file)
        self.state = AppState(self)
        self.tasks = Tasks(self)
        self._windows: Windows | None = None
        self._start_from_workspace()
        self.loader = Loader(self.state, self.tasks, parts.home, self)
        self.setWindowTitle("Crowdtape")
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self._build()
        self._connect()
        self.commands = Commands(self)
        self._restore_geometry()

    # -- what others ask

    @property
    def place(self) -> Place:
        """Where the data that are shown lie."""
        return self.loader.place

    def begin(self) -> None:
        """Read what was shown last, or the sample where the store is empty."""
        self._busy.setText(tr("Opening…"))
        job = functools.partial(
            jobs.begin,
            home=self.parts.home,
            open_sample=self.parts.open_sample,
            subject=self.workspace.subject,
            options=self.state.options,
        )
        self.tasks.submit("begin", job, self._on_begun, self.show_error)

    def show_error(self, error: Exception) -> None:
        """Say in one sentence what went wrong."""
        if isinstance(error, CrowdtapeError):
            text = str(error)
        else:
            self.parts.preferences.note_failure(error)
            text = tr("Something unexpected went wrong ({what}); the log has the details.").format(
                what=f"{type(error).__name__}: {error}"
            )
        if not self.chart_shown:
            self._busy.setText(tr("Nothing is shown yet."))
        self.banners.put("error", text, "error")

    @property
    def chart_shown(self) -> bool:
        """Whether the chart, and not a sentence in its place, is on screen."""
        return self._centre.currentWidget() is self.chart

    def show_place(self, place: Place, subject: str = "", span: tuple[int, int] | None = None) -> None:
        """Show another store: the sample, or the user's own."""
        self.loader.place = place
        self.state.set_sample(place.read_only)
        self.framing.expect(span=span)
        self._show_sample_banner()
        self.keeper.reload()
        if subject and subject == self.state.subject:
            self.loader.load()
        else:
            self.state.set_subject(subject)

    def show_home(self, subject: str = "") -> None:
        """Show the user's own store, for something was added to it."""
        if self.state.sample:
            self.show_place(self.parts.home, subject)
        else:
            self.state.touch_data()
            if subject:
                self.state.set_subject(subject)

    def show_imported(self, key: str) -> None:
        """Leave the sample for the user's own store, to what was imported or else to whatever is there."""
        job = functools.partial(
            jobs.begin, home=self.parts.home, open_sample=self.parts.open_sample, subject=key,
            options=self.state.options,
        )  # fmt: skip
        self.framing.expect()
        self.tasks.submit("begin", job, self._on_begun, self.show_error)

    def restore_view(self, record: SnapshotRecord) -> None:
        """Show what a snapshot shows."""
        if record.subject not in {k for k, _ in self.watchlist_model.known}:
            text = tr("'{name}' is not known here; add it or import it first.").format(name=record.subject)
            self.show_error(UnknownSubjectError(text))
            return
        state = self.state
        self.framing.expect(span=(record.start, record.end), force=True)
        state.set_interval(Interval(record.interval))
        state.set_mode(ClockMode(record.mode))
        if record.scorer in self.parts.preferences.scorers:
            state.set_scorer(record.scorer)
        if record.basis:
            state.set_basis(Basis(record.basis))
        state.set_subject(record.subject)
        state.set_crowd(record.crowd)
        self.loader.load()  # its key makes the loads that the changes above asked for stale

    def apply_theme(self) -> None:
        """Paint everything in the colours of the settings."""
        self.theme = themes.pick(self.parts.preferences.theme, _app())
        themes.apply(_app(), self.theme)
        self.chart.apply_theme(self.theme, self.parts.preferences.market)
        for part in (self.watchlist, self.posts, self.toolbar, self.status, self.banners):
            part.set_theme(self.theme)
        self._tint()

    def apply_preferences(self) -> None:
        """Let changed settings hold."""
        preferences, state = self.parts.preferences, self.state
        if resolve(preferences.language) != self.parts.language:
            self.rebuild_wanted.emit()
            return
        state.set_theme(preferences.theme)
        self.apply_theme()
        state.set_basis(preferences.basis)
        state.set_zone(preferences.zone)

    # -- building

    def _start_from_workspace(self) -> None:
        w = self.workspace
        interval = Interval(w.interval) if w.interval in set(Interval) else Interval.D1
        mode = ClockMode(w.mode) if w.mode in set(ClockMode) else ClockMode.TRADING
        preferences = self.parts.preferences
        scorer = w.scorer if w.scorer in preferences.scorers else preferences.scorer
        self.state.options = Options(interval, mode, scorer, preferences.basis)
        self.state.theme = preferences.theme
        self.state.zone = preferences.zone

    def _build(self) -> None:
        theme = self.theme
        self.actions_ = Actions(self)
        self.menus = self.actions_.fill(self.menuBar())
        self.toolbar = Toolbar(self.actions_, self.parts.preferences.scorers, theme, self)
        self.addToolBar(self.toolbar)
        self.status = StatusBar(theme, self)
        self.setStatusBar(self.status)
        self.banners = Banners(theme, self)
        self.addToolBarBreak()
        self.addToolBar(banner_bar(self.banners, self))
        self.chart = self.parts.make_chart(theme)
        self.chart.apply_theme(theme, self.parts.preferences.market)
        self.chart.set_language(self.parts.language)
        self.chart.set_zone(self.state.zone)
        self._busy = QLabel(self)
        self._busy.setTextFormat(Qt.TextFormat.PlainText)
        self._busy.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy.setWordWrap(True)
        self.framing = Framing(self.chart, self.state, self.toolbar.ranges, self)
        self.framing.expect(self.workspace.range, self.workspace.span)
        self._centre = QStackedWidget(self)
        self._centre.addWidget(self._busy)
        self._centre.addWidget(self.chart)
        self.setCentralWidget(self._centre)
        self.watchlist_model = WatchlistModel(self)
        self.watchlist_model.set_opened(self.workspace.opened)
        self.watchlist = WatchlistPanel(self.watchlist_model, theme, self.parts.preferences.market_of, self)
        self.posts_model = PostsModel(self)
        self.posts = PostsPanel(self.posts_model, theme, self)
        self.posts.set_order(self.workspace.order)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.docks = {
            "watchlist": self._dock(tr("Watchlist"), "dock_watchlist", self.watchlist, left),
            "posts": self._dock(tr("Posts"), "dock_posts", self.posts, right),
        }
        self.resizeDocks(list(self.docks.values()), [WATCHLIST_WIDTH, POSTS_WIDTH], Qt.Orientation.Horizontal)
        self.keeper = WatchlistKeeper(self.watchlist_model, self.state, self.tasks, lambda: self.place, self)
        self.feed = PostsFeed(self.state, self.tasks, self.posts_model, self.posts, lambda: self.place)
        self._minute = QTimer(self)
        self._minute.setInterval(30_000)
        self._minute.timeout.connect(self._show_facts)
        self._minute.start()
        self._tint()
        self._set_tab_order()

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        if self.parts.language == "zh":
            # A title is as high as its first family, and Chinese needs more than a Latin one gives.
            families = dock.font().families()
            font = QFont(dock.font())
            font.setFamilies(sorted(families, key=lambda f: not any(mark in f for mark in CHINESE_FAMILIES)))
            dock.setFont(font)
        widget.setMinimumWidth(LEAST_WIDTHS[area])
        dock.setWidget(widget)
        dock.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.addDockWidget(area, dock)
        return dock

    def _set_tab_order(self) -> None:
        order = [self.toolbar.subject, self.watchlist.view, self.chart, self.posts.view]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def _tint(self) -> None:
        from ui.actions import COMMANDS  # noqa: PLC0415  the table is long; only here is more than its actions wanted

        for command in COMMANDS:
            if command.icon:
                self.actions_[command.name].setIcon(icon(command.icon, self.theme.muted, self.theme.disabled))

    # -- connecting

    def _connect(self) -> None:
        state, toolbar = self.state, self.toolbar
        toolbar.subject.chosen.connect(self._on_subject_typed)
        toolbar.range_chosen.connect(self.framing.choose)
        toolbar.interval_chosen.connect(state.set_interval)
        toolbar.mode_chosen.connect(state.set_mode)
        toolbar.scorer_chosen.connect(state.set_scorer)
        self.posts.crowd_chosen.connect(state.set_crowd)
        self.watchlist.subject_wanted.connect(state.set_subject)
        self.watchlist.pin_wanted.connect(self.keeper.pin)
        self.watchlist.edit_wanted.connect(lambda key: self.windows.edit_concept(key))  # noqa: PLW0108  loads them when asked
        self.watchlist.remove_wanted.connect(lambda key: self.windows.remove_subject(key))  # noqa: PLW0108  as above
        self.keeper.entries_changed.connect(lambda: toolbar.subject.set_known(self.watchlist_model.known))
        self.keeper.entries_changed.connect(lambda: self.watchlist.select(state.subject))
        self.keeper.failed.connect(self.show_error)
        self.feed.failed.connect(self.show_error)
        self.chart.hovered.connect(state.set_hover)
        self.chart.selected.connect(state.set_selection)
        state.subject_changed.connect(self._on_subject)
        state.mode_changed.connect(self._show_options)
        state.interval_changed.connect(self._show_options)
        state.theme_changed.connect(self._on_theme)
        state.zone_changed.connect(self.chart.set_zone)
        _app().styleHints().colorSchemeChanged.connect(self._on_colour_scheme)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_load_failed)
        self.tasks.changed.connect(lambda: self.status.set_jobs(self.tasks.running()))
        self.tasks.unhandled.connect(self.show_error)
        self.status.cancel_wanted.connect(self.tasks.cancel)
        self._show_options()

    @property
    def windows(self) -> Windows:
        """The dialogs, loaded when the first is wanted: none is needed to show the chart."""
        if self._windows is None:
            from ui.windows import Windows  # noqa: PLC0415  see above

            self._windows = Windows(self)
        return self._windows

    # -- answering

    def _on_begun(self, begun: jobs.Begun) -> None:
        self.loader.place = begun.place
        self.state.set_sample(begun.place.read_only)
        if begun.span is not None:
            self.framing.expect(span=begun.span)
        self._show_sample_banner()
        if begun.loaded is not None:
            self.state.subject = begun.subject  # loaded along; setting it by its method would load it again
            self._on_subject(begun.subject)
            self.loader.take(begun.loaded)
        else:
            self._busy.setText(_nothing())
        if begun.problem is not None:
            self.show_error(begun.problem)
        self.chart.setFocus()
        self.keeper.show(begun.entries)

    def _on_subject_typed(self, text: str) -> None:
        known = dict(self.watchlist_model.known)
        key = next((k for k in known if k.casefold() == text.strip().casefold()), None)
        if key is not None:
            self.state.set_subject(key)
            self.chart.setFocus()
        else:
            self.windows.add_symbol(text.strip())

    def _on_subject(self, key: str) -> None:
        self.toolbar.subject.set_subject(key)
        self.watchlist.select(key)
        self.banners.remove("error")
        self.banners.remove("feed")
        self.setWindowTitle(f"{key} – Crowdtape" if key else "Crowdtape")
        if not key:
            self._centre.setCurrentWidget(self._busy)
            self._busy.setText(_nothing())

    def _on_loaded(self, found: Loaded) -> None:
        extent = found.view.tape.extent
        self.chart.show_view(found.view, found.title)
        if extent is None:
            self._centre.setCurrentWidget(self._busy)
            self._busy.setText(
                tr("{name} has no prices and no posts yet.\nFetch its prices (F5) or import files (Ctrl+O).").format(
                    name=found.title
                )
            )
        else:
            self._centre.setCurrentWidget(self.chart)
            self.framing.place(found.view)
        self._show_options()
        self._show_facts()
        self.painted.emit()

    def _on_load_failed(self, error: Exception) -> None:
        self._centre.setCurrentWidget(self._busy)
        self.show_error(error)

    def _show_options(self, *_: object) -> None:
        state = self.state
        loaded = self.loader.current
        self.toolbar.set_intervals(state.interval, loaded.stored if loaded is not None else frozenset())
        crowd = loaded.view.tape.provenance.crowd if loaded is not None else ""
        self.posts.set_crowds(crowd, loaded.crowds if loaded is not None else ())
        self.toolbar.clock.set_value(state.mode)
        self.toolbar.scorer.setCurrentText(state.scorer)
        self.actions_["view.trading"].setChecked(state.mode is ClockMode.TRADING)
        self.actions_[f"interval.{state.interval}"].setChecked(True)
        self.actions_[f"theme.{state.theme}"].setChecked(True)

    def _show_facts(self) -> None:
        if self.state.view is not None:
            self.status.set_facts(facts_of(self.state.view.tape.provenance, jobs.now_ms()))

    def _show_sample_banner(self) -> None:
        if not self.state.sample:
            self.banners.remove("sample")
            return
        text = tr(
            "Sample data: prices and posts are SIMULATED; ranks, counters and events are real, as published. "
            "Import files or add a symbol to begin."
        )
        buttons = (
            (tr("Import files…"), self.actions_["file.import"].trigger),
            (tr("Add symbol…"), self.actions_["watch.add"].trigger),
        )
        self.banners.put("sample", text, "info", buttons)

    def _on_theme(self, name: str) -> None:
        try:
            self.parts.preferences.set_theme(name)
        except CrowdtapeError as problem:
            self.show_error(problem)
        self.actions_[f"theme.{name}"].setChecked(True)
        self.apply_theme()

    def _on_colour_scheme(self, *_: object) -> None:
        if self.state.theme == "system":
            self.apply_theme()

    # -- Qt's events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import the files once the drop is over: a dialog must not hold up the program they come from."""
        files = files_of(event.mimeData())
        if files:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.windows.import_files(files=files))

    def showEvent(self, event: QShowEvent) -> None:
        """Give the docks their widths once the window has its own: before, there is nothing to share out."""
        super().showEvent(event)
        if not self.workspace.docks and not event.spontaneous():
            docks = [self.docks["watchlist"], self.docks["posts"]]
            self.resizeDocks(docks, [WATCHLIST_WIDTH, POSTS_WIDTH], Qt.Orientation.Horizontal)

    def createPopupMenu(self) -> QMenu | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Offer no menu on the bars: the docks are in the menu View."""
        return None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember what was shown; wait for the workers."""
        if self._windows is not None and not self._windows.may_close():
            event.ignore()
            return
        self.remember()
        self.tasks.close()
        super().closeEvent(event)

    def remember(self) -> None:
        """Write the workspace."""
        state = self.state
        Workspace(
            geometry=bytes(self.saveGeometry().data()),
            docks=bytes(self.saveState(LAYOUT).data()),
            subject="" if state.sample else state.subject,
            range=self.framing.name,
            span=self.framing.span,
            interval=str(state.interval),
            mode=str(state.mode),
            scorer=state.scorer,
            order=self.posts.order,
            opened=tuple(self.watchlist_model.opened),
        ).save(self.parts.workspace_file)

    def _restore_geometry(self) -> None:
        w = self.workspace
        if not (w.geometry and self.restoreGeometry(QByteArray(w.geometry))):
            room = self.screen().availableGeometry()
            self.resize(min(1440, room.width() - 40), min(900, room.height() - 60))
        if w.docks:
            self.restoreState(QByteArray(w.docks), LAYOUT)
        for name, dock in self.docks.items():
            self.actions_[f"view.{name}"].setChecked(not dock.isHidden())


def files_of(data: QMimeData) -> list[str]:
    """Return the local files of something dragged."""
    return [u.toLocalFile() for u in data.urls() if u.isLocalFile()]


def _nothing() -> str:
    return tr("Nothing here yet.\nAdd a symbol (Ctrl+N), or drop files of posts or prices on this window.")


def _app() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a window needs an application")
    return app
