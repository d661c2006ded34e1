"""Lines as paths, against pyqtgraph's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyqtgraph.functions import arrayToQPath
from PySide6.QtGui import QPainterPath

from ui.chart.arrays import make_path

POINTS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.booleans()), min_size=2, max_size=40)


@given(POINTS)
def test_that_a_line_with_gaps_is_pyqtgraphs(points: list[tuple[float, float, bool]]) -> None:
    x, y, joined = (np.array(column) for column in zip(*points, strict=True))
    theirs = arrayToQPath(x, y, connect=joined.astype(np.int32), finiteCheck=False)  # pyright: ignore[reportArgumentType]
    assert make_path(x, y, joined) == theirs


@given(POINTS)
def test_that_a_line_without_gaps_is_pyqtgraphs(points: list[tuple[float, float, bool]]) -> None:
    x, y, _ = (np.array(column) for column in zip(*points, strict=True))
    assert make_path(x, y) == arrayToQPath(x, y, connect="all", finiteCheck=False)


def test_that_no_points_make_an_empty_path() -> None:
    assert make_path(np.empty(0), np.empty(0)) == QPainterPath()
