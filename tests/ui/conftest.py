"""What the tests of the window share: a small store of the user's, a window upon it, and how to wait for its jobs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.layout import Layouts
from core.model import Basis, Concept, Instrument, Interval, Member, Post, Rule, Score
from core.sentiment.vader import VADER
from core.series import Bars
from core.settings import Settings
from core.store import NewPost, Store
from ui.chart.stack import ChartStack
from ui.jobs import Place, Sample
from ui.main_window import MainWindow
from ui.parts import Parts
from ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

DAY = 86_400_000
# 2025-01-13 15:00 in Shanghai: a close.
CLOSE = int(dt.datetime(2025, 1, 13, 7, tzinfo=dt.UTC).timestamp() * 1000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it lacks: it says so whenever a window is shown."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture(scope="session")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a cache that keeps its calendars for the whole run: they take seconds to compute."""
    return tmp_path_factory.mktemp("cache")


def daily_bars(days: int = 8, first: float = 10.0) -> Bars:
    """Return bars of weekdays from 2025-01-06, each a percent above the last."""
    start = int(dt.datetime(2025, 1, 6, 1, 30, tzinfo=dt.UTC).timestamp() * 1000)
    keep = [start + k * DAY for k in range(2 * days) if dt.datetime.fromtimestamp((start + k * DAY) / 1000, dt.UTC).weekday() < 5]  # fmt: skip  # noqa: E501
    time = np.array(keep[:days], np.int64)
    close = np.array([first * 1.01**k for k in range(days)], np.float64)
    low, high = close - 0.2, close + 0.2
    return Bars(time, time + 19_800_000, close, high, low, close, np.full(days, 1000.0))


def a_post(number: int, published: int, text: str = "I love it", **fields: Any) -> NewPost:
    """Return a post with VADER's own score of its text."""
    post = Post("xiaohongshu", str(number), published, text, author=f"user{number}", likes=number, **fields)
    return NewPost(post, [(VADER, Score(0.64, 0.8, 0.2, 0.0))], frozenset({"Xiaohongshu"}))


def fill(path: Path) -> None:
    """Make a store with a concept, two instruments and thirty posts."""
    with Store.open(path) as store:
        for symbol, name in (("300792.SZ", "Onechance"), ("603598.SS", "Inly Media")):
            store.put_instrument(Instrument(symbol, name, "CNY"))
            bars = daily_bars(first=10.0 if symbol[0] == "3" else 20.0)
            store.put_bars(symbol, Interval.D1, Basis.ADJUSTED, bars, source="test", fetched=CLOSE)
        members = (Member("300792.SZ", 2.0), Member("603598.SS"))
        store.put_concept(Concept("Xiaohongshu", members, Rule(keywords=("小红书", "rednote"))))
        store.add_posts([a_post(k, CLOSE - DAY + k * 3_600_000, "I love rednote") for k in range(1, 31)])
        store.set_pins(["Xiaohongshu", "300792.SZ"])


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """Give the path of a store that is filled."""
    path = tmp_path / "data" / "crowdtape.sqlite"
    path.parent.mkdir()
    fill(path)
    return path


@pytest.fixture
def make_window(tmp_path: Path, calendars: Path, qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Give what makes windows upon the store of this test; all are closed at its end."""
    made: list[MainWindow] = []

    def no_sample() -> Sample:
        path = tmp_path / "sample.sqlite"
        if not path.exists():
            fill(path)
            with Store.open(path) as store:
                store.put("simulated", True)
        return Sample(Place(path, calendars, read_only=True), "Xiaohongshu", (CLOSE - 3 * DAY, CLOSE + DAY))

    def no_feed() -> Any:
        raise AssertionError("a test asked for live prices")

    def make(*, begin: bool = True, **changes: Any) -> MainWindow:
        values: dict[str, Any] = {
            "home": Place(tmp_path / "data" / "crowdtape.sqlite", calendars),
            "workspace_file": tmp_path / "data" / "workspace.json",
            "log_file": tmp_path / "data" / "crowdtape.log",
            "preferences": Preferences(Settings.load(tmp_path / "data" / "settings.json")),
            "make_chart": ChartStack,
            "make_feed": no_feed,
            "make_stream": no_feed,
            "open_sample": no_sample,
            "layouts": Layouts(tmp_path / "data" / "layouts.json"),
            "data_dir": tmp_path / "data",
            "background": False,
        }
        (tmp_path / "data").mkdir(exist_ok=True)
        window = MainWindow(Parts(**(values | changes)))
        made.append(window)
        window.resize(1280, 800)
        if begin:
            window.begin()
            window.show()
            settle(window, qtbot)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until no job is under way and nothing more is asked for."""
    quiet = 0

    def still() -> bool:
        nonlocal quiet
        quiet = quiet + 1 if window.tasks.idle else 0
        return quiet > 6

    # The pauses before hovered or visible posts are fetched are shorter than the time this takes.
    qtbot.wait(300)
    qtbot.waitUntil(still, timeout=60_000)
