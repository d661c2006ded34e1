"""From the store to a tape: which series is taken, which slots there are, and what a concept's price is."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.clock import calendar_for, session_index
from core.errors import UsageError
from core.model import (
    HOUR_MS,
    MINUTE_MS,
    Basis,
    ClockMode,
    Concept,
    Instrument,
    Interval,
    Member,
    Metric,
    MetricKind,
    Post,
    Score,
    ScorerId,
)
from core.series import Bars
from core.store import NewPost, Store
from core.timeline import load_tape, make_table, range_span
from core.timeline.comparison import base_value
from core.timeline.lines import Line
from core.timeline.request import CrowdKey, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VADER = ScorerId("vader", "3.3.2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def ms(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def daily(cache: Path, symbol: str, closes: dict[str, float]) -> Bars:
    """Make daily bars of the symbol's exchange from dates and closes."""
    calendar = calendar_for(symbol, cache_dir=cache)
    rows = [int(np.searchsorted(calendar.label, (dt.date.fromisoformat(d) - dt.date(1970, 1, 1)).days)) for d in closes]
    close = np.array(list(closes.values()))
    return Bars(calendar.open[rows], calendar.close[rows], close, close, close, close, np.full(len(close), 10.0))


def say(store: Store, subject: str, *said: tuple[str, float | None]) -> None:
    store.add_posts([
        NewPost(
            Post("test", f"{subject}{k}", ms(when), "words"),
            [(VADER, Score(score, 0, 0, 0))] if score is not None else [],
            frozenset({subject}),
            frozenset(),
        )
        for k, (when, score) in enumerate(said)
    ])  # fmt: skip


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calendars")


def test_that_posts_of_a_night_and_a_weekend_belong_to_the_next_session(store: Store, cache: Path) -> None:
    bars = daily(cache, "AAPL", {"2025-01-08": 10, "2025-01-10": 11, "2025-01-13": 12})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=1)
    say(
        store,
        "AAPL",
        ("2025-01-08T21:00:00+00:00", 0.5),  # the very close: still the 8th
        ("2025-01-08T21:00:00.001+00:00", None),
        ("2025-01-09T15:00:00+00:00", -0.5),  # a holiday: the market stayed shut
        ("2025-01-10T20:59:00+00:00", 0.1),
        ("2025-01-11T12:00:00+00:00", 0.2),  # a Saturday
        ("2025-01-13T22:00:00+00:00", 0.3),  # after the last bar
    )
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, scorer="vader", cache_dir=cache)
    table = make_table(tape, ms("2025-01-08T00:00-05:00"), ms("2025-01-15T00:00-05:00"))
    assert [t[:10] for t in table.columns["time"]] == ["2025-01-08", "2025-01-10", "2025-01-13", "2025-01-14"]
    assert table.columns["time"][0] == "2025-01-08T09:30:00-05:00"
    assert list(table.columns["posts"]) == [1, 3, 1, 1]
    assert list(table.columns["scored"]) == [1, 2, 1, 1]
    assert list(table.columns["sentiment"])[:2] == [0.5, -0.2]
    assert math.isnan(float(list(table.columns["close"])[-1]))


def test_that_the_wall_clock_counts_calendar_days(store: Store, cache: Path) -> None:
    bars = daily(cache, "AAPL", {"2025-01-08": 10, "2025-01-10": 11})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=1)
    say(store, "AAPL", ("2025-01-09T00:30:00-05:00", 0.5), ("2025-01-09T23:59:00-05:00", 0.5))
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache)
    table = make_table(tape, ms("2025-01-08T00:00-05:00"), ms("2025-01-11T00:00-05:00"), ClockMode.WALL)
    assert list(table.columns["time"]) == [f"2025-01-{d:02}T00:00:00-05:00" for d in (8, 9, 10)]
    assert list(table.columns["posts"]) == [0, 2, 0]
    assert [c for c in list(table.columns["close"]) if not math.isnan(float(c))] == [10, 11]


def test_that_a_wall_day_of_the_clock_change_has_its_true_length(store: Store, cache: Path) -> None:
    bars = daily(cache, "AAPL", {"2025-03-07": 10, "2025-03-10": 11})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=1)
    say(store, "AAPL", ("2025-03-09T23:30:00-04:00", 0.5), ("2025-03-10T00:30:00-04:00", 0.5))
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache)
    table = make_table(tape, ms("2025-03-09T00:00-05:00"), ms("2025-03-11T00:00-04:00"), ClockMode.WALL)
    assert list(table.columns["posts"]) == [1, 1]


def test_that_bases_are_never_mixed_and_the_other_stands_in(store: Store, cache: Path) -> None:
    bars = daily(cache, "AAPL", {"2025-01-08": 10})
    store.put_bars("AAPL", Interval.D1, Basis.RAW, bars, source="raw file", fetched=1)
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, basis=Basis.ADJUSTED, cache_dir=cache)
    assert tape.provenance.basis is Basis.RAW
    doubled = daily(cache, "AAPL", {"2025-01-10": 22})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, doubled, source="adjusted file", fetched=2)
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, basis=Basis.ADJUSTED, cache_dir=cache)
    assert tape.provenance.price_source == "adjusted file"
    assert tape.candles.close[~np.isnan(tape.candles.close)].tolist() == [22]


def test_that_minutes_make_hours_from_the_open_of_the_session(store: Store, cache: Path) -> None:
    start = ms("2025-01-08T09:30-05:00") + MINUTE_MS * np.arange(390, dtype=np.int64)
    rising = np.arange(390.0) + 1
    bars = Bars(start, start + MINUTE_MS, rising, rising + 0.5, rising - 0.5, rising, np.ones(390))
    store.put_bars("AAPL", Interval.M1, Basis.RAW, bars, source="test", fetched=1)
    tape = load_tape(store, Instrument("AAPL"), Interval.H1, cache_dir=cache)
    has = ~np.isnan(tape.candles.close)
    assert tape.slots.start[has][0] == start[0]
    assert tape.candles.volume[has].tolist() == [60, 60, 60, 60, 60, 60, 30]
    assert tape.candles.open[has].tolist() == [1, 61, 121, 181, 241, 301, 361]
    assert tape.candles.high[has].tolist() == [60.5, 120.5, 180.5, 240.5, 300.5, 360.5, 390.5]


def test_that_a_bar_outside_every_session_keeps_a_slot_of_its_own(store: Store, cache: Path) -> None:
    odd = np.array([ms("2025-01-08T08:00-05:00"), ms("2025-01-08T09:30-05:00")])
    one = np.ones(2)
    bars = Bars(odd, odd + HOUR_MS, one, one, one, one, one)
    store.put_bars("AAPL", Interval.H1, Basis.RAW, bars, source="test", fetched=1)
    tape = load_tape(store, Instrument("AAPL"), Interval.H1, cache_dir=cache)
    assert set(odd.tolist()) <= set(tape.slots.start.tolist())
    assert (np.diff(tape.slots.start) > 0).all()
    assert (tape.slots.end[:-1] <= tape.slots.start[1:]).all()


def test_that_a_concept_has_its_basket_its_posts_and_the_clock_of_its_heaviest_member(
    store: Store, cache: Path
) -> None:
    concept = Concept("Story", (Member("300792.SZ", 3), Member("AAPL", 1)))
    store.put_concept(concept)
    days = {"2025-01-13": 10.0, "2025-01-14": 12.0}
    store.put_bars("300792.SZ", Interval.D1, Basis.ADJUSTED, daily(cache, "300792.SZ", days), source="t", fetched=1)
    say(store, "Story", ("2025-01-13T23:00:00+08:00", 0.5))
    tape = load_tape(store, concept, Interval.D1, cache_dir=cache)
    assert tape.calendar.code == "XSHG"
    closes = tape.candles.close[~np.isnan(tape.candles.close)]
    assert closes.tolist() == pytest.approx([100, 120])
    at = int(session_index(tape.calendar, np.array([ms("2025-01-14T15:00+08:00")]))[0])
    table = make_table(tape, int(tape.calendar.open[at]), int(tape.calendar.close[at]))
    assert list(table.columns["posts"]) == [1]


def test_that_a_subject_with_nothing_has_an_empty_tape(store: Store, cache: Path) -> None:
    store.put_instrument(Instrument("AAPL"))
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache)
    assert (tape.extent, tape.priced, tape.spoken) == (None, False, False)
    assert len(make_table(tape, 0, 2**50)) == 0
    assert range_span(tape, "1M") is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("1D", "2025-03-31T09:30-04:00"),
        ("5D", "2025-03-25T09:30-04:00"),
        ("1M", "2025-02-28T00:00-05:00"),
        ("YTD", "2025-01-01T00:00-05:00"),
        ("1Y", "2024-03-31T00:00-04:00"),
        ("Max", "2024-01-02T09:30-05:00"),
    ],
)
def test_that_ranges_count_back_from_the_newest_slot(store: Store, cache: Path, name: str, first: str) -> None:
    bars = daily(cache, "AAPL", {"2024-01-02": 10, "2025-03-31": 11})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=1)
    tape = load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache)
    span = range_span(tape, name)
    assert span is not None
    start, end = span
    assert dt.datetime.fromtimestamp(start / 1000, dt.UTC) == dt.datetime.fromisoformat(first)
    assert end == tape.extent[1] if tape.extent else None


def test_that_an_unknown_range_is_refused(store: Store, cache: Path) -> None:
    store.put_instrument(Instrument("AAPL"))
    tape: Any = load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache)
    with pytest.raises(UsageError, match="1D, 5D"):
        range_span(tape, "2W")


def test_that_a_stock_nobody_names_shows_the_crowd_of_its_concept(store: Store, cache: Path) -> None:
    store.put_concept(Concept("Quiet", (Member("300792.SZ"),)))
    store.put_concept(Concept("Story", (Member("300792.SZ"),)))
    say(store, "Story", ("2025-01-13T23:00:00+08:00", 0.5))
    tape = load_tape(store, Instrument("300792.SZ"), Interval.D1, cache_dir=cache)
    assert (tape.provenance.crowd, tape.spoken) == ("Story", True)
    own = load_tape(store, Instrument("300792.SZ"), Interval.D1, crowd="300792.SZ", cache_dir=cache)
    assert (own.provenance.crowd, own.spoken) == ("300792.SZ", False)
    say(store, "300792.SZ", ("2025-01-13T23:00:00+08:00", 0.5), ("2025-01-13T23:01:00+08:00", 0.5))
    named = load_tape(store, Instrument("300792.SZ"), Interval.D1, cache_dir=cache)
    assert named.provenance.crowd == "300792.SZ"


def test_that_a_metric_never_takes_the_place_of_a_fixed_column(store: Store, cache: Path) -> None:
    bars = daily(cache, "AAPL", {"2025-01-08": 10})
    store.put_bars("AAPL", Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=1)
    store.put_metric("AAPL", Metric("volume", MetricKind.LEVEL), [ms("2025-01-08T15:00-05:00")], [7.0])
    table = make_table(load_tape(store, Instrument("AAPL"), Interval.D1, cache_dir=cache), 0, 2**50)
    assert list(table.columns["volume"]) == [10.0]
    assert list(table.columns["metric volume"]) == [7.0]


def test_that_a_compared_symbol_stands_at_its_own_close(store: Store, cache: Path) -> None:
    put = {"300792.SZ": {"2025-01-13": 21.67, "2025-01-14": 26.0}, "META": {"2025-01-13": 608.0, "2025-01-14": 594.0}}
    for symbol, closes in put.items():
        store.put_bars(symbol, Interval.D1, Basis.RAW, daily(cache, symbol, closes), source="t", fetched=1)
    needs = Needs(compared=("META", "NOPE", "300792.SZ"))
    tape = load_tape(store, store.subject("300792.SZ"), Interval.D1, cache_dir=cache, needs=needs)
    (meta,) = tape.compared
    assert meta.instrument.symbol == "META"
    at = np.flatnonzero(~np.isnan(meta.close.value))
    assert meta.close.value[at].tolist() == [608.0, 594.0]
    # New York closes at 21:00 UTC in winter, Shanghai at 07:00: each has slots of its own.
    assert tape.slots.end[at].tolist() == [ms("2025-01-13T21:00+00:00"), ms("2025-01-14T21:00+00:00")]
    own = np.flatnonzero(~np.isnan(tape.candles.close))
    assert tape.slots.end[own].tolist() == [ms("2025-01-13T07:00+00:00"), ms("2025-01-14T07:00+00:00")]
    table = make_table(tape, ms("2025-01-13T00:00+08:00"), ms("2025-01-16T00:00+08:00"), lines={"META": meta.close})
    assert [v for v in np.asarray(table.columns["META"]).tolist() if not math.isnan(v)] == [608.0, 594.0]


@pytest.mark.parametrize(("index", "base"), [(0, 5.0), (1, 5.0), (2, 5.0), (3, 5.0), (4, 7.0), (9, 7.0)])
def test_that_a_comparison_begins_at_the_last_close_or_else_the_next(index: int, base: float) -> None:
    line = Line(np.array([math.nan, math.nan, 5.0, math.nan, 7.0]))
    assert base_value(line, index) == base
    assert math.isnan(base_value(Line(np.array([math.nan, math.nan])), index))


def test_that_the_basket_may_be_of_equal_weights(store: Store, cache: Path) -> None:
    for symbol, closes in {"AAPL": (100, 110), "META": (100, 100)}.items():
        days = {"2025-01-13": float(closes[0]), "2025-01-14": float(closes[1])}
        store.put_bars(symbol, Interval.D1, Basis.RAW, daily(cache, symbol, days), source="t", fetched=1)
    store.put_concept(Concept("Big", (Member("AAPL", 3.0), Member("META", 1.0))))
    for needs, close in ((Needs(), 107.5), (Needs(equal_weights=True), 105.0)):
        tape = load_tape(store, store.subject("Big"), Interval.D1, cache_dir=cache, needs=needs)
        assert tape.candles.close[~np.isnan(tape.candles.close)][-1] == pytest.approx(close)


def test_that_a_layer_of_the_users_own_brings_the_curve_it_corrects(store: Store, cache: Path) -> None:
    scores = [(ScorerId("crowd", "1"), Score(0.2, 0, 0, 0)), (ScorerId("crowd+mine", "1+a"), Score(0.6, 0, 0, 0))]
    store.add_posts([NewPost(Post("x", "1", ms("2025-01-13T15:00+00:00"), "up"), scores, stated=frozenset({"AAPL"}))])
    tape = load_tape(store, store.subject("AAPL"), Interval.D1, cache_dir=cache, scorer="crowd+mine")
    span = np.array([ms("2025-01-13T00:00+00:00")]), np.array([ms("2025-01-14T00:00+00:00")])
    assert tape.crowd.within(*span).mean.tolist() == [0.6]
    assert tape.crowds[CrowdKey(scorer="crowd")].within(*span).mean.tolist() == [0.2]
    assert set(load_tape(store, store.subject("AAPL"), Interval.D1, cache_dir=cache).crowds) == {CrowdKey()}
