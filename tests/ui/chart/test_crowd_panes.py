"""The panes of the crowd: every measure is drawn, says what it is, and asks for what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.layout import Layout, PaneSpec
from core.model import Metric, MetricKind
from core.rollup import Rollup
from core.series import MetricSeries
from core.timeline import Tape, View
from core.timeline.audience import Audience
from core.timeline.request import CrowdKey
from core.voices import Voices
from ui.chart.cut import make_cut, newest_reading
from ui.chart.ink import Ink
from ui.chart.panes import KINDS, needs_of
from ui.chart.panes.metric import MetricPane
from ui.chart.panes.posts import PostsPane
from ui.chart.panes.sentiment import SentimentPane
from ui.theme import load_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.chart.cut import Cut
    from ui.chart.panes import Pane

DAY = 86_400_000
ONCE = CrowdKey(once=True, languages=("zh",))


@pytest.fixture
def full(tapes: Callable[..., Tape]) -> Tape:
    """A year of bars with posts every day, of three authors, and a curve of its own for Chinese texts."""
    tape = tapes(240)
    end = tape.slots.end[:]
    times = np.sort(np.concatenate([end - 3_600_000 * k for k in range(1, 6)]))
    random = np.random.default_rng(5)
    scores = random.uniform(-1, 1, len(times))
    voices = Voices(
        times, (np.arange(len(times)) % 4).astype(np.uint64), np.full(len(times), -1), np.full(len(times), 100),
        np.arange(len(times)), np.rint(scores * 10_000).astype(np.int16), np.ones(len(times), np.bool_),
    )  # fmt: skip
    crowd = Rollup.of(times, scores, np.arange(len(times)) % 2 == 1)
    return Tape(
        tape.subject, tape.interval, tape.calendar, tape.slots, tape.candles, crowd, provenance=tape.provenance,
        crowds={ONCE: Rollup.of(times[::3], scores[::3])},
        audiences={CrowdKey(): Audience(voices, tape.slots)},
        metrics=(MetricSeries(Metric("reads", MetricKind.COUNTER), end[::5], np.arange(48.0) ** 2),),
    )  # fmt: skip


def cut_of(pane: Pane, view: View, height: float = 120) -> Cut:
    assert view.extent is not None
    cut = make_cut(view, *view.extent, 900)
    pane.turn_to(view.tape)
    pane.prepare(cut, height)
    return cut


def legend_of(pane: Pane, view: View, cut: Cut) -> str:
    reading = newest_reading(cut)
    assert reading is not None
    lines = pane.legend(view, reading, Ink(load_theme("dark")), "en")
    return " ".join(s.text for s in lines[0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "[−"),
        ({"half_life": 72.0}, "half-life 3 days"),
        ({"measure": "balance"}, "Bulls minus bears"),
        ({"measure": "balance", "half_life": 24.0}, "weight"),
        ({"measure": "dispersion"}, "Dispersion"),
        ({"measure": "dispersion", "half_life": 24.0}, "half-life 1 day"),
        ({"measure": "reach"}, "Mean weighted by reach Followers"),
        ({"measure": "reach", "reach": "engagement"}, "Likes, comments and shares"),
        ({"measure": "zscore"}, "against 6"),
        ({"measure": "zscore", "half_life": 24.0, "window": 30}, "30 days"),
        ({"languages": ("zh",), "once": True}, "Chinese each text once"),
    ],
)
def test_that_every_measure_of_the_mood_is_drawn_and_named(
    qtbot: QtBot, full: Tape, lay: Callable[..., View], options: dict[str, object], words: str
) -> None:
    del qtbot
    view = lay(full)
    pane = SentimentPane(PaneSpec("sentiment", "s", options))  # type: ignore[arg-type]
    cut = cut_of(pane, view)
    assert pane.y is not None
    assert words in legend_of(pane, view, cut)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Posts 5 60 % echo"),
        ({"measure": "authors"}, "Authors 3"),
        ({"measure": "followers"}, "Followers 500 known of 5 of 5 posts"),
        ({"measure": "views"}, "– known of 0 of 5 posts"),
        ({"measure": "engagement"}, "Likes, comments and shares"),
        ({"measure": "surprise"}, "against 12 weeks"),
    ],
)
def test_that_every_measure_of_attention_is_drawn_and_named(
    qtbot: QtBot, full: Tape, lay: Callable[..., View], options: dict[str, object], words: str
) -> None:
    del qtbot
    view = lay(full)
    pane = PostsPane(PaneSpec("posts", "p", options))  # type: ignore[arg-type]
    cut = cut_of(pane, view)
    assert pane.y is not None
    assert words in legend_of(pane, view, cut)


def test_that_panes_ask_for_the_curves_and_the_audiences_they_draw() -> None:
    layout = Layout((
        PaneSpec("sentiment", "a"),
        PaneSpec("sentiment", "b", {"languages": ("zh",), "once": True}),
        PaneSpec("posts", "c", {"measure": "authors"}),
        PaneSpec("sentiment", "d", {"scorer": "crowd", "measure": "reach"}),
    ))  # fmt: skip
    needs = needs_of(layout)
    assert needs.crowds == {ONCE, CrowdKey(scorer="crowd")}
    assert needs.audiences == {CrowdKey(), CrowdKey(scorer="crowd")}


@pytest.mark.parametrize("spec", [
    PaneSpec("sentiment", "s", {"sources": ("nowhere",)}),
    PaneSpec("posts", "p", {"sources": ("nowhere",), "measure": "authors"}),
])  # fmt: skip
def test_that_a_pane_whose_posts_are_still_being_read_says_so(
    qtbot: QtBot, full: Tape, lay: Callable[..., View], spec: PaneSpec
) -> None:
    del qtbot
    view, pane = lay(full), KINDS[spec.kind](spec)
    cut = cut_of(pane, view)
    assert pane.y is None
    assert pane.empty_text("X") == "Reading …"
    assert "Reading …" in legend_of(pane, view, cut)


def test_that_means_of_too_few_posts_make_a_line_of_their_own(
    qtbot: QtBot, full: Tape, lay: Callable[..., View]
) -> None:
    del qtbot
    view = lay(full)
    firm = SentimentPane(PaneSpec("sentiment", "s", {"least": 1}))
    faint = SentimentPane(PaneSpec("sentiment", "s", {"least": 6}))
    cut_of(firm, view)
    cut_of(faint, view)
    assert (len(firm._line._x), len(firm._faint._x)) == (240, 2)  # the ends of a line count as its neighbours' edges
    assert (len(faint._line._x), len(faint._faint._x)) == (0, 240)


@pytest.mark.parametrize("height", [70, 90, 120, 300])
def test_that_an_axis_has_at_least_two_labels(
    qtbot: QtBot, full: Tape, lay: Callable[..., View], height: float
) -> None:
    del qtbot
    pane = SentimentPane()
    for top in (0.7, 0.9, 1.0):
        cut_of(pane, lay(full), height)
        pane.manual = (-0.4, top)
        pane.prepare(make_cut(lay(full), *(lay(full).extent or (0, 1)), 900), height)
        assert pane.y is not None
        assert sum(6.5 <= pane.y.at(t) <= height - 6.5 for t in pane.ticks) > 1


def test_that_a_fading_mean_is_faint_where_little_weight_is_left(
    qtbot: QtBot, full: Tape, lay: Callable[..., View]
) -> None:
    del qtbot
    view = lay(full)
    firm = SentimentPane(PaneSpec("sentiment", "s", {"half_life": 24.0, "least": 1}))
    faint = SentimentPane(PaneSpec("sentiment", "s", {"half_life": 24.0, "least": 1000}))
    cut_of(firm, view)
    cut_of(faint, view)
    assert (len(firm._curve._line._x), len(firm._pale._line._x)) == (240, 0)
    assert (len(faint._curve._line._x), len(faint._pale._line._x)) == (0, 240)


@pytest.mark.parametrize(
    ("options", "words", "high"),
    [({}, "reads", None), ({"show": "growth"}, "Growth +93", 93.0), ({"show": "rate"}, "Growth a day +13", 93 / 7)],
)
def test_that_a_counter_is_shown_as_it_stands_or_as_it_grows(
    qtbot: QtBot, full: Tape, lay: Callable[..., View], options: dict[str, object], words: str, high: float | None
) -> None:
    del qtbot
    view = lay(full)
    pane = MetricPane(PaneSpec("metric", "m", {"metric": "reads", **options}))  # type: ignore[dict-item]
    cut = cut_of(pane, view)
    assert pane.y is not None
    assert high is None or pane.y.high == pytest.approx(high)
    reading = view.reading_of(235)
    lines = pane.legend(view, reading, Ink(load_theme("dark")), "en")
    assert words in " ".join(s.text for s in lines[0])
    assert cut.frame.size == 1


def test_that_a_level_may_be_logarithmic_and_inverted(qtbot: QtBot, full: Tape, lay: Callable[..., View]) -> None:
    del qtbot
    pane = MetricPane(PaneSpec("metric", "m", {"metric": "reads", "log": "yes", "inverted": "yes"}))
    view = lay(full)
    assert view.extent is not None
    pane.turn_to(full)
    pane.prepare(make_cut(view, float(view.left[50]), view.extent[1], 900), 120)
    assert pane.y is not None
    assert pane.y.at(500.0) < pane.y.at(2000.0)
