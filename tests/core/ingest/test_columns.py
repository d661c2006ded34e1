"""Columns of cells: what is quick for many says the same as what is asked for one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ingest.formats.base import Context
from core.ingest.formats.columns import cells_of, getter, identifiers, instants, texts
from core.ingest.formats.generic import GENERIC
from core.ingest.values import RowError, clean_text, identifier, parse_time

CELLS = st.lists(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([" a ", "a&amp;amp;b", "\0", "\ud800", "１２", "12.0", "1e+18", "00012", ""])
)
TIMES = st.lists(st.sampled_from(["2025-01-13T10:00:00Z", 1736762400, "13/1/2025", "", None, "never", 5e30, True]))


@given(CELLS)
def test_that_texts_and_ids_of_a_column_are_those_of_its_cells(cells: list[object]) -> None:
    assert texts(cells) == [clean_text(cell) for cell in cells]
    assert identifiers(cells) == [identifier(cell) for cell in cells]


@given(TIMES)
def test_that_a_cell_that_is_no_time_leaves_its_error_and_the_others_their_instants(cells: list[object]) -> None:
    found, errors = instants(cells, None, None)
    assert len(found) == len(cells)
    for place, cell in enumerate(cells):
        if place in errors:
            with pytest.raises(RowError, match=re.escape(errors[place])):
                parse_time(cell)
        else:
            assert parse_time(cell) == found[place]


def test_that_the_first_cell_that_is_not_empty_counts_also_within_a_record() -> None:
    rows = [{"a": "", "b": {"c": 1}}, {"a": 2}, {"a": None, "b": 3}, {"b.c": 4}]
    assert cells_of(["a", "b.c"])(rows) == [1, 2, None, 4] == [getter(["a", "b.c"])(row) for row in rows]
    assert cells_of(["a"])(rows) == ["", 2, None, None]


def test_that_rows_with_errors_are_left_out_of_every_column() -> None:
    read = GENERIC.reader(["id", "time", "text", "likes"], Context("posts.csv", source="x"))
    rows = [{"id": str(n), "time": time, "text": f"t{n}", "likes": n} for n, time in enumerate([1736762400, "?", 1e9])]
    posts, errors = read(rows)
    assert list(errors) == [1]
    assert {len(column) for column in posts} == {2}
    assert (posts.native, posts.text, posts.likes) == (["0", "2"], ["t0", "t2"], [0, 2])
    assert {len(column) for column in read([]).columns} == {0}
