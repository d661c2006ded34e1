from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QDockWidget, QLineEdit, QMessageBox

from core.clock import Calendar, load_calendar
from core.errors import StoreError
from core.feeds import OfflineError, Reach
from core.model import Basis, ClockMode, Interval
from core.series import Bars
from core.settings import THEME, Settings
from core.store import Store
from core.timeline import Span
from tests.ui.conftest import CLOSE, DAY, a_post, daily_bars, settle
from ui.imports.dialog import ImportDialog
from ui.imports.summary import ImportSummary
from ui.instruments.add_dialog import AddSymbolDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow


def _texts(window: MainWindow) -> list[str]:
    model = window.posts_model
    return [model.row(n).stored.post.text for n in range(model.rowCount())]


def test_that_the_first_start_shows_the_sample_and_says_so(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    assert window.state.sample
    assert window.state.subject == "Xiaohongshu"
    assert "SIMULATED" in window.banners.text("sample")
    assert "SIMULATED" in window.status.facts
    assert window.chart_shown


def test_that_the_user_s_own_store_is_shown_as_soon_as_it_holds_a_subject(
    store_path: Path, make_window: Callable[..., MainWindow]
) -> None:
    window = make_window()
    assert not window.state.sample
    assert not window.banners.text("sample")
    assert window.state.view is not None
    assert window.watchlist_model.pins == ["Xiaohongshu", "300792.SZ"]
    assert store_path.exists()


def test_that_subject_range_options_and_pins_survive_a_restart(
    store_path: Path, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    window.state.set_subject("300792.SZ")
    window.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    window.chart.travel.zoom_here(1.7)
    window.watchlist_model.order_wanted.emit(["300792.SZ", "Xiaohongshu"])
    settle(window, qtbot)
    shown = window.chart.visible_range()
    window.close()
    again = make_window()
    assert again.state.subject == "300792.SZ"
    assert again.state.mode is ClockMode.WALL
    assert again.chart.visible_range() == pytest.approx(shown, abs=60_000)
    assert again.toolbar.ranges.value is None
    assert again.watchlist_model.pins == ["300792.SZ", "Xiaohongshu"]
    with Store.open(store_path) as store:
        assert store.pins() == ["300792.SZ", "Xiaohongshu"]


def test_that_a_named_range_survives_a_restart_by_its_name(
    store_path: Path, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    window.framing.choose("5D")
    settle(window, qtbot)
    assert window.toolbar.ranges.value == "5D"
    window.close()
    again = make_window()
    assert again.toolbar.ranges.value == "5D"
    assert store_path.exists()


@pytest.mark.usefixtures("store_path")
def test_that_a_range_made_by_hand_has_no_name(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.framing.choose("Max")
    settle(window, qtbot)
    window.chart.travel.zoom_here(2.0)
    settle(window, qtbot)
    assert window.toolbar.ranges.value is None


@pytest.mark.usefixtures("store_path")
def test_that_the_clock_changes_without_reading_again(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    tape = window.state.view.tape  # pyright: ignore[reportOptionalMemberAccess]
    window.actions_["view.trading"].trigger()
    settle(window, qtbot)
    view = window.state.view
    assert view is not None
    assert view.clock.mode is ClockMode.WALL
    assert view.tape is tape
    assert window.toolbar.clock.value == "wall"
    assert not window.actions_["view.trading"].isChecked()


@pytest.mark.usefixtures("store_path")
def test_that_the_posts_follow_pointer_and_selection(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    everything = window.posts_model.total
    assert everything == 30
    window.state.set_hover(Span(CLOSE, CLOSE + 2 * 3_600_000, closed=True))
    settle(window, qtbot)
    # Published one and two hours after the close; the one at the close itself belongs to the bar before.
    assert window.posts_model.total == 2
    assert "market closed: Night" in window.posts._facts.text().replace("\u00a0", " ")
    window.state.set_selection(Span(CLOSE - 3_600_000, CLOSE))
    window.state.set_hover(None)
    settle(window, qtbot)
    assert window.posts_model.total == 1
    window.actions_["view.clear"].trigger()
    settle(window, qtbot)
    assert window.posts_model.total == everything


@pytest.mark.usefixtures("store_path")
def test_that_a_stock_may_show_its_own_posts_or_those_of_its_concept(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    assert not window.posts.crowd.isVisible()
    window.state.set_subject("300792.SZ")
    settle(window, qtbot)
    box = window.posts.crowd
    assert box.isVisible()
    assert [box.itemData(n) for n in range(box.count())] == ["300792.SZ", "Xiaohongshu"]
    for key in ("300792.SZ", "Xiaohongshu"):
        box.activated.emit(box.findData(key))
        settle(window, qtbot)
        assert window.state.view is not None
        assert window.state.view.tape.provenance.crowd == key
        assert box.currentData() == key
    window.state.set_subject("Xiaohongshu")
    settle(window, qtbot)
    assert not box.isVisible()


def test_that_only_the_last_of_many_subjects_is_shown(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    shown: list[str] = []
    window.loader.loaded.connect(lambda found: shown.append(found.title))
    for key in ("300792.SZ", "603598.SS", "Xiaohongshu", "300792.SZ"):
        window.state.set_subject(key)
    settle(window, qtbot)
    assert shown == ["300792.SZ · Onechance"]
    assert window.windowTitle().startswith("300792.SZ")


@pytest.mark.usefixtures("store_path")
def test_that_dropped_files_open_the_import(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    path = tmp_path / "posts.csv"
    path.write_text("id,created_at,text\n1,2025-01-13T10:00:00Z,hello\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(QPoint(300, 300)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)))
    dialog = window.findChildren(ImportDialog)[0]
    settle(window, qtbot)
    assert dialog.make_request().files == (str(path),)
    dialog.reject()


def test_that_an_import_runs_in_another_process_and_is_shown(
    store_path: Path, make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    path = tmp_path / "posts.csv"
    path.write_text("id,created_at,text\na1,2025-01-13T10:00:00Z,rednote is great\n7,never,rednote\n", encoding="utf-8")
    window.windows.import_files("posts", [str(path)])
    dialog = window.findChildren(ImportDialog)[0]
    settle(window, qtbot)
    with qtbot.waitSignal(window.windows.imports.finished, timeout=60_000) as over:
        dialog.accept()
    assert over.args
    report = over.args[1]
    assert (report["read"], report["added"], report["rejected"]) == (2, 1, 1)
    assert report["linked"] == {"Xiaohongshu": 1}
    settle(window, qtbot)
    assert window.posts_model.total == 31
    summary = window.findChildren(ImportSummary)[0]
    assert summary.model.rowCount() == 1
    summary.accept()
    with Store.open(store_path) as store:
        assert store.posts_total() == 31


@pytest.mark.usefixtures("store_path")
def test_that_a_name_that_is_not_known_opens_the_search(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.toolbar.subject.setText("xiaohongSHU")
    window.toolbar.subject.returnPressed.emit()
    assert not window.findChildren(AddSymbolDialog)
    window.toolbar.subject.setText("Alibaba")
    window.toolbar.subject.returnPressed.emit()
    dialog = window.findChildren(AddSymbolDialog)[0]
    assert dialog.text.text() == "Alibaba"
    dialog.reject()
    settle(window, qtbot)


@pytest.mark.usefixtures("store_path")
def test_that_new_posts_are_shown_once_the_data_have_changed(
    make_window: Callable[..., MainWindow], qtbot: QtBot, store_path: Path
) -> None:
    window = make_window()
    with Store.open(store_path) as store:
        store.add_posts([a_post(99, CLOSE + 60_000, "rednote again")])
    window.state.touch_data()
    settle(window, qtbot)
    assert window.posts_model.total == 31
    assert "rednote again" in _texts(window)


def test_that_a_store_that_cannot_be_opened_is_a_sentence(
    make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "crowdtape.sqlite").write_bytes(b"no database at all" * 100)
    window = make_window()
    said = window.banners.text("error")
    assert said
    assert "Traceback" not in said
    assert not window.chart_shown


@pytest.mark.usefixtures("store_path")
def test_that_what_nobody_expected_is_told_and_logged(
    make_window: Callable[..., MainWindow], caplog: pytest.LogCaptureFixture
) -> None:
    window = make_window()
    window.show_error(StoreError("The disk is full."))
    assert window.banners.text("error") == "The disk is full."
    window.show_error(ZeroDivisionError("x"))
    assert "ZeroDivisionError" in window.banners.text("error")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("store_path")
def test_that_the_theme_changes_at_once_and_is_kept(make_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = make_window()
    window.actions_["theme.light"].trigger()
    assert window.theme.name == "light"
    assert Settings.load(tmp_path / "data" / "settings.json")[THEME] == "light"
    window.actions_["theme.dark"].trigger()
    assert window.theme.name == "dark"


@pytest.mark.usefixtures("store_path")
def test_that_a_snapshot_is_saved_and_restored(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    window.state.set_subject("300792.SZ")
    settle(window, qtbot)
    window.chart.travel.zoom_here(2.0)
    settle(window, qtbot)
    shown = window.chart.visible_range()
    snapshots = window.windows.snapshots
    assert snapshots.default_name().startswith("300792.SZ_2025-01-")
    for name in ("a.png", "b.svg", "c.pdf"):
        snapshots.write(tmp_path / name, 2.0 if name == "a.png" else 1.0)
        assert (tmp_path / name).stat().st_size > 1000
    window.state.set_subject("Xiaohongshu")
    window.state.set_mode(ClockMode.WALL)
    settle(window, qtbot)
    snapshots.restore(tmp_path / "a.png")
    settle(window, qtbot)
    assert window.state.subject == "300792.SZ"
    assert window.state.mode is ClockMode.TRADING
    assert window.chart.visible_range() == pytest.approx(shown, abs=60_000)


@pytest.mark.usefixtures("store_path")
def test_that_a_file_that_is_no_snapshot_is_a_sentence(make_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = make_window()
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    window.windows.snapshots.restore(path)
    assert "no snapshot" in window.banners.text("error")


@pytest.mark.usefixtures("store_path")
def test_that_every_control_has_a_name_for_those_who_listen(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    nameless: list[Any] = []
    for kind in (QLineEdit, QComboBox, QAbstractButton):
        for widget in window.findChildren(kind):
            own = not widget.objectName().startswith("qt_") and not isinstance(
                widget.parent(), QComboBox | QDockWidget | QLineEdit
            )
            if own and widget.isVisible() and not (widget.accessibleName() or getattr(widget, "text", str)()):
                nameless.append((type(widget), widget.objectName(), widget.parent()))
    assert not nameless
    assert window.watchlist.view.accessibleName()
    assert window.posts.view.accessibleName()


@pytest.mark.usefixtures("store_path")
def test_that_nothing_is_clipped_at_1280_by_800(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    assert (window.width(), window.height()) == (1280, 800)
    assert window.minimumSizeHint().width() <= 1280
    last = window.toolbar._icons[-1][0]
    assert last.isVisible()
    assert last.mapTo(window, last.rect().topRight()).x() < 1280
    assert 240 <= window.docks["watchlist"].width() <= 300
    assert 320 <= window.docks["posts"].width() <= 380


@pytest.mark.usefixtures("store_path")
def test_that_closing_ends_the_jobs_first(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    ended: list[bool] = []

    def job(context: Any) -> None:
        while not context.cancelled:
            time.sleep(0.005)
        ended.append(True)

    window.tasks.submit("x", job, lambda _r: None)
    qtbot.wait(30)
    window.close()
    assert ended


@pytest.mark.usefixtures("store_path")
def test_that_the_interval_that_is_chosen_is_loaded(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.actions_["interval.1h"].trigger()
    settle(window, qtbot)
    assert window.state.interval is Interval.H1
    assert window.state.view is not None
    assert window.state.view.tape.interval is Interval.H1
    assert window.toolbar.interval.currentText() == "1h"


@pytest.mark.usefixtures("store_path")
def test_that_no_dialog_is_left_behind(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    for name in ("file.settings", "help.keys", "help.palette", "watch.concept", "help.about"):
        window.actions_[name].trigger()
        dialogs = window.findChildren(QDialog)
        assert len(dialogs) == 1, name
        if isinstance(dialogs[0], QMessageBox):
            dialogs[0].close()
        else:
            dialogs[0].reject()
        qtbot.waitUntil(lambda: not window.findChildren(QDialog))


def test_that_a_subject_whose_posts_are_old_is_first_shown_where_they_are(
    store_path: Path, make_window: Callable[..., MainWindow]
) -> None:
    with Store.open(store_path) as store:
        recent = daily_bars(first=11.0)
        year = 365 * DAY
        later = Bars(recent.time + year, recent.end + year, *(getattr(recent, n) for n in ("open", "high", "low", "close", "volume")))  # fmt: skip  # noqa: E501
        store.put_bars("300792.SZ", Interval.D1, Basis.ADJUSTED, later, source="test", fetched=CLOSE)
    window = make_window()
    shown = window.chart.visible_range()
    assert shown is not None
    assert shown[0] < CLOSE < shown[1] < CLOSE + 60 * DAY
    assert window.toolbar.ranges.value is None


class _OfflineFeed:
    name = "Yahoo"
    route = ""

    def reach(self, _interval: Interval) -> Reach:
        return Reach(None, None)

    def calendar(self, _symbol: str) -> Calendar:
        return load_calendar("24/7")

    def history(self, *_: object) -> Any:
        raise OfflineError("Yahoo cannot be reached, this machine seems to be offline.")

    def search(self, _text: str) -> Any:
        raise OfflineError("Yahoo cannot be reached, this machine seems to be offline.")


@pytest.mark.usefixtures("store_path")
def test_that_a_service_that_cannot_be_reached_is_a_banner_and_the_prices_stay(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(make_feed=_OfflineFeed)
    window.actions_["file.fetch"].trigger()
    assert window.tasks.running()
    settle(window, qtbot)
    assert "offline" in window.banners.text("feed")
    assert not window.banners.text("error")
    assert window.chart_shown
    assert not window.tasks.running()
