"""Studies: what their texts mean, what they are made of, and where they may be drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis import indicators
from core.analysis.sources import SOURCES
from core.analysis.studies import STUDIES, overlays, parse_study, study_lines, study_title
from core.clock import load_calendar, parse_when
from core.clock import slots as cut
from core.errors import UsageError
from core.layout import StudySpec
from core.model import Instrument, Interval
from core.rollup import Rollup
from core.series import Candles
from core.timeline.request import CrowdKey
from core.timeline.slots import Slots
from core.timeline.tape import Tape


def tape_of(interval: Interval = Interval.M5, days: tuple[str, str] = ("2025-01-13", "2025-01-16")) -> Tape:
    calendar = load_calendar("XSHG")
    span = parse_when(days[0], calendar.zone)[0], parse_when(days[1], calendar.zone)[0]
    slots = Slots(*cut(calendar, interval, *span))
    n = len(slots)
    close = 10 + np.sin(np.arange(n) / 5)
    close[n // 2] = math.nan
    candles = Candles(close - 0.1, close + 0.3, close - 0.2, close, np.arange(1.0, n + 1))
    published = slots.end[::3] - 1
    said = Rollup.of(published, np.linspace(-1, 1, len(published)))
    return Tape(Instrument("300792.SZ"), interval, calendar, slots, candles, said)


@pytest.mark.parametrize("kind", list(STUDIES))
def test_that_every_study_has_one_line_an_output_and_is_computed_once(kind: str) -> None:
    tape = tape_of()
    lines = study_lines(tape, StudySpec(kind))
    assert len(lines) == len(STUDIES[kind].outputs)
    assert all(len(line) == len(tape.slots) for line in lines)
    assert all(np.isfinite(line.value).any() for line in lines)
    assert study_lines(tape, StudySpec(kind, STUDIES[kind].clean({}))) is lines


@pytest.mark.parametrize("name", list(SOURCES))
def test_that_every_source_can_be_averaged(name: str) -> None:
    tape = tape_of()
    (line,) = study_lines(tape, StudySpec("sma", {"period": 3}, name))
    assert line.value.tolist() == pytest.approx(
        indicators.sma(SOURCES[name].read(tape, CrowdKey()), 3).tolist(), nan_ok=True
    )


def test_that_a_study_of_the_sentiment_pane_is_made_of_sentiment() -> None:
    tape = tape_of()
    (own,) = study_lines(tape, StudySpec("ema", {"period": 3}), "sentiment")
    (named,) = study_lines(tape, StudySpec("ema", {"period": 3}, "sentiment"))
    assert own is named
    assert float(np.nanmax(np.abs(own.value))) <= 1


def test_that_a_study_counts_the_posts_of_its_pane_alone() -> None:
    tape = tape_of()
    key = CrowdKey(sources=("reddit",))
    end = tape.slots.end
    tape.crowds = {**tape.crowds, key: Rollup.of(end[:4] - 1, np.full(4, 0.5))}
    (line,) = study_lines(tape, StudySpec("sma", {"period": 2}), "sentiment", key)
    assert line.value[:5].tolist() == pytest.approx([math.nan, 0.5, 0.5, 0.5, math.nan], nan_ok=True)
    (whole,) = study_lines(tape, StudySpec("sma", {"period": 2}), "sentiment")
    assert np.isfinite(whole.value).sum() > 4


def test_that_vwap_begins_anew_with_its_session_and_not_after_lunch() -> None:
    tape = tape_of()
    (line,) = study_lines(tape, StudySpec("vwap"))
    typical = (tape.candles.high + tape.candles.low + tape.candles.close) / 3
    begins = np.flatnonzero(np.isclose(line.value, typical, rtol=1e-12))
    assert begins.tolist() == [0, 48, 96]


def test_that_vwap_may_run_over_a_month() -> None:
    tape = tape_of(Interval.D1, ("2025-01-02", "2025-03-10"))
    (line,) = study_lines(tape, StudySpec("vwap", {"anchor": "month"}))
    typical = (tape.candles.high + tape.candles.low + tape.candles.close) / 3
    begins = np.flatnonzero(np.isclose(line.value, typical, rtol=1e-12))
    months = tape.slots.start[:].astype("datetime64[ms]").astype("datetime64[M]")[begins].astype(str)
    assert months.tolist() == ["2025-01", "2025-02", "2025-03"]


def test_that_only_figures_of_one_kind_share_an_axis() -> None:
    assert overlays(StudySpec("sma"), "close")
    assert overlays(StudySpec("sma"), "sentiment")
    assert overlays(StudySpec("bollinger", {}, "high"), "close")
    assert overlays(StudySpec("vwap"), "close")
    assert not overlays(StudySpec("vwap"), "sentiment")
    assert not overlays(StudySpec("sma", {}, "sentiment"), "close")
    assert not overlays(StudySpec("rsi"), "close")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("sma", "SMA 20"),
        ("sma:50", "SMA 50"),
        (" EMA : 9 @ high", "EMA 9 high"),
        ("bb:20,2.5", "BB 20 2.5"),
        ("macd:12,26,9@sentiment", "MACD 12 26 9 sentiment"),
        ("rsi:14,25,75", "RSI 14"),
        ("vwap:week", "VWAP week"),
    ],
)
def test_that_a_study_can_be_written_as_text(text: str, title: str) -> None:
    assert study_title(parse_study(text)) == title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ema2", "no study 'ema2'"),
        ("sma:zero", "'zero' for period; it must be a number from 1 to 5000"),
        ("sma:0", "'0' for period"),
        ("sma:20,3", "too many parameters; sma takes period"),
        ("vwap:decade", "must be session, week, month, year"),
        ("atr:14@close", "atr is made of whole bars"),
        ("sma@mood", "no source 'mood'"),
    ],
)
def test_that_a_wrong_study_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        parse_study(text)
