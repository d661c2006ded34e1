"""The basket: one line of price for a concept, made of its members."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from core.analysis.filling import last_before, last_index
from core.series import Candles, FloatArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.model import Member
    from core.series import IntArray

BASE = 100.0


@dataclass(frozen=True, slots=True)
class Share:
    """What a member added to the basket's return over some slots; those of all members add up to that return."""

    symbol: str
    move: float  # 0.01 is one percent of the basket's level before


class Basket:
    """The members' weighted mean returns, chained into an index that starts at 100.

    A slot's return is the weighted mean over the members that trade in it and belong to the concept on its date, each
    against its own last close; so weights are restored at every slot, and a suspended member neither moves nor holds
    the basket.
    """

    __slots__ = ("_candles", "_days", "_members")

    def __init__(self, members: Sequence[Member], candles: Sequence[Candles], days: IntArray) -> None:
        """Take one entry of `candles` a member, on common slots of shape (n,), and each slot's date.

        Dates are days since 1970-01-01.
        """
        self._members, self._candles, self._days = members, candles, days

    @property
    def members(self) -> Mapping[str, Candles]:
        """The members' candles by their symbols."""
        return {m.symbol: c for m, c in zip(self._members, self._candles, strict=True)}

    def with_own_candles(self) -> Basket:
        """Return the same basket on candles of its own, which `core.timeline.live` may then move by ticks."""
        return Basket(self._members, [c.copy() for c in self._candles], self._days)

    def candles(self, first: int = 0, last: int | None = None, level: float = BASE) -> Candles:
        """Return the index in slots first … last - 1, NaN where no member trades; `level` is its last close before.

        High and low are the weighted means of the members' extremes, hence bounds: the members need not have reached
        them at the same moment. Volume is the sum of shares.
        """
        last = len(self._days) if last is None else last
        close, opened = self._columns("close", first, last), self._columns("open", first, last)
        weight = self._weights(first, last)
        previous = self._previous(first, close, opened)

        def mean_ratio(column: FloatArray) -> FloatArray:
            share, whole = _shares(weight, column)
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.where(whole > 0, (share * np.nan_to_num(column / previous)).sum(axis=0) / whole, np.nan)

        step = mean_ratio(close)
        levels = level * np.cumprod(np.nan_to_num(step, nan=1.0))
        before = np.concatenate(([level], levels[:-1])) if len(levels) else levels
        traded = weight * ~np.isnan(close) > 0
        volume = np.nansum(self._columns("volume", first, last) * traded, axis=0)
        return Candles(
            open=before * mean_ratio(opened),
            high=before * mean_ratio(self._columns("high", first, last)),
            low=before * mean_ratio(self._columns("low", first, last)),
            # By the same product as the open, so that a one-price bar has one price to the last bit.
            close=before * step,
            volume=np.where(traded.any(axis=0), volume, np.nan),
        )

    def shares(self, first: int, last: int) -> list[Share]:
        """Return what each member that traded in slots first … last - 1 added to the basket's return over them.

        The largest come first. A return made while the basket stood higher counts for more, so that the shares add up
        to the whole return: the last close over the close before the first slot, less 1.
        """
        last = min(last, len(self._days))
        close = self._columns("close", first, last)
        previous = self._previous(first, close, self._columns("open", first, last))
        share, whole = _shares(self._weights(first, last), close)
        with np.errstate(invalid="ignore", divide="ignore"):
            moves: FloatArray = np.where(whole > 0, share * np.nan_to_num(close / previous - 1) / whole, 0.0)
        gain = cast("FloatArray", np.sum(moves, axis=0))
        scale = np.cumprod(np.concatenate(([1.0], 1 + gain[:-1])))
        total = cast("list[float]", np.sum(moves * scale, axis=1).tolist())
        found = [Share(m.symbol, t) for m, t, s in zip(self._members, total, share, strict=True) if s.any()]
        return sorted(found, key=lambda s: -abs(s.move))

    def _previous(self, first: int, close: FloatArray, opened: FloatArray) -> FloatArray:
        """Return each member's last close before each of the slots from `first` on."""
        before = np.array([[_last_close(c.close, first)] for c in self._candles]).reshape(len(self._members), 1)
        return _with_first(last_before(np.concatenate((before, close), axis=1))[:, 1:], opened)

    def _columns(self, name: str, first: int, last: int) -> FloatArray:
        columns = [getattr(c, name)[first:last] for c in self._candles]
        return np.stack(columns) if columns else np.empty((0, last - first))

    def _weights(self, first: int, last: int) -> FloatArray:
        weight = np.array([m.weight for m in self._members], np.float64)[:, None]
        return weight * _active(self._members, self._days[first:last])


def _with_first(previous: FloatArray, opened: FloatArray) -> FloatArray:
    """Measure a member's very first bar against its own open."""
    return np.where(np.isnan(previous), opened, previous)


def _shares(weight: FloatArray, column: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the weights of those that trade, and their sum a slot."""
    share = np.where(np.isnan(column), 0.0, weight)
    return share, share.sum(axis=0)


def _last_close(close: FloatArray, index: int) -> float:
    """Return the last close before a slot, or NaN."""
    found = last_index(close, index)
    return float("nan") if found is None else float(close[found])


_EPOCH = dt.date(1970, 1, 1)


def _active(members: Sequence[Member], days: IntArray) -> FloatArray:
    rows = np.ones((len(members), len(days)))
    for row, member in zip(rows, members, strict=True):
        if member.since is not None:
            row[days < (member.since - _EPOCH).days] = 0
        if member.until is not None:
            row[days > (member.until - _EPOCH).days] = 0
    return rows
