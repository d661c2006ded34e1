from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.model import ClockMode, Interval
from tests.ui.conftest import fill, settle
from ui.charts.arrangement import Arrangement
from ui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.charts.cell import ChartCell
    from ui.main_window import MainWindow

    Make = Callable[..., tuple[MainWindow, list[ChartCell]]]

ONECHANCE, INLY, CONCEPT = "300792.SZ", "603598.SS", "Xiaohongshu"


def test_that_charts_arrangement_and_links_survive_a_restart(
    make_charts: Make, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY)
    cells[1].state.set_interval(Interval.H1)
    cells[2].state.set_mode(ClockMode.WALL)
    cells[2].framing.choose("5D")
    settle(window, qtbot)
    cells[1].chart.travel.zoom_here(1.6)
    settle(window, qtbot)
    window.charts._grid._outer.setSizes([300, 100])  # pyright: ignore[reportOptionalMemberAccess]
    window.actions_["link.crosshair"].trigger()
    cells[0].panes.remove("volume")
    window.charts.activate(cells[1])
    shown, shares = cells[1].chart.visible_range(), window.charts.shares
    window.close()
    again = make_window()
    after = again.charts.cells
    assert again.charts.arrangement is Arrangement.THREE
    assert [c.state.subject for c in after] == [CONCEPT, ONECHANCE, INLY]
    assert [c.state.options.interval for c in after] == [Interval.D1, Interval.H1, Interval.D1]
    assert after[2].state.options.mode is ClockMode.WALL
    assert (after[2].state.range, after[1].state.range) == ("5D", "")
    assert again.charts.active is after[1]
    assert again.state.subject == ONECHANCE
    assert after[1].chart.visible_range() == pytest.approx(shown, abs=60_000)
    assert again.charts.shares[0] == pytest.approx(shares[0], abs=0.03)
    assert [p.key for p in after[0].chart.panes] == ["price", "sentiment", "posts"]
    assert "volume" in [p.key for p in after[1].chart.panes]
    assert again.links.names == ("crosshair",)
    assert again.actions_["link.crosshair"].isChecked()
    assert again.actions_["charts.three"].isChecked()
    assert all(c.chart_shown for c in after)


def test_that_linked_charts_survive_a_restart_each_with_its_interval(
    make_charts: Make, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE)
    cells[1].state.set_interval(Interval.H1)
    for name in ("symbol", "range"):
        window.actions_[f"link.{name}"].trigger()
    cells[0].chart.travel.zoom_here(1.5)
    settle(window, qtbot)
    shown = [cell.chart.visible_range() for cell in cells]
    window.close()
    again = make_window()
    assert again.links.names == ("symbol", "range")
    assert {c.state.subject for c in again.charts.cells} == {CONCEPT}
    assert again.charts.cells[1].state.options.interval is Interval.H1
    for cell, before in zip(again.charts.cells, shown, strict=True):
        assert cell.chart.visible_range() == pytest.approx(before, abs=60_000)


def test_that_the_charts_of_the_sample_survive_a_restart(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    assert window.state.sample
    window.actions_["charts.beside"].trigger()
    window.charts.cells[1].state.set_subject(INLY)
    window.state.set_subject(ONECHANCE)
    settle(window, qtbot)
    window.close()
    again = make_window()
    assert again.state.sample
    assert [c.state.subject for c in again.charts.cells] == [ONECHANCE, INLY]


def test_that_charts_of_the_sample_become_those_of_the_user_s_own_store(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    window.actions_["charts.beside"].trigger()
    settle(window, qtbot)
    fill(tmp_path / "data" / "crowdtape.sqlite")
    window.opening.show_imported(INLY)
    settle(window, qtbot)
    assert not window.state.sample
    assert [c.state.subject for c in window.charts.cells] == [INLY, INLY]
    for cell in window.charts.cells:
        assert cell.state.view is not None
        assert not cell.state.view.tape.provenance.simulated


@pytest.mark.usefixtures("store_path")
def test_that_a_file_of_one_chart_is_read(make_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    old = {"subject": ONECHANCE, "range": "1M", "interval": "1h", "mode": "wall", "scorer": "vader"}
    (tmp_path / "data" / "workspace.json").write_text(json.dumps(old), encoding="utf-8")
    window = make_window()
    assert len(window.charts.cells) == 1
    assert (window.state.subject, window.state.interval) == (ONECHANCE, Interval.H1)
    assert (window.state.mode, window.state.range) == (ClockMode.WALL, "1M")


def test_that_what_a_damaged_store_keeps_from_being_shown_is_not_forgotten(
    make_charts: Make, make_window: Callable[..., MainWindow], qtbot: QtBot, store_path: Path, tmp_path: Path
) -> None:
    window, _ = make_charts(CONCEPT, ONECHANCE)
    window.actions_["link.range"].trigger()
    settle(window, qtbot)
    window.close()
    whole = store_path.read_bytes()
    store_path.write_bytes(b"no database at all" * 100)
    broken = make_window()
    assert broken.banners.text("error")
    broken.close()
    kept = Workspace.load(tmp_path / "data" / "workspace.json")
    assert [record.subject for record in kept.charts] == [CONCEPT, ONECHANCE]
    assert kept.links == ("range",)
    store_path.write_bytes(whole)


def test_that_the_active_chart_is_on_screen_before_the_others_are_read(
    make_charts: Make, make_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE, INLY)
    window.charts.activate(cells[1])
    window.close()
    again = make_window(begin=False)
    said: list[str] = []
    submit = again.tasks.submit

    def noted(key: str, *args: Any, **named: Any) -> None:
        said.append(key)
        submit(key, *args, **named)

    monkeypatch.setattr(again.tasks, "submit", noted)
    again.painted.connect(lambda: said.append("painted"))
    again.begin()
    again.show()
    settle(again, qtbot)
    loads = [n for n, key in enumerate(said) if key.startswith("load.")]
    assert said[0] == "begin"
    assert len(loads) == 2
    assert said.index("painted") < min(loads)


def test_that_a_maximised_chart_survives_a_restart_and_so_do_the_shares_of_all(
    make_charts: Make, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window, cells = make_charts(CONCEPT, ONECHANCE)
    window.charts.activate(cells[1])
    for _ in range(2):
        window.actions_["charts.wider"].trigger()
    shares = window.charts.shares
    assert shares[0][1] > 0.55
    window.actions_["charts.maximise"].trigger()
    settle(window, qtbot)
    window.close()
    again = make_window()
    after = again.charts.cells
    assert again.charts.maximised
    assert [c.isVisible() for c in after] == [False, True]
    again.actions_["charts.maximise"].trigger()
    qtbot.waitUntil(lambda: again.charts.shares[0] == pytest.approx(shares[0], abs=0.03))


def test_that_what_was_put_away_does_not_come_back_in_another_store(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    window.actions_["charts.beside"].trigger()
    window.charts.cells[1].state.set_subject(INLY)
    window.actions_["charts.one"].trigger()
    fill(tmp_path / "data" / "crowdtape.sqlite")
    window.opening.show_imported(ONECHANCE)
    settle(window, qtbot)
    window.actions_["charts.beside"].trigger()
    assert [c.state.subject for c in window.charts.cells] == [ONECHANCE, ONECHANCE]
