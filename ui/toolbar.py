"""The bar above the chart: subject, ranges, interval, clock, scorer, and what is done most often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from core.model import ClockMode, Interval
from core.timeline.ranges import RANGES
from ui.charts.links import LINKS
from ui.choosers import Segments, SubjectBox
from ui.i18n import tr
from ui.icons import icon, pixmap

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.actions import Actions
    from ui.theme import Theme


# Below this width in pixels the words of Fetch, Import and Snapshot would push what is beside them out of sight.
WORDS_FROM = 1440

# Offered once there is one: see ui.scoring.
_MINE = "crowd+mine"


class Toolbar(QToolBar):
    """The bar; shows what it is told and says what the user chose."""

    range_chosen = Signal(str)
    interval_chosen = Signal(object)
    mode_chosen = Signal(object)
    scorer_chosen = Signal(str)

    def __init__(self, actions: Actions, scorers: Sequence[str], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Main toolbar"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(16, 16))
        self._icons: list[tuple[QToolButton, str]] = []
        self._worded: list[QToolButton] = []  # buttons whose word stands beside the icon where there is room
        self._actions = actions
        self._several = False
        self.subject = SubjectBox(self)
        self._lens = self.subject.addAction(
            icon("search", theme.muted, theme.disabled), QLineEdit.ActionPosition.LeadingPosition
        )
        self.ranges = Segments([(name, name, actions[f"range.{name}"].toolTip()) for name in RANGES], self)
        self.ranges.chosen.connect(self.range_chosen)
        self.interval = self._make_interval()
        self.clock = Segments(
            [
                (ClockMode.TRADING, tr("Trading"), tr("Trading clock: closed hours are squeezed")),
                (ClockMode.WALL, tr("Wall"), tr("Wall clock: plain time")),
            ],
            self,
        )
        self.clock.chosen.connect(lambda value: self.mode_chosen.emit(ClockMode(value)))
        self.scorer = self._make_scorer(scorers)
        self._fill()
        self.set_theme(theme)

    def set_intervals(self, current: Interval, stored: Collection[Interval]) -> None:
        """Show the interval, and of each whether prices are stored that it can be made of."""
        for number, interval in enumerate(Interval):
            has = any(s.ms <= interval.ms for s in stored)
            self.interval.setItemText(number, str(interval))
            tip = "" if has else tr("No prices of this interval are stored yet; File, Fetch prices gets them.")
            self.interval.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)
            mark = None if has or not stored else pixmap("warning", self._theme.muted, 12)
            self.interval.setItemData(number, mark, Qt.ItemDataRole.DecorationRole)
        self.interval.setCurrentIndex(list(Interval).index(current))

    @property
    def scorers(self) -> tuple[str, ...]:
        """The scorers that can be chosen."""
        return tuple(self.scorer.itemText(n) for n in range(self.scorer.count()))

    def set_scorers(self, names: Sequence[str], current: str) -> None:
        """Offer these scorers."""
        if tuple(names) != self.scorers:
            self.scorer.clear()
            self.scorer.addItems(list(names))
        self.scorer.setCurrentText(current)

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = theme
        for button, name in self._icons:
            button.setIcon(icon(name, theme.text, theme.disabled))
        self._lens.setIcon(icon("search", theme.muted, theme.disabled))
        self._tint_extension()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the words beside the icons where there is room for them."""
        super().resizeEvent(event)
        wide = event.size().width() >= WORDS_FROM
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self._worded:
            button.setToolButtonStyle(style)
        self._show_links()

    def _tint_extension(self) -> None:
        """Give Qt's own button for what has no room an icon that can be seen on any theme, and a name."""
        button = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if button is not None:
            button.setIcon(icon("more", self._theme.text, self._theme.disabled))
            button.setToolTip(tr("More"))
            button.setAccessibleName(tr("More"))

    def set_several(self, *, several: bool) -> None:
        """Offer what is of use where there are several charts."""
        self._several = several
        self._show_links()

    def _show_links(self) -> None:
        """Show the switches of the links where there is room; the button before them has them too."""
        for item in self._links:
            item.setVisible(self._several and self.width() >= WORDS_FROM)

    def set_layouts(self, fill: Callable[[QMenu], None]) -> None:
        """Let the button of layouts open a menu that `fill` fills each time."""
        menu = self.layouts.menu()
        menu.aboutToShow.connect(lambda: fill(menu))

    def set_charts_menu(self, menu: QMenu) -> None:
        """Let the button of charts open the menu that the bar of menus has of them."""
        self.charts.setMenu(menu)

    def _make_opener(self, name: str, image: str) -> QToolButton:
        """Return a button that opens a menu."""
        button = QToolButton(self)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._icons.append((button, image))
        return button

    def _make_switch(self, name: str, image: str) -> QToolButton:
        """Return a button that is down while a command's state is on."""
        action, button = self._actions[name], QToolButton(self)
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.toolTip())
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: action.trigger())
        action.toggled.connect(button.setChecked)
        self._icons.append((button, image))
        return button

    def _make_interval(self) -> QComboBox:
        box = QComboBox(self)
        box.addItems([str(i) for i in Interval])
        box.setAccessibleName(tr("Interval"))
        box.setToolTip(tr("Length of a bar"))
        box.setMinimumWidth(64)
        box.activated.connect(lambda number: self.interval_chosen.emit(list(Interval)[number]))
        return box

    def _make_scorer(self, scorers: Sequence[str]) -> QComboBox:
        box = QComboBox(self)
        box.addItems([name for name in scorers if name != _MINE])
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setAccessibleName(tr("Scorer"))
        box.setToolTip(tr("Which scores are shown"))
        box.textActivated.connect(self.scorer_chosen)
        return box

    def _fill(self) -> None:
        self.addWidget(self.subject)
        for widget in (self.ranges, self.interval, self.clock, self.scorer):
            self.addSeparator()
            self.addWidget(widget)
        self.layouts = self._make_opener(tr("Panes and layouts"), "panes")
        self.layouts.setMenu(QMenu(self.layouts))
        self.charts = self._make_opener(tr("Charts and their links"), "charts")
        for button in (self.layouts, self.charts):
            self.addWidget(button)
        self._links = [self.addWidget(self._make_switch(f"link.{name}", f"link_{name}")) for name in LINKS]
        room = QWidget(self)
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        for name, text in (
            ("file.fetch", tr("Fetch")),
            ("file.import", tr("Import")),
            ("file.save_snapshot", tr("Snapshot")),
        ):
            action = self._actions[name]
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.toolTip())
            self._worded.append(button)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, action=action: action.trigger())
            action.enabledChanged.connect(button.setEnabled)
            self._icons.append((button, {"file.fetch": "fetch", "file.import": "import"}.get(name, "snapshot")))
            self.addWidget(button)
