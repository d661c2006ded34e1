"""Market calendars and the session clock: when exchanges are open, and where an instant stands on the chart."""

from core.clock.calendars import CODES, Calendar, cached, calendar_for, load_calendar
from core.clock.clocks import Clock, TradingClock, WallClock, make_clock
from core.clock.closures import KINDS, Closure, ClosureKind, ClosureTable, closure_table, closures
from core.clock.exchanges import EXCHANGES, exchange_of
from core.clock.holiday_names import shown_name
from core.clock.merged import calendar_of, merge, own_ends
from core.clock.sessions import pieces, session_date, session_days, session_index, sessions, slots
from core.clock.ticks import Language, Tick, ticks
from core.clock.zones import day_bounds, format_span, format_time, local_time, parse_when, zone_info

__all__ = [
    "CODES",
    "EXCHANGES",
    "KINDS",
    "Calendar",
    "Clock",
    "Closure",
    "ClosureKind",
    "ClosureTable",
    "Language",
    "Tick",
    "TradingClock",
    "WallClock",
    "cached",
    "calendar_for",
    "calendar_of",
    "closure_table",
    "closures",
    "day_bounds",
    "exchange_of",
    "format_span",
    "format_time",
    "load_calendar",
    "local_time",
    "make_clock",
    "merge",
    "own_ends",
    "parse_when",
    "pieces",
    "session_date",
    "session_days",
    "session_index",
    "sessions",
    "shown_name",
    "slots",
    "ticks",
    "zone_info",
]
