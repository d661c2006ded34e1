"""The basket: one line of price for a concept, made of its members."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from core.analysis.filling import last_before
from core.series import Candles, FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.model import Member
    from core.series import IntArray

BASE = 100.0


def basket(members: Sequence[Member], candles: Sequence[Candles], days: IntArray) -> Candles:
    """Chain the members' weighted mean returns into an index that starts at 100.

    `candles` holds one entry a member on common slots of shape (n,), `days` each slot's date (days since 1970-01-01).
    A slot's return is the weighted mean over the members that trade in it and belong to the concept on its date, each
    against its own last close; so weights are restored at every slot, and a suspended member neither moves nor holds
    the basket. High and low are the weighted means of the members' extremes, hence bounds: the members need not have
    reached them at the same moment. Volume is the sum of shares. NaN where no member trades.
    """
    n = len(days)
    close = _stack([c.close for c in candles], n)
    weight = np.array([m.weight for m in members], np.float64)[:, None] * _active(members, days)
    previous = last_before(close)
    opened = _stack([c.open for c in candles], n)
    previous = np.where(np.isnan(previous), opened, previous)

    def mean_ratio(column: FloatArray) -> FloatArray:
        ratio = column / previous
        share = np.where(np.isnan(ratio), 0.0, weight)
        whole = share.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole > 0, (share * np.nan_to_num(ratio)).sum(axis=0) / whole, np.nan)

    step = mean_ratio(close)
    level = BASE * np.cumprod(np.nan_to_num(step, nan=1.0))
    before = np.concatenate(([BASE], level[:-1])) if n else level
    traded = weight * ~np.isnan(close) > 0
    volume = np.where(traded.any(axis=0), np.nansum(_stack([c.volume for c in candles], n) * traded, axis=0), np.nan)
    return Candles(
        open=before * mean_ratio(opened),
        high=before * mean_ratio(_stack([c.high for c in candles], n)),
        low=before * mean_ratio(_stack([c.low for c in candles], n)),
        # By the same product as the open, so that a one-price bar has one price to the last bit.
        close=before * step,
        volume=volume,
    )


def _stack(columns: Sequence[FloatArray], n: int) -> FloatArray:
    return np.stack(columns) if columns else np.empty((0, n))


_EPOCH = dt.date(1970, 1, 1)


def _active(members: Sequence[Member], days: IntArray) -> FloatArray:
    rows = np.ones((len(members), len(days)))
    for row, member in zip(rows, members, strict=True):
        if member.since is not None:
            row[days < (member.since - _EPOCH).days] = 0
        if member.until is not None:
            row[days > (member.until - _EPOCH).days] = 0
    return rows
