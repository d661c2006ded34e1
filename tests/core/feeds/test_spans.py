from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.feeds.spans import Span, missing, pieces, union

_INSTANT = st.integers(-20, 20)
_SPAN = st.tuples(_INSTANT, _INSTANT)


def _points(spans: list[Span]) -> set[int]:
    return {t for a, b in spans for t in range(a, b)}


@given(st.lists(_SPAN))
def test_that_a_union_holds_the_same_instants_in_order_and_apart(spans: list[Span]) -> None:
    merged = union(spans)
    assert _points(merged) == _points(spans)
    assert all(a < b for a, b in merged)
    assert all(x[1] < y[0] for x, y in itertools.pairwise(merged))


@given(_SPAN, st.lists(_SPAN))
def test_that_what_is_missing_is_the_difference(wanted: Span, covered: list[Span]) -> None:
    gaps = missing(wanted, covered)
    assert _points(gaps) == _points([wanted]) - _points(covered)
    assert all(x[1] < y[0] for x, y in itertools.pairwise(gaps))


@given(_SPAN, st.one_of(st.none(), st.integers(1, 50)))
def test_that_pieces_cover_a_span_without_gap_or_overlap(span: Span, longest: int | None) -> None:
    parts = pieces(span, longest)
    assert [t for a, b in parts for t in range(a, b)] == list(range(*span))
    assert all(longest is None or b - a <= longest for a, b in parts)
