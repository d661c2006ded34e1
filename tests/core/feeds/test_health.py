from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from core.feeds import FeedHealth, OfflineError, RateLimitError, ServiceError, State
from core.feeds.health import clock_time
from core.model import DAY_MS, HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from core.errors import FeedError

NOW = int(dt.datetime(2025, 1, 14, 6, 3, tzinfo=dt.UTC).timestamp()) * 1000
ZONE = "Asia/Shanghai"  # 14:03 there


class Small:
    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.kept.get(key)

    def put(self, key: str, value: Any) -> None:
        self.kept[key] = value


def test_that_a_rate_limit_is_told_in_the_users_zone_with_the_age_of_what_is_shown() -> None:
    seen = FeedHealth("Yahoo").succeeded(NOW - 4 * HOUR_MS - 32 * MINUTE_MS, "")
    health = seen.failed(RateLimitError("Yahoo asks us to wait", retry_after=2 * MINUTE_MS), NOW, "")
    assert health.state is State.WAITING
    assert health.sentence(NOW, ZONE) == "Yahoo asks us to wait until 14:05; showing prices of 09:31."
    assert health.sentence(health.until, ZONE).startswith("Yahoo asked us to wait until 14:05;")
    assert health.sentence(NOW, "UTC") == "Yahoo asks us to wait until 06:05; showing prices of 01:31."


def test_that_a_sentence_says_so_where_no_prices_are_stored_and_names_another_day() -> None:
    health = FeedHealth("Yahoo").failed(OfflineError("Yahoo cannot be reached"), NOW, "")
    assert health.sentence(NOW, ZONE) == (
        "Yahoo cannot be reached; trying again at 14:03:05; no prices are stored yet."
    )
    assert "2025-01-12 14:03" in health.sentence(NOW, ZONE, NOW - 2 * DAY_MS)
    assert FeedHealth("Yahoo").sentence(NOW, ZONE) == ""


@pytest.mark.parametrize(
    ("error", "first", "longest"),
    [
        (RateLimitError("wait"), MINUTE_MS, 2 * HOUR_MS),
        (ServiceError("502"), 15_000, 15 * MINUTE_MS),
        (OfflineError("no route"), 5_000, MINUTE_MS),
    ],
)
def test_that_each_trouble_in_a_row_doubles_the_hold_up_to_a_bound(error: FeedError, first: int, longest: int) -> None:
    health, holds = FeedHealth("Yahoo"), list[int]()
    for _ in range(60):
        health = health.failed(error, NOW, "")
        holds.append(health.until - NOW)
    assert holds[:3] == [first, 2 * first, 4 * first]
    assert max(holds) == holds[-1] == longest
    assert health.succeeded(NOW, "").failed(error, NOW, "").until - NOW == first


def test_that_the_services_own_wish_counts_but_not_beyond_a_day() -> None:
    health = FeedHealth("Yahoo")
    assert health.failed(RateLimitError("w", retry_after=90 * MINUTE_MS), NOW, "").until == NOW + 90 * MINUTE_MS
    assert health.failed(RateLimitError("w", retry_after=30 * DAY_MS), NOW, "").until == NOW + DAY_MS


def test_that_a_hold_binds_only_its_route_and_ends() -> None:
    health = FeedHealth("Yahoo").failed(RateLimitError("wait"), NOW, "")
    assert health.holds(NOW + 1, "")
    assert not health.holds(NOW + 1, "another proxy")
    assert not health.holds(health.until, "")


def test_that_a_clock_set_back_by_years_does_not_hold_for_ever() -> None:
    health = FeedHealth("Yahoo").failed(RateLimitError("wait"), NOW, "")
    assert not health.holds(NOW - 400 * DAY_MS, "")


def test_that_the_state_survives_being_kept() -> None:
    small = Small()
    health = FeedHealth("Yahoo").succeeded(NOW - 1, "p").failed(RateLimitError("wait"), NOW, "p")
    health.save(small)
    assert FeedHealth.load(small, "Yahoo") == health


@pytest.mark.parametrize(
    "kept", [None, 3, "x", {}, {"state": "odd", "since": 1}, {"state": "ok", "since": "x", "until": 0, "failures": 0}]
)
def test_that_a_damaged_record_is_a_fresh_start(kept: Any) -> None:
    small = Small()
    small.put("feeds/yahoo/health", kept)
    assert FeedHealth.load(small, "Yahoo") == FeedHealth("Yahoo")


def test_that_times_before_1970_can_be_shown() -> None:
    assert clock_time(-DAY_MS, NOW, "UTC") == "1969-12-31 00:00"
