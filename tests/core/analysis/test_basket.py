"""The basket line of a concept against hand-computed returns."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.basket import BASE, Basket
from core.model import Member
from core.series import Candles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.series import IntArray

NAN = math.nan


def basket(members: Sequence[Member], columns: Sequence[Candles], days: IntArray) -> Candles:
    return Basket(members, columns, days).candles()


def candles(close: list[float], *, opened: list[float] | None = None) -> Candles:
    c = np.array(close)
    o = c if opened is None else np.array(opened)
    return Candles(o, np.fmax(o, c), np.fmin(o, c), c, np.where(np.isnan(c), NAN, 10.0))


DAYS = np.array([20_000, 20_001, 20_002], np.int64)


def test_that_equal_weights_average_the_returns() -> None:
    line = basket([Member("A"), Member("B")], [candles([10, 11, 11]), candles([20, 20, 30])], DAYS)
    assert line.close.tolist() == pytest.approx([BASE, BASE * 1.05, BASE * 1.05 * 1.25])
    assert line.volume.tolist() == [20, 20, 20]


def test_that_weights_shift_the_return_towards_the_heavier_member() -> None:
    line = basket([Member("A", 3), Member("B", 1)], [candles([10, 12, 12]), candles([10, 10, 10])], DAYS)
    assert line.close[1] == pytest.approx(BASE * (1 + 0.75 * 0.2))


def test_that_a_suspended_member_neither_moves_nor_holds_the_basket() -> None:
    line = basket([Member("A"), Member("B")], [candles([10, 11, 11]), candles([20, NAN, 22])], DAYS)
    # On the second day only A trades: + 10 %. On the third B's return spans its suspension: + 10 %, A 0.
    assert line.close.tolist() == pytest.approx([BASE, BASE * 1.1, BASE * 1.1 * 1.05])


def test_that_a_day_without_any_trade_is_a_gap() -> None:
    line = basket([Member("A")], [candles([10, NAN, 12])], DAYS)
    assert math.isnan(line.close[1])
    assert math.isnan(line.volume[1])
    assert line.close[2] == pytest.approx(BASE * 1.2)


def test_that_a_member_counts_only_between_its_dates() -> None:
    since = dt.date(1970, 1, 1) + dt.timedelta(days=20_002)
    line = basket([Member("A"), Member("B", since=since)], [candles([10, 10, 10]), candles([10, 20, 40])], DAYS)
    assert line.close.tolist() == pytest.approx([BASE, BASE, BASE * 1.5])
    ended = basket(
        [Member("A"), Member("B", until=since - dt.timedelta(days=1))], [candles([10] * 3), candles([10, 20, 40])], DAYS
    )
    assert ended.close.tolist() == pytest.approx([BASE, BASE * 1.5, BASE * 1.5])


def test_that_the_first_bar_moves_from_its_own_open() -> None:
    line = basket([Member("A")], [candles([11, 11, 11], opened=[10, 11, 11])], DAYS)
    assert (line.open[0], line.close[0]) == pytest.approx((BASE, BASE * 1.1))


def test_that_a_concept_without_members_has_no_line() -> None:
    line = basket([], [], DAYS)
    assert np.isnan(line.close).all()


def test_that_a_one_price_bar_of_all_members_is_a_one_price_bar_of_the_basket() -> None:
    members = [Member("A", 0.3), Member("B", 0.7), Member("C", 0.1)]
    closes = [[5.73, 6.3, 6.93], [15.06, 16.57, 18.23], [21.67, 26.0, 31.2]]
    line = basket(members, [candles(c) for c in closes], DAYS)
    assert line.open.tolist() == line.close.tolist() == line.high.tolist() == line.low.tolist()


price = st.floats(1, 1000) | st.just(NAN)
rows = st.integers(1, 12).flatmap(
    lambda n: st.lists(st.lists(st.tuples(price, price), min_size=n, max_size=n), min_size=1, max_size=4)
)


@given(rows, st.data())
def test_that_the_members_shares_add_up_to_the_baskets_return(
    found: list[list[tuple[float, float]]], data: st.DataObject
) -> None:
    n = len(found[0])
    columns = [
        candles([c for _, c in row], opened=[NAN if math.isnan(c) else c if math.isnan(o) else o for o, c in row])
        for row in found
    ]
    since = dt.date(1970, 1, 1) + dt.timedelta(days=20_000 + n // 2)
    members = [
        Member(f"M{k}", data.draw(st.floats(0.1, 5)), since if data.draw(st.booleans()) else None)
        for k in range(len(found))
    ]
    whole = Basket(members, columns, 20_000 + np.arange(n, dtype=np.int64))
    close = whole.candles().close
    first = data.draw(st.integers(0, n - 1))
    last = data.draw(st.integers(first + 1, n + 3))
    before = [c for c in close[:first].tolist() if not math.isnan(c)] or [BASE]
    after = [c for c in close[:last].tolist() if not math.isnan(c)] or [BASE]
    shares = whole.shares(first, last)
    assert sum(s.move for s in shares) == pytest.approx(after[-1] / before[-1] - 1, rel=1e-9, abs=1e-9)
    assert [abs(s.move) for s in shares] == sorted((abs(s.move) for s in shares), reverse=True)


def test_that_a_share_is_a_members_part_of_the_move() -> None:
    members = [Member("A", 3), Member("B", 1), Member("C", 1)]
    columns = [candles([10, 12, 12]), candles([10, 9, 9]), candles([5, NAN, 6])]
    shares = Basket(members, columns, DAYS).shares(1, 2)
    assert [(s.symbol, s.move) for s in shares] == [("A", pytest.approx(0.15)), ("B", pytest.approx(-0.025))]
