"""From chart position and value to pixel and back, round ticks, and figures as traders read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.series import FloatArray

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
# A logarithmic scale takes anything smaller, zero and below included, for this.
LEAST_LOG = 1e-12


@dataclass(frozen=True, slots=True)
class XScale:
    """Chart positions x0 … x1 on `width` device-independent pixels from 0; `ratio` device pixels make one of them."""

    x0: float
    x1: float
    width: float
    ratio: float = 1.0

    @property
    def factor(self) -> float:
        """Pixels per unit of chart position."""
        return self.width / (self.x1 - self.x0)

    def px(self, x: FloatArray) -> FloatArray:
        """Return the pixel of each chart position."""
        return (x - self.x0) * self.factor

    def at(self, x: float) -> float:
        """Return the pixel of one chart position."""
        return (x - self.x0) * self.factor

    def position(self, px: float) -> float:
        """Return the chart position of a pixel."""
        return self.x0 + px / self.factor

    def snap(self, px: FloatArray) -> FloatArray:
        """Return pixels moved to the nearest edge between device pixels, so that edges are sharp."""
        return np.rint(px * self.ratio) / self.ratio


@dataclass(frozen=True, slots=True)
class YScale:
    """Values low … high on the pixels bottom … top; inverted for ranks, logarithmic where asked."""

    low: float
    high: float
    top: float
    bottom: float
    log: bool = False
    inverted: bool = False

    def _place(self, low: float, high: float) -> tuple[float, float]:
        return (math.log(low), math.log(high)) if self.log else (low, high)

    def px(self, value: FloatArray) -> FloatArray:
        """Return the pixel of each value; NaN stays NaN."""
        low, high = self._place(self.low, self.high)
        v = np.log(np.maximum(value, LEAST_LOG)) if self.log else value
        share = (v - low) / (high - low)
        if self.inverted:
            share = 1.0 - share
        return self.bottom - share * (self.bottom - self.top)

    def at(self, value: float) -> float:
        """Return the pixel of one value; NaN stays NaN."""
        low, high = self._place(self.low, self.high)
        share = ((math.log(max(value, LEAST_LOG)) if self.log else value) - low) / (high - low)
        if self.inverted:
            share = 1.0 - share
        return self.bottom - share * (self.bottom - self.top)

    def value(self, px: float) -> float:
        """Return the value at a pixel."""
        share = (self.bottom - px) / (self.bottom - self.top)
        if self.inverted:
            share = 1.0 - share
        low, high = self._place(self.low, self.high)
        found = low + share * (high - low)
        return math.exp(found) if self.log else found

    def ticks(self, gap: float) -> list[float]:
        """Return round values at least about `gap` pixels apart."""
        count = max(int((self.bottom - self.top) / gap), 2)
        if self.log and self.high / self.low > 4:
            return log_ticks(self.low, self.high, count)
        return round_ticks(self.low, self.high, count)


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """Return at most about `count` multiples of 1, 2 or 5 times a power of ten within [low, high]."""
    if not (high > low and math.isfinite(low) and math.isfinite(high)):
        return [low] if math.isfinite(low) else []
    step = round_step((high - low) / count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5 or 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1.0, 2.0, 2.5, 5.0):
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """Return 1, 2, 5 times powers of ten within [low, high], or powers alone, no more than `count`."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [f * 10.0**p for p in powers for f in factors if low * (1 - 1e-9) <= f * 10.0**p <= high * (1 + 1e-9)]
        if len(found) <= count:
            return found
    every = -(-len(found) // count)
    return found[::every]


def decimals_of(step: float) -> int:
    """Return how many decimals tell multiples of `step` apart."""
    if step <= 0 or not math.isfinite(step):
        return 2
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return places if abs(round(step, places) - step) < step * 1e-6 else places + 1


def fixed(value: float, decimals: int, *, sign: bool = False) -> str:
    """Return a figure with a true minus sign and thousands apart; a dash where there is none."""
    if not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):,.{decimals}f}"
    if not any(c in "123456789" for c in text):
        return text
    return MINUS + text if value < 0 else "+" + text if sign else text


def short(value: float, language: str = "en") -> str:
    """Return a large figure in at most four digits: 1.25 M, or 125万 in Chinese."""
    if not math.isfinite(value):
        return NOTHING
    size = abs(value)
    steps = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")) if language == "zh" else _ENGLISH
    for unit, name in steps:
        if size >= unit * 0.9995:
            return (MINUS if value < 0 else "") + _digits(size / unit) + name
    return (MINUS if value < 0 else "") + (_digits(size) if size != round(size) else f"{size:,.0f}")


_ENGLISH = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " K"))


def _digits(size: float) -> str:
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    text = f"{size:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_decimals(typical: float) -> int:
    """Return the decimals in which a price of this size is quoted: cents, and finer below one."""
    if not math.isfinite(typical) or typical >= 1:
        return 2
    return 4 if typical >= 0.01 else 6
