"""Calendars are computed once, before a property's deadline runs."""

from __future__ import annotations

import pytest

from core.clock import closure_table, load_calendar, merge


@pytest.fixture(scope="session", autouse=True)
def calendars_in_memory() -> None:
    for code in ("XNYS", "XSHG", "XHKG", "XLON", "XTKS", "24/7", "24/5", "us_futures"):
        load_calendar(code)
    for codes in (("XSHG", "XNYS"), ("XLON", "XHKG")):
        closure_table(merge(tuple(load_calendar(c) for c in codes)))
