from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from core.errors import CrowdtapeError
from ui.cli.selftest import check_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.cli.conftest import Result  # pyright: ignore[reportMissingImports]

    Cli = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[3]
PRICES = "Date,Open,High,Low,Close,Volume\n2025-01-13,10,11,9,10.5,100\n2025-01-14,10.5,12,10,11.25,200\n"


@pytest.fixture
def priced(cli: Cli, tmp_path: Path) -> Cli:
    path = tmp_path / "prices.csv"
    path.write_text(PRICES, encoding="utf-8")
    assert cli("import", "prices", path, "--symbol", "BTC-USD").code == 0
    return cli


@pytest.mark.usefixtures("qapp")
def test_that_a_picture_has_the_size_that_was_asked_for_and_its_record_beside_it(priced: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.png"
    result = priced(
        "snapshot", "BTC-USD", "--out", out, "--size", "800x500", "--scale", "2", "--theme", "light", "--json"
    )
    assert result.code == 0
    assert result.json["files"][0] == str(out)
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1600, 1000)
    record = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert (record["subject"], record["theme"]) == ("BTC-USD", "light")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("ending", "magic"), [(".svg", b"<?xml"), (".pdf", b"%PDF-"), (".PNG", b"\x89PNG")])
def test_that_the_ending_says_what_is_written(priced: Cli, tmp_path: Path, ending: str, magic: bytes) -> None:
    out = tmp_path / f"chart{ending}"
    assert priced("snapshot", "BTC-USD", "--out", out, "--clock", "wall").code == 0
    assert out.read_bytes().startswith(magic)


@pytest.mark.usefixtures("qapp")
def test_that_a_picture_may_show_studies_another_style_and_another_axis(priced: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.png"
    options = ("--study", "sma:2", "--study", "rsi:2", "--style", "hollow", "--axis", "log")
    assert priced("snapshot", "BTC-USD", "--out", out, *options).code == 0
    panes = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["layout"]["panes"]
    assert [p["kind"] for p in panes[:2]] == ["price", "study"]
    assert panes[0]["options"] == {"style": "hollow", "axis": "log"}
    assert panes[0]["studies"] == [{"kind": "sma", "params": {"period": 2}, "source": ""}]
    assert "must be a number" in priced("snapshot", "BTC-USD", "--out", tmp_path / "no.png", "--study", "sma:0").err


@pytest.mark.usefixtures("qapp")
def test_that_a_picture_is_not_replaced_unless_asked(priced: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.png"
    out.write_text("precious")
    refused = priced("snapshot", "BTC-USD", "--out", out)
    assert (refused.code, out.read_text()) == (1, "precious")
    assert "--overwrite" in refused.err
    assert priced("snapshot", "BTC-USD", "--out", out, "--overwrite").code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


def test_that_nothing_is_painted_of_what_is_not_there(priced: Cli, tmp_path: Path) -> None:
    out = tmp_path / "chart.png"
    priced("watchlist", "pin", "ETH-USD")
    for arguments in (("ETH-USD",), ("NOBODY",), ("BTC-USD", "--to", "2020")):
        result = priced("snapshot", *arguments, "--out", out)
        assert (result.code, result.out) == (1, "")
        assert len(result.err.splitlines()) == 1
    assert priced("snapshot", "BTC-USD", "--out", out, "--size", "9000x9000", "--scale", "8").code == 2
    assert not out.exists()


def test_that_a_blank_or_broken_picture_fails_the_self_test(tmp_path: Path) -> None:
    blank = QImage(400, 300, QImage.Format.Format_RGB32)
    blank.fill(0)
    blank.save(str(tmp_path / "blank.png"))
    with pytest.raises(CrowdtapeError, match="blank"):
        check_picture(tmp_path / "blank.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG nothing")
    with pytest.raises(CrowdtapeError, match="cannot be read"):
        check_picture(tmp_path / "broken.png")


def test_that_the_self_test_paints_without_a_display_and_names_its_parts(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}}
    out = tmp_path / "sample.png"
    line = [
        sys.executable,
        "-m",
        "ui.cli",
        "--data-dir",
        str(tmp_path / "data"),
        "self-test",
        "--json",
        "--out",
        str(out),
    ]
    done = subprocess.run(line, capture_output=True, cwd=ROOT, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"Crowdtape", "Python", "Qt", "PySide6", "pyqtgraph", "numpy", "yfinance", "vaderSentiment",
            "exchange_calendars", "SQLite", "platform"} <= set(told["versions"])  # fmt: skip
    assert told["picture"]["width"] >= 800
    assert QImage(str(out)).text("Simulated") == "SIMULATED"
    assert not (tmp_path / "data").exists()
