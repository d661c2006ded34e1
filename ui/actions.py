"""The table of commands. Menus, shortcuts, the palette and the page of keys all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from core.timeline.ranges import RANGES
from ui.chart.drawings.tools import EVENT, TOOLS
from ui.i18n import later, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can ask for.

    `menu` names its place ("file", "view/range", …), `block` keeps neighbours together between separators, and
    `choice` makes those that share it exclude each other.
    """

    name: str
    text: str
    menu: str
    shortcut: str = ""
    icon: str = ""
    block: int = 0
    choice: str = ""
    checkable: bool = False
    tip: str = ""


MENUS = (
    ("file", later("&File")),
    ("edit", later("&Edit")),
    ("view", later("&View")),
    ("view/range", later("&Range")),
    ("view/interval", later("&Interval")),
    ("view/zone", later("Time &zone")),
    ("view/theme", later("&Theme")),
    ("charts", later("&Charts")),
    ("panes", later("Pa&nes")),
    ("draw", later("&Draw")),
    ("watchlist", later("&Watchlist")),
    ("posts", later("P&osts")),
    ("help", later("&Help")),
)

INTERVALS = ("1m", "5m", "15m", "30m", "1h", "1d")


def _ranges() -> Iterable[Command]:
    for number, name in enumerate(RANGES, 1):
        yield Command(f"range.{name}", name, "view/range", f"Ctrl+{number}")


def _intervals() -> Iterable[Command]:
    for number, name in enumerate(INTERVALS, 1):
        yield Command(f"interval.{name}", name, "view/interval", f"Ctrl+Alt+{number}", choice="interval")


def _tools() -> Iterable[Command]:
    for tool in TOOLS:
        if tool.name == EVENT:
            yield Command("draw.event", tool.text, "draw", tool.shortcut, "event", 1, choice="tool",
                          tip=later("Add an event: click where it happened"))  # fmt: skip
        else:
            yield Command(f"draw.{tool.name}", tool.text, "draw", tool.shortcut, tool.name, choice="tool")


COMMANDS: tuple[Command, ...] = (
    Command("file.import", later("&Import files…"), "file", "Ctrl+O", "import",
            tip=later("Import posts, prices, metrics or events from files")),
    Command("file.import_posts", later("Import &posts…"), "file", "Ctrl+Shift+P"),
    Command("file.import_prices", later("Import p&rices…"), "file", "Ctrl+Shift+R"),
    Command("file.import_metrics", later("Import &metrics…"), "file", "Ctrl+Shift+M"),
    Command("file.import_events", later("Import e&vents…"), "file", "Ctrl+Shift+V"),
    Command("file.fetch", later("&Fetch prices"), "file", "F5", "fetch", 1,
            tip=later("Fetch prices of this subject from Yahoo")),
    Command("file.open_snapshot", later("&Open snapshot…"), "file", "Ctrl+Shift+O", "", 2),
    Command("file.save_snapshot", later("&Save snapshot…"), "file", "Ctrl+S", "snapshot", 2,
            tip=later("Save the chart as PNG, SVG or PDF")),
    Command("file.copy_snapshot", later("&Copy snapshot"), "file", "Ctrl+Shift+C", "copy", 2,
            tip=later("Copy the chart as a picture")),
    Command("file.save_charts", later("Sa&ve all charts…"), "file", "Ctrl+Alt+G", "", 2,
            tip=later("Save all charts as one picture")),
    Command("file.copy_charts", later("Copy a&ll charts"), "file", "Ctrl+Alt+Shift+G", "", 2,
            tip=later("Copy all charts as one picture")),
    Command("file.settings", later("S&ettings…"), "file", "Ctrl+,", "settings", 3),
    Command("file.quit", later("&Quit"), "file", "Ctrl+Q", "", 4),
    Command("edit.undo", later("&Undo"), "edit", "Ctrl+Z", "undo",
            tip=later("Take back what was last drawn or changed")),
    Command("edit.redo", later("&Redo"), "edit", "Ctrl+Shift+Z", "redo", tip=later("Do again what was taken back")),
    Command("draw.next", later("&Next drawing"), "edit", "Alt+Shift+N", "", 1),
    Command("draw.previous", later("&Previous drawing"), "edit", "Alt+Shift+B", "", 1),
    Command("draw.edit", later("&Edit drawing…"), "edit", "Alt+Shift+D", "", 1),
    Command("draw.lock", later("&Lock or unlock drawing"), "edit", "Alt+Shift+K", "", 1),
    Command("draw.remove", later("Remove &drawing"), "edit", "Del", "remove", 1),
    Command("draw.clear", later("Remove &all drawings"), "edit", "Alt+Shift+Del", "", 1),
    Command("view.subject", later("&Go to subject"), "view", "Ctrl+L"),
    Command("view.search", later("Search &posts"), "view", "Ctrl+F"),
    Command("view.clear", later("Let go of the &selection"), "view", "Esc"),
    Command("view.fit", later("&Fit all"), "view", "Ctrl+0", "", 1),
    Command("view.trading", later("&Trading clock"), "view", "Ctrl+T", "", 1, checkable=True,
            tip=later("Squeeze the hours in which the market is closed")),
    Command("view.live", later("&Live prices"), "view", "F7", "", 1, checkable=True,
            tip=later("Listen to Yahoo's live prices of what is shown")),
    Command("view.newest", later("Go to the &newest bar"), "view", "Ctrl+End", "newest", 1,
            tip=later("Show the newest bar and follow it")),
    *_ranges(),
    *_intervals(),
    Command("zone.exchange", later("Of the &exchange"), "view/zone", "Ctrl+Shift+F2", choice="zone"),
    Command("zone.local", later("Of this &machine"), "view/zone", "Ctrl+Shift+F3", choice="zone"),
    Command("zone.utc", "&UTC", "view/zone", "Ctrl+Shift+F4", choice="zone"),
    Command("zone.other", later("&Other time zone…"), "view/zone", "Ctrl+Shift+F5", block=1, choice="zone",
            tip=later("Show times in any time zone")),
    Command("theme.system", later("As the &system"), "view/theme", "Ctrl+Shift+F7", choice="theme"),
    Command("theme.dark", later("&Dark"), "view/theme", "Ctrl+Shift+F8", choice="theme"),
    Command("theme.light", later("&Light"), "view/theme", "Ctrl+Shift+F9", choice="theme"),
    Command("view.watchlist", later("&Watchlist"), "view", "F8", "", 2, checkable=True),
    Command("view.posts", later("P&osts"), "view", "F9", "", 2, checkable=True),
    Command("view.fullscreen", later("F&ull screen"), "view", "F11", "", 2, checkable=True),
    Command("pane.add", later("&Add pane…"), "panes", "Ctrl+Shift+A", "add"),
    Command("pane.settings", later("Pane &settings…"), "panes", "Ctrl+Shift+E", "settings"),
    Command("pane.up", later("Move pane &up"), "panes", "Alt+Shift+Up", "", 1),
    Command("pane.down", later("Move pane &down"), "panes", "Alt+Shift+Down", "", 1),
    Command("pane.maximise", later("&Maximise or restore pane"), "panes", "Ctrl+Return", "maximise", 1),
    Command("pane.remove", later("&Remove pane"), "panes", "Ctrl+Shift+Del", "close", 1),
    Command("pane.delete_metric", later("&Delete metric"), "panes", "Ctrl+Alt+Shift+Del", "", 1,
            tip=later("Delete the metric of the current pane with all its values; it can be undone")),
    Command("study.add", later("Add s&tudy…"), "panes", "Ctrl+I", "", 2,
            tip=later("Find an indicator and show it on the current pane or below it")),
    Command("study.compare", later("&Compare with…"), "panes", "Ctrl+Shift+I", "", 2,
            tip=later("Show another symbol beside the price, as percent")),
    Command("axis.log", later("Lo&garithmic axis"), "panes", "Alt+L", "", 2),
    Command("axis.percent", later("&Percent axis"), "panes", "Alt+P", "", 2),
    Command("layout.save", later("Save &layout…"), "panes", "Ctrl+Shift+S", "", 3,
            tip=later("Keep the panes of this chart under a name")),
    Command("layout.manage", later("Layou&ts…"), "panes", "Ctrl+Shift+T", "", 3,
            tip=later("Show, rename or delete saved layouts")),
    Command("layout.default", later("D&efault layout"), "panes", "Ctrl+Shift+0", "", 3),
    Command("charts.one", later("&One chart"), "charts", "Alt+1", choice="arrangement"),
    Command("charts.beside", later("&Two side by side"), "charts", "Alt+2", choice="arrangement"),
    Command("charts.stacked", later("Two &stacked"), "charts", "Alt+5", choice="arrangement"),
    Command("charts.three", later("T&hree charts"), "charts", "Alt+3", choice="arrangement"),
    Command("charts.four", later("&Four charts"), "charts", "Alt+4", choice="arrangement"),
    Command("link.symbol", later("Link the s&ymbol"), "charts", "Ctrl+Alt+S", "", 1, checkable=True,
            tip=later("All charts show the same subject")),
    Command("link.range", later("Link the &range"), "charts", "Ctrl+Alt+R", "", 1, checkable=True,
            tip=later("All charts show the same stretch of time")),
    Command("link.crosshair", later("Link the crossha&ir"), "charts", "Ctrl+Alt+C", "", 1, checkable=True,
            tip=later("The instant under the pointer is shown in every chart")),
    Command("charts.add", later("&Add a chart"), "charts", "Ctrl+\\", "add", 2),
    Command("charts.close", later("&Close the chart"), "charts", "Ctrl+W", "close", 2),
    Command("charts.maximise", later("&Maximise the chart"), "charts", "Alt+Return", "", 2, checkable=True),
    Command("charts.next", later("&Next chart"), "charts", "F6", "", 2),
    Command("charts.previous", later("&Previous chart"), "charts", "Shift+F6", "", 2),
    Command("charts.swap", later("Swap with the ne&xt"), "charts", "Ctrl+F6", "", 2),
    Command("charts.wider", later("Make wi&der"), "charts", "Alt+Shift+Right", "", 3),
    Command("charts.narrower", later("Make narrow&er"), "charts", "Alt+Shift+Left", "", 3),
    Command("charts.taller", later("Make ta&ller"), "charts", "Alt+Shift+PgDown", "", 3),
    Command("charts.lower", later("Make lo&wer"), "charts", "Alt+Shift+PgUp", "", 3),
    *_tools(),
    Command("draw.magnet", later("Ma&gnet"), "draw", "Alt+Shift+G", "magnet", 2, checkable=True,
            tip=later("Snap points to bars and their prices; Ctrl turns it round for one point")),
    Command("draw.lock_all", later("&Lock all drawings"), "draw", "Alt+Shift+L", "lock", 2, checkable=True,
            tip=later("Let no drawing be moved by the mouse or the arrow keys")),
    Command("draw.hide_all", later("H&ide drawings and events"), "draw", "Alt+Shift+I", "hide", 2, checkable=True),
    Command("watch.add", later("&Add symbol…"), "watchlist", "Ctrl+N", "add",
            tip=later("Find an instrument by symbol or name")),
    Command("watch.concept", later("&New concept…"), "watchlist", "Ctrl+Shift+N", "concept"),
    Command("watch.edit", later("&Edit concept…"), "watchlist", "Ctrl+E"),
    Command("watch.pin", later("&Pin or unpin"), "watchlist", "Ctrl+D", "pin", 1),
    Command("watch.up", later("Move &up"), "watchlist", "Ctrl+Shift+Up", "", 1),
    Command("watch.down", later("Move &down"), "watchlist", "Ctrl+Shift+Down", "", 1),
    Command("watch.remove", later("&Remove"), "watchlist", "Ctrl+Del", "", 1),
    Command("mark.bullish", later("Mark as &bullish"), "posts", "Ctrl+Alt+B",
            tip=later("Say that the chosen post is bullish; once more takes it back")),
    Command("mark.neutral", later("Mark as &neutral"), "posts", "Ctrl+Alt+N"),
    Command("mark.bearish", later("Mark as b&earish"), "posts", "Ctrl+Alt+E"),
    Command("mark.off-topic", later("Mark as &off topic"), "posts", "Ctrl+Alt+X",
            tip=later("Leave the chosen post out of this subject's counts; once more takes it back")),
    Command("posts.marks", later("My &marks…"), "posts", "Ctrl+Alt+M", "", 1),
    Command("posts.export_marks", later("E&xport marks…"), "posts", "Ctrl+Alt+Shift+M", "", 1),
    Command("posts.import_marks", later("&Import marks…"), "posts", "Ctrl+Alt+Shift+I", "", 1),
    Command("posts.mine", later("&Correct crowd by my marks"), "posts", "Ctrl+Alt+Y", "", 2, checkable=True,
            tip=later("Show the scores of the layer that was learned from your marks")),
    Command("posts.moved", later("&What moved…"), "posts", "Ctrl+Alt+W", "", 2,
            tip=later("What scoring anew changed")),
    Command("posts.pause", later("&Pause scoring anew"), "posts", "Ctrl+Alt+P", "", 2, checkable=True),
    Command("help.palette", later("&Commands…"), "help", "Ctrl+K"),
    Command("help.keys", later("&Keys and the clock"), "help", "F1"),
    Command("help.sample", later("&Show the sample"), "help", "Ctrl+Shift+F1"),
    Command("help.log", later("Show the &log"), "help", "Ctrl+Shift+L", "", 1),
    Command("help.about", later("&About Crowdtape"), "help", "Ctrl+Shift+F12", "", 1),
)  # fmt: skip


def plain(text: str) -> str:
    """Return a menu text without its mnemonic and dots, as the palette and the page of keys show it."""
    return text.replace("&", "").rstrip("…").split("(")[0].strip()


class Actions(QObject):
    """The commands as Qt actions, each bound to what it does by the window."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        for command in COMMANDS:
            self._actions[command.name] = self._make(command)
        host.addActions(list(self._actions.values()))

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def bind(self, name: str, run: Callable[[], object]) -> None:
        """Let the command do `run`."""
        self._actions[name].triggered.connect(lambda _checked=False: run())

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Build the menus of the table and return them by name."""
        menus: dict[str, QMenu] = {}
        for name, title in MENUS:
            parent, _, leaf = name.rpartition("/")
            menus[name] = (menus[parent] if parent else bar).addMenu(tr(title))
            menus[name].setObjectName(f"menu_{leaf}")
            last = 0
            for command in COMMANDS:
                if command.menu != name:
                    continue
                if command.block != last:
                    menus[name].addSeparator()
                    last = command.block
                menus[name].addAction(self._actions[command.name])
        return menus

    def _make(self, command: Command) -> QAction:
        action = QAction(tr(command.text), self)
        action.setObjectName(command.name)
        action.setShortcut(QKeySequence(command.shortcut))
        if command.name == "edit.redo":
            action.setShortcuts(
                [QKeySequence(command.shortcut), QKeySequence("Ctrl+Y")]
            )  # Windows' own, and the rest's
        action.setCheckable(command.checkable or bool(command.choice))
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = tr(command.tip) if command.tip else plain(tr(command.text))
        action.setToolTip(f"{tip} ({shown})" if shown else tip)
        if command.choice:
            group = self._groups.get(command.choice) or QActionGroup(self)
            self._groups[command.choice] = group
            group.addAction(action)
        return action


def help_rows() -> list[tuple[str, str]]:
    """Return (what it does, its keys) of every command, in the order of the table."""
    native = QKeySequence.SequenceFormat.NativeText
    return [(plain(tr(c.text)), QKeySequence(c.shortcut).toString(native)) for c in COMMANDS]
