from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ui.chart.ink import Ink
from ui.chart.legend import fitting
from ui.chart.panes.base import Segment
from ui.theme import load_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

segments = st.lists(st.builds(Segment, st.text("OHLC 0123.", max_size=12), rank=st.integers(0, 4)), max_size=8)


@pytest.fixture
def ink(qapp: QApplication) -> Ink:
    assert qapp
    return Ink(load_theme("dark"))


def _wide(line: list[Segment], ink: Ink) -> float:
    return sum(ink.text_width(s.text, "plain") + s.gap for s in line) - (line[0].gap if line else 0)


@given(line=segments, room=st.floats(0, 600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_a_line_leaves_out_by_rank_and_no_more_than_it_must(line: list[Segment], room: float, ink: Ink) -> None:
    kept = fitting(line, room, ink)
    highest = max((s.rank for s in kept), default=-1)
    left_out = {s.rank for s in line if s.rank > highest}
    assert kept == [s for s in line if s.rank not in left_out]
    assert _wide(kept, ink) <= room or highest <= 0
    if left_out:
        more = [s for s in line if s.rank <= min(left_out)]
        assert _wide(more, ink) > room
