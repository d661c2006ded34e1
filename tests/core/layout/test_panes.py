from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from core.layout import DEFAULT_LAYOUT, METRIC, Layout, PaneSpec, StudySpec
from core.layout.panes import metric_pane

values = st.one_of(
    st.booleans(),
    st.integers(-1000, 1000),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.text(max_size=6),
    st.lists(st.text(max_size=4), max_size=3).map(tuple),
)
options = st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=3)
studies = st.lists(st.builds(StudySpec, st.text(min_size=1, max_size=4), options, st.text(max_size=4)), max_size=3).map(
    tuple
)
heights = st.integers(0, 9000).map(lambda n: n / 10)
panes = st.builds(PaneSpec, st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5), options, studies, heights)
layouts = st.builds(
    Layout,
    st.lists(panes, min_size=1, max_size=6, unique_by=lambda p: p.key).map(tuple),
    st.frozensets(st.text(max_size=4), max_size=3),
)


@given(layouts)
def test_that_a_layout_comes_back_from_its_json(layout: Layout) -> None:
    assert Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout


@given(st.recursive(st.none() | values, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)))
def test_that_no_json_is_too_strange_to_be_refused(found: object) -> None:
    assert Layout.from_json(found) is None
    assert Layout.from_json({"panes": found}) is None or isinstance(found, list)


@given(layouts, st.data())
def test_that_moving_a_pane_keeps_all_panes_and_the_order_of_the_others(layout: Layout, data: st.DataObject) -> None:
    keys = [p.key for p in layout.panes]
    key, before = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from([*keys, ""]))
    moved = [p.key for p in layout.moved(key, before).panes]
    assert [k for k in moved if k != key] == [k for k in keys if k != key]
    assert sorted(moved) == sorted(keys)
    if before and before != key:
        assert moved[moved.index(key) + 1] == before


def test_that_a_metric_without_a_pane_gets_one_unless_it_is_hidden() -> None:
    shown = [p.key for p in DEFAULT_LAYOUT.shown(["rank", "reads"])]
    assert shown == ["price", "volume", "sentiment", "posts", "metric:rank", "metric:reads"]
    without = DEFAULT_LAYOUT.settled(["rank", "reads"]).removed("metric:rank")
    assert [p.key for p in without.shown(["rank", "reads"])][-1] == "metric:reads"
    assert "metric:rank" in [p.key for p in without.added(metric_pane("rank")).shown(["rank"])]


def test_that_a_pane_of_a_metric_that_the_subject_lacks_is_kept_but_not_shown() -> None:
    layout = DEFAULT_LAYOUT.settled(["rank"])
    assert layout.find("metric:rank") is not None
    assert [p.kind for p in layout.shown([]) if p.kind == METRIC] == []


def test_that_a_maximised_pane_is_shown_alone_until_it_is_gone() -> None:
    layout = DEFAULT_LAYOUT.alone("posts")
    assert [p.key for p in layout.shown(["rank"])] == ["posts"]
    assert len(layout.alone("").shown(["rank"])) == 5
    assert len(layout.removed("posts").shown([])) == 3


def test_that_a_pane_of_a_metric_can_be_maximised_without_naming_the_others() -> None:
    assert [p.key for p in DEFAULT_LAYOUT.alone("metric:rank").shown(["rank", "reads"])] == ["metric:rank"]


def test_that_a_second_pane_of_a_kind_gets_a_key_of_its_own() -> None:
    key = DEFAULT_LAYOUT.free_key("sentiment")
    layout = DEFAULT_LAYOUT.added(PaneSpec("sentiment", key), before="posts")
    assert [p.key for p in layout.panes] == ["price", "volume", "sentiment", key, "posts"]
    assert layout.free_key("sentiment") not in {"sentiment", key}
