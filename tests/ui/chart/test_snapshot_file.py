from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError
from ui.chart.snapshot_file import ChartsRecord, SnapshotRecord, read_record, read_records, sidecar_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not json", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "no snapshot of Crowdtape"),
        ('{"format": "crowdtape snapshot", "version": 99}', "newer Crowdtape"),
        ('{"format": "crowdtape snapshot", "version": 1}', "damaged"),
        ('{"format": "crowdtape snapshot", "version": 1, "subject": "A", "start": "x", "end": 2}', "damaged"),
        ('{"format": "crowdtape snapshot", "version": 1, "subject": "A", "start": 5, "end": 2}', "damaged"),
        (
            '{"format": "crowdtape snapshot", "version": 1, "subject": "A", "start": 1, "end": 2, "mode": "q"}',
            "damaged",
        ),
    ],
)
def test_that_a_bad_record_is_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "chart.json"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_record(path)


def test_that_a_missing_record_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be restored"):
        read_record(tmp_path / "chart.png")


@pytest.mark.parametrize(
    "content",
    [
        '{"format": "crowdtape charts", "version": 1}',
        '{"format": "crowdtape charts", "version": 1, "arrangement": "one", "charts": []}',
        '{"format": "crowdtape charts", "version": 1, "arrangement": "one", "charts": ["x"]}',
        '{"format": "crowdtape charts", "version": 1, "arrangement": "one", "charts": [{"subject": "A"}]}',
    ],
)
def test_that_a_bad_record_of_all_charts_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "charts.json"
    path.write_text(content)
    with pytest.raises(InputError, match="damaged"):
        read_records(path)


def test_that_the_record_of_all_charts_is_read_as_it_was_written(tmp_path: Path) -> None:
    charts = (SnapshotRecord("AAPL", 1, 2), SnapshotRecord("META", 3, 4, mode="wall"))
    record = ChartsRecord("beside", charts, ((0.4, 0.6), (1.0,)), ("range",))
    path = sidecar_path(tmp_path / "charts.png")
    path.write_text(record.to_json())
    assert read_records(path) == record
    with pytest.raises(InputError, match="several charts"):
        read_record(path)


def test_that_fields_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    record = SnapshotRecord("AAPL", 1, 2)
    path = sidecar_path(tmp_path / "chart.svg")
    path.write_text(json.dumps({**json.loads(record.to_json()), "later": 1}))
    assert read_record(path) == record
