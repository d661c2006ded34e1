from __future__ import annotations

import functools
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.clock import CODES, Calendar, cached, calendar_for, calendars, load_calendar
from core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("label", "open", "close", "break_start", "break_end", "holiday", "holiday_name")


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this test a memory of its own, so that it reads the disk as another process would."""
    fresh = functools.lru_cache(calendars._load.__wrapped__)
    monkeypatch.setattr(calendars, "_load", fresh)


def same(a: Calendar, b: Calendar) -> bool:
    plain = ("code", "zone", "always_open", "known_from", "known_until", "note")
    return all(np.array_equal(getattr(a, c), getattr(b, c)) for c in COLUMNS) and all(
        getattr(a, p) == getattr(b, p) and type(getattr(a, p)) is type(getattr(b, p)) for p in plain
    )


@pytest.mark.usefixtures("forgetful")
def test_that_a_calendar_read_from_disk_is_the_one_that_was_computed(tmp_path: Path) -> None:
    assert not cached("XSHG", cache_dir=tmp_path)
    computed = load_calendar("XSHG", cache_dir=tmp_path)
    assert cached("XSHG", cache_dir=tmp_path)
    calendars._load.cache_clear()
    read = load_calendar("XSHG", cache_dir=tmp_path)
    assert read is not computed
    assert same(read, computed)


@pytest.mark.usefixtures("forgetful")
def test_that_a_calendar_from_disk_needs_neither_pandas_nor_exchange_calendars(tmp_path: Path) -> None:
    load_calendar("XNYS", cache_dir=tmp_path)
    code = (
        "import sys, pathlib; from core.clock import load_calendar, make_clock, ticks\n"
        f"load_calendar('XNYS', cache_dir=pathlib.Path({str(tmp_path)!r}))\n"
        "print(sorted({'pandas', 'exchange_calendars', 'PySide6'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"nothing of the kind"])
def test_that_a_damaged_cache_is_replaced(tmp_path: Path, damage: bytes) -> None:
    path = calendars._file(tmp_path, "XHKG")
    path.write_bytes(damage)
    calendar = load_calendar("XHKG", cache_dir=tmp_path)
    assert len(calendar) > 20_000
    assert path.stat().st_size > 100_000
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.usefixtures("forgetful")
def test_that_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert len(load_calendar("XHKG", cache_dir=blocked / "cache")) > 20_000


def test_that_a_calendar_is_the_same_object_each_time() -> None:
    assert load_calendar("24/7") is load_calendar("24/7")
    assert calendar_for("A.XX") is calendar_for("B.XX")


def test_that_an_unknown_code_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="no market calendar 'NOPE'"):
        load_calendar("NOPE")


def test_that_an_unknown_suffix_keeps_plain_time_and_says_so() -> None:
    calendar = calendar_for("WHAT.XX")
    assert calendar.always_open
    assert calendar.note == "No calendar for '.XX': plain time."
    assert calendar_for("BTC-USD").note == ""


@pytest.mark.parametrize("code", sorted(CODES))
def test_that_sessions_are_in_order_and_do_not_overlap(code: str) -> None:
    c = load_calendar(code)
    assert len({len(getattr(c, name)) for name in COLUMNS[:5]}) == 1
    assert np.all(np.diff(c.label) > 0)
    assert np.all(c.open < c.close)
    assert np.all(c.close[:-1] <= c.open[1:])
    assert np.all((c.open <= c.break_start) & (c.break_start <= c.break_end) & (c.break_end < c.close))
    assert c.known_from <= c.known_until
    assert not np.isin(c.holiday, c.label).any()
    years = c.label[[0, -1]].astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    assert years.tolist() == [1962, 2050]
