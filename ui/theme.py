"""Colours and sizes of everything on screen, read from `resources/themes`; palette and style sheet made from them."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from core.resources import resource_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Market: TypeAlias = Literal["cn", "west"]

# Every margin, gap and height is a multiple of this many device-independent pixels.
GRID = 8


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb` or `#rrggbbaa`. Price colours and sentiment colours never mean two things."""

    name: str
    dark: bool
    background: str  # of charts and lists
    panel: str  # of docks, bars and dialogs
    raised: str  # of buttons and headers
    border: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str  # text upon accent
    up: str  # the green of the pair: which of the two means a rise is `price_colours`' to say
    down: str  # the red
    flat: str
    positive: str  # sentiment: blue against orange, told apart by colour-blind eyes
    negative: str
    band: str
    volume: str
    posts: str  # said while the market was open
    posts_closed: str  # said while it was shut
    closure: str
    grid: str
    zero: str
    crosshair: str
    selection: str
    tag: str
    on_tag: str
    flag: str
    metrics: tuple[str, ...]
    warning: str
    error: str
    font_px: int = 13
    small_px: int = 11
    title_px: int = 15

    def price_colours(self, market: Market) -> tuple[str, str]:
        """Return the colours of a rise and a fall: red rises in China, green rises in the West."""
        return (self.down, self.up) if market == "cn" else (self.up, self.down)


def colour(text: str, alpha: float | None = None) -> QColor:
    """Return a theme's colour; `alpha` in [0, 1] replaces its own."""
    made = QColor(text[:7])
    if len(text) == 9:
        made.setAlpha(int(text[7:], 16))
    if alpha is not None:
        made.setAlphaF(alpha)
    return made


def number_font(px: int, *, bold: bool = False) -> QFont:
    """Return the interface font with tabular numerals, so that figures do not dance."""
    font = QFont(QGuiApplication.font()) if QGuiApplication.instance() else QFont()
    font.setPixelSize(px)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def load_theme(name: str) -> Theme:
    """Read the theme `dark` or `light`. Raises CrowdtapeError where its file is missing."""
    values = json.loads(resource_path(f"themes/{name}.json").read_text(encoding="utf-8"))
    values["metrics"] = tuple(values["metrics"])
    return Theme(**values)


def system_theme(app: QGuiApplication) -> Theme:
    """Return the theme that the desktop asks for; dark where it does not say."""
    light = app.styleHints().colorScheme() is Qt.ColorScheme.Light
    return load_theme("light" if light else "dark")


def pick(name: str, app: QGuiApplication) -> Theme:
    """Return the theme of a setting: `dark`, `light`, or anything else for the system's."""
    return load_theme(name) if name in {"dark", "light"} else system_theme(app)


def make_palette(theme: Theme) -> QPalette:
    """Return the palette that makes standard controls match."""
    palette = QPalette()
    role = QPalette.ColorRole
    for which, value in (
        (role.Window, theme.panel),
        (role.WindowText, theme.text),
        (role.Base, theme.background),
        (role.AlternateBase, theme.panel),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Text, theme.text),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.error),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Light, theme.raised),
        (role.Midlight, theme.raised),
        (role.Mid, theme.border),
        (role.Dark, theme.border),
        (role.Shadow, theme.background),
    ):
        palette.setColor(which, colour(value))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, colour(theme.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colour(theme.raised))
    return palette


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of the whole program, on the 8 px grid."""
    t, half = theme, GRID // 2
    chevron, chevron_up, tick, dock_close, dock_float = (
        resource_path(f"icons/{name}.svg").as_posix()
        for name in ("chevron", "chevron_up", "tick", "dock_close", "dock_float")
    )
    return f"""
* {{ font-size: {t.font_px}px; }}
QMainWindow, QDialog {{ background: {t.panel}; }}
QMainWindow::separator {{ background: {t.border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {t.accent}; }}
QSplitter#charts::handle {{ background: {t.panel}; image: none; }}
QSplitter#charts::handle:hover {{ background: {t.border}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; padding: {half}px; }}
QMenuBar, QToolBar, QStatusBar {{ background: {t.panel}; color: {t.text}; border: none; }}
QMenuBar::item {{ padding: {half}px {GRID}px; border-radius: {half}px; }}
QMenuBar::item:selected {{ background: {t.raised}; }}
QToolBar {{ spacing: {half}px; padding: {half}px; border-bottom: 1px solid {t.border}; }}
QToolBar::separator {{ background: {t.border}; width: 1px; margin: {half}px; }}
QStatusBar {{ border-top: 1px solid {t.border}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {t.muted}; }}
QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.border}; padding: {half}px; }}
QMenu::item {{ padding: {half}px {3 * GRID}px; border-radius: {half}px; }}
QMenu::item:selected {{ background: {t.raised}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{ background: {t.border}; height: 1px; margin: {half}px {GRID}px; }}
QToolButton {{ background: transparent; color: {t.text}; border: 1px solid transparent; border-radius: {half}px;
  padding: {half}px {GRID}px; }}
QToolButton#qt_toolbar_ext_button {{ padding: 0; }}
QToolButton:hover {{ background: {t.raised}; }}
QToolButton:checked {{ background: {t.raised}; color: {t.accent}; border-color: {t.border}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
QToolButton:disabled {{ color: {t.disabled}; }}
QPushButton {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; border-radius: {half}px;
  padding: {half}px {2 * GRID}px; min-height: {2 * GRID}px; }}
QPushButton:hover {{ border-color: {t.muted}; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:default {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton:disabled {{ color: {t.disabled}; }}
QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QComboBox {{
  background: {t.background}; color: {t.text}; border: 1px solid {t.border}; border-radius: {half}px;
  padding: {half}px {GRID}px; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QDateEdit:focus,
QDateTimeEdit:focus {{ border-color: {t.accent}; }}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {{ color: {t.disabled}; }}
QAbstractItemView {{ background: {t.background}; color: {t.text}; border: none; outline: none;
  alternate-background-color: {t.panel}; selection-background-color: {t.raised}; selection-color: {t.text}; }}
QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: {3 * GRID}px; }}
QComboBox::down-arrow, QDateTimeEdit::down-arrow {{ image: url("{chevron}"); width: 10px; height: 10px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {{
  background: transparent; border: none; width: {2 * GRID}px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{chevron_up}"); width: 8px; height: 8px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url("{chevron}"); width: 8px; height: 8px; }}
QCheckBox::indicator, QListView::indicator {{ width: 13px; height: 13px; border: 1px solid {t.muted};
  border-radius: 3px; background: {t.background}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url("{tick}"); }}
QCheckBox::indicator:disabled {{ border-color: {t.disabled}; }}
QComboBox QAbstractItemView {{ border: 1px solid {t.border}; }}
QHeaderView::section {{ background: {t.panel}; color: {t.muted}; border: none;
  border-bottom: 1px solid {t.border}; padding: {half}px {GRID}px; }}
QDockWidget {{ color: {t.muted}; titlebar-close-icon: url("{dock_close}"); titlebar-normal-icon: url("{dock_float}"); }}
QDockWidget::close-button, QDockWidget::float-button {{ background: transparent; border: none; padding: 0; }}
QDockWidget::close-button:hover, QDockWidget::float-button:hover {{ background: {t.raised}; border-radius: 3px; }}
QDockWidget::title {{ background: {t.panel}; padding: {half}px {GRID}px; border-bottom: 1px solid {t.border}; }}
QTabBar::tab {{ background: {t.panel}; color: {t.muted}; padding: {half}px {2 * GRID}px;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QProgressBar {{ background: {t.raised}; color: {t.text}; border: none; border-radius: {half}px; text-align: center;
  max-height: {2 * GRID}px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {half}px; }}
QScrollBar:vertical {{ background: transparent; width: {GRID + 2}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {GRID + 2}px; margin: 0; }}
QScrollBar::handle {{ background: {t.border}; border-radius: {half}px; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: {3 * GRID}px; }}
QScrollBar::handle:horizontal {{ min-width: {3 * GRID}px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole program the theme."""
    # Qt walks a list of all widgets here and calls into Python on the way. Were the garbage collector to delete one of
    # them meanwhile, Qt would go on with a dangling pointer.
    collecting = gc.isenabled()
    gc.disable()
    try:
        app.setStyle("Fusion")
        app.setPalette(make_palette(theme))
        app.setStyleSheet(style_sheet(theme))
    finally:
        if collecting:
            gc.enable()
