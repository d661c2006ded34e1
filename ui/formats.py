"""How figures are written on screen: prices, shares, counts, ages."""

from __future__ import annotations

import math

from core.model import DAY_MS, HOUR_MS, MINUTE_MS
from ui.chart.scale import fixed, short
from ui.i18n import shown_language, tr

MINUS = "−"
MISSING = "–"


def price(value: float | None) -> str:
    """Return a price with as many digits as its size deserves."""
    if value is None or math.isnan(value):
        return MISSING
    digits = 0 if abs(value) >= 100_000 else 2 if abs(value) >= 1 else 4
    return _signed(f"{value:,.{digits}f}")


def change(share: float | None) -> str:
    """Return a change given as a share: 0.2 is `+20.0%`."""
    if share is None or math.isnan(share):
        return MISSING
    return fixed(share * 100, 1 if abs(share) < 10 else 0, sign=True) + "%"


def score(value: float | None) -> str:
    """Return a score in [-1, 1] with its sign."""
    if value is None or math.isnan(value):
        return MISSING
    return fixed(value, 2, sign=True)


def count(value: int | None, *, at_least: bool = False) -> str:
    """Return a count in few characters, as the chart writes it: 9,999, 76 K, 110 M; 7.6万 in Chinese; 10+ at least."""
    if value is None:
        return MISSING
    return (f"{value:,}" if value < 10_000 else short(value, shown_language())) + "+" * at_least


def posts(number: int) -> str:
    """Return a number of posts in words."""
    return tr("1 post") if number == 1 else tr("{n} posts").format(n=f"{number:,}")


def share(part: int, whole: int) -> str:
    """Return a part of a whole in percent."""
    return MISSING if not whole else f"{100 * part / whole:.0f}%"


def age(ms: int) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    if ms < 2 * MINUTE_MS:
        return tr("now")
    if ms < 2 * HOUR_MS:
        return tr("{n} min old").format(n=ms // MINUTE_MS)
    if ms < 2 * DAY_MS:
        return tr("{n} h old").format(n=ms // HOUR_MS)
    return tr("{n} days old").format(n=f"{ms // DAY_MS:,}")


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
