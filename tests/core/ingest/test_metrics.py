from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.errors import UnknownSubjectError, UsageError
from core.ingest import import_metrics
from core.model import Concept, MetricKind
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.series import MetricSeries


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        opened.put_concept(Concept("Xiaohongshu"))
        yield opened


def series(store: Store) -> dict[str, MetricSeries]:
    return {s.metric.name: s for s in store.metrics("Xiaohongshu")}


def test_that_weibos_hot_search_becomes_four_metrics(shared: Path, store: Store) -> None:
    file = shared / "rednote-2025" / "weibo_topics.jsonl"
    report = import_metrics(store, [file], subject="xiaohongshu", metric="Weibo")
    assert (report.read, report.added, report.rejected) == (569, 569, 0)
    found = series(store)
    assert {name: s.metric.kind for name, s in found.items()} == {
        "Weibo rank": MetricKind.RANK, "Weibo heat": MetricKind.LEVEL,
        "Weibo reads": MetricKind.COUNTER, "Weibo discussions": MetricKind.COUNTER,
    }  # fmt: skip
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    best: dict[str, int] = {}
    for row in rows:
        best[row["snapshot_at"]] = min(row["rank"], best.get(row["snapshot_at"], 99))
    assert len(found["Weibo rank"].value) == len(best)
    assert sorted(found["Weibo rank"].value) == sorted(best.values())
    assert len(found["Weibo reads"].value) == len({r["snapshot_at"] for r in rows if r["read_count"] is not None})
    again = import_metrics(store, [file], subject="Xiaohongshu", metric="Weibo")
    assert (again.added, again.duplicates) == (0, 569)


def test_that_app_store_ranks_keep_their_charts_apart(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "ranks.csv"
    file.write_text(
        "date,country,device,chart,genre,rank,app_id,app_name\n"
        "2025-01-12,us,iphone,free,overall,209,741292507,rednote\n"
        "2025-01-14,us,iphone,free,overall,1,741292507,rednote\n"
        "2025-01-14,us,iphone,free,social,2,741292507,rednote\n"
        "2025-01-15,us,iphone,free,overall,,741292507,rednote\n"
        "2025-01-16,us,iphone,free,overall,0,741292507,rednote\n"
    )
    report = import_metrics(store, [file], subject="Xiaohongshu", metric="US App Store rank")
    assert (report.read, report.added, report.rejected) == (5, 3, 1)
    found = series(store)["US App Store rank"]
    assert found.metric.kind is MetricKind.RANK
    assert found.value.tolist() == [209, 1]
    # A date stands for the end of its day in Beijing, when its rank was known.
    assert found.time[0] == 1736697599000


def test_that_any_time_and_value_make_a_metric(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "m.csv"
    file.write_text("when,n\n2025-01-14T00:00:00Z,7.6万\n2025-01-15T00:00:00Z,\n2025-01-16T00:00:00Z,many\n")
    assert "--map time" in import_metrics(store, [file], subject="Xiaohongshu", metric="m").failed_files[0].reason
    report = import_metrics(
        store, [file], subject="Xiaohongshu", metric="topic views", mapping={"time": "when", "value": "n"}
    )
    assert (report.read, report.added, report.rejected) == (3, 1, 1)
    found = series(store)["topic views"]
    assert found.metric.kind is MetricKind.COUNTER
    assert found.value.tolist() == [76_000]


def test_that_lower_bounds_are_told(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "m.csv"
    file.write_text("time,views\n2025-01-14T00:00:00Z,7.6万+\n2025-01-15T00:00:00Z,\n2025-01-16T00:00:00Z,+80000\n")
    report = import_metrics(store, [file], subject="Xiaohongshu", metric="topic")
    assert series(store)["topic"].value.tolist() == [76_000, 80_000]
    assert [note for note in report.notes if "Lower" in note] == [
        "Lower bounds in views of 'm.csv' (such as 10+) were taken as the number: 1 of 2 values."
    ]


def test_that_the_kind_can_be_given_and_several_columns_are_several_metrics(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text('{"time": 1736827680, "heat": 5.5, "views": 10}\n{"time": 1736827740, "heat": null, "views": 12}\n')
    import_metrics(store, [file], subject="Xiaohongshu", metric="T", kind=MetricKind.LEVEL)
    found = series(store)
    assert found["T heat"].value.tolist() == [5.5]
    assert found["T views"].metric.kind is MetricKind.LEVEL


def test_that_wrong_use_is_told(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "m.csv"
    file.write_text("time,value\n2025-01-14 10:00,5\n")
    assert "--tz" in import_metrics(store, [file], subject="Xiaohongshu", metric="m").failed_files[0].reason
    with pytest.raises(UnknownSubjectError):
        import_metrics(store, [file], subject="Nobody knows", metric="m")
    with pytest.raises(UsageError):
        import_metrics(store, [file], subject="Xiaohongshu", metric=" ")
    with pytest.raises(UsageError, match="item"):
        import_metrics(store, [file], subject="Xiaohongshu", metric="m", mapping={"colour": "value"})
