from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from core.model import Member
from core.watchlists import Quote
from ui.theme import load_theme
from ui.watchlist.jobs import Entry
from ui.watchlist.model import WatchlistModel
from ui.watchlist.panel import WatchlistPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme import Market

ENTRIES = (
    Entry("Theme", concept=True, pinned=True, members=(Member("600000.SS"), Member("AAPL"))),
    Entry("600000.SS", "Company C", pinned=True),
    Entry("AAPL"),
)


def _market(symbol: str) -> Market:
    return "cn" if symbol.endswith(".SS") else "west"


@pytest.fixture
def panel(qtbot: QtBot) -> WatchlistPanel:
    model = WatchlistModel()
    made = WatchlistPanel(model, load_theme("dark"), _market)
    model.setParent(made)
    model.set_entries(ENTRIES)
    model.set_quotes({e.key: Quote(10.0, 0.1, 0, 0.5, 3, (1.0, 2.0, 3.0)) for e in ENTRIES})
    made.resize(260, 300)
    qtbot.addWidget(made)
    return made


def test_that_return_shows_and_delete_removes_the_chosen_subject(panel: WatchlistPanel, qtbot: QtBot) -> None:
    panel.select("600000.SS")
    with qtbot.waitSignal(panel.subject_wanted) as shown:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert shown.args == ["600000.SS"]
    with qtbot.waitSignal(panel.remove_wanted) as removed:
        qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert removed.args == ["600000.SS"]


def test_that_right_opens_and_left_folds_a_concept(panel: WatchlistPanel, qtbot: QtBot) -> None:
    panel.select("Theme")
    model = panel.view.model()
    before = model.rowCount()
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert model.rowCount() == before + 2
    assert panel.current == "Theme"
    qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    assert model.rowCount() == before


def test_that_the_menu_offers_what_fits_the_row(panel: WatchlistPanel) -> None:
    model = panel.view.model()
    texts = [
        [a.text() for a in panel.menu_for(model.row(n)).actions()]  # pyright: ignore[reportAttributeAccessIssue]
        for n in range(model.rowCount())
    ]
    assert "Unpin" in texts[0]
    assert "Remove concept…" in texts[0]
    assert "Remove concept…" not in texts[1]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_a_rise_has_the_colour_of_its_market(panel: WatchlistPanel, name: str) -> None:
    theme = load_theme(name)
    panel.set_theme(theme)
    image = panel.grab().toImage()

    def colours(row: int) -> set[str]:
        area = panel.view.visualRect(panel.view.model().index(row, 0))
        lines = range(area.center().y(), area.bottom())
        return {image.pixelColor(x, y).name() for x in range(190, 258) for y in lines}

    # The colour of the ink at its fullest; smoothing mixes it with the ground elsewhere.
    model = panel.view.model()
    rows = {model.row(n).key: n for n in range(model.rowCount())}  # pyright: ignore[reportAttributeAccessIssue]
    assert _near(theme.price_colours("cn")[0], colours(rows["600000.SS"]))
    assert not _near(theme.price_colours("west")[0], colours(rows["600000.SS"]))
    if "AAPL" in rows:
        assert _near(theme.price_colours("west")[0], colours(rows["AAPL"]))


def _near(wanted: str, found: set[str]) -> bool:
    def parts(text: str) -> tuple[int, ...]:
        return tuple(int(text[k : k + 2], 16) for k in (1, 3, 5))

    return any(max(abs(a - b) for a, b in zip(parts(wanted), parts(c), strict=True)) < 24 for c in found)
