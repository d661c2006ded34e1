"""Studies in panes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.analysis.sources import SOURCES
from core.analysis.studies import STUDIES, study_lines
from core.analysis.study_panes import study_in, study_pane, with_study, without_study
from core.layout import DEFAULT_LAYOUT, StudySpec
from ui.chart.ink import Ink
from ui.chart.pane_widget import PaneWidget
from ui.chart.panes import StudyPane, panes_of
from ui.panes.study_words import STUDY_WORDS
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.timeline import View
    from ui.chart import ChartStack


def test_that_a_study_which_shares_the_axis_lies_over_the_pane() -> None:
    layout = with_study(DEFAULT_LAYOUT, StudySpec("sma"), "price")
    assert [p.kind for p in layout.panes] == ["price", "volume", "sentiment", "posts"]
    assert layout.panes[0].studies == (StudySpec("sma"),)
    layout = with_study(layout, StudySpec("ema", {"period": 9}), "sentiment")
    assert layout.panes[2].studies == (StudySpec("ema", {"period": 9}),)
    assert without_study(layout.panes[2], 0).studies == ()


def test_that_another_study_gets_a_pane_below_and_below_those_before_it() -> None:
    layout = with_study(DEFAULT_LAYOUT, StudySpec("rsi"), "price")
    layout = with_study(layout, StudySpec("macd", {"fast": 5}, "sentiment"), "price")
    layout = with_study(layout, StudySpec("rsi"), "sentiment")
    assert [p.key for p in layout.panes] == [
        "price", "study", "study-2", "volume", "sentiment", "study-3", "posts"
    ]  # fmt: skip
    assert [study_in(layout.panes[i]).source for i in (1, 2, 5)] == ["close", "sentiment", "sentiment"]
    assert study_in(layout.panes[2]).params["fast"] == 5


@pytest.mark.parametrize("kind", list(STUDIES))
def test_that_every_study_can_have_a_pane_with_its_options(
    kind: str, show: Callable[[View | None], ChartStack], view: View
) -> None:
    chart = show(view)
    chart.set_layout(DEFAULT_LAYOUT.added(study_pane(StudySpec(kind, {"period": 3, "slow": 8, "signal": 3}), "study")))
    cut = chart.settle()
    assert cut is not None
    pane = next(w.pane for w in chart.findChildren(PaneWidget) if w.pane.key == "study")
    assert isinstance(pane, StudyPane)
    assert {o.name for o in pane.options} >= {o.name for o in STUDIES[kind].params}
    assert ("source" in {o.name for o in pane.options}) == STUDIES[kind].sourced
    reading = view.reading_of(30)
    (line,) = pane.lines(view, reading, Ink(load_theme("dark")), "en")
    assert line[0].text == pane.name()
    assert len(line) == 1 + len(STUDIES[kind].outputs)
    assert pane.y is not None
    found = study_lines(view.tape, study_in(pane.spec), "close")[0].value_at(30)
    assert pane.y.low <= found <= pane.y.high
    assert not chart.grab().isNull()


def test_that_rsi_has_the_whole_scale_and_its_levels(show: Callable[[View | None], ChartStack], view: View) -> None:
    chart = show(view)
    spec = study_pane(StudySpec("rsi", {"period": 5, "lower": 20.0, "upper": 80.0}), "study")
    chart.set_layout(DEFAULT_LAYOUT.added(spec, "volume"))
    chart.settle()
    pane = next(w.pane for w in chart.findChildren(PaneWidget) if w.pane.key == "study")
    assert pane.y is not None
    assert (pane.y.low, pane.y.high) == (0.0, 100.0)
    assert {20.0, 80.0} <= set(pane.ticks)


def test_that_a_study_of_a_newer_program_is_kept_and_left_out(view: View) -> None:
    layout = DEFAULT_LAYOUT.added(study_pane(StudySpec("rsi"), "study"))
    newer = layout.replaced(layout.panes[-1].with_options(study="wavelet"))
    panes = panes_of(newer, view.tape)
    assert isinstance(panes[4], StudyPane)
    price = newer.panes[0]
    price = type(price)(price.kind, price.key, {}, (StudySpec("wavelet"), StudySpec("sma")))
    (first, *_) = panes_of(newer.replaced(price), view.tape)
    assert [item.spec.kind for item in first.studies.items] == ["sma"]
    assert first.spec.studies[0].kind == "wavelet"


def test_that_every_word_of_core_has_a_translation() -> None:
    words = {s.label for s in STUDIES.values()} | {s.label for s in SOURCES.values()}
    words |= {o.label for s in STUDIES.values() for o in s.params}
    words |= {text for s in STUDIES.values() for o in s.params for _, text in o.choices}
    assert words == set(STUDY_WORDS)
