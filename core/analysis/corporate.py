"""Splits and dividends in words and dates."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.clock import local_time
from core.model import ActionKind

if TYPE_CHECKING:
    import datetime as dt

    from core.clock import Calendar
    from core.model import Action


def action_day(action: Action, calendar: Calendar) -> dt.date:
    """Return the ex-date in the exchange's zone."""
    return local_time(action.time, calendar.zone).date()


def action_figure(action: Action) -> str:
    """Return a split as the ratio it was told in (`7:1`, `3:2`, `1:10`), a dividend as its amount a share."""
    if action.kind is ActionKind.DIVIDEND:
        return f"{action.value:.4f}".rstrip("0").rstrip(".")
    ratio = Fraction(action.value).limit_denominator(1000)
    return f"{ratio.numerator}:{ratio.denominator}"
