"""`events` and `drawings`: what is on a chart, listed, added, exported, read back and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.drawings import Anchor, Drawing, DrawingKind
from core.model import Instrument
from core.paths import paths
from core.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

LINE = Drawing("ab12", DrawingKind.TREND, "price", (Anchor(0, 10.0), Anchor(86_400_000, 11.5)), text="up", made=1)
LEVEL = Drawing("ab99", DrawingKind.HORIZONTAL, "price", (Anchor(0, 20.0),), made=2)


@pytest.fixture
def drawn(tmp_path: Path) -> None:
    with Store.open(paths(tmp_path / "data").store) as store:
        store.put_instrument(Instrument("AAPL"))
        store.put_drawing("AAPL", LINE)
        store.put_drawing("AAPL", LEVEL)


def test_that_an_event_is_added_changed_listed_and_removed(cli: Cli) -> None:
    add = ("events", "add", "300792.SZ", "--time", "2025-01-13 15:00", "--title", "Refugees arrive")
    assert cli(*add, "--json").json["new"] is True
    changed = cli(*add, "--note", "two thousand notes", "--url", "https://example.org/", "--json").json
    assert changed["new"] is False
    expected = {
        "time": "2025-01-13T15:00:00+08:00",
        "title": "Refugees arrive",
        "note": "two thousand notes",
        "url": "https://example.org/",
    }
    assert changed["event"] == expected
    assert cli("events", "list", "300792.SZ", "--json").json == {"subject": "300792.SZ", "events": [expected]}
    assert "2025-01-13 15:00  Refugees arrive  https://example.org/" in cli("events", "list", "300792.SZ").out
    remove = ("events", "remove", "300792.SZ", "--time", "2025-01-13T07:00Z", "--title", "Refugees arrive")
    assert cli(*remove).code == 0
    assert "has no event 'Refugees arrive' at 2025-01-13T15:00:00+08:00" in cli(*remove).err
    assert "No events yet" in cli("events", "list", "300792.SZ").out


def test_that_a_link_that_no_browser_may_open_and_an_empty_title_are_refused(cli: Cli) -> None:
    add = ("events", "add", "AAPL", "--time", "2025-01-13")
    assert "no link" in cli(*add, "--title", "x", "--url", "javascript:alert(1)").err
    assert "needs a title" in cli(*add, "--title", " ").err
    assert "is no date or time" in cli("events", "add", "AAPL", "--time", "soon", "--title", "x").err
    assert cli("events", "list", "nobody").code == 1


def test_that_what_is_listed_as_csv_can_be_imported_elsewhere(cli: Cli, tmp_path: Path) -> None:
    for title in ("a, b", '"quoted"', "小红书\n第二行"):
        assert cli("events", "add", "AAPL", "--time", "2025-01-13T09:30", "--title", title, "--note", title).code == 0
    path = tmp_path / "events.csv"
    path.write_text(cli("events", "list", "AAPL", "--csv").out, encoding="utf-8")
    report = cli("import", "events", path, "--subject", "MSFT", "--json").json
    assert (report["read"], report["added"], report["rejected"]) == (3, 3, 0)
    ours, theirs = (cli("events", "list", s, "--json").json["events"] for s in ("AAPL", "MSFT"))
    assert ours == theirs


@pytest.mark.usefixtures("drawn")
def test_that_drawings_are_listed_and_removed_by_the_first_letters_of_their_ids(cli: Cli) -> None:
    found = cli("drawings", "list", "AAPL", "--json").json["drawings"]
    assert [Drawing.from_json(d) for d in found] == [LINE, LEVEL]
    table = cli("drawings", "list", "AAPL", "--csv").out.splitlines()
    assert table[1] == "ab12,trend,price,1970-01-01T00:00:00.000Z,10.0,1970-01-02T00:00:00.000Z,11.5,,1.5,up,0"
    assert "2 drawings whose id begins with 'ab'" in cli("drawings", "remove", "AAPL", "ab").err
    assert "no drawing whose id" in cli("drawings", "remove", "AAPL", "zz").err
    assert "their ids, or --all" in cli("drawings", "remove", "AAPL").err
    assert cli("drawings", "remove", "AAPL", "ab1", "--json").json["removed"] == ["ab12"]
    assert cli("drawings", "remove", "AAPL", "--all").out == "removed 1 drawing\n"
    assert "Nothing is drawn on AAPL" in cli("drawings", "list", "AAPL").out
