"""Marks from the panel into the store, scores made anew in a process of its own, and what the window tells of both."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from core.store import Store
from core.store.rescoring import Report, Shift
from ui.corrections.dialog import MarksDialog
from ui.rescoring.control import Rescoring
from ui.rescoring.dialog import RescoringDialog
from ui.rescoring.plot import tinted
from ui.theme import colour

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow


@pytest.fixture
def window(store_path: Path, make_window: Callable[..., MainWindow]) -> MainWindow:
    del store_path
    return make_window()


def wait(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=20_000)


def choose(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.posts_model.rowCount() > 0, timeout=20_000)
    window.posts.view.setCurrentIndex(window.posts_model.index(0))


def verdict(window: MainWindow) -> str:
    return window.posts_model.row(0).stored.verdict


def test_that_a_key_marks_the_chosen_post_and_once_more_takes_it_back(
    window: MainWindow, qtbot: QtBot, store_path: Path
) -> None:
    choose(window, qtbot)
    QTest.keyClicks(window.posts.view, "-")
    qtbot.waitUntil(lambda: verdict(window) == "bearish", timeout=20_000)
    with Store.open(store_path) as store:
        assert [c.verdict for c in store.corrections()] == ["bearish"]
    window.actions_["mark.bearish"].trigger()
    qtbot.waitUntil(lambda: not verdict(window), timeout=20_000)
    with Store.open(store_path) as store:
        assert store.corrections() == []


def test_that_a_post_off_topic_stays_in_sight_and_out_of_the_counts(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot)
    before = window.posts_model.total
    posts = window.state.view
    assert posts
    counted = len(posts.tape.crowd)
    (button,) = [b for b in window.posts.details.findChildren(QToolButton) if b.text() == "Off topic"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: verdict(window) == "off-topic", timeout=20_000)
    qtbot.waitUntil(lambda: window.state.view is not posts, timeout=20_000)
    wait(window, qtbot)
    assert window.posts_model.total == before
    assert window.state.view
    assert len(window.state.view.tape.crowd) == counted - 1
    assert window.posts.view.currentIndex().row() == 0
    assert button.isChecked()


def test_that_the_sample_cannot_be_marked(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    assert window.state.sample
    choose(window, qtbot)
    buttons = window.posts.details.findChildren(QToolButton)
    assert not any(button.isEnabled() for button in buttons)
    window.posts.mark("bullish")
    wait(window, qtbot)
    assert not verdict(window)


def test_that_what_made_the_score_is_read_out(window: MainWindow, qtbot: QtBot) -> None:
    window.state.set_scorer("vader")

    def scored() -> bool:  # the posts are read once the view is painted
        return window.posts_model.rowCount() > 0 and window.posts_model.row(0).stored.score is not None

    qtbot.waitUntil(scored, timeout=20_000)
    choose(window, qtbot)
    index = window.posts_model.index(0)
    told = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "words sum to" in told or "by vader" in told
    assert window.posts.details.findChild(QLabel, "postExplanation").text() == told  # pyright: ignore[reportOptionalMemberAccess]


PROGRAM = """
import json, sys
print(json.dumps({"progress": {"scorer": "crowd 9", "done": 50, "total": 100}}), flush=True)
print(json.dumps({"jobs": [], "paused": False, "reports": [{"scorer": "crowd"}]}))
"""


@pytest.fixture
def rescoring(window: MainWindow, qtbot: QtBot) -> Rescoring:
    del qtbot
    command = [sys.executable, "-c", PROGRAM]
    return Rescoring(window.tasks, window.parts.home, None, lambda: True, command, window)


def test_that_missing_scores_are_made_in_a_process_and_told(rescoring: Rescoring, qtbot: QtBot) -> None:
    told: list[tuple[Any, ...]] = []
    rescoring.changed.connect(lambda *state: told.append(state))
    with qtbot.waitSignal(rescoring.finished, timeout=30_000) as finished:
        rescoring.check(0)
    assert finished.args == [[{"scorer": "crowd"}]]
    assert ("crowd 9", 0.5, False) in told
    assert told[-1][0] == ""
    assert not rescoring.running


def test_that_a_pause_holds_and_is_lifted(rescoring: Rescoring, qtbot: QtBot, store_path: Path) -> None:
    with qtbot.waitSignal(rescoring.changed, timeout=20_000):
        rescoring.set_paused(True)
    with qtbot.waitSignal(rescoring.changed, timeout=20_000) as changed:
        rescoring.check(0)
    assert changed.args is not None
    assert changed.args[0]
    assert changed.args[2] is True
    assert not rescoring.running
    with Store.open(store_path) as store:
        assert store.get("rescoring paused")
    with qtbot.waitSignal(rescoring.finished, timeout=30_000):
        rescoring.set_paused(False)


def test_that_the_bar_shows_what_is_under_way_and_pauses_it(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.scoring.bar
    assert not bar.isVisible()
    bar.show_state("crowd 9", 0.4, False)
    assert bar.isVisible()
    button = bar.findChild(QToolButton)
    assert button
    with qtbot.waitSignal(bar.pause_wanted) as wanted:
        button.click()
    assert wanted.args == [True]
    bar.show_state("", 0.0, False)
    assert not bar.isVisible()


def test_that_a_layer_is_tried_learned_and_given_up(window: MainWindow, qtbot: QtBot, store_path: Path) -> None:
    with Store.open(store_path) as store:
        for number in range(1, 9):
            store.mark_post(number, "Xiaohongshu", "bullish" if number % 2 else "bearish", now=number)
    dialog = MarksDialog(window.tasks, window.parts.home, window)
    dialog.show()
    wait(window, qtbot)
    assert dialog.table.rowCount() == 8
    dialog.try_button.click()
    wait(window, qtbot)
    assert "Too few to tell" in dialog.worth.text()
    with qtbot.waitSignal(dialog.layer_changed, timeout=20_000) as learned:
        dialog.learn_button.click()
    assert learned.args == ["crowd+mine"]
    wait(window, qtbot)
    with Store.open(store_path) as store:
        assert store.get("layer")
    with qtbot.waitSignal(dialog.layer_changed, timeout=20_000) as gone:
        dialog.forget_button.click()
    assert gone.args == [""]
    wait(window, qtbot)
    assert not dialog.forget_button.isEnabled()
    dialog.table.selectRow(0)
    dialog.remove_button.click()
    wait(window, qtbot)
    assert dialog.table.rowCount() == 7


def test_that_a_learned_layer_is_offered_and_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert "crowd+mine" not in window.toolbar.scorers
    assert not window.actions_["posts.mine"].isEnabled()
    window.scoring.use("crowd+mine")
    assert window.state.scorer == "crowd+mine"
    assert window.actions_["posts.mine"].isChecked()
    window.scoring.use("")
    assert window.state.scorer == "crowd"
    wait(window, qtbot)


def test_that_there_may_be_nothing_to_report(window: MainWindow) -> None:
    dialog = RescoringDialog([], window.theme, window)
    assert "No scores" in dialog.text.text()
    assert not dialog.choice.isVisibleTo(dialog)


def test_that_scores_that_moved_are_drawn_off_the_diagonal(window: MainWindow) -> None:
    shift = Shift().with_([(-0.5, 0.5), (-0.55, 0.55), (0.3, 0.3), (1.0, 1.0)])
    old = dataclasses.replace(shift, cells=())
    reports = [Report("crowd", str(n), "1", 0, 4, shown) for n, shown in enumerate((shift, old))]
    dialog = RescoringDialog(reports, window.theme, window)
    plot = dialog.plot
    assert plot is not None
    assert plot.isVisibleTo(dialog)
    assert plot.told(-0.52, 0.52) == "Before −0.6 … −0.5 · after +0.5 … +0.6 · posts: 1"
    assert plot.told(1.2, 0.0) == ""
    picture = tinted(plot.counts, window.theme)
    seen = {(x, y): QColor(*picture[x, y, :3].tolist()) for x, y in np.argwhere(picture[..., 3]).tolist()}
    up, same = colour(window.theme.positive), colour(window.theme.flat)
    assert seen == {(4, 15): up, (5, 15): up, (13, 13): same, (19, 19): same}
    dialog.choice.setCurrentIndex(1)
    assert not plot.isVisibleTo(dialog)
