"""The theme as ready-made Qt colours, pens and fonts, so that painting makes no objects of its own."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from ui.theme import Market, Theme, colour, number_font

if TYPE_CHECKING:
    from core.timeline import View

Face: TypeAlias = Literal["plain", "bold", "axis"]

_MOST_WIDTHS = 4096
_CHINESE = frozenset({"XSHG", "XSHE", "XTAI"})


def market_of(view: View) -> Market:
    """Return the custom of a view's (leading) exchange: whether red or green means a rise there."""
    return "cn" if view.tape.calendar.code.partition("+")[0] in _CHINESE else "west"


class Ink:
    """Colours by their name in the theme, with `rise` and `fall` by the market's custom."""

    def __init__(self, theme: Theme, market: Market = "west") -> None:
        """Make everything once for a theme and a market's custom."""
        self.theme = theme
        self.market: Market = market
        names = [f.name for f in fields(theme) if isinstance(getattr(theme, f.name), str) and f.name != "name"]
        self._colours = {n: colour(getattr(theme, n)) for n in names}
        rise, fall = theme.price_colours(market)
        self._colours["rise"], self._colours["fall"] = colour(rise), colour(fall)
        for k, text in enumerate(theme.metrics):
            self._colours[f"metric{k}"] = colour(text)
        self.font = number_font(theme.small_px + 1)
        self.bold = number_font(theme.small_px + 1, bold=True)
        self.axis_font = number_font(theme.small_px)
        self.title_font = number_font(theme.title_px, bold=True)
        self.metrics = QFontMetricsF(self.font)
        self.bold_metrics = QFontMetricsF(self.bold)
        self.axis_metrics = QFontMetricsF(self.axis_font)
        self._faces = {"plain": self.metrics, "bold": self.bold_metrics, "axis": self.axis_metrics}
        self._mixed: dict[tuple[str, float | None, bool], QColor] = {}
        self._widths: dict[tuple[str, str], float] = {}

    def __getitem__(self, name: str) -> QColor:
        """Return a colour by name: a field of the theme, `rise`, `fall`, or `metric0` and so on."""
        return self._colours[name]

    def faint(self, name: str, alpha: float) -> QColor:
        """Return a colour with another opacity in [0, 1]."""
        key = (name, alpha, False)
        made = self._mixed.get(key)
        if made is None:
            made = self._mixed[key] = QColor(self._colours[name])
            made.setAlphaF(alpha)
        return made

    def solid(self, name: str, alpha: float | None = None) -> QColor:
        """Return a colour as it looks over the background: many times cheaper to fill with than a transparent one."""
        key = (name, alpha, True)
        made = self._mixed.get(key)
        if made is None:
            over, under = self._colours[name], self._colours["background"]
            share = over.alphaF() if alpha is None else alpha
            pairs = ((over.red(), under.red()), (over.green(), under.green()), (over.blue(), under.blue()))
            made = self._mixed[key] = QColor(*(round(share * a + (1 - share) * b) for a, b in pairs))
        return made

    def pen(self, name: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen; not a cosmetic one, for that would be half as wide on a screen of twice the pixels."""
        pen = QPen(self._colours[name], width, style)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def text_width(self, text: str, font: Face = "plain") -> float:
        """Return the width in pixels of a text of the legend (plain or bold) or of an axis.

        A frame asks for the widths of the same fifty texts as the one before it, and Qt lays out a text to answer.
        """
        key = (text, font)
        width = self._widths.get(key)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[key] = self._faces[font].horizontalAdvance(text)
        return width

    def metric(self, index: int) -> str:
        """Return the name of the colour of the metric at `index`."""
        return f"metric{index % len(self.theme.metrics)}"
