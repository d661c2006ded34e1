from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolButton

from core.layout import DEFAULT_LAYOUT, PaneSpec
from ui.chart.navigator import MenuPlace
from ui.chart.pane_widget import PaneWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow
    from ui.panes.editor import PaneEditor


@pytest.fixture
def window(store_path: object, make_window: Callable[..., MainWindow]) -> MainWindow:
    del store_path
    return make_window()


@pytest.fixture
def editor(window: MainWindow) -> PaneEditor:
    return window.charts.active.panes


def keys(window: MainWindow) -> list[str]:
    """Return the panes on screen from the top, by the widgets that show them."""
    widgets = [w for w in window.chart.findChildren(PaneWidget) if w.isVisible()]
    return [w.pane.key for w in sorted(widgets, key=lambda w: w.y())]


def test_that_a_pane_moves_among_those_that_are_seen(window: MainWindow, editor: PaneEditor) -> None:
    assert keys(window) == ["price", "volume", "sentiment", "posts"]
    editor.move("posts", -1)
    assert keys(window) == ["price", "volume", "posts", "sentiment"]
    editor.move("price", 1)
    assert keys(window) == ["volume", "price", "posts", "sentiment"]
    editor.move("volume", -1)
    assert keys(window)[0] == "volume"


def test_that_a_removed_pane_can_be_added_again_but_the_last_one_stays(window: MainWindow, editor: PaneEditor) -> None:
    for key in ("posts", "sentiment", "volume", "price"):
        editor.remove(key)
    assert keys(window) == ["price"]
    offered = {spec.kind: spec for _, spec in editor.addable()}
    assert set(offered) >= {"volume", "sentiment", "posts"}
    assert "price" not in offered
    editor.add(offered["posts"])
    assert keys(window) == ["price", "posts"]


def test_that_a_kind_of_which_there_may_be_several_is_offered_again(window: MainWindow, editor: PaneEditor) -> None:
    spec = next(s for _, s in editor.addable() if s.kind == "sentiment")
    window.chart.set_current("sentiment")
    editor.add(spec)
    assert keys(window) == ["price", "volume", "sentiment", spec.key, "posts"]
    assert window.chart.current == spec.key


def test_that_a_maximised_pane_gives_the_others_their_heights_back(
    window: MainWindow, editor: PaneEditor, qtbot: QtBot
) -> None:
    before = {p.key: p.height for p in window.chart.pictured.panes}
    editor.maximise("sentiment")
    assert keys(window) == ["sentiment"]
    editor.maximise("sentiment")
    qtbot.waitUntil(lambda: len(keys(window)) == 4)
    assert {p.key: p.height for p in window.chart.pictured.panes} == pytest.approx(before, abs=3)


def test_that_the_mark_of_simulated_data_stands_in_whichever_pane_is_on_top(
    window: MainWindow, editor: PaneEditor
) -> None:
    editor.move("volume", -1)
    assert [p.topmost for p in window.chart.panes] == [True, False, False, False]
    editor.maximise("posts")
    assert [p.topmost for p in window.chart.panes] == [True]


def test_that_the_buttons_of_a_pane_do_what_they_say(window: MainWindow, qtbot: QtBot) -> None:
    widget = next(w for w in window.chart.findChildren(PaneWidget) if w.pane.key == "volume")
    window.chart.offer_controls(widget)
    buttons = {b.accessibleName(): b for b in widget.findChildren(QToolButton) if b.isVisible()}
    assert "Pane settings" not in buttons or widget.pane.options
    buttons["Move pane down"].click()
    assert keys(window) == ["price", "sentiment", "volume", "posts"]
    widget = next(w for w in window.chart.findChildren(PaneWidget) if w.pane.key == "volume")
    window.chart.offer_controls(widget)
    buttons = {b.accessibleName(): b for b in widget.findChildren(QToolButton)}
    buttons["Remove pane"].click()
    qtbot.waitUntil(lambda: keys(window) == ["price", "sentiment", "posts"])


def test_that_commands_speak_of_the_pane_last_pointed_at(window: MainWindow) -> None:
    window.chart.set_current("sentiment")
    window.actions_["pane.up"].trigger()
    assert keys(window) == ["price", "sentiment", "volume", "posts"]
    window.actions_["pane.maximise"].trigger()
    assert keys(window) == ["sentiment"]
    window.actions_["layout.default"].trigger()
    assert keys(window) == ["price", "volume", "sentiment", "posts"]


def test_that_a_pane_without_settings_says_so(window: MainWindow) -> None:
    window.chart.set_current("volume")
    window.actions_["pane.settings"].trigger()
    assert "Volume" in window.status.currentMessage()


def test_that_the_menu_of_a_pane_offers_what_is_possible(window: MainWindow, editor: PaneEditor) -> None:
    menu = editor.menu(MenuPlace(window.chart.panes[0], QPoint(), 0.0, 0.0))
    actions = {a.text(): a for a in menu.actions()}
    assert not actions["Move pane up"].isEnabled()
    assert actions["Move pane down"].isEnabled()
    actions["Remove pane"].trigger()
    assert keys(window) == ["volume", "sentiment", "posts"]
    menu.deleteLater()


def test_that_the_layout_survives_a_restart(window: MainWindow, make_window: Callable[..., MainWindow]) -> None:
    window.charts.active.panes.move("posts", -1)
    window.close()
    assert keys(make_window()) == ["price", "volume", "posts", "sentiment"]


def test_that_a_saved_layout_comes_back_by_name(window: MainWindow, editor: PaneEditor) -> None:
    editor.remove("volume")
    window.layouts.save("lean")
    editor.reset()
    assert "volume" in keys(window)
    window.layouts.show("lean")
    assert keys(window) == ["price", "sentiment", "posts"]
    window.layouts.show("no such")
    assert keys(window) == ["price", "sentiment", "posts"]


def test_that_a_pane_of_an_unknown_kind_is_kept_but_not_shown(window: MainWindow, editor: PaneEditor) -> None:
    editor.apply(DEFAULT_LAYOUT.added(PaneSpec("hologram", "hologram"), before="posts"))
    assert keys(window) == ["price", "volume", "sentiment", "posts"]
    assert editor.layout.find("hologram") is not None
