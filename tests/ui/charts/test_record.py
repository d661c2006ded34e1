from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Basis, ClockMode, Interval
from ui.charts.record import ChartRecord

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
records = st.builds(
    ChartRecord,
    subject=texts,
    interval=st.sampled_from([str(i) for i in Interval]),
    mode=st.sampled_from([str(m) for m in ClockMode]),
    scorer=texts,
    crowd=texts,
    range=st.sampled_from(["", "1D", "Max"]),
    span=st.none() | st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)),
)


@given(records)
def test_that_a_record_comes_back_as_it_was(record: ChartRecord) -> None:
    assert ChartRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


@pytest.mark.parametrize("span", ["ab", [1], 7])
def test_that_a_damaged_record_is_refused(span: object) -> None:
    with pytest.raises((TypeError, ValueError, LookupError)):
        ChartRecord.from_json({"span": span})


def test_that_options_this_program_does_not_have_are_replaced() -> None:
    record = ChartRecord("AAPL", interval="7m", mode="lunar", scorer="oracle")
    options = record.options(("vader", "crowd"), "crowd", Basis.RAW)
    assert (options.interval, options.mode) == (Interval.D1, ClockMode.TRADING)
    assert (options.scorer, options.basis) == ("crowd", Basis.RAW)
