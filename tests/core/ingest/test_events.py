"""Events from tables and ICS calendars: every row is taken or set aside with its reason, at the instant it means."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnknownSubjectError, UsageError
from core.ingest import import_events
from core.ingest.events import link_of
from core.ingest.ics import read_calendar
from core.ingest.values import RowError
from core.marks import Change
from core.model import Concept, Event, Instrument
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.ingest import ImportReport

SHANGHAI = ZoneInfo("Asia/Shanghai")
HORIZON = dt.datetime(2026, 1, 1)  # noqa: DTZ001  in UTC, without its zone


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        opened.put_instrument(Instrument("300792.SZ"))
        opened.put_concept(Concept("Xiaohongshu"))
        yield opened


@pytest.fixture
def read(tmp_path: Path, store: Store) -> Callable[..., ImportReport]:
    """Write a text to a file of some ending and import it for the stock."""

    def run(text: str, ending: str = "csv", subject: str = "300792.SZ", **options: object) -> ImportReport:
        path = tmp_path / f"events.{ending}"
        path.write_bytes(text.encode())
        return import_events(store, [path], subject=subject, cache_dir=tmp_path, **options)  # type: ignore[arg-type]

    return run


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    when = dt.datetime.fromisoformat(text)
    return round((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp() * 1000)


def calendar(*events: str, head: str = "") -> str:
    blocks = "".join(f"BEGIN:VEVENT\r\n{e.strip()}\r\nEND:VEVENT\r\n" for e in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{blocks}END:VCALENDAR\r\n"


# --- tables


def test_that_a_table_is_read_by_its_usual_names(read: Callable[..., ImportReport], store: Store) -> None:
    report = read(
        "date,title,note,url\n"
        "2025-01-10T15:00:00Z,Court hears TikTok,two hours,https://example.org/a\n"
        "2025-01-19T00:00:00-05:00,Ban due,,\n"
    )
    assert (report.read, report.added, report.rejected) == (2, 2, 0)
    assert store.events("300792.SZ") == [
        Event(at("2025-01-10T15:00:00+00:00"), "Court hears TikTok", "two hours", "https://example.org/a"),
        Event(at("2025-01-19T00:00:00-05:00"), "Ban due"),
    ]


def test_that_a_calendar_exported_as_csv_is_read_with_date_and_clock_put_together(
    read: Callable[..., ImportReport], store: Store
) -> None:
    report = read(
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location\n"
        "Earnings call,01/14/2025,9:30:00 AM,01/14/2025,10:30:00 AM,False,Q4,Hangzhou\n"
        "Listing day,01/13/2025,,01/13/2025,,True,,\n",
        zone="Asia/Shanghai",
    )
    assert report.added == 2
    assert store.events("300792.SZ") == [
        Event(at("2025-01-13"), "Listing day"),
        Event(at("2025-01-14T09:30"), "Earnings call", "Q4"),
    ]


def test_that_chinese_columns_are_known_and_a_date_is_a_day_of_the_exchange(
    read: Callable[..., ImportReport], store: Store
) -> None:
    report = read("日期,事件,说明\n2025年1月14日,小红书概念爆发,涨停\n2025-01-15,二连板,\n")
    assert [(e.time, e.title, e.note) for e in store.events("300792.SZ")] == [
        (at("2025-01-14"), "小红书概念爆发", "涨停"),
        (at("2025-01-15"), "二连板", ""),
    ]
    assert any("Asia/Shanghai" in note for note in report.notes)


def test_that_rows_that_cannot_be_read_are_set_aside_with_their_number(
    read: Callable[..., ImportReport], store: Store
) -> None:
    report = read(
        "time,title\n2025-01-10T15:00Z,one\nsoon,two\n2025-01-11T15:00Z,\n,four\n2025-01-12T15:00Z,five,too,many\n"
    )
    assert [e.title for e in store.events("300792.SZ")] == ["one"]
    assert [(r.row, r.reason) for r in report.rejections] == [
        (2, "'soon' is no time"),
        (3, "it has no title"),
        (4, "it has no time"),
        (5, "it has 4 fields where the header has 2"),
    ]


@pytest.mark.parametrize(
    ("text", "ending", "said"),
    [
        ("when,what\n2025-01-10 15:00,one\n", "csv", "no time zone: name it with --tz"),
        ("a,b\n1,2\n", "csv", "known as the time of an event; it has a, b: name it with --map time=COLUMN"),
        ("time,b\n1,2\n", "csv", "known as the title"),
        ("time,title\n", "csv", "holds no rows"),
        ("", "ics", "is empty"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "ics", "a calendar without events"),
        (calendar("SUMMARY:x\nDTSTART:20250110T150000"), "ics", "no time zone: name it with --tz"),
    ],
)
def test_that_a_file_that_cannot_be_used_says_so_in_one_sentence(
    read: Callable[..., ImportReport], text: str, ending: str, said: str
) -> None:
    report = read(text, ending)
    assert report.added == 0
    assert said in report.failed_files[0].reason


def test_that_columns_can_be_named_and_wrong_names_are_told(read: Callable[..., ImportReport], store: Store) -> None:
    text = "x,y\n2025-01-10T15:00Z,one\n"
    assert read(text, mapping={"time": "x", "title": "y"}).added == 1
    assert "no column 'z'" in read(text, mapping={"time": "z"}).failed_files[0].reason
    with pytest.raises(UsageError, match="fields are time, clock, title, note, url"):
        read(text, mapping={"place": "x"})
    with pytest.raises(UnknownSubjectError, match="no concept or instrument 'nobody'"):
        read(text, subject="nobody")
    assert len(store.events("300792.SZ")) == 1


def test_that_a_file_read_twice_adds_nothing_and_takes_no_note_away(
    read: Callable[..., ImportReport], store: Store
) -> None:
    text = "time,title\n2025-01-10T15:00Z,one\n2025-01-10T15:00Z,one\n"
    assert (read(text).added, read(text).duplicates) == (1, 2)
    store.put_event("300792.SZ", Event(at("2025-01-10T15:00+00:00"), "one", "my own words", "https://e.org"))
    read(text)
    assert [(e.note, e.url) for e in store.events("300792.SZ")] == [("my own words", "https://e.org")]


def test_that_a_row_that_moved_is_known_by_its_id_and_title(read: Callable[..., ImportReport], store: Store) -> None:
    read("id,date,title,note\n1,2025-01-10,Ban due,be there\n2,2025-02-10,Launch,\n")
    report = read("id,date,title\n1,2025-01-19,Ban due\n2,2025-03-10,Another launch\n")
    assert (report.added, report.moved, report.duplicates) == (1, 1, 0)
    assert report.notes[-1] == "'Ban due' moved from 2025-01-09 16:00 UTC to 2025-01-18 16:00 UTC."
    assert [(e.title, e.note) for e in store.events("300792.SZ")] == [
        ("Ban due", "be there"),
        ("Launch", ""),
        ("Another launch", ""),
    ]


def test_that_rows_without_an_id_never_make_place_for_others(read: Callable[..., ImportReport], store: Store) -> None:
    read("date,title\n2025-01-10,Earnings\n")
    report = read("date,title\n2025-04-10,Earnings\n")
    assert (report.added, report.moved) == (1, 0)
    assert len(store.events("300792.SZ")) == 2


def test_that_a_dry_run_stores_nothing(read: Callable[..., ImportReport], store: Store) -> None:
    assert read("time,title\n2025-01-10T15:00Z,one\n", dry_run=True, subject="AAPL").added == 1
    assert store.find_subject("AAPL") is None


def test_that_json_lines_are_events_too(read: Callable[..., ImportReport], store: Store) -> None:
    assert read('{"time": 1736521200, "title": "one", "url": "javascript:alert(1)"}\n', "jsonl").added == 1
    assert store.events("300792.SZ") == [Event(1736521200000, "one", "javascript:alert(1)", "")]


@pytest.mark.parametrize(
    "text", ["", "example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "http:// x"]
)
def test_that_only_what_a_browser_may_open_is_a_link(text: str) -> None:
    assert link_of(text) == ""
    assert link_of(" HTTPS://example.org/a?b=1 ") == "HTTPS://example.org/a?b=1"


# --- calendars


def test_that_a_calendar_is_read_with_its_zones_days_and_words(read: Callable[..., ImportReport], store: Store) -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Our Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    report = read(
        calendar(
            "UID:1\r\nSUMMARY:Hearing\\, part 1\r\nDTSTART:20250110T150000Z\r\nDESCRIPTION:first\\nsec\r\n ond\r\n"
            "URL:https://example.org/\r\nLOCATION:Washington",
            "UID:2\r\nSUMMARY:Launch\r\nDTSTART;TZID=Our Zone:20250113T150000",
            "UID:3\r\nSUMMARY:Meeting\r\nDTSTART;TZID=China Standard Time:20250114T090000",
            "UID:4\r\nSUMMARY:Ban due\r\nDTSTART;VALUE=DATE:20250119\r\nDTEND;VALUE=DATE:20250120",
            head=zone,
        ),
        "ics",
    )
    assert (report.read, report.added, report.rejections) == (4, 4, [])
    assert store.events("300792.SZ") == [
        Event(at("2025-01-10T15:00+00:00"), "Hearing, part 1", "Washington\nfirst\nsecond", "https://example.org/"),
        Event(at("2025-01-13T15:00"), "Launch"),
        Event(at("2025-01-14T09:00"), "Meeting"),
        Event(at("2025-01-19"), "Ban due"),
    ]


def test_that_what_a_calendar_states_as_its_zone_holds_for_times_without_one(
    read: Callable[..., ImportReport], store: Store
) -> None:
    read(calendar("SUMMARY:x\r\nDTSTART:20250110T150000", head="X-WR-TIMEZONE:America/New_York\r\n"), "ics")
    assert [e.time for e in store.events("300792.SZ")] == [at("2025-01-10T15:00-05:00")]


def test_that_a_series_keeps_its_local_hour_skips_its_exceptions_and_moves_single_dates(
    read: Callable[..., ImportReport], store: Store
) -> None:
    report = read(
        calendar(
            "UID:w\r\nSUMMARY:Call\r\nDTSTART;TZID=America/New_York:20250224T090000\r\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20250324T235959Z\r\nEXDATE;TZID=America/New_York:20250303T090000\r\n"
            "RDATE;TZID=America/New_York:20250305T120000",
            "UID:w\r\nSUMMARY:Call, late\r\nRECURRENCE-ID;TZID=America/New_York:20250317T090000\r\n"
            "DTSTART;TZID=America/New_York:20250317T110000",
        ),
        "ics",
    )
    assert (report.read, report.added) == (2, 5)
    new_york = ZoneInfo("America/New_York")
    assert [(e.time, e.title) for e in store.events("300792.SZ")] == [
        (at("2025-02-24T09:00", new_york), "Call"),
        (at("2025-03-05T12:00", new_york), "Call"),
        (at("2025-03-10T09:00", new_york), "Call"),  # after the clocks changed
        (at("2025-03-17T11:00", new_york), "Call, late"),
        (at("2025-03-24T09:00", new_york), "Call"),
    ]


def test_that_an_event_that_moved_or_got_another_name_in_its_calendar_moves_here(
    read: Callable[..., ImportReport], store: Store
) -> None:
    ruling = "UID:1\r\nSUMMARY:Ruling\r\nDESCRIPTION:by noon\r\nDTSTART:{}Z"
    read(calendar(ruling.format("20250117T150000"), "UID:2\r\nSUMMARY:Oath\r\nDTSTART:20250120T170000Z"), "ics")
    moved = read(calendar("UID:1\r\nSUMMARY:Ruling\r\nDTSTART:20250118T150000Z"), "ics")
    assert (moved.added, moved.moved, moved.duplicates) == (0, 1, 0)
    called = read(calendar("UID:2\r\nSUMMARY:Inauguration\r\nDTSTART:20250120T170000Z"), "ics")
    assert called.notes == ["'Oath' is called 'Inauguration' now."]
    assert store.events("300792.SZ") == [
        Event(at("2025-01-18T15:00:00+00:00"), "Ruling", "by noon"),
        Event(at("2025-01-20T17:00:00+00:00"), "Inauguration"),
    ]


def test_that_what_the_user_changed_is_left_alone(read: Callable[..., ImportReport], store: Store) -> None:
    read(calendar("UID:1\r\nSUMMARY:Ruling\r\nDTSTART:20250117T150000Z"), "ics")
    old = store.events("300792.SZ")[0]
    own = Event(old.time, "Ruling, as I see it")
    store.change_marks([Change("300792.SZ", old, own)])
    assert read(calendar("UID:1\r\nSUMMARY:Ruling\r\nDTSTART:20250118T150000Z"), "ics").added == 1
    assert own in store.events("300792.SZ")


def test_that_days_recur_as_days_and_an_exception_of_a_day_holds_for_its_time(
    read: Callable[..., ImportReport], store: Store
) -> None:
    read(
        calendar(
            "UID:a\r\nSUMMARY:Day\r\nDTSTART;VALUE=DATE:20250113\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
            "EXDATE;VALUE=DATE:20250114",
            "UID:b\r\nSUMMARY:Time\r\nDTSTART:20250113T010000Z\r\nRRULE:FREQ=DAILY;UNTIL=20250115\r\n"
            "EXDATE;VALUE=DATE:20250114",
        ),
        "ics",
    )
    assert [(e.time, e.title) for e in store.events("300792.SZ")] == [
        (at("2025-01-13"), "Day"),
        (at("2025-01-13T01:00+00:00"), "Time"),
        (at("2025-01-15"), "Day"),
        (at("2025-01-15T01:00+00:00"), "Time"),
    ]


def test_that_what_never_ends_is_followed_to_the_horizon_and_said(read: Callable[..., ImportReport]) -> None:
    endless = "UID:a\r\nSUMMARY:Monthly\r\nDTSTART:20250113T010000Z\r\nRRULE:FREQ=MONTHLY"
    hourly = "UID:b\r\nSUMMARY:Hourly\r\nDTSTART:20200113T010000Z\r\nRRULE:FREQ=HOURLY"
    report = read(calendar(endless, hourly), "ics")
    assert 24 <= report.added - 1000 <= 120
    assert [note.split("'")[1] for note in report.notes] == ["Monthly", "Hourly"]


def test_that_a_rule_that_never_comes_true_ends_all_the_same(read: Callable[..., ImportReport]) -> None:
    never = "SUMMARY:x\r\nDTSTART:20250113T010000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    assert read(calendar(never), "ics").added == 1  # the first, which the rule does not ask


def test_that_broken_events_cost_no_other_and_are_numbered_as_the_file_has_them(tmp_path: Path) -> None:
    text = calendar(
        "SUMMARY:good\r\nDTSTART:20250110T150000Z",
        "SUMMARY:no time",
        "SUMMARY:bad time\r\nDTSTART:soon",
        "DTSTART:20250110T150000Z",
        "SUMMARY:off\r\nSTATUS:CANCELLED\r\nDTSTART:20250110T150000Z",
        "SUMMARY:nowhere\r\nDTSTART;TZID=Atlantis/Deep:20250110T150000",
        "SUMMARY:often\r\nDTSTART:20250110T150000Z\r\nRRULE:FREQ=SECONDLY",
        "SUMMARY:no rule\r\nDTSTART:20250110T150000Z\r\nRRULE:FREQ=SOMETIMES",
        "SUMMARY:good too\r\nDTSTART:20250111T150000Z\r\nthis is no line",
    )
    path = tmp_path / "c.ics.gz"
    path.write_bytes(gzip.compress(text.removesuffix("END:VCALENDAR\r\n").encode() + b"BEGIN:VEVENT\r\nSUMMARY:cut"))
    found = read_calendar(path, HORIZON)
    reasons = {number: str(read) for number, read in found.events.items() if isinstance(read, RowError)}
    titles = {number: [o.title for o in read] for number, read in found.events.items() if isinstance(read, list)}
    assert titles == {1: ["good"], 9: ["good too"]}
    assert reasons[2] == "it has no DTSTART"
    assert reasons[3].startswith("its DTSTART cannot be read")
    assert reasons[4] == "it has no SUMMARY"
    assert reasons[5] == "it was cancelled"
    assert reasons[6] == "its time zone 'Atlantis/Deep' is not known"
    assert "secondly" in reasons[7]
    assert reasons[8].startswith("its RRULE cannot be read")
    assert reasons[10] == "it has no END:VEVENT"
    assert list(found.events) == list(range(1, 11))


@given(
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2025, 1, 1)),  # noqa: DTZ001  local, as a rule counts
    st.integers(1, 30),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London"]),
)
def test_that_a_daily_series_is_every_day_at_its_local_time(start: dt.datetime, count: int, zone: str) -> None:
    from icalendar import Event as Component  # noqa: PLC0415

    from core.ingest.recurrence import occurrences  # noqa: PLC0415

    first = start.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    component = Component.from_ical(f"BEGIN:VEVENT\r\nRRULE:FREQ=DAILY;COUNT={count}\r\nEND:VEVENT\r\n")
    found, cut = occurrences(component, first, dt.datetime(2026, 1, 1))  # type: ignore[arg-type]  # noqa: DTZ001
    assert found == [first + dt.timedelta(days=k) for k in range(count)]
    assert not cut
