from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.feeds.frames import session_spans, slot_spans, to_bars
from core.model import DAY_MS, HOUR_MS, MINUTE_MS, Basis, Interval

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


def _ms(*when: int) -> int:
    return int(dt.datetime(*when, tzinfo=dt.UTC).timestamp()) * 1000  # type: ignore[arg-type]


def _calendar(
    zone_hours: int, opens: tuple[int, int], closes: tuple[int, int], lunch: tuple[int, int] | None = None
) -> Any:
    """Make a calendar of the weekdays of January 2025 at a fixed offset."""
    days = [d for d in range(1, 32) if dt.date(2025, 1, d).weekday() < 5]
    label = np.array([(dt.date(2025, 1, d) - dt.date(1970, 1, 1)).days for d in days], np.int64)
    start = label * DAY_MS - zone_hours * HOUR_MS
    at = [start + h * HOUR_MS + m * MINUTE_MS for h, m in (opens, closes)]
    breaks = [start + h * HOUR_MS for h in lunch] if lunch else [at[0], at[0]]
    return SimpleNamespace(
        always_open=False, zone="", label=label, open=at[0], close=at[1], break_start=breaks[0], break_end=breaks[1]
    )


CHINA = _calendar(8, (9, 30), (15, 0), (11, 13))  # lunch from 11:00 keeps the sums short
AMERICA = _calendar(-5, (9, 30), (16, 0))
ALWAYS: Any = SimpleNamespace(always_open=True, zone="UTC", label=np.empty(0, np.int64), open=np.empty(0, np.int64))


def _frame(index: Any, **columns: list[float]) -> Any:
    import pandas as pd  # noqa: PLC0415  slow to import

    n = len(index)
    base = {"Open": [10.0] * n, "High": [12.0] * n, "Low": [9.0] * n, "Close": [11.0] * n, "Volume": [5.0] * n}
    return pd.DataFrame({**base, "Adj Close": columns.get("Close", base["Close"]), **columns}, index=index)


def _index(*texts: str, zone: str | None = None) -> Any:
    import pandas as pd  # noqa: PLC0415  slow to import

    index = pd.DatetimeIndex(list(texts))
    return index.tz_localize(zone) if zone else index


@pytest.mark.parametrize(
    "index",
    [
        lambda: _index("2025-01-13", "2025-01-14", zone=SHANGHAI),
        lambda: _index("2025-01-13", "2025-01-14"),  # no zone: the exchange's
        lambda: _index("2025-01-13", "2025-01-14", zone=SHANGHAI).tz_convert("UTC"),
        lambda: _index("2025-01-13", "2025-01-14", zone=SHANGHAI).tz_convert(NEW_YORK),
        lambda: _index("2025-01-13", "2025-01-14", zone="UTC"),  # midnight of the date, stamped as UTC
        lambda: _index("2025-01-13 09:30", "2025-01-14 09:30", zone=SHANGHAI),  # the open
        lambda: _index("2025-01-13", "2025-01-14 14:59:58", zone=SHANGHAI),  # the last is the live quote
        lambda: _index("2025-01-14", "2025-01-13", zone=SHANGHAI),  # out of order
    ],
)
def test_that_a_daily_stamp_in_any_zone_means_its_session(index: Any) -> None:
    bars, _ = to_bars(_frame(index()), Interval.D1, CHINA, SHANGHAI)
    for basis in Basis:
        assert bars[basis].time.tolist() == [_ms(2025, 1, 13, 1, 30), _ms(2025, 1, 14, 1, 30)]
        assert bars[basis].end.tolist() == [_ms(2025, 1, 13, 7), _ms(2025, 1, 14, 7)]


@pytest.mark.parametrize("zone", [NEW_YORK, "UTC", SHANGHAI])
def test_that_west_of_greenwich_the_date_stays_the_exchanges(zone: str) -> None:
    index = _index("2025-01-13", zone=NEW_YORK).tz_convert(zone)
    bars, _ = to_bars(_frame(index), Interval.D1, AMERICA, NEW_YORK)
    assert bars[Basis.RAW].time.tolist() == [_ms(2025, 1, 13, 14, 30)]


def test_that_a_date_unknown_to_the_calendar_gets_its_neighbours_hours() -> None:
    saturday = np.array([(dt.date(2025, 1, 18) - dt.date(1970, 1, 1)).days], np.int64)
    start, end = session_spans(saturday, CHINA)
    assert (start.tolist(), end.tolist()) == ([_ms(2025, 1, 18, 1, 30)], [_ms(2025, 1, 18, 7)])


def test_that_a_day_of_what_never_closes_is_the_utc_day() -> None:
    bars, _ = to_bars(_frame(_index("2025-01-18", zone="UTC")), Interval.D1, ALWAYS, "UTC")
    assert (bars[Basis.RAW].time[0], bars[Basis.RAW].end[0]) == (_ms(2025, 1, 18), _ms(2025, 1, 19))


def test_that_rows_of_nothing_go_and_partial_rows_are_made_whole() -> None:
    nan = float("nan")
    index = _index("2025-01-13", "2025-01-14", "2025-01-15", "2025-01-16", zone=SHANGHAI)
    frame = _frame(
        index, Open=[nan, 0.0, 10.0, 10.0], High=[nan, 0.0, 10.5, 12.0], Low=[nan, nan, 9.0, 10.5],
        Close=[nan, 7.0, 11.0, 11.0], Volume=[nan, nan, -1.0, 3.0],
    )  # fmt: skip
    raw = to_bars(frame, Interval.D1, CHINA, SHANGHAI)[0][Basis.RAW]
    assert raw.close.tolist() == [7.0, 11.0, 11.0]
    assert raw.open.tolist() == [7.0, 10.0, 10.0]
    assert raw.high.tolist() == [7.0, 11.0, 12.0]  # a high below the close is widened
    assert raw.low.tolist() == [7.0, 9.0, 10.0]
    assert np.isnan(raw.volume[:2]).all()
    assert raw.volume[2] == 3.0


def test_that_rows_of_one_day_become_one_bar_of_the_newest_close() -> None:
    index = _index("2025-01-13", "2025-01-13 14:59", zone=SHANGHAI)
    frame = _frame(index, Open=[10.0, 11.5], High=[12.0, 13.0], Low=[9.0, 11.0], Close=[11.0, 11.5], Volume=[5.0, 0.0])
    raw = to_bars(frame, Interval.D1, CHINA, SHANGHAI)[0][Basis.RAW]
    assert len(raw) == 1
    assert (raw.open[0], raw.high[0], raw.low[0], raw.close[0], raw.volume[0]) == (10.0, 13.0, 9.0, 11.5, 5.0)


def test_that_adjusted_prices_carry_the_factor_and_a_bar_without_one_is_left_out() -> None:
    index = _index("2025-01-13", "2025-01-14", zone=SHANGHAI)
    frame = _frame(index)
    frame["Adj Close"] = [5.5, float("nan")]
    bars, _ = to_bars(frame, Interval.D1, CHINA, SHANGHAI)
    adjusted = bars[Basis.ADJUSTED]
    assert (adjusted.open.tolist(), adjusted.high.tolist(), adjusted.close.tolist()) == ([5.0], [6.0], [5.5])
    assert len(bars[Basis.RAW]) == 2


def test_that_splits_and_dividends_come_with_their_session() -> None:
    index = _index("2025-01-13", "2025-01-14", zone=SHANGHAI)
    frame = _frame(index, **{"Stock Splits": [0.0, 7.0], "Dividends": [0.25, 0.0]})
    actions = to_bars(frame, Interval.D1, CHINA, SHANGHAI)[1]
    assert {(a.kind, a.time, a.value) for a in actions} == {
        ("split", _ms(2025, 1, 14, 1, 30), 7.0),
        ("dividend", _ms(2025, 1, 13, 1, 30), 0.25),
    }


def test_that_intraday_bars_end_with_their_morning_and_their_session() -> None:
    times = np.array([_ms(2025, 1, 13, 1, 30), _ms(2025, 1, 13, 2, 30), _ms(2025, 1, 13, 6, 30)])
    time, end = slot_spans(times, Interval.H1, CHINA)
    assert time.tolist() == times.tolist()
    assert end.tolist() == [_ms(2025, 1, 13, 2, 30), _ms(2025, 1, 13, 3), _ms(2025, 1, 13, 7)]


def test_that_a_live_quote_goes_into_the_slot_it_falls_in() -> None:
    index = _index("2025-01-13 09:30", "2025-01-13 09:35", "2025-01-13 09:37:23", zone=SHANGHAI)
    frame = _frame(
        index, Close=[11.0, 11.0, 11.8], High=[12.0, 12.0, 11.8], Low=[9.0, 9.0, 11.8], Open=[10.0, 10.0, 11.8]
    )
    raw = to_bars(frame, Interval.M5, CHINA, SHANGHAI)[0][Basis.RAW]
    assert raw.time.tolist() == [_ms(2025, 1, 13, 1, 30), _ms(2025, 1, 13, 1, 35)]
    assert (raw.open[1], raw.close[1], raw.high[1]) == (10.0, 11.8, 12.0)


def test_that_a_live_quote_in_a_new_slot_starts_its_bar_on_the_grid() -> None:
    times = np.array([_ms(2025, 1, 13, 1, 30), _ms(2025, 1, 13, 1, 37, 23)])
    assert slot_spans(times, Interval.M5, CHINA)[0].tolist() == [times[0], _ms(2025, 1, 13, 1, 35)]
    assert slot_spans(times, Interval.M5, ALWAYS)[0].tolist() == [times[0], _ms(2025, 1, 13, 1, 35)]


def test_that_intraday_tables_give_no_adjusted_bars() -> None:
    bars, _ = to_bars(_frame(_index("2025-01-13 09:30", zone=SHANGHAI)), Interval.M5, CHINA, SHANGHAI)
    assert list(bars) == [Basis.RAW]


def test_that_an_empty_table_gives_nothing() -> None:
    assert to_bars(_frame(_index()), Interval.D1, CHINA, SHANGHAI) == ({}, [])
