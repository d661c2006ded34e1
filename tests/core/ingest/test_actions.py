"""Splits and dividends: told by a table, by Yahoo, beside prices, or by adjusted closes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.corporate import action_day, action_figure
from core.clock import calendar_for
from core.errors import InputError
from core.ingest import action_on, import_actions, import_prices
from core.ingest.inferring import inferred_dividends
from core.model import Action, ActionKind
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SPLIT, DIVIDEND = ActionKind.SPLIT, ActionKind.DIVIDEND


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def kept(store: Store, symbol: str = "AAPL") -> list[tuple[str, ActionKind, str]]:
    calendar = calendar_for(symbol)
    return [(action_day(a, calendar).isoformat(), a.kind, action_figure(a)) for a in store.actions(symbol)]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Dividends,Stock Splits\n2014-05-08 00:00:00-04:00,0.47,0.0\n2014-06-09 00:00:00-04:00,0.0,7.0\n",
        "date,kind,value\n2014-06-09,split,7:1\n2014-05-08,Dividend,0.47\n",
        "ex-date;type;amount\n2014-05-08;dividends;0.47\n2014-06-09;Stock split;7 for 1\n",
        '[{"date": "2014-05-08", "dividend": 0.47}, {"date": "2014-06-09", "split": "7/1"}]',
    ],
)
def test_that_a_table_may_be_written_in_several_ways(store: Store, tmp_path: Path, text: str) -> None:
    file = tmp_path / ("actions.json" if text.startswith("[") else "actions.csv")
    file.write_text(text)
    report = import_actions(store, [file], symbol="AAPL")
    assert (report.read, report.added, report.rejected) == (2, 2, 0)
    assert kept(store) == [("2014-05-08", DIVIDEND, "0.47"), ("2014-06-09", SPLIT, "7:1")]
    assert {a.source for a in store.actions("AAPL")} == {file.name}
    again = import_actions(store, [file], symbol="AAPL")
    assert (again.added, again.duplicates) == (0, 2)


def test_that_a_row_which_makes_no_sense_is_set_aside(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "actions.csv"
    file.write_text(
        "date,kind,value\n2014-06-08,split,7\n2014-06-09,merger,1\n2014-06-10,split,0:1\n2014-06-11,dividend,x\n"
    )
    report = import_actions(store, [file], symbol="AAPL")
    assert [(r.row, r.reason) for r in report.rejections] == [
        (1, "'2014-06-08' is a weekend"),
        (2, "'merger' is neither split nor dividend"),
        (3, "split is '0:1', no ratio such as 7:1"),
        (4, "dividend is 'x', no number"),
    ]
    assert store.actions("AAPL") == []


def test_that_a_file_without_actions_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("date,text\n2014-06-09,hello\n")
    report = import_actions(store, [file], symbol="AAPL")
    assert "needs a date and columns for dividends or splits" in report.failed_files[0].reason


def test_that_yahoos_own_answer_is_read(store: Store) -> None:
    file = SHARED / "yahoo_chart" / "bodies" / "devel__chart-AAPL-2020-08-31-to-2020-11-07.body.json"
    if not file.exists():
        pytest.skip("the real data is not beside this checkout")
    report = import_actions(store, [file], symbol="AAPL")
    assert (report.added, report.rejected) == (2, 0)
    assert kept(store) == [("2020-08-31", SPLIT, "4:1"), ("2020-11-06", DIVIDEND, "0.205")]


def test_that_prices_may_bring_their_actions(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "AAPL.csv"
    file.write_text(
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
        "2020-08-28,126,126.4,124.6,124.8,187151500,0.0,0.0\n"
        "2020-08-31,127.6,131,126,129,225702700,0.0,4.0\n"
        "2020-11-06,118.3,119.2,116.1,118.7,114457900,0.205,0.0\n"
    )
    report = import_prices(store, [file], symbol="AAPL")
    assert report.added == 3
    assert report.notes == ["2 splits and dividends of AAPL were told by 'AAPL.csv', or inferred from it."]
    assert kept(store) == [("2020-08-31", SPLIT, "4:1"), ("2020-11-06", DIVIDEND, "0.205")]


def test_that_apples_dividends_come_out_of_its_adjusted_closes(store: Store) -> None:
    file = SHARED / "stocknet" / "AAPL.prices.csv"
    if not file.exists():
        pytest.skip("the real data is not beside this checkout")
    import_prices(store, [file], symbol="AAPL")
    found = {day: float(figure) for day, _, figure in kept(store)}
    assert len(found) == 20
    # As Apple declared them, before the split of 7:1 a seventh: 3.29, then 0.47, 0.52, 0.57 and 0.63.
    told = {"2014-05-08": 3.29 / 7, "2014-08-07": 0.47, "2015-05-07": 0.52, "2016-05-05": 0.57, "2017-08-10": 0.63}
    assert {day: found[day] for day in told} == pytest.approx(told, abs=2e-4)
    assert all("inferred from adjusted closes" in a.source for a in store.actions("AAPL"))


@given(
    st.lists(st.floats(20, 200), min_size=30, max_size=60),
    st.dictionaries(st.integers(1, 29), st.floats(0.002, 0.2), max_size=5),
)
def test_that_inference_undoes_the_adjustment(closes: list[float], paid: dict[int, float]) -> None:
    close = np.round(np.array(closes), 2)
    dividend = np.zeros(len(close))
    for row, share in paid.items():
        dividend[row] = round(close[row - 1] * share, 2)
    steps = np.ones(len(close))
    steps[:-1] = 1 - dividend[1:] / close[:-1]
    factor = np.cumprod(steps[::-1])[::-1]
    found = inferred_dividends(close.astype(np.float64), factor.astype(np.float64))
    assert found.dividend == pytest.approx(dividend, abs=1e-6)
    assert not found.unclear.any()


def test_that_a_step_too_large_for_a_dividend_is_told_and_not_called_one(store: Store, tmp_path: Path) -> None:
    days = [dt.date(2014, 6, 2) + dt.timedelta(days=k) for k in (0, 1, 2, 3, 4, 7, 8, 9)]
    close = [640.0] * 5 + [92.0] * 3
    rows = [f"{d},{c},{c},{c},{c},{92 if c > 100 else c},1\n" for d, c in zip(days, close, strict=True)]
    file = tmp_path / "raw.csv"
    file.write_text("Date,Open,High,Low,Close,Adj Close,Volume\n" + "".join(rows))
    report = import_prices(store, [file], symbol="AAPL")
    assert any("2014-06-09 by more than a dividend would explain" in note for note in report.notes)
    assert store.actions("AAPL") == []


def test_that_an_action_told_by_hand_stands_at_the_open_of_its_ex_date() -> None:
    action = action_on("AAPL", "2014-06-09", SPLIT, "7:1")
    assert action == Action(1_402_320_600_000, SPLIT, 7.0, "entered by hand")
    for date, value in (("2014-06-08", "7:1"), ("2014-06-09", "1:1"), ("soon", "7:1")):
        with pytest.raises(InputError, match="The split of AAPL cannot be kept"):
            action_on("AAPL", date, SPLIT, value)
