"""The window: puts the parts together and hands them to each other. What they do is theirs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from ui import session
from ui.actions import Actions
from ui.appearance import Appearance
from ui.banners import Banners, banner_bar
from ui.charts.area import ChartArea
from ui.charts.commands import ChartCommands
from ui.charts.links import Links
from ui.commands import Commands
from ui.docks import LEFT, RIGHT, add_dock, share_out
from ui.housekeeping import Housekeeping
from ui.i18n import tr
from ui.live.prices import LivePrices
from ui.marks.bar import DrawingBar, beside
from ui.marks.desk import Desk
from ui.notices import Notices
from ui.opening import Opening
from ui.panes.layouts import LayoutKeeper
from ui.panes.metric_removal import MetricRemoval
from ui.posts.feed import PostsFeed
from ui.posts.model import PostsModel
from ui.posts.panel import PostsPanel
from ui.scoring import Scoring
from ui.state import AppState
from ui.statusbar import StatusBar
from ui.steering import Steering
from ui.tasks import Tasks
from ui.toolbar import Toolbar
from ui.watchlist.keeper import WatchlistKeeper
from ui.watchlist.model import WatchlistModel
from ui.watchlist.panel import WatchlistPanel
from ui.workspace import Workspace
from ui.zones import Zones

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

    from ui.charts.cell import ChartCell
    from ui.charts.framing import Framing
    from ui.charts.loading import Loader
    from ui.charts.record import ChartRecord
    from ui.charts.state import Options
    from ui.jobs import Place
    from ui.parts import Parts
    from ui.theme import Theme
    from ui.windows import Windows


class MainWindow(QMainWindow):
    """The one window."""

    rebuild_wanted = Signal()  # another language: texts are made when a window is
    painted = Signal()  # a chart of data has been handed to the screen for the first time

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.appearance = Appearance(self)
        self.workspace = Workspace.load(parts.workspace_file)
        self.state = AppState(self)
        self.state.theme, self.state.zone = parts.preferences.theme, parts.preferences.zone
        self.tasks = Tasks(self)
        self.opening = Opening(self)
        self._housekeeping = Housekeeping(self.tasks, self)
        self._windows: Windows | None = None
        self.setWindowTitle("Crowdtape")
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self._build()
        self.appearance.connect_to_state()
        self.notices = Notices(self)
        self.desk = Desk(self)
        self.metric_removal = MetricRemoval(self)
        self.steering = Steering(self)
        self.charts.shown.connect(self._on_shown)
        self.charts.shown.connect(self._housekeeping.soon)
        self.state.range_changed.connect(self._housekeeping.soon)
        self.charts.failed.connect(self.notices.show_failure)
        self.charts.rearranged.connect(self._order_tabs)
        session.restore_charts(self)
        self.commands = Commands(self)
        self.zones = Zones(self)
        self.scoring = Scoring(self)
        self.live = LivePrices(self)
        self.notices.follow(self.live)
        self.chart_commands = ChartCommands(self.charts, self.links, self.actions_)
        session.restore_geometry(self)

    # -- what others ask

    @property
    def theme(self) -> Theme:
        """The colours that everything is painted in."""
        return self.appearance.theme

    @property
    def place(self) -> Place:
        """Where the data that are shown lie."""
        return self.opening.place

    @property
    def chart(self) -> Any:
        """The active chart."""
        return self.charts.active.chart

    @property
    def loader(self) -> Loader:
        """What reads for the active chart."""
        return self.charts.active.loader

    @property
    def framing(self) -> Framing:
        """What places the active chart."""
        return self.charts.active.framing

    @property
    def chart_shown(self) -> bool:
        """Whether the active chart, and not a sentence in its place, is on screen."""
        return self.charts.active.chart_shown

    def begin(self) -> None:
        """Read what was shown last, or the sample where the store is empty."""
        self.opening.begin()

    def show_error(self, error: Exception) -> None:
        """Say in one sentence what went wrong."""
        self.notices.show_error(error)

    @property
    def importing(self) -> bool:
        """Whether an import is under way."""
        return self._windows is not None and self._windows.imports.running

    @property
    def windows(self) -> Windows:
        """The dialogs, loaded when the first is wanted: none is needed to show the chart."""
        if self._windows is None:
            from ui.windows import Windows  # noqa: PLC0415  see above

            self._windows = Windows(self)
        return self._windows

    # -- building

    def _build(self) -> None:
        theme, chinese = self.theme, self.parts.language == "zh"
        self.actions_ = Actions(self)
        self.menus = self.actions_.fill(self.menuBar())
        self.toolbar = Toolbar(self.actions_, self.parts.preferences.scorers, theme, self)
        self.toolbar.set_charts_menu(self.menus["charts"])
        self.addToolBar(self.toolbar)
        self.status = StatusBar(theme, self)
        self.setStatusBar(self.status)
        self.banners = Banners(theme, self)
        self.addToolBarBreak()
        self.addToolBar(banner_bar(self.banners, self))
        self.charts = ChartArea(
            self.state, self.tasks, lambda: self.place, self._make_chart, self._options_of, theme, self
        )
        self.links = Links(self.charts)
        self.drawing_bar = DrawingBar(self.actions_, self)
        self.setCentralWidget(beside(self.drawing_bar, self.charts, self))
        self.layouts = LayoutKeeper(
            self.parts.layouts,
            lambda: self.charts.active.panes,
            self.show_error,
            lambda text: self.status.showMessage(text, 8000),
            self,
        )
        self.toolbar.set_layouts(self.layouts.fill)
        self.watchlist_model = WatchlistModel(self)
        self.watchlist_model.set_opened(self.workspace.opened)
        self.watchlist = WatchlistPanel(self.watchlist_model, theme, self.parts.preferences.market_of, self)
        self.posts_model = PostsModel(self)
        self.posts = PostsPanel(self.posts_model, theme, self)
        self.posts.set_order(self.workspace.order)
        self.docks = {
            "watchlist": add_dock(self, "watchlist", tr("Watchlist"), self.watchlist, LEFT, chinese=chinese),
            "posts": add_dock(self, "posts", tr("Posts"), self.posts, RIGHT, chinese=chinese),
        }
        share_out(self, self.docks)
        self.keeper = WatchlistKeeper(self.watchlist_model, self.state, self.tasks, lambda: self.place, self)
        self.feed = PostsFeed(self.state, self.tasks, self.posts_model, self.posts, lambda: self.place)
        self._order_tabs()

    def _make_chart(self) -> Any:
        """Return a chart as the settings want it."""
        chart = self.parts.make_chart(self.theme)
        chart.apply_theme(self.theme, self.parts.preferences.market)
        chart.set_language(self.parts.language)
        chart.set_zone(self.state.zone)
        return chart

    def _options_of(self, record: ChartRecord) -> Options:
        """Return the options of a chart that was kept, with what the settings say now."""
        preferences = self.parts.preferences
        return record.options(preferences.scorers, preferences.scorer, preferences.basis)

    def _order_tabs(self) -> None:
        charts = [cell.chart for cell in self.charts.cells]
        order = [self.toolbar.subject, self.watchlist.view, *charts, self.posts.view]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def _on_shown(self, cell: ChartCell) -> None:
        if cell is self.charts.active:
            self.painted.emit()

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
            share_out(self, self.docks)

    def createPopupMenu(self) -> QMenu | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Offer no menu on the bars: the docks are in the menu View."""
        return None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember what was shown; wait for the workers."""
        if self._windows is not None and not self._windows.may_close():
            event.ignore()
            return
        session.remember(self)
        self.scoring.close()
        self.tasks.close()
        self.desk.finish()
        super().closeEvent(event)


def files_of(data: QMimeData) -> list[str]:
    """Return the local files of something dragged."""
    return [u.toLocalFile() for u in data.urls() if u.isLocalFile()]
