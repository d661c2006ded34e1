"""Themes: complete, legible, and never ambiguous."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPalette

from core.errors import CrowdtapeError
from core.resources import resource_path
from ui.theme import Theme, apply, colour, load_theme, make_palette, number_font, pick, style_sheet, system_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts and palettes need one."""


BOTH = pytest.mark.parametrize("name", ["dark", "light"])


def channels(text: str) -> tuple[float, float, float]:
    found = QColor(text[:7])
    return found.redF(), found.greenF(), found.blueF()


def luminance(text: str) -> float:
    """WCAG 2 relative luminance."""
    parts = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(text))
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def deuteranope(text: str) -> tuple[float, float, float]:
    """What a deuteranope sees, by Viénot, Brettel and Mollon (1999) in linear RGB."""
    r, g, b = (c**2.2 for c in channels(text))
    mixed = 0.29275 * r + 0.70725 * g
    return mixed, mixed, -0.02234 * r + 0.02234 * g + b


@BOTH
def test_that_text_stands_out_from_every_ground(name: str) -> None:
    theme = load_theme(name)
    for ground in (theme.background, theme.panel, theme.raised):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_tag, theme.tag) >= 4.5


@BOTH
def test_that_sentiment_and_price_never_share_a_colour(name: str) -> None:
    theme = load_theme(name)
    for a, b in itertools.product((theme.positive, theme.negative), (theme.up, theme.down)):
        hues = abs(QColor(a).hue() - QColor(b).hue())
        assert min(hues, 360 - hues) >= 20


@BOTH
def test_that_colour_blind_eyes_tell_sentiment_apart(name: str) -> None:
    theme = load_theme(name)
    one, other = deuteranope(theme.positive), deuteranope(theme.negative)
    assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.3


@BOTH
def test_that_every_colour_of_a_theme_is_one(name: str) -> None:
    theme = load_theme(name)
    for field in Theme.__dataclass_fields__.values():
        if field.type == "str" and field.name != "name":
            assert colour(getattr(theme, field.name)).isValid(), field.name


def test_that_red_rises_in_china_and_green_in_the_west() -> None:
    theme = load_theme("dark")
    assert theme.price_colours("west") == (theme.up, theme.down)
    assert theme.price_colours("cn") == (theme.down, theme.up)


def test_that_a_colour_keeps_its_own_opacity_unless_told() -> None:
    assert colour("#10203040").alpha() == 0x40
    assert colour("#10203040").red() == 0x10
    assert colour("#102030", 0.5).alpha() == 128


def test_that_a_missing_theme_is_one_sentence() -> None:
    with pytest.raises(CrowdtapeError, match=r"themes/sepia\.json is missing"):
        load_theme("sepia")
    assert resource_path("themes/dark.json").is_file()


def test_that_a_setting_picks_the_theme(qapp: QApplication) -> None:
    assert pick("light", qapp).name == "light"
    assert pick("system", qapp) == system_theme(qapp)


def test_that_the_palette_follows_the_theme() -> None:
    theme = load_theme("light")
    palette = make_palette(theme)
    assert palette.color(QPalette.ColorRole.Base).name() == theme.background
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == theme.disabled


def test_that_applying_a_theme_says_nothing_on_the_log(qapp: QApplication) -> None:
    before = qapp.palette(), qapp.styleSheet(), qapp.style().name()
    try:
        apply(qapp, load_theme("dark"))
        assert qapp.styleSheet() == style_sheet(load_theme("dark"))
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == load_theme("dark").panel
    finally:
        qapp.setStyleSheet(before[1])
        qapp.setStyle(before[2])
        qapp.setPalette(before[0])


def test_that_figures_are_tabular() -> None:
    font = number_font(12, bold=True)
    assert font.pixelSize() == 12
    assert font.featureTags()
