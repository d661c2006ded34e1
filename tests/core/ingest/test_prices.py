from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.errors import UsageError
from core.ingest import import_prices
from core.model import Basis, Interval
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def ms(text: str, zone: str) -> int:
    return round(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def test_that_chinas_columns_are_read_by_name_and_lots_become_shares(shared: Path, store: Store) -> None:
    for code in ("300792.SZ", "603598.SS", "002291.SZ"):
        report = import_prices(store, [shared / "prices" / "ashare" / f"{code[:6]}.csv"], symbol=code)
        assert report.rejected == 0
        assert report.read == report.added == len(store.bars(code, Interval.D1, Basis.ADJUSTED))
        assert any("lots" in note for note in report.notes)
    bars = store.bars("300792.SZ", Interval.D1, Basis.ADJUSTED)
    assert (bars.open[0], bars.close[0], bars.high[0], bars.low[0]) == (23.71, 23.38, 23.88, 23.34)
    assert bars.volume[0] == 3_380_257
    assert (bars.volume == bars.volume.round()).all()
    assert bars.time[0] == ms("2024-01-02 09:30", "Asia/Shanghai")
    assert bars.end[0] == ms("2024-01-02 15:00", "Asia/Shanghai")
    assert not store.bar_series("300792.SZ")[0].simulated


def test_that_offsets_that_flip_with_daylight_saving_mean_the_exchange_day(shared: Path, store: Store) -> None:
    report = import_prices(store, [shared / "prices" / "us" / "AAPL.csv"], symbol="aapl")
    assert (report.read, report.added, report.rejected, report.notes) == (501, 501, 0, [])
    bars = store.bars("AAPL", Interval.D1, Basis.ADJUSTED)
    local = [dt.datetime.fromtimestamp(t / 1000, ZoneInfo("America/New_York")) for t in bars.time.tolist()]
    assert {(t.hour, t.minute) for t in local} == {(9, 30)}
    assert local[0].date() == dt.date(2023, 7, 10)
    assert (np.diff(bars.time) > 0).all()
    again = import_prices(store, [shared / "prices" / "us" / "AAPL.csv"], symbol="AAPL")
    assert (again.added, again.duplicates) == (0, 501)


def test_that_adjusted_closes_give_both_bases(shared: Path, store: Store) -> None:
    report = import_prices(store, [shared / "stocknet" / "AAPL.prices.csv"], symbol="AAPL")
    assert report.read == report.added == 1258
    raw, adjusted = (store.bars("AAPL", Interval.D1, basis) for basis in (Basis.RAW, Basis.ADJUSTED))
    assert raw.close[0] == 96.424286
    assert adjusted.close[0] == pytest.approx(87.121140)
    assert adjusted.open[0] == pytest.approx(95.108574 * 87.121140 / 96.424286)


HEAD = "Date,Open,High,Low,Close,Volume\n"


def daily(tmp_path: Path, store: Store, *rows: str, symbol: str = "AAPL") -> tuple[list[int], list[str]]:
    file = tmp_path / "p.csv"
    file.write_text(HEAD + "".join(row + "\n" for row in rows))
    report = import_prices(store, [file], symbol=symbol)
    assert report.read == report.added + report.duplicates + report.rejected
    return [r.row for r in report.rejections], [r.reason for r in report.rejections]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("2025-01-14,nan,2,1,1.5,5", "missing"),
        ("2025-01-14,,2,1,1.5,5", "missing"),
        ("2025-01-14,inf,2,1,1.5,5", "no number"),
        ("2025-01-14,abc,2,1,1.5,5", "no number"),
        ("2025-01-14,-1,2,1,1.5,5", "above zero"),
        ("2025-01-14,0,2,1,1.5,5", "above zero"),
        ("2025-01-14,1.5,1,2,1.5,5", "below low"),
        ("2025-01-14,3,2,1,1.5,5", "not between"),
        ("2025-01-14,1.5,2,1,2.5,5", "not between"),
        ("2025-01-14,1.5,2,1,1.5,-5", "below zero"),
        ("0000-01-14,1.5,2,1,1.5,5", "no date"),
        ("9999-01-14,1.5,2,1,1.5,5", "1990"),
        ("hello,1.5,2,1,1.5,5", "no time"),
        ("2025-01-18,1.5,2,1,1.5,5", "weekend"),
        ("2025-01-13,1.6,2,1,1.5,5", "before"),
        ("2025-01-14,1.5,2", "missing"),
        ("2025-01-14,1.5,2,1,1.5,5,7,8", "fields"),
    ],
)
def test_that_an_impossible_bar_is_set_aside_with_its_reason(tmp_path: Path, store: Store, row: str, word: str) -> None:
    good = "2025-01-13,1.5,2,1,1.5,5"
    rows, reasons = daily(tmp_path, store, good, row, "2025-01-15,1.5,2,1,1.5,5")
    assert rows == [2]
    assert word in reasons[0]
    assert len(store.bars("AAPL", Interval.D1, Basis.ADJUSTED)) == 2


def test_that_identical_rows_are_duplicates_and_order_does_not_matter(tmp_path: Path, store: Store) -> None:
    rows, _ = daily(tmp_path, store, "2025-01-15,1,2,1,2,5", "2025-01-13,1,2,1,2,", "2025-01-13,1,2,1,2,")
    assert rows == []
    bars = store.bars("AAPL", Interval.D1, Basis.ADJUSTED)
    assert len(bars) == 2
    assert bars.time[0] < bars.time[1]
    assert np.isnan(bars.volume[0])


def test_that_a_bar_on_a_holiday_is_kept_with_regular_hours_and_told(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "p.csv"
    file.write_text(HEAD + "2025-01-08,1,2,1,2,5\n2025-01-09,1,2,1,2,5\n")
    report = import_prices(store, [file], symbol="AAPL")
    assert report.added == 2
    assert "2025-01-09" in report.notes[0]
    bars = store.bars("AAPL", Interval.D1, Basis.ADJUSTED)
    assert bars.time[1] == ms("2025-01-09 09:30", "America/New_York")


def test_that_weekends_count_for_what_never_closes(tmp_path: Path, store: Store) -> None:
    assert daily(tmp_path, store, "2025-01-18,1,2,1,2,5", symbol="BTC-USD") == ([], [])


def test_that_intraday_bars_tell_their_length_and_need_a_zone(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "i.csv"
    rows = "".join(f"2025-01-14 {9 + m // 60:02d}:{m % 60:02d}:00,1,2,1,2,5\n" for m in range(30, 90, 5))
    file.write_text(HEAD + rows)
    assert "--tz" in import_prices(store, [file], symbol="AAPL").failed_files[0].reason
    report = import_prices(store, [file], symbol="AAPL", zone="America/New_York")
    assert report.added == 12
    bars = store.bars("AAPL", Interval.M5, Basis.ADJUSTED)
    assert bars.time[0] == ms("2025-01-14 09:30", "America/New_York")
    assert (bars.end - bars.time == 300_000).all()


def test_that_yfinances_three_header_rows_are_understood(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "y.csv"
    file.write_text(
        "Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\nDate,,,,,\n2025-01-14,1.5,2,1,1.2,9\n"
    )
    report = import_prices(store, [file], symbol="AAPL", basis=Basis.RAW)
    assert (report.read, report.added) == (1, 1)
    assert store.bars("AAPL", Interval.D1, Basis.RAW).open[0] == 1.2


def test_that_missing_columns_and_wrong_symbols_are_told(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "m.csv"
    file.write_text("Date,Open,Close\n2025-01-14,1,2\n")
    reason = import_prices(store, [file], symbol="AAPL").failed_files[0].reason
    assert "high and low" in reason
    assert "Date, Open, Close" in reason
    with pytest.raises(UsageError):
        import_prices(store, [file], symbol="no symbol!")
