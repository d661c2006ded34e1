"""The time axis: labels that never touch, closures that can be read, and where a calendar's knowledge ends."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from core.clock import Calendar, load_calendar, make_clock, merge, parse_when, slots
from core.model import DAY_MS, ClockMode, Instrument, Interval
from core.rollup import Rollup
from core.series import Bars
from core.timeline import Span, Tape, View
from core.timeline.placing import place
from core.timeline.slots import Slots
from ui.chart.closures import ClosureLabel, name_of_span, paint_labels
from ui.chart.cut import Cut, make_cut
from ui.chart.ink import Ink
from ui.chart.knowledge import axis_tip, calendar_notes
from ui.chart.time_axis import GAP, axis_labels, when_text, zone_tip
from ui.theme import load_theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from core.clock import Language

NEW_YEAR = parse_when("2025-01-20", "Asia/Shanghai")[0], parse_when("2025-02-10", "Asia/Shanghai")[1]


def view_of(calendar: Calendar, interval: Interval, start: int, end: int, mode: ClockMode = ClockMode.TRADING) -> View:
    grid = Slots(*slots(calendar, interval, start, end))
    price = np.ones(len(grid))
    bars = Bars(grid.start[:], grid.end[:], price, price, price, price, price)
    tape = Tape(Instrument("X"), interval, calendar, grid, place(bars, grid), Rollup.empty())
    return View(tape, make_clock(mode, calendar))


def cut_of(view: View, start: int, end: int, width: float = 1200.0, language: Language = "en", zone: str = "") -> Cut:
    x0, x1 = (float(view.clock.to_x(t)) for t in (start, end))
    return make_cut(view, x0, x1, width, zone=zone, language=language)


@pytest.fixture(scope="module")
def views() -> dict[tuple[str, ClockMode], View]:
    """Give views of several calendars on both clocks; a view is made in no time, but calendars are not."""
    made: dict[tuple[str, ClockMode], View] = {}
    for code in ("XNYS", "XSHG", "24/7", "us_futures", "XSHG+XNYS"):
        calendar = merge(tuple(load_calendar(c) for c in code.split("+")))
        for mode in ClockMode:
            made[code, mode] = view_of(calendar, Interval.D1, *NEW_YEAR, mode)
            cut_of(made[code, mode], *NEW_YEAR)
    return made


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["XNYS", "XSHG", "24/7", "us_futures", "XSHG+XNYS"]),
    st.sampled_from(ClockMode),
    st.integers(parse_when("1995", "UTC")[0], parse_when("2030", "UTC")[0]),
    st.floats(5.5, 11.8).map(lambda e: 10.0**e),
    st.sampled_from([300.0, 640.0, 1280.0, 2400.0]),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from(["en", "zh"]),
    st.sampled_from(["", "UTC", "America/New_York"]),
)
def test_that_labels_never_touch_and_no_date_gives_way(
    qtbot: QtBot,
    views: dict[tuple[str, ClockMode], View],
    code: str,
    mode: ClockMode,
    centre: int,
    span: float,
    width: float,
    ratio: float,
    language: Literal["en", "zh"],
    zone: str,
) -> None:
    del qtbot  # fonts need an application
    view, ink = views[code, mode], Ink(load_theme("dark"))
    x0 = float(view.clock.to_x(centre))
    cut = make_cut(view, x0, x0 + span, width, ratio, zone, language)
    labels = axis_labels(cut, ink)
    assert all(b.left >= a.left + a.width + GAP for a, b in pairwise(labels))
    assert all(a.left >= 0 and a.left + a.width <= width for a in labels)
    assert all(a.width == ink.axis_metrics.horizontalAdvance(a.tick.text) for a in labels)
    shown = {a.tick.ms for a in labels}
    for tick in cut.ticks:
        wide = ink.text_width(tick.text, "axis")
        inside = GAP + wide / 2 <= cut.x.at(tick.x) <= width - wide / 2
        assert tick.ms in shown or not tick.major or not inside


def test_that_a_wide_closure_says_what_it_is_in_either_language(qtbot: QtBot) -> None:
    del qtbot
    view = view_of(load_calendar("XSHG"), Interval.M5, *NEW_YEAR)
    start, end = (parse_when(f"2025-{d}", "Asia/Shanghai")[0] for d in ("01-23", "02-06"))
    english = [label.text for label in cut_of(view, start, end).closures]
    assert english == ["Night", "Night", "Weekend", "Spring Festival", "Night"]
    assert [label.text for label in cut_of(view, start, end, language="zh").closures][3] == "春节"
    day = [label.text for label in cut_of(view, start, start + DAY_MS).closures]
    assert day == ["Night", "Lunch", "Night"]


def test_that_a_narrow_closure_bears_no_label(qtbot: QtBot) -> None:
    del qtbot
    view = view_of(load_calendar("XSHG"), Interval.D1, *NEW_YEAR)
    assert cut_of(view, *NEW_YEAR, width=300.0).closures == []


@pytest.mark.parametrize("text", ["Between sessions", "夜间", "耶稣受难日 / 国庆节"])
@pytest.mark.parametrize("room", [8.0, 20.0, 300.0])
def test_that_a_label_never_leaves_its_slot(qtbot: QtBot, text: str, room: float) -> None:
    del qtbot
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(0)
    with QPainter(picture) as painter:
        paint_labels(painter, [ClosureLabel(50.0, 50.0 + room, text)], 200.0, Ink(load_theme("light")))
    inked = [x for x in range(400) for y in range(200) if picture.pixelColor(x, y).lightness() > 40]
    assert bool(inked) == (room >= 15)
    assert all(50 <= x < 50 + room for x in inked)


def test_that_a_reading_of_a_closure_names_it(qtbot: QtBot) -> None:
    del qtbot
    calendar = load_calendar("XSHG")
    view = view_of(calendar, Interval.D1, *NEW_YEAR)
    cut = cut_of(view, *NEW_YEAR)
    x = float(view.clock.to_x(parse_when("2025-02-01T12:00", calendar.zone)[0]))
    reading = view.reading(x)
    assert reading is not None
    assert when_text(cut, reading, x) == "Spring Festival · 2025-01-27 15:00 – 2025-02-05 09:30"
    night = Span(*(parse_when(f"2025-01-{t}", calendar.zone)[0] for t in ("21T15:00", "22T09:30")), closed=True)
    assert name_of_span(calendar, night, "en") == "Night"


def test_that_a_daily_bar_has_the_date_of_its_own_exchange_in_any_zone(qtbot: QtBot) -> None:
    del qtbot
    both = merge((load_calendar("XNYS"), load_calendar("XSHG")))
    view = view_of(both, Interval.D1, *NEW_YEAR)
    shanghai = int(np.searchsorted(view.tape.slots.start, parse_when("2025-01-22T09:30", "Asia/Shanghai")[0]))
    for zone in ("", "UTC", "Asia/Shanghai", "America/New_York"):
        cut = cut_of(view, *NEW_YEAR, zone=zone)
        assert when_text(cut, view.reading_of(shanghai), 0.0) == "Wed 2025-01-22"
        assert when_text(cut, view.reading_of(shanghai + 1), 0.0) == "Wed 2025-01-22"


def test_that_intraday_times_follow_the_zone(qtbot: QtBot) -> None:
    del qtbot
    view = view_of(load_calendar("XSHG"), Interval.M5, *NEW_YEAR)
    index = int(np.searchsorted(view.tape.slots.start, parse_when("2025-01-22T09:30", "Asia/Shanghai")[0]))
    cut = cut_of(view, *NEW_YEAR, zone="America/New_York")
    assert when_text(cut, view.reading_of(index), 0.0) == "2025-01-21 20:30–20:35"
    assert zone_tip(cut).startswith("America/New_York; the exchange's time is Asia/Shanghai")


def test_that_the_end_of_what_a_calendar_knows_is_marked(qtbot: QtBot) -> None:
    del qtbot
    known_until = parse_when("2025-02-01", "Asia/Shanghai")[0]
    calendar = dataclasses.replace(load_calendar("XSHG"), known_until=known_until)
    view = view_of(calendar, Interval.D1, *NEW_YEAR)
    cut = cut_of(view, *NEW_YEAR)
    (part,) = cut.unknown
    assert part == (pytest.approx(cut.x.at(float(view.clock.to_x(known_until)))), cut.x.width)
    assert "After 2025-01-31" in axis_tip(cut)
    assert calendar_notes(view.tape) == ["holidays after 2025-01-31 are not known"]
    last = view.reading_of(len(view.tape.slots) - 1)
    assert when_text(cut, last, 0.0).endswith("(assumed)")
    assert "assumed" not in when_text(cut, view.reading_of(0), 0.0)


def test_that_what_is_known_or_never_closes_bears_no_mark(qtbot: QtBot) -> None:
    del qtbot
    for code in ("XSHG", "24/7"):
        cut = cut_of(view_of(load_calendar(code), Interval.D1, *NEW_YEAR), *NEW_YEAR)
        assert (cut.unknown, axis_tip(cut), calendar_notes(cut.view.tape)) == ([], "", [])


def test_that_an_unknown_suffix_says_that_its_time_is_plain(qtbot: QtBot) -> None:
    del qtbot
    from core.clock import calendar_for  # noqa: PLC0415

    view = view_of(calendar_for("ABC.QQ"), Interval.D1, *NEW_YEAR)
    assert calendar_notes(view.tape) == ["no calendar for '.QQ': plain time"]
