from __future__ import annotations

import pytest

from ui.charts.arrangement import MOST, Arrangement, with_count


@pytest.mark.parametrize("arrangement", list(Arrangement))
def test_that_every_chart_stands_in_one_place(arrangement: Arrangement) -> None:
    numbers = [number for group in arrangement.groups for number in group]
    assert sorted(numbers) == list(range(arrangement.charts))


@pytest.mark.parametrize("before", list(Arrangement))
@pytest.mark.parametrize("count", range(MOST + 2))
def test_that_there_is_an_arrangement_of_every_number(count: int, before: Arrangement) -> None:
    found = with_count(count, before)
    assert found.charts == min(max(count, 1), MOST)
    assert found is before or found.charts != before.charts
