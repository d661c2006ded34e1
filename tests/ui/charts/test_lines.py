"""Lines made beside the window: what a chart shows meanwhile, and what a picture does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import ui.chart.stack
import ui.charts.lines
from core.layout import DEFAULT_LAYOUT, StudySpec
from ui.chart.snapshot import render_image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from core.timeline.lines import Lines
    from ui.main_window import MainWindow
    from ui.tasks import JobContext

STUDY = StudySpec("sma", {"period": 2})


@pytest.fixture
def window(
    store_path: object, make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    del store_path
    monkeypatch.setattr(ui.chart.stack, "FEW_BARS", 0)
    window = make_window()
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let no worker make a line before the event is set."""
    go, make = threading.Event(), ui.charts.lines._make

    def wait_and_make(context: JobContext, lines: Lines) -> None:
        assert go.wait(30)
        make(context, lines)

    monkeypatch.setattr(ui.charts.lines, "_make", wait_and_make)
    yield go
    go.set()


def legend(window: MainWindow) -> str:
    """Return what the price pane says of its studies."""
    chart = window.chart
    cut = chart.settle()
    return " ".join(s.text for s in chart.panes[0].lines(cut.view, chart.newest, chart.ink, cut.language)[-1])


def test_that_a_study_says_that_it_is_computed_until_its_line_is_there(
    window: MainWindow, held: threading.Event, qtbot: QtBot
) -> None:
    window.charts.active.studies.add(STUDY)
    assert legend(window) == "SMA 2 Computing …"
    held.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert legend(window).startswith("SMA 2 1")


def test_that_a_picture_has_the_line_that_the_screen_still_waits_for(
    window: MainWindow, held: threading.Event, qtbot: QtBot
) -> None:
    view = window.state.view
    assert view is not None
    window.charts.active.studies.add(STUDY)
    assert legend(window) == "SMA 2 Computing …"
    spec = window.windows.snapshots.spec(1.0)
    early = render_image(view, spec)
    held.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert render_image(view, spec) == early


def test_that_a_line_stays_while_its_subject_is_read_anew(window: MainWindow, qtbot: QtBot) -> None:
    window.charts.active.studies.add(STUDY)
    legend(window)
    qtbot.waitUntil(lambda: window.tasks.idle)
    said, seen = legend(window), []
    window.state.view_changed.connect(lambda: seen.append(legend(window)))
    window.loader.load()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(seen))
    assert set(seen) == {said}


def test_that_measures_of_the_crowd_say_so_as_well(window: MainWindow, held: threading.Event, qtbot: QtBot) -> None:
    window.state.set_scorer("vader")
    qtbot.waitUntil(lambda: window.tasks.idle)
    window.chart.change_layout(DEFAULT_LAYOUT.replaced(DEFAULT_LAYOUT.panes[2].with_options(half_life=24.0)))
    chart = window.chart
    pane = next(p for p in chart.panes if p.kind == "sentiment")

    def said() -> str:
        cut = chart.settle()
        return " ".join(s.text for s in pane.legend(cut.view, chart.newest, chart.ink, cut.language)[0])

    assert "Computing …" in said()
    assert pane.empty_text("X") == "Computing …"
    held.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert "weight" in said()


def test_that_a_few_bars_wait_for_nobody(
    window: MainWindow, held: threading.Event, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(ui.chart.stack, "FEW_BARS", 10_000)
    window.loader.load()
    qtbot.waitUntil(lambda: window.tasks.idle)
    window.charts.active.studies.add(STUDY)
    assert legend(window).startswith("SMA 2 1")
    assert not held.is_set()
