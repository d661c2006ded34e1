"""Metrics and events: what repeats adds nothing, items merge by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.errors import UnknownSubjectError, UsageError
from core.model import Concept, Event, Instrument, Metric, MetricKind

if TYPE_CHECKING:
    from core.store import Store

RANK = Metric("rank", MetricKind.RANK, source="Qimai, as reported")


@pytest.fixture(autouse=True)
def theme(store: Store) -> None:
    store.put_concept(Concept("Theme"))


def test_that_items_at_one_instant_merge_as_the_kind_says(store: Store) -> None:
    for kind, merged in ((MetricKind.RANK, [3, 7]), (MetricKind.LEVEL, [8, 7]), (MetricKind.COUNTER, [8, 7])):
        metric = Metric(kind.value, kind)
        assert store.put_metric("Theme", metric, [20, 10, 10], [7, 5, 3], ["a", "b", "a"]) == 3
        series = next(s for s in store.metrics("theme") if s.metric == metric)
        assert series.time.tolist() == [10, 20]
        assert series.value.tolist() == merged


def test_that_putting_a_metric_twice_adds_nothing_and_a_correction_replaces(store: Store) -> None:
    assert store.put_metric("Theme", RANK, [1, 2], [5.0, 6.0]) == 2
    assert store.put_metric("Theme", RANK, [1, 2, 3], [5.0, 4.0, float("nan")]) == 0
    (series,) = store.metrics("Theme")
    assert series.metric == RANK
    assert series.value.tolist() == [5.0, 4.0]


def test_that_a_metric_keeps_its_citation_and_its_kind(store: Store) -> None:
    store.put_metric("Theme", RANK, [1], [5.0])
    store.put_metric("Theme", Metric("rank", MetricKind.RANK, unit="place"), [2], [5.0])
    assert store.metrics("Theme")[0].metric == Metric("rank", MetricKind.RANK, "place", "Qimai, as reported")
    with pytest.raises(UsageError, match="kept as rank, not as counter"):
        store.put_metric("Theme", Metric("rank", MetricKind.COUNTER), [1], [5.0])


def test_that_metrics_of_subjects_are_apart_and_can_be_dropped(store: Store) -> None:
    store.put_instrument(Instrument("GE"))
    store.put_metric("Theme", RANK, [1], [5.0])
    assert store.metrics("GE") == []
    assert store.drop_metric("Theme", "rank") is not None
    assert store.drop_metric("Theme", "rank") is None
    assert store.metrics("Theme") == []
    with pytest.raises(UnknownSubjectError):
        store.metrics("nobody")


def test_that_a_metric_that_was_dropped_can_be_put_back_item_by_item(store: Store) -> None:
    store.put_metric("Theme", RANK, [20, 10, 10], [7, 5, 3], ["a", "b", "a"])
    dropped = store.drop_metric("Theme", "rank")
    assert dropped is not None
    assert store.put_metric("Theme", *dropped) == 3
    (series,) = store.metrics("Theme")
    assert (series.metric, series.time.tolist(), series.value.tolist()) == (RANK, [10, 20], [3, 7])
    assert store.put_metric("Theme", RANK, [10], [5], ["b"]) == 0


def test_that_an_event_stands_once_and_takes_the_newer_note(store: Store) -> None:
    first = Event(5, "Ban", "note", "https://example.com")
    assert store.put_event("Theme", first)
    assert not store.put_event("Theme", Event(5, "Ban", "better"))
    assert store.put_event("Theme", Event(1, "Hearing"))
    assert store.events("Theme") == [Event(1, "Hearing"), Event(5, "Ban", "better")]
    store.remove_event("Theme", first)
    assert store.events("Theme") == [Event(1, "Hearing")]
