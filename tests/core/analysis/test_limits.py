"""Price limits of A-shares: the rules by board and date, and the locked bars of January 2025."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.limits import Board, PriceLimits, board_of, limit_percent, limits_at, session_limits
from core.clock import load_calendar, parse_when
from core.clock import slots as cut
from core.ingest import import_prices
from core.model import Action, ActionKind, Basis, Instrument, Interval
from core.rollup import Rollup
from core.series import Candles, FloatArray
from core.store import Store
from core.timeline import Provenance, Tape, load_tape
from core.timeline.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Sequence

ASHARE = Path(__file__).resolve().parents[4] / "shared" / "data" / "prices" / "ashare"


def price_limits(tape: Tape) -> PriceLimits | None:
    """Return the limits of all slots of a tape."""
    found = session_limits(tape)
    return found.of(tape.candles, np.arange(len(tape.slots), dtype=np.int64)) if found is not None else None


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("symbol", "board"),
    [
        ("600519.SS", Board.MAIN), ("603598.SS", Board.MAIN), ("002291.SZ", Board.MAIN), ("000001.SZ", Board.MAIN),
        ("300792.SZ", Board.CHINEXT), ("301110.SZ", Board.CHINEXT), ("688981.SS", Board.STAR),
        ("689009.SS", Board.STAR), ("430047.BJ", Board.BEIJING), ("920799.BJ", Board.BEIJING),
        # Indices, funds, B shares, and what only looks like an A-share.
        ("000001.SS", None), ("399001.SZ", None), ("510300.SS", None), ("159915.SZ", None), ("900901.SS", None),
        ("200002.SZ", None), ("600519.HK", None), ("AAPL", None), ("^SSEC", None), ("xx600519.SS", None),
    ],
)  # fmt: skip
def test_that_only_a_shares_have_a_board(symbol: str, board: Board | None) -> None:
    assert board_of(symbol) is board


@pytest.mark.parametrize(
    ("symbol", "name", "date", "percent"),
    [
        ("603598.SS", "Inly Media", "2025-01-14", 10),
        ("300792.SZ", "Onechance", "2020-08-21", 10),
        ("300792.SZ", "Onechance", "2020-08-24", 20),
        ("688981.SS", "SMIC", "2025-01-14", 20),
        ("430047.BJ", "", "2025-01-14", 30),
        ("600556.SS", "ST Tianxia", "2025-01-14", 5),
        ("600556.SS", "*ST天下", "2025-01-14", 5),
        ("600556.SS", "Stone Group", "2025-01-14", 10),
        ("300792.SZ", "*ST Onechance", "2020-08-21", 5),
        ("300792.SZ", "*ST Onechance", "2025-01-14", 20),
    ],
)
def test_that_the_limit_goes_by_board_date_and_treatment(symbol: str, name: str, date: str, percent: int) -> None:
    found = limit_percent(symbol, name, np.array([day(date)], np.int64))
    assert found is not None
    assert found.tolist() == [percent]


@given(st.integers(1, 500_000), st.sampled_from([5, 10, 20, 30]))
def test_that_a_limit_is_rounded_half_up_to_a_cent(cents: int, percent: int) -> None:
    before = Decimal(cents) / 100
    up, down = limits_at(np.array([cents / 100]), np.array([float(percent)]), exact=True)
    for found, share, away in ((up, 100 + percent, 1), (down, 100 - percent, -1)):
        exact = (before * share / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        wanted = max(exact, before + Decimal("0.01")) if away > 0 else min(exact, before - Decimal("0.01"))
        assert round(float(found[0]), 2) == float(wanted)


def tape_of(
    rows: Sequence[tuple[float, float, float, float]],
    *,
    symbol: str = "603598.SS",
    interval: Interval = Interval.D1,
    basis: Basis = Basis.RAW,
    actions: tuple[Action, ...] = (),
) -> Tape:
    calendar = load_calendar("XSHG")
    slots = Slots(
        *cut(calendar, interval, parse_when("2025-01-13", calendar.zone)[0], parse_when("2025-02-20", "UTC")[0])
    )
    columns: list[FloatArray] = [np.full(len(slots), np.nan) for _ in range(5)]
    for k in range(4):
        columns[k][: len(rows)] = [row[k] for row in rows]
    return Tape(
        Instrument(symbol), interval, calendar, slots, Candles(*columns), Rollup.empty(),
        provenance=Provenance(basis=basis), actions=actions,
    )  # fmt: skip


def test_that_a_bar_of_one_price_at_its_limit_is_locked() -> None:
    rows = [(15, 15, 15, 15.06), (16.57,) * 4, (18.0, 18.23, 17.9, 18.23), (16.41,) * 4, (16.5,) * 4]
    limits = price_limits(tape_of(rows))
    assert limits is not None
    assert np.isnan(limits.up[0])
    assert limits.up[1:5].tolist() == pytest.approx([16.57, 18.23, 20.05, 18.05])
    assert limits.down[1:5].tolist() == pytest.approx([13.55, 14.91, 16.41, 14.77])
    assert limits.locked[:5].tolist() == [0, 1, 0, -1, 0]
    assert limits.closed[:5].tolist() == [0, 1, 1, -1, 0]


def test_that_a_bar_beyond_its_limits_has_none() -> None:
    limits = price_limits(tape_of([(10, 10, 10, 10), (14.4, 14.4, 14.4, 14.4), (15, 15, 15, 15)]))
    assert limits is not None
    assert np.isnan(limits.up[1])
    assert limits.locked[:3].tolist() == [0, 0, 0]
    assert limits.up[2] == pytest.approx(15.84)


def test_that_a_dividend_lowers_the_limits_of_its_ex_date() -> None:
    calendar = load_calendar("XSHG")
    ex = int(calendar.open[np.searchsorted(calendar.label, day("2025-01-14"))])
    rows = [(10, 10, 10, 10), (9.9,) * 4]
    limits = price_limits(tape_of(rows, actions=(Action(ex, ActionKind.DIVIDEND, 1.0),)))
    assert limits is not None
    assert (limits.up[1], limits.locked[1]) == (pytest.approx(9.9), 1)


def test_that_minutes_of_a_session_share_the_limits_of_the_close_before() -> None:
    rows = [(10.0, 10.0, 10.0, 10.0)] * 48 + [(11.0, 11.0, 11.0, 11.0)] * 10
    limits = price_limits(tape_of(rows, interval=Interval.M5))
    assert limits is not None
    assert np.isnan(limits.up[:48]).all()
    assert limits.up[48:96].tolist() == pytest.approx([11.0] * 48)
    assert limits.locked[47:58].tolist() == [0] + [1] * 10


def test_that_what_has_no_limit_gets_none() -> None:
    assert price_limits(tape_of([(10, 10, 10, 10)], symbol="000001.SS")) is None


@pytest.mark.parametrize(
    ("symbol", "locked"),
    [
        ("300792.SZ", ["2025-01-14", "2025-01-15"]),
        ("603598.SS", ["2025-01-14", "2025-01-15"]),
        ("002291.SZ", ["2025-01-14", "2025-01-15", "2025-01-16"]),
    ],
)
def test_that_the_real_bars_of_the_story_are_locked(tmp_path: Path, symbol: str, locked: list[str]) -> None:
    file = ASHARE / f"{symbol[:6]}.csv"
    if not file.exists():
        pytest.skip("the real data is not beside this checkout")
    with Store.open(tmp_path / "store.db") as store:
        import_prices(store, [file], symbol=symbol)
        tape = load_tape(store, Instrument(symbol), Interval.D1)
    limits = price_limits(tape)
    assert limits is not None
    start, end = (parse_when(t, tape.calendar.zone)[0] for t in ("2025-01-06", "2025-01-25"))
    seen = np.flatnonzero((limits.locked > 0) & (tape.slots.start[:] >= start) & (tape.slots.end[:] < end))
    days = (tape.slots.start[seen] + 8 * 3_600_000).astype("datetime64[ms]").astype("datetime64[D]")
    assert days.astype(str).tolist() == locked
