"""Deleting a metric in the window, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from core.model import Metric, MetricKind
from core.store import Store
from ui.chart.navigator import MenuPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

OFFER = "Delete rank and its values"


@pytest.fixture
def window(store_path: Path, make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    with Store.open(store_path) as store:
        times = [1_736_730_000_000, 1_736_733_600_000]
        store.put_metric("Xiaohongshu", Metric("rank", MetricKind.RANK), times, [5.0, 1.0])
    window = make_window()
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window


def offers(window: MainWindow, key: str) -> list[str]:
    pane = next(p for p in window.chart.panes if p.key == key)
    menu = window.charts.active.panes.menu(MenuPlace(pane, QPoint(), 0.0, 0.0, ""))
    found = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return found


def keys(window: MainWindow) -> list[str]:
    return [pane.key for pane in window.chart.panes]


def test_that_a_metric_is_deleted_and_can_be_had_back(window: MainWindow, store_path: Path, qtbot: QtBot) -> None:
    assert "metric:rank" in keys(window)
    assert OFFER in offers(window, "metric:rank")
    assert OFFER not in offers(window, "price")
    window.chart.set_current("metric:rank")
    window.actions_["pane.delete_metric"].trigger()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert window.banners.text("metric") == "rank of Xiaohongshu was deleted, with 2 values."
    assert "metric:rank" not in keys(window)
    next(b for b in window.banners.findChildren(QPushButton) if b.text() == "Undo").click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert not window.banners.text("metric")
    assert "metric:rank" in keys(window)
    with Store.open(store_path) as store:
        assert store.metrics("Xiaohongshu")[0].value.tolist() == [5.0, 1.0]


def test_that_only_a_pane_of_a_metric_has_one_to_delete(window: MainWindow) -> None:
    window.chart.set_current("price")
    window.actions_["pane.delete_metric"].trigger()
    assert window.tasks.idle
    assert window.status.currentMessage() == "Go to the pane of a metric first."
